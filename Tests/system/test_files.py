"""Files from people to the agent and back, byte for byte."""

import random

import pytest

from harness import settled
from scripted_agent import Attachment, Run

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
KINDS = [
    ("m.image", "dot.png", "image/png", "image"),
    ("m.file", "отчёт 1.pdf", "application/pdf", "document"),
    ("m.audio", "talk.ogg", "audio/ogg", "audio"),
    ("m.video", "clip.mp4", "video/mp4", "video"),
]


def some_bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


@pytest.mark.parametrize(("msgtype", "name", "mime_type", "kind"), KINDS)
async def test_a_file_with_a_caption_reaches_the_agent_at_once(chat, agent, msgtype, name, mime_type, kind):
    data = PIXEL + some_bytes(100_000)
    await chat.send_file(data, name, mime_type, caption="What is this?", msgtype=msgtype)

    await chat.until_said("You said: What is this?")
    assert agent.runs[0].files == [Attachment(kind, name, mime_type, data)]


async def test_a_file_without_text_goes_with_the_next_text(host, chat, agent):
    await chat.send_file(PIXEL, "dot.png", "image/png", msgtype="m.image")
    await chat.say("What is this?")

    await chat.until_said("You said: What is this?")
    await settled(host, chat)
    assert agent.questions == ["What is this?"]
    assert agent.runs[0].files == [Attachment("image", "dot.png", "image/png", PIXEL)]
    await chat.say("And now?")
    await chat.until_said("You said: And now?")
    assert agent.runs[1].files == [], "a file is part of exactly one message"


async def test_a_large_file_arrives_whole(chat, agent):
    large = some_bytes(6_000_000)
    await chat.send_file(large, "large.bin", "application/octet-stream", caption="Large")
    await chat.until_said("You said: Large", timeout=60)

    assert agent.runs[0].files[0].data == large


async def test_a_file_that_is_too_large_is_refused_visibly(host, ann, bot, agent):
    host.manifest["attachments"] = {"maxBytes": 50_000}
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.send_file(some_bytes(60_000), "big.bin", "application/octet-stream", caption="Look")

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    assert all(run.files == [] for run in agent.runs)


async def test_a_size_that_was_a_lie_is_noticed_while_reading(host, ann, bot, agent):
    host.manifest["attachments"] = {"maxBytes": 50_000}
    await host.start()
    chat = await ann.direct_chat(bot)
    uri = await ann.upload(some_bytes(200_000), "application/octet-stream", "big.bin")
    info = {"mimetype": "application/octet-stream", "size": 10}
    await chat.send({"msgtype": "m.file", "url": uri, "info": info, "filename": "big.bin", "body": "Look"})

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    assert all(run.files == [] for run in agent.runs)


async def test_files_from_the_agent_follow_its_text_in_order(host, chat, agent, ann):
    picture = Attachment("image", "dot.png", "image/png", PIXEL)
    report = Attachment("document", "отчёт.pdf", "application/pdf", some_bytes(1_500_000))

    async def script(run: Run) -> None:
        await run.start()
        await run.file(picture)
        await run.delta("Here ")
        await run.file(report)
        await run.delta("you are.")
        await run.finish()

    agent.script = script
    await chat.say("Files, please")

    await chat.until(lambda chat: len(chat.bot_messages()) == 3, "a text and two files")
    await settled(host, chat)
    text, first, second = chat.bot_messages()
    assert text.text == "Here you are."
    assert first.content["msgtype"] == "m.image" and second.content["msgtype"] == "m.file"
    for message, file in ((first, picture), (second, report)):
        assert message.content.get("filename", message.text) == file.name
        assert message.content["info"]["mimetype"] == file.mime_type
        assert message.content["info"]["size"] == len(file.data)
        assert await ann.download(message.content["url"]) == file.data


async def test_a_file_alone_is_an_answer(host, chat, agent, ann):
    picture = Attachment("image", "dot.png", "image/png", PIXEL)

    async def script(run: Run) -> None:
        await run.start()
        await run.file(picture)
        await run.finish()

    agent.script = script
    await chat.say("A picture, please")

    await chat.until(lambda chat: chat.bot_messages(), "a file")
    await settled(host, chat)
    [message] = chat.bot_messages()
    assert await ann.download(message.content["url"]) == PIXEL


def named(run: Run, address: str):
    """The agent says that a file of its own is at `address`."""

    async def script() -> None:
        await run.start()
        await run.delta("There.")
        source = {"type": "url", "value": address, "mimeType": "application/pdf"}
        value = {"type": "document", "source": source, "metadata": {"filename": "report.pdf"}}
        await run.event("CUSTOM", name="attachment", value=value)
        await run.finish()

    return script()


async def test_a_file_that_the_agent_only_names_is_fetched(host, chat, agent, ann):
    agent.files["/report.pdf"] = data = some_bytes(40_000)
    agent.script = lambda run: named(run, f"http://127.0.0.1:{agent.port}/report.pdf")
    await chat.say("The report?")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "a text and a file")
    await settled(host, chat)
    assert await ann.download(chat.bot_messages()[1].content["url"]) == data


async def test_nothing_is_fetched_from_this_machine_but_from_the_agent_itself(host, chat, agent):
    """Another port of the agent's machine may be the host's own page for its operator."""
    agent.script = lambda run: named(run, f"{host.admin}/overview.json")
    await chat.say("The report?")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "a text and a notice")
    await settled(host, chat)
    assert chat.bot_messages()[1].is_notice


async def test_a_file_survives_that_the_answer_to_its_upload_is_lost(proxy, host, chat, agent, ann):
    picture = Attachment("image", "dot.png", "image/png", PIXEL)

    async def script(run: Run) -> None:
        await run.start()
        await run.delta("There.")
        await run.file(picture)
        await run.finish()

    agent.script = script
    proxy.fault("POST", "/media/v3/upload", answer="reset")
    await chat.say("A picture, please")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "a text and a file")
    await settled(host, chat)
    assert len(chat.bot_messages()) == 2
    assert await ann.download(chat.bot_messages()[1].content["url"]) == PIXEL
