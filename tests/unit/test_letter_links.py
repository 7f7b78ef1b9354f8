"""The links that somebody sends or passes on count; those of the letter they answer and of their signature do not."""

# ruff: noqa: E501 (lines of letters are as long as they are)

import time

import pytest

from bot.letters.letter import Kind, Letter
from bot.letters.reading import read

MINE = "https://mine.example/story"
OLD = "https://old.example/before"


def letter(body: str, subject: str = "Bread", kind: str = "text/plain", *more: str) -> Letter:
    head = "\n".join(("From: Ana <ana@ana.example>", "To: news@bulletin.test", f"Subject: {subject}", *more))
    typed = f"{head}\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    return read(typed.encode(), our_domain="bulletin.test")


INTRODUCTIONS = (
    "On Mon, Nov 30, 2026 at 10:00 AM Boris <boris@b.example> wrote:",
    "On Mon, Nov 30, 2026 at 10:00 AM Boris Hrynko\n<boris@b.example> wrote:",
    "On 30/11/2026 10:00, Boris wrote:",
    "Am Mo., 30. Nov. 2026 um 10:00 Uhr schrieb Boris <boris@b.example>:",
    "Am 30.11.2026 um 10:00 schrieb Boris:",
    "Le lun. 30 nov. 2026 à 10:00, Boris <boris@b.example> a écrit :",
    "El lun, 30 nov 2026 a las 10:00, Boris (<boris@b.example>) escribió:",
    "Il giorno lun 30 nov 2026 alle ore 10:00 Boris <boris@b.example> ha scritto:",
    "Em seg., 30 de nov. de 2026 às 10:00, Boris <boris@b.example> escreveu:",
    "pon., 30 lis 2026 o 10:00 Boris <boris@b.example> napisał(a):",
    "W dniu 30.11.2026 o 10:00, Boris pisze:",
    "пн, 30 лист. 2026 р. о 10:00 Boris <boris@b.example> пише:",
    "30.11.2026 10:00, Boris пише:",
    "пн, 30 нояб. 2026 г. в 10:00, Boris <boris@b.example>:",
    '30.11.2026, 10:00, "Boris" <boris@b.example>:',
    "Понедельник, 30 ноября 2026, 10:00 +03:00 от Boris <boris@b.example>:",
    "30 ноября 2026 г., в 10:00, Boris <boris@b.example> написал(а):",
    "Op ma 30 nov 2026 om 10:00 schreef Boris <boris@b.example>:",
    "po 30. 11. 2026 v 10:00 odesílatel Boris <boris@b.example> napsal:",
    "Den mån 30 nov. 2026 kl 10:00 skrev Boris <boris@b.example>:",
    "-----Original Message-----\nFrom: Boris",
    "-----Ursprüngliche Nachricht-----\nVon: Boris",
    "-----Message d'origine-----\nDe : Boris",
    "-----Mensaje original-----\nDe: Boris",
    "-----Messaggio originale-----\nDa: Boris",
    "-----Mensagem original-----\nDe: Boris",
    "-----Oryginalna wiadomość-----\nOd: Boris",
    "--- Вихідне повідомлення ---\nВід кого: Boris",
    "--- Исходное сообщение ---\nОт кого: Boris",
    "________________________________\nFrom: Boris <boris@b.example>\nSent: Monday, 30 November 2026 10:00\nTo: Ana\nSubject: Bread",
    "From: Boris <boris@b.example>\nDate: Monday, 30 November 2026 at 10:00\nTo: Ana\nSubject: Bread",
    "Von: Boris\nGesendet: Montag, 30. November 2026 10:00\nAn: Ana\nBetreff: Brot",
    "De : Boris\nEnvoyé : lundi 30 novembre 2026\nÀ : Ana\nObjet : Pain",
    "Від: Boris\nНадіслано: понеділок, 30 листопада 2026\nКому: Ana\nТема: Хліб",
    "От: Boris\nОтправлено: 30 ноября 2026\nКому: Ana\nТема: Хлеб",
    "Od: Boris\nWysłano: poniedziałek\nDo: Ana\nTemat: Chleb",
    "*From:* Boris\n*Sent:* Monday\n*To:* Ana\n*Subject:* Bread",
)


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_answered_letter_is_left_out_in_the_habits_of_every_program(introduction: str) -> None:
    bare = letter(f"See {MINE}.\n\n{introduction}\n\nHello, look:\n{OLD}\n", "Re: Bread")
    assert (bare.links, bare.words) == ((MINE,), f"See {MINE}.")
    if introduction.endswith(":"):
        marked = letter(f"{introduction}\n> Hello, look:\n> {OLD}\n>\n>> more {OLD}\n\nSee {MINE}.\n", "Re: Bread")
        assert (marked.links, marked.words) == ((MINE,), f"See {MINE}.")


FORWARDS = (
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "-------- Forwarded Message --------",
    "-------- Weitergeleitete Nachricht --------",
    "Anfang der weitergeleiteten Nachricht:",
    "---------- Message transféré ---------",
    "---------- Mensaje reenviado ---------",
    "Inizio messaggio inoltrato:",
    "---------- Mensagem encaminhada ---------",
    "---------- Treść przekazanej wiadomości ---------",
    "---------- Пересланное сообщение ---------",
    "-------- Пересылаемое сообщение --------",
    "---------- Переслане повідомлення ---------",
    "-------- Перенаправлене повідомлення --------",
    "---------- Doorgestuurd bericht ---------",
)


@pytest.mark.parametrize("marker", FORWARDS)
def test_what_somebody_passes_on_counts(marker: str) -> None:
    passed = letter(f"For you.\n\n{marker}\nFrom: Boris <boris@b.example>\nSubject: Bread\n\nLook: {MINE}\n", "Bread")
    assert (passed.kind, passed.links, passed.words) == (Kind.SUBMISSION, (MINE,), "For you.")


@pytest.mark.parametrize(
    "subject", ["Fwd: Bread", "FW: Bread", "WG: Brot", "TR: Pain", "RV: Pan", "Пересл: Хліб", "I: Pane"]
)
def test_a_subject_says_that_a_letter_is_passed_on(subject: str) -> None:
    body = f"From: Boris\nSent: Monday\nTo: Ana\nSubject: Bread\n\nLook: {MINE}\n"
    assert letter(body, subject).links == (MINE,)


def test_a_letter_passed_on_inside_the_letter_answered_does_not_count() -> None:
    body = f"Thanks! {MINE}\n\nOn Mon, 30 Nov 2026 at 10:00 Boris <boris@b.example> wrote:\n> ---- Forwarded message ----\n> {OLD}\n"
    assert letter(body, "Re: Fwd: Bread").links == (MINE,)


@pytest.mark.parametrize(
    "signature",
    [
        f"-- \nAna\n{OLD}",
        f"--\nAna {OLD}",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Enviado do meu iPhone",
        "Wysłane z iPhone'a",
        "Надіслано з iPhone",
        "Отправлено с iPhone",
        "Verzonden vanaf mijn iPhone",
        "Sent with Proton Mail (https://proton.me/) secure email.",
        "Отправлено из мобильной Почты Mail.ru https://mail.ru/app",
    ],
)
def test_signatures_are_left_out(signature: str) -> None:
    told = letter(f"See {MINE}\n\n{signature}\n")
    assert (told.links, told.words) == ((MINE,), f"See {MINE}")


def test_somebodys_own_link_beside_such_words_counts() -> None:
    assert letter("Sent from my phone: https://mine.example/story").links == (MINE,)
    assert letter(f"The Herald wrote on 3 November:\n{MINE}").links == (MINE,)


PAGES = (
    f'<div>See <a href="{MINE}">this</a></div><div class="gmail_quote"><div class="gmail_attr">On Mon, 30 Nov 2026 Boris wrote:<br></div>'
    f'<blockquote class="gmail_quote"><a href="{OLD}">old</a></blockquote></div>',
    f'<p>See <a href={MINE}>this</a></p><div id="divRplyFwdMsg"><b>From:</b> Boris<br><b>Sent:</b> Monday</div><p>{OLD}</p>',
    f'<p>See {MINE}</p><div id="appendonsend"></div><hr><div>{OLD}</div>',
    f'<p>See <a href="{MINE}">this</a></p><div class="moz-cite-prefix">On 30/11/2026 10:00, Boris wrote:</div><blockquote type="cite">{OLD}</blockquote>',
    f'<p>See <a href="{MINE}">this</a></p><div class="yahoo_quoted"><div>On Monday, Boris wrote:</div>{OLD}</div>',
    f'<p>See <a href="{MINE}">this</a></p><div class="gmail_signature"><a href="{OLD}">Ana</a></div>',
    f'<p>See <a href="{MINE}">this</a></p><pre class="moz-signature">-- <br>{OLD}</pre>'.replace("pre", "div"),
    f'<p>See <a href="{MINE}">this</a></p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><b>From:</b> Boris</div><p>{OLD}</p>',
    f'<style>a {{ background: url({OLD}) }}</style><!-- {OLD} --><p>See <a href="{MINE}">{OLD}</a>',
    f'<p>See <a href="{MINE}">this</a></p><div>30.11.2026, 10:00, &quot;Boris&quot; &lt;boris@b.example&gt;:</div><blockquote>{OLD}</blockquote>',
    f'<p>See <a href="{MINE}">this</a></p><div>-----Original Message-----<br>From: Boris</div><p>{OLD}</p>',
)


@pytest.mark.parametrize("page", PAGES)
def test_of_a_page_the_own_links_count(page: str) -> None:
    assert letter(page, "Re: Bread", "text/html").links == (MINE,)


@pytest.mark.parametrize(
    "page",
    [
        f'<div>For you</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Boris</div><a href="{MINE}">x</a></div>',
        f'<blockquote type="cite"><div>Begin forwarded message:</div><div><b>From: </b>Boris</div><a href="{MINE}">x</a></blockquote>',
    ],
)
def test_of_a_page_what_is_passed_on_counts(page: str) -> None:
    assert letter(page, "Bread", "text/html").links == (MINE,)


def test_both_forms_of_a_letter_give_each_link_once_and_whole() -> None:
    body = f"--b\nContent-Type: text/plain\n\nSee {MINE[:-3]}\nry\n\n--b\nContent-Type: text/html\n\n<a href='{MINE}'>x</a>\n--b--\n"
    raw = f"From: ana@ana.example\nContent-Type: multipart/alternative; boundary=b\n\n{body}"
    assert read(raw.encode()).links == (MINE,)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("(https://a.example/x).", ("https://a.example/x",)),
        ("https://en.example/Bread_(food), yes", ("https://en.example/Bread_(food)",)),
        ("«https://a.example/ї», www.b.example", ("https://a.example/ї", "https://www.b.example")),
        ("<https://a.example/?q=1&x=2>", ("https://a.example/?q=1&x=2",)),
        ("javascript:alert(1) ftp://a.example mailto:a@b.example", ()),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text: str, links: tuple[str, ...]) -> None:
    assert letter(text).links == links


def test_attachments_are_neither_opened_nor_decoded() -> None:
    raw = f"""From: ana@ana.example\nContent-Type: multipart/mixed; boundary=b\n
--b\nContent-Type: text/plain\n\nSee {MINE}\n--b\nContent-Type: text/plain; name=a.txt
Content-Disposition: attachment; filename=a.txt\n\n{OLD}\n--b\nContent-Type: application/pdf\n\n{OLD}
--b\nContent-Type: message/rfc822\n\nFrom: x@y.example\n\n{OLD}\n--b--\n"""
    assert read(raw.encode()).links == (MINE,)


@pytest.mark.parametrize(
    "body",
    [
        "> " * 200_000,
        "On " * 200_000 + "wrote:",
        ("On Mon at 10:00\n" * 40_000),
        "From: a\n" * 60_000,
        "-" * 500_000,
        "http://" * 90_000,
        "https://a.example/" + ")" * 400_000,
        "<div class=gmail_quote>" * 30_000,
        "<blockquote>" * 60_000,
        "<blockquote>a" * 60_000,
        "<a href='" * 80_000,
        '<a "' * 120_000,
        "<style" * 100_000,
        "<!--" * 120_000,
        "&#" + "9" * 400_000 + ";",
        "&" * 400_000,
    ],
    ids=lambda body: body[:12],
)
def test_reading_takes_linear_time(body: str) -> None:
    for kind in ("text/plain", "text/html"):
        started = time.process_time()
        letter(body, "Re: Bread", kind)
        assert time.process_time() - started < 0.8, kind
