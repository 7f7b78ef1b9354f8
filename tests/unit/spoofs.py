"""Letters that pretend to be a contributor's, and genuine ones, as the bytes that a mail server hands over.

`{token}` stands for the token of Ana's secret address, `{old}` for that of the address she had before, `{leave}` for a
genuine token that was made for something else.
"""

from typing import NamedTuple
from zlib import crc32

OURS = "mx.sandbox.example"
BULLETIN = "bulletin@sandbox.example"
ANA = "ana@letters.example"
LINK = "http://herald.example/spoof"


class Sent(NamedTuple):
    """A letter: what is odd about it, its bytes, and the recipients that the envelope names."""

    name: str
    raw: bytes
    to: tuple[str, ...]


PASS = f"Authentication-Results: {OURS}; dmarc=pass header.from=letters.example"
FROM = f"From: Ana <{ANA}>"


def _letter(name: str, *head: str, to: str = "bulletin+{token}@sandbox.example", body: str = LINK) -> Sent:
    lines = [*head, f"To: {to}", f"Message-ID: <{crc32(name.encode())}@letters.example>", "Subject: News", "", body, ""]
    return Sent(name, "\r\n".join(lines).encode(), (to,))


def _results(name: str, results: str, *more: str) -> Sent:
    return _letter(name, f"Authentication-Results: {results}", *more, FROM)


# The secret address is known, but no pass of our own server stands behind the sender.
UNPROVEN = [
    _letter("no results", FROM),
    _results("failed", f"{OURS}; dmarc=fail header.from=letters.example"),
    _results("none", f"{OURS}; dmarc=none header.from=letters.example"),
    _results("for the time being", f"{OURS}; dmarc=temperror header.from=letters.example"),
    _results("a best guess", f"{OURS}; dmarc=bestguesspass header.from=letters.example"),
    _results("another server's", "mx.evil.example; dmarc=pass header.from=letters.example"),
    _results("our name with more", f"{OURS}.evil.example; dmarc=pass header.from=letters.example"),
    _results("our name within", f"evil.{OURS}; dmarc=pass header.from=letters.example"),
    _results("our name and words", f"{OURS} evil.example; dmarc=pass header.from=letters.example"),
    _results("no name", "; dmarc=pass header.from=letters.example"),
    _results(
        "ours failed below a forged one",
        "mx.evil.example; dmarc=pass header.from=letters.example",
        f"Authentication-Results: {OURS}; dmarc=fail header.from=letters.example",
    ),
    _results("a forged one below ours", f"{OURS}; dmarc=fail header.from=letters.example", PASS),
    _results("ours below another", "relay.letters.example; spf=pass", PASS),
    _results("another domain", f"{OURS}; dmarc=pass header.from=evil.example"),
    _results("a domain below", f"{OURS}; dmarc=pass header.from=mail.letters.example"),
    _results("a domain that ends alike", f"{OURS}; dmarc=pass header.from=evil-letters.example"),
    _results("a domain that begins alike", f"{OURS}; dmarc=pass header.from=letters.example.evil.example"),
    _results("no domain", f"{OURS}; dmarc=pass"),
    _results(
        "in a comment", f"{OURS}; dmarc=fail (dmarc=pass header.from=letters.example) header.from=letters.example"
    ),
    _results("in quotes", f'{OURS}; spf=pass reason="; dmarc=pass header.from=letters.example"'),
    _results("twice", f"{OURS}; dmarc=fail header.from=evil.example; dmarc=pass header.from=letters.example"),
    _results("SPF alone", f"{OURS}; spf=pass smtp.mailfrom={ANA}"),
    _results("DKIM alone", f"{OURS}; dkim=pass header.d=letters.example"),
    _results("a name that is not closed", f'"{OURS}; dmarc=pass header.from=letters.example'),
    _letter("ARC", f"ARC-Authentication-Results: i=1; {OURS}; dmarc=pass header.from=letters.example", FROM),
    _letter("a field of X", f"X-Authentication-Results: {OURS}; dmarc=pass header.from=letters.example", FROM),
    _letter("in the body", FROM, body=f"{PASS}\r\n\r\n{LINK}"),
    _letter("two senders", PASS, FROM, "From: eve@evil.example"),
    _letter("a name that is an address", PASS, f'From: "{ANA}" <eve@evil.example>'),
    _letter("a bare address before", PASS, f"From: {ANA} <eve@evil.example>"),
    _letter("two addresses", PASS, f"From: {ANA}, eve@evil.example"),
    _letter("a group", PASS, f"From: {ANA}: eve@evil.example;"),
    _letter("Sender alone", PASS, f"Sender: {ANA}"),
    _letter("a letter that looks alike", PASS, "From: ana@lett\u0435rs.example"),
]

# The sender is proven, but it is not the secret address of today.
UNADDRESSED = [
    _letter("the open address", PASS, FROM, to=BULLETIN),
    _letter("the address before", PASS, FROM, to="bulletin+{old}@sandbox.example"),
    _letter("a token for something else", PASS, FROM, to="bulletin+{leave}@sandbox.example"),
    _letter("a token cut short", PASS, FROM, to="bulletin+{token:.20}@sandbox.example"),
    _letter("a token in the words", PASS, FROM, to=BULLETIN, body=f"bulletin+{{token}}@sandbox.example {LINK}"),
    _letter("a token at another house", PASS, FROM, "Cc: bulletin+{token}@evil.example", to=BULLETIN),
]

SPOOFS = UNPROVEN + UNADDRESSED

_HTML = f'<html><body><p>Look at <a href="{LINK}">this</a></p></body></html>'
_PARTS = "\r\n".join(
    [
        "--x",
        "Content-Type: text/plain; charset=utf-8",
        "",
        LINK,
        "--x",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename=a.pdf",
        "",
        "%PDF-1.4",
        "--x--",
    ]
)

GENUINE = [
    _letter("plain", PASS, FROM),
    _letter("capitals", PASS, FROM, to="BULLETIN+{token}@SANDBOX.EXAMPLE"),
    _letter("an address alone", PASS, f"From: {ANA}"),
    _letter("a name in quotes", PASS, f'From: "Ana, of the group" <{ANA}>'),
    _letter("with a version", f"Authentication-Results: {OURS} 1; dmarc=pass header.from=letters.example", FROM),
    _letter(
        "with other findings",
        f"Authentication-Results: {OURS};\r\n spf=pass smtp.mailfrom={ANA};\r\n "
        "dkim=pass (1024-bit key) header.d=letters.example;\r\n dmarc=pass (p=NONE) header.from=letters.example",
        FROM,
    ),
    _letter("above an older one", PASS, "Authentication-Results: mx.evil.example; dmarc=fail", FROM),
    _letter("as a page", PASS, FROM, "MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", body=_HTML),
    _letter(
        "with an attachment",
        PASS,
        FROM,
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="x"',
        body=_PARTS,
    ),
    Sent(
        "in the envelope alone",
        _letter("in the envelope alone", PASS, FROM, to="friends@letters.example").raw,
        ("bulletin+{token}@sandbox.example",),
    ),
]
