"""A mailbox elsewhere as MAILBOX_URL names it, why it cannot be read, and how long to wait then."""

from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit

from bot.setting_values import DONE, INBOX

NOT_READ = "Not read"
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0


class Unreachable(Exception):
    """The mailbox cannot be read now; the message says why, and holds neither user nor password.

    `setting`: it is the operator who must mend MAILBOX_URL, as far as the server's answer tells.
    """

    def __init__(self, why: str, *, setting: bool = False) -> None:
        super().__init__(why)
        self.setting = setting


@dataclass(frozen=True, slots=True)
class Account:
    """Where the letters lie; folders are written with `/` between their levels, whatever the server has there."""

    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    tls: str  # "direct", "starttls" or "none"
    folder: str = INBOX
    done: str = DONE

    @property
    def not_read(self) -> str:
        """Return the folder, beside that of the letters read, of those that could not be."""
        return self.done.rpartition("/")[0] + "/" * ("/" in self.done) + NOT_READ


def account_of(url: str) -> Account:
    """Return what an address says that the settings have accepted."""
    parts = urlsplit(url)
    options = {name: values[0].strip("/ ") for name, values in parse_qs(parts.query).items()}
    direct = parts.scheme == "imaps"
    return Account(
        host=parts.hostname or "",
        port=parts.port or (993 if direct else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls="direct" if direct else ("starttls" if "starttls" in options else "none"),
        folder=options.get("folder", INBOX),
        done=options.get("done", DONE),
    )


def pause(failures: int, random: Random) -> float:
    """Return the seconds to wait after so many failures in a row: doubled each time, up to five minutes, and jittered.

    The jitter takes away up to half, so that many bots do not come back to a server all at once.
    """
    longest: float = min(FIRST_PAUSE_SECONDS * 2.0 ** min(max(failures, 1) - 1, 20), LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1.0)
