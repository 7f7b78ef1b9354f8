"""Archived copies are told apart from other links in what a moderator writes."""

import pytest

from bot.errors import Refused
from bot.intake.address import archives, urls
from store.records import Citation

COPY = "https://web.archive.org/web/20261115/https://herald.example/a"
TODAY = "https://archive.today/AbCd1"
LINK = "https://echo.example/b"


@pytest.mark.parametrize(
    ("text", "links", "found"),
    [
        (f"archive: {COPY}", (COPY,), ("", (), COPY)),
        (f"Архів: {TODAY}", (TODAY,), ("", (), TODAY)),
        ("archive: https://kept.example/copy", ("https://kept.example/copy",), ("", (), "https://kept.example/copy")),
        (f"A title (Herald, May 2nd) {TODAY}", (TODAY,), ("A title (Herald, May 2nd)", (), TODAY)),
        (f"A title {LINK} archive: {COPY}", (LINK, COPY), (f"A title {LINK}", (LINK,), COPY)),
        (f"A title {LINK}", (LINK,), (f"A title {LINK}", (LINK,), None)),
        ("The archive: what it holds", (), ("The archive: what it holds", (), None)),
    ],
)
def test_an_archived_copy_is_taken_out_of_what_was_written(text: str, links: tuple[str, ...], found: tuple):
    assert archives.taken_out(text, links) == found


def test_what_is_named_as_a_copy_and_is_no_web_address_is_refused():
    with pytest.raises(Refused):
        archives.taken_out("archive: ftp://kept.example/copy", ())


def test_a_copy_belongs_to_the_citation_whose_address_it_holds():
    addresses = ["https://echo.example/b", "https://herald.example/a"]
    citations = (Citation("Nobody"), *(Citation("", url, urls.canonical(url)) for url in addresses))
    assert archives.place_of(COPY, citations) == 2
    assert archives.place_of(TODAY, citations) == 1
    assert archives.place_of(TODAY, citations[:1]) is None
