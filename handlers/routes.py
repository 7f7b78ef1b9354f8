"""Which door an update goes to: commands, buttons and answers to our questions, with the role each asks for."""

from dataclasses import dataclass

from handlers import (
    contributor,
    files,
    letters,
    mail,
    manual,
    operator,
    reader,
    readers,
    sender,
    sources,
    standing,
    stats,
    stories,
)
from handlers import subscribing as coming
from handlers.editor import after, board, notices, previews, release, report, shaping
from handlers.moderator import cards, doubts, edit, here, queue
from handlers.people import doors, everybody, guard, invitations, naming
from handlers.settings import doors as settings
from handlers.visit import Answer, Door, Visit, words
from store.messages import Card, Text
from store.records import Person
from store.states import Role


@dataclass(frozen=True, slots=True)
class Route:
    """A door and the least role that may pass it; None lets everybody in. `help` is the key of its line in /help.

    `desk`: it opens in the moderators' chat only. `once`: its question takes one answer; others may be answered anew.
    `always`: it opens even to somebody who is kept out for a time.
    """

    door: Door
    role: Role | None
    help: str = ""
    desk: bool = False
    once: bool = False
    always: bool = False


async def help_text(visit: Visit) -> Answer:
    """Explain the commands that this person may use."""
    if visit.person is None:
        return words(await reader.about(visit))
    told = help_for(visit.person, visit.language) + await settings.which_bulletin(visit)
    return Answer(cards=(Card(told),))


def help_for(person: Person, language: str) -> Text:
    """Return /help for a person: the commands that their role lets them use."""
    open_to = [name for name, route in COMMANDS.items() if route.role is None or person.role.includes(route.role)]
    return manual.explain(person, language, {name: COMMANDS[name].help for name in open_to if COMMANDS[name].help})


COMMANDS = {
    "start": Route(contributor.start, None),
    "help": Route(help_text, None, "help-help"),
    "mine": Route(sender.mine, Role.CONTRIBUTOR, "help-mine"),
    "rename": Route(naming.rename, Role.CONTRIBUTOR, "help-rename"),
    "language": Route(naming.language, Role.CONTRIBUTOR, "help-language"),
    "letterbox": Route(mail.open_letterbox, Role.CONTRIBUTOR, "help-letterbox"),
    "stop": Route(reader.stop, None, "help-stop", always=True),
    "subscribe": Route(coming.subscribe, None, "help-subscribe"),
    "queue": Route(queue.queue, Role.MODERATOR, "help-queue"),
    "letters": Route(letters.show, Role.MODERATOR, "help-letters"),
    "moderate": Route(here.moderate, Role.MODERATOR, "help-moderate"),
    "people": Route(everybody.directory, Role.MODERATOR, "help-people"),
    "invite": Route(invitations.invite, Role.MODERATOR, "help-invite"),
    "mute": Route(standing.mute, Role.MODERATOR, "help-mute"),
    "ban": Route(standing.ban, Role.MODERATOR, "help-ban"),
    "unmute": Route(standing.unmute, Role.MODERATOR, "help-unmute"),
    "sources": Route(sources.directory, Role.MODERATOR, "help-sources"),
    "source": Route(sources.directory, Role.MODERATOR),
    "hold": Route(release.hold, Role.MODERATOR, "help-hold"),
    "issue": Route(board.issue, Role.MODERATOR, "help-issue"),
    "preview": Route(previews.preview, Role.MODERATOR, "help-preview"),
    **{name: Route(door, Role.EDITOR, key) for name, (door, key) in shaping.COMMANDS.items()},
    "notice": Route(notices.notice, Role.EDITOR, "help-notice"),
    "publish": Route(release.publish, Role.EDITOR, "help-publish"),
    "continue": Route(release.go_on, Role.EDITOR, "help-continue"),
    "close": Route(release.close, Role.EDITOR, "help-close"),
    "reopen": Route(release.reopen, Role.EDITOR, "help-reopen"),
    "report": Route(report.report, Role.MODERATOR, "help-report"),
    "stats": Route(stats.show, Role.MODERATOR, "help-stats"),
    "readers": Route(readers.readers, Role.EDITOR, "help-readers"),
    "correct": Route(after.correct, Role.EDITOR, "help-correct"),
    "settings": Route(settings.show_all, Role.EDITOR, "help-settings"),
    "topic": Route(settings.topic, Role.OWNER, "help-topic"),
    "bulletin": Route(settings.choose, Role.CONTRIBUTOR),
    "guard": Route(guard.settle, Role.OWNER, "help-guard"),
}

BUTTONS = {
    "mine": Route(sender.mine, Role.CONTRIBUTOR),
    "open": Route(sender.open_again, Role.CONTRIBUTOR),
    "choose": Route(sender.choose, Role.CONTRIBUTOR),
    "back": Route(sender.back, Role.CONTRIBUTOR),
    "fix": Route(sender.fix, Role.CONTRIBUTOR),
    "ask": Route(sender.ask, Role.CONTRIBUTOR),
    "section": Route(sender.section, Role.CONTRIBUTOR),
    "wish": Route(sender.wish, Role.CONTRIBUTOR),
    "withdraw": Route(sender.withdraw, Role.CONTRIBUTOR),
    "into": Route(here.at_seat(cards.into), Role.MODERATOR),
    "reject": Route(here.at_seat(cards.ask_reason), Role.MODERATOR),
    "because": Route(here.at_seat(cards.because), Role.MODERATOR),
    "card": Route(here.at_seat(cards.draw_again), Role.MODERATOR),
    "undo": Route(here.at_seat(cards.undo), Role.MODERATOR),
    "why": Route(here.at_seat(cards.ask_why), Role.MODERATOR),
    "later": Route(here.at_seat(cards.later), Role.MODERATOR),
    "wake": Route(here.at_seat(cards.wake), Role.MODERATOR),
    "edit": Route(here.at_seat(edit.edit), Role.MODERATOR),
    "edit-language": Route(here.at_seat(edit.language), Role.MODERATOR),
    "edit-section": Route(here.at_seat(edit.section), Role.MODERATOR),
    "edited": Route(here.at_seat(edit.done), Role.MODERATOR),
    "add-source": Route(here.at_seat(sources.add_from_card), Role.MODERATOR),
    "queue": Route(queue.view, Role.MODERATOR),
    "file-in": Route(files.take, Role.EDITOR),
    "file-away": Route(files.leave, Role.EDITOR),
    "queue-open": Route(queue.queue, Role.MODERATOR),
    "queue-by": Route(queue.by, Role.MODERATOR),
    "queue-pick": Route(queue.pick, Role.MODERATOR),
    "queue-into": Route(queue.into, Role.MODERATOR),
    "queue-card": Route(queue.card, Role.MODERATOR),
    "queue-down": Route(queue.down, Role.MODERATOR),
    "seat": Route(here.moderate, Role.MODERATOR),
    "skip": Route(here.at_seat(here.skip), Role.MODERATOR),
    "sources": Route(sources.page, Role.MODERATOR),
    "source": Route(sources.show, Role.MODERATOR),
    "source-trust": Route(sources.trust, Role.EDITOR),
    "source-new": Route(sources.ask_new, Role.EDITOR),
    "source-edit": Route(sources.ask_edit, Role.EDITOR),
    "source-away": Route(sources.ask_remove, Role.EDITOR),
    "source-remove": Route(sources.remove, Role.EDITOR),
    "cite": Route(here.at_seat(stories.cite), Role.MODERATOR),
    "translate": Route(here.at_seat(stories.translate), Role.MODERATOR),
    "part": Route(here.at_seat(stories.part), Role.MODERATOR),
    "separate": Route(here.at_seat(stories.separate), Role.MODERATOR),
    "is-there": Route(doubts.it_is_there, Role.MODERATOR, desk=True),
    "again": Route(doubts.send_again, Role.MODERATOR, desk=True),
    "leave-out": Route(doubts.leave_out, Role.MODERATOR, desk=True),
    "publish": Route(release.publish, Role.EDITOR),
    "hold": Route(release.hold, Role.MODERATOR),
    "continue": Route(release.go_on, Role.EDITOR),
    "close": Route(release.close, Role.EDITOR),
    "reopen": Route(release.reopen, Role.EDITOR),
    "mail-me": Route(previews.mail_me, Role.EDITOR, desk=True),
    "preview-other": Route(previews.other_address, Role.EDITOR),
    "preview-forget": Route(previews.forget_address, Role.EDITOR),
    "issue": Route(board.view, Role.MODERATOR),
    **{action: Route(door, Role.EDITOR) for action, door in (shaping.BUTTONS | after.BUTTONS).items()},
    **{action: Route(door, role) for action, (door, role) in report.BUTTONS.items()},
    "stats": Route(stats.show, Role.MODERATOR),
    "subscribe": Route(coming.chosen, None),
    "subscribe-here": Route(reader.begin, None),
    "subscribe-mail": Route(coming.by_mail, None),
    "subscribe-latest": Route(reader.latest, None),
    "until": Route(notices.until, Role.EDITOR),
    "take-out": Route(notices.take_out, Role.EDITOR),
    "take-notice": Route(notices.take_up_notice, Role.EDITOR, desk=True),
    "leave-notice": Route(notices.leave_notice, Role.EDITOR, desk=True),
    "moderate-here": Route(operator.moderate_here, Role.OWNER),
    "publish-here": Route(operator.publish_here, Role.OWNER),
    "not-this-one": Route(operator.not_this_one, Role.OWNER),
    **{action: Route(door, Role.OWNER) for action, door in settings.BUTTONS.items()},
    "set": Route(settings.show, Role.EDITOR),
    "bulletin": Route(settings.choose, Role.CONTRIBUTOR),
    **{action: Route(door, role) for action, (door, role) in doors.BUTTONS.items()},
    **{action: Route(door, Role.CONTRIBUTOR) for action, door in mail.OWN_BUTTONS.items()},
    **{
        action: Route(door, Role.MODERATOR, desk=True) for action, door in (mail.DESK_BUTTONS | letters.BUTTONS).items()
    },
}

ANSWERS = {
    mail.ANSWER: Route(mail.send_answer, Role.MODERATOR, once=True),
    coming.PURPOSE: Route(coming.take_address, None),
    files.CONSENT: Route(files.consent, Role.EDITOR),
    previews.PURPOSE: Route(previews.take_address, Role.EDITOR),
    **{f"give-{field}": Route(sender.giving(field), Role.CONTRIBUTOR) for field in sender.FIELDS},
    **{purpose: Route(here.answered(door), Role.MODERATOR) for purpose, door in edit.ANSWERS.items()},
    "why": Route(here.answered(cards.why), Role.MODERATOR, once=True),
    **{purpose: Route(door, Role.EDITOR) for purpose, door in (shaping.ANSWERS | after.ANSWERS).items()},
    "notice": Route(notices.take_notice, Role.EDITOR, once=True),
    "source": Route(sources.take_new, Role.EDITOR),
    "source-edit": Route(sources.take_edit, Role.EDITOR),
    **{purpose: Route(door, Role.OWNER) for purpose, door in settings.ANSWERS.items()},
    "set-channel": Route(settings.take_channel, Role.OWNER, once=True),
    **{purpose: Route(door, role) for purpose, (door, role) in doors.ANSWERS.items()},
}

COPY = Route(cards.keep_copy, Role.MODERATOR)
MESSAGE = Route(contributor.message, None)
EDITED = Route(contributor.edited, None)
MEMBERSHIP = Route(operator.membership, None)
MIGRATED = Route(operator.migrated, None)
