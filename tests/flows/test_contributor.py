"""Contributors: invited once, answered after storing, told the outcome; strangers leave no trace."""

from handlers.routes import COMMANDS
from store.states import Role
from tests.cast import World
from tests.flows.acts import answer, article, files_of_the_store, invitation, states, tables


async def test_an_invitation_lets_in_one_person_once(newsroom: World) -> None:
    link = await invitation(newsroom, newsroom.boris)
    assert "contributor, works once, and is good for 24 hours" in newsroom.boris.private.texts[-1]
    dan = newsroom.tg.person("Dan")
    dan.open_link(link)
    assert "Here you are known only as" in await answer(newsroom, dan)
    newsroom.eve.open_link(link)
    assert "was used already" in await answer(newsroom, newsroom.eve)
    newsroom.eve.send(article(newsroom, "a"))
    assert "ask somebody of the group for an invitation" in await answer(newsroom, newsroom.eve)
    dan.open_link(link)
    assert "You are in already" in await answer(newsroom, dan)


async def test_an_invitation_ends_after_24_hours(newsroom: World) -> None:
    link = await invitation(newsroom, newsroom.boris)
    newsroom.jump(hours=24, minutes=1)
    newsroom.eve.open_link(link)
    assert "is over, or was taken back" in await answer(newsroom, newsroom.eve)


async def test_only_the_owner_invites_moderators(newsroom: World) -> None:
    newsroom.boris.send("/invite moderator")
    assert "Only the owner invites moderators" in await answer(newsroom, newsroom.boris)
    newsroom.boris.send("/invite king")
    assert "no such role" in await answer(newsroom, newsroom.boris)
    newsroom.ana.send("/invite")
    assert "you need the role of moderator" in await answer(newsroom, newsroom.ana)


async def test_a_link_is_stored_before_it_is_acknowledged(newsroom: World) -> None:
    newsroom.tg.fault("flood", chat=newsroom.ana.private, method="sendMessage", times=None)
    newsroom.ana.send(f"Look at this: {article(newsroom, 'a')}")
    await newsroom.card("Story of a")
    assert newsroom.ana.private.find("Received #") is None
    stored = tables(newsroom)
    assert [row[3] for row in stored["submissions"]] == [1]
    newsroom.tg.clear_faults()
    received = await newsroom.until(lambda: newsroom.ana.private.find("Received #1."))
    assert "Story of a" in received.text


async def test_one_message_may_hold_several_links_in_all_forms(newsroom: World) -> None:
    first, second, third = (article(newsroom, name) for name in "abc")
    text = f"Two for you: {first} and this one"
    hidden = {"type": "text_link", "offset": text.index("this"), "length": 8, "url": second}
    newsroom.ana.send(text, entities=[{"type": "url", "offset": 13, "length": len(first)}, hidden])
    received = await newsroom.until(lambda: newsroom.ana.private.find("Received #1: 2 links."))
    card = await newsroom.card("Story of b")
    assert "“Two for you: and this one”" in card.text
    newsroom.ana.send_photo(b"a picture", f"From a wall {third}")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #2."))
    newsroom.ana.forward(newsroom.eve.send(article(newsroom, "d")))
    await newsroom.until(lambda: newsroom.ana.private.find("Received #3."))
    assert received.history[-1:] != []


async def test_of_more_links_than_telegram_marks_none_is_lost(newsroom: World) -> None:
    links = [f"http://herald.example/{number}" for number in range(120)]
    newsroom.ana.send("🦊 Many: " + " ".join(links) + ".")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1: 120 links."))
    card = await newsroom.card("http://herald.example/0")
    assert "“🦊 Many:”" in card.text


async def test_a_newer_kind_of_message_is_read_or_refused_in_words(newsroom: World) -> None:
    url = article(newsroom, "rich")
    newsroom.ana.send(extra={"rich_message": {"blocks": [{"text": "A good one"}, {"url": url}]}})
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1."))
    newsroom.ana.send(extra={"sticker_of_the_future": {"emoji": "🦊"}})
    await newsroom.until(lambda: newsroom.ana.private.find("This kind of message cannot be read here"))


async def test_a_stranger_is_answered_and_leaves_no_trace(newsroom: World) -> None:
    url = article(newsroom, "secret-of-eve")
    await newsroom.until(lambda: newsroom.ana.private.find("known only as"))
    before = tables(newsroom)
    home = "http://bulletin.sandbox.example/news-from-ukraine-bulletin/"
    for text in (f"take this {url}", "/start", "/help", "/queue", "/invite", "/stop", "/nonsense", "whisper"):
        said = len(newsroom.eve.private.texts)
        newsroom.eve.send(text)
        words = await answer(newsroom, newsroom.eve, said + 1)
        assert (
            f"follow the channel “News 1”, or read it at {home}, or get it here or by e-mail (/subscribe)." in words
            or text == "/stop"
        )
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    assert len(after["updates"]) == len(before["updates"]) + 8
    for trace in (str(newsroom.eve.id), "Eve", "secret-of-eve", "whisper"):
        assert trace.encode() not in files_of_the_store(newsroom)
    assert not newsroom.desk.find("Eve")


async def test_the_sender_hears_each_outcome_with_its_reason(newsroom: World) -> None:
    newsroom.ana.send(article(newsroom, "good"))
    newsroom.boris.press(await newsroom.card("Story of good"), "Analysis")
    newsroom.ana.send(article(newsroom, "bad"))
    card = await newsroom.card("Story of bad")
    newsroom.boris.press(card, "✗ Reject")
    await newsroom.until(lambda: "Too old" in card.labels)
    newsroom.boris.press(card, "Too old")
    yes = await newsroom.until(lambda: newsroom.ana.private.find("is approved for the bulletin"))
    assert yes.text == "#1 “Story of good” is approved for the bulletin, section Analysis and comment. Thank you."
    no = await newsroom.until(lambda: newsroom.ana.private.find("will not be in the bulletin"))
    assert no.text == "#2 “Story of bad” will not be in the bulletin. Reason: Too old"


async def test_an_undo_within_a_minute_cancels_the_word_to_the_sender(newsroom: World) -> None:
    newsroom.clock.set_speed(1)
    newsroom.ana.send(article(newsroom, "a"))
    card = await newsroom.card("Story of a")
    newsroom.boris.press(card, "Analysis")
    await newsroom.until(lambda: "↩ Undo" in card.labels)
    newsroom.boris.press(card, "↩ Undo")
    await newsroom.until(lambda: "Analysis" in card.labels)
    newsroom.jump(minutes=5)
    newsroom.boris.press(card, "Solidarity")
    await newsroom.until(lambda: card.text.startswith("✓"))
    newsroom.jump(minutes=5)
    told = await newsroom.until(lambda: newsroom.ana.private.find("is approved for the bulletin"))
    assert "International solidarity" in told.text
    assert sum("is approved" in text for text in newsroom.ana.private.texts) == 1


async def test_the_sender_of_a_known_link_hears_so(newsroom: World) -> None:
    url = article(newsroom, "twice")
    newsroom.ana.send(url)
    await newsroom.card("Story of twice")
    newsroom.ana.send(f"{url}?utm_source=chat#top")
    told = await newsroom.until(lambda: newsroom.ana.private.find("Perhaps known already"))
    assert "Received #2." in told.text
    assert "pending, sent today. The moderators decide." in told.text


async def test_an_english_and_a_ukrainian_are_spoken_to_in_their_languages(newsroom: World) -> None:
    link = await invitation(newsroom, newsroom.boris)
    oksana = newsroom.tg.person("Oksana", language="uk")
    oksana.send(article(newsroom, "too-early"))
    refused = await answer(newsroom, oksana)
    assert refused.startswith("Цей бот збирає посилання")
    assert refused.endswith("Нічого з надісланого вами не збережено.")
    assert states(newsroom) == []
    oksana.open_link(link)
    assert "Вітаємо. Тут вас знають лише як" in await answer(newsroom, oksana)
    oksana.send(article(newsroom, "a"))
    await newsroom.until(lambda: oksana.private.find("Отримано №1."))
    newsroom.boris.press(await newsroom.card("Story of a"), "Ukraine")
    await newsroom.until(lambda: oksana.private.find("схвалено до бюлетеня"))


async def test_help_names_what_a_role_may_do_under_a_heading_each(newsroom: World) -> None:
    sends, decides = {"help", "stop", "mine"}, {"queue", "sources", "invite", "mute", "hold", "issue", "preview"}
    shapes = {"notice", "publish", "continue"}
    may = {
        newsroom.ana: (Role.CONTRIBUTOR, sends, decides | shapes),
        newsroom.boris: (Role.MODERATOR, sends | decides, shapes),
        newsroom.clara: (Role.EDITOR, sends | decides | shapes, set()),
    }
    for person, (role, opened, closed) in may.items():
        person.send("/help")
        helped = await newsroom.until(lambda person=person: person.private.find("/help –"))
        listed = {line.split()[0].removeprefix("/") for line in helped.text.splitlines() if line.startswith("/")}
        assert opened <= listed
        assert not closed & listed
        helps = {name: route.role for name, route in COMMANDS.items() if route.help}
        assert listed == {name for name, least in helps.items() if least is None or role.includes(least)}
        blocks = [block.splitlines() for block in helped.text.split("\n\n")[1:]]
        assert [block[0] for block in blocks][:2] == ["For you", "Links that come in"][: 1 + (role != Role.CONTRIBUTOR)]
        assert all(line.startswith("/") and " – " in line for block in blocks for line in block[1:])
