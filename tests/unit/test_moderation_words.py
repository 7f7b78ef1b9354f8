"""Words on buttons and in answers to presses fit where Telegram shows them."""

import re
import string

import pytest

from bot.render.reasons import HOUSE
from bot.texts import catalogue, languages, say

TOAST_LETTERS = 200
LABEL_LETTERS = 30
SHORT = "×" * 30
LONGEST = {
    "section": "×" * 100,
    "who": SHORT,
    "role": SHORT,
    "number": 999,
    "name": "×" * 100,
    "host": "×" * 60,
    "title": "×" * 60,
    "time": "23:59",
    "given": 9,
    "of": 10,
}
WORKSHOP = re.compile(r"\b(freez\w*|frozen|ledgers?|leases?|outbox|suppress\w*|in doubt|revisions?|callbacks?)\b")
TOASTS = (
    *("desk-approved", "desk-rejected", "desk-undone", "desk-already-approved", "desk-already-rejected"),
    *("desk-changed", "desk-in-issue", "desk-gone", "desk-no-section", "desk-decided-already", "desk-claimed"),
    *("desk-cited", "desk-translated", "desk-parted", "desk-separated", "desk-already-added"),
    *("issue-empty", "issue-busy", "issue-changed", "issue-nothing-to-hold", "issue-nothing-held"),
    *("hold-broadcast", "hold-countdown", "continue-broadcast", "continue-countdown", "publish-now"),
    *("role-needed", "settled", "saved", "notice-gone", "chat-unknown", "delivery-already-settled", "press-only"),
    *("desk-own", "desk-no-reason", "desk-no-issue", "desk-later", "desk-woken"),
    *("desk-vote-approve", "desk-vote-reject", "edit-citation-last"),
    *("source-added", "source-added-address", "source-there", "source-gone"),
)


@pytest.mark.parametrize("language", languages())
def test_every_answer_to_a_press_fits(language: str) -> None:
    said = {key: say(language, key, **LONGEST) for key in TOASTS}
    assert {key: len(text) for key, text in said.items() if len(text) > TOAST_LETTERS} == {}


@pytest.mark.parametrize("language", languages())
def test_every_button_is_short(language: str) -> None:
    sentences, _ = catalogue(language)
    labels = {key: text for key, text in sentences.items() if key.startswith("button-") or key in HOUSE}
    assert labels
    assert {key: text for key, text in labels.items() if len(str(text)) > LABEL_LETTERS} == {}


@pytest.mark.parametrize("language", languages())
def test_people_read_none_of_the_words_of_the_workshop(language: str) -> None:
    sentences, _ = catalogue(language)
    said = {key: " ".join([text] if isinstance(text, str) else text).casefold() for key, text in sentences.items()}
    assert {key: WORKSHOP.findall(text) for key, text in said.items() if WORKSHOP.search(text)} == {}


@pytest.mark.parametrize("language", languages())
def test_sentences_are_typed_with_care(language: str) -> None:
    sentences, _ = catalogue(language)
    for key, forms in sentences.items():
        for text in [forms] if isinstance(forms, str) else forms:
            assert "..." not in text, key
            assert "  " not in text, key
            assert '"' not in text, key
            assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(text)), key
