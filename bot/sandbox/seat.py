"""A port that is kept while its server is down, so that nobody else gets it meanwhile."""

import socket


class Seat:
    """Binds a port without listening on it: whoever connects is refused, as when nobody is there."""

    def __init__(self) -> None:
        self._bound: socket.socket | None = None

    def keep(self, port: int = 0) -> int:
        """Keep a port on this machine until `leave`, 0 takes a free one; returns it. Our server may listen there."""
        self._bound = socket.socket()
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.bind(("127.0.0.1", port))
        return int(self._bound.getsockname()[1])

    def leave(self) -> None:
        """Give the port up, or do nothing where none is kept."""
        if self._bound is not None:
            self._bound.close()
            self._bound = None
