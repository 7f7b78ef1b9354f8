"""Single mails: nothing from outside shapes a header, and each is marked as what nobody wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.single import Head, Said, build

HEAD = Head(
    "The Weekly Thread", "bulletin@thread.example", "bulletin+token@thread.example", "dan@reader.example",
    "m1@thread.example", datetime(2026, 11, 22, tzinfo=UTC), "en", "auto-replied", "<q.1@reader.example>",
)  # fmt: skip
NAMES = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
]  # fmt: skip


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_it_says_the_same_as_text_and_as_html_and_is_the_same_each_time():
    said = Said("Confirm?", "One line.\n\nAnother <b>one</b>.", "https://t.example/confirm/abc", "Confirm", "The end.")
    raw = build(HEAD, said)
    assert raw == build(HEAD, said)
    message = read(raw)
    assert message.keys() == NAMES
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert text.replace("\r\n", "\n") == (
        "One line.\n\nAnother <b>one</b>.\n\nConfirm:\nhttps://t.example/confirm/abc\n\nThe end.\n"
    )
    assert 'href="https://t.example/confirm/abc"' in html
    assert "&lt;b&gt;one&lt;/b&gt;" in html


@pytest.mark.parametrize("answers", ["", "<no end", "<a b@c>", "<a@b>\r\nBcc: eve@reader.example", "<ключ@b>"])
def test_what_is_no_message_id_is_not_answered_to(answers: str):
    message = read(build(replace(HEAD, answers=answers), Said("Hello", "Text")))
    assert message.keys() == [name for name in NAMES if name not in ("In-Reply-To", "References")]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=60))
def test_nothing_said_makes_another_header(subject: str, text: str, bulletin: str):
    hostile = f"{subject}=?UTF-8?Q?=0ABcc:_eve@reader.example?=\r\nBcc: eve@reader.example"
    message = read(build(replace(HEAD, bulletin=bulletin or "x"), Said(hostile, text + hostile)))
    assert message.keys() == NAMES
