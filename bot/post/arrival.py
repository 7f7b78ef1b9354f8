"""A letter on its arrival: what was read of it, and the transaction in which it takes effect."""

from dataclasses import dataclass
from datetime import datetime

from bot.letters.letter import Letter
from bot.post import kept
from bot.seal import Sealer
from bot.services import Services
from bot.texts import known_language
from store import desk_letters, letters
from store.database import Tx
from store.records import Bulletin


@dataclass(frozen=True, slots=True)
class Arrival:
    """One letter, begun in the store as row `id`, under `key`."""

    tx: Tx
    services: Services
    bulletin: Bulletin
    letter: Letter
    id: int
    key: str
    now: datetime

    @property
    def sealer(self) -> Sealer:
        return self.services.sealer

    @property
    def language(self) -> str:
        """Return the language in which its sender is answered: that of the letter, else the bulletin's."""
        return known_language(self.letter.language) if self.letter.language else known_language(self.bulletin.language)

    async def finish(self) -> None:
        """Take the letter as dealt with."""
        await letters.finish(self.tx, self.id)

    async def wait(self, kind: str, person: int = 0) -> None:
        """Keep what the letter holds, sealed, until somebody gives a word of this kind on it."""
        content = kept.seal(self.sealer, kept.keep(self.letter, person))
        sender_mac = kept.sender_mac(self.sealer, self.letter.sender)
        await desk_letters.wait(self.tx, self.id, kind, content, sender_mac=sender_mac, bulletin_id=self.bulletin.id)
