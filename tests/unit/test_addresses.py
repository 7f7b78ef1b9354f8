"""The table of addresses: which are one page, which only look so, and what stands in wrappers and archives."""

import re
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.intake.address.site_rules import groups, read_data, versions
from bot.intake.address.urls import archived_copy, believed, canonical, is_shortener, unwrapped

RULES = tomllib.loads(Path(__file__).with_name("addresses.toml").read_text(encoding="utf-8"))["rule"]
KINDS = ("same", "different", "form")


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_each_pair_of_the_table_is_told_apart_or_together(rule: dict) -> None:
    wrong = [f"not the same: {one}  {two}" for one, two in rule.get("same", ()) if canonical(one) != canonical(two)]
    wrong += [
        f"taken for one: {one}  {two}" for one, two in rule.get("different", ()) if canonical(one) == canonical(two)
    ]
    wrong += [f"{one} is {canonical(one)}, not {two}" for one, two in rule.get("form", ()) if canonical(one) != two]
    pairs = [url for kind in KINDS for pair in rule.get(kind, ()) for url in pair]
    wrong += [f"changes when applied twice: {url}" for url in pairs if canonical(canonical(url)) != canonical(url)]
    assert wrong == []


def test_the_table_is_as_large_as_it_was() -> None:
    sizes = {rule["name"]: sum(len(rule.get(kind, ())) for kind in KINDS) for rule in RULES}
    assert len(sizes) == len(RULES) >= 40
    assert sum(sizes.values()) >= 300
    assert sum(len(rule.get("different", ())) for rule in RULES) >= 60
    assert max(sizes.values()) <= 10
    every = [tuple(pair) for rule in RULES for kind in KINDS for pair in rule.get(kind, ())]
    assert len(set(every)) == len(every)
    assert all(one != two for one, two in every)


@pytest.mark.parametrize(
    ("pasted", "opened"),
    [
        ("https://www.google.com/url?q=http%3A%2F%2Fherald.example%2Fbread&sa=D", "http://herald.example/bread"),
        ("https://www.google.com/amp/s/amp.herald.example/bread", "https://amp.herald.example/bread"),
        ("https://www.google.com/amp/herald.example/bread", "http://herald.example/bread"),
        ("https://web.archive.org/web/2026/https://herald.example/s?id=17", "https://herald.example/s?id=17"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.test%2F%3Fid%3D1%26fbclid%3DIw", "https://x.test/?id=1"),
        ("https://m.herald.example/Bread?b=2&a=1#salt", "https://m.herald.example/Bread?b=2&a=1#salt"),
        ("https://herald.example/bread?mc_eid=0a1b&igsh=me", "https://herald.example/bread"),
        ("https://herald.example/story?id=17&amp;lang=uk", "https://herald.example/story?id=17&lang=uk"),
        ("https://herald.example/bread?ref=main&si=x", "https://herald.example/bread?ref=main&si=x"),
        (
            "https://herald.example/bread?unlocked_article_code=1.a",
            "https://herald.example/bread?unlocked_article_code=1.a",
        ),
        ("https://youtu.be/abc?t=90", "https://youtu.be/abc?t=90"),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        (
            "https://www.google.com/url?q=https%3A%2F%2Fana%40herald.example%2F",
            "https://www.google.com/url?q=https%3A%2F%2Fana%40herald.example%2F",
        ),
        ("https://news.google.com/rss/articles/CBMiAbc", "https://news.google.com/rss/articles/CBMiAbc"),
        ("https://bit.ly/3AbCdE", "https://bit.ly/3AbCdE"),
    ],
)
def test_of_a_wrapper_the_address_inside_is_read_and_printed(pasted: str, opened: str) -> None:
    assert unwrapped(pasted) == opened


def test_a_long_wrapper_of_a_short_address_is_no_long_address() -> None:
    wrapper = f"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fherald.example%2F&data={'x' * 3000}"
    assert unwrapped(wrapper) == "https://herald.example/"
    for function in (unwrapped, canonical, archived_copy, is_shortener):
        with pytest.raises(Refused):
            function("https://herald.example/" + "x" * 20_000)


def test_a_link_wrapped_in_itself_over_and_over_is_refused() -> None:
    with pytest.raises(Refused):
        canonical("https://r.jina.ai/" * 40 + "https://herald.example/bread")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("https://web.archive.org/web/20260217/https://herald.example/bread", True),
        ("http://web.archive.org/web/2026id_/herald.example/bread", True),
        ("https://archive.ph/2026.02.17-101500/https://herald.example/bread", True),
        ("https://arquivo.pt/wayback/20260217101500/https://herald.example/bread", True),
        ("https://web.archive.org/web/*/https://herald.example/bread", False),
        ("https://web.archive.org/save/https://herald.example/bread", False),
        ("https://webcache.googleusercontent.com/search?q=cache:https://herald.example/bread", False),
        ("https://www.google.com/url?q=https%3A%2F%2Fherald.example%2Fbread", False),
        ("https://archive.ph/AbCdE", False),
        ("https://herald.example/bread", False),
    ],
)
def test_an_archived_copy_is_kept_beside_the_address(pasted: str, kept: bool) -> None:
    assert archived_copy(pasted) == (pasted if kept else None)


def test_an_archived_copy_is_found_inside_of_a_redirect() -> None:
    inside = "https://web.archive.org/web/2026/https://herald.example/bread"
    assert archived_copy("https://slack-redir.net/link?url=" + quote(inside, safe="")) == inside


@pytest.mark.parametrize(
    ("url", "short"),
    [
        ("https://bit.ly/3AbCdE", True),
        ("http://www.t.co/AbCdE", True),
        ("https://herald.page.link/AbCdE", True),
        ("https://www.tiktok.com/t/ZMabc/", True),
        ("https://www.reddit.com/r/bread/s/AbCdE", True),
        ("https://bit.ly/", False),
        ("https://youtu.be/abc", False),
        ("https://www.tiktok.com/@herald/video/1", False),
        ("https://t.com/AbCdE", False),
        ("https://herald.example/bread", False),
    ],
)
def test_a_shortener_is_known(url: str, short: bool) -> None:
    assert is_shortener(url) is short


HERE = "https://m.herald.example/world/2026/bread-and-salt?id=17&from=telegram"


@pytest.mark.parametrize(
    ("declared", "here", "taken"),
    [
        ("https://herald.example/world/2026/bread-and-salt", HERE, True),
        ("https://herald.example/world/2026/bread-and-salt?id=17", HERE, True),
        ("https://www.herald.example/2026/02/bread-and-salt/", "https://amp.herald.example/bread-and-salt", True),
        ("https://herald.example/2026/02/bread-1017", "https://herald.example/?p=1017", True),
        ("https://herald.example/2026/02/long-story-of-bread", "https://herald.example/node/17", True),
        (
            "https://herald.example/story.php?id=17",
            "https://herald.example/story.php?id=17&nocache=3&page_size=9",
            True,
        ),
        ("https://news.herald.example/2026/bread-1017", "https://herald.example/2026/bread-1017", True),
        ("https://herald.example/", HERE, False),
        ("https://herald.example/world", HERE, False),
        ("https://herald.example/world/2026", HERE, False),
        ("https://herald.example/politics", HERE, False),
        ("https://herald.example/tag/bread-and-salt-2026", HERE, False),
        ("https://herald.example/2026/02/", "https://herald.example/bread-and-salt", False),
        ("https://herald.example/read", "https://herald.example/read?id=17", False),
        ("https://herald.example/news/bread-salt", "https://herald.example/news/bread-salt?view=17", True),
        ("https://herald.example/read", "https://herald.example/world/read?id=17", False),
        ("https://herald.example/read?id=17", "https://herald.example/read?id=17&from=vk", True),
        ("https://herald.example/?lang=uk", "https://herald.example/bread-and-salt", False),
        ("https://herald.example/?p=1017", "https://herald.example/bread-and-salt", True),
        ("https://herald.example/bread", "https://m.herald.example/world/bread", True),
        ("https://herald.example/story.php", "https://herald.example/story.php?id=17", False),
        ("https://herald.example/story.php?id=16", "https://herald.example/story.php?id=17", False),
        ("https://herald.example/en/bread-1017", "https://herald.example/uk/bread-1017", False),
        ("https://herald.example/bread-1017", "https://herald.example/ru/bread-1017", False),
        ("https://en.herald.example/bread-1017", "https://herald.example/bread-1017", False),
        ("https://meadow.example/2026/bread-and-salt", HERE, False),
        ("https://badherald.example/2026/bread-and-salt", HERE, False),
        ("https://herald.example@evil.test/2026/bread-and-salt", HERE, False),
        ("javascript:alert(1)", HERE, False),
        ("https://[", HERE, False),
        ("", HERE, False),
    ],
)
def test_a_page_is_believed_about_its_own_address_where_it_names_a_story(declared: str, here: str, taken: bool) -> None:
    assert believed(declared, here) == (canonical(declared) if taken else None)


# --- What the data files say ---

ASKED_FOR = """utm_x fbclid gclid dclid gbraid wbraid msclkid yclid mc_cid mc_eid igsh igshid si ref ref_src spm _ga _gl
    at_medium xtor wt_mc cmpid ns_campaign smid partner hsCtaTracking _hsenc _hsmi mkt_tok oly_enc_id vero_id trk"""


@pytest.mark.parametrize("name", ASKED_FOR.split())
def test_what_everybody_knows_for_tracking_is_dropped(name: str) -> None:
    assert canonical(f"https://herald.example/bread?a=1&{name}=x&b=2") == "https://herald.example/bread?a=1&b=2"


def test_each_tracking_parameter_has_one_owner_and_a_reason() -> None:
    assert all(group.whose and group.known_from and (group.names or group.prefixes) for group in groups())
    names = [name.casefold() for group in groups() for name in group.names]
    assert sorted(names) == sorted(set(names))
    prefixes = tuple(prefix.casefold() for group in groups() for prefix in group.prefixes)
    assert all(prefix.endswith("_") and len(prefix) > 2 for prefix in prefixes)
    assert [name for name in names if name.startswith(prefixes)] == []
    assert set(names) & {"id", "p", "article", "story", "nid", "aid", "page", "lang", "date", "v", "q"} == set()
    assert not any(group.certain and (group.doubtful or group.values) for group in groups())


def test_each_kind_of_wrapper_names_its_hosts_and_a_place_for_the_address() -> None:
    data = read_data("wrappers.toml")
    assert all(one["hosts"] and one.keys() & {"parameters", "inside", "query"} for one in data["wrapper"])
    assert all(one["path"] == "" or one["path"].startswith("/") for one in data["wrapper"] + data["archive"])


# --- Generated addresses ---

SURE = [name for group in groups() if not group.doubtful for name in (*group.names, *(p + "x" for p in group.prefixes))]
DOUBTED = [name for group in groups() if group.doubtful and not group.values for name in group.names]
HOSTS = st.sampled_from(
    """herald.example www.herald.example m.herald.example amp.m.herald.co.uk вісник.test herald.example:8080 t.me
    [2001:db8::1] youtu.be www.youtube.com m.facebook.com vk.com twitter.com en.m.wikipedia.org web.archive.org
    docs.google.com www.google.com urldefense.com yandex.ru archive.ph x.translate.goog www.reddit.com l.l.test
    meadow.blogspot.de redd.it medium.com open.substack.com disq.us nitter.meadow.test x.t.me""".split()
)
PIECES = """a A amp .amp .. . print index.html story.php 2026 bread-and-salt %41 %2f % é x.amp.html s watch wiki w
    url web https: http:// status 17 permalink.php comments c d %D1%96%CC%88 ;jsessionid=1 comment-page-2 __ v3 p u r
    pub 0a1b2c3d4e5f joinchat embed videos posts""".split()
STEPS = st.lists(st.sampled_from(["", *PIECES]), max_size=6).map("/".join)
VALUES = st.sampled_from(
    [
        "",
        "1",
        "17",
        "2026",
        "=",
        "%20",
        "+",
        "ї",
        "%zz",
        "telegram",
        "print",
        "https%3A%2F%2Fx.test%2Fy",
        "a/b",
        "wall-1_2",
    ]
)
KEPT = st.lists(
    st.tuples(st.sampled_from(["id", "p", "story", "nid", "date", "%D1%97", "a%26b"]), st.integers(0, 99).map(str)),
    max_size=3,
    unique_by=lambda pair: pair[0],
)
ANY = st.lists(
    st.tuples(st.sampled_from([*SURE[:6], *DOUBTED, *"id v t q url w title view from amp".split(), ""]), VALUES),
    max_size=4,
).map(lambda pairs: "&".join(map("=".join, pairs)))
FRAGMENTS = st.sampled_from(["", "#x", "#!/é", "#/%41?id=1&ref=x", "#:~:text=x", "#/x:~:text=y", "#gid=7"])
WRAPPERS = [
    "https://www.google.com/url?q={}&sa=D",
    "https://l.facebook.com/l.php?u={}&h=AT0",
    "https://vk.com/away.php?to={}",
    "https://x.safelinks.protection.outlook.com/?url={}&data=1",
    "https://web.archive.org/web/20260217101500/{}",
    "https://duckduckgo.com/l/?uddg={}",
    "https://t.me/share/url?url={}&text=x",
]


@settings(max_examples=100)
@given(HOSTS, STEPS, ANY, FRAGMENTS)
def test_any_address_has_one_canonical_form(host: str, path: str, query: str, fragment: str) -> None:
    once = canonical(f"http://{host}/{path}?{query}{fragment}")
    assert canonical(once) == once


@settings(max_examples=60)
@given(
    st.one_of(st.text(max_size=40), st.text("htps:/.?#&=%@[]a1x\u200b\u0306ї", max_size=60).map("https://{}".format))
)
def test_whatever_is_sent_is_an_address_or_refused(text: str) -> None:
    for function in (canonical, unwrapped, archived_copy, is_shortener):
        try:
            function(text)
        except Refused:
            continue
    believed(text, "https://herald.example/bread")


@settings(max_examples=60)
@given(
    STEPS,
    KEPT,
    st.lists(
        st.tuples(st.sampled_from(SURE + DOUBTED), st.sampled_from(["", "x", "a.b", "%D1%97"]), st.integers(0, 3))
    ),
)
def test_tracking_parameters_change_nothing_wherever_they_stand(
    path: str, kept: list[tuple[str, str]], marks: list[tuple[str, str, int]]
) -> None:
    assume(".php" not in path)
    pairs = [f"{name}={value}" for name, value in kept]
    plain = canonical(f"https://herald.example/{path}?{'&'.join(pairs)}")
    for name, value, place in marks:
        pairs.insert(place, f"{name}={value}")
    assert canonical(f"https://herald.example/{path}?{'&'.join(pairs)}") == plain


@settings(max_examples=60)
@given(STEPS, KEPT, st.integers(0, 2), st.integers(0, 99))
def test_another_value_of_a_kept_parameter_is_another_page(
    path: str, kept: list[tuple[str, str]], place: int, other: int
) -> None:
    assume(place < len(kept) and kept[place][1] != str(other))
    changed = [*kept[:place], (kept[place][0], str(other)), *kept[place + 1 :]]
    one, two, less = (
        canonical(f"https://herald.example/{path}?" + "&".join(map("=".join, pairs)))
        for pairs in (kept, changed, kept[:place] + kept[place + 1 :])
    )
    assert len({one, two, less}) == 3


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WRAPPERS), max_size=3), KEPT, st.sampled_from(["bread", "хліб", "a%2Fb", "amp/x"]))
def test_a_page_stays_itself_in_any_wrapper(wrappers: list[str], kept: list[tuple[str, str]], path: str) -> None:
    plain = f"https://herald.example/{path}?" + "&".join(map("=".join, kept))
    link = plain
    for wrapper in wrappers:
        link = wrapper.format(link if "archive" in wrapper else quote(link, safe=""))
    assert canonical(link) == canonical(plain)
    assert canonical(unwrapped(link)) == canonical(plain)


def test_only_the_parameter_and_never_its_neighbour_chooses_a_version() -> None:
    for name, values in versions().items():
        for value in values:
            assert canonical(f"https://herald.example/bread?{name}={value}") == "https://herald.example/bread"
        assert canonical(f"https://herald.example/bread?{name}=17x") != "https://herald.example/bread"


def test_what_the_page_for_editors_says_is_so() -> None:
    page = (Path(__file__).parents[2] / "docs" / "addresses.md").read_text(encoding="utf-8")
    lines = re.findall(r"`(\S+)` ([=≠]) `(\S+)`", page)
    assert len(lines) == page.count("\n- ") == 17
    assert [line for line in lines if (canonical(line[0]) == canonical(line[2])) != (line[1] == "=")] == []
