"""Lists of readers: each form in which people and programs write them is recognised, and no line is lost."""

import io
from pathlib import Path

import pytest
from email_validator import EmailNotValidError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import reader_lists
from bot.reader_lists import Kind, Rejected, Row, address, hint_of, reading, words
from bot.subscriptions import normal
from bot.texts import catalogue, languages, say

CHIMP = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,NOTES"
MONK = "uuid,email,name,attributes,status,created_at,updated_at"
DAN, EVE = "dan@readers.example", "eve@readers.example"


def taken(text: str | bytes, name: str = "") -> tuple[Kind, list[tuple[int, str, str]], list[tuple[int, str]]]:
    """Return the kind of a list, who stands in it (line, address, day of consent), and what is left out and why."""
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    shape = reader_lists.look(file, hint_of(name))
    rows = list(reader_lists.read(file, shape))
    return (
        shape.kind,
        [(row.line, row.address, row.agreed) for row in rows if isinstance(row, Row)],
        [(row.line, row.why.removeprefix("reader-list-")) for row in rows if isinstance(row, Rejected)],
    )


FORMS = {
    "one a line": (f"{DAN}\n\n# Eve came later\n{EVE}\n", Kind.PLAIN, [1, 4], []),
    "with names": (f"Dan Reader <DAN@Readers.Example>\n<mailto:{EVE}>\n", Kind.PLAIN, [1, 2], []),
    "out of a To line": (f"{DAN}, {EVE};\n", Kind.PLAIN, [1, 1], []),
    "no line end, Windows line ends": (f"{DAN}\r\n{EVE}", Kind.PLAIN, [1, 2], []),
    "one column with a heading": (f"E-mail\n{DAN}\n{EVE}\n", Kind.PLAIN, [2, 3], []),
    "a heading of commas": (f"Name,E-Mail\nDan,{DAN}\nEve,{EVE}\n", Kind.TABLE, [2, 3], []),
    "no heading": (f"Dan;Lviv;{DAN}\nEve;Kyiv;{EVE}\n", Kind.TABLE, [1, 2], []),
    "tabs": (f"name\temail\nDan\t{DAN}\nEve\t{EVE}\n", Kind.TABLE, [2, 3], []),
    "an unknown heading": (f"Wer,Wohin\nDan,{DAN}\nEve,{EVE}\n", Kind.TABLE, [2, 3], []),
    "a street that is called address": (
        f"Address,Town,Mail\nMain St 1,Lviv,{DAN}\nPark Ave 2,Kyiv,{EVE}\n",
        Kind.TABLE,
        [2, 3],
        [],
    ),
    "quotation marks": (f'"Reader, Dan","{DAN}"\n"Reader, ""E""","{EVE}"\n', Kind.TABLE, [1, 2], []),
    "Mailman 2": (f"{DAN}\n{EVE}\n", Kind.PLAIN, [1, 2], []),
    "Mailman list_members -f": (f"Dan Reader <{DAN}>\nEve <{EVE}>\n", Kind.PLAIN, [1, 2], []),
    "Mailman, regular and digest": (
        f"Non-digest (regular) members:\n    {DAN}\nDigest members:\n    {EVE}\n",
        Kind.MAILMAN,
        [2, 4],
        [],
    ),
    "Mailman, without mail": (
        f"{DAN}\n(off@readers.example)\n{EVE} [digest]\nout@readers.example [nomail]\n"
        "Members with delivery disabled:\n  gone@readers.example\n",
        Kind.MAILMAN,
        [1, 3],
        [(2, "nomail"), (4, "nomail"), (6, "nomail")],
    ),
    "Mailman 3, empty": ("news@lists.example has no members\n", Kind.MAILMAN, [], []),
    "listmonk": (
        f'{MONK}\n1,{DAN},Dan,"{{""city"": ""Lviv""}}",enabled,a,b\n2,no@readers.example,N,{{}},blocklisted,a,b\n'
        f"3,off@readers.example,O,{{}},disabled,a,b\n4,{EVE},Eve,{{}},enabled,a,b\n",
        Kind.LISTMONK,
        [2, 5],
        [(3, "status"), (4, "status")],
    ),
    "listmonk, one list": (
        f"email,name,attributes,status,subscription_status\n{DAN},Dan,{{}},enabled,confirmed\n"
        f"no@readers.example,N,{{}},enabled,unconfirmed\n{EVE},Eve,{{}},enabled,confirmed\n",
        Kind.LISTMONK,
        [2, 4],
        [(3, "status")],
    ),
    "Mailchimp": (
        f'{CHIMP}\n{DAN},Dan,2,,,1,"likes\nlong letters"\n{EVE},Eve,2,,,2,\n',
        Kind.MAILCHIMP,
        [2, 4],
        [],
    ),
    "a list of ours": (
        f"address,state,since,language,format,consent\n{DAN},active,2026-11-01,en,html,May\n"
        f"no@readers.example,left,2026-11-01,en,html,May\n{EVE},active,2026-11-02,en,html,May\n",
        Kind.TABLE,
        [2, 4],
        [(3, "status")],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_list_is_recognised(form: str) -> None:
    text, kind, lines, left_out = FORMS[form]
    addresses = [] if not lines else [DAN, EVE]
    assert taken(text) == (kind, [(line, one, "") for line, one in zip(lines, addresses, strict=True)], left_out)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_each_encoding_is_recognised_and_the_column_found_by_its_name(encoding: str) -> None:
    text = f"Ім’я;Електронна пошта;Інше\nДан;{DAN};other@readers.example\nЄва Їжак;{EVE};\n"
    assert [row[1] for row in taken(text.encode(encoding))[1]] == [DAN, EVE]


def test_french_is_not_taken_for_cyrillic() -> None:
    file = io.BytesIO(f"Prénom;Adresse électronique\nZoë;{DAN}\nFrançois;{EVE}\n".encode("cp1252"))
    shape = reader_lists.look(file)
    assert (shape.encoding, shape.address.heading) == ("cp1252", "Adresse électronique")


NAMES = "E-Mail Address|Електронна пошта|Электронный адрес|Adres e-mail|E-Mail-Adresse|Courriel|Correo electrónico|"
NAMES += "Indirizzo e-mail|Endereço de e-mail|E-mailová adresa"


@pytest.mark.parametrize("name", NAMES.split("|"))
def test_the_column_is_found_by_its_name_in_ten_languages(name: str) -> None:
    found = taken(f"Other,{name}\nother@readers.example,{DAN}\nelse@readers.example,{EVE}\n")
    assert [row[1] for row in found[1]] == [DAN, EVE]


@pytest.mark.parametrize(
    ("text", "name", "kind", "why"),
    [
        (f"{CHIMP},UNSUB_TIME,UNSUB_REASON\n{DAN},Dan,2,,,1,,2020-01-02,\n", "", Kind.UNSUBSCRIBED, "left"),
        (f"{CHIMP},CLEAN_TIME\n{DAN},Dan,2,,,1,,2020-01-02\n", "", Kind.CLEANED, "cleaned"),
        (f"{CHIMP}\n{DAN},Dan,2,,,1,\n", "unsubscribed_members_export_1.csv", Kind.UNSUBSCRIBED, "left"),
        (f"{CHIMP}\n{DAN},Dan,2,,,1,\n", "cleaned_email_audience_export_1.csv", Kind.CLEANED, "cleaned"),
        (f"{CHIMP}\n{DAN},Dan,2,,,1,\n", "nonsubscribed_members_export_1.csv", Kind.NEVER, "never"),
    ],
)
def test_who_left_mailchimp_or_never_agreed_is_never_imported(text: str, name: str, kind: Kind, why: str) -> None:
    assert taken(text, name) == (kind, [], [(2, why)])


def test_the_day_of_consent_is_kept_and_the_confirmed_one_goes_first() -> None:
    text = (
        f"{CHIMP}\n{DAN},Dan,2,2019-01-02 03:04:05,2020-02-03 04:05:06,1,\n{EVE},Eve,2,2019-01-02 03:04:05,,1,\n"
        "olga@readers.example,O,2,,0000-00-00,1,\n"
    )
    assert [row[2] for row in taken(text, "subscribed_members_export_1.csv")[1]] == ["2020-02-03", "2019-01-02", ""]
    assert [reading.day_of(cell) for cell in ("7.5.2024", "05/07/2024", "soon", "")] == ["2024-05-07", "", "", ""]


LEFT_OUT = {
    "nobody": "no-address",
    "dan at readers.example": "no-address",
    "dan@@readers.example": "several",
    "Dan dan@readers.example (was d@readers.example)": "several",
    "dan@localhost": "domain",
    "dan@readers..example": "domain",
    "dan@-readers.example": "domain",
    "dan@readers.test": "domain",
    "d an@readers.example.": "",
    "дан@readers.example": "letters",
    "d(an@readers.example": "local",
    "dan@" + "a" * 250 + ".example": "long",
    "Members:" * 7000: "no-address",
    "<a> " * 16000 + "@": "no-address",
    "a" * 60_000 + "@readers.example": "long",
    "https://readers.example/@dan": "domain",
}


@pytest.mark.parametrize("line", LEFT_OUT)
def test_what_is_no_address_is_left_out_with_its_line_and_reason(line: str) -> None:
    _, rows, left_out = taken(f"{EVE}\n{line}\n")
    assert left_out == ([(2, LEFT_OUT[line])] if LEFT_OUT[line] else [])
    assert len(rows) + len(left_out) == 2


def test_a_stray_quotation_mark_swallows_nobody() -> None:
    text = f'Dan;{DAN}\n"Eve;{EVE}\nFay;fay@readers.example\n"Gil;gil@readers.example\nHal;hal@readers.example\n'
    _, rows, left_out = taken(text)
    assert [row[0] for row in rows] == [1, 5]
    assert left_out == [(line, "quote") for line in (2, 3, 4)]
    many = "".join(f"R{n};r{n}@readers.example\n" for n in range(200))
    _, rows, left_out = taken(f'Dan;{DAN}\nEve "the one;{EVE}\n{many}')
    assert len(rows) + len(left_out) == 202
    assert len(rows) == 202


def test_a_line_without_an_end_is_left_out_and_takes_no_memory() -> None:
    _, rows, left_out = taken(f"{DAN}\n" + "a@" * 200_000 + f"\n{EVE}\n")
    assert [row[0] for row in rows] == [1, 3]
    assert left_out == [(2, "line")]


def test_nothing_is_raised_by_what_is_no_list() -> None:
    for content in (b"", b"\n", b"\0\1\2\xff" * 40, b'"' + b"a" * 200_000, b"\xff\xfe\n", b",,,,\n;;;\n", b'"@\n"@'):
        assert taken(content)[1] == []


def test_a_shape_is_the_same_after_it_was_kept_and_every_word_for_it_exists() -> None:
    for text, *_ in FORMS.values():
        shape = reader_lists.look(io.BytesIO(text.encode()))
        assert words.of_kept(words.kept(shape)) == shape
        assert all(len(words.described(shape, language)) >= 1 for language in languages())
    for kind in Kind:
        assert say("uk", f"reader-list-kind-{kind}", encoding="UTF-8")
    used = {line for path in Path(reader_lists.__file__).parent.glob("*.py") for line in path.read_text().split('"')}
    assert {key for key in used if key.startswith("reader-list-") and key[-1] != "-" and "{" not in key} <= set(
        catalogue("en")[0]
    )


LOCALS = st.text("abzAZ09._+-!#é@ ", max_size=12) | st.text("ab.", min_size=60, max_size=70)
LABELS = st.text("abzA09-ü", max_size=8) | st.sampled_from(
    ["xn--bcher-kva", "test", "local", "a" * 63, "a" * 64, "com"]
)
DOMAINS = st.lists(LABELS, max_size=5).map(".".join) | st.integers(180, 260).map(
    lambda n: "abcdefg." * (n // 8) + "org"
)


@settings(max_examples=200, deadline=None)
@given(LOCALS, DOMAINS)
@example("a" * 64, "abcdefg." * 23 + "org")
@example("a", "ab--cd.org")
@example("a", "a.b")
@example("Dan", "BÜCHER.example")
@example("a", "b.c1")
def test_the_quick_way_to_read_an_address_says_what_the_library_says(local: str, domain: str) -> None:
    text = address.bare(f"{local}@{domain}")
    try:
        expected = normal(text)
    except EmailNotValidError:
        expected = ""
    assert address.plain(text) in ("", expected)
    try:
        assert address.read(text) == expected
    except address.Unfit:
        assert expected == ""
