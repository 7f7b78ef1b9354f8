"""What `bulletin doctor` says of the roads on which letters come in."""

import json
from pathlib import Path

import pytest

from bot.cli.doctor import doctor
from bot.mailbox import lmtp
from bot.seal import Sealer


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Asks the doctor about settings, and returns what it says of letters."""

    async def asked(*lines: str) -> list[tuple[str, str, str]]:
        config = tmp_path / "config.env"
        given = [*lines, f"DATA_DIR={tmp_path}/data"]
        config.write_text("".join(f"BULLETIN_{line}\n" for line in given), "utf-8")
        await doctor(json_=True, config=config)
        found = json.loads(capsys.readouterr().out.splitlines()[-1])
        return [(one["verdict"], one["found"], one["todo"]) for one in found if "letters" in one["what"]]

    return asked


async def test_an_installation_without_a_road_for_letters_is_told_which_settings_make_one(ask):
    [(verdict, _, todo)] = await ask()
    assert verdict == "warn"
    assert {"BULLETIN_MAILBOX_URL", "BULLETIN_LMTP_LISTEN"} < set(todo.replace(";", "").split())


async def test_a_door_is_found_open_or_closed(ask, tmp_path: Path):
    async def never(*given: object, **more: object) -> None: ...

    for listen in (f"unix:{tmp_path}/lmtp", "127.0.0.1:0"):
        async with lmtp.serving(listen, never, never, Sealer(b"a" * 32)) as port:
            listening = listen.replace(":0", f":{port}")
            [door, senders] = await ask(f"LMTP_LISTEN={listening}")
            assert (door[0], senders[0]) == ("ok", "warn")
            assert "BULLETIN_AUTHSERV_ID" in senders[2]
        [closed] = await ask(f"LMTP_LISTEN={listening}", "AUTHSERV_ID=mail.example.org")
        assert door[1] == "they are taken"
        assert closed[:2] == ("ok", "nobody takes them now; `bulletin run` does")


async def test_a_socket_without_its_folder_is_broken(ask, tmp_path: Path):
    [door] = await ask(f"LMTP_LISTEN=unix:{tmp_path}/run/lmtp", "AUTHSERV_ID=mail.example.org")
    assert door == ("fail", f"there is no folder {tmp_path}/run", f"Run: mkdir -p {tmp_path}/run")
