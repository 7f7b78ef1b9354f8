"""The guarded network: names are resolved once, every address is checked, and the checked address is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from bot.errors import Unreadable
from bot.intake.addresses import IPAddress

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Policy = Callable[[IPAddress], bool]

_ADDRESSES_TRIED = 4
_CONNECT_SECONDS = 2.0

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host as the operating system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """A network that connects to nothing but addresses the policy allows."""

    def __init__(self, resolver: Resolver, policy: Policy) -> None:
        self._resolver = resolver
        self._policy = policy
        self._network = httpcore.AnyIOBackend()

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
                return await self._network.connect_tcp(
                    str(address), port, _CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(str(addresses[-1]), port, timeout, local_address, socket_options)

    async def _checked(self, host: str, port: int) -> list[IPAddress]:
        try:
            found = await self._resolver(host, port)
            # An address with a zone (`fe80::1%eth0`) is a local one whatever stands in front of the zone.
            addresses = list(dict.fromkeys(ipaddress.ip_address(address) for address in found))
        except (OSError, UnicodeError, ValueError):
            raise Unreadable("intake-page-no-such-site") from None
        if not addresses:
            raise Unreadable("intake-page-no-such-site")
        if any("%" in str(address) or not self._policy(address) for address in addresses):
            raise Unreadable("intake-page-private")
        return sorted(addresses, key=lambda address: address.version)[:_ADDRESSES_TRIED]
