"""The operator's settings: mistakes in one go, secrets in files, and an example that three programs read alike."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.errors import OperatorError
from bot.settings import PREFIX, SECRETS, Settings, load

TOP = Path(__file__).parents[2]
EXAMPLE = TOP / "config.example.env"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def config(tmp_path: Path):
    """Writes a settings file of these lines, the prefix added, and returns its path."""

    def write(*lines: str) -> Path:
        path = tmp_path / "config.env"
        path.write_text("".join(f"{PREFIX}{line}\n" for line in lines), "utf-8")
        return path

    return write


def in_a_process_of_its_own(environment: dict[str, str], config: Path) -> dict[str, object]:
    """The settings as a fresh process with this environment reads them, secrets in clear."""
    program = (
        "import json, sys; from pathlib import Path; from bot.settings import SECRETS, load\n"
        "settings = load(Path(sys.argv[1]))\n"
        "print(json.dumps(settings.model_dump(mode='json') | {name: held.get_secret_value() for name in SECRETS "
        "if (held := getattr(settings, name))}))"
    )
    command = [sys.executable, "-c", program, str(config)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    done = subprocess.run(command, env=clean | environment, cwd=TOP, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def example(*, without: tuple[str, ...] = ()) -> str:
    """The example with every setting switched on, but for those without which it would be another installation."""
    lines = [
        line.removeprefix("#") if line.startswith(f"#{PREFIX}") else line for line in EXAMPLE.read_text().split("\n")
    ]
    return "\n".join(line for line in lines if line.partition("=")[0] not in without)


def as_docker_reads(text: str) -> dict[str, str]:
    """`docker run --env-file`: a value is everything behind the first `=`, as it stands."""
    lines = [line.lstrip() for line in text.split("\n")]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def as_systemd_reads(text: str) -> dict[str, str]:
    """`EnvironmentFile=`: comments begin with # or ;, outer space goes, quotes and backslashes mean something."""
    lines = [line.strip() for line in text.split("\n")]
    pairs = [line.split("=", 1) for line in lines if line and line[0] not in "#;"]
    assert not [name for name, value in pairs if set(value) & set("'\"\\")]
    return {name.strip(): value.strip() for name, value in pairs}


def test_the_token_alone_is_enough(config):
    settings = load(config(f"TELEGRAM_TOKEN={TOKEN}"))
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.database == "sqlite:///data/bulletin.db"
    assert settings.mail_missing == ("BULLETIN_SMTP_URL", "BULLETIN_MAIL_FROM", "BULLETIN_PUBLIC_URL")


def test_every_mistake_is_told_at_once_by_the_name_of_its_setting(config):
    wrong = {
        "OWNER_ID": "ana",
        "MODERATORS_CHAT": "the group",
        "TIMEZONE": "Kyiv",
        "SCHEDULE": "sundays at six",
        "CUTOFF": "an hour",
        "LANGUAGE": "English",
        "SECRET_KEY": "short",
        "SMTP_URL": "mail.example.org",
        "SMTP_CONNECTIONS": "0",
        "MAIL_FROM": "Our Bulletin",
        "PUBLIC_URL": "bulletin.example.org",
        "MAILBOX_URL": "mail.example.org",
        "LMTP_LISTEN": "0.0.0.0:8024",
        "AUTHSERV_ID": "mail example",
        "WEB_LISTEN": "8080",
        "LOG_LEVEL": "LOUD",
        "LOG_FORMAT": "xml",
        "FETCH_PROXY_FILE": "/nowhere/proxy",
        "DEMO_CLOCK": "/tmp/clock",
    }
    with pytest.raises(OperatorError) as told:
        load(config(*(f"{name}={value}" for name, value in wrong.items())))
    lines = str(told.value).splitlines()[1:]
    assert sorted(line.strip().partition(":")[0] for line in lines) == sorted(PREFIX + name for name in wrong)
    assert all(line.partition(":")[2].strip().endswith(".") for line in lines)


def test_a_mistake_in_a_secret_does_not_print_the_secret(config):
    with pytest.raises(OperatorError) as told:
        load(config("SECRET_KEY=hunter2", "SMTP_URL=ana:hunter3@mail.example.org"))
    assert "hunter" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_missing_settings_file_is_named(tmp_path):
    with pytest.raises(OperatorError, match=r"There is no file .*absent\.env"):
        load(tmp_path / "absent.env")


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_lie_in_a_file(config, tmp_path, name):
    scheme = {"smtp_url": "smtp", "mailbox_url": "imaps"}.get(name, "https")
    address = f"{scheme}://user:a-password-of-some-length@host.example"
    secret = f"123456789:{'A' * 35}" if name == "telegram_token" else address
    (tmp_path / "secret").write_text(f"{secret}\n", "utf-8")
    settings = load(config(f"{name.upper()}_FILE={tmp_path / 'secret'}"))
    assert getattr(settings, name).get_secret_value() == secret


@pytest.mark.parametrize("kind", ["absent", "folder", "not text"])
def test_a_secret_file_that_holds_no_secret_is_a_mistake_like_any_other(config, tmp_path, kind):
    file = tmp_path / "secret"
    if kind == "folder":
        file.mkdir()
    elif kind == "not text":
        file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OperatorError) as told:
        load(config(f"SECRET_KEY_FILE={file}", "CUTOFF=soon"))
    assert "BULLETIN_SECRET_KEY_FILE: " in str(told.value)
    assert "BULLETIN_CUTOFF: " in str(told.value)


def test_lists_are_written_without_json(config):
    settings = load(config("CHANNELS=-1001, @our_bulletin ,", "SECTIONS=News; Analysis and comment|Analysis;"))
    assert settings.channels == ["-1001", "@our_bulletin"]
    assert settings.sections == ["News", "Analysis and comment|Analysis"]


def test_the_demo_clock_is_refused_with_telegrams_own_servers(config):
    with pytest.raises(OperatorError, match="BULLETIN_DEMO_CLOCK: it is for the sandbox only"):
        load(config("DEMO_CLOCK=/tmp/clock"))
    assert load(config("DEMO_CLOCK=/tmp/clock", "TELEGRAM_API_URL=http://127.0.0.1:8081")).demo_clock == "/tmp/clock"


def test_the_environment_wins_over_the_file(config):
    read = in_a_process_of_its_own({"BULLETIN_TITLE": "From outside"}, config("TITLE=From the file", "CUTOFF=30"))
    assert (read["title"], read["cutoff"]) == ("From outside", 30)


def test_the_example_names_every_setting_and_no_other():
    named = [line.partition("=")[0] for line in example().split("\n") if line.startswith(PREFIX)]
    assert sorted(named) == sorted(PREFIX + name.upper() for name in Settings.model_fields)


def test_the_example_begins_with_what_is_needed_and_loads_as_it_stands():
    assert "You need only these" in EXAMPLE.read_text().split("\n", 1)[0]
    assert load(EXAMPLE) == Settings(_env_file=None)


def test_the_example_reads_alike_in_bulletin_docker_and_systemd(tmp_path):
    sandbox_and_files = (f"{PREFIX}DEMO_CLOCK", *(f"{PREFIX}{name.upper()}_FILE" for name in SECRETS))
    text = example(without=sandbox_and_files)
    file, empty = tmp_path / "config.env", tmp_path / "empty.env"
    file.write_text(text, "utf-8")
    empty.touch()
    assert as_docker_reads(text) == as_systemd_reads(text) == dotenv_values(file)
    assert in_a_process_of_its_own(as_docker_reads(text), empty) == in_a_process_of_its_own({}, file)


def test_the_example_shows_the_defaults_as_they_are(tmp_path):
    shown = load(_written(tmp_path, example(without=tuple(f"{PREFIX}{name.upper()}_FILE" for name in SECRETS))))
    defaults = {
        name: field.default for name, field in Settings.model_fields.items() if field.default not in (None, "", [])
    }
    assert {name: getattr(shown, name) for name in defaults} == defaults


def _written(room: Path, text: str) -> Path:
    path = room / "config.env"
    path.write_text(text.replace(f"{PREFIX}DEMO_CLOCK=", "#"), "utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("TELEGRAM_TOKEN=abc", "this is no token"),
        ("SMTP_URL=smtp://host:58x", "write a whole address such as smtp://"),
        ("SMTP_URL=https://host", "write a whole address such as smtp://"),
        ("FETCH_PROXY=smtp://host", "write a whole address such as http://"),
        ("CHANNELS=our_bulletin", "is no channel"),
        ("SECTIONS=;", "at least one title"),
        ("MODERATORS_CHAT=10000000000000000000000000", "MODERATORS_CHAT"),
        ("PUBLIC_URL=https://host.example/bulletin", "has a path"),
        ("PUBLIC_URL=https://ex ample", "is no web address"),
        ("MAIL_FROM=a,b@x.example", "is no mail address"),
        ("MAILBOX_URL=smtp://user:word@host", "write a whole address such as imaps://"),
        ("MAILBOX_URL=imaps://host.example", "the user and the password"),
        ("MAILBOX_URL=imaps://user:word@host/INBOX", "and no path"),
        ("MAILBOX_URL=imap://user:word@host.example", "in clear: write imaps://"),
        ("MAILBOX_URL=imap://user:word@host?starttls=maybe", "goes with imap:// only"),
        ("MAILBOX_URL=imaps://user:word@host?starttls=required", "goes with imap:// only"),
        ("MAILBOX_URL=imaps://user:word@host?inbox=Letters", "'inbox' means nothing there"),
        ("MAILBOX_URL=imaps://user:word@host?done=inbox", "must name two folders"),
        ("LMTP_LISTEN=0.0.0.0:8024", "can be reached by other machines"),
        ("LMTP_LISTEN=192.0.2.1:8024", "can be reached by other machines"),
        ("LMTP_LISTEN=[::]:8024", "can be reached by other machines"),
        ("LMTP_LISTEN=8024", "is no address and port"),
        ("LMTP_LISTEN=unix:lmtp", "is no socket; write a whole path"),
        ("AUTHSERV_ID=mail example", "is no name of a mail server"),
    ],
)
def test_a_value_that_cannot_work_is_refused_at_once(config, line, words):
    with pytest.raises(OperatorError, match=words):
        load(config(line))


@pytest.mark.parametrize(
    "line",
    [
        "MAILBOX_URL=imaps://bulletin%40host.example:w%2Frd@mail.host.example?folder=Letters&done=Letters/Done",
        "MAILBOX_URL=imap://user:word@host.example?starttls=required",
        "MAILBOX_URL=imap://user:word@127.0.0.1:1143",
        "LMTP_LISTEN=127.0.0.1:8024",
        "LMTP_LISTEN=[::1]:8024",
        "LMTP_LISTEN=localhost:8024",
        "LMTP_LISTEN=unix:/run/bulletin/lmtp",
        "AUTHSERV_ID=mail.example.org",
    ],
)
def test_the_roads_of_letters_are_taken_as_they_are_written(config, line):
    name, _, value = line.partition("=")
    given = getattr(load(config(line)), name.lower())
    assert (given if isinstance(given, str) else given.get_secret_value()) == value
