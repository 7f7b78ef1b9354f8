"""Habits of pages that name no system: where they put dates, names and clocks, and what must not be taken for them."""

from datetime import date

import pytest

from bot.intake.page.page_facts import PageFacts, read_page
from store.records import NO_DATE

TEXT = (
    "<p>The depot stands at the end of the line, where the trams turn round and the wind comes up from the river.</p>"
)
HEADLINE = "The cranes of the Danube fall silent"


def read(body: str, title: str = f"{HEADLINE} | The River Paper", url: str = "https://river.example/a/b") -> PageFacts:
    html = f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    return read_page(html.encode(), None, url, date(2026, 11, 22))


@pytest.mark.parametrize(
    "body",
    [
        "<div><h2>{h}</h2><br>5 February 2026<br><br>{t}</div>",
        "<div>5 February 2026<br><h2>{h}</h2>{t}</div>",
        "<table><tr><td><b>{h}</b></td></tr><tr><td>5 February 2026</td></tr><tr><td>{t}</td></tr></table>",
        "<article><div class='topbar'>Thursday, 5 February 2026 · 6 min.</div><h1>{h}</h1>{t}</article>",
        "<article><div class='header'><h1>{h}</h1></div><div class='footer'>5 February 2026</div>{t}</article>",
        "<main><h1>{h}</h1><p>Press release, 5 February 2026</p>{t}</main>",
        "<article><h1>{h}</h1>{t}<p>London, 5 February 2026</p></article>",
    ],
)
def test_a_day_is_found_on_any_line_of_the_story(body: str) -> None:
    assert read(body.format(h=HEADLINE, t=TEXT * 3)).published.start == date(2026, 2, 5)


@pytest.mark.parametrize(
    "below",
    [
        "<p>© 2009–2026 The River Paper<br>22.11.2026<br>Cookies</p>",
        "<p>Online: 12 | 22.11.2026 09:12</p>",
        "<p>5 February 2025</p><p><a href='/x'>A library under the stairs</a></p>",
        "<p><a href='/x'>A library under the stairs</a> <span>5 February 2025</span></p>",
        "<table><tr><td>05.02.2025</td><td><a href='/x'>A library under the stairs</a></td></tr></table>",
    ],
)
def test_neither_a_clock_nor_another_story_below_the_text_dates_the_page(below: str) -> None:
    assert read(f"<div><h1>{HEADLINE}</h1>{TEXT * 3}{below}</div>").published == NO_DATE


@pytest.mark.parametrize(
    ("url", "facts"),
    [
        ("https://river.example/events/cranes", "<p>5 March 2026, 19:00</p>"),
        ("https://river.example/cranes", "<dl><dt>When</dt><dd>5 March 2026</dd><dt>Where</dt><dd>The hall</dd></dl>"),
    ],
)
def test_the_day_of_an_event_is_not_that_of_its_page(url: str, facts: str) -> None:
    assert read(f"<main><h1>{HEADLINE}</h1>{facts}{TEXT * 2}</main>", url=url).published == NO_DATE


def test_an_events_page_that_says_when_it_was_published_is_believed() -> None:
    body = f"<main><h1>{HEADLINE}</h1><p>5 March 2026, 19:00</p><p>Published: 5 February 2026</p>{TEXT}</main>"
    assert read(body, url="https://river.example/events/cranes").published.start == date(2026, 2, 5)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Texte : Anne Rey", ("Anne Rey",)),
        ("Publié le 5 février 2026 à 10h14 par Anne Rey", ("Anne Rey",)),
        ("Scritto da Sara Pinto il 5 febbraio 2026", ("Sara Pinto",)),
        ("Текст: Леся Тополя, фото: Остап Шпак", ("Леся Тополя",)),
        ("Rozmawiał Jan Kos", ("Jan Kos",)),
        ("By Di Marsh", ("Di Marsh",)),
        ("By Harbour Council Press Office", ()),
        ("Автор: Профспілка гірників", ()),
        ("Автор: Прес-служба", ()),
        ("By Staff Reporter", ()),
        ("By Reuters", ()),
        ("Της Άννας Μαυρή", ()),
    ],
)
def test_those_who_wrote_are_named_and_offices_are_not(line: str, authors: tuple[str, ...]) -> None:
    assert read(f"<main><h1>{HEADLINE}</h1><div class='author'>{line}</div>{TEXT}</main>").authors == authors


@pytest.mark.parametrize(
    "body",
    [
        "<div><a href='/author/ros'>Ros Kent</a></div>{t}",
        "{t}<div>The end.<br>Author: Ros Kent<br></div>",
        "<p><time datetime='2026-02-05'>5 February</time> by Ros Kent</p>{t}",
        "<p>Submitted by <span class='field field--name-uid'>Ros Kent</span></p>{t}",
    ],
)
def test_a_signature_is_found_where_no_markup_names_it(body: str) -> None:
    assert read(f"<main><h1>{HEADLINE}</h1>{body.format(t=TEXT)}</main>").authors == ("Ros Kent",)


def test_an_organisation_in_the_linked_data_signs_no_story() -> None:
    data = '{"@type": "Article", "headline": "%s", "author": {"@type": "Organization", "name": "Dockers of Izmail"}}'
    script = f"<script type='application/ld+json'>{data % HEADLINE}</script>"
    assert read(f"{script}<main><h1>{HEADLINE}</h1>{TEXT}</main>").authors == ()


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (f"The River Paper - {HEADLINE}", f"<main><h1>{HEADLINE}</h1>{TEXT}</main>"),
        (f"The River Paper / {HEADLINE}", f"<h1>The River Paper</h1><div><h2>{HEADLINE}</h2>{TEXT}</div>"),
        (f"{HEADLINE} - The River Paper", f"<h1>The River Paper</h1><div><b>{HEADLINE}</b>{TEXT}</div>"),
        (f"{HEADLINE} - 5 February 2026 - The River Paper", f"<h1>The River Paper</h1><div>{TEXT}</div>"),
        (f"{HEADLINE} ⁄ The River Paper", f"<main><div>{HEADLINE}</div>{TEXT}</main>"),
    ],
)
def test_a_headline_is_told_from_the_name_of_its_site(title: str, body: str) -> None:
    assert read(body, title=title).title == HEADLINE
