"""What a setting may hold, as types that say in the operator's words what is wrong with it."""

import ipaddress
import re
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

INBOX, DONE = "INBOX", "Bulletin/Done"
MAILBOX_OPTIONS = ("folder", "done", "starttls")
UNIX_PATH_BYTES = 100  # the systems take 104 to 108


def accepted_zone(zone: str) -> bool:
    """Say whether a name is that of a time zone, as it must be written."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zone(zone: str) -> str:
    if not accepted_zone(zone):
        raise ValueError(f"{zone!r} is no time zone; write one such as Europe/Kyiv")
    return zone


def _schedule(schedule: str) -> str:
    match = re.fullmatch(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)", schedule.strip().lower())
    if match is None:
        raise ValueError(f"{schedule!r} is no schedule; write a day and a time such as: sun 18:00")
    return match[0]


def _key(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < 32:
        raise ValueError("the key is too short; use at least 32 random characters")
    return key


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d{5,}:[A-Za-z0-9_-]{30,}", token.get_secret_value()):
        raise ValueError("this is no token; copy it whole, as @BotFather gave it: digits, a colon, letters")
    return token


def _mail_server(url: SecretStr) -> SecretStr:
    if not _reaches(url, "smtp", "smtps"):
        raise ValueError("write a whole address such as smtp://user:password@host:587")
    return url


def _mailbox(url: SecretStr) -> SecretStr:
    example = "imaps://user:password@mail.example.org:993"
    if not _reaches(url, "imap", "imaps"):
        raise ValueError(f"write a whole address such as {example}")
    parts = urlsplit(url.get_secret_value())
    asked = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(asked)
    if not parts.username or not parts.password or parts.path.strip("/"):
        raise ValueError(f"write the user and the password into the address, and no path: {example}")
    if unknown := [name for name, value in asked if name not in MAILBOX_OPTIONS or not value.strip("/ ")]:
        raise ValueError(f"{unknown[0]!r} means nothing there; what may follow the ? is folder=, done= and starttls=")
    if len(options) < len(asked) or options.get("folder", INBOX).upper() == options.get("done", DONE).upper():
        raise ValueError("folder= and done= must name two folders, each once: ?folder=INBOX&done=Bulletin/Done")
    if options.get("starttls", "required") != "required" or (parts.scheme == "imaps" and "starttls" in options):
        raise ValueError("?starttls=required goes with imap:// only, and no other word does")
    if parts.scheme == "imap" and "starttls" not in options and not _is_loopback(parts.hostname or ""):
        raise ValueError("the password would be sent in clear: write imaps://, or add ?starttls=required")
    return url


def _letters_listen(listen: str) -> str:
    if listen.startswith("unix:"):
        path = listen.removeprefix("unix:")
        if not PurePath(path).is_absolute() or len(path.encode()) > UNIX_PATH_BYTES:
            raise ValueError(
                f"{listen!r} is no socket; write a whole path of at most 100 letters: unix:/run/bulletin/lmtp"
            )
        return listen
    if listen and not _is_loopback(_listen(listen).rpartition(":")[0].strip("[]")):
        raise ValueError(
            f"{listen!r} can be reached by other machines, and whoever reaches it may write any letter; "
            "write 127.0.0.1:8024 or unix:/run/bulletin/lmtp, and let your mail server on this machine receive"
        )
    return listen


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _server_name(name: str) -> str:
    if name and not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise ValueError(f"{name!r} is no name of a mail server; write the one at the head of Authentication-Results")
    return name.lower()


def _proxy(url: SecretStr) -> SecretStr:
    if not _reaches(url, "http", "https"):
        raise ValueError("write a whole address such as http://proxy.example.org:3128")
    return url


def _web_address(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", url):
        raise ValueError(f"{url!r} is no web address; write one such as https://bulletin.example.org")
    return url.rstrip("/")


def _site(url: str) -> str:
    if urlsplit(url).path:
        raise ValueError(f"{url!r} has a path; the web pages need a host of their own: https://bulletin.example.org")
    return url


def _mail_address(address: str) -> str:
    if address and not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", address):
        raise ValueError(f"{address!r} is no mail address; write one such as bulletin@example.org")
    return address


def _listen(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{listen!r} is no address and port; write for example 127.0.0.1:8080")
    return listen


def _title(title: str) -> str:
    if not any(letter.isalnum() for letter in title):
        raise ValueError("a title needs letters")
    return title.strip()


def _sections(sections: list[str]) -> list[str]:
    if not sections or not all(given.partition("|")[0].strip() for given in sections):
        raise ValueError("write at least one title, with semicolons between: News;Analysis and comment|Analysis")
    return sections


def _chats(chats: list[str]) -> list[str]:
    for given in chats:
        if not re.fullmatch(r"@\w{4,}|-\d{4,15}", given):
            raise ValueError(f"{given!r} is no channel; write its @name, or its id such as -1001234567890")
    return chats


def _reaches(url: SecretStr, *schemes: str) -> bool:
    """Say whether an address has one of the schemes, a host, and a port that is one."""
    try:
        parts = urlsplit(url.get_secret_value())
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _split(separator: str) -> BeforeValidator:
    def split(raw: Any) -> Any:
        return [part.strip() for part in raw.split(separator) if part.strip()] if isinstance(raw, str) else raw

    return BeforeValidator(split)


Zone = Annotated[str, AfterValidator(_zone)]
Schedule = Annotated[str, AfterValidator(_schedule)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Token = Annotated[SecretStr, AfterValidator(_token)]
MailServer = Annotated[SecretStr, AfterValidator(_mail_server)]
Mailbox = Annotated[SecretStr, AfterValidator(_mailbox)]
LettersListen = Annotated[str, AfterValidator(_letters_listen)]
ServerName = Annotated[str, AfterValidator(_server_name)]
Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Site = Annotated[WebAddress, AfterValidator(_site)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Listen = Annotated[str, AfterValidator(_listen)]
Title = Annotated[str, AfterValidator(_title)]
Sections = Annotated[list[str], NoDecode, _split(";"), AfterValidator(_sections)]
Chats = Annotated[list[str], NoDecode, _split(","), AfterValidator(_chats)]
