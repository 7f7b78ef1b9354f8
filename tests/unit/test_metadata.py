"""Pages as news systems write them, in ten languages and with their traps, and what must be read from them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.intake.page_facts import PageFacts, bare_facts, from_json, read_page, to_json
from store.records import NO_DATE, MediaType, Precision, PublicationDate

PAGES = Path(__file__).parent / "pages"
TODAY = date(2026, 11, 22)


def day(text: str) -> PublicationDate:
    return PublicationDate(Precision.DAY, date.fromisoformat(text))


@dataclass(frozen=True)
class Expected:
    url: str
    facts: PageFacts


def page(
    url: str, title: str, source: str, published: PublicationDate, language: str | None, **more: object
) -> Expected:
    return Expected(url, PageFacts(title, source, published=published, language=language, **more))  # type: ignore[arg-type]


EXPECTED = {
    "yoast-graph": page(
        "https://www.solidarity-post.example/2026/02/miners-bring-aid/?utm_source=x",
        "Miners bring aid to the front line", "Solidarity Post", day("2026-02-03"), "en",
        authors=("Ana Horbach",), canonical="https://solidarity-post.example/2026/02/miners-bring-aid",
    ),
    "report-words": page(
        "https://rights-first.example/report", "Double danger: the town that waits again", "Rights First",
        day("2023-08-31"), "en", authors=("Brian Example",), media_type=MediaType.REPORT,
    ),
    "ukrainian-news": page(
        "https://khvylia.example/n/1", "Вчителі звільненого села знову відкрили школу", "Наддніпрянська хвиля",
        day("2023-02-03"), "uk", authors=("Марта Береза",),
    ),
    "windows-1251": page(
        "https://shakhta.example/n/1", "Профспілка гірників вимагає зарплат", "Шахтарська правда",
        day("2025-05-12"), "uk",
    ),
    "russian-exile": page(
        "https://sever.example/n", "Их осудили за антивоенные листовки", "Северный голос", day("2026-03-02"), "ru",
        authors=("Вера Льдова", "Илья Снегов"),
    ),
    "french-review": page(
        "https://rives.example/a", "« Nous tiendrons l’hiver »", "La Revue des Rives", day("2026-02-01"), "fr",
        authors=("Claire Dubreuil", "Yann Le Goff"),
    ),
    "german-typo3": page(
        "https://hafenstimme.example/a", "Straßenbahner streiken für Kolleginnen in Charkiw", "Hafenstimme",
        day("2026-01-15"), "de", authors=("Jette Brinkmann", "Ole Harms"),
    ),
    "spanish-arc": page(
        "https://faro.example/a", "Las maestras que enseñan en los sótanos", "El Faro del Sur", day("2026-02-05"), "es",
        authors=("Lucía Robledo",),
    ),
    "polish-portal": page(
        "https://glos.example/a", "Związkowcy zebrali generatory dla szpitali", "Głos Znad Wisły",
        day("2026-02-05"), "pl",
        authors=("Hanna Brzoza",),
    ),
    "italian-blog": page(
        "https://pace.example/a", "Perché la pace non è il silenzio", "pace.example", day("2026-02-03"), "it",
    ),
    "portuguese-wp": page(
        "https://margem.example/a", "Cooperativas reconstroem aldeias", "Jornal da Margem", day("2025-03-12"), "pt",
        authors=("João Figueira",),
    ),
    "greek-site": page(
        "https://limani.example/a", "Οι λιμενεργάτες στέλνουν βοήθεια", "Φωνή του Λιμανιού", day("2026-02-05"), "el",
    ),
    "two-stories": page(
        "https://harbour.example/strike", "Strike at the river port", "The Harbour", day("2026-02-04"), "en",
        authors=("Dan Quay",),
    ),
    "no-date": page("https://open-letters.example/about", "About the campaign", "Open Letters", NO_DATE, None),
    "month-only": page(
        "https://review.example/a", "Wages under occupation", "Labour Review",
        PublicationDate(Precision.MONTH, date(2025, 11, 1)), "en", authors=("Olena Tymkiv", "Marko Sahan"),
        media_type=MediaType.REPORT,
    ),
    "speaker-dash": page(
        "https://wire.example/a", "The river line will hold – General Staff", "Kherson Wire", day("2026-02-05"), "en",
    ),
    "video": page(
        "https://tube.example/w", "Interview with a tram driver", "Tube", day("2026-02-02"), "en",
        media_type=MediaType.VIDEO,
    ),
    "interview": page(
        "https://stepova.example/a", "Інтервʼю з фельдшеркою: «Ми не зупинялися»", "Степова", day("2026-02-05"), "uk",
        media_type=MediaType.INTERVIEW,
    ),
    "bot-wall": page("https://steppe.example/2025/story", "", "steppe.example", NO_DATE, "en"),
    "cut-title": page(
        "https://track.example/2026/02/05/why", "Why the railway workers of Kryvyi Rih refused to leave",
        "Track & Trade", day("2026-02-05"), "en", authors=("Boris O’Hara", "Clara van Dam"),
    ),
}  # fmt: skip


def test_every_page_is_expected_and_every_expected_page_is_there() -> None:
    assert {path.stem for path in PAGES.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_tells_what_it_means_to_say(name: str) -> None:
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    body = html.encode("windows-1251" if name == "windows-1251" else "utf-8")
    assert read_page(body, None, EXPECTED[name].url, TODAY) == EXPECTED[name].facts


def read(html: str, url: str = "https://news.example/a") -> PageFacts:
    return read_page(html.encode(), None, url, TODAY)


@pytest.mark.parametrize(
    "trap",
    [
        "<footer>© 2026 News, 5 February 2026</footer>",
        "<p>Copyright 5 February 2026</p>",
        "<div class='banner'>Give before 31 December 2025</div>",
        "<div class='related'><time datetime='2026-02-05'>5 February 2026</time></div>",
        "<aside><span class='date'>5 February 2026</span></aside>",
        "<ol class='commentlist'><li><time datetime='2026-02-05'>5 February 2026</time></li></ol>",
        "<p>Updated: 5 February 2026</p>",
        "<time class='updated' datetime='2026-02-05'></time>",
        "<p>The march of 5 February 2026 was the largest.</p>",
        "<span class='date'>31 February 2026</span>",
        "<span class='date'>5 February 2031</span>",
        "<meta property='article:published_time' content='1970-01-01T00:00:00Z'>",
        "<meta property='article:published_time' content='0001-01-01'>",
        "<meta property='article:modified_time' content='2026-02-05'>",
        '<script type=\'application/ld+json\'>{"@type":"Event","startDate":"2026-02-05"}</script>',
        "<article class='teaser'><h2>Other</h2><time datetime='2026-02-05'></time></article>",
    ],
)
def test_what_is_no_date_of_publication_gives_none(trap: str) -> None:
    html = f"<html><head><title>Bread</title></head><body><main><h1>Bread</h1><p>Text.</p>{trap}</main></body></html>"
    assert read(html).published == NO_DATE


@pytest.mark.parametrize(
    "place",
    [
        "<time datetime='2026-02-05T10:00:00+02:00' pubdate>today</time>",
        "<p>5 February 2026</p>",
        "<p>Kyiv, 5 February 2026</p>",
        "<p>5 лютого 2026 | Марта Береза</p>",
        "<p>Published 5 February 2026 | Updated 9 February 2026</p>",
        "<p>Updated 9 February 2026. Published 5 February 2026</p>",
        "<div class='dates'>Veröffentlicht am 5. Februar 2026, aktualisiert am 9. Februar 2026</div>",
        "<span itemprop='datePublished' content='2026-02-05'></span>",
        "<span class='post-date'>5.2.2026</span>",
        "<time class='entry-date published updated' datetime='2026-02-05'></time>",
        "<div class='entry-footer'>Posted on <time datetime='2026-02-05'></time></div>",
        "<span class='date'>5 февраля</span>",
        "<details><summary><span>Sun 5 Feb 2026 10.00 GMT</span></summary></details>",
        "<div class='post_time'><b>Марта Береза</b> — 5 лютого 2026, 12:30</div>",
        "<i class='modified'><time datetime='2026-03-01'></i><i class='published'><time datetime='2026-02-05'></i>",
    ],
)
def test_the_day_that_readers_see_is_found(place: str) -> None:
    html = f"<html><title>Bread</title><body><article><h1>Bread</h1>{place}<p>Text.</p></article></body></html>"
    assert read(html).published == day("2026-02-05")


def test_a_day_without_its_year_lies_behind_and_not_ahead() -> None:
    assert read("<title>Bread</title><h1>Bread</h1><span class='date'>5 січня</span>").published == day("2026-01-05")


@pytest.mark.parametrize(
    ("declared", "believed"),
    [
        ("https://news.example/story?utm_source=x", "https://news.example/story"),
        ("/story", "https://news.example/story"),
        ("//www.news.example/story", "https://news.example/story"),
        ("https://other.example/story", None),
        ("https://news.example/", None),
        ("https://news.example/world", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_page_may_name_its_own_address_but_no_other(declared: str, believed: str | None) -> None:
    facts = read(
        f"<link rel='canonical' href='{declared}'><title>Bread</title>", "https://m.news.example/world/story?utm_term=s"
    )
    assert facts.canonical == believed


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<html lang='uk'><title>Хліб і сіль</title>", "uk"),
        ("<html lang='ua'><title>Хліб і сіль</title>", "uk"),
        ("<html lang='uk'><title>Были вместе</title>", "ru"),
        ("<html lang='ru'><title>Їхній дім</title>", "uk"),
        ("<html lang='en'><title>Їхній дім</title>", "uk"),
        ("<html lang='en'><title>Мама</title>", None),
        ("<html lang='uk'><title>Bread and salt for all</title>", None),
        ("<html><meta property='og:locale' content='fr_FR'><title>Pain</title>", "fr"),
        ("<html><title>Straße der Brote</title>", "de"),
        ("<html><title>Bread</title>", None),
    ],
)
def test_the_language_is_what_is_declared_unless_the_title_is_in_another_script(
    html: str, language: str | None
) -> None:
    assert read(html).language == language


def test_bytes_that_are_valid_utf8_are_read_so_whatever_is_declared() -> None:
    html = "<html><head><meta charset='iso-8859-1'><title>Хліб — сіль</title>".encode()
    assert read_page(html, "iso-8859-1", "https://news.example/", TODAY).title == "Хліб — сіль"


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-u", "cp866", "utf-16"])
def test_a_declared_charset_is_followed(charset: str) -> None:
    html = "<html><head><title>Хлеб и соль для всех</title>".encode(charset)
    assert read_page(html, charset, "https://news.example/", TODAY).title == "Хлеб и соль для всех"


@pytest.mark.parametrize("charset", ["no-such-charset", "base64", "utf-7", "\x00", "idna"])
def test_a_charset_that_is_none_is_ignored(charset: str) -> None:
    html = "<html lang='uk'><head><title>Хліб</title>".encode("windows-1251")
    assert read_page(html, charset, "https://news.example/", TODAY).title == "Хліб"


def test_the_same_page_cut_in_the_middle_of_a_letter_is_still_utf8() -> None:
    assert read_page("<title>Хліб</title><p>ї".encode()[:-1], None, "https://news.example/", TODAY).title == "Хліб"


@pytest.mark.parametrize("html", [b"", b" ", b"\x00\x00", b"<", b"<!--", b"plain words", b"<html>", b"\xff\xfe<\x00h"])
def test_what_is_hardly_a_page_has_only_its_host(html: bytes) -> None:
    facts = read_page(html, None, "https://news.example/a", TODAY)
    assert (facts.source, facts.published, facts.authors) == ("news.example", NO_DATE, ())


@pytest.mark.parametrize("name", EXPECTED)
def test_facts_survive_the_road_between_processes(name: str) -> None:
    facts = EXPECTED[name].facts
    assert from_json(to_json(facts)) == facts


def test_of_a_page_that_was_not_read_the_host_is_known() -> None:
    assert bare_facts("https://www.news.example/a") == PageFacts(source="news.example")
