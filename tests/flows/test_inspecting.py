"""`bulletin inspect`, run beside the bot as an operator runs it: an address, a batch of pages; nothing is stored."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.cast import World
from tests.flows.acts import tables
from tests.flows.world_process import environment

PAGE = """<html lang="{language}"><head><title>{title} | {site}</title></head><body><h1>{title}</h1>
<p class="byline">{byline}</p><p>{published}</p><p>{source}</p><footer>© 2026 {site}</footer></body></html>"""
UKRAINIAN = PAGE.format(language="uk", title="Хліб для всіх", site="Хвиля", byline="Автор: Марта Береза",
                        published="Опубліковано 5 листопада 2026", source="Джерело: «Сирена»")  # fmt: skip
ENGLISH = PAGE.format(language="en", title="Interview: bread for all", site="Melnyk", byline="By Ivan Bereh",
                      published="Published: October 2026", source="Source: Sirena")  # fmt: skip
ADDRESS = "http://khvylia.example/uk?utm_source=x"
TOLD = {
    "url": ADDRESS,
    "canonical": "https://khvylia.example/uk",
    "title": "Хліб для всіх",
    "source": "Хвиля",
    "authors": ["Марта Береза"],
    "published": {"value": "2026-11-05", "precision": "day"},
    "language": "uk",
    "media_type": "article",
    "original_source": "Сирена",
    "problems": [],
}


async def inspected(newsroom: World, *arguments: str, cwd: Path) -> str:
    """Run `bulletin inspect` with the bot's own settings, and return what it prints."""
    command = Path(sys.executable).with_name("bulletin")
    ran = await asyncio.create_subprocess_exec(
        command, "inspect", *arguments, cwd=cwd, env=environment(newsroom.settings), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await ran.communicate()
    assert ran.returncode == 0
    return out.decode()


@pytest.mark.system
async def test_an_operator_sees_pages_in_both_languages_and_nothing_is_stored(newsroom: World, tmp_path: Path) -> None:
    newsroom.site.add("http://khvylia.example/uk", UKRAINIAN)
    before = tables(newsroom)
    out = await inspected(newsroom, ADDRESS, "--json", cwd=tmp_path)
    assert json.loads(out) == TOLD
    (tmp_path / "uk.html").write_text(UKRAINIAN, "utf-8")
    (tmp_path / "en.html").write_text(ENGLISH, "utf-8")
    batch = [{"url": ADDRESS, "file": "uk.html"}, {"url": "http://melnyk.example/en", "file": "en.html"}]
    (tmp_path / "batch.jsonl").write_text("\n".join(map(json.dumps, batch)), "utf-8")
    out = await inspected(newsroom, "--batch", "batch.jsonl", "--json", cwd=tmp_path)
    first, second = map(json.loads, out.splitlines())
    assert first == TOLD
    assert second == {
        "url": "http://melnyk.example/en",
        "canonical": "https://melnyk.example/en",
        "title": "Interview: bread for all",
        "source": "Melnyk",
        "authors": ["Ivan Bereh"],
        "published": {"value": "2026-10", "precision": "month"},
        "language": "en",
        "media_type": "interview",
        "original_source": "Sirena",
        "problems": [],
    }
    assert tables(newsroom) == before
