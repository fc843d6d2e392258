"""aiomax, a client written apart from the other one."""

import io
from collections.abc import AsyncIterator

import aiohttp
import aiomax
import pytest
from aiomax import exceptions
from conftest import BOT_ID, PERSON_ID, TOKEN, Simulator

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[aiomax.Bot]:
    bot = aiomax.Bot(TOKEN, api_url=f"{simulator.url}/")
    headers = {"Authorization": TOKEN}
    async with aiohttp.ClientSession(base_url=f"{simulator.url}/", headers=headers) as session:
        bot.session = session
        yield bot


async def test_knows_the_bot(simulator, bot):
    me = await bot.get_me()
    assert (me.user_id, me.username, me.is_bot) == (BOT_ID, "test_bot", True)
    assert await simulator.violations() == []


async def test_takes_messages_by_handlers(simulator, bot):
    heard: list[tuple] = []

    @bot.on_message()
    async def message(message: aiomax.Message) -> None:
        heard.append((message.body.text, message.sender.user_id, message.recipient.chat_id))
        await message.reply(f"echo: {message.body.text}")

    @bot.on_bot_start()
    async def start(payload: aiomax.BotStartPayload) -> None:
        heard.append((payload.payload, payload.user.user_id))

    await bot.get_me()
    await simulator.control("start", user=PERSON_ID, payload="link-1")
    mid = await simulator.say("привет")
    for update in (await bot.get_updates())["updates"]:
        await bot.handle_update(update)
    while not await simulator.shown():
        pass

    assert heard == [("link-1", PERSON_ID), ("привет", PERSON_ID, simulator.chat)]
    [shown] = await simulator.shown()
    assert (shown["text"], shown["reply_to"]) == ("echo: привет", mid)
    assert await simulator.violations() == []


async def test_sends_edits_and_deletes(simulator, bot):
    sent = await bot.send_message("**bold**", user_id=PERSON_ID, format="markdown")
    assert [shown["text"] for shown in await simulator.shown()] == ["bold"]
    assert sent.recipient.chat_id == simulator.chat
    assert (await bot.get_message(sent.id)).body.text == "bold"
    response = await bot.put("messages", params={"message_id": sent.id}, json={"text": "other"})
    assert await response.json() == {"success": True}
    assert [shown["text"] for shown in await simulator.shown()] == ["other"]
    await bot.delete_message(sent.id)
    assert await simulator.shown() == []
    assert await simulator.violations() == []


async def test_sends_pictures_and_sounds(simulator, bot):
    await simulator.control("settings", not_ready=1)
    picture = await bot.upload_image(io.BytesIO(PNG))
    await bot.send_message("look", chat_id=simulator.chat, attachments=picture)
    sound = await bot.upload_audio(io.BytesIO(b"sound"))
    await bot.send_message("listen", chat_id=simulator.chat, attachments=sound)

    assert [(shown["text"], shown["file"]["kind"]) for shown in await simulator.shown()] == [
        ("look", "image"),
        ("listen", "audio"),
    ]


async def test_answers_a_pressed_button(simulator, bot):
    keyboard = aiomax.buttons.KeyboardBuilder()
    keyboard.add(aiomax.buttons.CallbackButton("Yes", "yes"))
    sent = await bot.send_message("well?", chat_id=simulator.chat, keyboard=keyboard)
    await simulator.control("press", user=PERSON_ID, message=sent.id, payload="yes")
    [update] = (await bot.get_updates())["updates"]
    callback = aiomax.Callback.from_json(update["callback"], update["message"], update["user_locale"], bot)
    assert (callback.payload, callback.user.user_id) == ("yes", PERSON_ID)
    # The client's own method asks a host that is switched off.
    response = await bot.post("answers", params={"callback_id": callback.callback_id}, json={"notification": "noted"})
    assert await response.json() == {"success": True}
    # The client still says what a button is for, which the schema has dropped.
    assert [violation.rsplit(".", 1)[1] for violation in await simulator.violations()] == ["intent: unknown member"]


async def test_hears_why_something_is_refused(simulator, bot):
    with pytest.raises(exceptions.ChatNotFound):
        await bot.send_message("hi", chat_id=999)
    with pytest.raises(exceptions.MessageNotFoundException):
        await bot.get_message("mid.nowhere")
    await simulator.control("settings", knows_token=False)
    with pytest.raises(exceptions.UnknownErrorException) as error:
        await bot.get_me()
    assert (error.value.text, error.value.description) == ("verify.token", "Invalid access_token")
