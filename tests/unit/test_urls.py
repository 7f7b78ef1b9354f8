"""Addresses: what is a link, which two are the same page, how a host is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.intake.address.urls import canonical, check_link, display_host, same_site

GOOD_LINKS = [
    ("example.org/x", "https://example.org/x"),
    ("example.org", "https://example.org"),
    ("example.org:8080/x", "https://example.org:8080/x"),
    ("//example.org/x", "https://example.org/x"),
    ("HTTP://Example.ORG/Path", "http://example.org/Path"),
    ("  https://example.org/x \n", "https://example.org/x"),
    ("\u200bhttps://example.org/x\u200b", "https://example.org/x"),
    ("https://example.org:443/x", "https://example.org/x"),
    ("https://новини.test/стаття", "https://xn--b1amarcd.test/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F"),
    ("https://straße.test/", "https://xn--strae-oqa.test/"),
    ("https://ｅｘａｍｐｌｅ.org/", "https://example.org/"),
    ("https://example.org./x", "https://example.org/x"),
    ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
    ("https://example.org/50%-off", "https://example.org/50%25-off"),
    ("http://0x7f000001/", "http://127.0.0.1/"),
]

BAD_LINKS = [
    ("", "intake-link-unclear"),
    ("hello", "intake-link-unclear"),
    ("https:/example.org", "intake-link-unclear"),
    ("https:\\\\example.org", "intake-link-unclear"),
    ("https://exa mple.org/", "intake-link-unclear"),
    ("https://example.org/\x00", "intake-link-unclear"),
    ("https://example.org:99999/", "intake-link-unclear"),
    ("https://[::1/", "intake-link-unclear"),
    ("javascript:alert(1)", "intake-link-scheme"),
    ("mailto:ana@example.org", "intake-link-scheme"),
    ("ftp://example.org/x", "intake-link-scheme"),
    ("file:///etc/passwd", "intake-link-scheme"),
    ("tg://resolve?domain=x", "intake-link-scheme"),
    ("https://ana@example.org/", "intake-link-userinfo"),
    ("https://example.org:x@evil.test/", "intake-link-userinfo"),
    ("https:///x", "intake-link-host"),
    ("https://exa<mple.org/", "intake-link-host"),
    ("https://a..b/", "intake-link-host"),
    ("https://example.256/", "intake-link-host"),
    ("https://" + "a" * 64 + ".org/", "intake-link-host"),
    ("https://exam\u202eple.org/", "intake-link-host"),
    ("https://example.org/" + "a" * 2048, "intake-link-too-long"),
]

TRACKERS = """gclid dclid msclkid yclid mc_cid mc_eid igsh si ref ref_src spm _ga at_medium xtor wt_mc cmpid
    ns_campaign smid partner hsCtaTracking _hsenc _hsmi"""
SAME_PAGES = [
    ("http://example.org/x", "https://example.org/x"),
    ("https://EXAMPLE.org/x", "https://example.org/x"),
    ("https://example.org:443/x", "https://example.org/x"),
    ("http://example.org:80/x", "https://example.org/x"),
    ("https://www.example.org/x", "https://example.org/x"),
    ("https://m.example.org/x", "https://example.org/x"),
    ("https://mobile.example.org/x", "https://example.org/x"),
    ("https://www.m.example.org/x", "https://example.org/x"),
    ("https://amp.example.org/x", "https://example.org/x"),
    ("https://example.org/x/amp", "https://example.org/x"),
    ("https://example.org/x/amp/", "https://example.org/x"),
    ("https://example.org/amp/x", "https://example.org/x"),
    ("https://example.org/x.amp.html", "https://example.org/x.html"),
    ("https://example.org/x?amp=1", "https://example.org/x"),
    ("https://example.org/x?amp", "https://example.org/x"),
    ("https://example.org/x?outputType=amp", "https://example.org/x"),
    ("https://example.org/x/", "https://example.org/x"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/?", "https://example.org/"),
    ("https://example.org/a/../x", "https://example.org/x"),
    ("https://example.org/./x", "https://example.org/x"),
    ("https://example.org/%78", "https://example.org/x"),
    ("https://example.org/%d1%81", "https://example.org/с"),
    ("https://example.org/x#comments", "https://example.org/x"),
    ("https://example.org/x#:~:text=word", "https://example.org/x"),
    ("https://example.org/x?b=2&a=1", "https://example.org/x?a=1&b=2"),
    ("https://example.org/x?a=1&&", "https://example.org/x?a=1"),
    ("https://example.org/x?q=a%20b", "https://example.org/x?q=a+b"),
    ("https://example.org/x?utm_source=t&utm_medium=s", "https://example.org/x"),
    ("https://example.org/x?UTM_Source=t", "https://example.org/x"),
    ("https://example.org/x?id=7&fbclid=abc", "https://example.org/x?id=7"),
    *((f"https://example.org/x?{name}=1", "https://example.org/x") for name in TRACKERS.split()),
    ("https://youtu.be/abc123?si=xyz", "https://www.youtube.com/watch?v=abc123"),
    ("https://m.youtube.com/watch?v=abc&feature=share", "https://youtube.com/watch?v=abc"),
    ("https://новини.test/x", "https://xn--b1amarcd.test/x"),
    ("https://x.com/a/status/1?s=20&t=z", "https://x.com/a/status/1"),
]

OTHER_PAGES = [
    ("https://example.org/x", "https://example.org/y"),
    ("https://example.org/x", "https://example.org/X"),
    ("https://example.org/x", "https://example.test/x"),
    ("https://example.org/x", "https://news.example.org/x"),
    ("https://example.org/x", "https://example.org:8080/x"),
    ("https://example.org/x?id=1", "https://example.org/x?id=2"),
    ("https://example.org/x?id=1", "https://example.org/x"),
    ("https://example.org/x?a=1&a=2", "https://example.org/x?a=2&a=1"),
    ("https://example.org/#!/a", "https://example.org/#!/b"),
    ("https://example.org/#/a", "https://example.org/#/b"),
    ("https://example.org/what-is-amp", "https://example.org/what-is"),
    ("https://example.org/amp", "https://example.org/"),
    ("https://amp.dev/x", "https://dev/x"),
    ("https://m.co.uk/x", "https://co.uk/x"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%2Bb", "https://example.org/a+b"),
    ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b"),
    ("https://youtube.com/watch?v=a&t=10", "https://youtube.com/watch?v=a"),
    ("https://youtu.be/abc", "https://youtu.be/abd"),
    ("https://github.com/a/b?ref=main", "https://github.com/a/b"),
    ("https://example.org/x?reference=1", "https://example.org/x"),
    ("https://example.org/x?amp=12", "https://example.org/x"),
    ("https://example.org/page/2", "https://example.org/page"),
]


@pytest.mark.parametrize(("sent", "checked"), GOOD_LINKS)
def test_a_link_becomes_a_plain_ascii_address(sent: str, checked: str) -> None:
    assert check_link(sent) == checked


@pytest.mark.parametrize(("sent", "key"), BAD_LINKS)
def test_what_is_no_web_address_is_refused_with_its_sentence(sent: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        check_link(sent)
    assert refused.value.key == key


@pytest.mark.parametrize(("one", "other"), SAME_PAGES)
def test_the_same_page_is_recognised(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), OTHER_PAGES)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", [pair[0] for pair in SAME_PAGES + OTHER_PAGES])
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


PIECES = st.lists(
    st.sampled_from(["a", "A", "amp", ".amp", "..", ".", "", "%41", "%2f", "%", "é", "x.amp.html", "м", "+", "("]),
    max_size=6,
)
PAIRS = st.lists(
    st.tuples(
        st.sampled_from(["id", "v", "t", "utm_source", "REF", "amp", "", "%75tm_x", "a%26b"]),
        st.sampled_from(["", "1", "=", "%20", "+", "ї", "%zz"]),
    ).map("=".join),
    max_size=5,
).map("&".join)


@given(
    st.sampled_from(["www.example.org", "m.amp.example.org", "youtu.be", "www.com", "новини.test", "[2001:db8::1]"]),
    PIECES.map("/".join),
    PAIRS,
    st.sampled_from(["", "#x", "#!/é", "#/%41"]),
)
def test_any_address_has_one_canonical_form(host: str, path: str, query: str, fragment: str) -> None:
    once = canonical(f"http://{host}/{path}?{query}{fragment}")
    assert canonical(once) == once


@given(PAIRS)
def test_a_parameter_that_names_the_page_is_never_lost(query: str) -> None:
    assert "story=17" in canonical(f"https://example.org/x?{query}&story=17")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/x", "example.org"),
        ("https://www.com/x", "www.com"),
        ("https://новини.test/x", "новини.test"),
        ("https://straße.test/x", "straße.test"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),  # "аррӏе" in Cyrillic
        ("https://pаypal.test/", "xn--pypal-4ve.test"),  # one Cyrillic letter
        ("https://xn--zzzzzzzzz.test/", "xn--zzzzzzzzz.test"),
    ],
)
def test_a_host_is_shown_as_people_know_it_unless_it_deceives(url: str, shown: str) -> None:
    assert display_host(url) == shown


def test_a_site_is_its_host_and_the_hosts_below_it() -> None:
    assert same_site("https://www.example.org/a", "https://news.example.org/b")
    assert same_site("https://m.example.org/a", "https://example.org/b")
    assert not same_site("https://example.org/a", "https://badexample.org/a")
    assert not same_site("https://example.org/a", "https://example.test/a")
