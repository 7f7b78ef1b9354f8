"""The main road: from a sent link to its readers."""

from tests.cast import SUNDAY_HOUR, World


async def test_a_link_goes_from_ana_to_channel_and_reader(newsroom: World) -> None:
    article = newsroom.site.add_article(
        "http://herald.example/a", "Teachers of Kherson refuse", "Herald", "2026-11-15", "en"
    )
    await newsroom.readers(3)
    newsroom.ana.send(f"please read {article.url}")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1"))
    card = await newsroom.card("Teachers of Kherson refuse")
    newsroom.boris.press(card, "Occupied areas")
    await newsroom.until(lambda: "✓" in card.text)
    newsroom.jump_to(SUNDAY_HOUR)
    gate = await newsroom.until(lambda: newsroom.desk.find("published at"))
    newsroom.clara.press(gate, "Publish now")
    post = await newsroom.until(lambda: newsroom.channels[0].find("Teachers of Kherson refuse"))
    assert "(Herald, November 15th)" in post.text
    await newsroom.mail.until(lambda: len(newsroom.mail.letters) == 3, 10)
    assert "Teachers of Kherson refuse" in newsroom.mail.mailbox("dan@readers.example")[0].text
