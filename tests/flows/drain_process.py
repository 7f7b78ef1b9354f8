"""A process that drains the ledger and does nothing else; settings from the environment, as for `bulletin run`."""

import asyncio
import signal
from pathlib import Path
from random import Random

from bot.clocks import DemoClock
from bot.delivery.drain import Drain
from bot.delivery.letters import Letters
from bot.delivery.mail import SmtpPool
from bot.delivery.pace import Pace
from bot.delivery.telegram import TelegramCourier, make_bot
from bot.seal import Sealer, load_secret
from bot.settings import load, plain
from bot.wake import Bell
from store.database import open_store


async def main() -> None:
    settings = load()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    store = await open_store(settings.database)
    clock, pace = DemoClock(Path(settings.demo_clock)), Pace()
    pool = SmtpPool(str(plain(settings.smtp_url)), settings.smtp_connections, name="news.example")
    sealer = Sealer(load_secret(plain(settings.secret_key), settings.data_dir))
    drain = Drain(
        store,
        TelegramCourier(make_bot(settings), pace, clock),
        pool,
        letters=Letters(sealer, settings.mail_from),
        sealer=sealer,
        pace=pace,
        clock=clock,
        random=Random(),
        in_flight=settings.smtp_connections,
        bell=Bell(),
    )
    await drain.run(stop)
    await pool.close()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
