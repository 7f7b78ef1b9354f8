"""Messages in all the forms that Telegram has for a link: quotes, replies, forwards, buttons, albums, labels, edits."""

from bot.sandbox.telegram import Message, Person
from tests.cast import World
from tests.flows.acts import answer, approved, article, pressed, quiet, states, tables
from tests.flows.looks import items_of, link_in


async def ukrainian(newsroom: World) -> Person:
    """Let Ana's colleague in, whose telephone speaks Ukrainian."""
    newsroom.boris.send("/invite")
    link = (await newsroom.until(lambda: newsroom.boris.private.find("t.me/"))).text.rpartition("\n")[2]
    oksana = newsroom.tg.person("Oksana", language="uk")
    oksana.open_link(link)
    await newsroom.until(lambda: oksana.private.find("Вітаємо"))
    return oksana


async def received(newsroom: World, number: int, by: Person | None = None) -> Message:
    """Return the message that follows a submission."""
    return await newsroom.until(lambda: (by or newsroom.ana).private.find(f"#{number}"))


async def test_a_channels_post_is_read_with_its_hidden_links_and_buttons(newsroom: World) -> None:
    channel = newsroom.tg.channel("Rivertown live", newsroom.eve, username="rivertown_live")
    first, second = article(newsroom, "first"), article(newsroom, "second")
    text = "The bridge stands. Read more"
    post = newsroom.eve.send(
        f"{text} https://t.me/rivertown_live/1",
        channel,
        entities=[link_in(text, "Read more", first)],
        links=[("Whole story", second), ("Subscribe", "https://t.me/rivertown_live")],
    )
    newsroom.ana.forward(post)
    await newsroom.card("Story of first")
    await newsroom.card("Story of second")
    assert [url for _, url in items_of(newsroom)] == [first, second]


async def test_a_channels_post_without_a_link_is_cited_itself(newsroom: World) -> None:
    channel = newsroom.tg.channel("Rivertown live", newsroom.eve, username="rivertown_live")
    hidden = newsroom.tg.channel("Behind a door", newsroom.eve)
    newsroom.ana.forward(newsroom.eve.send("The bridge stands.", channel))
    await newsroom.card("t.me/rivertown_live/1")
    assert [url for _, url in items_of(newsroom)] == ["https://t.me/rivertown_live/1"]
    newsroom.ana.forward(newsroom.eve.send("The bridge stands.", hidden))
    await newsroom.until(lambda: newsroom.ana.private.find("There is no link in this message"))


async def test_words_that_answer_a_message_with_a_link_are_its_note(newsroom: World) -> None:
    first, second, third = (article(newsroom, name) for name in ("first", "second", "third"))
    told = newsroom.eve.send(f"{first} and {second}", newsroom.tg.group("Friends", [newsroom.eve, newsroom.ana]))
    newsroom.ana.send("Only this one!", reply_to=told, quote=second)
    card = await newsroom.card("Story of second")
    assert "“Only this one!”" in card.text
    assert [url for _, url in items_of(newsroom)] == [second]
    channel = newsroom.tg.channel("Rivertown live", newsroom.eve, username="rivertown_live")
    newsroom.ana.send("And this post", reply_to=newsroom.eve.send("Words", channel))
    await newsroom.card("t.me/rivertown_live/1")
    newsroom.ana.send("My own link counts: " + third, reply_to=told, quote=first)
    await newsroom.card("Story of third")
    assert len(items_of(newsroom)) == 3


async def test_an_answer_to_ones_own_message_is_added_to_its_note(newsroom: World) -> None:
    sent = newsroom.ana.send(f"A find {article(newsroom, 'a')}")
    card = await newsroom.card("Story of a")
    newsroom.ana.send("The author is a neighbour", reply_to=sent)
    await newsroom.until(lambda: newsroom.ana.private.find("Added to your note on #1."))
    await newsroom.until(lambda: "“A find The author is a neighbour”" in card.text)
    assert len(items_of(newsroom)) == 1


async def test_an_album_is_one_submission_and_one_without_a_link_is_answered_once(newsroom: World) -> None:
    url = article(newsroom, "a")
    newsroom.ana.send_album([("1.jpg", b"one"), ("2.jpg", b"two"), ("3.jpg", b"three")], f"From the river {url}")
    card = await newsroom.card("Story of a")
    assert "“From the river”" in card.text
    newsroom.ana.send_album([("1.jpg", b"one"), ("2.jpg", b"two")], "Only pictures")
    newsroom.jump(seconds=10)
    await newsroom.until(lambda: newsroom.ana.private.find("There is no link in this message"))
    await quiet(newsroom)
    said = newsroom.ana.private.texts
    assert sum("There is no link" in text for text in said) == 1
    assert len(tables(newsroom)["submissions"]) == 1


async def test_a_rich_message_is_read_block_by_block(newsroom: World) -> None:
    first, second = article(newsroom, "first"), article(newsroom, "second")
    blocks = [
        {"type": "heading", "size": 2, "text": "Analysis"},
        {"type": "paragraph", "text": ["A ", {"type": "bold", "text": {"type": "url", "text": "find", "url": first}}]},
        {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": f"and {second}"}]}]},
    ]
    newsroom.ana.send(extra={"rich_message": {"blocks": blocks}})
    card = await newsroom.card("Story of first")
    assert "Asked for: Analysis and comment" in card.text
    assert "“A find and”" in card.text
    await newsroom.card("Story of second")
    assert [url for _, url in items_of(newsroom)] == [first, second]


async def test_labels_and_a_section_name_are_used_and_no_page_overrules_them(newsroom: World) -> None:
    url = article(newsroom, "a", "What the page says", source="Herald")
    newsroom.ana.send(f"Worth it!\n{url}\ntitle: What Ana says\nsource: Steppe Post\ndate: 3 November\nAnalysis")
    card = await newsroom.card("What Ana says")
    lines = card.text.splitlines()
    assert lines[1].startswith("Steppe Post, November 3rd")
    assert "Asked for: Analysis and comment" in lines
    assert "“Worth it!”" in lines
    assert card.labels[0] == "Analysis"
    oksana = await ukrainian(newsroom)
    other = article(newsroom, "b", "Інше", source="Herald", language="uk")
    oksana.send(f"{other}\nзаголовок: Хліб\nджерело: Тиждень\nдата: 3 листопада\nрозділ: Солідарність")
    card = await newsroom.card("Хліб")
    assert card.text.splitlines()[1].startswith("Тиждень, November 3rd")
    assert "Asked for: International solidarity" in card.text


async def test_with_several_links_a_label_belongs_to_the_link_beside_it(newsroom: World) -> None:
    first, second, third = (article(newsroom, name) for name in ("first", "second", "third"))
    newsroom.ana.send(f"Analysis\n{first}\ntitle: One\n\n{second}\ntitle: Two\n\nSolidarity:\n{third}")
    one, two = await newsroom.card("One"), await newsroom.card("Two")
    three = await newsroom.card("Story of third")
    assert "Asked for: Analysis and comment" in one.text
    assert "Asked for: Analysis and comment" in two.text
    assert "Asked for: International solidarity" in three.text


async def test_what_is_undecided_follows_a_changed_message(newsroom: World) -> None:
    first, second, third = (article(newsroom, name) for name in ("first", "second", "third"))
    sent = newsroom.ana.send(f"Look {first}")
    card = await newsroom.card("Story of first")
    newsroom.ana.edit(sent, f"Look closely {second}")
    await newsroom.until(lambda: newsroom.ana.private.find("#1 follows your changed message."))
    await newsroom.until(lambda: "Story of second" in card.text and "“Look closely”" in card.text)
    newsroom.ana.edit(sent, f"Look closely {second} {third}\n")
    await newsroom.card("Story of third")
    newsroom.ana.edit(sent, f"Look closely {third}")
    await newsroom.until(lambda: states(newsroom) == ["withdrawn", "pending"])
    await newsroom.until(lambda: "Story of second" in card.text and not card.buttons)
    newsroom.ana.edit(sent, f"Look closely {third}\ntitle: Other words")
    await newsroom.card("Other words")
    newsroom.ana.edit(sent, "no link any more")
    await newsroom.until(lambda: newsroom.ana.private.find("There is no link left in your changed message."))
    assert states(newsroom) == ["withdrawn", "pending"]


async def test_what_is_decided_stays_and_its_sender_is_told_so(newsroom: World) -> None:
    await approved(newsroom, "first")
    sent = newsroom.ana.private.messages[-1]
    sent = next(m for m in newsroom.ana.private.messages if "herald.example/first" in m.words)
    newsroom.ana.edit(sent, article(newsroom, "second"))
    told = await newsroom.until(lambda: newsroom.ana.private.find("is decided already and stays as it was"))
    assert "“Story of first”" in told.text
    await newsroom.card("Story of second")
    assert states(newsroom) == ["approved", "pending"]


async def test_a_message_that_held_nothing_is_taken_in_once_it_holds_a_link(newsroom: World) -> None:
    oksana = await ukrainian(newsroom)
    sent = oksana.send("зараз надішлю")
    assert "немає посилання" in await answer(newsroom, oksana)
    oksana.edit(sent, f"ось {article(newsroom, 'a')}")
    card = await newsroom.card("Story of a")
    assert "“ось”" in card.text
    oksana.edit(sent, f"ось саме це {article(newsroom, 'a')}")
    await newsroom.until(lambda: oksana.private.find("№1 змінено за вашим виправленим повідомленням."))
    await newsroom.until(lambda: "“ось саме це”" in card.text)
    newsroom.eve.edit(newsroom.eve.send("nothing"), article(newsroom, "eve"))
    await quiet(newsroom)
    assert len(items_of(newsroom)) == 1
    assert newsroom.desk.find("Story of eve") is None


async def test_a_wrapped_or_short_link_of_a_message_is_stored_as_what_it_leads_to(newsroom: World) -> None:
    url = article(newsroom, "a")
    newsroom.ana.send(f"https://l.facebook.com/l.php?u={url.replace(':', '%3A').replace('/', '%2F')}&h=AT0")
    await newsroom.card("Story of a")
    assert [address for _, address in items_of(newsroom)] == [url]
    await pressed(newsroom, newsroom.boris, await newsroom.card("Story of a"), "Analysis")
