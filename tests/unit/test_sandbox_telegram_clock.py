"""The sandbox's clock: its speed, its jumps, and the file that other processes follow."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.clock import Clock

START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


def test_a_paused_clock_stands_still_until_it_jumps() -> None:
    clock = Clock(START, speed=0)
    assert clock.now() == START
    clock.jump(timedelta(days=7))
    assert clock.now() == START + timedelta(days=7)


async def test_a_fast_clock_sleeps_an_hour_in_no_time() -> None:
    clock = Clock(START, speed=36_000)
    begun = time.monotonic()
    await clock.sleep(3600)
    assert clock.now() >= START + timedelta(hours=1)
    assert 0.09 < time.monotonic() - begun < 1


@pytest.mark.parametrize("wake", [lambda clock: clock.jump(timedelta(hours=2)), lambda clock: clock.set_speed(1e6)])
async def test_a_sleeper_wakes_when_the_time_jumps_or_the_speed_changes(wake) -> None:
    clock = Clock(START, speed=0)
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    wake(clock)
    await asyncio.wait_for(sleeper, timeout=1)


async def test_a_pause_keeps_a_sleeper_asleep() -> None:
    clock = Clock(START, speed=100)
    sleeper = asyncio.create_task(clock.sleep(10))
    await asyncio.sleep(0)
    clock.set_speed(0)
    done, _ = await asyncio.wait({sleeper}, timeout=0.25)
    assert not done
    clock.set_speed(1e6)
    await asyncio.wait_for(sleeper, timeout=1)


def test_the_speed_changes_from_now_on_and_not_backwards() -> None:
    clock = Clock(START, speed=0)
    clock.jump(timedelta(hours=1))
    clock.set_speed(1)
    assert timedelta(hours=1) <= clock.now() - START < timedelta(hours=1, seconds=1)
    with pytest.raises(ValueError, match="backwards"):
        clock.set_speed(-1)


def test_the_file_holds_start_anchor_and_speed(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    Clock(START, speed=0, file=file).jump(timedelta(minutes=1))
    start, anchor, speed = file.read_text().split()
    assert datetime.fromisoformat(start) == START + timedelta(minutes=1)
    assert abs(float(anchor) - time.time()) < 60
    assert float(speed) == 0


def test_two_clocks_on_one_file_tell_the_same_time(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    ours = Clock(START, speed=0, file=file)
    theirs = Clock.follow(file)
    for _ in range(50):
        ours.jump(timedelta(hours=1))
        assert theirs.now() == ours.now()
    theirs.jump(timedelta(days=1))
    assert ours.now() == START + timedelta(hours=50, days=1)


def test_a_clock_without_a_file_to_follow_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Clock.follow(tmp_path / "none")


def test_a_start_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-03-01T17:00:00 0 1")
    with pytest.raises(ValueError, match="time zone"):
        Clock.follow(file)


def test_a_clock_goes_on_when_its_file_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = Clock(START, speed=0, file=file)
    file.unlink()
    assert clock.now() == START


def test_another_process_follows_the_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = Clock(START, speed=0, file=file)
    program = (
        "import sys, pathlib; from bot.sandbox.clock import Clock\n"
        f"clock = Clock.follow(pathlib.Path({str(file)!r}))\n"
        "for _ in sys.stdin: print(clock.now().isoformat(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        for hours in range(1, 4):
            clock.jump(timedelta(hours=1))
            other.stdin.write("?\n")
            other.stdin.flush()
            assert other.stdout.readline().strip() == (START + timedelta(hours=hours)).isoformat()
        other.stdin.close()
