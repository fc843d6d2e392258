"""Files: fetched with patience, not sent again once refused, and gone from the disk when nobody needs them."""

import itertools
import json

import pytest

from harness import Messenger, eventually, settled
from harness.old_state import words_of
from harness.proxy import Exchange
from scripted_agent import Attachment, Run

FOREVER = 10**6
PIXEL = "not really a picture"


async def downloads_fail(messenger: Messenger, times: int, how: str = "502", **more) -> None:
    """MAX names its own address for files, past the proxy."""
    if messenger.kind == "max":
        await messenger.server.fault("502" if how == "502" else "drop", "download", times=times, **more)
    else:
        fault = {"deliver": False, "answer": "reset"} if how == "reset" else messenger.unavailable()
        messenger.on_download(times=times, **fault)


@pytest.mark.parametrize("how", ["502", "reset"])
async def test_a_download_that_fails_for_a_moment_is_tried_again(messenger, agent, how):
    await downloads_fail(messenger, 2, how)
    chat = await messenger.chat()
    await chat.send_file(b"all of it", "notes.txt", "text/plain", "What is this?")

    await chat.until_said("You said: What is this?", timeout=60)
    await settled(messenger.host, chat)
    assert chat.texts() == ["You said: What is this?"]
    assert [f.data for f in agent.runs[0].files] == [b"all of it"]
    assert len(agent.runs) == 1


async def test_a_question_with_a_file_waits_for_a_network_that_is_not_there_at_the_start(
    telegram_proxy, telegram_host, telegram, tina, agent
):
    """The question is stored, the host dies before it fetches, and comes back before its network does."""
    fault = telegram_proxy.fault("POST", "/getFile$", times=FOREVER, deliver=False, answer="reset")
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.send_file(b"all of it", "notes.txt", "text/plain", "What is this?")
    await eventually(fault.reached.is_set, "the host tries to fetch")
    await telegram_host.kill()
    fault.reached.clear()
    await telegram_host.start()
    await eventually(fault.reached.is_set, "it tries again")
    fault.times = 0

    await chat.until_said("You said: What is this?", timeout=60)
    await settled(telegram_host, chat)
    assert chat.texts() == ["You said: What is this?"]
    assert [f.data for f in agent.runs[0].files] == [b"all of it"]


@pytest.mark.slow
async def test_a_file_that_cannot_be_fetched_for_a_minute_is_left_out_and_both_are_told(
    telegram_proxy, telegram_host, telegram, tina, agent
):
    await telegram_host.start()
    chat = tina.direct_chat
    seen: list[str] = []

    def is_the_second_file(exchange: Exchange) -> bool:
        if exchange.path not in seen:
            seen.append(exchange.path)
        return exchange.path == seen[1] if len(seen) > 1 else False

    page = {"body": b"<html>", "headers": {"Content-Type": "text/html"}}
    broken = telegram_proxy.fault(
        "GET", "^/file/", times=FOREVER, deliver=False, answer=502, matches=is_the_second_file, **page
    )
    await chat.send_album([(b"good", "good.txt", "text/plain", "Compare"), (b"lost", "lost.txt", "text/plain", None)])

    await chat.until_said("You said: Compare\n[file: lost.txt, not available]", timeout=120)
    await settled(telegram_host, chat)
    assert broken.reached.is_set()
    assert [f.data for f in agent.runs[0].files] == [b"good"]
    assert "[file: lost.txt, not available]" in agent.runs[0].question
    others = [text for text in chat.texts() if not text.startswith("You said")]
    assert len(others) == 1 and "lost.txt" in others[0], chat.texts()


# What was never accepted is not sent again


def no_two_users_in_a_row(run: Run) -> bool:
    roles = [message["role"] for message in run.messages]
    return all((a, b) != ("user", "user") for a, b in itertools.pairwise(roles))


@pytest.mark.parametrize("status", [400, 415])
async def test_a_picture_that_the_agent_refuses_is_not_sent_again(messenger, agent, status):
    async def script(run: Run) -> None:
        if "base64" in json.dumps(run.body) or any(isinstance(m.get("content"), list) for m in run.messages):
            await run.refuse(status, {"detail": "no pictures, please"})
        else:
            await run.answer("You said: ", run.question)

    agent.script = script
    chat = await messenger.chat()
    await chat.say("before")
    await chat.until_said("You said: before")
    await chat.send_file(PIXEL.encode(), "dot.png", "image/png", "Look")
    await chat.until_notice()
    for words in ("hello", "and again"):
        await chat.say(words)
        await chat.until_said(f"You said: {words}")
        assert no_two_users_in_a_row(agent.runs[-1]), agent.runs[-1].transcript

    await settled(messenger.host, chat)
    assert len(agent.runs) == 4
    assert ("assistant", "You said: before") in agent.runs[-1].transcript


async def test_a_failed_question_is_not_followed_by_another_of_the_same_role(telegram_host, tina, agent):
    """In the OpenAI protocol, whose servers refuse that."""

    async def script(run: Run) -> None:
        if run.question == "bad":
            return await run.refuse(400, {"error": {"message": "no"}})
        for content in ("You said: ", run.question):
            await run.frame(
                json.dumps({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]})
            )
        await run.frame(json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
        await run.frame("[DONE]")
        await run.response.end()
        run.ended.set()

    agent.script = script
    telegram_host.manifest["agent"] = {"protocol": "openai", "model": "scripted"}
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("first")
    await chat.until_said("You said: first")
    await chat.say("bad")
    await chat.until_notice()
    await chat.say("hello")

    await chat.until_said("You said: hello")
    assert no_two_users_in_a_row(agent.runs[-1]), agent.runs[-1].transcript


# Disk follows the limits


def files_of(host) -> list[str]:
    return [
        str(path)
        for path in (host.folder / "state").rglob("*")
        if path.is_file() and b"marked-bytes" in path.read_bytes() and "surfaces.db" not in path.name
    ]


async def test_an_exchange_beyond_the_limit_leaves_no_file_and_no_row(messenger, agent):
    host = messenger.host
    host.manifest["agent"] = {"transcript": {"messages": 200, "bytes": 2048, "fileBytes": 8388608}}
    agent.script = lambda run: run.answer("large-answer " * 1000) if "large" in run.question else run.answer("Yes.")
    chat = await messenger.chat()
    await chat.send_file(b"marked-bytes " * 10, "notes.txt", "text/plain", "large")
    await chat.until_shown("large-answer")
    await settled(host, chat)

    # What is tidied now and then is tidied at a start.
    assert await host.terminate() == 0
    await host.start()
    await eventually(lambda: files_of(host) == [], "no file stays")
    assert await host.terminate() == 0
    rows = [line for line in words_of(host.folder / "state").splitlines() if line.startswith('INSERT INTO "transcript')]
    assert not any("large-answer" in row for row in rows)
    await host.start()
    await chat.say("small")
    await chat.until_said("Yes.")
    assert agent.runs[1].transcript == [("user", "small")]


async def test_with_history_agent_no_file_stays_when_its_question_is_answered(messenger, agent):
    host = messenger.host
    host.manifest["agent"] = {"history": "agent"}
    chat = await messenger.chat()
    await chat.send_file(b"marked-bytes " * 10, "notes.txt", "text/plain", "Look")
    await chat.until_said("You said: Look")
    await settled(host, chat)
    assert len(agent.runs[0].files) == 1

    assert await host.terminate() == 0
    await host.start()
    await eventually(lambda: files_of(host) == [], "no file stays")


async def test_a_file_of_the_agent_is_not_kept_when_it_is_delivered_and_not_part_of_the_transcript(messenger, agent):
    host = messenger.host
    report = Attachment("document", "report.txt", "text/plain", b"marked-bytes " * 10)

    async def script(run: Run) -> None:
        await run.start()
        await run.file(report)
        await run.finish()

    agent.script = script
    host.manifest["agent"] = {"history": "agent"}
    chat = await messenger.chat()
    await chat.say("The report, please")
    await chat.until(lambda chat: chat.bot_messages(), "the file")
    await settled(host, chat)

    assert await host.terminate() == 0
    await host.start()
    await eventually(lambda: files_of(host) == [], "no file stays")
