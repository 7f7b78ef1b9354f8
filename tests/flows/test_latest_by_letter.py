"""A subscription that is confirmed by an answer to our mail brings the latest issue at once, where the answer asks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.subscriptions.coming import wants_latest
from tests.cast import World, settled_world
from tests.flows.acts import in_ukrainian
from tests.flows.letters import column
from tests.flows.published import published, stories
from tests.flows.test_letter_roads import hand_over, mail_to
from tests.unit.spoofs import OURS

EVE, FAY, NIL = "eve@evil.example", "fay@letters.example", "nil@readers.example"
SAID = {
    "en": (
        "subscribe",
        "With the word “latest” in the first line",
        "Latest, please.",
        "the latest issue is on its way",
    ),
    "uk": ("підписатися", "слово «останній», останній випуск", "Так, останній!", "останній випуск уже в дорозі"),
}


@pytest.fixture
async def reached(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot to which a mail server hands letters over."""
    more = {"lmtp_listen": f"unix:{tmp_path}/lmtp", "authserv_id": OURS}
    async with settled_world(tmp_path, **more) as around, around.running():
        yield around


async def answered(world: World, address: str, language: str, words: str) -> list[str]:
    """Let somebody subscribe and confirm by letter; return the subjects of what came to them, in order."""
    ask, offer, _, _ = SAID[language]
    await hand_over(world, address, "bulletin@sandbox.example", ask, f"Subject: {ask}")
    asked = await mail_to(world, address, offer)
    quoted = "\n".join(f"> {line}" for line in asked.text.splitlines())
    back = f"{words}\n\nOn Monday the bulletin wrote:\n{quoted}".replace("\n", "\r\n")
    subject = "Subject: Re: confirm"
    await hand_over(world, address, asked.message["Reply-To"], back, subject, "Content-Type: text/plain; charset=utf-8")
    await world.until(lambda: "active" in column(world, "SELECT state FROM subscriptions ORDER BY id DESC LIMIT 1"))
    await world.until(lambda: column(world, "SELECT count(*) FROM postbox") == [0])
    return [str(one.message["Subject"]) for one in world.mail.letters if one.recipient == address]


@pytest.mark.system
@pytest.mark.parametrize("language", ["en", "uk"])
async def test_an_answer_with_the_word_brings_the_latest_issue_too(reached: World, language: str) -> None:
    world, (_, _, wanting, told) = reached, SAID[language]
    if language == "uk":
        await in_ukrainian(world)
    none = await answered(world, NIL, language, wanting)
    assert len(none) == 2  # there is no issue yet
    await stories(world, ["one"])
    await published(world, world.clara, language)
    issue = str((await mail_to(world, NIL, "Story of one")).message["Subject"])
    without = await answered(world, EVE, language, "Yes.")
    assert (len(without), issue in without) == (2, False)
    came = await answered(world, FAY, language, wanting)
    assert (len(came), came.count(issue)) == (3, 1)
    await mail_to(world, FAY, told)
    as_all, hers = await mail_to(world, NIL, "Story of one"), await mail_to(world, FAY, "Story of one")
    assert hers.message.keys() == as_all.message.keys()


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        *(("latest", True), ("\n  LATEST!\n> quoted", True), ("останній", True), ("Так, Останній випуск", True)),
        *(("", False), ("Yes", False), ("yes\nlatest", False), ("the latestest", False), ("latest_issue", False)),
    ],
)
def test_the_word_counts_in_the_first_line_alone(answer: str, *, wanted: bool) -> None:
    assert wants_latest(answer) is wanted
