"""By what a publisher is recognised: the longest domain, the channel on shared hosts, and any spelling of its names."""

import pytest

from bot.errors import Refused
from bot.intake.address import urls
from bot.intake.source_lines import read_domain
from bot.source_ways import domains_of, fold


@pytest.mark.parametrize(
    ("address", "ways"),
    [
        ("https://meduza.example/feature/1", ("meduza.example",)),
        ("https://www.meduza.example/", ("meduza.example",)),
        ("https://EN.zona.media.example:8080/x", ("en.zona.media.example", "zona.media.example", "media.example")),
        ("https://ukrayina.example.com.ua/1", ("ukrayina.example.com.ua", "example.com.ua")),
        ("https://steppe.blogspot.com/2026/11/a.html", ("steppe.blogspot.com",)),
        ("https://steppe.blogspot.de", ("steppe.blogspot.com",)),
        ("https://steppe.wordpress.com/a", ("steppe.wordpress.com",)),
        ("https://steppe.substack.com/p/a", ("steppe.substack.com",)),
        ("https://t.me/SteppeLetters/12?single", ("t.me/steppeletters",)),
        ("https://t.me/c/1234/5", ()),
        ("https://m.youtube.com/@SteppeFilms/videos", ("youtube.com/@steppefilms",)),
        ("https://youtube.com/channel/UC0abc", ("youtube.com/channel/uc0abc",)),
        ("https://youtu.be/abcdef12345", ()),
        ("https://www.facebook.com/steppe.letters/posts/1", ("facebook.com/steppe.letters",)),
        ("https://www.facebook.com/groups/77/posts/1", ("facebook.com/groups/77",)),
        ("https://www.facebook.com/watch/?v=5", ()),
        ("https://medium.com/@birch/a-story-1", ("medium.com/@birch",)),
        ("https://birch.medium.com/a-story-1", ("birch.medium.com",)),
        ("https://twitter.com/steppe", ("x.com/steppe",)),
        ("https://substack.com/", ()),
        ("https://192.0.2.7/x", ()),
        ("https://степ.example/", ("xn--e1auee.example",)),
    ],
)
def test_an_address_stands_under_its_domains_or_its_channel_alone(address: str, ways: tuple[str, ...]) -> None:
    assert domains_of(urls.canonical(address)) == ways


@pytest.mark.parametrize(
    "typed", ["meduza.example", "https://www.meduza.example/", "Meduza.example/about", " M.meduza.example "]
)
def test_a_domain_may_be_typed_in_any_way(typed: str) -> None:
    assert read_domain(typed) == "meduza.example"


@pytest.mark.parametrize(
    "typed", ["com.ua", "co.uk", "medium.com", "t.me", "youtube.com", "localhost", "a b.example", "мова"]
)
def test_what_many_publish_on_is_no_domain_of_one_publisher(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_domain(typed)
    assert refused.value.key == "source-domain"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KHPG", "K.H.P.G."),
        ("Kyiv Post", "kyiv  post"),
        ("Libération", "LIBERATION"),
        ("Українська правда", "українська  ПРАВДА!"),
        ("«Медуза»", "Медуза"),
        ("Нью-Йоркер", "Нью Йоркер"),
        ("Größe", "Grosse"),
    ],
)
def test_a_name_is_the_same_without_case_punctuation_and_accents(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_different_names_stay_different() -> None:
    names = ["Meduza", "Media", "The Insider", "Insider", "Степ", "Step", "Novaya Gazeta", "Novaya Gazeta Europe"]
    assert len({fold(name) for name in names}) == len(names)
    assert fold("– (…)") == ""
