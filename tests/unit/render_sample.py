"""A small invented issue that has one of everything, and issues made of given titles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from store.records import (
    NO_DATE,
    Citation,
    FrozenIssue,
    MediaType,
    Notice,
    NoticeKind,
    Precision,
    PrintedItem,
    PrintedSection,
    PublicationDate,
    Speaker,
)


def day(year: int, month: int, number: int) -> PublicationDate:
    return PublicationDate(Precision.DAY, date(year, month, number))


FEBRUARY = PublicationDate(Precision.MONTH, date(2023, 2, 1))
A_WEEK = PublicationDate(Precision.RANGE, date(2023, 2, 20), date(2023, 2, 26))

RIVER = "https://river.example/news/1?id=7"

TERRITORIES = PrintedSection(
    "News from the territories",
    (
        PrintedItem(
            "Children taken to “holiday camps”, says ombudsman",
            (
                Citation(
                    "River Post", RIVER, None, day(2023, 2, 5), archived=f"https://web.archive.org/web/2023/{RIVER}"
                ),
            ),
        ),
        PrintedItem(
            "Be careful what you ask for",
            (
                Citation("Meadow", "https://meadow.example/ask", None, day(2023, 2, 1)),
                Citation("Alice Field", "https://alice.example/notes/(1)", None, day(2023, 1, 31)),
            ),
        ),
        PrintedItem(
            "Рік у підпіллі",
            (Citation("Степ", "https://степ.example/рік", None, day(2022, 12, 31)),),
            language="uk",
        ),
    ),
)
SOLIDARITY = PrintedSection(
    "Solidarity & action",
    (
        PrintedItem("A week of action 🚩", (Citation("Workers’ Network", "https://net.example/", None, A_WEEK),)),
        PrintedItem(
            "Φωνές από τη Μαριούπολη",
            (Citation("", "https://phones.example/", None, FEBRUARY),),
            media_type=MediaType.VIDEO,
            language="el",
        ),
        PrintedItem("A plain title [no link] *yet*", (Citation("Harbour <Radio>"),)),
        PrintedItem("Nothing is known of this one", ()),
    ),
)
MEETING = Notice(
    kind=NoticeKind.MEETING,
    title="Public meeting",
    text="Tea from six.\nNo steps at the door.",
    starts=datetime(2023, 2, 21, 18, 30, tzinfo=UTC),
    timezone="Europe/London",
    place="Mill Hall, 2 Mill Lane",
    join_url="https://meet.example/room?x=1&y=2",
    speakers=(Speaker("Pavlo Miner", "Union of Miners"), Speaker("Nadia West")),
)
CAMPAIGN = Notice(
    kind=NoticeKind.CAMPAIGN,
    title="Open letter: heat for the hospitals",
    text="Started by two nurses of the River Hospital.",
    join_url="https://letters.example/heat",
    languages=("Ukrainian: https://letters.example/uk/heat", "Greek: https://letters.example/el/heat"),
    demands=("Generators for every ward", "No power cuts to hospitals & schools"),
    signatories="1,240 people and 35 organisations",
    until=date(2023, 3, 15),
)
LETTER = Notice(
    kind=NoticeKind.CAMPAIGN,
    text="Open letter: free the nurses\n\nSign at https://letters.example/nurses, 214 have.",
    until=date(2023, 3, 1),
)

ISSUE = FrozenIssue(
    bulletin="The Weekly Thread",
    slug="thread",
    number=32,
    date=date(2023, 2, 5),
    language="en",
    timezone="Europe/Kyiv",
    closed_at=datetime(2023, 2, 5, 16, 0, tzinfo=UTC),
    sections=(TERRITORIES, SOLIDARITY),
    subtitle="A digest of invented news",
    intro="Two items came late and wait for issue 33.",
    highlights=("holiday camps", "a week of action"),
    notices=(MEETING, CAMPAIGN, LETTER),
    footer="Put together by volunteers.\n\nWrite to editors@thread.example or see https://thread.example/about.",
    address="https://thread.example/issues/32",
    pdf_address="https://thread.example/issues/32.pdf",
    home="https://thread.example/issues",
)


def issue_of(items: Sequence[PrintedItem], **changes: object) -> FrozenIssue:
    """Return an issue of these items in one section, without notices, footer and addresses."""
    bare = replace(ISSUE, subtitle="", intro="", highlights=(), notices=(), footer="", address="", home="")
    bare = replace(bare, pdf_address="", sections=(PrintedSection("News", tuple(items)),))
    return replace(bare, **changes)  # type: ignore[arg-type]


def item(
    title: str, source: str = "River Post", url: str | None = "https://river.example/1", when: PublicationDate = NO_DATE
) -> PrintedItem:
    return PrintedItem(title, (Citation(source, url, None, when),))


def filled_with(words: Sequence[str]) -> FrozenIssue:
    """Return an issue where each word stands as title, source, speaker and highlight, and the first one everywhere."""
    first = " ".join(words[0].split())  # one line, since lines are structure in what was written at length
    items = tuple(
        PrintedItem(
            word,
            (
                Citation(word, "https://river.example/1", None, day(2023, 2, 5)),
                Citation(word, "https://meadow.example/2", None, FEBRUARY),
            ),
        )
        for word in words
    )
    speakers = tuple(Speaker(word, word) for word in words)
    meeting = replace(MEETING, title=first, text="Tea.", place=first, speakers=speakers)
    return replace(
        ISSUE,
        bulletin=first,
        subtitle=first,
        intro=first,
        highlights=tuple(words),
        sections=(PrintedSection(first, items),),
        notices=(meeting, replace(LETTER, text=first)),
        footer=first,
    )


PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>x</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "<!-- ",
    "]]>",
    "--><b>",
    "&lt;b&gt; &amp;amp; &#60;",
    "{{ 7 * 7 }}{% raw %}",
    '#read("/etc/passwd")',
    '#link("javascript:x")[x] $x^2$',
    "= Heading",
    "- list",
    "+ enum",
    "1. one",
    "2) two",
    "/ term: x",
    "*bold* _it_ `code` ~~no~~",
    "**bold**",
    "![pic](https:x)",
    "[link](javascript:alert(1))",
    "[ref]: x",
    "![",
    "](x)",
    "\\",
    "a\\*b\\",
    "# head",
    "> quote",
    "```raw```",
    "~~~",
    "---",
    "===",
    "| a | b |",
    "<javascript:alert(1)>",
    "<https:x>",
    "<x@y.example>",
    "\u202ereversed\u202c",
    "a\u0000b\u2028c\rd\ne",
    "=?UTF-8?Q?=0A?=Bcc: eve@evil.example",
    "@eve /stop tg://resolve?domain=eve",
    "#{sys.inputs} @label <label>",
    "//comment /* x */",
    "\\u{41} ~ -- ...",
    "=2B=3D=\r\n.",
    "{leave} {0} %s",
    "😀 𝒜 e\u0301\u0301\u0301\u0301\u0301",
)


def hostile_issues() -> list[list[str]]:
    """Return 500 hostile words, 20 to an issue; the first of them stands in every field."""
    frames = ("{}", "x {}", "{} x", "({})", "“{}”", "{0} {0}", "x{}x", "!{}", "{}:", "é{}", "{}.")
    words = [frame.replace("{0}", "{}").replace("{}", payload) for frame in frames for payload in PAYLOADS]
    return [words[start : start + 20] for start in range(0, 500, 20)]
