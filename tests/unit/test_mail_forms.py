"""The other forms of an issue's mail: made of the stored template, the same bytes each time, read back whole."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from render_sample import ISSUE
from test_render_mail import HEADERS, SENDER, TOKEN

from bot.render import mail_forms
from bot.render.mail import MailTemplate

PDF = bytes(range(256)) * 300
STORED = MailTemplate.build(ISSUE, SENDER).stored


def filled(stored: bytes) -> EmailMessage:
    raw = MailTemplate.of(stored).fill("dan@reader.example", "m1.x@thread.example", TOKEN)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_the_text_alone_is_the_text_of_the_whole_under_the_same_headers():
    whole, alone = filled(STORED), filled(mail_forms.text_only(STORED))
    text = whole.get_body(("plain",))
    assert text is not None
    assert alone.get_content_type() == "text/plain"
    assert alone.get_content() == text.get_content()
    assert alone.keys() == [*HEADERS, "Content-Language", "Content-Transfer-Encoding"]
    assert [alone[name] for name in HEADERS[:-1]] == [whole[name] for name in HEADERS[:-1]]


@pytest.mark.parametrize("stored", [STORED, mail_forms.text_only(STORED)])
def test_a_pdf_is_attached_beside_the_mail_as_it_was(stored: bytes):
    with_it = filled(mail_forms.with_pdf(stored, PDF, "thread-32.pdf"))
    assert with_it.keys() == HEADERS
    inner, attached = with_it.iter_parts()
    assert isinstance(attached, EmailMessage)
    assert (attached.get_content(), attached.get_filename()) == (PDF, "thread-32.pdf")
    assert isinstance(inner, EmailMessage)
    assert inner.get_body(("plain",)).get_content() == filled(stored).get_body(("plain",)).get_content()
    assert not any(part.defects for part in with_it.walk())


def test_the_same_template_and_file_give_the_same_bytes():
    assert mail_forms.with_pdf(STORED, PDF, "a.pdf") == mail_forms.with_pdf(STORED, PDF, "a.pdf")
    assert mail_forms.with_pdf(STORED, PDF, "a.pdf") != mail_forms.with_pdf(STORED, PDF + b"x", "a.pdf")


def test_a_name_that_could_break_out_of_its_header_is_refused():
    with pytest.raises(ValueError, match="name"):
        mail_forms.with_pdf(STORED, PDF, 'a.pdf"\r\nBcc: eve@reader.example')
