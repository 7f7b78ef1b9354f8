"""How a client of the sandbox's mail server proves who it is: AUTH PLAIN and AUTH LOGIN (RFC 4954)."""

import base64
import binascii
import hmac
from typing import Literal


class Login:
    """One client's attempt to log in; each line it sends gets one reply line back."""

    def __init__(self, user: str, password: str) -> None:
        self.granted = False
        self._expected = f"{user}\0{password}".encode()
        self._awaited: Literal["", "plain", "user", "password"] = ""
        self._user = b""

    @property
    def waits_for_a_line(self) -> bool:
        return self._awaited != ""

    def start(self, argument: bytes) -> str:
        """Reply to `AUTH argument`, with or without an initial response."""
        mechanism, _, initial = argument.partition(b" ")
        if self.granted:
            return "503 5.5.1 You are known already"
        if mechanism.upper() == b"PLAIN":
            self._awaited = "plain"
            return self.take(initial) if initial else "334 "
        if mechanism.upper() == b"LOGIN":
            self._awaited = "user"
            return self.take(initial) if initial else "334 VXNlcm5hbWU6"
        return "504 5.5.4 PLAIN or LOGIN"

    def take(self, line: bytes) -> str:
        """Reply to the line that was waited for; "*" gives up."""
        awaited, self._awaited = self._awaited, ""
        if line == b"*":
            return "501 5.7.0 As you like"
        try:
            answer = base64.b64decode(line, validate=True)
        except binascii.Error:
            return "501 5.5.2 That is not base64"
        if awaited == "user":
            self._user = answer
            self._awaited = "password"
            return "334 UGFzc3dvcmQ6"
        credentials = answer.partition(b"\0")[2] if awaited == "plain" else self._user + b"\0" + answer
        self.granted = hmac.compare_digest(credentials, self._expected)
        return "235 2.7.0 Welcome" if self.granted else "535 5.7.8 Unknown user or password"
