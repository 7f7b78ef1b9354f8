"""What goes wrong on the way to the readers: what is retried, what is laid to whom, what was perhaps sent."""

import asyncio
import datetime as dt
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.delivery import settle
from bot.delivery.mail import SmtpPool
from bot.errors import NotSent, PerhapsSent
from bot.sandbox.smtp import MailServer
from store.states import DeliveryState
from tests.flows.delivery_scene import Scene, address, scene

DAN = "dan@readers.example"
LETTER = b"Subject: Hello\r\n\r\n.a dot\r\n..two dots\r\nbare\nend"
FAST = 200


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's context around one certificate made for this run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)


async def has_doubts(s: Scene, reader: int) -> bool:
    return (await s.row_of(reader)).doubts > 0


async def has_told(s: Scene) -> bool:
    return bool(await s.told("say"))


async def test_a_reader_unknown_to_the_server_is_refused_and_the_others_get_their_letters(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        s.mail.fault("refuse", address(2))
        found = await s.send_all()

        assert found.mail.by_word == {**found.mail.by_word, "sent": 5, "refused": 1}
        assert (await s.row_of(2)).problem == "550 5.1.1"
        assert found.adds_up


async def test_a_deferred_letter_is_tried_again_later_and_arrives_once(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, speed=FAST) as s:
        s.mail.fault("defer-greylist", address(2), times=2)
        found = await s.send_all()

        assert found.mail.by_word["sent"] == 6
        assert (await s.row_of(2)).attempt == 3
        assert len(s.mail.received[address(2)]) == 1


async def test_a_letter_without_an_answer_is_marked_before_it_goes_again_with_the_same_bytes(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, speed=FAST) as s:
        s.mail.fault("drop-after-dot", address(2), times=1)
        async with s.running():
            await s.mail.until(lambda: address(2) in s.mail.received, 5)
            await s.until(lambda: has_doubts(s, 2))
            row = await s.row_of(2)
            assert (row.possible_duplicate, row.doubts) == (True, 1)
            assert len(s.mail.received[address(2)]) == 1
            await s.until(s.is_sent)

        first, second = s.mail.received[address(2)]
        assert first == second
        assert (await s.report()).possible_duplicates == 1
        assert all(len(s.mail.received[address(n)]) == 1 for n in (1, 3, 4, 5, 6))


async def test_three_doubts_put_a_letter_on_hold_and_a_person_can_send_it(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, speed=FAST * 5) as s:
        s.mail.fault("drop-after-dot", address(2), times=3)
        found = await s.send_all()

        row = await s.row_of(2)
        assert row.state == DeliveryState.HELD
        assert found.mail.by_word["on hold"] == 1
        assert found.adds_up
        assert f"say:delivery-letters-held:{s.issue.id}" in await s.told("say")
        async with s.store.transaction() as tx:
            await settle.send_again(tx, row.id, "person 1", s.clock.now())
        assert (await s.send_all()).mail.by_word["sent"] == 6


async def test_a_server_that_refuses_everything_pauses_the_run_and_costs_no_reader(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=30, speed=FAST) as s:
        s.mail.fault("refuse-policy")
        async with s.running():
            await s.until(lambda: s.mail.answers[550] >= 6)
            tries = s.mail.answers[550]
            assert tries <= s.window + 5, "after the first refusals one letter at a time is tried"
            assert not await s.is_sent()
            s.mail.recover()
            await s.until(s.is_sent, timeout=10)
        found = await s.report()

        assert found.mail.by_word["sent"] == 30
        assert await s.told("say") == [f"say:mail:{s.issue.id}"]


async def test_a_letter_that_alone_is_found_unfit_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=12, speed=FAST) as s:
        s.mail.fault("refuse-policy", address(1))
        async with s.running():
            await s.until(lambda: s.mail.accepted == 11)
            row = await s.row_of(1)
        assert row.state in (DeliveryState.DEFERRED, DeliveryState.SENDING)

        s.clock.set_speed(400_000)
        found = await s.send_all(timeout=15)
        assert found.mail.by_word == {**found.mail.by_word, "sent": 11, "refused": 1}
        assert (await s.row_of(1)).problem == "delivery-gave-up"


async def test_a_mail_server_that_is_away_is_waited_for(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=10, speed=FAST) as s:
        await s.mail.stop()
        async with s.running():
            await s.until(lambda: has_told(s))
            await s.mail.start()
            await s.until(s.is_sent, timeout=10)
        assert all(len(copies) == 1 for copies in s.mail.received.values())
        assert len(s.mail.received) == 10
        assert not any(row.possible_duplicate for row in await s.rows())


async def test_a_server_that_hangs_puts_few_letters_in_doubt_and_loses_none(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=40, speed=FAST, answer_seconds=0.2) as s:
        s.mail.fault("hang")
        async with s.running():
            await s.until(lambda: has_told(s))
            s.mail.recover()
            await s.until(s.is_sent, timeout=10)
        rows = await s.rows()

        assert sum(row.possible_duplicate for row in rows) <= s.window + 2
        assert {to: len(copies) for to, copies in s.mail.received.items()} == {address(n): 1 for n in range(1, 41)}


async def test_an_address_that_no_letter_can_carry_costs_only_itself(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=3) as s:
        async with s.store.transaction() as tx:
            sealed = s.sealer.seal("address", "dan\r\nBcc: eve@elsewhere.example")
            await tx.exec_driver_sql("UPDATE subscribers SET address = ? WHERE id = 2", (sealed,))
        found = await s.send_all()

        assert found.mail.by_word == {**found.mail.by_word, "sent": 2, "refused": 1}


async def test_dots_and_line_ends_reach_the_reader_as_they_were() -> None:
    async with MailServer() as mail:
        pool = SmtpPool(mail.url, 1)
        await pool.post("bulletin@news.example", DAN, LETTER)
        await pool.post("bulletin@news.example", DAN, b".\r\n")
        await pool.close()

        assert [letter.raw for letter in mail.mailbox(DAN)] == [
            b"Subject: Hello\r\n\r\n.a dot\r\n..two dots\r\nbare\r\nend\r\n",
            b".\r\n",
        ]
        assert mail.connections_opened == 1


async def test_a_kept_connection_that_died_is_replaced_without_a_word() -> None:
    async with MailServer() as mail:
        pool = SmtpPool(mail.url, 1)
        await pool.post("bulletin@news.example", DAN, LETTER)
        await mail.stop()
        await mail.start()
        await pool.post("bulletin@news.example", DAN, LETTER)
        await pool.close()

        assert len(mail.mailbox(DAN)) == 2


async def test_an_idle_connection_is_closed_after_a_while() -> None:
    async with MailServer() as mail:
        pool = SmtpPool(mail.url, 1, idle_seconds=0.05)
        await pool.post("bulletin@news.example", DAN, LETTER)
        await mail.until(lambda: mail.connections_open == 0, 2)
        await pool.post("bulletin@news.example", DAN, LETTER)
        assert mail.connections_opened == 2
        await pool.close()


@pytest.mark.parametrize("fault", ["mute", "drop-before", "too-many"])
async def test_a_server_that_does_not_greet_proves_that_nothing_was_sent(fault: str) -> None:
    async with MailServer() as mail:
        mail.fault(fault)  # type: ignore[arg-type]
        with pytest.raises(NotSent) as caught:
            await SmtpPool(mail.url, 1, answer_seconds=0.2).post("bulletin@news.example", DAN, LETTER)
        assert (caught.value.permanent, caught.value.whose) == (False, "run")


@pytest.mark.parametrize("fault", ["hang", "drop-after-dot"])
async def test_a_silence_after_the_dot_leaves_a_doubt(fault: str) -> None:
    async with MailServer() as mail:
        mail.fault(fault)  # type: ignore[arg-type]
        pool = SmtpPool(mail.url, 1, answer_seconds=0.2)
        with pytest.raises(PerhapsSent):
            await pool.post("bulletin@news.example", DAN, LETTER)
        mail.recover()
        await pool.post("bulletin@news.example", DAN, LETTER)
        await pool.close()


async def test_a_connection_lost_before_the_dot_proves_that_nothing_was_sent(unused_tcp_port: int) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            await reader.readline()
            writer.write(answer)
        await reader.read(1000)
        writer.transport.abort()

    async with await asyncio.start_server(cut, "127.0.0.1", unused_tcp_port):
        pool = SmtpPool(f"smtp://127.0.0.1:{unused_tcp_port}", 1, answer_seconds=5)
        with pytest.raises(NotSent) as caught:
            await pool.post("bulletin@news.example", DAN, b"x" * 8_000_000)
    assert not caught.value.permanent


async def test_a_wrong_password_is_the_runs_trouble_and_the_right_one_works() -> None:
    async with MailServer(user="bulletin", password="open sesame") as mail:
        with pytest.raises(NotSent) as caught:
            await SmtpPool(mail.url.replace("open%20sesame", "wrong"), 1).post("b@news.example", DAN, LETTER)
        assert (caught.value.permanent, caught.value.whose) == (False, "run")
        pool = SmtpPool(mail.url, 1)
        await pool.post("bulletin@news.example", DAN, LETTER)
        await pool.close()
        assert len(mail.mailbox(DAN)) == 1


@pytest.mark.parametrize("kind", ["implicit", "starttls"])
async def test_letters_go_over_tls_when_told_to(contexts: tuple[ssl.SSLContext, ssl.SSLContext], kind: str) -> None:
    server, trust = contexts
    how = {"implicit_tls": server} if kind == "implicit" else {"starttls": server, "require_tls": True}
    async with MailServer(**how) as mail:  # type: ignore[arg-type]
        url = mail.url.replace("127.0.0.1", "localhost") + ("" if kind == "implicit" else "?starttls=required")
        pool = SmtpPool(url, 1, tls=trust)
        await pool.post("bulletin@news.example", DAN, b"Subject: Hello\r\n\r\n" + b"x" * 300_000)
        await pool.close()
        assert len(mail.mailbox(DAN)) == 1


async def test_starttls_is_insisted_on_when_required() -> None:
    async with MailServer() as mail:
        with pytest.raises(NotSent) as caught:
            await SmtpPool(f"{mail.url}?starttls=required", 1).post("bulletin@news.example", DAN, LETTER)
        assert caught.value.whose == "run"
        assert mail.accepted == 0


async def test_a_wait_of_days_between_tries_costs_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=1) as s:
        s.mail.fault("defer", times=6)
        async with s.running() as drain:
            for tries in range(1, 7):
                await s.mail.until(lambda tries=tries: s.mail.answers[451] == tries, 5)
                await s.until(lambda: _waits(s))
                s.clock.jump(timedelta(hours=5))
                drain.wake()
            await s.until(s.is_sent)


async def _waits(s: Scene) -> bool:
    return (await s.row_of(1)).state == DeliveryState.DEFERRED
