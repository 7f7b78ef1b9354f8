"""The network addresses that the fetcher may not touch: everything that is not the public internet."""

import ipaddress
import socket

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Our own table: `ipaddress.is_global` lets multicast, NAT64 and 6to4 addresses pass.
_FORBIDDEN_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a public address that is a cloud's own control server
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is handed out as public. That alone excludes ::, ::1, mapped ::ffff:, NAT64 64:ff9b::/96 and
# 64:ff9b:1::/48, discard 100::/64, private fc00::/7, link-local fe80::/10, site-local fec0::/10, multicast ff00::/8.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# An ISATAP address carries an IPv4 address in its last 32 bits.
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)

_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "localdomain6",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "svc",
    "home.arpa",
)


def is_public(address: IPAddress) -> bool:
    """Tell whether an address belongs to the public internet by our own table."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _FORBIDDEN_V4)
    # An address with a zone (`fe80::1%eth0`) is a local one whatever stands in front of the zone.
    if (
        address.scope_id is not None
        or address not in _PUBLIC_V6
        or any(address in network for network in _FORBIDDEN_V6)
    ):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP_MARKS


def literal_address(host: str) -> IPAddress | None:
    """Return the address that a host spells out in any form the system's resolver takes (`127.1`, `0x7f000001`)."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_local_name(host: str) -> bool:
    """Tell whether a host name means a machine nearby: one word, or one of the names kept for local networks."""
    name = host.rstrip(".").lower()
    return "." not in name or any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES)
