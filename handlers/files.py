"""The doors of files that an editor sends in private: what was found is shown first, with a way in and a way out."""

from bot.errors import Refused
from bot.file_card import CONSENT_LENGTH, consent_of
from bot.intake import submit
from bot.intake.message import files, reader_files
from handlers.visit import Answer, Asked, Visit, words
from store import files as records
from store.messages import Card, SentFile, Text
from store.records import WaitingFile
from store.states import Role

CONSENT = "file-consent"


async def sent(visit: Visit, file: SentFile) -> Answer | None:
    """Note a file that is to be read; an editor is asked before it takes effect. None for one that cannot be read."""
    editor = visit.who.role.includes(Role.EDITOR)
    if editor and reader_files.is_list(file):
        asks = records.READERS
    elif files.can_be_read(file):
        asks = records.LINKS if editor else ""
    else:
        return None
    key = submit.intake_key(visit.services.sealer, visit.message)
    await files.keep(visit.tx, visit.who, visit.message, file, key, visit.now, asks=asks)
    return Answer()


async def take(visit: Visit) -> Answer:
    """Hand the links of a file in, or import its readers; without a word on their consent, ask for it."""
    file = await _own(visit, visit.pressed.subject)
    if file.asks == records.LINKS:
        await records.confirm(visit.tx, file.id, records.LINKS, asks="")
        return Answer(redraw=Card(Text(visit.say("file-handed-in"))))
    if not consent_of(file):
        return Answer(asked=Asked(CONSENT, visit.say("file-ask-consent"), file.id))
    return Answer(redraw=Card(Text(await _import(visit, file, consent_of(file)))))


async def consent(visit: Visit) -> Answer:
    """Take the reply that says when and how readers agreed, and import them."""
    file, said = await _own(visit, visit.subject), " ".join(visit.message.text.split())
    if not any(letter.isalpha() for letter in said):
        raise Refused("file-consent-empty")
    if len(said) > CONSENT_LENGTH:
        raise Refused("file-consent-long", given=len(said), n=CONSENT_LENGTH)
    return words(await _import(visit, file, said))


async def leave(visit: Visit) -> Answer:
    """Forget a file; nothing of it was kept."""
    file = await _own(visit, visit.pressed.subject)
    await records.done(visit.tx, file.id)
    return Answer(redraw=Card(Text(visit.say("file-left"))))


async def _import(visit: Visit, file: WaitingFile, said: str) -> str:
    if not await records.confirm(visit.tx, file.id, records.READERS, asks=records.IMPORT, note=said):
        raise Refused("file-over")
    return visit.say("file-importing", consent=said)


async def _own(visit: Visit, file_id: int) -> WaitingFile:
    """Return a file that the person was asked about; raises Refused for another one, or when it was answered."""
    file = await records.get(visit.tx, file_id)
    asked = file is not None and file.asks in (records.READERS, records.LINKS) and file.found is not None
    if file is None or not asked or file.person_id != visit.who.id or not visit.private:
        raise Refused("file-over")
    return file
