"""The open tools of a running bot, in one frozen record that doors and jobs are given."""

from dataclasses import dataclass, field
from random import Random

from bot.ports import Clock, Courier, Fetcher, Postman
from bot.render.editions import Press
from bot.seal import Sealer
from bot.settings import Settings
from bot.wake import Bell, Rush
from store.database import Store


@dataclass(slots=True)
class Me:
    """What Telegram says of the bot; `username` is "" until it answered."""

    username: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """What is open while the bot runs."""

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
    rush: Rush = field(default_factory=Rush)
    me: Me = field(default_factory=Me)

    @property
    def bot_username(self) -> str:
        return self.me.username
