"""What the bot posts and edits in the simulated Telegram, and what it refuses."""

from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken
from telegram_scene import Scene, keyboard, open_scene, refuses

from bot.sandbox.telegram.entities import find_entities, utf16_slice

EMOJI = "😀"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene


async def test_a_message_keeps_all_that_was_asked_for(scene: Scene) -> None:
    sent = await scene.bot.send_message(
        scene.ana.id,
        f"{EMOJI} a title",
        entities=[MessageEntity("text_link", 3, 7, url="https://news.example/1")],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
        reply_parameters=ReplyParameters(scene.ana.private.last().message_id),
        reply_markup=ForceReply(input_field_placeholder="until"),
    )
    kept = scene.ana.private.last()
    assert kept.message_id == sent.message_id == 2
    assert kept.silent
    assert kept.protected
    assert kept.preview_disabled
    assert kept.force_reply
    assert kept.reply_to is scene.ana.private.messages[0]
    assert kept.entities == [{"type": "text_link", "offset": 3, "length": 7, "url": "https://news.example/1"}]
    assert sent.from_user.id == scene.tg.bot.id
    assert sent.reply_to_message.text == "/start"
    assert sent.date == scene.tg.clock.now()


async def test_a_channel_post_has_no_sender_but_the_channel(scene: Scene) -> None:
    sent = await scene.bot.send_message(scene.news.id, "issue 1")
    assert sent.from_user is None
    assert sent.sender_chat.id == scene.news.id
    assert await scene.updates() == ()


async def test_a_text_of_4096_units_is_sent_and_one_more_is_not(scene: Scene) -> None:
    assert (await scene.bot.send_message(scene.ana.id, EMOJI * 2048)).text == EMOJI * 2048
    with refuses(BadRequest, "message is too long"):
        await scene.bot.send_message(scene.ana.id, EMOJI * 2048 + "!")


async def test_a_caption_of_1024_units_is_sent_and_one_more_is_not(scene: Scene) -> None:
    await scene.bot.send_document(scene.ana.id, b"pdf", caption=EMOJI * 512)
    with refuses(BadRequest, "message caption is too long"):
        await scene.bot.send_document(scene.ana.id, b"pdf", caption=EMOJI * 512 + "!")


async def test_an_empty_text_is_refused(scene: Scene) -> None:
    with refuses(BadRequest, "message text is empty"):
        await scene.bot.send_message(scene.ana.id, " \n ")


@pytest.mark.parametrize(("offset", "length"), [(0, 99), (1, 2), (0, 1), (0, 0), (-1, 2), (99, 1)])
async def test_an_entity_outside_the_text_or_through_an_emoji_is_refused(
    scene: Scene, offset: int, length: int
) -> None:
    with refuses(BadRequest, "ENTITY_BOUNDS_INVALID"):
        await scene.bot.send_message(scene.ana.id, f"{EMOJI}ab", entities=[MessageEntity("bold", offset, length)])


async def test_of_more_than_a_hundred_entities_the_rest_is_lost_in_silence(scene: Scene) -> None:
    bold = [MessageEntity("bold", 2 * place, 1) for place in range(130)]
    sent = await scene.bot.send_message(scene.ana.id, "a " * 130, entities=bold)
    assert [entity.offset for entity in sent.entities] == list(range(0, 200, 2))


async def test_parse_mode_is_refused(scene: Scene) -> None:
    with refuses(BadRequest, "unsupported parse_mode"):
        await scene.bot.send_message(scene.ana.id, "<b>x</b>", parse_mode="HTML")


@pytest.mark.parametrize("data", ["x" * 65, "я" * 33])
async def test_callback_data_over_64_bytes_is_refused(scene: Scene, data: str) -> None:
    button = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])
    with refuses(BadRequest, "BUTTON_DATA_INVALID"):
        await scene.bot.send_message(scene.ana.id, "card", reply_markup=button)


async def test_callback_data_of_64_bytes_is_fine(scene: Scene) -> None:
    button = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="я" * 32)]])
    await scene.bot.send_message(scene.ana.id, "card", reply_markup=button)
    assert scene.ana.private.last().buttons[0][0].data == "я" * 32


async def test_a_reply_to_nothing_is_refused_unless_it_may_be_sent_alone(scene: Scene) -> None:
    with refuses(BadRequest, "message to be replied not found"):
        await scene.bot.send_message(scene.ana.id, "x", reply_parameters=ReplyParameters(77))
    await scene.bot.send_message(
        scene.ana.id, "x", reply_parameters=ReplyParameters(77, allow_sending_without_reply=True)
    )


async def test_an_edit_changes_the_text_and_takes_the_keyboard_away(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve", "Reject"))
    await card.edit_text("approved")
    kept = scene.moderators.last()
    assert (kept.text, kept.history, kept.buttons) == ("approved", ["card"], [])
    assert kept.edit_date == scene.tg.clock.now()


async def test_an_edit_that_changes_nothing_is_refused(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    words = (
        "message is not modified: specified new message content and reply markup are exactly the same as a current"
        " content and reply markup of the message"
    )
    with refuses(BadRequest, words):
        await card.edit_text("card", reply_markup=keyboard("Approve"))
    with refuses(BadRequest, words):
        await card.edit_reply_markup(keyboard("Approve"))


async def test_the_keyboard_alone_can_be_changed(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    await card.edit_reply_markup(keyboard("Undo"))
    assert scene.moderators.last().labels == ["Undo"]
    assert scene.moderators.last().text == "card"
    assert scene.moderators.last().history == []


async def test_a_caption_is_edited_as_a_caption_and_a_text_as_a_text(scene: Scene) -> None:
    file = await scene.bot.send_document(scene.ana.id, b"pdf", caption="old")
    text = await scene.bot.send_message(scene.ana.id, "old")
    assert (await file.edit_caption("new")).caption == "new"
    with refuses(BadRequest, "there is no caption in the message to edit"):
        await text.edit_caption("new")
    with refuses(BadRequest, "there is no text in the message to edit"):
        await file.edit_text("new")


async def test_only_what_is_there_and_its_own_can_the_bot_edit(scene: Scene) -> None:
    with refuses(BadRequest, "message to edit not found"):
        await scene.bot.edit_message_text("x", scene.ana.id, 99)
    with refuses(BadRequest, "message can't be edited"):
        await scene.bot.edit_message_text("x", scene.ana.id, scene.ana.private.last().message_id)
    gone = await scene.bot.send_message(scene.ana.id, "x")
    await gone.delete()
    with refuses(BadRequest, "message to edit not found"):
        await gone.edit_text("y")


async def test_an_edit_that_is_too_long_is_refused(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.ana.id, "card")
    with refuses(BadRequest, "MESSAGE_TOO_LONG"):
        await card.edit_text("x" * 4097)


async def test_a_post_cannot_be_deleted_after_48_hours_but_edited_for_ever(scene: Scene) -> None:
    post = await scene.bot.send_message(scene.news.id, "issue 1")
    scene.pass_time(49 * 3600)
    with refuses(BadRequest, "message can't be deleted for everyone"):
        await post.delete()
    await post.edit_text("issue 1, corrected")
    assert scene.news.last().text == "issue 1, corrected"


async def test_others_messages_are_deleted_only_with_the_right(scene: Scene) -> None:
    words = scene.boris.send("hello", scene.moderators)
    with refuses(BadRequest, "message can't be deleted"):
        await scene.bot.delete_message(scene.moderators.id, words.message_id)
    scene.clara.promote_bot(scene.moderators, can_delete_messages=True)
    await scene.bot.delete_message(scene.moderators.id, words.message_id)
    assert words.deleted
    with refuses(BadRequest, "message to delete not found"):
        await scene.bot.delete_message(scene.moderators.id, words.message_id)


async def test_a_pin_needs_its_right_and_is_told_to_the_bot_too(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card")
    with refuses(BadRequest, "not enough rights to manage pinned messages in the chat"):
        await card.pin()
    scene.clara.promote_bot(scene.moderators, can_pin_messages=True)
    await scene.updates()
    await card.pin()
    assert scene.moderators.pinned()[0].text == "card"
    assert [update.message.pinned_message.text for update in await scene.updates()] == ["card"]
    await card.unpin()
    assert scene.moderators.pinned() == []
    with refuses(BadRequest, "message to unpin not found"):
        await scene.bot.unpin_chat_message(scene.moderators.id)


async def test_a_forward_names_its_origin_and_a_copy_does_not(scene: Scene) -> None:
    post = await scene.bot.send_message(scene.news.id, "issue 1")
    forwarded = await scene.bot.forward_message(scene.ana.id, scene.news.id, post.message_id)
    assert (forwarded.forward_origin.chat.id, forwarded.forward_origin.message_id) == (
        scene.news.id,
        post.message_id,
    )
    copied = await scene.bot.copy_message(scene.ana.id, scene.news.id, post.message_id)
    assert scene.ana.private.message(copied.message_id).forward_origin is None
    with refuses(BadRequest, "message to forward not found"):
        await scene.bot.forward_message(scene.ana.id, scene.news.id, 99)


async def test_a_document_goes_up_and_comes_down_again(scene: Scene) -> None:
    content = bytes(range(256)) * 400
    sent = await scene.bot.send_document(scene.ana.id, InputFile(content, filename="випуск 1.pdf"), caption="issue")
    kept = scene.ana.private.last().document
    assert (kept.filename, kept.content, kept.mime_type) == ("випуск 1.pdf", content, "application/pdf")
    file = await scene.bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content
    again = await scene.bot.send_document(scene.news.id, sent.document.file_id)
    assert again.document.file_name == "випуск 1.pdf"
    with refuses(BadRequest, "wrong file identifier/HTTP URL specified"):
        await scene.bot.send_document(scene.ana.id, "no-such-file")


async def test_what_ana_uploads_the_bot_can_read(scene: Scene) -> None:
    scene.ana.send_document("links.txt", b"https://news.example/1", "see")
    (update,) = await scene.updates()
    assert update.message.caption == "see"
    file = await scene.bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"https://news.example/1"


async def test_the_bot_introduces_itself_and_keeps_its_commands(scene: Scene) -> None:
    me = await scene.bot.get_me()
    assert (me.username, me.is_bot, me.can_read_all_group_messages) == (scene.tg.bot_username, True, False)
    await scene.bot.set_my_commands([("help", "what I can do")], language_code="uk")
    assert (await scene.bot.get_my_commands(language_code="uk"))[0].command == "help"
    assert await scene.bot.get_my_commands() == ()
    await scene.bot.set_my_description("collects links")
    assert (await scene.bot.get_my_description()).description == "collects links"
    await scene.bot.set_my_short_description("links")
    assert (await scene.bot.get_my_short_description()).short_description == "links"
    assert await scene.bot.send_chat_action(scene.ana.id, ChatAction.TYPING)
    with refuses(BadRequest, "BOT_COMMAND_INVALID"):
        await scene.bot.set_my_commands([("Help!", "x")])


async def test_a_wrong_token_and_an_unknown_method_are_refused(scene: Scene) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{scene.tg.api_url}/bot1:wrong/getMe")
        assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
        answer = await http.get(f"{scene.tg.api_url}/bot{scene.tg.token}/getNothing")
        assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")
        answer = await http.get(f"{scene.tg.api_url}/file/bot{scene.tg.token}/documents/none")
        assert answer.status_code == 404
    with pytest.raises(InvalidToken):
        await Bot("1:wrong", base_url=f"{scene.tg.api_url}/bot").get_me()


@pytest.mark.parametrize("how", ["json", "form", "query", "chunked"])
async def test_json_forms_addresses_and_chunks_are_all_understood(scene: Scene, how: str) -> None:
    address = f"{scene.tg.api_url}/bot{scene.tg.token}/sendmessage"
    nested = '{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}'
    form = {
        "chat_id": str(scene.ana.id),
        "text": "a & b",
        "reply_markup": nested,
        "disable_notification": "true",
    }
    body = httpx.Request("POST", address, data=form).read()

    async def in_pieces() -> AsyncIterator[bytes]:
        yield body[:10]
        yield body[10:]

    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(trust_env=False) as http:
        match how:
            case "json":
                markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
                plain = {"chat_id": scene.ana.id, "text": "a & b", "disable_notification": True}
                answer = await http.post(address, json=plain | {"reply_markup": markup})
            case "form":
                answer = await http.post(address, data=form)
            case "query":
                answer = await http.get(address, params=form)
            case _:
                answer = await http.post(address, content=in_pieces(), headers=urlencoded)
    assert answer.json()["ok"]
    kept = scene.ana.private.last()
    assert (kept.text, kept.silent, kept.labels) == ("a & b", True, ["Yes"])


async def test_malformed_parameters_are_refused_in_words(scene: Scene) -> None:
    address = f"{scene.tg.api_url}/bot{scene.tg.token}/sendMessage"
    for extra in (
        {"entities": "[1]"},
        {"entities": "{"},
        {"reply_markup": '{"inline_keyboard":[1]}'},
        {"chat_id": "x"},
    ):
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(address, data={"chat_id": str(scene.ana.id), "text": "x"} | extra)
        assert answer.status_code == 400
        assert answer.json()["description"].startswith("Bad Request: ")


def test_links_commands_and_names_are_marked_without_asking() -> None:
    text = f"{EMOJI} /start see https://news.example/a_(b), www.press.test. by @ana_x #news mail ana@mail.example"
    found = [(entity["type"], utf16_slice(text, entity["offset"], entity["length"])) for entity in find_entities(text)]
    assert found == [
        ("bot_command", "/start"),
        ("url", "https://news.example/a_(b)"),
        ("url", "www.press.test"),
        ("mention", "@ana_x"),
        ("hashtag", "#news"),
        ("email", "ana@mail.example"),
    ]
