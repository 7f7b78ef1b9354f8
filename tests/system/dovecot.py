"""A real Dovecot for a test: IMAP over TLS and in clear, with one mailbox."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.servers import Server, free_ports
from tests.unit.loopback import certified

USER, PASSWORD = "bulletin", "planted-password-to-be-seen-in-no-log"
CONFIGURATION = """
base_dir = {room}/run
state_dir = {room}/state
log_path = {room}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{room}/site.pem
ssl_key = <{room}/site.pem
disable_plaintext_auth = no
auth_verbose = yes
mail_location = maildir:{room}/mail/%u{layout}
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={room}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {clear}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{more}
"""


class Dovecot(Server):
    """`separator` and `prefix` are those of its folders; `without` are capabilities that it does not tell of."""

    def __init__(self, *, separator: str = "/", prefix: str = "", without: tuple[str, ...] = ()) -> None:
        self._separator, self._prefix, self._without = separator, prefix, without
        self.ports = self.tls_port, self.clear_port = free_ports(2)  # type: ignore[assignment]

    @property
    def url(self) -> str:
        return f"imaps://{USER}:{PASSWORD}@localhost:{self.tls_port}"

    def lay(self) -> None:
        _, self.trust = certified("localhost", self.room)
        (self.room / "mail").mkdir()
        (self.room / "mail").chmod(0o777)
        more = ""
        if self._without:
            kept = "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE NAMESPACE CHILDREN UNSELECT MOVE UIDPLUS"
            more = f"imap_capability = {' '.join(word for word in kept.split() if word not in self._without)}"
        text = CONFIGURATION.format(
            room=self.room,
            layout=":LAYOUT=fs" if self._separator == "/" else "",
            separator=self._separator,
            prefix=self._prefix,
            password=PASSWORD,
            clear=self.clear_port,
            tls=self.tls_port,
            more=more,
        )
        (self.room / "dovecot.conf").write_text(text)

    def command(self) -> list[str]:
        return ["dovecot", "-F", "-c", str(self.room / "dovecot.conf")]

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another program that looks at the mailbox."""
        client = imaplib.IMAP4_SSL("localhost", self.tls_port, ssl_context=self.trust, timeout=10)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def put(self, *letters: bytes, folder: str = "INBOX") -> None:
        with self.client() as client:
            for raw in letters:
                assert client.append(folder, "", None, raw)[0] == "OK"  # type: ignore[arg-type]

    def letters(self, folder: str = "INBOX") -> list[bytes]:
        """The letters of a folder, in their order; none where there is no such folder."""
        with self.client() as client:
            if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            _, found = client.search(None, "ALL")
            numbers = found[0].split()
            return [bytes(client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1]) for number in numbers]  # type: ignore[index]
