"""A story that comes again: what is said of it to moderators and senders, and how the two links become one item."""

from datetime import timedelta

import pytest

from bot.sandbox.telegram import Message, Person
from store import bulletins, items, known
from store.records import Citation
from store.states import ItemState
from tests.cast import World
from tests.flows.acts import (
    article,
    asked_for_line,
    at_desk,
    forged,
    in_ukrainian,
    pressed,
    quiet,
    sent,
    states,
    tables,
)
from tests.flows.letters import column

pytestmark = pytest.mark.system

GRAVE = "Mass grave found in liberated Lyman"
CITE = "+ Citation of “Mass grave found in lib…”"
TRANSLATE = "⇄ Translation of “Mass grave found in…”"


def known_lines(card: Message) -> list[str]:
    return [line for line in card.words.splitlines() if line.startswith("↺")]


def links_of(message: Message) -> set[str]:
    return {entity["url"] for entity in message.entities if entity["type"] == "text_link"}


async def contributor(newsroom: World) -> Person:
    """Let Oksana in, who reads Ukrainian."""
    oksana = newsroom.tg.person("Oksana", language="uk")
    newsroom.olena.send("/invite contributor")
    said = await newsroom.until(
        lambda: (
            (last := newsroom.olena.private.last()) and "t.me/" in last.words and "contributor" in last.words and last
        )
    )
    oksana.open_link(said.text.rpartition("\n")[2])
    await newsroom.until(lambda: oksana.private.find("Вітаємо"))
    return oksana


async def earlier(newsroom: World, titles: dict[str, str], days: int = 2, **states_of: ItemState) -> None:
    """Store items of some days ago, by the names of their pages; they wait for a decision unless said otherwise."""
    async with newsroom.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        for name, title in titles.items():
            url = f"https://herald.example/{name}"
            await items.add(
                tx,
                citations=[Citation("Herald", url, url)],
                bulletin_id=bulletin.id,
                title=title,
                state=states_of.get(name, ItemState.PENDING),
                reason="reason-off-topic",
                created_at=newsroom.clock.now() - timedelta(days=days),
            )


async def again(newsroom: World, person: Person, name: str = "b", title: str = GRAVE, language: str = "en") -> Message:
    """Let somebody send the story from another site, and return its card."""
    url = newsroom.site.add_article(f"http://other.example/{name}", title, "Other", None, language).url
    person.send(url)
    return await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible() if url in links_of(m) and m.buttons), None)
    )


async def heard(newsroom: World, person: Person, words: str) -> Message:
    return await newsroom.until(lambda: next((m for m in person.private.visible() if words in m.words), None))


async def test_a_printed_story_is_known_by_its_address_where_it_led_and_its_title(newsroom: World) -> None:
    own = "http://herald.example/news/mass-grave-1234.html"
    html = f'<html lang="en"><head><link rel="canonical" href="{own}"></head><body><h1>{{}}</h1></body></html>'
    newsroom.site.add("http://herald.example/n/1234", html.format(GRAVE))
    newsroom.ana.send("http://herald.example/n/1234")
    await pressed(newsroom, newsroom.boris, await newsroom.card(GRAVE), "Ukraine")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    newsroom.jump(days=9)
    newsroom.site.add("http://short.example/x1", "", 301, {"Location": "http://herald.example/n/1234"})
    newsroom.site.add("http://herald.example/live/1234", html.format("Something else altogether"))
    for url in ("http://short.example/x1", "http://herald.example/live/1234"):
        newsroom.boris.send(url)
        card = await newsroom.until(
            lambda url=url: next((m for m in newsroom.desk.visible() if url in links_of(m)), None)
        )
        assert known_lines(card)[-1] == "↺ ran in issue 1, 16 November"
        assert any(label.startswith("= Same as") for label in card.labels) == ("short" not in url)
        assert "http://herald.example/n/1234" in links_of(card)
    told = await heard(newsroom, newsroom.boris, "Perhaps known already: ran in issue 1, 16 November. The moderators")
    assert "http://herald.example/n/1234" in links_of(told)
    card = await again(newsroom, newsroom.boris)
    assert known_lines(card)[-1] == "↺ same title: ran in issue 1, 16 November"
    card = await again(newsroom, newsroom.boris, "c", "Mass graves found in liberated Lyman and Izium")
    assert f"↺ similar: “{GRAVE}” — ran in issue 1, 16 November" in known_lines(card)
    assert len(known_lines(card)) == 3


WORDS = {
    "en": {
        "d": "pending, sent on Sunday",
        "e": "approved for the next issue, sent on Sunday",
        "f": "rejected: off topic; sent on Sunday",
        "g": "withdrawn, sent on Sunday",
        "h": "not complete yet, sent on Sunday",
        "same": "= Same as “About d”",
        "perhaps": "Perhaps known already: rejected: off topic; sent on Sunday. The moderators decide.",
    },
    "uk": {
        "d": "чекає на рішення, надіслано в неділю",
        "e": "схвалено до наступного випуску, надіслано в неділю",
        "f": "відхилено: не за темою; надіслано в неділю",
        "g": "відкликано, надіслано в неділю",
        "h": "ще не завершено, надіслано в неділю",
        "same": "= Те саме, що «About d»",
        "perhaps": "Можливо, вже відоме: відхилено: не за темою; надіслано в неділю. Вирішать модератори.",
    },
}


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_became_of_the_earlier_one_is_said_with_its_day(newsroom: World, language: str) -> None:
    said, before = WORDS[language], len(newsroom.ana.private.texts)
    if language == "uk":
        await in_ukrainian(newsroom)
    decided = {"e": ItemState.APPROVED, "f": ItemState.REJECTED, "g": ItemState.WITHDRAWN, "h": ItemState.DRAFT}
    await earlier(newsroom, {name: f"About {name}" for name in "defgh"}, days=1, **decided)
    newsroom.ana.send(" ".join(article(newsroom, name, title=f"More about {name}") for name in "defgh"))
    for name in "defgh":
        card = await newsroom.card(f"More about {name}")
        assert known_lines(card) == [f"↺ {said[name]}"]
        assert (said["same"].replace("About d", f"About {name}") in card.labels) == (name in "de")
    told = await heard(newsroom, newsroom.ana, said["perhaps"])
    assert all((said[name] in told.words) == (name != "g") for name in "defgh")
    pseudonyms = [row[1] for row in tables(newsroom)["people"]]
    assert not any(name in text for name in pseudonyms for text in newsroom.ana.private.texts[before:])
    assert links_of(told) == set()
    assert states(newsroom)[5:] == ["pending"] * 5


async def test_columns_and_changed_titles_are_similar_and_three_at_most_are_shown(newsroom: World) -> None:
    await earlier(newsroom, {f"day-{day}": f"War diary, day {day}" for day in range(512, 517)}, days=40)
    card = await sent(newsroom, "day-517", title="War diary, day 517")
    assert known_lines(card) == [
        f"↺ similar: “War diary, day {day}” — pending, sent on 7 October" for day in (516, 515, 514)
    ]
    question = await asked_for_line(newsroom, newsroom.boris, card)
    newsroom.boris.send("Dockers of Odesa win their long strike (Herald)", newsroom.desk, reply_to=question)
    await newsroom.until(lambda: card.text.startswith("Dockers"))
    other = await again(newsroom, newsroom.ana, "b", "Long strike: dockers of Odesa win")
    assert known_lines(other) == ["↺ similar: “Dockers of Odesa win their long strike” — pending, sent today"]
    async with newsroom.services.store.reading() as tx:
        assert 6 not in [titled.item_id for titled in await known.titled_alike(tx, 1, "War diary, day 517")]


async def test_a_second_link_becomes_a_citation_and_its_sender_hears_what_becomes_of_the_whole(
    newsroom: World,
) -> None:
    oksana = await contributor(newsroom)
    first = await sent(newsroom, "a", title=GRAVE)
    card = await again(newsroom, oksana)
    seen = card.buttons
    press = await pressed(newsroom, newsroom.boris, card, CITE)
    assert press.answer_text == f"Added to “{GRAVE}”; the sender hears of it."
    await newsroom.until(lambda: card.text.startswith(f"⊕ {GRAVE} · added to “{GRAVE}” · "))
    await newsroom.until(lambda: "http://other.example/b" in links_of(first))
    await heard(newsroom, oksana, "приєднано до тієї ж історії")
    late = newsroom.clara.press(card, CITE, buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text.startswith("Already added to another link by")
    press = await pressed(newsroom, newsroom.clara, card, "↩ Undo")
    assert press.answer_text == "Separate again: it waits for a decision of its own."
    await newsroom.until(lambda: CITE in card.labels and "http://other.example/b" not in links_of(first))
    assert states(newsroom) == ["pending", "pending"]
    both = [person.press(card, CITE) for person in (newsroom.boris, newsroom.clara)]
    await newsroom.until(lambda: all(press.answered for press in both))
    assert sorted(press.answer_text[:13] for press in both) == ["Added to “Mas", "Already added"]
    await newsroom.until(lambda: "http://other.example/b" in links_of(first))
    await pressed(newsroom, newsroom.boris, first, "Ukraine")
    newsroom.jump(minutes=2)
    await heard(newsroom, oksana, "схвалено до бюлетеня, рубрика «News from Ukraine – general»")
    assert column(newsroom, "SELECT sum(links_that_day) FROM people") == [2]
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    assert {"http://herald.example/a", "http://other.example/b"} <= links_of(newsroom.channels[0].visible()[-1])
    late = await pressed(newsroom, newsroom.boris, card, "↩ Undo")
    assert late.answer_text.startswith("It is in a published issue")


async def test_what_others_sent_stays_when_the_first_sender_takes_the_story_back(newsroom: World) -> None:
    oksana = await contributor(newsroom)
    first = await sent(newsroom, "a", title=GRAVE)
    await pressed(newsroom, newsroom.boris, first, "Ukraine")
    await newsroom.until(lambda: first.text.startswith("✓"))
    card = await again(newsroom, oksana)
    await pressed(newsroom, newsroom.boris, card, CITE)
    newsroom.jump(minutes=2)
    await heard(newsroom, oksana, "схвалено до бюлетеня")
    message = await newsroom.until(lambda: newsroom.ana.private.find("approved, section"))
    await pressed(newsroom, newsroom.ana, message, "✗ Withdraw")
    await newsroom.until(lambda: "✗ Yes, withdraw it" in message.labels)
    await pressed(newsroom, newsroom.ana, message, "✗ Yes, withdraw it")
    await newsroom.until(lambda: "Ukraine" in card.labels)
    assert known_lines(card) == ["↺ same title: withdrawn, sent today"]
    await heard(newsroom, oksana, "розглядають ще раз")
    assert states(newsroom) == ["withdrawn", "pending"]


async def test_a_translation_lives_on_beside_its_original_and_only_moderators_join_them(newsroom: World) -> None:
    first = await sent(newsroom, "news/7388057", title=GRAVE)
    ukrainian = "У Лимані знайшли масове поховання"
    card = await sent(newsroom, "uk/news/7388057", title=ukrainian, language="uk")
    assert known_lines(card) == [f"↺ in another language: “{GRAVE}” — pending, sent today"]
    newsroom.eve.join(newsroom.desk)
    await quiet(newsroom)
    before = tables(newsroom)
    press = await pressed(newsroom, newsroom.eve, card, TRANSLATE)
    assert "you need the role of moderator" in press.answer_text
    data = next(button.data for row in card.buttons for button in row if button.label == TRANSLATE)
    assert data == "v1:translate.1-2:2:2"
    for other in ("cite.1-1", "cite.2-2", "cite.99-1", "cite.x-1", "translate.1", "part", "separate"):
        await forged(newsroom, newsroom.boris, card, f"v1:{other}:2:2")
    await quiet(newsroom)
    assert {name for name in before if before[name] != tables(newsroom)[name]} == {"updates"}
    press = await pressed(newsroom, newsroom.boris, card, TRANSLATE)
    assert press.answer_text.startswith(f"Noted as a translation of “{GRAVE}”.")
    await newsroom.until(lambda: known_lines(card) == [f"↺ translation of “{GRAVE}” — pending, sent today"])
    await newsroom.until(lambda: known_lines(first) == [f"↺ translation of “{ukrainian}” — pending, sent today"])
    third = await again(newsroom, newsroom.ana, "c", ukrainian, "uk")
    assert known_lines(third) == [
        "↺ same title: pending, sent today",
        f"↺ in another language: “{GRAVE}” — pending, sent today",
    ]
    await pressed(newsroom, newsroom.boris, card, "↩ Not a translation")
    await newsroom.until(lambda: "↩ Not a translation" not in first.labels + card.labels)
    assert states(newsroom) == ["pending"] * 3


async def test_in_ukrainian_a_story_is_known_again_and_joined_with_one_press(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    first = await sent(newsroom, "news/7388057", title=GRAVE)
    await pressed(newsroom, newsroom.boris, first, "Ukraine")
    await at_desk(newsroom, newsroom.clara, "/publish", "Публікується зараз.")
    await newsroom.until(lambda: newsroom.desk.find("Випуск 1 вийшов."))
    newsroom.jump(days=9)
    newsroom.site.add("http://short.example/x1", "", 301, {"Location": "http://herald.example/news/7388057"})
    newsroom.boris.send("http://short.example/x1")
    await newsroom.until(lambda: newsroom.desk.find("↺ було у випуску 1, 16 листопада"))
    told = await heard(newsroom, newsroom.boris, "Можливо, вже відоме: було у випуску 1, 16 листопада. Вирішать")
    assert "http://herald.example/news/7388057" in links_of(told)
    card = await again(newsroom, newsroom.ana)
    assert known_lines(card)[-1] == "↺ та сама назва: було у випуску 1, 16 листопада"
    similar = await again(newsroom, newsroom.ana, "c", "Mass graves found in liberated Lyman and Izium")
    assert f"↺ схоже: «{GRAVE}» – чекає на рішення, надіслано сьогодні" in known_lines(similar)
    press = await pressed(newsroom, newsroom.boris, similar, "+ Джерело до «Mass grave found")
    assert press.answer_text == f"Додано до «{GRAVE}»; відправник про це дізнається."
    await newsroom.until(lambda: f"· додано до «{GRAVE}» ·" in similar.text)
    await heard(newsroom, newsroom.ana, "приєднано до тієї ж історії, яка вже була тут")
    press = await pressed(newsroom, newsroom.boris, similar, "↩ Скасувати")
    assert press.answer_text == "Знову окремо: чекає на власне рішення."
    ukrainian = await sent(newsroom, "uk/news/7388057", title="У Лимані знайшли масове поховання", language="uk")
    assert known_lines(ukrainian) == [f"↺ іншою мовою: «{GRAVE}» – було у випуску 1, 16 листопада"]
    press = await pressed(newsroom, newsroom.boris, ukrainian, "⇄ Переклад «Mass grave")
    assert press.answer_text == f"Позначено як переклад «{GRAVE}». Рішення про кожне окреме."
    await newsroom.until(lambda: "↩ Це не переклад" in ukrainian.labels)
    assert known_lines(ukrainian) == [f"↺ переклад «{GRAVE}» – було у випуску 1, 16 листопада"]
    third = await again(newsroom, newsroom.ana, "d", "У Лимані знайшли масове поховання", "uk")
    assert known_lines(third) == [
        "↺ та сама назва: чекає на рішення, надіслано сьогодні",
        f"↺ іншою мовою: «{GRAVE}» – було у випуску 1, 16 листопада",
    ]
    press = await pressed(newsroom, newsroom.boris, ukrainian, "↩ Це не переклад")
    assert press.answer_text == "Позначено: це не переклад."
