"""The sources directory: a new source is flagged and added with a press, a known one recognised, an imitator named."""

import json
from pathlib import Path

import pytest

from bot.cli import sources as shell
from bot.settings import PREFIX
from tests.cast import World
from tests.flows.acts import article, asked_for_line, at_desk, in_ukrainian, pressed, sent, tables
from tests.flows.world_process import environment

pytestmark = pytest.mark.system

LIST = """name;aliases;domains;trust;language;note
Kharkiv Human Rights Protection Group;KHPG, ХПГ;khpg.example;trusted;en;prisons, Crimea
Steppe Post;;steppe.example;known;uk;
;Nameless;nameless.example;known;;
Echo;;medium.com;known;;
"""
UKRAINIAN_LIST = "Назва,Інші назви,Домени,Довіра,Мова,Примітка\nСтепова пошта,СП,poshta.example,сумнівне,uk,чутки\n"


def acts_on_sources(newsroom: World) -> list[str]:
    return [row[3] for row in tables(newsroom)["audit"] if row[4].startswith("source ")]


async def question(newsroom: World, words: str) -> object:
    return await newsroom.until(lambda: newsroom.desk.find(words))


async def test_a_new_source_is_flagged_and_one_press_takes_it_in(newsroom: World) -> None:
    first, second = await sent(newsroom, "a"), await sent(newsroom, "b")
    assert first.text.splitlines()[1] == "Herald, November 15th · herald.example · new source"
    press = await pressed(newsroom, newsroom.boris, first, "+ add source")
    assert press.answer_text == "In the directory now: Herald"
    for card in (first, second):
        await newsroom.until(lambda card=card: "herald.example · ✓ known" in card.text)
        assert "+ add source" not in card.labels
    below = newsroom.site.add_article("http://live.herald.example/c", "From below", "Herald Live", None, "en")
    newsroom.ana.send(below.url)
    card = await newsroom.card("From below")
    assert card.text.splitlines()[1] == "Herald · no date · live.herald.example · ✓ known"
    assert acts_on_sources(newsroom) == ["add-source"]


async def test_an_imitated_source_is_named_and_a_second_address_is_added_with_a_press(newsroom: World) -> None:
    await pressed(newsroom, newsroom.boris, await sent(newsroom, "a"), "+ add source")
    other = newsroom.site.add_article("http://herald-live.example/x", "Another door", "HERALD", None, "en")
    newsroom.ana.send(other.url)
    card = await newsroom.card("Another door")
    lines = card.text.splitlines()
    assert lines[1] == "Herald · no date · herald-live.example"
    assert lines[2] == "⚠ Herald is known, but not at herald-live.example. Look closely: addresses are imitated."
    press = await pressed(newsroom, newsroom.boris, card, "+ this is their address")
    assert press.answer_text == "Herald is known at herald-live.example now."
    await newsroom.until(lambda: "herald-live.example · ✓ known" in card.text)


async def test_editors_add_look_up_change_and_remove_sources_in_the_chat(newsroom: World) -> None:
    card = await sent(newsroom, "a", source="KHPG")
    assert "KHPG, November 15th · herald.example · new source" in card.text
    said = "/source add Kharkiv Human Rights Protection Group | KHPG, ХПГ | herald.example | trusted"
    told = await at_desk(newsroom, newsroom.boris, said, "you need the role of editor")
    assert "editor" in told.text
    added = await at_desk(newsroom, newsroom.clara, said, "In the directory now")
    assert added.text.splitlines() == [
        "In the directory now: Kharkiv Human Rights Protection Group",
        "Kharkiv Human Rights Protection Group",
        "also: KHPG, ХПГ",
        "herald.example",
        "trusted",
    ]
    await newsroom.until(lambda: "· ✓ trusted" in card.text)
    assert card.text.splitlines()[1].startswith("Kharkiv Human Rights Protection Group, November 15th")
    newsroom.ana.send(f"Told by Ana (khpg, February 5th) {article(newsroom, 'b')}")
    told = await newsroom.card("Told by Ana")
    assert told.text.splitlines()[1].startswith("Kharkiv Human Rights Protection Group, February 5th")
    asked = await asked_for_line(newsroom, newsroom.boris, card)
    newsroom.boris.send("A title (K.H.P.G., February 5)", newsroom.desk, reply_to=asked)
    await newsroom.until(lambda: "Kharkiv Human Rights Protection Group, February 5th" in card.text)

    found = await at_desk(newsroom, newsroom.clara, "/sources хпг", "also: KHPG")
    await pressed(newsroom, newsroom.clara, found, "doubtful")
    await newsroom.until(lambda: "⚠ Doubtful source: Kharkiv Human Rights Protection Group" in card.text)
    await pressed(newsroom, newsroom.clara, found, "✎ Edit")
    asked = await question(newsroom, "Now it reads:\n\nKharkiv Human Rights Protection Group | KHPG, ХПГ |")
    newsroom.clara.send("Kharkiv Group | KHPG | herald.example | known | uk | prisons", newsroom.desk, reply_to=asked)
    changed = await question(newsroom, "Changed: Kharkiv Group")
    assert changed.text.splitlines()[1:] == ["Kharkiv Group", "also: KHPG", "herald.example", "known · uk", "prisons"]
    await pressed(newsroom, newsroom.clara, changed, "✗ remove")
    await newsroom.until(lambda: "Yes, remove" in changed.labels)
    await pressed(newsroom, newsroom.clara, changed, "Yes, remove")
    await newsroom.until(lambda: changed.text == "Kharkiv Group is out of the directory.")
    await newsroom.until(lambda: "herald.example · new source" in card.text)
    assert acts_on_sources(newsroom) == ["add-source", "change-source", "change-source", "remove-source"]


async def test_the_list_is_turned_and_several_sources_are_added_in_one_reply(newsroom: World) -> None:
    empty = await at_desk(newsroom, newsroom.clara, "/sources", "The directory of sources is empty.")
    await pressed(newsroom, newsroom.clara, empty, "+ add")
    asked = await question(newsroom, "Reply with a line for each source")
    names = [f"Paper {number:02} – https://paper{number:02}.example/about" for number in range(1, 11)]
    wrong = ["Paper 11 | known | trusted", "Everybody | medium.com"]
    newsroom.clara.send("\n".join([*names, *wrong]), newsroom.desk, reply_to=asked)
    told = await question(newsroom, "New: 10.")
    assert told.text.splitlines()[0] == "New: 10. Changed: 0. Known already: 0. Left out: 2."
    assert "It is not clear what “trusted” is." in told.text
    assert "“medium.com” is no domain of one publisher." in told.text
    listed = await at_desk(newsroom, newsroom.boris, "/sources", "10 sources in the directory · 1/2")
    assert "· Paper 08 – known, paper08.example" in listed.text
    assert "Paper 09" not in listed.text
    await pressed(newsroom, newsroom.boris, listed, "›")
    await newsroom.until(lambda: "Paper 10" in listed.text and "2/2" in listed.text)
    assert "+ add" not in listed.labels
    await pressed(newsroom, newsroom.boris, listed, "Paper 10")
    await newsroom.until(lambda: listed.text.splitlines() == ["Paper 10", "paper10.example", "known"])


async def test_a_source_may_not_take_what_belongs_to_another(newsroom: World) -> None:
    for line in ("Echo | echo.example", "Steppe Post | steppe.example"):
        await at_desk(newsroom, newsroom.clara, f"/source add {line}", "In the directory now")
    await at_desk(
        newsroom, newsroom.clara, "/source add Echo | | steppe.example | | |", "two sources that are known apart"
    )
    found = await at_desk(newsroom, newsroom.clara, "/sources echo", "echo.example")
    await pressed(newsroom, newsroom.clara, found, "✎ Edit")
    asked = await question(newsroom, "Now it reads:\n\nEcho |")
    newsroom.clara.send("Echo | STEPPE POST | echo.example", newsroom.desk, reply_to=asked)
    await question(newsroom, "“STEPPE POST” belongs to Steppe Post already. Nothing was changed.")
    assert len(acts_on_sources(newsroom)) == 2


async def test_the_directory_speaks_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    card = await sent(newsroom, "a", source="Вісник")
    assert card.text.splitlines()[1] == "Вісник, 15 листопада · herald.example · нове джерело"
    press = await pressed(newsroom, newsroom.boris, card, "+ додати джерело")
    assert press.answer_text == "Тепер у довіднику: Вісник"
    await newsroom.until(lambda: "herald.example · ✓ відоме" in card.text)
    for address, title in (("http://live.herald.example/c", "Знизу"), ("http://visnyk.example/x", "Інші двері")):
        newsroom.ana.send(newsroom.site.add_article(address, title, "ВІСНИК", None, "uk").url)
    assert "Вісник · без дати · live.herald.example · ✓ відоме" in (await newsroom.card("Знизу")).text
    other = await newsroom.card("Інші двері")
    assert other.text.splitlines()[2].startswith("⚠ Вісник – відоме джерело, але не за адресою visnyk.example.")
    press = await pressed(newsroom, newsroom.boris, other, "+ це їхня адреса")
    assert press.answer_text == "Адресу visnyk.example додано до джерела «Вісник»."

    said = "/source додати Українська правда | УП | pravda.example | надійне"
    await at_desk(newsroom, newsroom.boris, said, "Для цього потрібна роль «редактор»")
    added = await at_desk(newsroom, newsroom.clara, said, "Тепер у довіднику: Українська правда")
    assert added.text.splitlines()[2:] == ["також: УП", "pravda.example", "надійне"]
    await pressed(newsroom, newsroom.clara, added, "сумнівне")
    await newsroom.until(lambda: added.text.endswith("сумнівне"))
    told = newsroom.site.add_article("http://pravda.example/b", "Без назви", "Інше", None, "uk").url
    newsroom.ana.send(f"Розповідає УП (УП, 5 лютого) {told}")
    card = await newsroom.card("Розповідає УП")
    assert card.text.splitlines()[1].startswith("Українська правда, 5 лютого")
    await newsroom.until(lambda: "⚠ Сумнівне джерело: Українська правда" in card.text)
    found = await at_desk(newsroom, newsroom.clara, "/sources уп", "також: УП")
    await pressed(newsroom, newsroom.clara, found, "✎ Правити")
    asked = await question(newsroom, "Зараз:\n\nУкраїнська правда | УП | pravda.example | сумнівне")
    newsroom.clara.send("Правда | УП | pravda.example | надійне | uk | щодня", newsroom.desk, reply_to=asked)
    changed = await question(newsroom, "Змінено: Правда")
    assert changed.text.splitlines()[3:] == ["pravda.example", "надійне · uk", "щодня"]
    await pressed(newsroom, newsroom.clara, changed, "✗ вилучити")
    await newsroom.until(lambda: "Так, вилучити" in changed.labels)
    await pressed(newsroom, newsroom.clara, changed, "Так, вилучити")
    await newsroom.until(lambda: changed.text == "Джерело «Правда» вилучено з довідника.")
    listed = await at_desk(newsroom, newsroom.clara, "/sources", "1 джерело в довіднику")
    await pressed(newsroom, newsroom.clara, listed, "+ додати")
    asked = await question(newsroom, "Дайте відповідь рядком для кожного джерела")
    newsroom.clara.send("Степ – https://step.example\nУсі | medium.com\nТ | | | так | |", newsroom.desk, reply_to=asked)
    told = await question(newsroom, "Нових: 1. Змінено: 0. Вже відомих: 0. Пропущено: 2.")
    assert "«medium.com» – не домен одного видання." in told.text
    assert "«так» – не ступінь довіри. Напишіть одне з таких слів: надійне, відоме, сумнівне." in told.text


async def test_the_shell_imports_a_list_names_bad_lines_and_gives_it_back(
    newsroom: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.env"
    given = environment(newsroom.settings).items()
    config.write_text("".join(f"{name}={value}\n" for name, value in given if name.startswith(PREFIX)), "utf-8")
    card = await sent(newsroom, "a", source="khpg")
    file = tmp_path / "list.csv"
    file.write_text(LIST, "utf-8")
    assert await shell.import_sources(file, dry_run=True, config=config) == 1
    assert capsys.readouterr().out.splitlines()[0] == "2 would be new, 0 would be completed, 0 known already."
    assert tables(newsroom)["sources"] == []
    assert await shell.import_sources(file, config=config) == 1
    assert capsys.readouterr().out.splitlines() == [
        "2 new, 0 completed, 0 known already.",
        "  4: ';Nameless;nameless.example;known;;' is left out: A source needs a name with letters or digits.",
        "  5: 'Echo;;medium.com;known;;' is left out: “medium.com” is no domain of one publisher. Write one"
        " such as meduza.io; on a site that many publish on, with the channel: t.me/name.",
    ]
    await newsroom.until(lambda: "Kharkiv Human Rights Protection Group, November 15th" in card.text)
    await shell.list_sources(json_=True, config=config)
    listed = capsys.readouterr().out
    assert json.loads(listed)[0] == {
        "name": "Kharkiv Human Rights Protection Group",
        "aliases": ["KHPG", "ХПГ"],
        "domains": ["khpg.example"],
        "trust": "trusted",
        "language": "en",
        "note": "prisons, Crimea",
    }
    (tmp_path / "list.json").write_text(listed, "utf-8")
    assert await shell.import_sources(tmp_path / "list.json", config=config) == 0
    assert capsys.readouterr().out == "0 new, 0 completed, 2 known already.\n"
    (tmp_path / "list.txt").write_text(UKRAINIAN_LIST, "utf-8")
    assert await shell.import_sources(tmp_path / "list.txt", config=config) == 0
    assert capsys.readouterr().out == "1 new, 0 completed, 0 known already.\n"
    for word, line in (("steppe", "known     Steppe Post  steppe"), ("сп", "doubtful  Степова пошта (СП)  poshta")):
        await shell.list_sources(word, config=config)
        assert capsys.readouterr().out == f"{line}.example\n"
