"""maxapi, the client that most MAX bots in Python use."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from conftest import BOT_ID, PERSON_ID, TOKEN, Simulator
from maxapi import Bot
from maxapi.enums.parse_mode import TextFormat
from maxapi.enums.sender_action import SenderAction
from maxapi.enums.update import UpdateType
from maxapi.enums.upload_type import UploadType
from maxapi.exceptions.max import InvalidToken, MaxApiError
from maxapi.methods.types.getted_updates import process_update_request
from maxapi.types import BotCommand, InputMediaBuffer
from maxapi.types.message import NewMessageLink

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, after_input_media_delay=0.01, after_upload_retry_delay=0.01)
    bot.set_api_url(simulator.url)
    yield bot
    await bot.close_session()
    # The client shows its token to every host; the service was not seen to mind.
    assert set(await simulator.violations()) <= {
        f"{way}: the token is not for this host" for way in ("upload", "download")
    }


async def updates(bot: Bot, marker: int | None = None) -> tuple[list, int]:
    """What a poll brings, as the client reads it."""
    raw = await bot.get_updates(limit=100, timeout=0, marker=marker)
    return await process_update_request(events=raw, bot=bot), raw["marker"]


async def test_knows_the_bot(bot):
    me = await bot.get_me()
    assert (me.user_id, me.username, me.is_bot) == (BOT_ID, "test_bot", True)


async def test_is_refused_with_a_wrong_token(simulator):
    bot = Bot("wrong")
    bot.set_api_url(simulator.url)
    with pytest.raises(InvalidToken):
        await bot.get_me()
    await bot.close_session()


async def test_reads_what_a_person_says_and_does(simulator, bot):
    await simulator.control("start", user=PERSON_ID, payload="from-site")
    first = await simulator.say("привет")
    await simulator.say("и ещё", reply_to=first)
    await simulator.control("edit", message=first, text="здравствуй")
    await simulator.control("withdraw", message=first)
    await simulator.control("stop", user=PERSON_ID)

    read, _ = await updates(bot)

    assert [update.update_type for update in read] == [
        UpdateType.BOT_STARTED,
        UpdateType.MESSAGE_CREATED,
        UpdateType.MESSAGE_CREATED,
        UpdateType.MESSAGE_EDITED,
        UpdateType.MESSAGE_REMOVED,
        UpdateType.BOT_STOPPED,
        UpdateType.DIALOG_REMOVED,
    ]
    assert read[0].payload == "from-site"
    message = read[1].message
    assert (message.body.text, message.body.mid, message.sender.user_id) == ("привет", first, PERSON_ID)
    assert (message.recipient.chat_id, message.recipient.user_id) == (simulator.chat, BOT_ID)
    assert read[1].user_locale == "ru"
    assert read[2].message.link.message.mid == first
    assert read[3].message.body.text == "здравствуй"
    assert read[4].message_id == first


async def test_goes_on_at_its_marker(simulator, bot):
    # The limit on polls is another matter.
    await simulator.control("settings", polls={"burst": 100, "per_second": 100})
    await simulator.say("one")
    read, marker = await updates(bot)
    assert len(read) == 1
    await simulator.say("two")
    read, after = await updates(bot, marker)
    assert [update.message.body.text for update in read] == ["two"]
    assert (await updates(bot, after))[0] == []
    # What was not asked beyond comes again.
    assert len((await updates(bot, marker))[0]) == 1


async def test_sends_edits_and_deletes(simulator, bot):
    question = await simulator.say("?")
    sent = await bot.send_message(
        chat_id=simulator.chat,
        text="<b>bold</b> &amp; <i>more</i>",
        format=TextFormat.HTML,
        link=NewMessageLink(type="reply", mid=question),
    )
    mid = sent.message.body.mid
    [shown] = await simulator.shown()
    assert (shown["text"], shown["reply_to"], shown["message_id"]) == ("bold & more", question, mid)
    assert [mark["type"] for mark in shown["markup"]] == ["strong", "emphasized"]

    await bot.edit_message(mid, text="**other**", format=TextFormat.MARKDOWN)
    assert (await simulator.shown())[0]["versions"] == ["bold & more", "other"]
    assert (await bot.get_message(mid)).body.text == "other"

    await bot.delete_message(mid)
    assert await simulator.shown() == []


async def test_hears_why_something_is_refused(simulator, bot):
    with pytest.raises(MaxApiError) as error:
        await bot.send_message(chat_id=999, text="hi")
    assert (error.value.code, error.value.raw["code"]) == (404, "chat.not.found")
    await simulator.control("stop", user=PERSON_ID)
    with pytest.raises(MaxApiError) as error:
        await bot.send_message(chat_id=simulator.chat, text="hi")
    assert (error.value.code, error.value.raw["code"]) == (403, "chat.denied")
    await simulator.control("fault", kind="429")
    with pytest.raises(MaxApiError) as error:
        await bot.get_me()
    assert error.value.raw == {
        "code": "too.many.requests",
        "message": "Too many requests. Limit is: 10 calls per second.",
    }


@pytest.mark.parametrize("kind", [UploadType.IMAGE, UploadType.VIDEO, UploadType.AUDIO, UploadType.FILE])
async def test_sends_files_that_are_not_ready_at_once(simulator, bot, kind):
    await simulator.control("settings", not_ready=2)
    media = InputMediaBuffer(PNG, filename="picture", type=kind)
    await bot.send_message(chat_id=simulator.chat, text="look", attachments=[media])

    [shown] = await simulator.shown()
    assert shown["text"] == "look"
    assert (shown["file"]["kind"], shown["file"]["size"]) == (kind.value, len(PNG))


async def test_reads_files_that_people_send(simulator, bot):
    kinds = ["image", "video", "audio", "file"]
    files = [{"kind": kind, "name": f"a.{kind}", "text": f"bytes of {kind}"} for kind in kinds]
    await simulator.control("files", user=PERSON_ID, files=files)
    read, _ = await updates(bot)

    attachments = [update.message.body.attachments[0] for update in read]
    assert [attachment.type for attachment in attachments] == kinds
    for kind, attachment in zip(kinds, attachments, strict=True):
        url = attachment.payload.url
        if kind == "video":
            url = (await bot.get_video(attachment.payload.token)).urls.mp4_720
        assert (await bot.download_bytes_io(url)).getvalue() == f"bytes of {kind}".encode()


async def test_shows_what_it_does_and_lists_its_commands(simulator, bot):
    await bot.send_action(simulator.chat, SenderAction.TYPING_ON)
    await bot.send_action(simulator.chat, SenderAction.MARK_SEEN)
    assert (await simulator.control("chat", chat=simulator.chat))["actions"] == ["typing_on", "mark_seen"]
    set_now = await bot.set_commands(BotCommand(name="new", description="anew"), BotCommand(name="help"))
    assert [command.name for command in set_now.commands] == ["new", "help"]
    assert await simulator.control("menu") == ["new", "help"]


async def test_is_posted_to(simulator, bot):
    posted: list[tuple[str | None, dict]] = []

    async def take(request: web.Request) -> web.Response:
        posted.append((request.headers.get("X-Max-Bot-Api-Secret"), await request.json()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        await bot.subscribe_webhook(url, update_types=[UpdateType.MESSAGE_CREATED], secret="s3cret-1")
        assert [each.url for each in (await bot.get_subscriptions()).subscriptions] == [url]
        with pytest.raises(MaxApiError) as error:
            await bot.get_updates(timeout=0)
        assert error.value.code == 405
        await simulator.say("hello")
        while (await simulator.control("updates"))["uncommitted"]:
            pass
        [(secret, update)] = posted
        assert (secret, update["message"]["body"]["text"]) == ("s3cret-1", "hello")
        await bot.delete_webhook()
        assert await simulator.control("subscriptions") == []
        assert (await updates(bot))[0] == []
    finally:
        await runner.cleanup()


async def test_hears_of_a_group(simulator, bot):
    await simulator.control("group", chat=-70801090403050, title="Team")
    await simulator.control("added", chat=-70801090403050, user=PERSON_ID)
    await simulator.control("say", chat=-70801090403050, user=PERSON_ID, text="@test_bot hi")
    read, _ = await updates(bot)

    assert [update.update_type for update in read] == [UpdateType.BOT_ADDED, UpdateType.MESSAGE_CREATED]
    message = read[1].message
    assert (message.recipient.chat_id, message.recipient.chat_type) == (-70801090403050, "chat")
    [mark] = message.body.markup
    assert (mark.type, mark.from_, mark.length) == ("user_mention", 0, 9)
    chat = await bot.get_chat_by_id(-70801090403050)
    assert (chat.type, chat.title) == ("chat", "Team")
