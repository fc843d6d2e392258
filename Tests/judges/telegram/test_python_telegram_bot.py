"""python-telegram-bot as a client of the simulated Telegram."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, InputMediaDocument
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, MessageHandler, filters


@pytest.fixture
async def bot(server) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as bot:
        yield bot


async def test_it_is_a_bot(bot):
    me = await bot.get_me()

    assert me.is_bot and me.name == "@test_bot"


async def test_its_own_polling_handles_every_update_once(server, ann):
    texts = []
    application = Application.builder().token(server.token).base_url(f"{server.url}/bot").updater(None).build()
    application.add_handler(MessageHandler(filters.TEXT, lambda update, _: answer(update, texts)))
    for text in ("one", "two", "three"):
        await ann.direct_chat.say(text)

    async with application:
        offset = 0
        while len(texts) < 3:
            for update in await application.bot.get_updates(offset=offset, timeout=1):
                offset = update.update_id + 1
                await application.process_update(update)

    chat = ann.direct_chat
    await chat.refresh()
    assert texts == ["one", "two", "three"]
    assert chat.texts() == [f"You said: {text}" for text in texts]


async def answer(update, texts: list[str]) -> None:
    texts.append(update.message.text)
    await update.message.reply_text(f"You said: {update.message.text}")


async def test_messages_and_their_marks(bot, ann):
    await ann.direct_chat.say("hi 👋🏽 @test_bot")
    [update] = await bot.get_updates(timeout=0)
    marks = update.message.parse_entities()
    assert list(marks.values()) == ["@test_bot"]

    sent = await bot.send_message(
        ann.number,
        '<pre><code class="language-swift">let x = 1</code></pre>',
        parse_mode=ParseMode.HTML,
        reply_to_message_id=update.message.message_id,
    )
    assert sent.text == "let x = 1" and sent.entities[0].language == "swift"
    edited = await sent.edit_text("new")
    assert edited.text == "new" and edited.message_id == sent.message_id
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_text("new")
    assert await sent.delete()


async def test_files_go_both_ways(bot, ann):
    await ann.direct_chat.send_file(b"hello, bot", "hello.txt", "text/plain")
    [update] = await bot.get_updates(timeout=0)
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"hello, bot"

    sent = await bot.send_document(ann.number, b"hello, ann", filename="answer.txt", caption="here")
    assert sent.document.file_name == "answer.txt"
    opening = await bot.send_message(ann.number, "…")
    changed = await opening.edit_media(InputMediaDocument(b"all", filename="all.txt"))
    assert changed.document.file_name == "all.txt"


async def test_errors_are_what_a_client_knows(bot, ann, server):
    await server.fault("429", "sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as limited:
        await bot.send_message(ann.number, "hi")
    assert limited.value.retry_after in (7, timedelta(seconds=7))

    await server.control("group", chat=-13, title="Team")
    new = await server.group()
    await server.control("migrate", chat=-13, to=new)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-13, "hi")
    assert moved.value.new_chat_id == new

    await server.control("close", chat=ann.number, status="kicked")
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ann.number, "hi")
    await server.fault("drop", "getMe")
    with pytest.raises(NetworkError):
        await bot.get_me()
    await bot.set_webhook("https://bots.example/x")
    with pytest.raises(Conflict):
        await bot.get_updates(timeout=0)
    with pytest.raises(InvalidToken):
        await Bot("123:other", base_url=f"{server.url}/bot").initialize()


async def test_typing_topics_and_the_menu(bot, ann, server):
    assert await bot.send_chat_action(ann.number, ChatAction.TYPING)
    assert await bot.set_my_commands([("help", "What I can do")])
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    forum = await server.group(forum=True)
    topic = (await server.control("topic", chat=forum, name="Plans"))["thread"]
    sent = await bot.send_message(forum, "here", message_thread_id=topic)
    assert sent.message_thread_id == topic and sent.is_topic_message
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(forum, "here", message_thread_id=1)
