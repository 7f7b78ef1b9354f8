"""What a letter is: the roads of our addresses, words in ten languages, and the order in which they count."""

# ruff: noqa: E501 (lines of letters are as long as they are)

import pytest

from bot.letters.letter import Kind, Letter
from bot.letters.reading import read

DOMAIN = "bulletin.test"
TOKEN = "abcdefghij234567klmnop"


def letter(subject: str = "", body: str = "", to: str = "news@bulletin.test", *more: str, **known: object) -> Letter:
    head = "\n".join(("From: Dan <dan@reader.example>", f"To: {to}", f"Subject: {subject}", *more))
    return read(f"{head}\n\n{body}".encode(), our_domain=DOMAIN, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("to", "kind", "token"),
    [
        ("news+subscribe@bulletin.test", Kind.SUBSCRIBE, ""),
        ("NEWS+Subscribe@bulletin.test", Kind.SUBSCRIBE, ""),
        ("news+unsubscribe@bulletin.test", Kind.UNSUBSCRIBE, ""),
        ("news+leave@bulletin.test", Kind.UNSUBSCRIBE, ""),
        (f"news+leave-{TOKEN}@bulletin.test", Kind.UNSUBSCRIBE, TOKEN),
        (f"news+confirm-{TOKEN}@bulletin.test", Kind.CONFIRM, TOKEN),
        (f"news+q-{TOKEN}@bulletin.test", Kind.REPLY, TOKEN),
        (f"news+{TOKEN}@bulletin.test", Kind.HUMAN, TOKEN),
        ("news@bulletin.test", Kind.HUMAN, ""),
        (f"x+confirm-{TOKEN}@elsewhere.example, news@bulletin.test", Kind.HUMAN, ""),
    ],
)
def test_an_address_of_ours_says_what_a_letter_is_for(to: str, kind: Kind, token: str) -> None:
    told = letter("Hello", "Good day", to)
    assert (told.kind, told.token) == (kind, token)
    by_envelope = letter("Hello", "Good day", "someone@bulletin.test", envelope_to=[to.partition(",")[0]])
    assert by_envelope.kind is kind


COMING = "subscribe abonnieren s'abonner suscribirme iscriviti inscrever subskrybuj підписатися подписаться aanmelden".split()
GOING = "unsubscribe abmelden désabonner baja cancellami descadastrar wypisz відписатися отписаться afmelden odhlásit".split()


@pytest.mark.parametrize("word", COMING)
def test_one_word_subscribes_in_ten_languages(word: str) -> None:
    assert letter(word).kind is Kind.SUBSCRIBE
    assert letter(f" {word.upper()}! ").kind is Kind.SUBSCRIBE
    assert letter("", f"{word}.\n\n-- \nDan").kind is Kind.SUBSCRIBE


@pytest.mark.parametrize("word", GOING)
def test_one_word_unsubscribes_in_ten_languages(word: str) -> None:
    assert letter(word).kind is Kind.UNSUBSCRIBE
    answer = letter("Re: Bulletin 31", f"{word.capitalize()}\n\nOn 30.11.2026 10:00 B <b@b.example> wrote:\n> text\n")
    assert answer.kind is Kind.UNSUBSCRIBE


@pytest.mark.parametrize(
    "body",
    ["How do I subscribe to this? My aunt wants it too.", "Please do not unsubscribe me, whatever I said before."],
)
def test_a_sentence_about_it_goes_to_a_person(body: str) -> None:
    assert letter("A question", body).kind is Kind.HUMAN


def test_the_subject_that_our_own_header_writes_leaves_even_where_a_machine_sends_it() -> None:
    told = letter(f"leave {TOKEN}", "", "news@bulletin.test", "Auto-Submitted: auto-generated")
    assert (told.kind, told.token, told.automatic) == (Kind.UNSUBSCRIBE, TOKEN, True)
    assert letter(f"Re: leave {TOKEN}").kind is Kind.HUMAN
    assert letter(f"Out of office: leave {TOKEN}").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("words", ["No", "Ні, це не я", "Нет", "Nein danke", "STOP", "I did not ask for this"])
def test_whoever_answers_no_confirms_nothing(words: str) -> None:
    assert letter("Re: Please confirm", words, f"news+confirm-{TOKEN}@bulletin.test").kind is not Kind.CONFIRM


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: (comment) auto-generated; x=y",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond: yes",
        "Return-Path: <>",
    ],
)
def test_a_machine_confirms_nothing_and_subscribes_nobody(header: str) -> None:
    for to in (f"news+confirm-{TOKEN}@bulletin.test", "news+subscribe@bulletin.test", "news@bulletin.test"):
        told = letter("Re: hello", "https://mine.example", to, header)
        assert (told.kind, told.automatic, told.links) == (Kind.AUTO_REPLY, True, ())


def test_a_letter_of_a_list_is_not_answered_but_read() -> None:
    told = letter("Bread", "https://mine.example", "news@bulletin.test", "List-Id: <bread.example>")
    assert (told.kind, told.automatic) == (Kind.SUBMISSION, True)
    assert letter("Bread", "x", "news@bulletin.test", "Auto-Submitted: no").automatic is False


def test_an_answer_to_a_letter_of_ours_is_a_reply_whatever_else_it_holds() -> None:
    told = letter("Re: A question", "Yes https://mine.example", "news@bulletin.test", "In-Reply-To: <q1@bulletin.test>")
    assert (told.kind, told.in_reply_to, told.links) == (Kind.REPLY, ("q1@bulletin.test",), ("https://mine.example",))
    assert (
        letter("Re: x", "Yes", "news@bulletin.test", "References: <a@b.example>\n <q1@bulletin.test>").kind
        is Kind.REPLY
    )
    assert letter("Re: x", "Yes", "news@bulletin.test", "In-Reply-To: <q1@elsewhere.example>").kind is Kind.HUMAN


def test_links_make_a_submission() -> None:
    assert letter("Bread", "https://mine.example").kind is Kind.SUBMISSION
    assert letter("Bread", "Good day").kind is Kind.HUMAN


def test_only_addresses_of_ours_are_told() -> None:
    told = letter("x", "x", "a@elsewhere.example, news+x@bulletin.test", envelope_to=["other@bulletin.test"])
    assert told.sent_to == ("other@bulletin.test", "news+x@bulletin.test")
    raw = b"To: letters+secret@gmail.example\nFrom: a@b.example\n\nx"
    known = read(raw, our_domain=DOMAIN, our_addresses=("letters@gmail.example",))
    assert (known.sent_to, known.token) == (("letters+secret@gmail.example",), "secret")


@pytest.mark.parametrize(
    ("words", "language"),
    [("Їжа для всіх", "uk"), ("Хлеб и ты, вы", "ru"), ("Bread for all", "")],
    ids=("uk", "ru", "none"),
)
def test_letters_tell_the_language(words: str, language: str) -> None:
    assert letter("x", words).language == language


def test_a_header_tells_the_language_where_letters_do_not() -> None:
    assert letter("x", "Brot", "news@bulletin.test", "Content-Language: de-DE").language == "de"


@pytest.mark.parametrize(
    "subject",
    [
        "Отпуск в Крыму",
        "Відсутність світла",
        "Vacation in Mariupol",
        "Absence of news",
        "Urlaub vom Krieg",
        "Auto: a fire",
        "Join",
        "Delivery failed",
    ],
)
def test_an_article_about_absence_is_an_article(subject: str) -> None:
    told = letter(subject, "https://mine.example/story\nYours, Dan")
    assert (told.kind, told.automatic) == (Kind.SUBMISSION, False)
