"""What a link leads to that is no web page: a report, a film, a recording, as headers and file names tell it."""

from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.errors import Unreadable
from store.records import MediaType

_KEYS = {
    MediaType.REPORT: "intake-page-pdf",
    MediaType.VIDEO: "intake-page-video",
    MediaType.AUDIO: "intake-page-audio",
}
_OTHER_FILE = "intake-page-no-page"

_PDF = ("application/pdf", "application/x-pdf", "application/acrobat")
_PLAYLISTS = ("application/vnd.apple.mpegurl", "application/x-mpegurl", "application/dash+xml", "application/mp4")
# Types that say no more than "some bytes": then the name of the file is believed.
_VAGUE = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/binary",
    "application/download",
    "application/x-download",
    "application/force-download",
    "application/x-force-download",
    "application/save",
)
_ENDINGS = {
    ".pdf": MediaType.REPORT,
    **dict.fromkeys((".mp4", ".m4v", ".webm", ".mov", ".mkv", ".avi", ".mpg", ".mpeg", ".ogv"), MediaType.VIDEO),
    **dict.fromkeys((".m3u8", ".mpd", ".wmv", ".3gp"), MediaType.VIDEO),
    **dict.fromkeys((".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".wma"), MediaType.AUDIO),
}
_PDF_MARK = b"%PDF-"
_LOOK_FOR_MARK_BYTES = 1024


def file_kind(media_type: str, disposition: str, url: str) -> MediaType | None:
    """Return what kind of file an answer carries, None where it is a page or nothing we know.

    `media_type` is the type alone, in lower case; `disposition` the header Content-Disposition or "".
    """
    if media_type in _PDF:
        return MediaType.REPORT
    if media_type.startswith("video/") or media_type in _PLAYLISTS:
        return MediaType.VIDEO
    if media_type.startswith("audio/") or media_type == "application/ogg":
        return MediaType.AUDIO
    if media_type not in _VAGUE:
        return None
    return _ENDINGS.get(_ending(_file_name(disposition)) or _ending(unquote(urlsplit(url).path)))


def is_pdf(body: bytes) -> bool:
    """Tell a PDF by its first bytes, whatever type the site gives it."""
    return _PDF_MARK in body[:_LOOK_FOR_MARK_BYTES] and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def no_page(kind: MediaType | None) -> Unreadable:
    """Return the error for a file; it is an item all the same."""
    return Unreadable(_OTHER_FILE) if kind is None else Unreadable(_KEYS[kind], media_type=kind)


def _file_name(disposition: str) -> str:
    """Return the name in a Content-Disposition (RFC 6266), also in its encoded form."""
    header = Message()
    header["Content-Disposition"] = " ".join(disposition.split())
    return header.get_filename("") or ""


def _ending(name: str) -> str:
    return PurePosixPath(name.strip()).suffix.lower()
