"""The address finders of flufl.bounce for letters in no standard form; imported here alone, when one is needed.

They are given a plain copy of bounded size: some of them take long for, or raise on, letters made for it.
"""

import logging
from email.message import Message

from bot.letters.addresses import reported
from bot.letters.fields import Head

_LINES_LIMIT = 300
_LINE_LIMIT = 300
_KEPT = ("from", "subject", "x-failed-recipients", "x-mailer", "x-hmxmroriginalrecipient")


def failed_addresses(head: Head, text: str) -> list[str]:
    """Return the addresses that flufl.bounce finds, in the order of the alphabet."""
    from flufl.bounce import all_failures  # noqa: PLC0415 late, as few letters need it

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it would log what it stumbled over
    letter = Message()
    for name in _KEPT:
        if name in head:
            letter[name] = head.text(name)[:_LINE_LIMIT].encode("ascii", "replace").decode()
    lines = (line[:_LINE_LIMIT] for line in text.split("\n")[:_LINES_LIMIT])
    letter.set_payload("\n".join(lines).encode("ascii", "replace").decode())
    try:
        temporary, permanent = all_failures(letter)
    except Exception:  # noqa: BLE001 whatever a foreign parser makes of foreign bytes, the letter is read on without it
        return []
    found = (reported(mail.decode("ascii", "replace")) for mail in {*temporary, *permanent})
    return sorted(mail for mail in found if mail)
