"""What a page says of its story stands on the card and in the store, in whichever language it says it."""

from tests.cast import World
from tests.flows.looks import stored

PAGE = """<html lang="{language}"><head><title>{title} | {site}</title></head><body>
<div>22.11.2026</div><article><h1>{title}</h1>
<p>{source}</p><p>{published}</p><p>{author}</p></article><h3>{more}</h3><p>1.11.2026</p></body></html>"""


async def test_source_date_and_original_source_come_from_the_page(newsroom: World) -> None:
    pages = {
        "http://melnyk.example/en": PAGE.format(
            language="en", title="Prisoners were taken away", site="Melnyk", source="Source: Sirena",
            published="Published on 5 November 2026, updated 9 November 2026", author="By Ivan Bereh", more="Read also",
        ),
        "http://khvylia.example/uk": PAGE.format(
            language="uk", title="Полонених вивезли", site="Хвиля", source="Джерело: «Сирена»",
            published="Оновлено: 9 листопада 2026. Опубліковано: 5 листопада 2026", author="Автор: Марта Береза",
            more="Читайте також",
        ),
    }  # fmt: skip
    for address, html in pages.items():
        newsroom.site.add(address, html)
        newsroom.ana.send(address)
    card = await newsroom.card("Prisoners were taken away")
    assert "Melnyk, November 5th" in card.text
    assert "names as its source: Sirena" in card.text
    assert "Хвиля" in (await newsroom.card("Полонених вивезли")).text
    query = "SELECT source, date_start, original_source FROM citations ORDER BY item_id"
    told = [(source, str(day)[:10], original) for source, day, original in stored(newsroom, query)]
    assert told == [("Melnyk", "2026-11-05", "Sirena"), ("Хвиля", "2026-11-05", "Сирена")]
