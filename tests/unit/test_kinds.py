"""A link to a file is an item too: its kind is told from headers, names and first bytes."""

import pytest

from bot.intake.fetching.kinds import file_kind, is_pdf, no_page
from store.records import MediaType

REPORT, VIDEO, AUDIO = MediaType.REPORT, MediaType.VIDEO, MediaType.AUDIO


@pytest.mark.parametrize(
    ("media_type", "disposition", "url", "kind"),
    [
        ("application/pdf", "", "https://a.example/x", REPORT),
        ("video/mp4", "", "https://a.example/x", VIDEO),
        ("application/vnd.apple.mpegurl", "", "https://a.example/x", VIDEO),
        ("audio/mpeg", "", "https://a.example/x", AUDIO),
        ("application/ogg", "", "https://a.example/x", AUDIO),
        ("application/octet-stream", "attachment; filename=Report.PDF", "https://a.example/get?id=7", REPORT),
        ("application/octet-stream", 'attachment; filename="a b.mp3"', "https://a.example/get", AUDIO),
        (
            "binary/octet-stream",
            "attachment; filename*=UTF-8''%D0%B7%D0%B2%D1%96%D1%82.pdf",
            "https://a.example/",
            REPORT,
        ),
        ("application/force-download", "", "https://a.example/files/talk.m4a?x=1", AUDIO),
        ("", "", "https://a.example/films/march.webm", VIDEO),
        ("", "inline", "https://a.example/files/report%2Epdf", REPORT),
        ("", "", "https://a.example/story", None),
        ("", "", "https://a.example/story.html", None),
        ("text/html", "", "https://a.example/report.pdf", None),
        ("application/octet-stream", "attachment; filename=a.zip", "https://a.example/a.pdf", None),
        ("application/octet-stream", "a\r\nb; filename", "https://a.example/a", None),
        ("application/zip", "", "https://a.example/a.pdf", None),
        ("image/png", "", "https://a.example/a", None),
    ],
)
def test_the_kind_of_a_file_is_told(media_type: str, disposition: str, url: str, kind: MediaType | None) -> None:
    assert file_kind(media_type, disposition, url) == kind


def test_a_pdf_is_known_by_its_first_bytes_and_a_page_about_pdfs_is_none() -> None:
    assert is_pdf(b"%PDF-1.7\n%\xe2\xe3")
    assert is_pdf(b"\r\n junk %PDF-1.4")
    assert not is_pdf(b"<html><p>A file begins with %PDF-1.7")
    assert not is_pdf(b"x" * 2000 + b"%PDF-1.7")


def test_a_file_is_an_item_of_its_kind() -> None:
    for kind in (REPORT, VIDEO, AUDIO, None):
        error = no_page(kind)
        assert error.key.startswith("intake-page-")
        assert error.media_type == (kind or "")
