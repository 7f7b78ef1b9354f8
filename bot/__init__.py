"""The rules and the pipes of a bulletin."""
