"""Files of links: each kind and alphabet gives the same lines, and hostile ones end at once with a sentence."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from bot.errors import Refused
from bot.intake.message import file_text, paste
from tests.unit.test_paste import ANALYSIS, HERALD, SOLIDARITY

A, B, C = "https://zmina.test/a", "https://meduza.test/b?x=1&y=2", "https://ensu.test/c"
LINES = [
    (ANALYSIS, "Bread is dear", [("Zmina", A)]),
    (ANALYSIS, "The bridge “stands”", [("Meduza", B), ("Alice Zhuravel", None)]),
    (SOLIDARITY, "Miners' letter", [("ENSU", C)]),
    (SOLIDARITY, "Without a link", [("Zmina", None)]),
]
TEXT = f"""Analysis and comment
Bread is dear (Zmina, February 5th) {A}
The bridge “stands” (Meduza, February 4th) {B} (Alice Zhuravel, February 3rd)

International solidarity
Miners' letter (ENSU, February) {C}
Without a link (Zmina, February 1st)
"""
MARKDOWN = f"""## Analysis and comment

* **[Bread is dear]({A} "a page")** (Zmina, February 5th)
* [The bridge “stands”][b] (Meduza, February 4th) (Alice Zhuravel, February 3rd)

## International solidarity

1. [Miners' letter]({C}) (*ENSU*, February)
2. Without a link (Zmina, February 1st)

[b]: {B}
"""
HTML = f"""<!DOCTYPE html><html><head><title>Links (Zmina, May 1st)</title><script>var a = "https://x.test";</script></head>
<body><h2>Analysis and comment</h2>
<ul><li><a href="{A}">Bread
 is dear</a> (Zmina, February 5th)</li>
<li><a href="{B.replace("&", "&amp;")}">The bridge <b>“stands”</b></a> (Meduza, February 4th)
(Alice Zhuravel, February 3rd)</li></ul>
<h2>International solidarity</h2><p><a href="{C}">Miners&#39; letter</a> (ENSU, February)<br>
Without a <a href="#top">link</a> (Zmina, February 1st)</p></body></html>"""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def linked(text: str, relation: str) -> str:
    return f'<w:hyperlink r:id="{relation}">{run(text)}</w:hyperlink>'


def field(text: str, url: str) -> str:
    """Return words with a link as older versions of Word write it."""
    kinds = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = f'<w:r><w:instrText> HYPERLINK "{url}" </w:instrText></w:r>'
    return kinds["begin"] + code + kinds["separate"] + run(text) + kinds["end"]


def word_file(*paragraphs: str, before: str = "", targets: tuple[str, ...] = (A, B)) -> bytes:
    """Return a Word file of these paragraphs, with the targets of its links."""
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    document = f'{before}<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body></w:document>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    pairs = "".join(
        f'<Relationship Id="r{number}" Type="hyperlink" TargetMode="External" Target="{url.replace("&", "&amp;")}"/>'
        for number, url in enumerate(targets)
    )
    return packed(
        {
            "word/document.xml": document.encode(),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{pairs}</Relationships>'.encode(),
        }
    )


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


HEADING = '<w:pPr><w:pStyle w:val="Heading2"/></w:pPr>'
DOCX = word_file(
    HEADING + run("Analysis and comment"),
    linked("Bread ", "r0") + linked("is dear", "r0") + run(" (Zmina, February 5th)"),
    linked("The bridge “stands”", "r1") + run(" (Meduza, February 4th) (Alice Zhuravel, ") + run("February 3rd)"),
    "",
    run("International solidarity"),
    field("Miners' letter", C) + run(" (ENSU, February)"),
    run("Without a link (Zmina, February 1st)") + "<w:del><w:r><w:delText> (struck out)</w:delText></w:r></w:del>",
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("links.txt", TEXT.encode()),
        ("links.TXT", TEXT.encode("utf-8-sig")),
        ("links.txt", TEXT.encode("utf-16")),
        ("links.txt", TEXT.encode("utf-16-le")),
        ("links.txt", TEXT.encode("cp1252")),
        ("links.md", MARKDOWN.encode()),
        ("links.html", HTML.encode()),
        ("links.htm", HTML.replace("<head>", '<head><meta charset="windows-1251">').encode("cp1251")),
        ("links.docx", DOCX),
    ],
    ids=["utf-8", "with mark", "utf-16", "utf-16 without mark", "western", "markdown", "html", "old html", "word"],
)
def test_each_kind_of_file_gives_the_same_lines(name: str, content: bytes) -> None:
    text = file_text.text_of(file_text.kind_of(name, ""), content)
    digest = paste.read(text, HERALD, date(2023, 2, 6))
    assert digest is not None
    found = [(e.section_id, e.title, [(cited.source, cited.url) for cited in e.citations]) for e in digest.entries]
    assert found == LINES


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-16", "cp1251"])
def test_cyrillic_is_read_in_the_alphabets_that_people_use(alphabet: str) -> None:
    text = "Міжнародна солідарність\nЛист шахтарів (Тиждень, 5 лютого) https://tyzhden.test/a\n"
    assert file_text.text_of("text", text.encode(alphabet)) == text


def test_french_of_an_old_computer_is_not_taken_for_russian() -> None:
    text = "Le procès a été reporté à l'été (Médiapart, 5 février)"
    assert file_text.text_of("text", text.encode("cp1252")) == text


KINDS = [
    ("a.txt", "", "text"),
    ("a.MD", "", "markdown"),
    ("a.markdown", "", "markdown"),
    ("a.HTM", "", "html"),
    ("a.docx", "application/octet-stream", "word"),
    ("", "text/html; charset=utf-8", "html"),
    ("a.pdf", "application/pdf", ""),
    ("a.doc", "text/plain", ""),
    ("a.jpg", "image/jpeg", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("name", "media_type", "kind"), KINDS)
def test_the_end_of_a_name_says_how_a_file_is_read(name: str, media_type: str, kind: str) -> None:
    assert file_text.kind_of(name, media_type) == kind


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


def bomb() -> bytes:
    return packed({"word/document.xml": b"<a>" + b" " * 60_000_000})


BROKEN = [
    ("word", lambda: DOCX[:200], "file-broken"),
    ("word", lambda: b"no archive at all", "file-broken"),
    ("word", lambda: packed({"word/other.xml": b"<a/>"}), "file-broken"),
    ("word", lambda: packed({"word/document.xml": b"<a><b></a>"}), "file-broken"),
    ("word", lambda: packed({f"part{number}": b"" for number in range(2_100)}), "file-broken"),
    ("word", lambda: word_file(run("&i;"), before=f"{LAUGHS}]>"), "file-broken"),
    ("word", bomb, "file-broken"),
    ("text", lambda: b"a" * (file_text.FILE_BYTES + 1), "file-too-large"),
    ("text", lambda: b"a" * 130_000, "file-too-long"),
]


@pytest.mark.parametrize(("kind", "make", "key"), BROKEN)
def test_a_damaged_or_hostile_file_ends_at_once_with_a_sentence(kind: str, make: Callable[[], bytes], key: str) -> None:
    content = make()
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(Refused) as refused:
        file_text.text_of(kind, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.key == key
    assert time.process_time() - begun < 2
    assert peak < 60_000_000


HOSTILE = [
    ("html", b"<div>" * 100_000 + b"x"),
    ("html", b"<p><a href='https://x.test/'>y</a>" * 1_500),
    ("html", b"\0" * 1000 + b"<b>z</b>"),
    ("html", b""),
    ("html", b"<!-- only a remark"),
    ("html", b"<meta charset=no-such-thing>x"),
    ("markdown", b"[" * 50_000),
    ("markdown", b"[a](" * 20_000),
    ("markdown", b"*a" * 12_000),
    ("markdown", b'[a](b "' * 14_000),
    ("text", b"(a, 5 May)" * 8_000),
    ("text", b"a (b, 5 May)\n" * 1_200),
    ("text", b"Analysis\n" * 2_500),
    ("text", b"\xff\xfe\xd8"),
]


@pytest.mark.parametrize(("kind", "content"), HOSTILE)
def test_odd_files_are_read_for_what_they_are_or_refused(kind: str, content: bytes) -> None:
    begun = time.process_time()
    text = ""
    with suppress(Refused):
        text = file_text.text_of(kind, content)
    paste.read(text, HERALD, date(2023, 2, 6))
    assert "\0" not in text
    assert time.process_time() - begun < 3
