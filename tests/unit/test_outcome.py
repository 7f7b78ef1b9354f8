"""What an answer, a refusal or a silence proves."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import httpx
import pytest

from bot.delivery.breaker import Breaker
from bot.delivery.outcome import GIVE_UP_SECONDS, of_smtp_reply, of_telegram_answer, of_telegram_silence, retry_delay
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("cause", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")])
def test_a_request_that_never_left_proves_that_nothing_was_sent(cause: Exception) -> None:
    found = of_telegram_silence("Timed out", cause)

    assert isinstance(found, NotSent)
    assert (found.permanent, found.whose) == (False, "run")


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.WriteError("cut"),
        httpx.ReadError("cut"),
        httpx.RemoteProtocolError("cut"),
        None,
    ],
)
def test_a_silence_after_writing_leaves_a_doubt(cause: Exception | None) -> None:
    assert isinstance(of_telegram_silence("Timed out", cause), PerhapsSent)


@pytest.mark.parametrize("code", [500, 502, 504, 302])
def test_an_error_of_the_server_itself_leaves_a_doubt(code: int) -> None:
    assert isinstance(of_telegram_answer(code, "Bad Gateway"), PerhapsSent)


def test_telegrams_refusals_say_whose_fault_and_for_how_long() -> None:
    flood = of_telegram_answer(429, "Too Many Requests", retry_after=17)
    token = of_telegram_answer(401, "Unauthorized")
    rights = of_telegram_answer(400, "Not enough rights to send text messages to the chat")
    admin = of_telegram_answer(400, "Need administrator rights in the channel chat")

    assert isinstance(flood, NotSent)
    assert (flood.permanent, flood.retry_after, flood.whose) == (False, 17, "target")
    assert isinstance(token, NotSent)
    assert token.whose == "run"
    for refusal in (rights, admin):
        assert isinstance(refusal, NotSent)
        assert not isinstance(refusal, ChatGone)
        assert (refusal.permanent, refusal.whose) == (True, "target")
    assert isinstance(of_telegram_answer(403, "Forbidden: bot was kicked from the channel chat"), ChatGone)
    assert isinstance(of_telegram_answer(400, "Chat not found"), ChatGone)
    moved = of_telegram_answer(400, "group chat was upgraded", moved_to=-1007)
    assert isinstance(moved, ChatMoved)
    assert moved.chat == -1007


@pytest.mark.parametrize(
    ("step", "code", "words", "permanent", "whose"),
    [
        ("RCPT", 550, "5.1.1 No such user here", True, "target"),
        ("RCPT", 550, "5.7.1 Rejected by the recipient", True, "target"),
        ("RCPT", 554, "5.7.1 <dan@readers.example>: Relay access denied", True, "run"),
        ("RCPT", 530, "5.7.0 Authentication required", True, "run"),
        ("RCPT", 450, "4.2.0 Greylisted", False, "target"),
        ("RCPT", 452, "Too many", False, "target"),
        ("MAIL", 550, "5.7.1 Sender refused", True, "run"),
        ("MAIL", 421, "4.7.0 Slow down", False, "run"),
        ("AUTH", 535, "5.7.8 Authentication failed", False, "run"),
        ("CONNECT", 554, "5.7.1 Not you", False, "run"),
        ("DATA", 451, "4.3.0 Try later", False, "target"),
        ("DOT", 550, "5.7.1 Refused by policy", True, "run"),
        ("DOT", 552, "5.3.4 Too big", True, "run"),
        ("DOT", 552, "5.2.2 Mailbox full", True, "target"),
        ("DOT", 451, "4.7.1 Try later", False, "target"),
    ],
)
def test_a_mail_servers_refusal_is_laid_to_the_reader_or_to_us(
    step: str, code: int, words: str, permanent: bool, whose: str
) -> None:
    found = of_smtp_reply(step, code, words)

    assert (found.permanent, found.whose) == (permanent, whose)


@pytest.mark.parametrize("step", ["MAIL", "DATA", "DOT"])
def test_no_address_stays_in_the_reason_of_a_refusal(step: str) -> None:
    found = of_smtp_reply(step, 550, "5.1.1 <dan@readers.example>: no such user, says mail.example")

    assert found.reason == "550 5.1.1 … no such user, says mail.example"


def test_of_a_refused_address_only_the_codes_are_kept() -> None:
    assert of_smtp_reply("RCPT", 550, "5.1.1 there is no dan here").reason == "550 5.1.1"


def test_delays_grow_with_jitter_and_end_after_three_days() -> None:
    delays = []
    while (delay := retry_delay(len(delays) + 1, Random(3))) is not None:
        delays.append(delay)

    assert 45 <= delays[0] <= 75
    assert max(delays) <= 4 * 3600 * 1.25
    assert all(later > earlier for earlier, later in pairwise(delays[:8]))
    assert 0.75 * GIVE_UP_SECONDS < sum(delays) < 1.35 * GIVE_UP_SECONDS
    assert len({retry_delay(1, Random(seed)) for seed in range(20)}) > 10
    assert retry_delay(10_000, Random(1)) is None


def test_the_breaker_pauses_ever_longer_probes_with_one_letter_and_alarms_once() -> None:
    random, still = Random(1), Breaker()
    first = still.after(NOW, random, taken=False, alarming=True, troubled=True)
    second = first.after(NOW, random, taken=False, alarming=True, troubled=True)

    assert first.until is not None
    assert second.until is not None
    assert second.until - NOW > first.until - NOW > timedelta(seconds=29)
    assert first.alarmed
    assert first.window(NOW, 8) == 0
    assert first.window(first.until, 8) == 1
    assert second.after(NOW, random, taken=True, alarming=False, troubled=False) == still
    assert still.window(NOW, 8) == 8


def test_one_letter_without_an_answer_alarms_nobody_and_two_in_a_row_do() -> None:
    first = Breaker().after(NOW, Random(1), taken=False, alarming=False, troubled=True)

    assert not first.alarmed
    assert first.after(NOW, Random(1), taken=False, alarming=False, troubled=True).alarmed
