"""Thirty invented links of one week: two messages on one subject each, and two of all kinds."""

from datetime import date, timedelta

from bot.sandbox.news.press import Article
from bot.sandbox.site import WEEK_START, NewsSite

OCCUPIED, UKRAINE, ANALYSIS, RIGHTS, SOLIDARITY = "Occupied areas", "Ukraine", "Analysis", "Human rights", "Solidarity"
HERALD, WATCH, HANDS, NOTEBOOK, WIRE = (
    ("kherson-herald.example", "Kherson Herald"),
    ("court-watch.example", "Court Watch"),
    ("hands-across.example", "Hands Across"),
    ("occupation-notebook.example", "Occupation Notebook"),
    ("ferry-wire.example", "Ferry Wire"),
)
Source = tuple[str, str]

# Who sends, and of each link its section, source and title.
MESSAGES: tuple[tuple[str, tuple[tuple[str, Source, str], ...]], ...] = (
    (
        "marta",
        (
            (OCCUPIED, HERALD, "Forty families wait for bread at one shop that has flour"),
            (OCCUPIED, HERALD, "The ferry to the left bank runs twice a week, for officials"),
            (OCCUPIED, NOTEBOOK, "A village without a doctor keeps its own list of medicines"),
            (OCCUPIED, NOTEBOOK, "What a notice on a door means: four letters explained"),
            (OCCUPIED, HERALD, "Port workers are told to hand in their old passports"),
            (OCCUPIED, WIRE, "Night shifts at the depot grow longer, and unpaid"),
            (OCCUPIED, NOTEBOOK, "A library goes from house to house in shopping bags"),
            (OCCUPIED, HERALD, "Pensions come in November, in an office two hours away"),
        ),
    ),
    (
        "ana",
        (
            (RIGHTS, WATCH, "Eleven hearings in one morning, none of them longer than nine minutes"),
            (RIGHTS, WATCH, "A lawyer is not let in, and writes down the hour"),
            (RIGHTS, WATCH, "Two teachers are free after a year; their pupils are not told"),
            (RIGHTS, HANDS, "Letters come back from a prison that says it has no such person"),
            (RIGHTS, WATCH, "Searches without a record: what 140 people told us"),
            (RIGHTS, NOTEBOOK, "A mother counts the places where she has asked"),
            (RIGHTS, WATCH, "The court moves to another town, the accused do not"),
            (RIGHTS, HANDS, "How to write to a prisoner so that it arrives"),
        ),
    ),
    (
        "marta",
        (
            (UKRAINE, WIRE, "Railway workers win back their winter clothes"),
            (ANALYSIS, NOTEBOOK, "Why the new land register matters more than the flag"),
            (SOLIDARITY, HANDS, "Dockers refuse a ship for the third time"),
            (UKRAINE, WIRE, "Nurses of four hospitals write one letter"),
            (OCCUPIED, HERALD, "A market that sells by telephone"),
            (SOLIDARITY, HANDS, "A choir sings for generators in nine towns"),
            (ANALYSIS, NOTEBOOK, "Who owns the orchards now? A map in the making"),
        ),
    ),
    (
        "ana",
        (
            (UKRAINE, WIRE, "The city counts its cellars, and opens sixty more"),
            (SOLIDARITY, HANDS, "Students collect telephones for teachers"),
            (RIGHTS, WATCH, "A witness speaks in public for the first time"),
            (ANALYSIS, NOTEBOOK, "What a census under occupation is for"),
            (UKRAINE, HERALD, "Miners go down again after the pumps are mended"),
            (SOLIDARITY, HANDS, "A week of letters: thirty libraries take part"),
            (ANALYSIS, WIRE, "Wages in wartime, told in five payslips"),
        ),
    ),
)
SECTION_OF = {title: section for _, links in MESSAGES for section, _, title in links}


def put_up(site: NewsSite) -> list[tuple[str, str]]:
    """Serve the thirty pages, and return who sends which text."""
    texts, number = [], 0
    for sender, links in MESSAGES:
        articles: list[Article] = []
        for _, (host, name), title in links:
            number += 1
            day: date = WEEK_START + timedelta(days=number % 5)
            articles.append(site.add_article(f"http://{host}/week/{number}", title, name, day.isoformat(), "en"))
        texts.append((sender, "\n".join(article.url for article in articles)))
    return texts
