"""The other forms in which a reader may have a mail: its text alone, and with the PDF; made of the stored template."""

import base64
import hashlib
import re

_BOUNDARY = re.compile(rb'Content-Type: multipart/alternative; boundary="(=_[0-9a-f]+)"\r\n')
_LINE_CHARACTERS = 76
_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


def text_only(stored: bytes) -> bytes:
    """Return the template of the same mail with its text alone; raises ValueError for what is no template."""
    head, text, _rest = _taken_apart(stored)
    return head + text


def with_pdf(stored: bytes, pdf: bytes, name: str) -> bytes:
    """Return the template of the same mail with a PDF attached, named so; text-only ones too.

    The same template and file give the same bytes. Raises ValueError for a name that no header can carry.
    """
    if not _FILE_NAME.fullmatch(name):
        raise ValueError("not a name for an attachment")
    head, inner = _split_head(stored)
    # "=_" stands neither in base64 nor in quoted-printable (RFC 2045 §6.7), and the inner boundary is another
    boundary = f"=_{hashlib.sha256(stored + pdf).hexdigest()[:32]}"
    mark = f"--{boundary}".encode("ascii")
    file_head = (
        f'Content-Type: application/pdf; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    outer = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n'.encode("ascii")
    pieces = (head, outer, b"\r\n", mark, b"\r\n", inner, b"\r\n", mark, b"\r\n")
    return b"".join((*pieces, file_head.encode("ascii"), _base64(pdf), mark, b"--\r\n"))


def _taken_apart(stored: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the headers without the Content-Type, the text with its own, and the rest."""
    found = _BOUNDARY.search(stored)
    if found is None:
        raise ValueError("not the template of a mail of two parts")
    pieces = stored[found.end() :].split(b"\r\n--" + found[1])
    if len(pieces) != 4:
        raise ValueError("not the template of a mail of two parts")
    return stored[: found.start()], pieces[1].removeprefix(b"\r\n"), pieces[2]


def _split_head(stored: bytes) -> tuple[bytes, bytes]:
    """Return the headers without those of the content, and the content with its own."""
    end = stored.index(b"\r\n\r\n") + 2
    start = stored.index(b"\r\nContent-Type:", 0, end) + 2
    return stored[:start], stored[start:]


def _base64(content: bytes) -> bytes:
    text = base64.b64encode(content)
    lines = [text[start : start + _LINE_CHARACTERS] for start in range(0, len(text), _LINE_CHARACTERS)]
    return b"\r\n".join(lines) + b"\r\n"
