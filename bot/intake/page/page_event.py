"""Whether a page announces an event: the day of an event is not the one on which its page was published."""

import re
from urllib.parse import urlsplit

from bot.intake.page.page_data import Node, is_story, kinds, text_of
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_story import Stamp
from bot.intake.page.page_words import letters, plain, tokens, words

# Two of "When", "Where", "Doors" beside a headline are an invitation; one may be a heading of any story.
_FACTS = 2
# Not what stands for news in a language: /podii/, /wydarzenia/.
_IN_PATH = re.compile(
    r"/(?:events?|calendar|kalend[ae]r|agenda|termine?|veranstaltung(?:en)?|evenements?|événements?|evento|eventos|eventi|"
    r"ekdilos(?:i|eis)|meropriyati[ey]a?|afisha)/[^/]"
)


def is_event(page: Outline, node: Node | None, url: str) -> bool:
    """Tell whether a page announces an event: by its linked data, its address, or what stands beside its headline."""
    if node is not None and is_story(node):
        return False
    if page.meta("og:type").lower() in ("event", "events.event"):
        return True
    events = [one for one in page.nodes if any(kind.endswith("event") for kind in kinds(one))]
    heading = letters(page.story.heading)
    named = any(letters(text_of(one, "name")) == heading for one in events) or len(events) == 1
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        path = ""
    return bool(events and named) or len(page.story.facts) >= _FACTS or _IN_PATH.search(path) is not None


def tells_publication(stamp: Stamp) -> bool:
    """Tell whether a date says in words that it is of publication, and not only that it is a date."""
    said = tokens(f"{plain(stamp.context)} {stamp.text}") | tokens(stamp.label)
    return not said.isdisjoint(words().published - words().bare_dates)
