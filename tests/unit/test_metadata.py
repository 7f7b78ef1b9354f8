"""Pages as news systems write them, in ten languages and with their traps, and what must be read from them."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.intake.page.page_facts import PageFacts, bare_facts, from_json, read_page, to_json
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
        "<h3>Related</h3><div><time datetime='2026-02-05'>5 February 2026</time></div>",
        "<p><b>Читайте також:</b></p><ul><li>Інше, 5 лютого 2026</li></ul>",
        "<h3>Comments (2)</h3><div><span class='date'>5 February 2026</span></div>",
        "<figure><figcaption>Kyiv, 5 February 2026</figcaption></figure>",
        "<div itemscope itemtype='https://schema.org/Comment'><time itemprop='datePublished' datetime='2026-02-05'>",
        "<div class='event-date'>5 February 2026</div>",
        "</main><ul><li><i class='date'>5.02.2026</i></li><li><i class='date'>6.02.2026</i></li></ul><main>",
        '<script type=\'application/ld+json\'>{"@type":"Article","headline":"Salt","datePublished":"2026-02-05"}'
        "</script>",
        "<p>Deadline: 5 February 2026</p>",
        "<p>On 5 February 2026, soldiers came</p>",
        "<span class='date'>yesterday</span>",
        "<span class='date'>3 hours ago</span>",
        "<span class='date'>05/02/2026</span>",
        '<script type=\'application/ld+json\'>{"@type":"Article","url":"https://news.example/b","datePublished":"2026-02-05"}'
        "</script>",
        '<script type=\'application/ld+json\'>{"@type":"Article","dateModified":"2026-02-05"}</script>',
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
        "<dl><dt>Published</dt><dd>5 February 2026</dd><dt>Updated</dt><dd>7 February 2026</dd></dl>",
        "<div>Дата публікації</div><div>05.02.2026</div>",
        "<p>Mis à jour le 9 février 2026 à 11:00. Publié le 5 février 2026 à 10:30</p>",
        "<p>Ana Horbach, 05.02.2026, aktualizacja: 09.02.2026</p>",
        "<div class='date'><span>05</span><span>Feb</span><span>2026</span></div>",
        "<p>Published 5<sup>th</sup> February 2026</p>",
        "<p>By <a>Ana Horbach</a> on February 5, 2026</p>",
        "<abbr title='2026-02-05T10:30:00+02:00'>2 hrs ago</abbr>",
        "<bsp-timestamp data-timestamp='1770300000000'></bsp-timestamp>",
        "<span data-testid='storyPublishDate'>Feb 5, 2026</span>",
        "<div class='Article_publishDate__x1Yz'>5 February 2026</div>",
        "<span property='dc:date dc:created' content='2026-02-05T10:30:00+02:00'>Ana</span>",
        "<p>Stand: 05.02.2026 18:20 Uhr</p>",
        "<p>Thu, 02/05/2026 - 10:30</p>",
        "<p>Марта Береза — четвер, 5 лютого 2026, 12:10</p>",
        "<p>5 February 2026</p></article><div><p>A.</p><time datetime='2026-01-01'></time><p>B.</p></div><article>",
        "<time class='updated' datetime='2026-02-05'>Published</time>",
        "<div>05.02.2026, 10:30 | 1205 переглядів | Марта Береза</div><aside>6 лютого 2026</aside>",
    ],
)
def test_the_day_that_readers_see_is_found(place: str) -> None:
    html = f"<html><title>Bread</title><body><article><h1>Bread</h1>{place}<p>Text.</p></article></body></html>"
    assert read(html).published == day("2026-02-05")


def test_a_day_without_its_year_lies_behind_and_not_ahead() -> None:
    assert read("<title>Bread</title><h1>Bread</h1><span class='date'>5 січня</span>").published == day("2026-01-05")


@pytest.mark.parametrize(
    ("head", "url", "meant"),
    [
        ("<meta name='DC.date.issued' content='2026-02-05'>", "a", "2026-02-05"),
        ("<meta property='article.publishedAt' content='2026-02-05T10:30:00Z'>", "a", "2026-02-05"),
        ("<meta name='parsely-page' content='{\"pub_date\": \"2026-02-05T10:30:00Z\"}'>", "a", "2026-02-05"),
        ("<meta name='publisher' content='5 February 2026'>", "a", None),
        ("", "world/2026/feb/05/story", "2026-02-05"),
        ("", "2026/POLITICS/02/05/story/", "2026-02-05"),
        ("", "news/20260205-story", "2026-02-05"),
        ("", "2026/02/story", "2026-02"),
        ("<link rel='canonical' href='/2026/02/05/story/'>", "?p=12", "2026-02-05"),
        ("<meta property='article:modified_time' content='2026-02-03'>", "2026/02/05/story", None),
        ("", "2026/story-of-12-months", None),
    ],
)
def test_the_head_and_the_address_tell_the_day_where_they_agree(head: str, url: str, meant: str | None) -> None:
    found = read(f"<head><title>Bread</title>{head}</head><h1>Bread</h1>", f"https://news.example/{url}").published
    told = None if found.start is None else found.start.isoformat()[: 7 if found.precision is Precision.MONTH else 10]
    assert told == meant


def test_the_day_is_that_of_the_sites_own_zone() -> None:
    late = "<meta property='article:published_time' content='2026-02-05T22:30:00Z'><h1>Bread</h1>"
    assert read(late).published == day("2026-02-05")
    assert read(f"{late}<span class='date'>6 лютого 2026</span>").published == day("2026-02-06")
    noon = "<meta property='article:published_time' content='2026-02-05T12:30:00Z'><h1>Bread</h1>"
    assert read(f"{noon}<span class='date'>6 лютого 2026</span>").published == day("2026-02-05")


@pytest.mark.parametrize(("shown", "meant"), [("05/02/2026", "2026-02-05"), ("02/05/2026", "2026-05-02")])
def test_figures_are_read_as_the_other_dates_of_the_page_are_written(shown: str, meant: str) -> None:
    page = f"<html lang='en'><h1>Bread</h1><span class='date'>{shown}</span><aside>25/11/2025</aside>"
    assert read(page).published == day(meant)


def test_a_day_without_its_year_belongs_to_when_the_page_was_written() -> None:
    page = "<title>Bread</title><h1>Bread</h1><span class='date'>5 лютого, 10:30</span>"
    assert read(page).published == day("2026-02-05")
    assert read(page, "https://news.example/2024/02/bread").published == day("2024-02-05")
    assert read(f"<meta property='og:updated_time' content='2023-02-07'>{page}").published == day("2023-02-05")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<p>Source: Sirena</p>", "Sirena"),
        ("<p><b>Джерело:</b> Суспільне Харків</p>", "Суспільне Харків"),
        ("<div>Джерело: <a href='/x'>«Українська хвиля»</a></div>", "Українська хвиля"),
        ("<p>Источник: https://www.zona.example/news/1</p>", "zona.example"),
        ("<p>Source : La Revue</p>", "La Revue"),
        ("<p>Quelle: dpa</p>", "dpa"),
        ("<p>Fuente: EFE</p>", "EFE"),
        ("<p>Źródło: PAP</p>", "PAP"),
        ("<p>Fonte: Ansa</p>", "Ansa"),
        ("<p>Πηγή: ΑΠΕ-ΜΠΕ</p>", "ΑΠΕ-ΜΠΕ"),
        ("<dl><dt>Source</dt><dd>Sirena</dd></dl>", "Sirena"),
        ("<p>This article was originally published by <a href='/x'>The Wire</a> on 5 May.</p>", "The Wire"),
        ("<p>First published in The Wire on 5 May.</p>", "The Wire"),
        ("<figure><figcaption>Source: A photo bank</figcaption></figure>", ""),
        ("<p>Source says that the army left</p>", ""),
        ("<p>Source: News</p>", ""),
        ("<p>Source: Sirena</p><p>Source: Zona</p>", ""),
        ("<div class='comment'><p>Source: Sirena</p></div>", ""),
    ],
)
def test_a_page_names_whom_it_has_its_story_from(line: str, source: str) -> None:
    assert read(f"<title>Bread | News</title><main><h1>Bread</h1>{line}<p>Text.</p></main>").original_source == source


def test_linked_data_names_the_original_source_too() -> None:
    data = '{"@type":"Article","headline":"Bread","isBasedOn":{"@type":"Article","publisher":{"name":"Sirena"}}}'
    page = f"<script type='application/ld+json'>{data}</script><title>Bread</title><h1>Bread</h1>"
    assert read(page).original_source == "Sirena"


HEADLINE = "Miners bring aid to the front line"


@pytest.mark.parametrize("mark", " - | — | – |•|·|::|»|«| / | ~ | < | > | → | ⋆ | ★ | ‹ | › |: | // | * |".split("|"))
def test_a_headline_is_parted_from_the_name_of_its_site(mark: str) -> None:
    mark = mark or "|"
    between = mark if mark.endswith(" ") else f" {mark} "
    for head in (f"<h1>{HEADLINE}</h1>", f"<meta property='og:title' content='{HEADLINE}'>"):
        facts = read(f"<title>{HEADLINE}{between}Red Tide</title>{head}")
        assert (facts.title, facts.source) == (HEADLINE, "Red Tide")


@pytest.mark.parametrize(
    "html",
    [
        f"<meta property='og:title' content='Red Tide'><title>Red Tide</title><h1>{HEADLINE}</h1>",
        f"<title>Red Tide</title><h1><a href='/'>Red Tide</a></h1><h2 class='entry-title'>{HEADLINE}</h2>",
        f"<title>Untitled Document</title><h1>{HEADLINE}</h1>",
        f"<title>{HEADLINE}</title><table><tr><td><font size='+3'><b>{HEADLINE}</b></font></td></tr></table>",
        f"<title>{HEADLINE} | Red Tide Politics</title><meta property='og:site_name' content='Red Tide'>",
        f"<h1>Red Tide</h1><h1>{HEADLINE}</h1><title>{HEADLINE} - News - Red Tide</title>",
        "<title>Miners bring aid to the front\u00ad line</title>",
        f"<title>{HEADLINE} - Low Water</title><a href='/'>Low Water</a>",
    ],
)
def test_a_headline_is_found_where_a_site_puts_its_name(html: str) -> None:
    assert read(html, "https://red-tide.example/a").title == HEADLINE


def test_an_empty_site_name_takes_nothing_from_a_title_that_begins_with_a_guillemet() -> None:
    title = "« Reconstruire » n’est pas « vendre » : les syndicats"
    head = f'<title>{title} | Revue</title><meta name="application-name" content="">'
    html = f"<html><head>{head}</head><body><h1>{title}</h1></body></html>"
    assert read_page(html.encode(), None, "https://revue.example/a", date(2026, 11, 16)).title == title


def test_the_first_line_of_a_channels_post_is_its_title() -> None:
    facts = read(
        "<meta property='og:title' content='Wire of the Coast'><meta property='og:site_name' content='Telegram'>"
        f"<title>Telegram: Contact @wire</title><meta property='og:description' content='{HEADLINE}\nText.'>",
        "https://t.me/wire/12",
    )
    assert (facts.title, facts.source) == (HEADLINE, "Wire of the Coast")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p>Author:</p><ul><li>Ana Horbach</li><li>Ole Harms</li></ul>", ("Ana Horbach", "Ole Harms")),
        ("<p>By Ana Horbach in Kharkiv</p>", ("Ana Horbach",)),
        ("<p class='byline'>By Ana Horbach posted Aug 18th 2010</p>", ("Ana Horbach",)),
        ("<p class='author'>Ana Horbach, Ole Harms, and Vera Lind</p>", ("Ana Horbach", "Ole Harms", "Vera Lind")),
        ("<p class='author'>Ana Horbach, Special Correspondent</p>", ("Ana Horbach",)),
        ("<p class='author'>Редакція</p>", ()),
        ("<p>Di solito i treni arrivano</p>", ()),
        ("<meta name='author' content='https://network.example/ana'>", ()),
    ],
)
def test_a_signature_tells_the_authors(line: str, authors: tuple[str, ...]) -> None:
    assert read(f"<title>Bread</title><article><h1>Bread</h1>{line}<p>Text.</p></article>").authors == authors


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<h1>Bread</h1><h3>Reports</h3>", MediaType.REPORT),
        ("<h1>Bread</h1><meta property='article:section' content='Інтервʼю'>", MediaType.INTERVIEW),
        ("<h1>Відео: як печуть хліб</h1>", MediaType.VIDEO),
        ("<h1>How bread is made (podcast)</h1>", MediaType.AUDIO),
        ("<div><a>Video</a><a>Podcasts</a></div><h1>Bread</h1>", MediaType.ARTICLE),
        ("<meta property='og:type' content='video.other'><h1>Bread</h1>", MediaType.VIDEO),
    ],
)
def test_a_page_tells_what_kind_of_thing_it_is(html: str, kind: MediaType) -> None:
    assert read(html).media_type is kind


def test_a_text_overrules_a_language_that_is_declared_on_every_page() -> None:
    text = (
        "<p>Les habitants de la ville sont restés dans les caves et ils ont dit que c'est une honte pour nous.</p>" * 2
    )
    assert read(f"<html lang='en-US'><title>Bread</title><h1>Bread</h1>{text}").language == "fr"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", None])
@pytest.mark.parametrize(
    ("charset", "title"), [("koi8-u", "Шахтарі везуть хліб"), ("windows-1253", "Ψωμί για όλους τους")]
)
def test_letters_that_stand_in_rows_are_not_western(charset: str, title: str, declared: str | None) -> None:
    html = f"<title>{title}</title><p>{title}</p><p>{title}</p>".encode(charset)
    assert read_page(html, declared, "https://news.example/", TODAY).title == title


def test_a_few_broken_bytes_do_not_spoil_a_page_in_utf8() -> None:
    html = "<title>Хліб і сіль</title>".encode() + b"<p>\xd0\xff</p>" + "<p>хліб</p>".encode() * 20
    assert read_page(html, None, "https://news.example/", TODAY).title == "Хліб і сіль"


@pytest.mark.parametrize(
    "html",
    ["<article>x</article>" * 20_000, "<div><b>related</b></div>" * 10_000, "<ul><li><b>Author:</b>" * 10_000],
    ids=["boxes", "ends", "labels"],
)
def test_a_page_of_one_part_many_times_takes_no_long_time(html: str) -> None:
    begun = time.process_time()
    read(f"<title>Bread</title><h1>Bread</h1>{html}")
    assert time.process_time() - begun < 2.5


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
