"""All doors by which editors shape the open issue: by the action of a button, by the purpose of a question."""

from handlers.editor import board, items, notice_form, notices, sections, wording

COMMANDS = {
    "sections": (sections.listing, "help-sections"),
    "notices": (notices.listing, "help-notices"),
}

BUTTONS = {
    "issue-items": board.view,
    "issue-item": board.view,
    "issue-lights": board.view,
    "issue-texts": board.view,
    "issue-day": board.view,
    "issue-newest": items.newest,
    "item-move": items.move,
    "item-into": items.into,
    "item-over": items.over,
    "item-stay": items.stay,
    "item-light": items.light,
    "item-edit": items.edit,
    "ask-light": items.ask_words,
    "ask-issue": wording.ask,
    "issue-no": wording.leave_out,
    "issue-standing": wording.standing,
    "issue-date": wording.set_date,
    "issue-skip": wording.skip,
    "issue-unskip": wording.take_skip_back,
    **sections.BUTTONS,
    **notice_form.BUTTONS,
}

ANSWERS = {
    "item-words": items.take_words,
    "issue-date": wording.take_date,
    **{f"issue-{field}": wording.taking(field) for field in ("intro", "subtitle", "footer")},
    **sections.ANSWERS,
    **notice_form.ANSWERS,
}
