"""Titles that are the same, similar or different, from the habits of papers in ten languages."""

import pytest

from bot.intake.likeness import Likeness, likeness
from store.titles import marks, stems_of, words

SAME = """
One night in Bakhmut: Civilians wait for the end | ONE NIGHT IN BAKHMUT: CIVILIANS WAIT FOR THE END
‘The Truth over the Dnieper’ | "The Truth over the Dnieper"
“Five people were killed there, including a pregnant woman” | Five people were killed there, including a pregnant woman
Ukraine’s Whac-A-Mole Culture | Ukraine's Whac-a-mole culture
At least 1000 people abducted in Melitopol | At least 1,000 people abducted in Melitopol
At least 1000 people abducted in Melitopol | At least 1 000 people abducted in Melitopol
Russia deports children from Luhansk | Russia deports the children from Luhansk
Be careful what you wish for | Be careful what you wish for
Photo of the day | Photo of the Day
Україна й світ: підсумки дня | Україна й світ – підсумки дня
П’ять років під окупацією | П'ять років під окупацією
Ёлки в Херсоне больше нет | Елки в Херсоне больше нет
L’Ukraine à l’heure d’hiver | L'Ukraine à l'heure d'hiver
Les déportés de Marioupol racontent | Les deportes de Marioupol racontent
Großangriff auf Odessa in der Nacht | GROSSANGRIFF AUF ODESSA IN DER NACHT
Łódź pomaga uchodźcom z Chersonia | Łódź pomaga uchodźcom z Chersonia!
Ο πόλεμος στην Ουκρανία: τι αλλάζει τώρα | Ο ΠΟΛΕΜΟΣ ΣΤΗΝ ΟΥΚΡΑΝΙΑ: ΤΙ ΑΛΛΑΖΕΙ ΤΩΡΑ
Niños ucranianos deportados vuelven a casa | Ninos ucranianos deportados vuelven a casa
Dall’Ucraina all’Italia: storie di lavoro | Dall'Ucraina all'Italia, storie di lavoro
Война и дети | Война и дети
2+2 | 2 + 2
"""
SIMILAR = """
Mass grave found in liberated Lyman | Mass graves found in Lyman
Mass grave | Mass graves
War diary, day 512 | War diary, day 513
Russia-Ukraine war: List of key events, day 512 | Russia-Ukraine war: list of key events, day 1,013
Over 400 victims of aggression remain unidentified in Kharkiv oblast | Over 500 victims of aggression remain unidentified in Kharkiv oblast
20-26 February global week of action | 20-26 March global week of action
Bulletin of occupied areas, January 2024 | Bulletin of occupied areas, February 2024
Party of Captured Regions | Party of Captured Regions. How the war became a game-changer for key oligarchs in Eastern Ukraine
Mass grave found in Izium | Mass grave found in Lyman
Support trade union aid to Ukrainian workers! | Support trade union aid to Ukrainian workers | Labour Line
Russia: ‘I sacrificed myself to the regime’ – prisoner’s last word | ‘I sacrificed myself to the regime’
Russia intends to deport children from occupied Luhansk Oblast to Karelia, Russia | Russia intends to deport children from Luhansk oblast to Karelia
Russia deports Ukrainian children to orphanage in occupied Crimea condemned as a ‘concentration camp’ | Russia deports Ukrainian children to occupied Crimea orphanage
Russia challenged over Crimean Tatar civic journalist’s death sentence | Russia is challenged on the death sentence of a Crimean Tatar journalist
Russia attacks Ukraine with drones | Ukraine attacks Russia with drones
Russia demands 18-year sentence for blind Ukrainian political prisoner | Russia demands 19-year sentence for a blind and disabled Ukrainian political prisoner
У Маріуполі знайшли масове поховання | У Маріуполі знайдено масове поховання
Депортація дітей з Маріуполя триває | Депортація дітей із Маріуполя триває досі
У Херсоні обстріляли лікарню, троє поранених | В Херсоні обстріляли лікарню: четверо поранених
Хроника войны, день 700 | Хроника войны, день 701
В Мелитополе похитили учителя украинской школы | В Мелитополе похитили учительницу украинской школы
Le journal de guerre, jour 512 | Journal de guerre, jour 513
À Marioupol, les ouvriers racontent l’occupation | À Marioupol, des ouvriers racontent l’occupation russe
Ukraine: Banned Landmines Harm Civilians | Ukraine: Banned Landmines Harm Civilians, Russia Too
Kinder aus Mariupol nach Russland verschleppt | Kinder aus Mariupol wurden nach Russland verschleppt – Bericht
Niños deportados de Mariúpol regresan a Ucrania | Los niños deportados de Mariúpol regresan hoy a Ucrania
Dzieci wywiezione z Mariupola wracają do domu | Dzieci wywiezione z Mariupola wróciły do domu
Bambini deportati da Mariupol tornano a casa | I bambini deportati da Mariupol tornano finalmente a casa
Crianças deportadas de Mariupol voltam para casa | Crianças deportadas de Mariupol voltam a casa hoje
Παιδιά από τη Μαριούπολη επιστρέφουν στο σπίτι | Τα παιδιά από τη Μαριούπολη επιστρέφουν σήμερα στο σπίτι
Tanks and Military Aid for Ukraine | Tanks, and military aid to Ukraine: a debate
The Frailty Of Russian Democracy | Frailty of Russian Democracy. A reply
"""
DIFFERENT = """
Be careful what you wish for | Mission to War-Torn Mariinka
Ukraine: Banned Landmines Harm Civilians | Statement concerning the Human Rights Watch report on landmines use in Ukraine
Russian court sentences Crimean Tatar Enver Ametov to 13 years | Russian court sentences journalist Vladyslav Yesypenko to 6 years
Mass grave found in Izium | New graves dug in Kharkiv
Russians abduct young Crimean Tatar from Kherson oblast | Russia deports Ukrainian children to orphanage in occupied Crimea
The Frailty Of Russian Democracy | Russian Democracy and Its Enemies
Tanks and Military Aid for Ukraine | What Are The Lessons Of Vietnam For Ukraine Today?
Photo of the day | Quote of the day
Day 512 | Day 513
War | Wars
War diary | Peace diary
The war in Ukraine | The war in Ukraine: what the miners of Kryvyi Rih say
News | News from Ukraine
Iran sends drones | Iraq sends doctors
Austria sends generators to Kharkiv | Australia sends coal to Kyiv
Who are we? | What are we?
http://herald.example/a/long-title-of-a-story | https://herald.example/a/long-title-of-a-story
 | A story without a name
... | !!!
Діти Маріуполя | Діти Херсона
Росія депортує дітей з Луганщини до Карелії | У Луганську працівники шахт вийшли на страйк
Война в Украине: что дальше | Что дальше с рублем
La guerre en Ukraine | La guerre au Soudan
Der Krieg in der Ukraine | Die Ukraine und der Wald
La guerra en Ucrania | La guerra en Gaza
Wojna na Ukrainie | Dzieci na Ukrainie
L’Ukraine et nous | L’Ukraine et eux
Strike at the port of Odesa ends | Miners strike in Kryvyi Rih
Ukraine news in brief | Trade union news in brief
Two killed in Kherson | Five wounded in Nikopol
"""


def pairs(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.split("\n") if line.strip()]
    return [(one, other) for one, _, other in (line.partition(" | ") for line in lines)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (*pair, expected)
        for table, expected in (
            (SAME, Likeness.SAME),
            (SIMILAR, Likeness.SIMILAR),
            (DIFFERENT, Likeness.DIFFERENT),
        )
        for pair in pairs(table)
    ],
)
def test_titles_are_told_apart_as_a_person_would(one: str, other: str, expected: Likeness) -> None:
    assert likeness(one, other) == likeness(other, one) == expected


def test_the_table_is_long_enough_to_mean_something() -> None:
    counts = [len(set(pairs(table))) for table in (SAME, SIMILAR, DIFFERENT)]
    assert sum(counts) >= 60
    assert min(counts) >= 20


@pytest.mark.parametrize(("one", "other"), pairs(SAME) + pairs(SIMILAR))
def test_titles_that_are_alike_share_what_they_are_found_by(one: str, other: str) -> None:
    assert len(marks(one) & marks(other)) >= min(2, len(stems_of(one)))


def test_words_of_a_title_are_those_that_tell_its_story() -> None:
    assert words("Russia’s war on Ukraine – what now?") == ("russia", "war", "ukraine", "now")
    assert words("Who are we?") == ("who", "are", "we")
    assert words("Не без надії: «Ми не здаємось»") == ("не", "без", "надіі", "не", "здаємось")
    assert words("https://herald.example/a") == ()
    assert max(len(mark) for mark in marks("x" * 500 + " " + "9" * 500)) <= 40
