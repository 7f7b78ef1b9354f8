"""Everything about a bulletin is settled in chat, with buttons and short replies; what is wrong is said, not saved."""

import json

import pytest

from bot import guard
from bot.cli.doctor import doctor
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import approved, forged, in_ukrainian, pressed, tables
from tests.flows.settings_acts import acts_on_settings, asked, opened, replied, said, settled, turned
from tests.flows.world_process import environment

pytestmark = pytest.mark.system


async def test_the_owner_sees_everything_that_is_settled_and_editors_see_it_without_buttons(newsroom: World) -> None:
    menu = await opened(newsroom)
    for line in (
        "Settings of “News from Ukraine Bulletin”",
        "Time zone: Europe/Kyiv",
        "Schedule: Sundays 18:00",
        "Cut-off, before the hour: 1 hour",
        "Next issue: 22 November 2026, 18:00",
        "Release: after a countdown that any moderator can hold, 1 hour",
        "Channels: News 1",
        "Moderators' chat: Moderators",
    ):
        assert line in menu.text
    await turned(newsroom, menu, "Sections", "Research of human rights abuses")
    seen = await opened(newsroom, newsroom.clara)
    assert "Only the owner changes them." in seen.text
    assert seen.labels == []
    assert "editor" in (await opened(newsroom, newsroom.boris)).text
    press = await forged(newsroom, newsroom.clara, seen, "v1:put.quorum-3:1:0")
    assert "owner" in press.answer_text
    assert settled(newsroom, "quorum") == (1,)


async def test_words_are_given_as_replies_with_the_old_ones_shown_and_taken_back_with_a_press(newsroom: World) -> None:
    question = await asked(newsroom, await opened(newsroom), "Title")
    assert question.text.endswith("News from Ukraine Bulletin")
    changed = await replied(newsroom, question, "  News \n from Kharkiv ")
    assert changed.text == "Title: News from Kharkiv\nBefore: News from Ukraine Bulletin"
    assert settled(newsroom, "title") == ("News from Kharkiv",)
    await said(newsroom, "Subtitle", "Every Sunday")
    await said(newsroom, "Footer", "Made by volunteers.\n\nWrite to us.")
    assert settled(newsroom, "subtitle", "footer") == ("Every Sunday", "Made by volunteers.\n\nWrite to us.")
    await said(newsroom, "Subtitle", "–")
    assert settled(newsroom, "subtitle") == ("",)
    await turned(newsroom, changed, "Back to News from Ukraine", "Settings of “News from Ukraine Bulletin”")
    stale = await forged(newsroom, newsroom.olena, changed, "v1:set-back.title:1:123")
    assert "changed again meanwhile" in stale.answer_text
    assert acts_on_settings(newsroom) == ["set-title", "set-subtitle", "set-footer", "set-subtitle", "set-title"]


async def test_a_schedule_shows_its_next_dates_and_moves_the_open_issue_unless_its_gate_runs(newsroom: World) -> None:
    menu = await opened(newsroom)
    await turned(newsroom, menu, "Schedule", "· 22 November 2026, 18:00\n· 29 November 2026, 18:00\n· 6 December 2026")
    await turned(newsroom, menu, "Fridays", "Fridays, at what hour?")
    await turned(newsroom, menu, "09:00", "Fridays 09:00\nBefore: Sundays 18:00\n· 20 November 2026, 09:00")
    assert settled(newsroom, "schedule") == ("sun 18:00",)
    await turned(newsroom, menu, "✓ Save", "The open issue comes out on 20 November 2026, 09:00.")
    assert settled(newsroom, "schedule") == ("fri 09:00",)
    await turned(newsroom, menu, "Back to Sundays 18:00", "Next issue: 22 November 2026, 18:00")

    draft = await said(newsroom, "✎ Type it", "Неділя 17:30", await turned(newsroom, menu, "Schedule", "Choose a day"))
    assert draft.text.startswith("Sundays 17:30\nBefore: Sundays 18:00\n· 22 November 2026, 17:30")
    await turned(newsroom, draft, "✓ Save", "The open issue comes out on 22 November 2026, 17:30.")

    await approved(newsroom, "a")
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if "Hold" in m.labels), None))
    menu = await turned(newsroom, await opened(newsroom), "Schedule", "Choose a day")
    await turned(newsroom, menu, "Mondays", "at what hour?")
    await turned(newsroom, menu, "08:00", "Before: Sundays 17:30")
    await turned(newsroom, menu, "✓ Save", "stays at 22 November 2026, 17:30, since its gate runs already")


async def test_what_cannot_be_is_said_and_not_saved(newsroom: World) -> None:
    menu = await opened(newsroom)
    for label, words, answer in (
        ("Title", "https://herald.example/a", "That is a link, and a title is wanted"),
        ("Title", "x" * 101, "at most 100"),
        ("Title", "\u200b…\u200b", "A title needs letters"),
        ("Subtitle", "x" * 201, "at most 200 characters fit"),
        ("Footer", "x" * 1501, "at most 1500 characters fit"),
        ("Time zone", "Atlantis-on-Sea", "I know no place “Atlantis-on-Sea”"),
        ("Time zone", "../../etc/passwd", "I know no place"),
    ):
        assert answer in (await said(newsroom, label, words, menu)).text
    assert acts_on_settings(newsroom) == []
    menu = await turned(newsroom, await opened(newsroom), "Schedule", "Choose a day")
    question = await asked(newsroom, menu, "✎ Type it")
    for words, answer in (
        ("31 February", "I do not see one day and one hour"),
        ("Sundays", "I see the day, but not one hour"),
        ("Sundays 25:00", "I see the day, but not one hour"),
        ("Sundays and Mondays 18:00", "I do not see one day"),
    ):
        assert answer in (await replied(newsroom, question, words)).text
    cutoff = await turned(newsroom, await opened(newsroom), "Cut-off", "Cut-off, before the hour: 1 hour")
    question = await asked(newsroom, cutoff, "✎ Type it")
    for words, answer in (("soon", "That is no span of time"), ("-5", "no span"), ("9 days", "at most a week")):
        assert answer in (await replied(newsroom, question, words)).text
    assert acts_on_settings(newsroom) == []
    assert "Cut-off, before the hour: 1 hour 30 minutes" in (await replied(newsroom, question, "1:30")).text
    for data in (
        "v1:put.cutoff_minutes-99999:1:0",
        "v1:put.schedule-sun-2500:1:0",
        "v1:put.timezone-Mars--Base:1:0",
        "v1:put.quorum-0:1:0",
        "v1:put.gate-none:1:0",
        "v1:put.moderators_chat-5:1:0",
        "v1:put.title-x:1:0",
        "v1:set-ask.slug:1:0",
        "v1:set-back.slug:1:0",
        "v1:put.summary_time-9:1:0",
    ):
        press = await forged(newsroom, newsroom.olena, cutoff, data)
        assert press.answer_text, data
    assert acts_on_settings(newsroom) == ["set-cutoff_minutes"]


async def test_a_city_gives_the_time_zone_and_choices_are_made_with_a_press(newsroom: World) -> None:
    changed = await said(newsroom, "Time zone", "Берлін")
    assert changed.text.startswith("Time zone: Europe/Berlin\nBefore: Europe/Kyiv")
    assert "The open issue comes out on 22 November 2026, 18:00." in changed.text
    guesses = await said(newsroom, "Time zone", "Kyyiv")
    assert guesses.text == "Which one do you mean?"
    await turned(newsroom, guesses, "Europe/Kyiv", "Time zone: Europe/Kyiv")
    assert settled(newsroom, "timezone") == ("Europe/Kyiv",)
    await _choices_are_made(newsroom)


async def _choices_are_made(newsroom: World) -> None:
    menu = await turned(newsroom, await opened(newsroom), "Release", "after a countdown")
    await turned(newsroom, menu, "after two persons' presses", "Release: after two persons' presses")
    await turned(newsroom, menu, "2 hours", "preview and release: 2 hours")
    await turned(newsroom, menu, "‹ Settings", "Settings of")
    await turned(newsroom, menu, "Votes", "Votes that a decision needs: 1")
    await turned(newsroom, menu, "2", "Votes that a decision needs: 2")
    await turned(newsroom, menu, "no", "Moderators may approve their own: no")
    assert {label for label in menu.labels if label.startswith("●")} == {"● 2", "● no"}
    await turned(newsroom, menu, "‹ Settings", "Settings of")
    await turned(newsroom, menu, "Reminders", "Morning summary: 09:00")
    question = await asked(newsroom, menu, "✎ Type it")
    assert "longer than: 1 day 12 hours" in (await replied(newsroom, question, "36 hours")).text
    await turned(newsroom, menu, "08:00", "Morning summary: 08:00")
    await turned(newsroom, menu, "‹ Settings", "Settings of")
    await turned(newsroom, menu, "Language", "Language: English")
    await turned(newsroom, menu, "українська", "Language: українська")
    now = settled(newsroom, "gate", "gate_minutes", "quorum", "approve_own", "remind_hours", "summary_time", "language")
    assert now == ("two", 120, 2, 0, 36, "08:00", "uk")


async def test_reasons_are_added_changed_taken_out_and_the_house_s_own_come_back(newsroom: World) -> None:
    menu = await turned(newsroom, await opened(newsroom), "Reasons", "1. ")
    own = await said(newsroom, "+ Add a reason", "We printed it last week", menu)
    assert "6. We printed it last week" in own.text
    await turned(newsroom, own, "✎ We printed it", "We printed it last week")
    changed = await said(newsroom, "✎ Type it", "Printed in our last issue", own)
    assert "6. Printed in our last issue" in changed.text
    for words, answer in (("…", "needs words"), ("x" * 101, "at most 100"), ("printed in our LAST issue", "already")):
        assert answer in (await said(newsroom, "+ Add a reason", words, changed)).text
    await turned(newsroom, changed, "✎ Printed in", "Printed in our last issue")
    await turned(newsroom, changed, "✗ Take out", "5. ")
    assert "6. " not in changed.text
    gone = await pressed(newsroom, newsroom.olena, own, "✗ Take out")
    assert "not in the list any more" in gone.answer_text
    await turned(newsroom, changed, "Undo the last change", "Reasons: ")
    assert "Printed in our last issue" in str(settled(newsroom, "reasons"))
    await turned(newsroom, changed, "Reasons", "6. Printed in")
    await turned(newsroom, changed, "The house's own again", "5. ")
    assert settled(newsroom, "reasons") == ("null",)


async def test_doctor_names_what_chat_has_changed_since_the_first_start(
    newsroom: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(newsroom.settings).items():
        monkeypatch.setenv(name, value)
    assert await _overridden(capsys) == {}
    await said(newsroom, "Title", "News from Kharkiv")
    await said(newsroom, "Time zone", "Warsaw")
    assert await _overridden(capsys) == {
        "BULLETIN_TITLE": "counts at first start only; chat made it 'News from Kharkiv'",
        "BULLETIN_TIMEZONE": "counts at first start only; chat made it 'Europe/Warsaw'",
    }


async def _overridden(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Let the operator ask the doctor, and return what it says of settings that chat has changed."""
    capsys.readouterr()
    await doctor(json_=True)
    found = json.loads(capsys.readouterr().out)
    return {each["what"]: each["found"] for each in found if each["what"].startswith("BULLETIN_")}


async def test_a_looser_gate_needs_a_second_person_where_the_guard_stands(newsroom: World) -> None:
    async with newsroom.services.store.transaction() as tx:
        await guard.switch(tx, "person 1", True, newsroom.clock.now())
    menu = await turned(newsroom, await opened(newsroom), "Release", "after a countdown")
    press = await pressed(newsroom, newsroom.olena, menu, "by itself, at the hour")
    assert "second person" in press.answer_text
    assert settled(newsroom, "gate") == ("countdown",)
    await turned(newsroom, menu, "after two persons' presses", "Release: after two persons' presses")
    question = await asked(newsroom, menu, "✎ Type it")
    await replied(newsroom, question, "2 hours")
    assert settled(newsroom, "gate", "gate_minutes") == ("two", 120)


async def test_the_settings_speak_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    menu = await opened(newsroom)
    assert "Розклад: Щонеділі 18:00" in menu.text
    await turned(newsroom, menu, "Розклад", "· 22 листопада 2026")
    draft = await said(newsroom, "✎ Написати", "щосереди о 9", menu)
    assert draft.text.startswith("Щосереди 09:00\nБуло: Щонеділі 18:00")
    refused = await said(newsroom, "Часовий пояс", "Атлантида")
    assert refused.text.startswith("Не знаю місця «Атлантида».")
    assert "Time zone" not in (await said(newsroom, "Часовий пояс", "Варшава")).text
    assert settled(newsroom, "timezone") == ("Europe/Warsaw",)
    assert len(tables(newsroom)["bulletins"]) == 1
