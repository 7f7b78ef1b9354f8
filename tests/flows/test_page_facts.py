"""What a page says of its story stands on the card, whichever of ten languages it says it in, and in both of the desk.

The banner, a comment, a box of related articles and the footer of every page have dates too: none of them is taken.
"""

import re
from typing import NamedTuple

import pytest

from bot.render.tongues import language_name
from bot.sandbox.telegram import Message
from tests.cast import World
from tests.flows.acts import in_ukrainian

pytestmark = pytest.mark.system

PAGE = """<html lang="{tongue}"><head><title>{title} | {site}</title></head><body><header>16.11.2026</header>
<article><h1>{title}</h1><p class="byline">{byline}</p><p>{published}</p><p>{source}</p></article>
<aside><h3>{more}</h3><p>1.11.2026</p></aside>
<section class="comments"><p>Odyssey, 12.11.2026</p></section><footer>© 2019–2026 {site}</footer></body></html>"""
FILM = '<html lang="en"><head><meta property="og:type" content="video.other"><title>Seen from a bridge | Melnyk</title>'
FILM += "</head><body><h1>Seen from a bridge</h1></body></html>"


class Story(NamedTuple):
    """A page's words, and of them what the card is to show."""

    tongue: str
    title: str
    site: str
    author: str
    byline: str
    day: int
    published: str
    source: str = ""
    more: str = "Read also"


STORIES = [
    Story("en", "Prisoners were taken away", "Melnyk", "Ivan Bereh", "By Ivan Bereh", 5,
          "Published on 5 November 2026, updated 9 November 2026", "Source: Sirena"),
    Story("uk", "Полонених вивезли", "Хвиля", "Марта Береза", "Автор: Марта Береза", 6,
          "Оновлено: 9 листопада 2026. Опубліковано: 6 листопада 2026", "Джерело: «Сирена»", "Читайте також"),
    Story("ru", "Пленных увезли на восток", "Ветер", "Иван Клён", "Автор: Иван Клён", 7,
          "Опубликовано 7 ноября 2026", "Источник: «Сирена»", "Читайте также"),
    Story("fr", "Des prisonniers emmenés", "Le Phare", "Jeanne Roux", "Par Jeanne Roux", 8,
          "Publié le 8 novembre 2026, mis à jour le 9 novembre 2026", "Source : Sirena", "Lire aussi"),
    Story("de", "Gefangene wurden verschleppt", "Der Leuchtturm", "Karl Adler", "Von Karl Adler", 9,
          "Veröffentlicht am 9. November 2026", "Quelle: Sirena", "Lesen Sie auch"),
    Story("es", "Se llevaron a los presos", "La Linterna", "Lucía Vega", "Por Lucía Vega", 10,
          "Publicado el 10 de noviembre de 2026", "Fuente: Sirena", "Lea también"),
    Story("pl", "Wywieziono jeńców", "Latarnia", "Jan Lipa", "Autor: Jan Lipa", 11,
          "Opublikowano 11 listopada 2026", "Źródło: Sirena", "Czytaj także"),
    Story("it", "Portati via i prigionieri", "Il Faro", "Marco Riva", "di Marco Riva", 3,
          "Pubblicato il 3 novembre 2026", "Fonte: Sirena", "Leggi anche"),
    Story("pt", "Levaram os prisioneiros", "O Farol", "Rui Matos", "Por Rui Matos", 4,
          "Publicado em 4 de novembro de 2026", "Fonte: Sirena", "Leia também"),
    Story("el", "Πήραν τους αιχμαλώτους", "Ο Φάρος", "Νίκος Βράχος", "Γράφει ο Νίκος Βράχος", 2,
          "Δημοσιεύθηκε στις 2 Νοεμβρίου 2026", "Πηγή: Σειρήνα", "Διαβάστε επίσης"),
]  # fmt: skip
BARE = Story("en", "", "Melnyk", "", "", 0, "")
OTHERS = {
    "undated": BARE._replace(title="Nothing says when it was"),
    "month": BARE._replace(title="A month is enough for it", published="Published: October 2026"),
    "talk": BARE._replace(title="Interview: they will come home", published="Published: 5 November 2026"),
    "podcast": BARE._replace(title="What the dockers say (podcast)", published="Published: 5 November 2026"),
    "report": BARE._replace(title="Report: a year without light", published="Published: 5 November 2026"),
}
SAID = {
    "en": {
        "date": "November {}",
        "names": "names as its source: {}",
        "undated": "no date",
        "month": "October",
        "video": "video",
        "talk": "interview",
        "podcast": "audio",
        "report": "report",
        "new": "new source",
        "en": "English",
    },
    "uk": {
        "date": "{} листопада",
        "names": "називає джерелом: {}",
        "undated": "без дати",
        "month": "жовтень",
        "video": "відео",
        "talk": "інтерв’ю",
        "podcast": "аудіо",
        "report": "звіт",
        "new": "нове джерело",
        "en": "Англійська",
    },
}


def day_of(story: Story, language: str) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(story.day, "th") if language == "en" else ""
    return SAID[language]["date"].format(f"{story.day}{ending}")


def facts(card: Message) -> list[str]:
    return card.words.splitlines()[:3]


@pytest.mark.parametrize(("language", "stories"), [("en", STORIES), ("uk", STORIES[:2])], ids=["en", "uk"])
async def test_the_card_tells_what_the_page_says(newsroom: World, language: str, stories: list[Story]) -> None:
    said = SAID[language]
    if language == "uk":
        await in_ukrainian(newsroom)
    pages = {f"http://{story.tongue}-press.example/a": story for story in stories}
    pages |= {f"http://melnyk.example/{name}": story for name, story in OTHERS.items()}
    for address, story in pages.items():
        newsroom.site.add(address, PAGE.format(**story._asdict()))
    newsroom.site.add("http://melnyk.example/film", FILM)
    newsroom.ana.send("\n".join([*pages, "http://melnyk.example/film"]))
    for story in stories:
        sirena = re.split(r": ?", story.source)[-1].strip("«»")
        source = f"{story.site}, {day_of(story, language)} · {story.tongue}-press.example"
        assert facts(await newsroom.card(story.title)) == [
            story.title,
            f"{source} · {said['names'].format(sirena)} · {said['new']}",
            f"{language_name(story.tongue, language)} · {story.author}",
        ]
    undated = facts(await newsroom.card(OTHERS["undated"].title))[1:]
    assert undated == [f"Melnyk · {said['undated']} · melnyk.example · {said['new']}", said["en"]]
    monthly = facts(await newsroom.card(OTHERS["month"].title))[1]
    assert monthly == f"Melnyk, {said['month']} · melnyk.example · {said['new']}"
    for name in ("talk", "podcast", "report"):
        assert facts(await newsroom.card(OTHERS[name].title))[2] == f"{said['en']} · {said[name]}"
    assert facts(await newsroom.card("Seen from a bridge"))[2] == f"{said['en']} · {said['video']}"
