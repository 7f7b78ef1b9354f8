"""What the readers' pages say, word for word in each language of the interface, and the store told to speak it."""

from dataclasses import dataclass

from store import bulletins
from tests.cast import World


@dataclass(frozen=True)
class Words:
    """The buttons and sentences of one language, as a reader sees them."""

    language: str
    subscribe: str
    asked: str
    confirm_subject: str
    confirm_question: str
    confirm: str
    latest: str
    confirmed: str
    confirmed_before: str
    known_subject: str
    link_dead: str
    to_choices: str
    heading: str
    page_of: str
    save: str
    saved: str
    pause: str
    paused: str
    pause_began: str
    go_on: str
    pause_over: str
    no_weeks: str
    receive: str
    stop: str
    move: str
    move_asked: str
    no_address: str
    move_subjects: tuple[str, str]
    move_questions: tuple[str, str]
    half: str
    moved: str
    moved_body: str
    done_already: str
    copy: str
    erase: str
    not_sure: str
    erased: str
    mark: str
    leave_question: str
    leave: str
    left: str
    undo: str
    back: str
    not_back: str
    form_old: str


ENGLISH = Words(
    language="en",
    subscribe="Subscribe",
    asked="Look into your mailbox",
    confirm_subject="Please confirm: News from Ukraine Bulletin",
    confirm_question="Receive News from Ukraine Bulletin?",
    confirm="Confirm",
    latest="Send me the latest issue at once",
    confirmed="You are a reader now",
    confirmed_before="You have confirmed already",
    known_subject="You receive News from Ukraine Bulletin already",
    link_dead="This link is of no use any more",
    to_choices="Choose how it comes",
    heading="How it comes to you",
    page_of="The issues come to dan@readers.example. This page is yours alone",
    save="Save",
    saved="It is saved.",
    pause="Pause",
    paused="Nothing comes before 30 November 2026. Then it goes on by itself.",
    pause_began="Nothing comes for a while; then it goes on by itself.",
    go_on="Go on now",
    pause_over="The pause is over: the next issue comes.",
    no_weeks="Choose for how many weeks nothing is to come.",
    receive="Receive",
    stop="Stop",
    move="Change the address",
    move_asked="If we may write to both addresses, a letter is on its way to each.",
    no_address="This is no e-mail address that we can write to.",
    move_subjects=(
        "Your new address for News from Ukraine Bulletin",
        "Please confirm this address: News from Ukraine Bulletin",
    ),
    move_questions=(
        "Move News from Ukraine Bulletin to your new address?",
        "Receive News from Ukraine Bulletin at this address?",
    ),
    half="One of two is confirmed",
    moved="The issues come to the new address",
    moved_body="From now on News from Ukraine Bulletin comes there.",
    done_already="If it is not done, ask for it again on your page.",
    copy="Download a copy",
    erase="Erase everything",
    not_sure="Nothing was erased. Tick the box first if you mean it.",
    erased="Everything is erased",
    mark="Only an unreadable mark is kept",
    leave_question="Leave News from Ukraine Bulletin?",
    leave="Send me nothing more",
    left="You have left",
    undo="That was a mistake: send it to me again",
    back="You are back",
    not_back="There is nothing to take back",
    form_old="This page was open for too long, so nothing was done.",
)
UKRAINIAN = Words(
    language="uk",
    subscribe="Підписатися",
    asked="Перевірте свою поштову скриньку",
    confirm_subject="Підтвердьте підписку: News from Ukraine Bulletin",
    confirm_question="Отримувати «News from Ukraine Bulletin»?",
    confirm="Підтвердити",
    latest="Надіслати мені останній випуск одразу",
    confirmed="Підписку підтверджено",
    confirmed_before="Підписку вже підтверджено",
    known_subject="Ви вже отримуєте «News from Ukraine Bulletin»",
    link_dead="Це посилання вже не діє",
    to_choices="Налаштувати підписку",
    heading="Ваша підписка",
    page_of="Випуски надходять на dan@readers.example. Ця сторінка лише ваша",
    save="Зберегти",
    saved="Збережено.",
    pause="Призупинити",
    paused="До 30 листопада 2026\u202fр. випуски не надходитимуть, а потім надходитимуть знову.",
    pause_began="Певний час випуски не надходитимуть, а потім надходитимуть знову.",
    go_on="Закінчити перерву",
    pause_over="Перерву закінчено: наступний випуск надійде.",
    no_weeks="Виберіть, скільки тижнів нічого не надсилати.",
    receive="Отримувати",
    stop="Не отримувати",
    move="Змінити адресу",
    move_asked="Якщо на обидві адреси можна писати, листи вже в дорозі.",
    no_address="На таку електронну адресу написати не можна.",
    move_subjects=(
        "Нова адреса для видання «News from Ukraine Bulletin»",
        "Підтвердьте цю адресу: News from Ukraine Bulletin",
    ),
    move_questions=(
        "Надсилати «News from Ukraine Bulletin» на вашу нову адресу?",
        "Отримувати «News from Ukraine Bulletin» на цю адресу?",
    ),
    half="Підтверджено одну адресу з двох",
    moved="Випуски надходитимуть на нову адресу",
    moved_body="Відтепер «News from Ukraine Bulletin» надходитиме туди.",
    done_already="Якщо її ще не змінено, попросіть про це ще раз на своїй сторінці.",
    copy="Завантажити копію",
    erase="Стерти все",
    not_sure="Нічого не стерто. Спершу поставте позначку, якщо справді цього хочете.",
    erased="Усе стерто",
    mark="Лишилася тільки позначка, з якої адреси не прочитати",
    leave_question="Відписатися від «News from Ukraine Bulletin»?",
    leave="Більше нічого не надсилати",
    left="Вас відписано",
    undo="Це помилка: надсилайте мені й далі",
    back="Ви знову з нами",
    not_back="Нема чого скасовувати",
    form_old="Сторінка була відкрита надто довго, тож нічого не зроблено.",
)
TONGUES = (ENGLISH, UKRAINIAN)


async def speak(world: World, language: str) -> None:
    """Let the bulletin, and every reader that it has, be spoken to in a language."""
    async with world.services.store.transaction() as tx:
        await bulletins.change(tx, 1, language=language)
        await tx.exec_driver_sql("UPDATE subscriptions SET language = ?", (language,))
