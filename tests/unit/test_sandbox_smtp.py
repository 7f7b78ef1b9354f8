"""The sandbox's mail server, asked by real clients over real sockets."""

import asyncio
import datetime as dt
import json
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import aiosmtplib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.sandbox.smtp import MailServer

BULLETIN = "bulletin@news.example"
DAN = "dan@readers.example"
EVE = "eve@elsewhere.example"


def letter(subject: str = "Bulletin, issue 7", to: str = DAN, text: str = "Twenty-nine items.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"News Bulletin <{BULLETIN}>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Sun, 22 Nov 2026 17:00:00 +0000"
    message["Message-ID"] = "<issue-7@news.example>"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    message.set_boundary("=-=-=")  # the same letter has the same bytes each time
    return message


def client(mail: MailServer, timeout: float = 5) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(hostname="127.0.0.1", port=mail.port, timeout=timeout, start_tls=False, use_tls=False)


async def send(mail: MailServer, to: str = DAN, **content: str) -> None:
    async with client(mail) as smtp:
        await smtp.send_message(letter(to=to, **content), sender=BULLETIN, recipients=[to])


async def said(mail: MailServer, *packets: bytes) -> list[str]:
    """What the server answers to packets sent as they are, until it closes or says 221."""
    reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
    for packet in packets:
        writer.write(packet)
    writer.write(b"QUIT\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer.decode().splitlines()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's context around one certificate made for this run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    asking = ssl.create_default_context(cadata=pem.decode())
    asking.check_hostname = False
    return server, asking


async def test_a_letter_lies_in_the_mailbox_of_its_reader() -> None:
    async with MailServer() as mail:
        await send(mail, to="dan@Readers.Example", subject="Бюлетень – issue 7")
        [got] = mail.mailbox("dan@READERS.example")
        assert (got.number, got.envelope_from, got.recipient) == (1, BULLETIN, DAN)
        assert got.subject == "Бюлетень – issue 7"
        assert got.message["To"] == "dan@Readers.Example"
        assert got.text.strip() == "Twenty-nine items."
        assert "<p>Twenty-nine items." in got.html
        assert mail.letters == [got]
        assert mail.connections_opened == 1
        assert mail.mailbox("dan@elsewhere.example") == []


async def test_a_letter_to_two_lies_in_two_mailboxes() -> None:
    async with MailServer() as mail:
        async with client(mail) as smtp:
            await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN, EVE])
        assert [got.recipient for got in mail.letters] == [DAN, EVE]
        assert mail.letters[0].raw == mail.letters[1].raw


async def test_the_standard_library_can_send_and_dots_survive() -> None:
    text = ".begins with a dot\r\n..two\r\n.\r\nmiddle\r\n.end\r\n"
    raw = b"Subject: dots\r\n\r\n" + text.encode()
    async with MailServer() as mail:

        def talk() -> tuple[int, set[str]]:
            with smtplib.SMTP("127.0.0.1", mail.port, timeout=5) as smtp:
                smtp.ehlo()
                smtp.sendmail(BULLETIN, [DAN], raw)
                smtp.sendmail(BULLETIN, [DAN], b".first line is a dot\r\n")
                code, _ = smtp.noop()
                return code, set(smtp.esmtp_features)

        code, features = await asyncio.to_thread(talk)
        assert code == 250
        assert {"pipelining", "size", "8bitmime"} <= features
        assert mail.letters[0].raw == raw
        assert mail.letters[1].raw == b".first line is a dot\r\n"


async def test_pipelined_commands_of_one_packet_are_answered_in_order() -> None:
    packet = b"".join(
        b"MAIL FROM:<>\r\nRCPT TO:<dan@readers.example>\r\nDATA\r\nSubject: %d\r\n\r\nhello\r\n.\r\n" % number
        for number in range(3)
    )
    async with MailServer() as mail:
        lines = await said(mail, b"EHLO box\r\n", packet)
        codes = [line[:3] for line in lines if line[3] == " "]
        assert codes == ["220", "250", *["250", "250", "354", "250"] * 3, "221"]
        assert [got.subject for got in mail.mailbox(DAN)] == ["0", "1", "2"]
        assert mail.letters[0].envelope_from == ""


async def test_a_letter_cut_into_single_bytes_arrives_whole() -> None:
    whole = b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dan@readers.example>\r\nDATA\r\n"
    whole += b"Subject: x\r\n\r\n..\r\n.\r\n"
    async with MailServer() as mail:
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        for byte in whole:
            writer.write(bytes([byte]))
            await writer.drain()
        await mail.until(lambda: mail.accepted == 1, 5)
        writer.close()
        assert mail.letters[0].raw == b"Subject: x\r\n\r\n.\r\n"
        assert (await reader.readline()).startswith(b"220 ")


async def test_a_bare_line_feed_ends_no_letter() -> None:
    smuggled = b"Subject: one\r\n\r\nhello\n.\nMAIL FROM:<eve@elsewhere.example>\r\n.\r\n"
    async with MailServer() as mail:
        await said(
            mail,
            b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dan@readers.example>\r\nDATA\r\n",
            smuggled,
        )
        assert mail.accepted == 1
        assert b"eve@elsewhere" in mail.letters[0].raw


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (b"MAIL FROM:<a@b.example>\r\n", "503"),
        (b"EHLO\r\n", "501"),
        (b"HELO box\r\nRCPT TO:<dan@readers.example>\r\n", "503"),
        (b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\n", "503"),
        (b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nDATA\r\n", "503"),
        (b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:dan\r\n", "501"),
        (b"EHLO box\r\nMAIL FROM:<a@b.example>\r\nRSET\r\nRCPT TO:<dan@readers.example>\r\n", "503"),
        (b"EHLO box\r\nMAIL FROM:<a@b.example> SIZE=999999999\r\n", "552"),
        (b"VRFY dan\r\n", "252"),
        (b"NOOP\r\n", "250"),
        (b"EXPN all\r\n", "502"),
        (b"STARTTLS\r\n", "502"),
        (b"AUTH PLAIN\r\n", "502"),
    ],
)
async def test_each_command_is_answered_with_the_code_of_the_standard(commands: bytes, code: str) -> None:
    async with MailServer() as mail:
        assert (await said(mail, commands))[-2][:3] == code
        assert mail.accepted == 0


async def test_a_letter_above_the_limit_is_refused_and_the_next_one_taken() -> None:
    start = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<dan@readers.example>\r\nDATA\r\n"
    big = start + b"x" * 100 * 1024 + b"\r\n.\r\n"
    async with MailServer(max_bytes=1024) as mail:
        lines = await said(mail, b"EHLO box\r\n", big, start, b"small\r\n.\r\n")
        assert [line[:3] for line in lines[-9:]] == [
            "250",
            "250",
            "354",
            "552",
            "250",
            "250",
            "354",
            "250",
            "221",
        ]
        assert [got.raw for got in mail.letters] == [b"small\r\n"]


@pytest.mark.parametrize(("fault", "code"), [("defer", 451), ("defer-greylist", 450), ("refuse", 550)])
async def test_a_fault_at_the_recipient_strikes_only_that_recipient(fault: str, code: int) -> None:
    async with MailServer() as mail:
        mail.fault(fault, "dan@READERS.example")
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await send(mail, to=DAN)
        assert refused.value.recipients[0].code == code
        await send(mail, to=EVE)
        assert [got.recipient for got in mail.letters] == [EVE]
        mail.recover()
        await send(mail, to=DAN)
        assert len(mail.mailbox(DAN)) == 1


async def test_a_fault_for_two_transactions_strikes_twice() -> None:
    async with MailServer() as mail:
        mail.fault("defer", times=2)
        for _ in range(2):
            with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
                await send(mail)
        await send(mail)
        assert mail.accepted == 1
        assert mail.answers[451] == 2


async def test_a_refusal_of_policy_comes_after_the_dot_and_keeps_the_connection() -> None:
    async with MailServer() as mail, client(mail) as smtp:
        mail.fault("refuse-policy", times=1)
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        assert (refused.value.code, refused.value.message[:5]) == (550, "5.7.1")
        await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        assert mail.accepted == 1


async def test_a_drop_after_the_dot_keeps_the_letter_and_never_says_so() -> None:
    async with MailServer() as mail:
        mail.fault("drop-after-dot", times=1)
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await send(mail)
        await send(mail)
        first, second = mail.received[DAN]
        assert first == second
        assert mail.answers[250] == 2 * 3 + 1  # EHLO, MAIL and RCPT twice, but one answer to two dots
        assert mail.accepted == 2


async def test_a_hanging_server_answers_no_dot_and_keeps_no_letter_until_it_recovers() -> None:
    async with MailServer() as mail:
        mail.fault("hang")
        smtp = client(mail, timeout=0.3)
        await smtp.connect()
        with pytest.raises((aiosmtplib.SMTPTimeoutError, aiosmtplib.SMTPServerDisconnected)):
            await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        smtp.close()
        assert mail.accepted == 0
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        writer.write(b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dan@readers.example>\r\nDATA\r\n\r\n.\r\n")
        await asyncio.wait_for(reader.readuntil(b"354 "), 5)
        await mail.until(lambda: mail.connections_open == 1, 5)
        mail.recover()
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await send(mail)
        assert mail.accepted == 1


async def test_a_slow_server_answers_late_but_all_in_order() -> None:
    async with MailServer() as mail:
        mail.fault("slow", DAN, seconds=0.15)
        before = time.monotonic()
        await send(mail)
        assert time.monotonic() - before >= 0.15
        await send(mail, to=EVE)
        assert mail.accepted == 2


async def test_a_busy_server_says_421_and_a_broken_one_nothing() -> None:
    async with MailServer() as mail:
        mail.fault("too-many", times=1)
        assert (await said(mail))[0][:3] == "421"
        mail.fault("drop-before", times=1)
        with pytest.raises(aiosmtplib.SMTPConnectError):
            await client(mail).connect()
        mail.fault("mute", times=1)
        with pytest.raises(aiosmtplib.SMTPConnectTimeoutError):
            await client(mail, timeout=0.2).connect()
        await send(mail)
        assert mail.accepted == 1


def test_an_unknown_fault_and_an_impossible_one_are_named() -> None:
    mail = MailServer()
    with pytest.raises(ValueError, match="no such fault: 'explode'"):
        mail.fault("explode")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no recipient is known"):
        mail.fault("mute", DAN)


async def test_without_the_password_nobody_sends() -> None:
    async with MailServer(user="bulletin", password="p@ss word") as mail:
        assert mail.url == f"smtp://bulletin:p%40ss%20word@127.0.0.1:{mail.port}"
        with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
            await send(mail)
        assert refused.value.code == 530
        for mechanism in ("auth_plain", "auth_login"):
            async with client(mail) as smtp:
                with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                    await getattr(smtp, mechanism)("bulletin", "guess")
                await getattr(smtp, mechanism)("bulletin", "p@ss word")
                await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        assert mail.accepted == 2


async def test_a_password_given_line_by_line_is_taken_and_a_star_gives_up() -> None:
    async with MailServer(user="u", password="p") as mail:
        lines = await said(mail, b"EHLO x\r\nAUTH LOGIN\r\n*\r\nAUTH LOGIN\r\ndQ==\r\ncA==\r\nAUTH PLAIN\r\n")
        assert [line[:3] for line in lines[-7:]] == ["334", "501", "334", "334", "235", "503", "221"]


async def test_mail_goes_over_starttls_where_the_server_wants_it(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, asking = tls
    async with MailServer(starttls=server, require_tls=True, user="u", password="p") as mail:
        with pytest.raises(aiosmtplib.SMTPException):
            await send(mail)
        async with client(mail) as smtp:
            assert not smtp.supports_extension("auth")
            await smtp.starttls(tls_context=asking)
            await smtp.login("u", "p")
            await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        assert len(mail.mailbox(DAN)) == 1


async def test_what_was_said_before_tls_is_forgotten(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, asking = tls
    async with MailServer(starttls=server) as mail:
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        writer.write(b"EHLO eve\r\nSTARTTLS\r\nMAIL FROM:<eve@elsewhere.example>\r\n")
        await asyncio.wait_for(reader.readuntil(b"220 2.0.0 Go ahead\r\n"), 5)
        await writer.start_tls(asking, server_hostname="localhost")
        writer.write(b"RCPT TO:<dan@readers.example>\r\n")
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"503")
        writer.close()


async def test_mail_goes_over_tls_from_the_first_byte(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, asking = tls
    async with MailServer(implicit_tls=server) as mail:
        assert mail.url == f"smtps://127.0.0.1:{mail.port}"
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=mail.port, use_tls=True, tls_context=asking) as smtp:
            await smtp.send_message(letter(), sender=BULLETIN, recipients=[DAN])
        assert mail.accepted == 1


async def test_whoever_waits_for_letters_gets_each_once_in_order() -> None:
    async with MailServer() as mail:
        await send(mail, subject="before")
        arriving, all_of_them = mail.events(), mail.events(after=0)
        await send(mail, subject="first")
        await send(mail, subject="second")
        assert [(await anext(arriving)).subject for _ in range(2)] == ["first", "second"]
        assert [(await anext(all_of_them)).subject for _ in range(3)] == ["before", "first", "second"]
        waiting = asyncio.ensure_future(anext(arriving))
        await send(mail, subject="third")
        assert (await asyncio.wait_for(waiting, 5)).subject == "third"


async def test_waiting_in_vain_tells_what_there_is() -> None:
    async with MailServer() as mail:
        await send(mail)
        with pytest.raises(TimeoutError, match="1 letters in 1 mailboxes"):
            await mail.until(lambda: mail.accepted == 2, 0.05)


async def test_a_page_gets_letters_as_json_and_only_the_new_ones() -> None:
    async with MailServer() as mail:
        for number in range(3):
            await send(mail, subject=f"Ausgabe {number} – für Dan")
        shown = json.loads(json.dumps(mail.snapshot()))
        assert shown["mailboxes"] == {DAN: 3}
        assert shown["accepted"] == 3
        newest = shown["letters"][-1]
        assert newest["subject"] == "Ausgabe 2 – für Dan"
        assert newest["date"] == "Sun, 22 Nov 2026 17:00:00 +0000"
        assert ["To", DAN] in newest["headers"]
        assert "Twenty-nine items." in newest["text"]
        assert "<p>" in newest["html"]
        assert [seen["number"] for seen in mail.snapshot(since=1)["letters"]] == [2, 3]
        assert [seen["number"] for seen in mail.snapshot(limit=1)["letters"]] == [3]


async def test_every_letter_becomes_a_file_with_a_readable_name(tmp_path: Path) -> None:
    async with MailServer() as mail:
        await send(mail, subject="Bulletin 7: ../../etc")
        await send(mail, subject="Бюлетень 7")
        paths = mail.export(tmp_path / "mailbox")
        assert [path.name for path in paths] == [
            "0001-dan@readers.example-Bulletin-7-..-..-etc.eml",
            "0002-dan@readers.example-Бюлетень-7.eml",
        ]
        assert all(path.parent == tmp_path / "mailbox" for path in paths)
        assert BytesParser().parsebytes(paths[0].read_bytes())["To"] == DAN


async def test_a_large_run_keeps_only_receipts_and_takes_a_thousand_letters_a_second() -> None:
    body = b"Message-ID: <issue-7@news.example>\r\nSubject: x\r\n\r\n" + b"hello\r\n" * 50 + b".\r\n"

    async def pour(box: str, letters: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        writer.write(b"EHLO box\r\n")
        for number in range(letters):
            writer.write(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<d%d@%b.example>\r\nDATA\r\n" % (number, box.encode()))
            writer.write(body)
        writer.write(b"QUIT\r\n")
        assert (await reader.read()).count(b"354 ") == letters
        writer.close()

    async with MailServer(keep_bodies=False) as mail:
        before = time.process_time()
        await asyncio.gather(*(pour(box, 500) for box in ("a", "b", "c", "d")))
        assert time.process_time() - before < 2.0
        assert mail.accepted == 2000
        assert len(mail.received) == 2000
        assert mail.received["d7@a.example"][0].message_id == "<issue-7@news.example>"
        assert mail.letters == []


async def test_a_server_that_was_stopped_comes_back_on_its_port_with_its_mailboxes() -> None:
    async with MailServer() as mail:
        await send(mail)
        port = mail.port
        await mail.stop()
        with pytest.raises(aiosmtplib.SMTPConnectError):
            await client(mail).connect()
        await mail.start()
        assert mail.port == port
        await send(mail)
        assert len(mail.mailbox(DAN)) == 2
