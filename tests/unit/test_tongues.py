"""Sites keep a story in several languages under addresses that differ in the language alone."""

import pytest

from bot.intake.tongues import in_other_languages

SAME_STORY = [
    ("https://khr.example/en/1608811834", "https://khr.example/1608811834"),
    ("https://khr.example/ru/1608811834", "https://khr.example/en/1608811834"),
    ("https://pravda.example/eng/news/2023/02/05/7388057/", "https://pravda.example/news/2023/02/05/7388057/"),
    ("https://pravda.example/rus/news/2023/02/05/7388057/", "https://pravda.example/eng/news/2023/02/05/7388057/"),
    ("https://en.herald.example/dockers-win-their-strike", "https://herald.example/dockers-win-their-strike"),
    ("https://fr.herald.example/dockers-win-their-strike", "https://de.herald.example/dockers-win-their-strike"),
    ("https://herald.example/uk/dockers_win_strike", "https://herald.example/en/dockers_win_strike"),
]
NOT_THE_SAME = [
    ("https://khr.example/en/1608811834", "https://khr.example/1608811835"),
    ("https://khr.example/en/1608811834", "https://other.example/1608811834"),
    ("https://herald.example/en/", "https://herald.example/"),
    ("https://herald.example/en/news", "https://herald.example/news"),
    ("https://herald.example/en/news/world", "https://herald.example/news/world"),
    ("https://en.herald.example/about-us", "https://herald.example/about-us"),
    ("https://herald.example/news/7388057", "https://herald.example/blog/7388057"),
    ("https://it.example/1608811834", "https://example/1608811834"),
]


@pytest.mark.parametrize(("one", "other"), SAME_STORY)
def test_addresses_that_differ_in_the_language_alone_are_found(one: str, other: str) -> None:
    assert other in in_other_languages(one)
    assert one in in_other_languages(other)
    assert one not in in_other_languages(one)


@pytest.mark.parametrize(("one", "other"), NOT_THE_SAME)
def test_other_addresses_are_not(one: str, other: str) -> None:
    assert other not in in_other_languages(one)
