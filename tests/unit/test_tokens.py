"""Tokens that carry their own proof: of constant length, in one spelling, and never to be forged."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.mail import LEAVE_PLACEHOLDER
from bot.seal import Sealer
from bot.tokens import PROOF_BYTES, ROW_BYTES, fresh_token, read_row_token, row_token, webhook_secret

SEALER = Sealer(b"a secret of this test, long enough to be one")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
LONGEST_LOCAL_PART = 64
ROWS = st.integers(0, 256**ROW_BYTES - 1)
TOKEN = row_token(SEALER, "leave", 7, 3)


@given(ROWS, st.integers(0, 255))
def test_a_token_names_its_row_and_generation_in_few_plain_letters(row: int, generation: int) -> None:
    token = row_token(SEALER, "leave", row, generation)
    assert re.fullmatch(r"[a-z2-7]+", token)
    assert len(token) == len(TOKEN)
    assert read_row_token(SEALER, "leave", token) == (row, generation)
    assert row_token(SEALER, "leave", row, generation) == token


def test_a_token_fits_where_it_goes() -> None:
    assert len(TOKEN) <= len(LEAVE_PLACEHOLDER)
    assert len(f"bounce+{TOKEN}") <= LONGEST_LOCAL_PART


def test_a_token_of_one_purpose_key_or_generation_is_none_of_another() -> None:
    for purpose in ("bounce", "message", "", "Leave"):
        assert read_row_token(SEALER, purpose, TOKEN) is None
    assert read_row_token(Sealer(b"another"), "leave", TOKEN) is None
    tokens = {row_token(SEALER, p, r, g) for p in ("leave", "bounce") for r in range(9) for g in range(9)}
    assert len(tokens) == 2 * 9 * 9


def test_ten_thousand_invented_tokens_are_none() -> None:
    random = Random(417)
    for _ in range(10_000):
        invented = "".join(random.choices(LETTERS, k=len(TOKEN)))
        assert read_row_token(SEALER, "leave", invented) is None


def test_ten_thousand_invented_proofs_of_a_real_row_are_none() -> None:
    random = Random(418)
    body = len(TOKEN) - PROOF_BYTES * 8 // 5
    for _ in range(10_000):
        forged = TOKEN[:body] + "".join(random.choices(LETTERS, k=len(TOKEN) - body))
        assert read_row_token(SEALER, "leave", forged) is None


def test_a_token_with_any_letter_changed_is_none() -> None:
    for place, letter in enumerate(TOKEN):
        for other in LETTERS.replace(letter, ""):
            assert read_row_token(SEALER, "leave", TOKEN[:place] + other + TOKEN[place + 1 :]) is None


def test_capitals_are_as_good_since_mail_servers_may_change_them() -> None:
    assert read_row_token(SEALER, "leave", TOKEN.upper()) == (7, 3)
    assert read_row_token(SEALER, "leave", TOKEN.title()) == (7, 3)


@pytest.mark.parametrize(
    "spelling",
    [
        *(f"{TOKEN}{more}" for more in ("=", "===", "a", "aa", " ", "\n", "\0")),
        *(f"{more}{TOKEN}" for more in (" ", "a", "=")),
        TOKEN[:-1],
        TOKEN * 2,
        TOKEN.replace("s", "ſ").replace("i", "ı").replace("k", "\u212a") + "ı",
        "",
        "a",
        "=" * 8,
        "-" * 29,
        "ß" * 29,
        "🚩",
        "a" * 100_000,
    ],
)
def test_no_other_spelling_is_taken(spelling: str) -> None:
    assert read_row_token(SEALER, "leave", spelling) is None


@pytest.mark.parametrize(("letter", "look_alike"), [("i", "ı"), ("s", "ſ")])
def test_letters_whose_capital_is_ours_are_not_ours(letter: str, look_alike: str) -> None:
    token = next(t for t in (row_token(SEALER, "leave", row, 0) for row in range(500)) if letter in t)
    assert token.replace(letter, look_alike).upper() == token.upper()
    assert read_row_token(SEALER, "leave", token.replace(letter, look_alike)) is None


@given(st.text(max_size=60))
def test_whatever_stands_in_a_link_is_read_without_an_error(text: str) -> None:
    assert read_row_token(SEALER, "leave", text) is None


def test_a_fresh_token_fits_a_start_link_and_never_comes_twice() -> None:
    tokens = {fresh_token() for _ in range(2_000)}
    assert len(tokens) == 2_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)


def test_the_webhooks_secret_is_of_the_letters_that_telegram_takes() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", webhook_secret(SEALER))
    assert webhook_secret(SEALER) != webhook_secret(Sealer(b"another"))
