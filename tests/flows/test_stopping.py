"""The bot is asked to stop: it ends what it has begun, and says nothing a second time after the next start."""

from pathlib import Path

from tests.cast import World, settled_world

SLOW_SECONDS = 0.5


def cards(around: World) -> list[str]:
    return [text for text in around.desk.texts if "A story" in text]


async def test_a_card_under_way_is_brought_home_and_not_sent_again(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            around.site.add_article("http://herald.example/a", "A story", "Herald", "2026-11-15", "en")
            around.tg.fault("slow", chat=around.desk, method="sendMessage", seconds=SLOW_SECONDS)
            around.ana.send("http://herald.example/a")
            await around.until(lambda: around.tg.calls_of("sendMessage", around.desk)[-1].outcome == "open")
        assert len(cards(around)) == 1
        async with around.running():
            around.boris.press(await around.card("A story"), "Analysis")
            await around.until(lambda: "✓" in cards(around)[0])
        assert len(cards(around)) == 1
