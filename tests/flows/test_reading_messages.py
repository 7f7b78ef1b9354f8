"""Messages in all the forms that Telegram has for a link: quotes, replies, forwards, buttons, albums, labels, edits."""

from bot.sandbox.telegram import Person
from tests.cast import World
from tests.flows.acts import answer, approved, article, pressed, quiet, states, tables
from tests.flows.looks import items_of, link_in, stored


async def ukrainian(newsroom: World) -> Person:
    """Let Ana's colleague in, whose telephone speaks Ukrainian."""
    newsroom.boris.send("/invite")
    link = (await newsroom.until(lambda: newsroom.boris.private.find("t.me/"))).text.rpartition("\n")[2]
    oksana = newsroom.tg.person("Oksana", language="uk")
    oksana.open_link(link)
    await newsroom.until(lambda: oksana.private.find("Вітаємо"))
    return oksana


def sent_by_ana(newsroom: World) -> int:
    """Return how many submissions of Ana there are, which is the number of her latest one."""
    query = "SELECT max(s.number) FROM submissions s JOIN people p ON p.id = s.person_id WHERE p.role = 'contributor'"
    return int(stored(newsroom, query)[0][0])


async def came(newsroom: World, *links: str) -> None:
    """Wait until items of these links are the latest, and see that there is no item of another link of this message."""
    await newsroom.until(lambda: [url for _, url in items_of(newsroom)][-len(links) :] == list(links))
    query = "SELECT count(*) FROM items WHERE submission_id = (SELECT max(id) FROM submissions)"
    assert stored(newsroom, query) == [(len(links),)]


async def test_a_link_is_found_wherever_telegram_puts_it(newsroom: World) -> None:
    channel = newsroom.tg.channel("Rivertown live", newsroom.eve, username="rivertown_live")
    links = {
        name: article(newsroom, name) for name in ("hidden", "button", "quoted", "other", "own", "album", "wrapped")
    }
    # A post of a channel: behind words and under a button, but not the channel's own address.
    text = "The bridge stands. Read more"
    post = newsroom.eve.send(
        f"{text} https://t.me/rivertown_live/1",
        channel,
        entities=[link_in(text, "Read more", links["hidden"])],
        links=[("Whole story", links["button"]), ("Subscribe", "https://t.me/rivertown_live")],
    )
    newsroom.ana.forward(post)
    await came(newsroom, links["hidden"], links["button"])
    # A post without a link speaks of itself, where everybody may read it.
    newsroom.ana.forward(newsroom.eve.send("The bridge stands.", channel))
    await came(newsroom, "https://t.me/rivertown_live/2")
    closed = newsroom.tg.channel("Behind a door", newsroom.eve)
    newsroom.ana.forward(newsroom.eve.send("The bridge stands.", closed))
    await newsroom.until(lambda: newsroom.ana.private.find("There is no link in this message"))
    # Words about a message of another chat, and the part of it that is quoted.
    friends = newsroom.tg.group("Friends", [newsroom.eve, newsroom.ana])
    told = newsroom.eve.send(f"{links['other']} and {links['quoted']}", friends)
    newsroom.ana.send("Only this one!", reply_to=told, quote=links["quoted"])
    await came(newsroom, links["quoted"])
    assert "“Only this one!”" in (await newsroom.card("Story of quoted")).text
    newsroom.ana.send("And this post", reply_to=newsroom.eve.send("Words", channel))
    await came(newsroom, "https://t.me/rivertown_live/3")
    newsroom.ana.send("My own link counts: " + links["own"], reply_to=told, quote=links["other"])
    await came(newsroom, links["own"])
    newsroom.ana.send("Without a scheme: herald.example/bare")
    await came(newsroom, "https://herald.example/bare")
    await an_album_is_one_submission(newsroom, links["album"])
    await a_rich_message_is_read_block_by_block(newsroom)
    inside = links["wrapped"].replace(":", "%3A").replace("/", "%2F")
    newsroom.ana.send(f"https://l.facebook.com/l.php?u={inside}&h=AT0")
    await came(newsroom, links["wrapped"])
    await labels_and_a_section_name_are_used_and_no_page_overrules_them(newsroom)


async def an_album_is_one_submission(newsroom: World, url: str) -> None:
    before, said = len(tables(newsroom)["submissions"]), len(newsroom.ana.private.texts)
    newsroom.ana.send_album([("1.jpg", b"one"), ("2.jpg", b"two"), ("3.jpg", b"three")], f"From the river {url}")
    await came(newsroom, url)
    assert "“From the river”" in (await newsroom.card("Story of album")).text
    photo = article(newsroom, "photo")
    newsroom.ana.send_photo(b"river", f"From the bank {photo}")
    await came(newsroom, photo)
    assert "“From the bank”" in (await newsroom.card("Story of photo")).text
    newsroom.ana.send_album([("1.jpg", b"one"), ("2.jpg", b"two")], "Only pictures")
    newsroom.jump(seconds=10)
    await newsroom.until(lambda: "There is no link" in " ".join(newsroom.ana.private.texts[said:]))
    await quiet(newsroom)
    assert sum("There is no link" in text for text in newsroom.ana.private.texts[said:]) == 1
    assert len(tables(newsroom)["submissions"]) == before + 2


async def a_rich_message_is_read_block_by_block(newsroom: World) -> None:
    first, second = article(newsroom, "rich"), article(newsroom, "richer")
    blocks = [
        {"type": "heading", "size": 2, "text": "Analysis"},
        {"type": "paragraph", "text": ["A ", {"type": "bold", "text": {"type": "url", "text": "find", "url": first}}]},
        {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": f"and {second}"}]}]},
    ]
    newsroom.ana.send(extra={"rich_message": {"blocks": blocks}})
    await came(newsroom, first, second)
    card = await newsroom.card("Story of rich")
    assert "Asked for: Analysis and comment" in card.text
    assert "“A find and”" in card.text


async def labels_and_a_section_name_are_used_and_no_page_overrules_them(newsroom: World) -> None:
    url = article(newsroom, "a", "What the page says", source="Herald")
    sent = newsroom.ana.send(f"Worth it!\n{url}\ntitle: What Ana says\nsource: Steppe Post\ndate: 3 November\nAnalysis")
    card = await newsroom.card("What Ana says")
    lines = card.text.splitlines()
    assert lines[1].startswith("Steppe Post, November 3rd")
    assert "Asked for: Analysis and comment" in lines
    assert "“Worth it!”" in lines
    assert card.labels[0] == "Analysis"
    number = sent_by_ana(newsroom)
    newsroom.ana.send("The author is a neighbour", reply_to=sent)
    await newsroom.until(lambda: newsroom.ana.private.find(f"Added to your note on #{number}."))
    await newsroom.until(lambda: "“Worth it! The author is a neighbour”" in card.text)
    oksana = await ukrainian(newsroom)
    other = article(newsroom, "b", "Інше", source="Herald", language="uk")
    sent = oksana.send(f"{other}\nзаголовок: Хліб\nджерело: Тиждень\nдата: 3 листопада\nрубрика: Солідарність")
    card = await newsroom.card("Хліб")
    assert card.text.splitlines()[1].startswith("Тиждень, November 3rd")
    assert "Asked for: International solidarity" in card.text
    oksana.send("Авторка – сусідка", reply_to=sent)
    await newsroom.until(lambda: oksana.private.find("Додано до вашої примітки до №1. Модератори її побачать."))
    await newsroom.until(lambda: "“Авторка – сусідка”" in card.text)
    first, second, third, fourth = (article(newsroom, name) for name in ("1st", "2nd", "3rd", "4th"))
    newsroom.ana.send(f"Analysis\n{first}\ntitle: One\n\n{second}\ntitle: Two\n\nSolidarity:\n{third}")
    newsroom.ana.send(f"{fourth}\nsection: Human rights")
    for title, section in (
        ("One", "Analysis and comment"),
        ("Two", "Analysis and comment"),
        ("Story of 3rd", "International solidarity"),
        ("Story of 4th", "Research of human rights abuses"),
    ):
        assert f"Asked for: {section}" in (await newsroom.card(title)).text

    await a_single_line_without_a_link_asks_for_it(newsroom)


async def a_single_line_without_a_link_asks_for_it(newsroom: World) -> None:
    number = sent_by_ana(newsroom) + 1
    newsroom.ana.send("The river is low again (Steppe Post, 5 November)")
    await newsroom.until(lambda: newsroom.ana.private.find(f"This line of #{number} has no link yet."))
    asked = await newsroom.until(lambda: newsroom.ana.private.find(f"Received #{number}"))
    newsroom.ana.send(article(newsroom, "river", "What the page says of the river"), reply_to=asked)
    await newsroom.until(lambda: newsroom.ana.private.find("Taken: 1 link for #"))
    card = await newsroom.card("The river is low again")
    assert card.text.splitlines()[1].startswith("Steppe Post, November 5th · herald.example")
    await newsroom.until(lambda: newsroom.ana.private.find(f"#{number}: every line has its link now."))


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
    await a_changed_paste_keeps_the_links_that_were_given(newsroom)
    await what_is_decided_stays(newsroom)
    await a_message_that_held_nothing_is_taken_in_once_it_holds_a_link(newsroom)


async def a_changed_paste_keeps_the_links_that_were_given(newsroom: World) -> None:
    text = "Analysis\nBread is dear (Steppe Post, 5 November)\nThe bridge stands (Herald, 4 November)"
    sent = newsroom.ana.send(text)
    asked = await newsroom.until(lambda: newsroom.ana.private.find("2 lines of #2 have no link yet"))
    newsroom.ana.send(article(newsroom, "bread"), reply_to=asked)
    await newsroom.card("Bread is dear")
    changed = text.replace("dear", "very dear").replace("4 November", "3 November")
    newsroom.ana.edit(sent, changed)
    card = await newsroom.card("Bread is very dear")
    assert "herald.example" in card.text
    query = "SELECT date_start FROM citations WHERE source = 'Herald' AND url IS NULL"
    assert stored(newsroom, query) == [("2026-11-03",)]
    newsroom.ana.edit(sent, changed + "\nA school opens (Herald, 2 November)")
    await newsroom.until(lambda: "A school opens" in asked.text)
    assert states(newsroom)[2:] == ["pending", "draft", "draft"]


async def what_is_decided_stays(newsroom: World) -> None:
    await approved(newsroom, "fourth")
    sent = next(m for m in newsroom.ana.private.messages if "herald.example/fourth" in m.words)
    newsroom.ana.edit(sent, article(newsroom, "fifth"))
    told = await newsroom.until(lambda: newsroom.ana.private.find("is decided already and stays as it was"))
    assert "“Story of fourth”" in told.text
    await newsroom.card("Story of fifth")
    assert states(newsroom)[-2:] == ["approved", "pending"]


async def a_message_that_held_nothing_is_taken_in_once_it_holds_a_link(newsroom: World) -> None:
    oksana = await ukrainian(newsroom)
    sent = oksana.send("зараз надішлю")
    assert "немає посилання" in await answer(newsroom, oksana)
    oksana.edit(sent, f"ось {article(newsroom, 'a')}")
    card = await newsroom.card("Story of a")
    assert "“ось”" in card.text
    oksana.edit(sent, f"ось саме це {article(newsroom, 'a')}")
    await newsroom.until(lambda: oksana.private.find("№1 змінено за вашим виправленим повідомленням."))
    await newsroom.until(lambda: "“ось саме це”" in card.text)
    oksana.edit(sent, "уже без нього")
    await newsroom.until(lambda: oksana.private.find("У вашому зміненому повідомленні не лишилося посилань."))
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    oksana.edit(sent, article(newsroom, "b"))
    told = await newsroom.until(lambda: oksana.private.find("уже вирішено, тож нічого не змінено."))
    assert "Щодо «Story of a»" in told.text
    before = len(items_of(newsroom))
    newsroom.eve.edit(newsroom.eve.send("nothing"), article(newsroom, "eve"))
    await quiet(newsroom)
    assert len(items_of(newsroom)) == before
