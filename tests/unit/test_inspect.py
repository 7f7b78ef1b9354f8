"""`bulletin inspect`: an operator sees what the bot would make of pages, and nothing is stored."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import app
from bot.cli.inspect import inspect
from bot.errors import OperatorError, Refused

PAGE = """<html lang="en"><head><title>Bread for all | News</title></head><body><h1>Bread for all</h1>
<p class="byline">By Ana Horbach</p><p class="date">5 February 2024</p><p>Text.</p></body></html>"""


def saved(folder: Path, html: str, name: str = "bread") -> Path:
    file = folder / f"{name}.html"
    file.write_text(html, "utf-8")
    return file


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return saved(tmp_path, PAGE)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_a_saved_page_is_one_object_for_programs(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await inspect(str(page), url="https://www.news.example/a?utm_source=x", json_=True)
    assert printed(capsys) == [
        {
            "url": "https://www.news.example/a?utm_source=x",
            "canonical": "https://news.example/a",
            "title": "Bread for all",
            "source": "News",
            "authors": ["Ana Horbach"],
            "published": {"value": "2024-02-05", "precision": "day"},
            "language": "en",
            "media_type": "article",
            "original_source": None,
            "problems": [],
        }
    ]


async def test_people_read_the_same_in_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = saved(tmp_path, "<p>nothing")
    await inspect(str(page), url="https://news.example/a")
    told = capsys.readouterr().out
    assert "source           news.example\n" in told
    assert "no title" in told
    assert "intake-" not in told


async def test_a_batch_answers_every_line_in_order_whatever_it_holds(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = {"month": "<p>Published: November 2025</p>", "range": "<p>Published: 20–26 February 2024</p>", "none": ""}
    for name, line in forms.items():
        saved(tmp_path, f"<title>Bread</title><h1>Bread</h1>{line}", name)
    saved(tmp_path, "<title>Just a moment...</title><p>Checking your browser</p>", "wall")
    batch = tmp_path / "lines" / "batch.jsonl"
    batch.parent.mkdir()
    lines = [
        *({"url": f"https://news.example/{name}", "file": f"../{name}.html"} for name in forms),
        {"url": "https://news.example/whole", "file": str(page)},
        {"url": "https://news.example/gone", "file": "gone.html"},
        {"url": "ftp://news.example/a", "file": str(page)},
        {"url": "https://news.example/wall", "file": "../wall.html"},
        {"url": "https://news.example/only"},
        ["neither"],
    ]
    batch.write_text("\n\n".join(json.dumps(line) for line in lines) + "\nno JSON\n", "utf-8")
    await inspect(batch=batch, json_=True)
    told = printed(capsys)
    assert [one["published"]["value"] for one in told[:4]] == ["2025-11", "2024-02-20/2024-02-26", None, "2024-02-05"]
    assert [one["published"]["precision"] for one in told[:4]] == ["month", "range", "none", "day"]
    assert [one["problems"] for one in told[4:]] == [
        ["inspect-no-file"],
        ["intake-link-scheme"],
        ["intake-page-wall"],
        ["inspect-bad-line"],
        ["inspect-bad-line"],
        ["inspect-bad-line"],
    ]
    assert [one["url"] for one in told[4:8]] == [line["url"] for line in lines[4:8]]  # type: ignore[call-overload]


async def test_an_address_is_fetched_under_the_guard(capsys: pytest.CaptureFixture[str]) -> None:
    await inspect("http://127.0.0.1/story", json_=True)
    (told,) = printed(capsys)
    assert (told["title"], told["problems"]) == (None, ["intake-page-private"])


async def test_what_cannot_be_inspected_is_told_in_a_sentence(page: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no file"):
        await inspect(str(tmp_path / "none.html"), url="https://news.example/a")
    with pytest.raises(OperatorError, match="--url"):
        await inspect(str(page))
    with pytest.raises(OperatorError, match="There is no file"):
        await inspect(batch=tmp_path / "none.jsonl")
    with pytest.raises(OperatorError, match="--batch"):
        await inspect()
    with pytest.raises(Refused):
        await inspect(str(page), url="nothing")


def test_the_command_needs_no_settings_for_a_saved_page(page: Path, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("bulletin")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BULLETIN_")}
    clean["BULLETIN_SMTP_URL"] = "a setting that would not do"
    ran = subprocess.run(
        [command, "inspect", page.name, "--url", "https://news.example/a", "--json"],
        cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["title"] == "Bread for all"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bread.html"]


async def test_letters_are_told_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submission, bounce = tmp_path / "a.eml", tmp_path / "b.eml"
    submission.write_text("From: Ana <ana@ana.example>\nTo: news@bulletin.test\n\nSee https://mine.example/story\n")
    bounce.write_text(
        "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI wasn't able to deliver your message.\n\n"
        "<dan@reader.example>:\nRemote host said: 550 5.1.1 User unknown\n"
    )
    await inspect(letter=[submission, bounce, tmp_path / "none.eml"], json_=True)
    assert printed(capsys) == [
        {
            "file": str(submission),
            "kind": "submission",
            "sender": "ana@ana.example",
            "links": ["https://mine.example/story"],
            "recipients": [],
        },
        {
            "file": str(bounce),
            "kind": "bounce",
            "sender": "MAILER-DAEMON@mx.example",
            "links": [],
            "recipients": [{"address": "dan@reader.example", "verdict": "hard", "status": "5.1.1"}],
        },
        {
            "file": str(tmp_path / "none.eml"),
            "kind": None,
            "sender": "",
            "links": [],
            "recipients": [],
            "problem": "no-file",
        },
    ]


async def test_people_read_letters_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.eml"
    file.write_text("From: Ana <ana@ana.example>\n\nSee https://mine.example/story\n")
    await inspect(letter=[file])
    told = capsys.readouterr().out
    assert "submission" in told
    assert "kind" in told


async def test_letters_and_a_page_are_not_looked_at_in_one_go(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Letters are looked at alone"):
        await inspect("https://news.example/a", letter=[tmp_path / "a.eml"])


def test_the_command_takes_many_letters_after_one_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / f"{number}.eml" for number in range(3)]
    for file in files:
        file.write_text("From: Ana <ana@ana.example>\n\nhello\n")
    app(["inspect", "--letter", *map(str, files), "--json"], result_action="return_value")
    assert [told["kind"] for told in printed(capsys)] == ["human"] * 3
