"""Sealing: other bytes each time, one key for each purpose, nothing opens that was touched; and the key file."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OperatorError
from bot.seal import KEY_BYTES, NONCE_BYTES, Sealer, load_secret

SEALER = Sealer(b"a secret of this test, long enough to be one")
DAN = "dan@readers.example"


@given(st.text(max_size=200))
def test_what_was_sealed_opens_again(text: str) -> None:
    assert SEALER.open("contact", SEALER.seal("contact", text)) == text


def test_the_same_text_is_sealed_into_other_bytes_each_time() -> None:
    assert len({SEALER.seal("address", DAN) for _ in range(50)}) == 50


def test_a_value_opens_for_its_own_purpose_only() -> None:
    with pytest.raises(OperatorError, match="BULLETIN_SECRET_KEY"):
        SEALER.open("contact", SEALER.seal("address", DAN))


def test_a_value_with_one_bit_changed_does_not_open() -> None:
    sealed = SEALER.seal("address", DAN)
    for bit in range(len(sealed) * 8):
        touched = bytearray(sealed)
        touched[bit // 8] ^= 1 << bit % 8
        with pytest.raises(OperatorError, match="BULLETIN_SECRET_KEY"):
            SEALER.open("address", bytes(touched))


@pytest.mark.parametrize("length", [0, 1, 7, NONCE_BYTES, NONCE_BYTES + 15, NONCE_BYTES + 16])
def test_a_value_that_was_cut_off_does_not_open(length: int) -> None:
    with pytest.raises(OperatorError, match="BULLETIN_SECRET_KEY"):
        SEALER.open("address", SEALER.seal("address", DAN)[:length])


def test_a_value_is_found_by_a_mark_of_its_purpose_and_key() -> None:
    mark = SEALER.mac("address", DAN)
    assert mark == Sealer(b"a secret of this test, long enough to be one").mac("address", DAN)
    others = {
        SEALER.mac("contact", DAN),
        SEALER.mac("address", "eve@readers.example"),
        Sealer(b"x").mac("address", DAN),
    }
    assert len({mark, *others}) == 4
    assert len(mark) == 64


def test_no_two_keys_of_an_installation_are_alike() -> None:
    purposes = ("seal:address", "mac:address", "token:leave", "token:bounce", "token:message", "address")
    keys = {SEALER.key(purpose) for purpose in purposes}
    assert len(keys) == len(purposes)
    assert {len(key) for key in keys} == {KEY_BYTES}


# --- The key file ---


def test_the_key_file_is_made_once_beside_the_data_and_for_nobody_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    secret = load_secret(None, data)

    file = tmp_path / "data.key"
    assert load_secret(None, data) == secret == file.read_bytes()
    assert len(bytes.fromhex(secret.decode())) == KEY_BYTES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_secret(None, tmp_path / "other") != secret


def test_a_key_in_the_settings_makes_no_file(tmp_path: Path) -> None:
    assert load_secret("given by hand", tmp_path / "data") == b"given by hand"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", ["", "\n", "0f0f0f"])
def test_a_key_file_that_is_empty_or_cut_off_is_refused(tmp_path: Path, left: str) -> None:
    (tmp_path / "data.key").write_text(left)
    with pytest.raises(OperatorError, match=r"data\.key is empty or cut off.*from a copy"):
        load_secret(None, tmp_path / "data")
    assert (tmp_path / "data.key").read_text() == left


def test_where_no_key_file_can_be_made_the_sentence_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Set BULLETIN_SECRET_KEY"):
        load_secret(None, tmp_path / "nowhere" / "data")
