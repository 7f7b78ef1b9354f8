"""The short letter to readers who got an issue in which something was corrected since."""

from dataclasses import replace
from datetime import datetime

from bot.render import mail
from bot.render.layout import Line, lay_out
from bot.render.spans import Span, Spans
from bot.render.text import plain_line
from bot.texts import say
from store.records import FrozenIssue


def letter(issue: FrozenIssue, sentence: str, line: Line | None, sender: mail.Sender, moment: datetime) -> bytes:
    """Return the stored template of the letter: what was corrected, and how the item reads now, None where it is gone.

    `issue` is the corrected one. The letter can be left by as the issue's mail can.
    """
    page = lay_out(issue)
    subject = say(issue.language, "correction-mail-subject", heading=page.heading)
    opening = say(issue.language, "correction-mail-opening", heading=page.heading)
    below = say(issue.language, "correction-mail-now")
    intro: list[Spans] = [(Span(opening),), (Span(sentence),)]
    words = [subject, opening, sentence]
    if line is not None:
        intro += [(Span(below),), line.spans]
        words += [below, plain_line(line)]
    if page.address:
        words.append(f"{say(issue.language, 'render-web')}: {page.address}")
    short = replace(
        page,
        heading=subject,
        subtitle="",
        intro=tuple(intro),
        highlights="",
        blocks=(),
        notices=(),
        notices_title="",
        footer=(),
        corrected="",
        corrections=(),
    )
    parts = mail.of_page(short, "\n\n".join(words) + "\n", sender.leave, sender.choices)
    return mail.MailTemplate.about(issue, sender, parts, moment).stored
