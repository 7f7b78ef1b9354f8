"""Addresses that the fetch never touches, in every spelling, by link, by redirect, by name and by proxy."""

import ipaddress
import logging
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress

import pytest
from address_forms import (
    CROOKED,
    LOOPBACK_FORMS,
    NAMES,
    OTHER_FORMS,
    PUBLIC,
    TABLE,
    THE_REST,
    WIDE_FORMS,
    resolver_of_the_table,
)
from loopback import HTML, Site, Switchboard, answer, moved, refusal

from bot.errors import Unreadable
from bot.intake.address.addresses import IPAddress, is_public
from bot.intake.fetching.fetch import GuardedFetcher

HOPS = 5
REFUSALS = ("intake-page-private", "intake-link-host", "intake-link-unclear", "intake-page-no-such-site")


@pytest.fixture(autouse=True)
def few_lines() -> Iterator[None]:
    """Thousands of connections here: what the library says of each at DEBUG would take longer than they do."""
    logger = logging.getLogger("httpcore")
    before = logger.level
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(before)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    await site.close()


def any_address(address: IPAddress) -> bool:
    return True


def no_name(host: str) -> bool:
    return False


def chain(site: Site, target: str, through: str = "") -> None:
    """Let `/n` lead to the target by n redirects, all through one host."""
    site.answers["/"] = answer()
    site.answers["/1"] = moved(target)
    for hop in range(2, HOPS + 1):
        site.answers[f"/{hop}"] = moved(f"http://{through or 'hop.example'}/{hop - 1}")


async def test_no_form_of_a_forbidden_address_is_connected_to_at_any_hop(site: Site) -> None:
    sockets, wrong = Switchboard(site.port), []
    fetcher = GuardedFetcher(resolver_of_the_table, sockets=sockets)
    assert len(set(TABLE)) >= 60
    for form in (*TABLE, *THE_REST):
        chain(site, f"http://{form}/")
        # As the link, and after one to four redirects; after the fifth, which is the last, a few do.
        for hop in range(HOPS + (form in TABLE[::8]) if form in TABLE else 2):
            site.connections, sockets.dialled = 0, []
            error = await refusal(fetcher, f"http://hop.example/{hop}" if hop else f"http://{form}/")
            if (sockets.dialled, site.connections) != ([PUBLIC] * hop, hop) or error.key not in REFUSALS:
                wrong.append((form, hop, sockets.dialled, error.key))
    assert wrong == []


async def test_without_the_guard_every_form_is_connected_to_at_every_hop(site: Site) -> None:
    sockets = Switchboard(site.port)
    fetcher = GuardedFetcher(resolver_of_the_table, policy=any_address, local_name=no_name, sockets=sockets)
    for form in (*TABLE, *THE_REST):
        hops = HOPS if form in TABLE else 1
        chain(site, f"http://{form}/", through=form)
        site.connections, sockets.dialled = 0, []
        assert (await fetcher.fetch(f"http://{form}/{hops}")).body == HTML
        assert (len(sockets.dialled), site.connections) == (hops + 1, hops + 1), form
        assert PUBLIC not in sockets.dialled or form in NAMES, form


@pytest.mark.parametrize("form", [f"http://{host}/" for host in WIDE_FORMS] + list(CROOKED))
async def test_what_is_written_crookedly_is_connected_to_neither_as_a_link_nor_by_a_redirect(
    site: Site, form: str
) -> None:
    sockets = Switchboard(site.port)
    fetcher = GuardedFetcher(resolver_of_the_table, sockets=sockets)
    await refusal(fetcher, form)
    assert sockets.dialled == []
    chain(site, form.replace("\n", ""))
    with suppress(Unreadable):  # as a redirect some of them are ordinary paths of the site
        await fetcher.fetch("http://hop.example/1")
    assert set(sockets.dialled) == {PUBLIC}


async def test_this_machine_is_not_reached_by_real_sockets_and_would_be_without_the_table(site: Site) -> None:
    site.answers["/"] = answer()
    for count, host in enumerate((*LOOPBACK_FORMS, "localhost")):
        assert site.connections == count
        error = await refusal(GuardedFetcher(ports=(site.port,)), f"http://{host}:{site.port}/")
        assert (error.key, site.connections) == ("intake-page-private", count), host
        open_one = GuardedFetcher(policy=any_address, local_name=no_name, ports=(site.port,))
        assert (await open_one.fetch(f"http://{host}:{site.port}/")).body == HTML, host


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1", "198.20.0.1"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class Rebinding:
    """A name server of Eve's that says something else each time; `given` is what it said last to each name."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.given: dict[str, Sequence[str]] = {}
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        private = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1")
        public = (PUBLIC, "8.8.8.8", "2606:4700::1111")
        pick = self.random.choice
        first_time = host not in self.given
        answers = ((pick(public),), (pick(private),), (pick(public), pick(private)), (pick(private), pick(public)))
        self.given[host] = answers[0] if first_time and self.random.random() < 0.3 else pick(answers[1:])
        return self.given[host]


async def test_a_thousand_rebinding_answers_lead_to_no_forbidden_connection(site: Site) -> None:
    sockets, server = Switchboard(site.port), Rebinding(seed=7)
    fetcher = GuardedFetcher(server, sockets=sockets)
    site.answers["/"] = moved("/again")  # and so asked for again, after the name was found to be public
    host = 0
    while server.asked < 1000:
        host += 1
        asked, dialled = server.asked, len(sockets.dialled)
        error = await refusal(fetcher, f"http://eve{host}.example/")
        assert error.key == "intake-page-private"
        # One connection for each answer but the last, which was forbidden: no name is asked twice for one connection.
        assert len(sockets.dialled) - dialled == server.asked - asked - 1
    assert len(sockets.dialled) == site.connections > 100
    assert all(is_public(ipaddress.ip_address(address)) for address in sockets.dialled)


async def test_without_the_guard_the_rebinding_answers_do_lead_there(site: Site) -> None:
    sockets, server = Switchboard(site.port), Rebinding(seed=7)
    fetcher = GuardedFetcher(server, policy=any_address, sockets=sockets)
    site.answers |= {"/": moved("/again"), "/again": answer()}
    for host in range(25):
        await fetcher.fetch(f"http://eve{host}.example/")
    assert len(sockets.dialled) == server.asked == 50
    assert sum(not is_public(ipaddress.ip_address(address)) for address in sockets.dialled) > 25


async def test_the_checked_address_is_the_connected_one_and_the_name_is_asked_once(site: Site) -> None:
    site.answers["/"] = answer()
    asked = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    sockets = Switchboard(site.port)
    fetcher = GuardedFetcher(rebinding, sockets=sockets)
    assert (await fetcher.fetch("http://eve.example/")).body == HTML
    assert (asked, sockets.dialled) == (["eve.example"], [PUBLIC])
    assert (await refusal(fetcher, "http://eve.example/")).key == "intake-page-private"
    assert sockets.dialled == [PUBLIC]


async def test_a_proxy_is_not_asked_for_private_hosts(site: Site) -> None:
    fetcher = GuardedFetcher(proxy=f"http://127.0.0.1:{site.port}")
    said_by_name_alone = [name for name in NAMES if not name.strip(".").endswith(".example")]
    hosts = [*LOOPBACK_FORMS, *OTHER_FORMS[::4], *said_by_name_alone]
    for count, host in enumerate(hosts, 1):
        site.answers["http://news.test/x"] = moved(f"http://{host}/")
        assert (await refusal(fetcher, f"http://{host}/")).key == "intake-page-private", host
        assert (await refusal(fetcher, "http://news.test/x")).key == "intake-page-private", host
        assert site.connections == count, host
