"""An answer that Telegram tells to wait comes after the wait, whether it is a new message or a press's redrawing."""

from tests.cast import World


async def test_an_answer_waits_as_long_as_telegram_says_and_comes_once(newsroom: World) -> None:
    reader = newsroom.tg.person("Dan", "en")
    newsroom.tg.fault("flood", chat=reader.private, method="sendMessage", times=2, retry_after=3)
    reader.send("/subscribe")
    card = await newsroom.until(lambda: reader.private.find("How shall"))
    newsroom.tg.fault("flood", chat=reader.private, method="editMessageText", times=2, retry_after=3)
    reader.press(card, "Here, in this chat")
    await newsroom.until(lambda: "comes here. /stop" in card.text)
    assert len(reader.private.visible()) == 2  # the command and the one answer
