"""Returned letters, absences and complaints are told apart, and a living reader is never taken for a lost one."""

import pytest

from bot.letters.letter import Kind, Verdict
from bot.letters.reading import read
from bot.letters.verdicts import judged
from tests.unit.returned_in_short import SHORT
from tests.unit.returned_letters import ALL, AWAY, COMPLAINTS, DIALECTS, REPORTS, Form


def seen(form: Form, **known: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    letter = read(form.raw, our_domain="bulletin.test", **known)
    return str(letter.kind), tuple((one.address, str(one.verdict)) for one in letter.returned)


@pytest.mark.parametrize("form", [*ALL, *SHORT], ids=lambda form: form.name)
def test_a_machines_letter_is_what_it_is(form: Form) -> None:
    assert seen(form) == (form.kind, form.verdicts)


def test_the_corpus_is_as_wide_as_promised() -> None:
    assert len(REPORTS) + len(DIALECTS) >= 60
    assert len(AWAY) + len(COMPLAINTS) >= 20


@pytest.mark.parametrize("form", [*REPORTS, *DIALECTS, *SHORT], ids=lambda form: form.name)
def test_a_returned_letter_is_one_even_where_nobody_knows_the_envelope_or_us(form: Form) -> None:
    raw = form.raw.replace(b"Return-Path: <>\n", b"").replace(b"bounce+abcdefghij234567@", b"news@")
    letter = read(raw)
    if form.verdicts or form.kind == "bounce":
        assert str(letter.kind) == form.kind
    assert tuple((one.address, str(one.verdict)) for one in letter.returned) == form.verdicts


@pytest.mark.parametrize("form", AWAY, ids=lambda form: form.name)
def test_an_absence_sent_to_the_address_for_returned_letters_is_none(form: Form) -> None:
    kind, verdicts = seen(form, envelope_from="")
    assert (kind, verdicts) == ("auto-reply", ())


def test_a_person_who_writes_of_a_returned_letter_is_a_person() -> None:
    raw = b"""From: Dan <dan@reader.example>\nTo: news@bulletin.test\nSubject: Re: Undelivered Mail Returned to Sender
In-Reply-To: <1@reader.example>\n
My friend got "550 user unknown" for <clara@reader.example>; the letter could not be delivered. What can we do?\n"""
    assert read(raw, our_domain="bulletin.test").kind is Kind.HUMAN


def test_the_token_of_a_returned_letter_comes_from_the_envelope_or_from_what_it_encloses() -> None:
    arf = next(form for form in COMPLAINTS if form.name == "ARF").raw
    assert read(arf, envelope_to=["bounce+abcdefghij234567@bulletin.test"]).token == "abcdefghij234567"
    lost = arf.replace(b"To: bounce+abcdefghij234567@bulletin.test", b"To: abuse@bulletin.test")
    assert read(lost, our_domain="bulletin.test").token == "abcdefghij234567"


def test_one_report_of_several_readers_tells_of_each() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n
--x\nContent-Type: message/delivery-status\n
Reporting-MTA: dns; mx.example\n
Final-Recipient: rfc822; ana@reader.example\nAction: failed\nStatus: 5.1.1\n
Final-Recipient: rfc822; boris@reader.example\nAction: delayed\nStatus: 4.4.1\n
Final-Recipient: rfc822; clara@reader.example\nAction: failed\nStatus: 5.2.2
Final-Recipient: rfc822; dan@reader.example\nAction: delivered\nStatus: 2.0.0\n
--x--\n"""
    assert [(one.address, one.verdict, one.status) for one in read(raw).returned] == [
        ("ana@reader.example", Verdict.HARD, "5.1.1"),
        ("boris@reader.example", Verdict.DELAYED, "4.4.1"),
        ("clara@reader.example", Verdict.SOFT, "5.2.2"),
    ]


def test_the_address_we_wrote_to_goes_before_the_one_it_was_passed_on_to() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n
--x\nContent-Type: message/delivery-status\n
Original-Recipient: rfc822;dan@reader.example\nFinal-Recipient: rfc822;d.kovalenko@inner.example\nAction: failed
Status: 5.1.1\n\n--x--\n"""
    assert [one.address for one in read(raw).returned] == ["dan@reader.example"]


WORDS = (
    ("550 5.1.1 <dan@x.example>... User unknown", "", Verdict.HARD, "5.1.1"),
    ("550 5.1.1 User over quota", "5.1.1", Verdict.SOFT, "5.1.1"),
    ("450 4.1.1 User unknown", "", Verdict.SOFT, "4.1.1"),
    ("554 5.0.0 Service unavailable 550 5.1.1 User unknown", "5.0.0", Verdict.HARD, "5.1.1"),
    ("552 5.7.0 virus found", "", Verdict.SOFT, "5.7.0"),
    ("host mx said: 550 sorry (in reply to RCPT TO command)", "", Verdict.HARD, ""),
    ("host mx said: 550 Rejected (in reply to RCPT TO command)", "", Verdict.SOFT, ""),
    ("something nobody has ever read", "5.3.0", Verdict.SOFT, "5.3.0"),
    ("something nobody has ever read", "", Verdict.SOFT, ""),
    ("556 domain takes no mail", "", Verdict.HARD, ""),
    ("ESMTP 5.5.1960.3 at 192.5.1.1: mailbox not found", "", Verdict.HARD, ""),
)


@pytest.mark.parametrize(("words", "status", "verdict", "code"), WORDS)
def test_words_go_before_codes_and_doubt_is_soft(words: str, status: str, verdict: Verdict, code: str) -> None:
    assert judged(words, status) == (verdict, code)


def noticed(kind: str, said: str) -> bytes:
    text = f'{{"notificationType":"{kind}",{said}}}\n\n--\nIf you wish to stop receiving notifications, visit the link.'
    return f"From: AWS <no-reply@sns.example>\nSubject: AWS Notification Message\n\n{text}".encode()


def test_notices_of_amazon_ses_are_read() -> None:
    gone = '"bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":'
    letter = read(
        noticed(
            "Bounce", gone + '"dan@reader.example","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}'
        )
    )
    assert [(one.address, one.verdict) for one in letter.returned] == [("dan@reader.example", Verdict.HARD)]
    full = read(
        noticed(
            "Bounce", gone + '"dan@reader.example","status":"5.2.2","diagnosticCode":"smtp; 552 5.2.2 full mailbox"}]}'
        )
    )
    assert [one.verdict for one in full.returned] == [Verdict.SOFT]
    assert read(noticed("Complaint", '"complaint":{}')).kind is Kind.COMPLAINT
    assert read(noticed("Delivery", '"delivery":{}')).kind is Kind.AUTO_REPLY
    assert read(noticed("Bounce", '"bounce":' + "[" * 50_000)).kind is Kind.HUMAN


def test_a_report_that_lost_its_marks_is_read_from_its_text() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example\nSubject: Delivery Status Notification (Failure)\n
Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; dan..k.@reader.example\nAction: failed\nStatus: 5.1.1\n"""
    assert [(one.address, one.verdict) for one in read(raw).returned] == [("dan..k.@reader.example", Verdict.HARD)]


def test_a_program_as_recipient_leaves_the_address_we_wrote_to() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n
--x\nContent-Type: message/delivery-status\n
Final-Recipient: rfc822; "|exec /usr/bin/procmail"\nAction: failed\nStatus: 5.3.0\n
--x\nContent-Type: text/rfc822-headers\n\nTo: dan@reader.example\n--x--\n"""
    assert [(one.address, one.verdict) for one in read(raw).returned] == [("dan@reader.example", Verdict.SOFT)]
