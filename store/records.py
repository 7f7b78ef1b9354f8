"""The frozen records of a bulletin: people, items, issues, readers, deliveries, and the states they pass through."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from store.states import DeliveryState, IssueState, ItemState, Role, Topic

Day = date  # for records that have a field of that name


class Precision(StrEnum):
    """How exactly a publication date is known; a missing date stays missing."""

    DAY = "day"
    MONTH = "month"
    RANGE = "range"
    NONE = "none"


class MediaType(StrEnum):
    ARTICLE = "article"
    VIDEO = "video"
    AUDIO = "audio"
    REPORT = "report"
    INTERVIEW = "interview"


class Trust(StrEnum):
    """How far a source is trusted."""

    TRUSTED = "trusted"
    KNOWN = "known"
    DOUBTFUL = "doubtful"


class Gate(StrEnum):
    """What lets an issue out at its hour: the clock, the clock after a countdown, an editor's press, two presses."""

    AUTOMATIC = "automatic"
    COUNTDOWN = "countdown"
    EDITOR = "editor"
    TWO = "two"


class NoticeKind(StrEnum):
    MEETING = "meeting"
    CAMPAIGN = "campaign"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A date as exact as it is known.

    DAY: `start`. MONTH: the first of the month in `start`. RANGE: `start` and `end`. NONE: neither.
    """

    precision: Precision = Precision.NONE
    start: date | None = None
    end: date | None = None


NO_DATE = PublicationDate()


@dataclass(frozen=True, slots=True)
class Citation:
    """One place where a story can be read. `url` is None for a plain title without a link.

    `original_source` is whom the publisher names as its own source, `archived` the address of a kept copy.
    """

    source: str = ""
    url: str | None = None
    canonical: str | None = None
    date: PublicationDate = NO_DATE
    original_source: str = ""
    archived: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section as the open issue has it; `issue_id` names the issue of a section that stands in that one alone."""

    id: int
    title: str
    short: str
    position: int
    issue_id: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A story on its way into an issue; `revision` changes with every change and guards each of them.

    `problem` is the key of a sentence saying why the page could not be read, or "". `language` is BCP 47.
    `told` names the fields that a person has given, which no page overrules: title, source, date, section,
    authors, language.
    Items of one `translation_group` tell one story in several languages. `found_change` is what was found when the
    page was looked at again before the issue closed: {"changes": [{"key", "values"}, …]}, a sentence each.
    `position` is the place that an editor gave it in its section; `skips_issue_id` the issue it is kept out of, to be
    in the next. `highlight` are the words for "In this week's bulletin", "" for its title, None where it is none.
    """

    id: int
    bulletin_id: int
    revision: int
    state: ItemState
    title: str
    citations: tuple[Citation, ...]
    created_at: datetime
    authors: tuple[str, ...] = ()
    language: str | None = None
    media_type: MediaType = MediaType.ARTICLE
    section_id: int | None = None
    submission_id: int | None = None
    issue_id: int | None = None
    problem: str = ""
    reason: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    claimed_by: int | None = None
    claimed_until: datetime | None = None
    unread: bool = False
    intake_key: str | None = None
    wanted_section_id: int | None = None
    told: tuple[str, ...] = ()
    translation_group: int | None = None
    merged_into_id: int | None = None
    found_change: dict[str, Any] | None = None
    position: int | None = None
    skips_issue_id: int | None = None
    snoozed_until: datetime | None = None
    reminded_at: datetime | None = None
    highlight: str | None = None


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What was found at an item's address when it was last fetched; `address` is where the redirects led.

    `canonical` names the citation; `own_address` is the address the page declares. All are in canonical form.
    """

    item_id: int
    canonical: str
    address: str | None
    own_address: str | None
    title: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher in the directory; `names` are all its names, its canonical one first, `domains` in lower case."""

    id: int
    name: str
    trust: Trust
    names: tuple[str, ...]
    domains: tuple[str, ...]
    language: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    name: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A meeting, campaign or open letter printed after the items until the day `until` has passed.

    `text` prints as it was written; `starts` is aware, in the zone of `timezone` (an IANA name).
    """

    kind: NoticeKind
    text: str = ""
    title: str = ""
    id: int = 0
    starts: datetime | None = None
    timezone: str | None = None
    place: str = ""
    join_url: str | None = None
    speakers: tuple[Speaker, ...] = ()
    until: date | None = None
    demands: tuple[str, ...] = ()
    signatories: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One edition with its standing settings, its sections as the open issue has them.

    `gate_minutes`: time between preview and release. `quorum`: votes that a decision on an item needs. `reasons` for
    a rejection are text keys or words, None for the house's own. `remind_hours` and `summary_time` ("09:00", in the
    bulletin's zone) are 0 and "" where nobody is to be reminded. The threads are topics of the moderators' chat.
    """

    id: int
    slug: str
    title: str
    language: str
    timezone: str
    schedule: str
    subtitle: str = ""
    footer: str = ""
    cutoff_minutes: int = 60
    gate_minutes: int = 60
    gate: Gate = Gate.COUNTDOWN
    quorum: int = 1
    approve_own: bool = True
    reasons: list[str] | None = None
    remind_hours: int = 48
    summary_time: str = "09:00"
    moderators_chat: int | None = None
    moderators_thread: int | None = None
    issue_thread: int | None = None
    alarm_thread: int | None = None
    next_number: int = 1
    sections: tuple[Section, ...] = ()

    def thread_of(self, topic: Topic) -> int | None:
        """Return the thread in the moderators' chat for messages of this kind; None is the general one."""
        threads = {Topic.CARDS: self.moderators_thread, Topic.ISSUE: self.issue_thread, Topic.ALARMS: self.alarm_thread}
        return threads[topic]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role. The contact is sealed; nothing here says who it is.

    `bulletin_id` is the bulletin that this person's commands in private chat are about, where there are several.
    """

    id: int
    pseudonym: str
    role: Role
    language: str
    at_risk: bool = False
    revoked: bool = False
    submitted: int = 0
    links: int = 0
    accepted: int = 0
    active_on: date | None = None
    links_that_day: int = 0
    muted_until: datetime | None = None
    banned_until: datetime | None = None
    bulletin_id: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person sent in one message, or in one paste; `number` counts per contributor and is shown as #17.

    A stranger's has no person; its sealed contact is erased with the decision. `heading_id` is the section under
    which the next lines of a paste stand, `going_on` what else its next message goes on with.
    """

    id: int
    bulletin_id: int
    person_id: int | None
    number: int
    road: str
    note: str
    received_at: datetime
    last_at: datetime | None = None
    heading_id: int | None = None
    going_on: dict[str, Any] | None = None
    language: str = ""
    contact: bytes | None = None
    contact_mac: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that somebody sent; `note` are the words beside it, written out.

    `asks` names what an editor is asked about before it takes effect, "" for one that is read at once; `found` is what
    was found in it, in numbers, None before it is looked at.
    """

    id: int
    key: str
    person_id: int
    file_id: str
    name: str
    album: str
    note: str
    attempt: int
    received_at: datetime
    asks: str = ""
    found: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    id: int
    bulletin_id: int
    chat_id: int
    title: str
    thread_id: int | None = None
    paused: bool = False
    problem: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's press that lets an issue out; `imprint` tells what would have been printed then."""

    person: int
    imprint: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a bulletin; `number` is None until it is frozen. Times are aware, in UTC.

    `subtitle` and `footer` are None where the bulletin's own are printed.
    """

    id: int
    bulletin_id: int
    revision: int
    state: IssueState
    due_at: datetime
    date: date
    number: int | None = None
    gate_until: datetime | None = None
    frozen_at: datetime | None = None
    sent_at: datetime | None = None
    held_from: IssueState | None = None
    audience_until: int = 0
    rows: int = 0
    subtitle: str | None = None
    intro: str = ""
    footer: str | None = None
    approvals: tuple[Approval, ...] = ()
    corrected_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One ledger row: one part for one target. `possible_duplicate` is marked before a try after a doubt."""

    id: int
    issue_id: int
    kind: str
    target_id: int
    part: int
    state: DeliveryState
    attempt: int
    possible_duplicate: bool = False
    doubts: int = 0
    not_before: datetime | None = None
    message_id: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """An item as an issue prints it: title, citations in order, the first one carries the title's link.

    `item_id` tells which item to correct; it reaches no rendering.
    """

    title: str
    citations: tuple[Citation, ...]
    authors: tuple[str, ...] = ()
    language: str | None = None
    media_type: MediaType = MediaType.ARTICLE
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedSection:
    title: str
    items: tuple[PrintedItem, ...]


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """All that the renderings of one issue are drawn from. Nothing in it depends on who sent what, or when.

    `closed_at` is aware (UTC); `address` is the issue's permanent web address, `home` the archive's, `pdf_address`
    the PDF's; "" where none is set. `corrections` are sentences on what was corrected after it was published, the
    last time on `corrected_on`. Empty sections and past notices are dropped, items are in printing order.
    """

    bulletin: str
    slug: str
    number: int
    date: date
    language: str
    timezone: str
    closed_at: datetime
    sections: tuple[PrintedSection, ...]
    subtitle: str = ""
    intro: str = ""
    highlights: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    footer: str = ""
    address: str = ""
    pdf_address: str = ""
    home: str = ""
    corrected_on: Day | None = None
    corrections: tuple[str, ...] = ()
