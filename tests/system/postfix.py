"""A real Postfix for a test, set up as docs/mailbox.md says; readers have mailboxes in it.

It tries again after two seconds: after one, its clock of whole seconds may find the letter due while its own client
still holds the file, and then it waits for a minute.
"""

import mailbox
import shutil
import subprocess
from pathlib import Path

from tests.system.servers import Server, free_ports

HERE, READERS, UNREACHABLE = "here.example", "readers.example", "unreachable.example"
MAIN = """
compatibility_level = 3.6
queue_directory = {room}/queue
data_directory = {room}/data
maillog_file = {room}/log
maillog_file_prefixes = {room}
myhostname = mail.here.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 20000000
recipient_delimiter = +
header_checks = regexp:{room}/conf/header_checks
relay_domains = {here}, {unreachable}
relay_recipient_maps = inline:{{ {{bulletin@{here} = x}}, {{bounce@{here} = x}}, {{@{unreachable} = x}} }}
transport_maps = inline:{{ {{bulletin@{here} = lmtp:{lmtp}}}, {{bounce@{here} = lmtp:{lmtp}}},
  {{{unreachable} = smtp:[127.0.0.1]:{closed}}} }}
virtual_mailbox_domains = {readers}
virtual_mailbox_maps = inline:{{ {{dan@{readers} = dan/}} }}
virtual_mailbox_base = {room}/mail
virtual_mailbox_limit = 0
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
fast_flush_domains =
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 1s
maximal_queue_lifetime = {lifetime}
"""
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
lmtp      unix  - - n - - lmtp
virtual   unix  - n n - - virtual
error     unix  - - n - - error
retry     unix  - - n - - error
showq     unix  n - n - - showq
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix(Server):
    """`lmtp` is where the bulletin takes letters, such as inet:127.0.0.1:8024; `lifetime` is how long one may wait."""

    def __init__(self, lmtp: str, *, lifetime: str = "5d") -> None:
        self._lmtp, self._lifetime = lmtp, lifetime
        self.port, self._closed = free_ports(2)
        self.ports = [self.port]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def lay(self) -> None:
        domains = {"here": HERE, "readers": READERS, "unreachable": UNREACHABLE}
        for name in ("conf", "queue", "data", "mail"):
            (self.room / name).mkdir()
            (self.room / name).chmod(0o777 if name == "mail" else 0o755)  # whatever umask a bot before us has set
        shutil.chown(self.room / "data", "postfix")
        main = MAIN.format(room=self.room, lmtp=self._lmtp, closed=self._closed, lifetime=self._lifetime, **domains)
        (self.room / "conf" / "main.cf").write_text(main)
        (self.room / "conf" / "header_checks").write_text("/^Authentication-Results:/ IGNORE\n")
        (self.room / "conf" / "master.cf").write_text(MASTER.format(smtp=self.port))
        done = subprocess.run(["postfix", "-c", self.room / "conf", "check"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + self.logged()

    def command(self) -> list[str]:
        return ["/usr/lib/postfix/sbin/master", "-c", str(self.room / "conf"), "-d"]

    def waiting(self) -> list[Path]:
        """What lies in its queue."""
        places = ("maildrop", "incoming", "active", "deferred")
        return [file for place in places for file in (self.room / "queue" / place).rglob("*") if file.is_file()]

    def letters(self, name: str = "dan") -> list[bytes]:
        """What came into a reader's mailbox."""
        room = self.room / "mail" / name  # which Postfix makes folder by folder, this one last
        return [bytes(each) for each in mailbox.Maildir(room, create=False)] if (room / "new").exists() else []
