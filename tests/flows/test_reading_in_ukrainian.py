"""A group that speaks Ukrainian: messages in every form, files, pastes and changes are read and answered in it."""

from urllib.parse import quote

from bot.sandbox.telegram import Message
from tests.cast import World
from tests.flows.acts import article, in_ukrainian, pressed, states
from tests.flows.looks import link_in, stored
from tests.flows.test_paste import FILED
from tests.flows.test_reading_messages import came


def printed(newsroom: World, name: str, title: str = "") -> str:
    """Print a page in Ukrainian and return its address."""
    return article(newsroom, name, title or f"Історія {name}", source="Хвиля", language="uk")


async def taken(newsroom: World, *links: str) -> None:
    """Wait until items of these links are the latest; addresses in Cyrillic are stored as the wire wants them."""
    await came(newsroom, *(quote(link, safe=":/") for link in links))


async def test_a_link_is_found_wherever_telegram_puts_it_and_answered_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    ana, said = newsroom.ana, newsroom.ana.private.find
    channel = newsroom.tg.channel("Річкове наживо", newsroom.eve, username="richkove")
    links = {name: printed(newsroom, name) for name in ("сховане", "кнопка", "цитата", "інше", "альбом", "фото")}
    text = "Міст стоїть. Читати далі"
    post = newsroom.eve.send(
        f"{text} https://t.me/richkove/1",
        channel,
        entities=[link_in(text, "Читати далі", links["сховане"])],
        links=[("Уся історія", links["кнопка"]), ("Підписатися", "https://t.me/richkove")],
    )
    ana.forward(post)
    await taken(newsroom, links["сховане"], links["кнопка"])
    assert await newsroom.until(lambda: said("Отримано №1: 2 посилання. Дякуємо."))
    ana.forward(newsroom.eve.send("Міст стоїть.", channel))
    await taken(newsroom, "https://t.me/richkove/2")
    friends = newsroom.tg.group("Друзі", [newsroom.eve, ana])
    told = newsroom.eve.send(f"{links['інше']} і {links['цитата']}", friends)
    ana.send("Лише це!", reply_to=told, quote=links["цитата"])
    await taken(newsroom, links["цитата"])
    card = await newsroom.card("Історія цитата")
    assert "«Лише це!»" in card.text
    assert card.text.splitlines()[1].startswith("Хвиля, 15 листопада")
    ana.send("І цей допис", reply_to=newsroom.eve.send("Слова", channel))
    await taken(newsroom, "https://t.me/richkove/3")
    ana.send("Без схеми: herald.example/коротке")
    await taken(newsroom, "https://herald.example/коротке")
    ana.send_photo(b"river", f"З берега: {links['фото']}")
    await taken(newsroom, links["фото"])
    assert "«З берега:»" in (await newsroom.card("Історія фото")).text
    ana.send_album([("1.jpg", b"one"), ("2.jpg", b"two")], f"Із річки {links['альбом']}")
    await taken(newsroom, links["альбом"])
    assert "«Із річки»" in (await newsroom.card("Історія альбом")).text
    await a_rich_message_is_read_or_said_to_be_unreadable(newsroom)


async def a_rich_message_is_read_or_said_to_be_unreadable(newsroom: World) -> None:
    first, second = printed(newsroom, "перше"), printed(newsroom, "друге")
    blocks = [
        {"type": "heading", "size": 2, "text": "Солідарність"},
        {"type": "paragraph", "text": ["Моя ", {"type": "url", "text": "знахідка", "url": first}, f" і {second}"]},
    ]
    newsroom.ana.send(extra={"rich_message": {"blocks": blocks}})
    await taken(newsroom, first, second)
    card = await newsroom.card("Історія перше")
    assert "Просять до рубрики: International solidarity" in card.text
    assert "«Моя знахідка і»" in card.text
    newsroom.ana.send(extra={"rich_message": {"blocks": [{"type": "map"}]}})
    await newsroom.until(lambda: newsroom.ana.private.find("Таке повідомлення тут не прочитати."))


FORMS = """Новини з окупованих територій
Хліб знову печуть (ZMINA, 5 лютого)
Міст стоїть (31 січня, Медуза) (Аліса Журавель, 30 січня)
Школа відкрита (ZMINA 3 лютого)
"Ми не підемо" – Генштаб
Криниця – Тиждень, 2 лютого
Звіт про криниці (Cedos (Україна), 2 травня 2022 року)
Листи шахтарів (, 1 серпня)
Тиждень дій (ENSU, 20-26 лютого)
"""
GOES_ON = """Старе й нове (Спільне, серпень 2024)
Ліс (Екологія, лют. 2023)

Міжнародна солідарність
Відкритий лист (ENSU, лютий)

Оголошення
Зустріч читачів 21 лютого о 18:30
"""


async def test_a_paste_in_two_messages_keeps_its_sections_and_asks_for_links_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    ana = newsroom.ana
    ana.send(FORMS)
    ana.send(GOES_ON)
    asked = await newsroom.until(lambda: ana.private.find("11 рядків із №1 ще не мають посилань."))
    await newsroom.until(lambda: ana.private.find("№1: 1 оголошення з вашого тексту передано редакторам."))
    filed = [
        (title, source, precision, str(day)[:10]) for _, title, source, precision, day, _ in stored(newsroom, FILED)
    ]
    assert filed == [
        ("Хліб знову печуть", "ZMINA", "day", "2026-02-05"),
        ("Міст стоїть", "Медуза", "day", "2026-01-31"),
        ("Міст стоїть", "Аліса Журавель", "day", "2026-01-30"),
        ("Школа відкрита", "ZMINA", "day", "2026-02-03"),
        ('"Ми не підемо" – Генштаб', None, None, "None"),
        ("Криниця", "Тиждень", "day", "2026-02-02"),
        ("Звіт про криниці", "Cedos (Україна)", "day", "2022-05-02"),
        ("Листи шахтарів", "", "day", "2026-08-01"),
        ("Тиждень дій", "ENSU", "range", "2026-02-20"),
        ("Старе й нове", "Спільне", "month", "2024-08-01"),
        ("Ліс", "Екологія", "month", "2023-02-01"),
        ("Відкритий лист", "ENSU", "month", "2026-02-01"),
    ]
    wanted = [section for section, *_ in stored(newsroom, FILED)]
    assert wanted == ["News from the territories occupied by Russia"] * 11 + ["International solidarity"]
    assert states(newsroom) == ["draft"] * 11
    card = await newsroom.until(lambda: newsroom.desk.find("Оголошення з надісланого дайджесту"))
    assert "Зустріч читачів 21 лютого о 18:30" in card.text
    await pressed(newsroom, newsroom.clara, card, "Друкувати оголошення")
    assert stored(newsroom, "SELECT withdrawn FROM notices") == [(0,)]
    await links_are_given_in_replies(newsroom, asked)


async def links_are_given_in_replies(newsroom: World, asked: Message) -> None:
    ana, said = newsroom.ana, newsroom.ana.private.find
    bread, forest = printed(newsroom, "хліб"), printed(newsroom, "ліс")
    ana.send(f"http://ana:secret@herald.example/x\n10 {forest}\n{bread}", reply_to=asked)
    told = await newsroom.until(lambda: said("Прийнято 2 посилання для №1."))
    assert "Ця адреса містить ім’я або пароль перед знаком @." in told.text
    card = await newsroom.card("Хліб знову печуть")
    assert card.text.splitlines()[1].startswith("ZMINA, 5 лютого")
    assert "Просять до рубрики: News from the territories occupied by Russia" in card.text
    assert (await newsroom.card("Ліс")).text.splitlines()[1].startswith("Екологія, лютий 2023")
    await newsroom.until(lambda: asked.text.startswith("9 рядків із №1 ще не мають посилань."))
    await one_line_by_itself_asks_for_its_link(newsroom)


async def one_line_by_itself_asks_for_its_link(newsroom: World) -> None:
    ana, said = newsroom.ana, newsroom.ana.private.find
    newsroom.jump(seconds=11)
    ana.send("Річка знову мілка (Тиждень, 5 листопада)")
    asked = await newsroom.until(lambda: said("1 рядок із №2 ще не має посилання. Надішліть його у відповіді"))
    ana.send(f"{printed(newsroom, 'річка')}\n{printed(newsroom, 'зайве')}", reply_to=asked)
    told = await newsroom.until(lambda: said("Прийнято 1 посилання для №2."))
    assert "Надійшло на 1 посилання більше, ніж рядків, що чекають." in told.text
    await newsroom.until(lambda: asked.text == "№2: тепер кожен рядок має посилання. Дякуємо.")
    card = await newsroom.card("Річка знову мілка")
    assert card.text.splitlines()[1].startswith("Тиждень, 5 листопада · herald.example")
    ana.send(printed(newsroom, "пізнє"), reply_to=asked)
    await newsroom.until(lambda: said("Отримано №3. Дякуємо."))
