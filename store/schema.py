"""The tables. Contacts and addresses stand in sealed columns and are found by HMAC; times are UTC."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; refuses naive values, gives aware ones back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(target: str, *, nullable: bool = False, name: str | None = None) -> Column[int]:
    return Column(name or f"{target.rstrip('s')}_id", ForeignKey(f"{target}.id"), nullable=nullable)


installation = Table(
    "installation",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)

bulletins = Table(
    "bulletins",
    metadata,
    _id(),
    Column("slug", String(60), nullable=False, unique=True),
    Column("title", String(100), nullable=False),
    Column("subtitle", String(200), nullable=False, default=""),
    Column("footer", Text, nullable=False, default=""),
    Column("language", String(10), nullable=False),
    Column("timezone", String(60), nullable=False),
    Column("schedule", String(60), nullable=False),
    Column("cutoff_minutes", Integer, nullable=False, default=60),
    Column("gate_minutes", Integer, nullable=False, default=60),
    Column("gate", String(20), nullable=False, default="countdown"),
    Column("quorum", Integer, nullable=False, default=1),
    Column("approve_own", Boolean, nullable=False, default=True),
    Column("reasons", JSON),
    Column("remind_hours", Integer, nullable=False, default=48),
    Column("summary_time", String(5), nullable=False, default="09:00"),
    Column("moderators_chat", Integer),
    Column("moderators_thread", Integer),
    Column("issue_thread", Integer),
    Column("alarm_thread", Integer),
    Column("next_number", Integer, nullable=False, default=1),
)

sections = Table(
    "sections",
    metadata,
    _id(),
    _to("bulletins"),
    Column("title", String(100), nullable=False),
    Column("short", String(30), nullable=False),
    Column("position", Integer, nullable=False),
    # A section taken out of use stays for the items that stood in it; one of a single issue names it.
    Column("retired", Boolean, nullable=False, default=False),
    _to("issues", nullable=True),
)

# What an editor changed of a section for one issue only.
section_changes = Table(
    "section_changes",
    metadata,
    _to("issues"),
    _to("sections"),
    Column("title", String(100)),
    Column("short", String(30)),
    Column("position", Integer),
    Column("hidden", Boolean, nullable=False, default=False),
    PrimaryKeyConstraint("issue_id", "section_id"),
)

channels = Table(
    "channels",
    metadata,
    _id(),
    _to("bulletins"),
    Column("chat_id", Integer, nullable=False),
    Column("title", String(255), nullable=False),
    Column("thread_id", Integer),
    Column("paused", Boolean, nullable=False, default=False),
    Column("problem", Text, nullable=False, default=""),
    # One taken out stays for the issues that were published in it.
    Column("removed", Boolean, nullable=False, default=False),
    UniqueConstraint("bulletin_id", "chat_id"),
)

people = Table(
    "people",
    metadata,
    _id(),
    Column("pseudonym", String(60), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("at_risk", Boolean, nullable=False, default=False),
    Column("contact", LargeBinary, nullable=False),
    Column("contact_mac", String(64), nullable=False, unique=True),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("submitted", Integer, nullable=False, default=0),
    Column("links", Integer, nullable=False, default=0),
    Column("accepted", Integer, nullable=False, default=0),
    Column("active_on", Date),
    Column("links_that_day", Integer, nullable=False, default=0),
    Column("muted_until", Moment),
    Column("banned_until", Moment),
    _to("bulletins", nullable=True),
    # Where an editor wants to see the mail of a preview.
    Column("mail_address", LargeBinary),
    # Counts the secret addresses to which somebody may write links; an older one is worth nothing.
    Column("letterbox", Integer, nullable=False, default=0),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column("token_mac", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("created_by", String(40), nullable=False, default=""),
    Column("used", Boolean, nullable=False, default=False),
)

submissions = Table(
    "submissions",
    metadata,
    _id(),
    _to("bulletins"),
    Column("person_id", ForeignKey("people.id")),
    Column("number", Integer, nullable=False),
    Column("road", String(20), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("received_at", Moment, nullable=False),
    # A pasted digest comes in several messages: when the last one came, and the heading that carries over.
    Column("last_at", Moment),
    _to("sections", nullable=True, name="heading_id"),
    Column("going_on", JSON),
    # A stranger's, until the decision.
    Column("language", String(10), nullable=False, default=""),
    Column("contact", LargeBinary),
    Column("contact_mac", String(64), index=True),
    UniqueConstraint("person_id", "number"),
)

files = Table(
    "files",
    metadata,
    _id(),
    Column("key", String(100), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("name", String(255), nullable=False),
    Column("album", String(100), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("attempt", Integer, nullable=False, default=0),
    Column("received_at", Moment, nullable=False),
    # What an editor is asked about before a file takes effect, and what was found in it, in numbers.
    Column("asks", String(20), nullable=False, default=""),
    Column("found", JSON(none_as_null=True)),
)

intake_keys = Table(
    "intake_keys",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    _id(),
    _to("bulletins"),
    Column("submission_id", ForeignKey("submissions.id"), index=True),
    Column("issue_id", ForeignKey("issues.id"), index=True),
    Column("section_id", ForeignKey("sections.id")),
    Column("revision", Integer, nullable=False, default=1),
    Column("state", String(30), nullable=False),
    Column("title", Text, nullable=False),
    Column("authors", JSON, nullable=False, default=list),
    Column("language", String(10)),
    Column("media_type", String(20), nullable=False, default="article"),
    Column("problem", String(60), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("unread", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Integer),
    Column("claimed_by", Integer),
    Column("claimed_until", Moment),
    Column("intake_key", String(100), index=True),
    _to("sections", nullable=True, name="wanted_section_id"),
    Column("told", JSON, nullable=False, default=list),
    Column("translation_group", Integer, index=True),
    Column("merged_into_id", ForeignKey("items.id"), index=True),
    Column("found_change", JSON),
    Column("position", Integer),
    _to("issues", nullable=True, name="skips_issue_id"),
    Column("snoozed_until", Moment),
    Column("reminded_at", Moment),
    Column("highlight", Text),
    Index("ix_items_waiting", "bulletin_id", "state"),
    Index("ix_items_unread", "id", sqlite_where=text("unread IS 1")),
)

votes = Table(
    "votes",
    metadata,
    _to("items"),
    _to("people", name="person_id"),
    Column("verdict", String(20), nullable=False),
    _to("sections", nullable=True),
    Column("reason", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("item_id", "person_id"),
)

citations = Table(
    "citations",
    metadata,
    _id(),
    _to("items"),
    Column("position", Integer, nullable=False),
    Column("url", Text),
    Column("canonical", Text, index=True),
    Column("source", String(255), nullable=False, default="", index=True),
    Column("date_precision", String(10), nullable=False, default="none"),
    Column("date_start", Date),
    Column("date_end", Date),
    Column("original_source", String(255), nullable=False, default=""),
    Column("archived", Text),
    UniqueConstraint("item_id", "position"),
)

pages = Table(
    "pages",
    metadata,
    _to("items"),
    Column("canonical", Text, nullable=False),
    Column("address", Text, index=True),
    Column("own_address", Text, index=True),
    Column("title", Text, nullable=False, default=""),
    Column("checked_at", Moment, nullable=False),
    PrimaryKeyConstraint("item_id", "canonical"),
)

title_words = Table(
    "title_words",
    metadata,
    Column("word", String(40), nullable=False),
    _to("items"),
    PrimaryKeyConstraint("word", "item_id"),
    Index("ix_title_words_item", "item_id"),
)

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("name", String(255), nullable=False),
    Column("trust", String(20), nullable=False, default="known"),
    Column("language", String(10)),
    Column("note", Text, nullable=False, default=""),
)

source_names = Table(
    "source_names",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("name", String(255), nullable=False),
    _to("sources"),
)

source_domains = Table(
    "source_domains",
    metadata,
    Column("domain", String(255), primary_key=True),
    _to("sources"),
)

cards = Table(
    "cards",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("chat_id", Integer, nullable=False),
    Column("message_id", Integer, nullable=False, index=True),
    UniqueConstraint("kind", "subject_id", "chat_id"),
)

prompts = Table(
    "prompts",
    metadata,
    _id(),
    Column("chat_mac", String(64), nullable=False),
    # Unknown until Telegram has taken the question.
    Column("message_id", Integer),
    Column("purpose", String(30), nullable=False),
    Column("subject_id", Integer, nullable=False, default=0),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("chat_mac", "message_id"),
)

# The message in a moderator's private chat in which the queue is gone through, item after item.
seats = Table(
    "seats",
    metadata,
    _to("people", name="person_id"),
    _to("bulletins"),
    Column("message_id", Integer),
    _to("items", nullable=True),
    Column("passed", JSON, nullable=False, default=list),
    PrimaryKeyConstraint("person_id"),
)

# A page of the queue as it was shown to somebody who picks from it: [item, revision] of each.
selections = Table(
    "selections",
    metadata,
    _id(),
    _to("bulletins"),
    Column("shown", JSON, nullable=False),
    Column("view", String(80), nullable=False, default=""),
    Column("at", Moment, nullable=False),
)

# Acts that need a second person, while they wait.
guarded_acts = Table(
    "guarded_acts",
    metadata,
    _id(),
    _to("bulletins"),
    Column("act", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    _to("people", name="asked_by"),
    Column("asked_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("state", String(20), nullable=False, default="waiting"),
    _to("people", nullable=True, name="settled_by"),
    Index("ix_guarded_acts_state", "state", "until"),
)

issues = Table(
    "issues",
    metadata,
    _id(),
    _to("bulletins"),
    Column("revision", Integer, nullable=False, default=1),
    Column("state", String(20), nullable=False),
    Column("number", Integer),
    Column("due_at", Moment, nullable=False),
    Column("due_local", String(20), nullable=False),
    Column("date", Date, nullable=False),
    Column("gate_until", Moment),
    Column("frozen_at", Moment),
    Column("sent_at", Moment),
    Column("held_from", String(20)),
    Column("audience_until", Integer, nullable=False, default=0),
    Column("rows", Integer, nullable=False, default=0),
    Column("late_told", Boolean, nullable=False, default=False),
    Column("cutoff_told", Boolean, nullable=False, default=False),
    Column("subtitle", String(200)),
    Column("intro", Text, nullable=False, default=""),
    Column("footer", Text),
    Column("approvals", JSON, nullable=False, default=list),
    Column("corrected_on", Date),
    Column("document", JSON),
    UniqueConstraint("bulletin_id", "number"),
    Index("uq_issues_due", "bulletin_id", "due_local", unique=True),
    Index("uq_issues_open", "bulletin_id", unique=True, sqlite_where=text("number IS NULL")),
)

renderings = Table(
    "renderings",
    metadata,
    Column("issue_id", ForeignKey("issues.id"), primary_key=True),
    Column("format", String(20), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    _id(),
    _to("issues"),
    _to("items", nullable=True),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON),
    Column("note", Text, nullable=False, default=""),
    Column("mailed", Boolean, nullable=False, default=False),
    UniqueConstraint("issue_id", "number"),
)

# A correction that somebody has written and has not confirmed; it holds while `seen` corrections are made.
correction_drafts = Table(
    "correction_drafts",
    metadata,
    _id(),
    _to("issues"),
    Column("seen", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("change", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _to("bulletins"),
    Column("kind", String(20), nullable=False),
    Column("title", String(255), nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("starts", Moment),
    Column("timezone", String(60)),
    Column("place", Text, nullable=False, default=""),
    Column("join_url", Text),
    Column("speakers", JSON, nullable=False, default=list),
    Column("demands", JSON, nullable=False, default=list),
    Column("signatories", String(120), nullable=False, default=""),
    Column("languages", JSON, nullable=False, default=list),
    Column("until", Date),
    Column("withdrawn", Boolean, nullable=False, default=False),
    # One that stood in a pasted digest, until an editor takes it up.
    Column("suggested", Boolean, nullable=False, default=False),
    Column("position", Integer),
    Column("revision", Integer, nullable=False, default=1),
)

subscribers = Table(
    "subscribers",
    metadata,
    _id(),
    Column("address", LargeBinary, nullable=False),
    Column("address_mac", String(64), nullable=False, unique=True),
    Column("provider", String(60), nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    _to("subscribers"),
    _to("bulletins"),
    Column("state", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("consent", Text, nullable=False),
    Column("generation", Integer, nullable=False, default=0),
    Column("changed_on", Date, nullable=False),
    Column("format", String(10), nullable=False, default="html"),
    Column("with_pdf", Boolean, nullable=False, default=False),
    Column("paused_until", Date),
    # When an unconfirmed one was asked for; it is forgotten 48 hours later.
    Column("asked_at", Moment),
    # What bounces have added up to, when last, and when a probe was sent because of it.
    Column("score", Float, nullable=False, default=0.0),
    Column("scored_on", Date),
    Column("probed_at", Moment),
    UniqueConstraint("subscriber_id", "bulletin_id"),
    Index("ix_subscriptions_active", "bulletin_id", "state", "id"),
)

# Private chats to which a bulletin comes; forgotten days after nothing does any more, only the ledger's target stays.
chat_readers = Table(
    "chat_readers",
    metadata,
    _id(),
    _to("bulletins"),
    Column("contact", LargeBinary),
    Column("contact_mac", String(64)),
    Column("state", String(20), nullable=False),
    Column("changed_at", Moment, nullable=False),
    # The issue that came by the reader's own wish: it does not come so twice.
    Column("latest_id", Integer),
    UniqueConstraint("bulletin_id", "contact_mac"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_mac", String(64), primary_key=True),
    Column("reason", String(20), nullable=False),
    Column("since", Date, nullable=False),
)

# Mails that ask somebody to confirm, by whom they went to: they are counted for 90 days.
confirmation_mails = Table(
    "confirmation_mails",
    metadata,
    _id(),
    Column("address_mac", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
)

# A new address of a reader, which takes the place of the old one when both have confirmed it.
address_changes = Table(
    "address_changes",
    metadata,
    _id(),
    _to("subscribers"),
    Column("address", LargeBinary, nullable=False),
    Column("address_mac", String(64), nullable=False),
    Column("provider", String(60), nullable=False),
    Column("old_confirmed", Boolean, nullable=False, default=False),
    Column("new_confirmed", Boolean, nullable=False, default=False),
    Column("asked_at", Moment, nullable=False),
)

# Single mails that wait to be sent: questions, acknowledgements, answers. The address is sealed, as is what is secret.
postbox = Table(
    "postbox",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    _to("bulletins"),
    Column("address", LargeBinary, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("sealed", LargeBinary),
    Column("not_before", Moment, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("merge_key", String(80), unique=True),
    Column("created_at", Moment, nullable=False),
    Index("ix_postbox_due", "not_before", "id"),
)

# Letters that came in, each once; the content is kept, sealed, only while somebody must decide or confirm.
letters = Table(
    "letters",
    metadata,
    _id(),
    Column("key", String(80), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("content", LargeBinary),
    _to("people", nullable=True, name="person_id"),
    Column("subject_id", Integer),
    Column("received_at", Moment, nullable=False),
    # The HMAC of the sender's address as of readers' ones, as long as the content is kept, so that it can be erased.
    Column("sender_mac", String(64), index=True),
    _to("bulletins", nullable=True),
    Index("ix_letters_waiting", "state", "kind"),
)

# What came back from readers' mail programs: bounces and complaints, by subscription and run.
returns = Table(
    "returns",
    metadata,
    _id(),
    _to("subscriptions"),
    _to("issues", nullable=True),
    Column("verdict", String(10), nullable=False),
    Column("status", String(20), nullable=False, default=""),
    Column("on", Date, nullable=False),
    Index("ix_returns_run", "issue_id", "verdict"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _to("issues"),
    Column("kind", String(20), nullable=False),
    Column("target_id", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("doubts", Integer, nullable=False, default=0),
    Column("possible_duplicate", Boolean, nullable=False, default=False),
    Column("not_before", Moment),
    Column("message_id", Integer),
    Column("problem", Text, nullable=False, default=""),
    UniqueConstraint("issue_id", "kind", "target_id", "part"),
    Index("ix_deliveries_next", "kind", "state", "issue_id", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("chat_id", Integer),
    Column("thread_id", Integer),
    Column("subject_id", Integer, nullable=False, default=0),
    Column("payload", JSON, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("merge_key", String(80), unique=True),
    Column("created_at", Moment, nullable=False),
    Index("ix_outbox_due", "not_before", "id"),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("done", Boolean, nullable=False, default=False),
    Column("kept", LargeBinary),  # sealed, until it took effect
    Index("ix_updates_day", "day"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
