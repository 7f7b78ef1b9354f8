"""Who a letter is from, and what our own mail server proved of it: nothing that somebody else wrote may fool either."""

# ruff: noqa: E501 (lines of letters are as long as they are)

import pytest

from bot.letters.reading import read

OURS = "mx.bulletin.test"
GOOD = f"Authentication-Results: {OURS}; dkim=pass header.d=trusted.example; dmarc=pass (p=reject) header.from=trusted.example"
FROM = "From: Ana <ana@trusted.example>"


def told(*head: str) -> tuple[str, str]:
    raw = "\n".join((*head, "To: news@bulletin.test", "Subject: Bread", "", "https://mine.example"))
    letter = read(raw.encode("utf-8", "surrogateescape"), authserv_id=OURS, our_domain="bulletin.test")
    return letter.sender, letter.passed


GENUINE = (
    (GOOD, FROM),
    (GOOD, "From: ana@trusted.example"),
    (GOOD, 'From: "Horbach, Ana" <ana@trusted.example>'),
    (GOOD, "From: =?utf-8?b?0JDQvdCw?= <ana@trusted.example>"),
    (GOOD, "From: Ana (from home) <ana@trusted.example>"),
    (GOOD.replace(OURS, OURS.upper()).replace("dmarc=pass", "DMARC=Pass"), FROM),
    (f"Authentication-Results: {OURS} 1;\n\tspf=pass smtp.mailfrom=x@y.example;\n\tdmarc=pass\n\theader.from=Trusted.Example", FROM),
    (f"Authentication-Results: ({OURS}'s own) {OURS}; dmarc=pass (a \\) comment; dmarc=fail) header.from=trusted.example", FROM),
    (f'Authentication-Results: "{OURS}"; dmarc=pass reason="all; well" header.from=ana@trusted.example', FROM),
    (GOOD, "Authentication-Results: elsewhere.example; dmarc=fail header.from=trusted.example", "From: Ana\n <ana@trusted.example>"),
)  # fmt: skip


@pytest.mark.parametrize("head", GENUINE, ids=range(1, len(GENUINE) + 1))
def test_a_genuine_letter_is_known_as_one(head: tuple[str, ...]) -> None:
    assert told(*head) == ("ana@trusted.example", "trusted.example")


def spoofed(results: str, sender: str = FROM) -> tuple[str, ...]:
    return (f"Authentication-Results: {results}", sender)


EVIL = f"{OURS}; dmarc=pass header.from=evil.example"
# What must not be: that the sender is ana@trusted.example and trusted.example has passed, both at once.
SPOOFED = (
    (FROM,),
    spoofed(f"{OURS}; none"),
    spoofed(f"{OURS}; dmarc=fail header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=none header.from=trusted.example"),
    spoofed(f"{OURS}; spf=pass smtp.mailfrom=trusted.example; dkim=pass header.d=trusted.example"),
    spoofed("mx.evil.example; dmarc=pass header.from=trusted.example"),
    spoofed(f"{OURS}.evil.example; dmarc=pass header.from=trusted.example"),
    spoofed(f"evil.{OURS}; dmarc=pass header.from=trusted.example"),
    spoofed(f"evil ({OURS}); dmarc=pass header.from=trusted.example"),
    spoofed(f"evil; {OURS}; dmarc=pass header.from=trusted.example"),
    spoofed(f"{OURS} evil; dmarc=pass header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=fail (dmarc=pass header.from=trusted.example) header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=fail reason=\"x; dmarc=pass header.from=trusted.example\" header.from=trusted.example"),
    spoofed(f"{OURS}; spf=fail smtp.mailfrom=\"x; dmarc=pass header.from=trusted.example\"; dmarc=fail header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=fail header.from=trusted.example; dmarc=pass header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=pass header.from=trusted.example header.from=evil.example"),
    spoofed(f"{OURS}; dmarc=pass header.from=evil.example"),
    spoofed(f"{OURS}; dmarc=pass header.from=sub.trusted.example"),
    spoofed(f"{OURS}; dmarc=pass header.from=trusted.example.evil.example"),
    spoofed(f"{OURS}; dmarc=pass header.d=trusted.example"),
    spoofed(f"{OURS}; x-dmarc=pass header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=passed header.from=trusted.example"),
    spoofed(f"{OURS}; dmarc=pass header.from=trusted.example ("),
    spoofed(f"{OURS}; dmarc=pass header.from=\"trusted.example"),
    (f"Authentication-Results: {OURS}; dmarc=fail header.from=trusted.example", GOOD, FROM),
    ("Authentication-Results: elsewhere.example; dmarc=pass header.from=trusted.example", GOOD, FROM),
    (f"ARC-Authentication-Results: i=1; {OURS}; dmarc=pass header.from=trusted.example", FROM),
    (f"X-Authentication-Results: {OURS}; dmarc=pass header.from=trusted.example", FROM),
    (GOOD, "From: Eve <eve@evil.example>\rFrom: ana@trusted.example"),
    (GOOD, FROM, "From: Eve <eve@evil.example>"),
    (GOOD, "From: Eve <eve@evil.example>", FROM),
    (GOOD, FROM + ", Eve <eve@evil.example>"),
    (GOOD, "From: Friends: ana@trusted.example;"),
    (GOOD, "From: <ana@trusted.example> <eve@evil.example>"),
    spoofed(EVIL, 'From: "ana@trusted.example" <eve@evil.example>'),
    spoofed(EVIL, "From: ana@trusted.example <eve@evil.example>"),
    spoofed(EVIL, "From: =?utf-8?q?ana=40trusted=2Eexample?= <eve@evil.example>"),
    spoofed(EVIL, "From: =?utf-8?q?=3Cana=40trusted=2Eexample=3E?= <eve@evil.example>"),
    spoofed(EVIL, "From: (ana@trusted.example) eve@evil.example"),
    spoofed(EVIL, 'From: "Ana <ana@trusted.example>\\" " <eve@evil.example>'),
    spoofed(EVIL, "From: eve@evil.example (<ana@trusted.example>)"),
    spoofed(EVIL, "From: <@evil.example:ana@trusted.example>"),
    (GOOD, "From: ana@trusted.example\0@evil.example"),
    (GOOD, "From: <ana@trusted.example\0>"),
    (GOOD, "From: ana\u202e@trusted.example"),
    (GOOD, "From: Ana <ana@trustеd.example>"),
    (GOOD, "From: Ana <аna@trusted.example>"),
    (GOOD, "From: Ana <ana@ｔrusted.example>", "From: x@y.example"),
    (GOOD, "Sender: ana@trusted.example", "From: Eve <eve@evil.example>"),
    (GOOD, "Reply-To: ana@trusted.example", "From: undisclosed"),
    (GOOD, "X-From: ana@trusted.example"),
    (GOOD, "From: ana@trusted.example eve@evil.example"),
    (GOOD, "From: <ana @trusted.example>"),
)  # fmt: skip


@pytest.mark.parametrize("head", SPOOFED, ids=range(1, len(SPOOFED) + 1))
def test_a_spoofed_letter_is_never_taken_for_the_contributors(head: tuple[str, ...]) -> None:
    sender, passed = told(*head)
    assert (sender.lower(), passed) != ("ana@trusted.example", "trusted.example")
    assert passed in ("", sender.rpartition("@")[2])


def test_there_are_as_many_spoofs_as_promised() -> None:
    assert len(SPOOFED) >= 40
    assert len(GENUINE) == 10


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("a@trusted.example <x@evil.example>", "x@evil.example"),
        ('"a@trusted.example" <x@EVIL.example>', "x@evil.example"),
        ("x@evil.example", "x@evil.example"),
        ("(comment (nested)) x@evil.example", "x@evil.example"),
        ("Ana <ana@хліб.example>", "ana@xn--90at3aze.example"),
        ("a@b.example, c@d.example", ""),
        ("a@b.example;", "a@b.example"),
        ("Group: a@b.example;", ""),
        ("undisclosed-recipients:;", ""),
        ("Ana\u202e <x@evil.example>", ""),
        ("Ana\0 <x@evil.example>", ""),
        ("", ""),
        ("<>", ""),
        ("MAILER-DAEMON", ""),
        ("a@localhost", ""),
        ("a@[192.0.2.1]", ""),
        ("<a@b.example", ""),
        ("a@b.example>", ""),
        ("a@b@c.example", ""),
        ("a@b..example", ""),
        ("=?utf-8?q?a=40b=2Eexample?=", ""),
        ("<=?utf-8?q?a=40b=2Eexample?=>", ""),
    ],
)
def test_the_sender_is_the_one_address_that_stands_where_an_address_may_stand(written: str, sender: str) -> None:
    assert told(f"From: {written}")[0] == sender


def test_nothing_is_proved_where_our_server_has_no_name() -> None:
    raw = f"{GOOD}\n{FROM}\n\nx".encode()
    assert read(raw).passed == ""
    assert read(raw, authserv_id="other.example").passed == ""
