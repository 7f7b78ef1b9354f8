"""Which door of the settings a button or a reply goes to; all but a few are the owner's."""

from handlers.settings import channels, desk, fields, hours, menu, reasons, several, topics
from handlers.visit import Door

show_all, show, topic = menu.settings, menu.show, topics.topic
choose, which_bulletin, take_channel = several.choose, several.in_help, channels.take

BUTTONS: dict[str, Door] = {
    "put": fields.put,
    "set-ask": fields.ask,
    "set-back": fields.take_back,
    "set-hour": hours.show,
    "set-desk": desk.show,
    "set-topics": desk.topics,
    "topic": topics.here,
    "channels": channels.listed,
    "channel": channels.show,
    "channel-add": channels.ask,
    "channel-try": channels.try_again,
    "reasons": reasons.listed,
    "reason": reasons.show,
    "reason-add": reasons.ask_new,
    "bulletin-new": several.ask_new,
}
ANSWERS: dict[str, Door] = {
    **{f"set-{name}": fields.giving(name) for name in fields.TYPED},
    "reason-add": reasons.take_new,
    "reason-change": reasons.take_change,
    "bulletin-new": several.take_new,
}
