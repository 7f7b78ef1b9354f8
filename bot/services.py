"""The open tools of a running bot, in one frozen record that doors and jobs are given."""

from dataclasses import dataclass, field
from random import Random

from bot.ports import Clock, Courier, Fetcher, Postman
from bot.render.editions import Press
from bot.seal import Sealer
from bot.settings import Settings
from bot.wake import Bell
from store.database import Store


@dataclass(frozen=True, slots=True)
class Services:
    """What is open while the bot runs. `bot_username` is known once Telegram answered, else ""."""

    store: Store
    clock: Clock
    random: Random
    sealer: Sealer
    courier: Courier
    fetcher: Fetcher
    postman: Postman | None
    settings: Settings
    press: Press
    bell: Bell = field(default_factory=Bell)
    bot_username: str = ""
