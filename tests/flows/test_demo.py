"""`bulletin demo`: a whole week with the real bot in a process of its own, unattended."""

import json
import socket
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bot.cli.demo import demo
from bot.errors import OperatorError

WEEK_SECONDS = 240


def run_demo(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "demo", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=WEEK_SECONDS)


@pytest.mark.system
@pytest.mark.timeout(WEEK_SECONDS)
def test_a_week_is_played_unattended_ends_well_and_leaves_everything_behind(tmp_path):
    out = tmp_path / "out"
    done = run_demo("--once", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0 · posts doubled 0 · perhaps sent" in done.stdout
    assert "The bot was killed 1 time(s)." in done.stdout
    the_issue_is_there_in_every_form(out)
    every_reader_has_the_issue_and_no_channel_has_it_twice(out)
    the_moderators_chat_tells_the_story_of_the_week(out)


def the_issue_is_there_in_every_form(out: Path) -> None:
    assert (out / "issue.pdf").read_bytes().startswith(b"%PDF-")
    title = "What the new property register takes away"
    for name in ("issue.html", "issue.txt", "issue.md", "issue.json", "feed.xml"):
        assert title in (out / name).read_text("utf-8"), name
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["state"] == "sent"
    assert report["adds up"]
    assert report["mail"]["sent"] == 14


def every_reader_has_the_issue_and_no_channel_has_it_twice(out: Path) -> None:
    readers = Counter(letter_of(file)["To"] for file in sorted((out / "mailbox").glob("*.eml")))
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert len(readers) == 14
    assert readers.total() - 14 <= report["possible duplicates"]
    chats = json.loads((out / "telegram.json").read_text("utf-8"))["chats"]
    channels = [chat for chat in chats if chat["type"] == "channel"]
    for channel in channels:
        assert len([one for one in channel["messages"] if "week 1" in one.get("text", "").lower()]) == 1, channel


def the_moderators_chat_tells_the_story_of_the_week(out: Path) -> None:
    chats = json.loads((out / "telegram.json").read_text("utf-8"))["chats"]
    desk = next(chat for chat in chats if chat.get("title") == "Moderators")
    texts = [message.get("text", "") for message in desk["messages"]]
    assert len([text for text in texts if text.startswith(("✓", "■"))]) == 11
    assert len([text for text in texts if text.startswith("✗")]) == 2
    assert len([text for text in texts if "⚠" in text]) == 1
    assert any("settled" in text for text in texts)
    assert any(text.startswith("Issue 1 is out.") for text in texts)


async def test_a_busy_port_is_told_with_the_option_that_mends_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OperatorError, match=f"port {port} .*--port {port + 1}"):
            await demo(port=port)


async def test_options_that_do_not_fit_together_are_told():
    with pytest.raises(OperatorError, match="--once"):
        await demo(out=Path("nowhere"))
    with pytest.raises(OperatorError, match="--speed"):
        await demo(speed=0)


def letter_of(file: Path):
    return message_from_bytes(file.read_bytes(), policy=policy.default)
