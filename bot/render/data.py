"""An issue as JSON: the same words as the other renderings, and each date and address by itself.

The keys are stable; new ones may be added. Dates are ISO 8601, `closed_at` in UTC. In a citation `date.precision` is
"day", "month" (of which `start` is the first day), "range" (from `start` to `end`) or "none"; `date.text` is how the
issue prints it. `url` is null where there is no address, or none that may become a link; `archived` is the address of
a kept copy of that page, or null. `languages` of a notice are where it can be read in others. `corrected_on` is the
day of the last of the `corrections`, or null.
"""

import json
from datetime import UTC

from bot.render import announcement, style
from bot.render.layout import heading, lay_out
from store.records import Citation, FrozenIssue, Notice, PrintedItem

Json = dict[str, object]


def _citation(citation: Citation, issue: FrozenIssue) -> Json:
    when = citation.date
    return {
        "source": style.clean(citation.source),
        "url": style.safe_url(citation.url),
        "archived": style.safe_url(citation.archived),
        "date": {
            "precision": str(when.precision),
            "start": when.start.isoformat() if when.start else None,
            "end": when.end.isoformat() if when.end else None,
            "text": style.date_text(when, issue.language, issue.date.year),
        },
    }


def _item(item: PrintedItem, issue: FrozenIssue) -> Json:
    return {
        "title": style.clean(item.title),
        "citations": [_citation(citation, issue) for citation in item.citations],
        "authors": [style.clean(author) for author in item.authors],
        "language": style.language_tag(item.language) or None,
        "media_type": str(item.media_type),
    }


def _notice(notice: Notice) -> Json:
    return {
        "kind": str(notice.kind),
        "title": style.clean(notice.title),
        "text": style.clean_block(notice.text),
        "starts": notice.starts.isoformat() if notice.starts else None,
        "timezone": notice.timezone,
        "place": style.clean(notice.place),
        "join_url": style.safe_url(notice.join_url),
        "speakers": [
            {"name": style.clean(each.name), "organisation": style.clean(each.organisation)} for each in notice.speakers
        ],
        "languages": [
            {"name": name, "url": url}
            for name, url in (announcement.language_version(each) for each in notice.languages)
        ],
        "demands": [style.clean(each) for each in notice.demands],
        "signatories": style.clean(notice.signatories),
        "until": notice.until.isoformat() if notice.until else None,
    }


def to_dict(issue: FrozenIssue) -> Json:
    """Return the issue as plain values, as the module describes them."""
    page = lay_out(issue)
    return {
        "bulletin": page.bulletin,
        "slug": issue.slug,
        "number": issue.number,
        "date": issue.date.isoformat(),
        "language": page.language,
        "timezone": issue.timezone,
        "closed_at": issue.closed_at.astimezone(UTC).isoformat(),
        "heading": heading(issue),
        "subtitle": page.subtitle,
        "intro": style.clean_block(issue.intro),
        "highlights": [style.clean(each) for each in issue.highlights],
        "sections": [
            {"title": style.clean(section.title), "items": [_item(item, issue) for item in section.items]}
            for section in issue.sections
            if section.items
        ],
        "notices": [_notice(notice) for notice in issue.notices],
        "footer": style.clean_block(issue.footer),
        "corrected_on": issue.corrected_on.isoformat() if issue.corrected_on else None,
        "corrections": list(page.corrections),
        "address": page.address,
        "pdf_address": page.pdf_address,
        "home": page.home,
    }


def to_json(issue: FrozenIssue) -> str:
    """Return the issue as JSON text, indented, its letters unescaped, the keys in the order of `to_dict`."""
    return json.dumps(to_dict(issue), ensure_ascii=False, indent=2) + "\n"
