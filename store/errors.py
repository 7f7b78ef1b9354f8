"""Errors of the memory, by what the caller can do about them."""


class StoreError(Exception):
    """The store cannot do what it was asked; the message names the command or setting that mends it."""


class SchemaMismatch(StoreError):
    """The database is not of the version this program knows."""


class Stale(Exception):
    """Somebody else changed the record first; read it again and show its present state."""
