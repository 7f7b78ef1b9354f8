"""The mail of an issue: its headers, its placeholders, and that nothing from outside can shape a header."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_sample import ISSUE, hostile_issues, issue_of, item

from bot.render import headers
from bot.render.mail import HTML_LIMIT_BYTES, LEAVE_PLACEHOLDER, MailTemplate, Sender, render
from store.records import FrozenIssue

SENDER = Sender(
    address="bulletin@thread.example",
    domain="thread.example",
    leave="https://thread.example/leave/",
    leave_mailbox="bulletin+leave@thread.example",
    reply_to="editors@thread.example",
    help="https://thread.example/help",
)
TOKEN = "Dan0-token_of-forty-three-letters-and-digits"
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Post",
    "Reply-To",
    "List-Help",
    "List-Archive",
    "Archived-At",
    "Feedback-ID",
    "MIME-Version",
    "Content-Type",
]


def letter(issue: FrozenIssue = ISSUE, token: str = TOKEN) -> bytes:
    return MailTemplate.build(issue, SENDER).fill("dan@reader.example", "m1.x@thread.example", token)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def bodies(raw: bytes) -> Iterator[str]:
    for part in read(raw).iter_parts():
        assert isinstance(part, EmailMessage)
        yield part.get_content().replace("\r\n", "\n")


def test_every_header_that_a_bulletin_needs_is_there_once():
    message = read(letter())
    assert message.keys() == HEADERS
    assert message["From"] == "The Weekly Thread <bulletin@thread.example>"
    assert message["To"] == "dan@reader.example"
    assert message["Subject"] == "The Weekly Thread 32 (5 February 2023)"
    assert message["Date"] == "Sun, 05 Feb 2023 16:00:00 +0000"
    assert message["Message-ID"] == "<m1.x@thread.example>"
    assert message["List-Id"] == "The Weekly Thread <thread.thread.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Post"] == "NO"
    assert message["Archived-At"] == "<https://thread.example/issues/32>"
    assert message.get_content_type() == "multipart/alternative"


def test_the_leave_address_stands_in_header_text_and_html():
    raw = letter()
    link = f"https://thread.example/leave/{TOKEN}"
    by_letter = f"mailto:bulletin+leave@thread.example?subject=leave%20{TOKEN}"
    assert re.sub(r"\s+", "", read(raw)["List-Unsubscribe"]) == f"<{link}>,<{by_letter}>"
    text, html = bodies(raw)
    assert f"Stop receiving it: {link}\n" in text
    assert f'href="{link}"' in html


def test_both_parts_are_complete_and_say_their_language():
    message = read(letter())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert {part["Content-Language"] for part in message.iter_parts()} == {"en"}
    expected = render(ISSUE, SENDER.leave)
    text, html = bodies(letter(token=LEAVE_PLACEHOLDER))
    assert (text, html) == (expected.text, expected.html)


def test_the_same_reader_gets_identical_bytes_each_time():
    assert letter() == letter()
    stored = MailTemplate.of(MailTemplate.build(ISSUE, SENDER).stored)
    assert stored == MailTemplate.build(ISSUE, SENDER)


def test_two_readers_differ_in_nothing_but_their_tokens():
    template = MailTemplate.build(ISSUE, SENDER)
    dan = template.fill("dan@reader.example", "m1@thread.example", "D" * 40)
    eve = template.fill("eve@reader.example", "m2@thread.example", "E" * 40)
    swapped = dan.replace(b"D" * 40, b"E" * 40).replace(b"dan@reader", b"eve@reader").replace(b"<m1@", b"<m2@")
    assert swapped == eve


def test_a_token_of_any_length_survives_the_encoding():
    for public in ("https://t.example/", "https://a-very-long-host-name.thread.example/some/deep/path/leave/"):
        template = MailTemplate.build(ISSUE, replace(SENDER, leave=public))
        for length in (1, 22, 43, 64):
            raw = template.fill("dan@reader.example", "m1@thread.example", "x" * length)
            assert all(f"{public}{'x' * length}" in body for body in bodies(raw))
            encoded = raw.split(b"Content-Type: text/plain")[1]
            assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))


def test_nothing_is_loaded_from_elsewhere_and_it_is_short_enough():
    titles = [
        item("A title as long as titles are, with a name or two, and a little more", "River Post") for _ in range(100)
    ]
    template = MailTemplate.build(issue_of(titles), SENDER)
    assert template.html_bytes < HTML_LIMIT_BYTES
    _, html = bodies(letter())
    assert not re.search(r"(?i)<(img|script|link|iframe|object)|url\(|@import|\ssrc=", html)


@pytest.mark.parametrize(
    "recipient", ["", "dan", "dan@x.example\r\nBcc: eve@y.example", "a b@x.example", "<d@x.example>", "é@x.example"]
)
def test_an_address_that_could_break_out_is_refused(recipient):
    with pytest.raises(ValueError, match="address"):
        MailTemplate.build(ISSUE, SENDER).fill(recipient, "m1@thread.example", TOKEN)


@pytest.mark.parametrize("token", ["", "a=b", "a\r\nb", "é", "x" * 65])
def test_a_token_that_could_break_out_is_refused(token):
    with pytest.raises(ValueError, match="token"):
        MailTemplate.build(ISSUE, SENDER).fill("dan@reader.example", "m1@thread.example", token)


@pytest.mark.parametrize(
    "change",
    [
        {"address": "x"},
        {"leave": "javascript:x"},
        {"domain": "x\r\nBcc: eve"},
        {"reply_to": "a@b\n"},
        {"help": "ftp://x"},
    ],
)
def test_a_sender_that_mail_cannot_come_from_is_refused(change):
    with pytest.raises(ValueError, match=r"address|name for the list"):
        MailTemplate.build(ISSUE, replace(SENDER, **change))


def test_a_bulletin_that_bears_the_placeholder_as_its_name_is_refused():
    with pytest.raises(headers.ForgedHeader):
        MailTemplate.build(replace(ISSUE, bulletin=LEAVE_PLACEHOLDER), SENDER)


def test_500_hostile_words_leave_the_headers_as_they_are():
    for words in hostile_issues():
        issue = issue_of([item(word, word) for word in words], bulletin=words[0], subtitle=words[1], footer=words[2])
        issue = replace(issue, address=ISSUE.address, home=ISSUE.home)
        message = read(letter(issue))
        assert message.keys() == HEADERS
        assert [part.keys() for part in message.iter_parts()] == [
            ["Content-Type", "Content-Language", "Content-Transfer-Encoding"]
        ] * 2


PIECES = (
    "=?UTF-8?Q?=0A?=",
    "=?utf-8?b?Cg==?=",
    "=?",
    "?=",
    "=?=?",
    "??==",
    "Bcc: eve@evil.example",
    "<eve@evil.example>",
)
BREAKS = ("\r\n", "\n ", "\r", "\u2028", "\u0085", "\x0b", ",", ";", '"', "\\", " " * 80, "є" * 90)
nasty = st.lists(st.text(max_size=12) | st.sampled_from(PIECES + BREAKS), max_size=8).map("".join)


@pytest.mark.system
@settings(max_examples=1000, deadline=None)
@given(nasty)
def test_no_word_shapes_a_header(word):
    raw = headers.block(
        [
            ("From", headers.mailbox("From", word, "bulletin@thread.example")),
            ("Subject", headers.words("Subject", word)),
            ("List-Id", headers.mailbox("List-Id", word, "thread.thread.example")),
        ]
    )
    for policy in (SMTP, compat32):
        message = message_from_bytes(raw + b"\r\nbody", policy=policy)
        assert message.keys() == ["From", "Subject", "List-Id"]
        assert message.get_payload() == "body"
    mailboxes = read(raw)["From"].addresses
    assert [each.addr_spec for each in mailboxes] == ["bulletin@thread.example"]
    assert not re.search(r"[\r\n\u2028\x85]", str(read(raw)["Subject"]))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_what_we_send_is_read_again_and_a_forged_header_stops_it():
    good = letter()
    part = ("Content-Type", "Content-Language", "Content-Transfer-Encoding")
    headers.check(good, HEADERS, part)
    for forged in (
        good.replace(b"\r\nSubject:", b"\r\nBcc: eve@evil.example\r\nSubject:", 1),
        good.replace(b"\r\n\r\n--=_", b"\r\nX: y\r\n\r\n--=_", 1),
        good.replace(b"Content-Language: en\r\n", b"", 1),
        good.replace(b"\r\nDate:", b"\nDate:", 1),
        good.replace(b"Subject: ", b"Subject: " + b"x" * 1000, 1),
    ):
        with pytest.raises(headers.ForgedHeader):
            headers.check(forged, HEADERS, part)


def test_a_ukrainian_bulletin_says_its_name_in_encoded_words_of_allowed_length():
    issue = replace(ISSUE, bulletin="Новини з України: тижневий огляд незалежних джерел", language="uk")
    raw = letter(issue)
    assert read(raw)["Subject"] == "Новини з України: тижневий огляд незалежних джерел 32 (5 лютого 2023\u202fр.)"
    sender = str(make_header(decode_header(message_from_bytes(raw, policy=compat32)["From"])))
    assert sender == "Новини з України: тижневий огляд незалежних джерел <bulletin@thread.example>"
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?.*?\?=", raw))
