"""The guarded network: names are resolved once, every address is checked, and the checked address is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpcore

from bot.errors import Unreadable
from bot.intake.address.addresses import IPAddress

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Policy = Callable[[IPAddress], bool]

_ADDRESSES_TRIED = 4
_CONNECT_SECONDS = 2.0
_LOOKUPS_AT_ONCE = 16

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class SystemResolver:
    """Asks the operating system for the addresses of a host.

    In threads of its own: a name server that never answers may hold up other pages, never mail or Telegram, whose
    names are looked up in the threads of the event loop.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, "lookup")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [str(entry[4][0]) for entry in found]


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """A network that connects to nothing but addresses the policy allows; `sockets` is what connects, for tests."""

    def __init__(self, resolver: Resolver, policy: Policy, sockets: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._resolver = resolver
        self._policy = policy
        self._sockets = sockets or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers; one forbidden address forbids them all."""
        addresses = await self._checked(host, port)
        # Only an address is handed on, never the name: a second look-up could answer differently.
        for address in addresses[:-1]:
            try:
                return await self._sockets.connect_tcp(
                    str(address), port, _CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._sockets.connect_tcp(str(addresses[-1]), port, timeout, local_address, socket_options)

    async def _checked(self, host: str, port: int) -> list[IPAddress]:
        try:
            found = await self._resolver(host, port)
            addresses = list(dict.fromkeys(ipaddress.ip_address(address) for address in found))
        except (OSError, UnicodeError, ValueError):
            raise Unreadable("intake-page-no-such-site") from None
        if not addresses:
            raise Unreadable("intake-page-no-such-site")
        if not all(self._policy(address) for address in addresses):
            raise Unreadable("intake-page-private")
        return sorted(addresses, key=lambda address: address.version)[:_ADDRESSES_TRIED]
