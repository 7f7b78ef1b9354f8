"""The body of a page as it comes in: unpacked piece by piece and never beyond its limit."""

import zlib

from bot.errors import Unreadable

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_MARK = b"\x1f\x8b"
# Of gzip several streams may follow each other (RFC 1952, 2.2); a server that flushes often sends dozens.
_MEMBERS_LIMIT = 1000
# We offer gzip and identity; deflate is understood as well, since some servers send it unasked.
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class Body:
    """Collects at most `limit_bytes` decoded bytes; a bomb is never unpacked further than that."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        """Raises `Unreadable` for an encoding we did not offer, or several, one around the other."""
        self._encoding = encoding.strip().lower()
        if self._encoding not in _ENCODINGS:
            raise Unreadable("intake-page-packed")
        self._limit_bytes = limit_bytes
        self._taken_bytes = 0
        self._unpacker = None if self._encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)
        self._members = 1
        self._between = b""
        self._finished = False
        self._content = bytearray()

    @property
    def content(self) -> bytes:
        return bytes(self._content)

    def add(self, chunk: bytes) -> bool:
        """Take the next bytes from the wire; returns whether more are wanted."""
        room = self._limit_bytes - len(self._content)
        if room > 0:  # to zlib no room would mean room without end
            self._content += chunk[:room] if self._unpacker is None else self._members_of(chunk, room)
        # What is packed may also unpack to nothing, for ever: then the bytes of the wire count.
        self._taken_bytes += len(chunk)
        return max(len(self._content), self._taken_bytes) < self._limit_bytes and not self._finished

    def _members_of(self, chunk: bytes, room: int) -> bytes:
        """Unpack a piece in which one member may end and the next begin; what follows the last one is no content."""
        unpacked, chunk = b"", self._between + chunk
        self._between = b""
        while self._unpacker is not None and chunk and len(unpacked) < room:
            if self._unpacker.eof:
                if len(chunk) < len(_GZIP_MARK) and _GZIP_MARK.startswith(chunk):
                    self._between = chunk
                    break
                if not chunk.startswith(_GZIP_MARK) or self._members == _MEMBERS_LIMIT:
                    self._finished = True
                    break
                self._unpacker, self._members = zlib.decompressobj(_GZIP_OR_ZLIB), self._members + 1
            unpacked += self._unpack(chunk, room - len(unpacked))
            chunk = self._unpacker.unused_data
        self._finished |= self._unpacker is not None and self._unpacker.eof and self._encoding.endswith("deflate")
        return unpacked

    def _unpack(self, chunk: bytes, room: int) -> bytes:
        assert self._unpacker is not None
        try:
            return self._unpacker.decompress(chunk, room)
        except zlib.error:
            if self._content or self._encoding != "deflate":
                raise Unreadable("intake-page-broken") from None
        # Some servers send deflate without its header (RFC 9110 §8.4.1.2 tells of them).
        self._encoding, self._unpacker = "raw deflate", zlib.decompressobj(_RAW_DEFLATE)
        return self._unpack(chunk, room)
