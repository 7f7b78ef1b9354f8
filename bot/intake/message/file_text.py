"""The text of a file that somebody sent (.txt, .md, .html, .docx), every address written out, headings marked `# `.

Word files are read by these few lines over zipfile and lxml, which is here already: paragraphs, headings and links are
all that is needed, every size is capped before anything is unpacked, and python-docx loads whole files without a cap.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from lxml import etree, html  # type: ignore[import-untyped]

from bot.errors import Refused
from bot.intake.message.written import bracketed

FILE_BYTES = 5_000_000
UNPACKED_BYTES = 20_000_000
TEXT_CHARACTERS = 120_000
_MOST_PARTS = 2_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STYLES = re.compile(r"(?:heading|title|заголовок|назва|titre|berschrift|titulo|título|nagwek)", re.IGNORECASE)
_FIELD = re.compile(r'HYPERLINK\s+"([^"]+)"')
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_BLOCKS = frozenset("p div li tr h1 h2 h3 h4 h5 h6 ul ol table section article blockquote pre dd dt".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_SILENT = frozenset("script style head title noscript template svg nav".split())
_MARKDOWN_LINK = re.compile(
    r"!?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'(][^\n]{0,300}?[\"')])?\s*\)"
)
_MARKDOWN_NAMED = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]*)\]")
_MARKDOWN_NAME = re.compile(r"^ {0,3}\[([^\[\]]+)\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$", re.MULTILINE)
_MARKDOWN_STRESS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.{1,400}?)(?<=\S)\1(?!\w)")


def kind_of(name: str, media_type: str) -> str:
    """Return which reader a file needs, by the end of its name, else by its type; "" when there is none."""
    ending = PurePosixPath(name.lower()).suffix
    if ending:
        return _ENDINGS.get(ending, "")
    return _TYPES.get(media_type.partition(";")[0].strip().lower(), "")


_ENDINGS = {
    **{".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown"},
    **{".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "word"},
}
_TYPES = {
    **{"text/plain": "text", "text/markdown": "markdown", "text/html": "html"},
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
}


def text_of(kind: str, content: bytes) -> str:
    """Return the text of a file with its addresses written out; raises Refused when it cannot be read."""
    if len(content) > FILE_BYTES:
        raise Refused("file-too-large", n=FILE_BYTES // 1_000_000)
    try:
        text = _READERS[kind](content)
    except (zipfile.BadZipFile, zlib.error, etree.LxmlError, KeyError, ValueError, NotImplementedError, EOFError):
        raise Refused("file-broken") from None
    if len(text) > TEXT_CHARACTERS:
        raise Refused("file-too-long")
    return text.replace("\0", "")


def decoded(content: bytes) -> str:
    """Return the text of bytes: UTF-8, UTF-16, or one of the two old alphabets of one byte a letter."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    sample = content[:4000]
    if sample.count(0) > len(sample) // 5:
        return content.decode("utf-16-be" if sample[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    letters = sum(byte >= 0xC0 or chr(byte).isalpha() for byte in sample)
    foreign = sum(byte >= 0xC0 for byte in sample)
    # Of a text in Cyrillic most letters stand in the upper half, of one in French or German a few.
    return content.decode("cp1251" if 2 * foreign > letters else "cp1252", "replace")


def _text(content: bytes) -> str:
    return decoded(content)


def _markdown(content: bytes) -> str:
    text = decoded(content)
    names = {name.casefold(): url for name, url in _MARKDOWN_NAME.findall(text)}
    text = _MARKDOWN_NAME.sub("", text)
    text = _MARKDOWN_LINK.sub(lambda m: f"{m[1]} {bracketed(m[2])}" if _is_web(m[2]) else m[1], text)
    text = _MARKDOWN_NAMED.sub(lambda m: _named(m, names), text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!-])", r"\1", _MARKDOWN_STRESS.sub(r"\2", text))


def _named(match: re.Match[str], names: dict[str, str]) -> str:
    url = names.get((match[2] or match[1]).casefold(), "")
    return f"{match[1]} {bracketed(url)}" if _is_web(url) else match[0]


def _html(content: bytes) -> str:
    named = _CHARSET.search(content[:2000])
    try:
        text = content.decode(named[1].decode("ascii")) if named else decoded(content)
    except (LookupError, UnicodeDecodeError):
        text = decoded(content)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return ""
    root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=False, no_network=True))
    return _tidy("".join(_html_pieces(root)))


def _html_pieces(root: etree._Element) -> Iterator[str]:
    """Yield the words of a page in order, with line ends around blocks and addresses behind links."""
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if not silent:
                yield _opening(tag)
                yield _spaced(element.text)
        else:
            if event == "end" and not silent:
                yield _closing(tag, element.get("href") or "")
            silent -= event == "end" and tag in _SILENT
            if not silent:
                yield _spaced(element.tail)


def _opening(tag: str) -> str:
    if tag == "br":
        return "\n"
    return ("\n# " if tag in _HEADINGS else "\n") if tag in _BLOCKS else ""


def _closing(tag: str, link: str) -> str:
    if tag == "a" and _is_web(link):
        return f" {bracketed(link)}"
    return "\n" if tag in _BLOCKS else ""


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line not in ("", "#"))


def _word(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if len(package.infolist()) > _MOST_PARTS:
            raise ValueError
        document = _xml(package, "word/document.xml")
        try:
            relations = _xml(package, "word/_rels/document.xml.rels")
        except KeyError:
            relations = etree.Element("none")
    links = {relation.get("Id", ""): relation.get("Target", "") for relation in relations.iter("{*}Relationship")}
    return "\n".join(_paragraph(paragraph, links) for paragraph in document.iter(f"{_W}p"))


def _xml(package: zipfile.ZipFile, part: str) -> etree._Element:
    """Return a part of a Word file; raises ValueError for one that unpacks to more than is plausible."""
    with package.open(part) as packed:
        content = packed.read(UNPACKED_BYTES + 1)
    if len(content) > UNPACKED_BYTES or b"<!DOCTYPE" in content[:2000]:
        raise ValueError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def _paragraph(paragraph: etree._Element, links: dict[str, str]) -> str:
    """Return the words of a paragraph, its links behind them."""
    pieces: list[str] = []
    fields: list[str] = []
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        tag = str(element.tag).removeprefix(_W)
        if event == "start" and tag == "t":
            pieces.append(element.text or "")
        elif event == "start" and tag in ("tab", "br", "cr"):
            pieces.append(" ")
        elif event == "start" and tag == "instrText":
            found = _FIELD.search(element.text or "")
            fields += [found[1]] if found else []
        elif event == "end" and tag == "hyperlink":
            pieces.append(_behind(links.get(element.get(_RELATION, ""), "")))
        elif event == "start" and tag == "fldChar" and element.get(f"{_W}fldCharType") == "end" and fields:
            pieces.append(_behind(fields.pop()))
    words = " ".join("".join(pieces).split())
    return f"# {words}" if words and _is_heading(paragraph) else words


def _behind(link: str) -> str:
    return f" {bracketed(link)}" if _is_web(link) else ""


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if paragraph.find(f"{_W}pPr/{_W}outlineLvl") is not None:
        return True
    return style is not None and _STYLES.search(style.get(f"{_W}val", "")) is not None


def _is_web(link: str) -> bool:
    return link.lower().startswith(("http://", "https://"))


_READERS: dict[str, Callable[[bytes], str]] = {"text": _text, "markdown": _markdown, "html": _html, "word": _word}
