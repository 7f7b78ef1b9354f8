"""Addresses that the fetch never touches, in every spelling, by link, by redirect, by name and by proxy."""

import ipaddress
from collections.abc import AsyncIterator, Sequence

import pytest
from loopback import Site, answer, moved, refusal

from bot.intake.addresses import IPAddress, is_public
from bot.intake.fetch import GuardedFetcher


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    await site.close()


# fmt: off
LOOPBACK_FORMS = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "2130706433", "017700000001", "0177.0.0.1",
    "0177.1", "127.9.9.9", "127.255.255.254", "0.0.0.0", "0", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "localhost",
]
OTHER_FORMS = [
    "10.0.0.1", "10.255.255.255", "0x0a000001", "012.0.0.1", "100.64.0.1", "100.127.255.254", "169.254.169.254",
    "0xa9fea9fe", "2852039166", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1",
    "3232235521", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "[::]",
    "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[100::1]",
    "[2001::1]", "[2001:0:7f00:1::1]", "[2001:2::1]", "[2001:10::1]", "[2001:db8::1]", "[2002:7f00:1::]",
    "[2002:a00:1::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[3fff::1]",
    "[5f00::1]", "[2606:4700::5efe:7f00:1]",
]
# fmt: on


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
async def test_no_spelling_of_this_machine_is_touched(site: Site, host: str) -> None:
    site.answers["/"] = answer()
    error = await refusal(GuardedFetcher(ports=(site.port,)), f"http://{host}:{site.port}/")
    assert (error.key, site.connections) == ("intake-page-private", 0)


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
async def test_without_the_table_each_of_them_would_have_been_reached(site: Site, host: str) -> None:
    site.answers["/"] = answer()
    await GuardedFetcher(policy=lambda address: True, ports=(site.port,)).fetch(f"http://{host}:{site.port}/")
    assert site.connections == 1


async def test_no_address_outside_the_public_internet_is_allowed() -> None:
    for host in OTHER_FORMS:
        assert (await refusal(GuardedFetcher(), f"http://{host}/")).key == "intake-page-private", host


@pytest.mark.parametrize("host", LOOPBACK_FORMS + OTHER_FORMS)
async def test_a_redirect_or_a_name_gets_no_further_than_a_link(site: Site, host: str) -> None:
    async def resolver(name: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if name == "news.test" else [host.strip("[]") if host != "localhost" else "127.0.0.1"]

    first_visit: list[IPAddress] = []

    def policy(address: IPAddress) -> bool:
        first_visit.append(address)
        return len(first_visit) == 1 or is_public(address)

    site.answers["/"] = moved(f"http://{host}:{site.port}/secret")
    fetcher = GuardedFetcher(resolver, policy=policy, ports=(site.port,))
    error = await refusal(fetcher, f"http://news.test:{site.port}/")
    assert site.connections == 1
    assert error.key in ("intake-page-private", "intake-page-no-such-site")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1", "198.20.0.1"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


async def test_one_private_address_among_public_ones_forbids_the_name(site: Site) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "127.0.0.1"]

    error = await refusal(GuardedFetcher(resolver, ports=(site.port,)), f"http://eve.test:{site.port}/")
    assert (error.key, site.connections) == ("intake-page-private", 0)


async def test_the_checked_address_is_the_connected_one_and_the_name_is_asked_once(site: Site) -> None:
    site.answers["/"] = answer()
    asked = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    fetcher = GuardedFetcher(rebinding, policy=lambda address: str(address) == "127.0.0.1", ports=(site.port,))
    await fetcher.fetch(f"http://eve.test:{site.port}/")
    assert asked == ["eve.test"]
    assert (await refusal(fetcher, f"http://eve.test:{site.port}/")).key == "intake-page-private"
    assert site.connections == 1


@pytest.mark.parametrize("host", [*LOOPBACK_FORMS, *OTHER_FORMS, "printer", "db.localhost", "nas.local", "x.internal"])
async def test_a_proxy_is_not_asked_for_private_hosts(site: Site, host: str) -> None:
    site.answers["http://news.test/x"] = moved(f"http://{host}/")
    fetcher = GuardedFetcher(proxy=f"http://127.0.0.1:{site.port}")
    assert (await refusal(fetcher, f"http://{host}/")).key == "intake-page-private"
    assert (await refusal(fetcher, "http://news.test/x")).key == "intake-page-private"
    assert site.connections == 1
