"""What a messenger refuses for good has a visible end: a simpler form, a new message, and at last one notice."""

import pytest

from harness import eventually, settled
from scripted_agent import Attachment, Run, ScriptedAgent

FOREVER = 10**6
PICTURE = Attachment("image", "dot.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(64)))
#: Its last word is what messengers refuse below; no opening holds it.
LONG = "The beginning of it is harmless. " * 20 + "\n\n" + "The rest of it is, too. " * 20 + "Until unspeakable."

FORMATTED = r'"parse_mode"|"format"|formatted_body'
AS_PICTURE = r'"type": ?"photo"|"type": ?"image"|m\.image|name="photo"'


async def test_a_formatted_text_that_is_refused_is_said_in_plain(messenger, agent):
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse(FORMATTED, times=FOREVER, **messenger.refusal())
    agent.script = lambda run: run.answer("This is **bold** and a [link](https://example.org).")
    chat = await messenger.chat()
    await chat.say("Tell me")

    await chat.until_shown("bold")
    await settled(messenger.host, chat)
    [message] = chat.bot_messages()
    assert "bold" in message.text and "https://example.org" in message.text
    assert "…" not in message.text


async def test_a_growing_answer_whose_format_is_refused_ends_whole(messenger, agent):
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse(FORMATTED, times=FOREVER, **messenger.refusal())
    agent.script = ScriptedAgent.by_hand
    chat = await messenger.chat()
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    for number in range(20):
        await run.delta(f"Sentence **{number}** of it. ")
    await run.finish()

    await chat.until_shown("19")
    await settled(messenger.host, chat)
    assert [m.text.count("Sentence") for m in chat.bot_messages() if not m.text.endswith("…")] == [20]
    assert len(chat.bot_messages()) <= 2, chat.texts()


async def test_a_picture_that_is_refused_comes_as_a_document(messenger, agent):
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse(AS_PICTURE, times=FOREVER, **messenger.refusal())

    async def script(run: Run) -> None:
        await run.start()
        await run.delta("Here it is.")
        await run.file(PICTURE)
        await run.finish()

    agent.script = script
    chat = await messenger.chat()
    await chat.say("A picture, please")

    await chat.until(lambda chat: any(is_file(m) for m in chat.bot_messages()), "a file")
    await settled(messenger.host, chat)
    text, file = chat.bot_messages()
    assert text.text == "Here it is."
    assert is_file(file) and not is_picture(file)


def is_file(message) -> bool:
    if hasattr(message, "file"):
        return message.file is not None
    return message.content.get("msgtype") in ("m.file", "m.image")


def is_picture(message) -> bool:
    if hasattr(message, "file"):
        return message.file["kind"] in ("photo", "image")
    return message.content["msgtype"] == "m.image"


@pytest.mark.parametrize("reason", ["NEW_REASON", "message can't be touched any more"])
async def test_an_edit_that_is_refused_becomes_a_new_message(messenger, agent, reason):
    messenger.on_edit("", times=FOREVER, **messenger.refusal(reason))
    agent.script = ScriptedAgent.by_hand
    chat = await messenger.chat()
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of it, ")
    await run.delta("and more ")
    await chat.until_shown("The beginning")
    await run.answer_rest("to the end.")

    await chat.until_said("The beginning of it, and more to the end.")
    await settled(messenger.host, chat)
    assert len(chat.bot_messages()) <= 2, chat.texts()
    assert [m.text for m in chat.bot_messages() if not m.text.endswith("…")] == [
        "The beginning of it, and more to the end."
    ]


@pytest.mark.parametrize("grows", [True, False], ids=["growing", "at once"])
async def test_an_answer_that_is_refused_in_every_form_ends_in_one_notice_and_the_agent_is_told(
    messenger, agent, grows
):
    if not grows:
        messenger.host.surface["streaming"] = {"mode": "off"}
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse("unspeakable", times=FOREVER, **messenger.refusal())
    agent.script = lambda run: run.answer(LONG) if len(agent.runs) == 1 else run.answer("You said: ", run.question)
    chat = await messenger.chat()
    await chat.say("Tell me")

    notice = await chat.until_notice()
    await settled(messenger.host, chat)
    assert [m.id for m in chat.bot_messages()] == [notice.id], chat.texts()
    await chat.say("And now?")
    await chat.until_said("You said: And now?")
    told = " ".join(text for role, text in agent.runs[1].transcript if role != "user")
    assert "deliver" in told.lower(), "the agent reads that its answer was not delivered"


async def test_a_file_that_is_refused_in_every_form_ends_in_one_notice(messenger, agent):
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse(r"dot\.png|m\.image|m\.file|attachments\":\s*\[\s*\{", times=FOREVER, **messenger.refusal())

    async def script(run: Run) -> None:
        await run.start()
        await run.delta("Here it is.")
        await run.file(PICTURE)
        await run.finish()

    agent.script = script
    chat = await messenger.chat()
    await chat.say("A picture, please")

    await chat.until_notice()
    await settled(messenger.host, chat)
    text, notice = chat.bot_messages()
    assert text.text == "Here it is." and notice.is_notice


async def test_a_commands_reply_that_is_refused_ends_in_one_notice(messenger, agent):
    for refuse in (messenger.on_send, messenger.on_edit):
        refuse(r"forget this conversation", times=FOREVER, **messenger.refusal())
    chat = await messenger.chat()
    await chat.say(chat.prefix + "help")

    await chat.until_notice()
    await settled(messenger.host, chat)
    assert [m.is_notice for m in chat.bot_messages()] == [True], chat.texts()


async def test_what_is_refused_in_every_form_holds_nothing_behind_it_up(messenger, agent):
    """Not even the notice is taken: an error line says so, and the chat goes on."""
    fault = messenger.on_send("", times=FOREVER, **messenger.refusal())
    chat = await messenger.chat()
    await chat.say("one")
    await eventually(lambda: fault.reached.is_set() and lines(messenger.host, "error"), "an error line")
    await messenger.host.idle()
    fault.times = 0
    await chat.say("two")

    await chat.until_said("You said: two")
    await settled(messenger.host, chat)


def lines(host, level: str) -> list[dict]:
    return [line for line in host.log if line.get("level") == level]


# An edit that is refused as gone, each time


@pytest.mark.parametrize("grows", [True, False], ids=["growing", "at once"])
async def test_a_message_that_is_always_gone_is_opened_again_at_most_twice_and_then_said_whole(
    duplicating, agent, grows
):
    duplicating.on_edit("", times=FOREVER, **duplicating.gone())
    if not grows:
        duplicating.host.surface["streaming"] = {"mode": "off"}
    agent.script = lambda run: run.answer("The whole answer, from its beginning to its end.")
    chat = await duplicating.chat()
    await chat.say("Tell me")

    await chat.until_said("The whole answer, from its beginning to its end.", timeout=60)
    await settled(duplicating.host, chat)
    assert chat.texts().count("The whole answer, from its beginning to its end.") == 1
    assert len(duplicating.sends()) <= 4, chat.texts()
