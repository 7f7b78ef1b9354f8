"""People and their chats: who is where, who may what, and what the bot hears of it."""

from collections.abc import AsyncIterator

import pytest
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram_scene import Scene, keyboard, open_scene, refuses


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene


async def heard(scene: Scene) -> list[str | None]:
    """The texts that the bot got."""
    return [update.effective_message.text for update in await scene.updates() if update.effective_message]


async def test_nobody_is_written_to_before_they_start(scene: Scene) -> None:
    with refuses(Forbidden, "Forbidden: bot can't initiate conversation with a user"):
        await scene.bot.send_message(scene.eve.id, "hello")
    with refuses(BadRequest, "Chat not found"):
        await scene.bot.send_message(987654321, "hello")
    scene.eve.open_link(f"https://t.me/{scene.tg.bot_username}?start=invite_1")
    assert await heard(scene) == ["/start invite_1"]
    await scene.bot.send_message(scene.eve.id, "hello")
    with pytest.raises(ValueError, match="does not lead to the bot"):
        scene.eve.open_link("https://t.me/another_bot?start=1")


async def test_who_blocks_the_bot_hears_nothing_until_a_new_start(scene: Scene) -> None:
    scene.ana.block_bot()
    with refuses(Forbidden, "Forbidden: bot was blocked by the user"):
        await scene.bot.send_message(scene.ana.id, "hello")
    (update,) = await scene.updates()
    change = update.my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    scene.ana.start()
    await scene.bot.send_message(scene.ana.id, "hello")
    scene.ana.delete_account()
    with refuses(Forbidden, "Forbidden: user is deactivated"):
        await scene.bot.send_message(scene.ana.id, "hello")


async def test_the_bot_hears_how_it_is_added_promoted_and_removed(scene: Scene) -> None:
    group = scene.tg.group("Others", [scene.boris], supergroup=True)
    with refuses(BadRequest, "Chat not found"):
        await scene.bot.send_message(group.id, "hello")
    scene.boris.add_bot(group)
    added, service = await scene.updates()
    assert added.my_chat_member.new_chat_member.status == ChatMemberStatus.MEMBER
    assert added.my_chat_member.from_user.id == scene.boris.id
    assert service.message.new_chat_members[0].id == scene.tg.bot.id
    scene.boris.promote_bot(group, can_pin_messages=True)
    (promoted,) = await scene.updates()
    assert promoted.my_chat_member.new_chat_member.can_pin_messages
    assert not promoted.my_chat_member.new_chat_member.can_delete_messages
    scene.boris.remove_bot(group)
    (removed,) = await scene.updates()
    assert removed.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    with refuses(Forbidden, "Forbidden: bot was kicked from the supergroup chat"):
        await scene.bot.send_message(group.id, "hello")


async def test_the_bot_is_added_only_by_somebody_who_is_there(scene: Scene) -> None:
    with pytest.raises(AssertionError, match="Eve is not in News"):
        scene.eve.add_bot(scene.news)
    own = scene.tg.channel("Eve's own")
    scene.eve.add_bot(own)
    added = await scene.updates()
    assert [update.my_chat_member.from_user.id for update in added] == [scene.eve.id]


async def test_a_channel_needs_the_right_to_post(scene: Scene) -> None:
    scene.clara.promote_bot(scene.news, can_edit_messages=True)
    with refuses(BadRequest, "need administrator rights in the channel chat"):
        await scene.bot.send_message(scene.news.id, "issue 1")
    scene.clara.remove_bot(scene.news)
    with refuses(Forbidden, "Forbidden: bot is not a member of the channel chat"):
        await scene.bot.send_message(scene.news.id, "issue 1")
    scene.clara.remove_bot(scene.news, ban=True)
    with refuses(Forbidden, "Forbidden: bot was kicked from the channel chat"):
        await scene.bot.send_message(scene.news.id, "issue 1")


async def test_members_are_told_with_their_rights(scene: Scene) -> None:
    me = await scene.bot.get_chat_member(scene.news.id, scene.tg.bot.id)
    assert (me.status, me.can_post_messages, me.can_edit_messages) == (
        ChatMemberStatus.ADMINISTRATOR,
        True,
        True,
    )
    assert (await scene.bot.get_chat_member(scene.moderators.id, scene.boris.id)).status == ChatMemberStatus.OWNER
    assert (await scene.bot.get_chat_member(scene.moderators.id, scene.eve.id)).status == ChatMemberStatus.LEFT
    admins = await scene.bot.get_chat_administrators(scene.news.id)
    assert {admin.user.id for admin in admins} == {scene.clara.id, scene.tg.bot.id}
    assert await scene.bot.get_chat_member_count(scene.moderators.id) == 3
    assert (await scene.bot.get_chat(scene.news.id)).title == "News"
    with refuses(BadRequest, "PARTICIPANT_ID_INVALID"):
        await scene.bot.get_chat_member(scene.news.id, 42)
    await scene.bot.leave_chat(scene.moderators.id)
    with refuses(Forbidden, "Forbidden: bot is not a member of the group chat"):
        await scene.bot.get_chat(scene.moderators.id)


async def test_a_channel_is_found_by_its_name(scene: Scene) -> None:
    channel = scene.tg.channel("Daily", scene.clara, username="daily_news")
    scene.clara.add_bot(channel)
    assert (await scene.bot.get_chat("@daily_news")).id == channel.id
    with refuses(BadRequest, "Chat not found"):
        await scene.bot.get_chat("@nobody_here")


async def test_in_privacy_mode_the_bot_hears_commands_and_replies_only(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card")
    scene.boris.send("just talking", scene.moderators)
    scene.boris.send("/queue", scene.moderators)
    scene.boris.send(f"/queue@{scene.tg.bot_username}", scene.moderators)
    scene.boris.send("/queue@other_bot", scene.moderators)
    scene.boris.send("a reply", scene.moderators, reply_to=scene.moderators.message(card.message_id))
    assert await heard(scene) == ["/queue", f"/queue@{scene.tg.bot_username}", "a reply"]
    scene.clara.promote_bot(scene.moderators, can_delete_messages=True)
    await scene.updates()
    scene.boris.send("just talking", scene.moderators)
    assert await heard(scene) == ["just talking"]


async def test_a_message_tells_all_of_its_sender_and_its_links(scene: Scene) -> None:
    scene.ana.send(
        "😀 see https://news.example/1 here",
        entities=[{"type": "text_link", "offset": 30, "length": 4, "url": "https://news.example/2"}],
    )
    (update,) = await scene.updates()
    message = update.message
    assert (message.from_user.id, message.from_user.language_code) == (scene.ana.id, "en")
    links = message.parse_entities()
    assert {(entity.type, entity.url, words) for entity, words in links.items()} == {
        ("url", None, "https://news.example/1"),
        ("text_link", "https://news.example/2", "here"),
    }
    assert message.date == scene.tg.clock.now()


async def test_forwards_edits_albums_and_replies_arrive_as_such(scene: Scene) -> None:
    post = scene.clara.send("https://news.example/1", scene.news)
    scene.ana.forward(post)
    words = scene.boris.send("a word", scene.moderators)
    scene.ana.forward(words)
    scene.boris.hide_forwards()
    scene.ana.forward(words)
    one, two = scene.ana.send_album([("a.jpg", b"a"), ("b.jpg", b"b")], "two pictures")
    own = scene.ana.send("frist", reply_to=one)
    scene.ana.edit(own, "first")
    updates = await scene.updates()
    assert updates[0].channel_post.text == "https://news.example/1"
    assert [update.message.forward_origin.type for update in updates[1:4]] == [
        "channel",
        "user",
        "hidden_user",
    ]
    assert updates[4].message.media_group_id == updates[5].message.media_group_id is not None
    assert (updates[4].message.caption, updates[5].message.caption) == ("two pictures", None)
    assert updates[6].message.reply_to_message.caption == "two pictures"
    assert (updates[7].edited_message.text, own.history) == ("first", ["frist"])
    assert two.document.content == b"b"


async def test_an_anonymous_admin_writes_as_the_group_and_presses_as_a_person(scene: Scene) -> None:
    scene.clara.send("/queue", scene.moderators, anonymous=True)
    await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    scene.clara.press(scene.moderators.last(), "Approve")
    command, press = await scene.updates()
    assert command.message.from_user.id == 1087968824
    assert command.message.sender_chat.id == scene.moderators.id
    assert press.callback_query.from_user.id == scene.clara.id


async def test_a_person_may_write_as_a_channel(scene: Scene) -> None:
    scene.clara.send("/queue", scene.moderators, as_channel=scene.news)
    (update,) = await scene.updates()
    assert (update.message.from_user.id, update.message.sender_chat.id) == (136817688, scene.news.id)


async def test_a_group_becomes_a_supergroup_and_both_ids_are_told(scene: Scene) -> None:
    old = scene.moderators
    new = old.migrate()
    first, second = await scene.updates()
    assert (first.message.chat.id, first.message.migrate_to_chat_id) == (old.id, new.id)
    assert (second.message.chat.id, second.message.migrate_from_chat_id) == (new.id, old.id)
    with pytest.raises(ChatMigrated) as moved:
        await scene.bot.send_message(old.id, "card")
    assert moved.value.new_chat_id == new.id
    await scene.bot.send_message(new.id, "card")
    assert new.kind == "supergroup"
    assert new.last().text == "card"
    scene.boris.send("/queue", old)
    assert await heard(scene) == ["/queue"]
    assert new.last().text == "/queue"


async def test_a_forum_has_topics(scene: Scene) -> None:
    forum = scene.tg.group("Forum", [scene.boris], forum=True)
    scene.boris.add_bot(forum)
    thread = scene.boris.open_topic(forum, "Cards")
    sent = await scene.bot.send_message(forum.id, "card", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    await scene.updates()
    scene.boris.send("/queue", forum, thread=thread)
    (update,) = await scene.updates()
    assert update.message.message_thread_id == thread
    assert update.message.reply_to_message.forum_topic_created.name == "Cards"
    with refuses(BadRequest, "message thread not found"):
        await scene.bot.send_message(forum.id, "card", message_thread_id=999)
    scene.boris.close_topic(forum, thread)
    with refuses(BadRequest, "TOPIC_CLOSED"):
        await scene.bot.send_message(forum.id, "card", message_thread_id=thread)


async def test_posts_are_repeated_in_the_channels_group_by_the_service_account(scene: Scene) -> None:
    scene.clara.promote_bot(scene.moderators, can_delete_messages=True)
    scene.clara.link(scene.news, scene.moderators)
    await scene.updates()
    await scene.bot.send_message(scene.news.id, "issue 1")
    (update,) = await scene.updates()
    assert (update.message.from_user.id, update.message.is_automatic_forward) == (777000, True)
    assert (await scene.bot.get_chat(scene.news.id)).linked_chat_id == scene.moderators.id


async def test_where_only_admins_write_the_bot_must_be_one(scene: Scene) -> None:
    scene.moderators.only_admins_write = True
    with refuses(BadRequest, "not enough rights to send text messages to the chat"):
        await scene.bot.send_message(scene.moderators.id, "card")


async def test_a_fields_of_a_newer_app_arrives_untouched(scene: Scene) -> None:
    scene.ana.send(extra={"rich_message": {"blocks": [{"url": "https://news.example/1"}]}})
    (update,) = await scene.updates()
    assert update.message.text is None
    assert update.message.api_kwargs["rich_message"]["blocks"][0]["url"] == "https://news.example/1"


async def test_four_thousand_emoji_arrive_whole(scene: Scene) -> None:
    scene.ana.send("😀" * 4096)
    (update,) = await scene.updates()
    assert update.message.text == "😀" * 4096
    with pytest.raises(AssertionError, match="4097"):
        scene.ana.send("😀" * 4097)
