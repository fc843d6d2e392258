"""aiogram as a client of the simulated Telegram: what it parses and which errors it knows."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, BufferedInputFile, InputMediaDocument, InputMediaPhoto, Message, Update


@pytest.fixture
async def bot(server) -> AsyncIterator[Bot]:
    async with Bot(server.token, session(server)) as bot:
        yield bot


def session(server) -> AiohttpSession:
    return AiohttpSession(api=TelegramAPIServer.from_base(server.url))


async def updates(bot: Bot, **more) -> list[Update]:
    return await bot.get_updates(timeout=0, **more)


async def test_it_is_a_bot(bot):
    me = await bot.get_me()

    assert me.is_bot and me.username == "test_bot"
    assert me.can_read_all_group_messages is False


async def test_a_text_with_its_marks(bot, ann):
    await ann.direct_chat.say("@test_bot hi 👋🏽 /help")

    [update] = await updates(bot)
    message = update.message
    assert message.text == "@test_bot hi 👋🏽 /help"
    assert message.from_user.id == ann.number and message.chat.type == "private"
    marks = [(mark.type, mark.extract_from(message.text)) for mark in message.entities]
    assert marks == [("mention", "@test_bot"), ("bot_command", "/help")]


async def test_updates_are_given_until_they_are_confirmed(bot, ann):
    for text in ("one", "two"):
        await ann.direct_chat.say(text)

    first = await updates(bot, limit=1)
    again = await updates(bot)
    rest = await updates(bot, offset=first[0].update_id + 1)

    assert [update.message.text for update in again] == ["one", "two"]
    assert [update.message.text for update in rest] == ["two"]
    assert await updates(bot, offset=rest[0].update_id + 1) == []


async def test_its_own_polling_handles_every_update_once(bot, ann, server):
    dispatcher, texts = Dispatcher(), []

    @dispatcher.message()
    async def take(message: Message) -> None:
        texts.append(message.text)
        await message.answer(f"You said: {message.text}")
        if len(texts) == 3:
            await dispatcher.stop_polling()

    for text in ("one", "two", "three"):
        await ann.direct_chat.say(text)
    await dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=1)

    chat = ann.direct_chat
    await chat.refresh()
    assert texts == ["one", "two", "three"]
    assert sorted(chat.texts()) == sorted(f"You said: {text}" for text in texts)


async def test_albums_edits_and_topics(bot, ann, server):
    await ann.direct_chat.send_album([(b"a", "a.txt", "text/plain", "both"), (b"b", "b.txt", "text/plain", None)])
    message = await ann.direct_chat.say("frist")
    await ann.direct_chat.edit(message, "first")
    forum = await server.group(forum=True)
    topic = (await server.control("topic", chat=forum, name="Plans"))["thread"]
    await ann.chat(forum, topic).say("in the topic")

    one, two, said, edited, threaded = await updates(bot)
    assert one.message.media_group_id == two.message.media_group_id is not None
    assert (one.message.caption, two.message.caption) == ("both", None)
    assert said.message.text == "frist" and edited.edited_message.text == "first"
    assert edited.edited_message.edit_date is not None
    assert threaded.message.message_thread_id == topic and threaded.message.is_topic_message
    assert threaded.message.chat.is_forum
    assert threaded.message.reply_to_message.forum_topic_created.name == "Plans"


async def test_a_message_is_sent_changed_and_taken_back(bot, ann):
    sent = await bot.send_message(ann.number, "<b>bold</b> &amp; plain", parse_mode=ParseMode.HTML)
    assert sent.text == "bold & plain" and sent.html_text == "<b>bold</b> &amp; plain"

    edited = await bot.edit_message_text("new", chat_id=ann.number, message_id=sent.message_id)
    assert edited.text == "new"
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("new", chat_id=ann.number, message_id=sent.message_id)

    assert await bot.delete_message(ann.number, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("newer", chat_id=ann.number, message_id=sent.message_id)


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("x" * 4097, None, "message is too long"),
        (" \n ", None, "text must be non-empty"),
        ("<b>open", ParseMode.HTML, "can't parse entities"),
        ("<script>x</script>", ParseMode.HTML, "can't parse entities"),
    ],
)
async def test_texts_that_are_refused(bot, ann, text, mode, reason):
    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.send_message(ann.number, text, parse_mode=mode)


async def test_files_go_both_ways(bot, ann):
    await ann.direct_chat.send_file(b"hello, bot", "hello.txt", "text/plain", "look")
    [update] = await updates(bot)
    document = update.message.document
    assert (document.file_name, document.mime_type, document.file_size) == ("hello.txt", "text/plain", 10)
    received = await bot.download(document)
    assert received.read() == b"hello, bot"

    sent = await bot.send_document(ann.number, BufferedInputFile(b"hello, ann", "answer.txt"), caption="here")
    assert sent.document.file_name == "answer.txt" and sent.caption == "here"
    back = await bot.download(sent.document)
    assert back.read() == b"hello, ann"


async def test_a_text_becomes_a_file_and_albums_are_sent(bot, ann):
    opening = await bot.send_message(ann.number, "…")
    changed = await bot.edit_message_media(
        InputMediaDocument(media=BufferedInputFile(b"all", "all.txt")),
        chat_id=ann.number,
        message_id=opening.message_id,
    )
    assert changed.message_id == opening.message_id and changed.document.file_name == "all.txt"

    pictures = [InputMediaPhoto(media=BufferedInputFile(b"\x89PNG" + bytes(9), f"{n}.png")) for n in range(2)]
    album = await bot.send_media_group(ann.number, pictures)
    assert len(album) == 2 and album[0].media_group_id == album[1].media_group_id


async def test_errors_are_what_a_client_knows(bot, ann, server):
    await server.fault("429", "sendMessage", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as limited:
        await bot.send_message(ann.number, "hi")
    assert limited.value.retry_after == 7

    old = -12
    await server.control("group", chat=old, title="Team")
    new = await server.group()
    await server.control("migrate", chat=old, to=new)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(old, "hi")
    assert moved.value.migrate_to_chat_id == new

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(404, "hi")
    await server.control("close", chat=ann.number, status="kicked")
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(ann.number, "hi")
    await server.fault("502", "getMe")
    with pytest.raises(Exception, match=r"(?i)bad gateway|json|decode"):
        await bot.get_me()
    await server.fault("drop", "getMe")
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    await server.control("settings", unknown_methods=["sendMessageDraft"])
    with pytest.raises(TelegramNotFound):
        await bot.send_message_draft(ann.number, 1, text="hi")
    async with Bot("123:other", session(server)) as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_webhook_and_polling_exclude_each_other(bot):
    assert await bot.set_webhook("https://bots.example/x", secret_token="s3cret", allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert info.url == "https://bots.example/x" and info.allowed_updates == ["message"]
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await updates(bot)

    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert await updates(bot) == []


async def test_drafts_typing_and_the_menu(bot, ann, server):
    assert await bot.send_message_draft(ann.number, 5, text="Thinking")
    await ann.direct_chat.until_shown("Thinking")
    group = await server.group()
    with pytest.raises(TelegramBadRequest, match="TEXTDRAFT_PEER_INVALID"):
        await bot.send_message_draft(group, 5, text="Thinking")

    assert await bot.send_chat_action(ann.number, ChatAction.TYPING)
    assert await bot.set_my_commands([BotCommand(command="help", description="What I can do")])
    assert [(c.command, c.description) for c in await bot.get_my_commands()] == [("help", "What I can do")]
