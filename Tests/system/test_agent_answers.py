"""Answers as gateways and agents in the wild send them: whole is whole, half is said to be half, nothing is lost."""

import asyncio
import base64
import json
from typing import Any

import pytest

from harness import settled
from scripted_agent import Run, ScriptedAgent

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


async def chunk(run: Run, delta: dict[str, Any], finish: str | None = None) -> None:
    await run.frame(json.dumps({"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))


async def done(run: Run, sentinel: bool = True) -> None:
    if sentinel:
        await run.frame("[DONE]")
    await run.response.end()
    run.ended.set()


async def openai(host) -> None:
    host.manifest["agent"] = {"protocol": "openai", "model": "scripted"}
    await host.start()


async def shown(host, chat) -> tuple[list[str], list[str]]:
    """What the agent is shown to have said, and the notices beside it."""
    await settled(host, chat)
    messages = chat.bot_messages()
    return [m.text for m in messages if not m.is_notice], [m.text for m in messages if m.is_notice]


async def every_chunk_ends(run: Run) -> None:
    for word in ["one", "two", "three"]:
        await chunk(run, {"content": word + " "}, "stop")
        await asyncio.sleep(2.2)
    await done(run)


async def own_tool(run: Run) -> None:
    await chunk(run, {"content": "one"})
    await chunk(run, {"tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": "{}"}}]})
    await chunk(run, {}, "tool_calls")
    await asyncio.sleep(6)
    await chunk(run, {"content": "two three"})
    await chunk(run, {}, "stop")
    await done(run)


async def no_reason(run: Run) -> None:
    await chunk(run, {"content": "one two three"})
    await done(run)


async def parts(run: Run) -> None:
    await chunk(run, {"content": [{"type": "thinking", "thinking": "secret"}]})
    await chunk(run, {"content": [{"type": "text", "text": "one two"}, {"type": "text", "text": " three"}]})
    await chunk(run, {}, "stop")
    await done(run)


async def reasoning(run: Run) -> None:
    for piece in ["<thi", "nk>sec", "ret</think>\n\n", "one two", " three"]:
        await chunk(run, {"content": piece})
    await chunk(run, {}, "stop")
    await done(run)


@pytest.mark.parametrize("script", [every_chunk_ends, own_tool, no_reason, parts, reasoning])
async def test_a_whole_answer_of_a_gateway_is_whole(telegram_host, tina, agent, script):
    agent.script = script
    await openai(telegram_host)
    chat = tina.direct_chat
    await chat.say("Count")

    await chat.until_shown("three", timeout=40)
    texts, notices = await shown(telegram_host, chat)
    assert [" ".join(text.split()) for text in texts] == ["one two three"]
    assert notices == []
    assert len(agent.runs) == 1


@pytest.mark.parametrize(
    ("reason", "word"), [("error", "failed"), ("length", "cut off"), ("content_filter", "filter"), ("novel", "cut off")]
)
async def test_an_answer_that_ended_for_another_reason_is_not_taken_for_whole(telegram_host, tina, agent, reason, word):
    async def script(run: Run) -> None:
        await chunk(run, {"content": "Half of the sto"})
        await chunk(run, {}, reason)
        await done(run)

    agent.script = script
    await openai(telegram_host)
    chat = tina.direct_chat
    await chat.say("Tell me")

    await chat.until_notice()
    texts, [notice] = await shown(telegram_host, chat)
    assert texts == ["Half of the sto"]
    assert word in notice


@pytest.mark.parametrize("pause", [0, 6])
async def test_a_replayed_run_is_no_answer(telegram_host, tina, agent, pause):
    async def script(run: Run) -> None:
        await run.event("RUN_STARTED", threadId=run.thread, runId="old")
        await run.event("TEXT_MESSAGE_CHUNK", messageId="o", role="assistant", delta="Old answer")
        await run.event("RUN_FINISHED", threadId=run.thread, runId="old")
        await asyncio.sleep(pause)
        await run.answer("New answer")

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello")

    await chat.until_shown("New answer", timeout=30)
    assert await shown(telegram_host, chat) == (["New answer"], [])


async def test_text_after_a_tool_is_a_paragraph_of_its_own(telegram_host, tina, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("TEXT_MESSAGE_START", messageId="m", role="assistant")
        await run.event("TEXT_MESSAGE_CONTENT", messageId="m", delta="Let me look that up.")
        await run.event("TOOL_CALL_START", toolCallId="t", toolCallName="f")
        await run.event("TOOL_CALL_END", toolCallId="t")
        await run.event("TOOL_CALL_RESULT", messageId="r", toolCallId="other", content="x")
        await run.event("TEXT_MESSAGE_CONTENT", messageId="m", delta="It is sunny.")
        await run.finish()

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Weather?")

    await chat.until_shown("sunny")
    assert await shown(telegram_host, chat) == (["Let me look that up.\n\nIt is sunny."], [])


async def test_a_message_that_is_only_in_the_snapshot_is_shown_and_kept(telegram_host, tina, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("TEXT_MESSAGE_CHUNK", messageId="m", role="assistant", delta="Streamed.")
        kept = [run.messages[-1] | {"id": "other"}]
        kept += [{"id": text, "role": "assistant", "content": text} for text in ("Streamed.", "Fixed.")]
        await run.event("MESSAGES_SNAPSHOT", messages=kept)
        await run.finish()

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello")
    await chat.until_shown("Fixed.")
    assert await shown(telegram_host, chat) == (["Streamed.\n\nFixed."], [])
    await chat.say("And?")

    await agent.next_run()
    second = await agent.next_run()
    assert [text for role, text in second.transcript if role == "assistant"] == ["Streamed.", "Fixed."]


SOURCES = {
    "data address": {"type": "url", "value": "data:image/png;base64," + base64.b64encode(PNG).decode()},
    "lines": {"type": "data", "value": base64.encodebytes(PNG).decode(), "mimeType": "image/png"},
    "no type": {"type": "data", "value": base64.b64encode(PNG).decode()},
}


@pytest.mark.parametrize("form", SOURCES)
async def test_a_file_is_read_in_the_form_in_which_it_comes(telegram_host, tina, agent, form):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("CUSTOM", name="attachment", value={"type": "document", "source": SOURCES[form]})
        await run.delta("Here.")
        await run.finish()

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Draw")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "text and file")
    _, notices = await shown(telegram_host, chat)
    assert notices == []


async def test_a_file_that_cannot_be_read_is_told(telegram_host, tina, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("CUSTOM", name="attachment", value={"type": "image", "source": {"type": "data", "value": "!"}})
        await run.delta("Here.")
        await run.finish()

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Draw")

    await chat.until_notice()
    texts, [notice] = await shown(telegram_host, chat)
    assert texts == ["Here."] and "file" in notice


async def test_silence_before_the_head_took_too_long(telegram_host, tina, agent):
    agent.script = ScriptedAgent.by_hand
    telegram_host.manifest["agent"] = {"idleTimeoutSeconds": 2}
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello")

    await chat.until_notice()
    _, [notice] = await shown(telegram_host, chat)
    assert "took too long" in notice


async def conflict(run: Run) -> None:
    await run.refuse(409, {"detail": "already active for this thread"})


async def busy(run: Run) -> None:
    await run.start()
    await run.event("RUN_ERROR", message="one at a time", code="THREAD_BUSY")
    await run.response.end()
    run.ended.set()


@pytest.mark.parametrize("refusal", [conflict, busy])
async def test_a_thread_that_is_busy_is_asked_again(telegram_host, tina, agent, refusal):
    async def script(run: Run) -> None:
        await (refusal(run) if len(agent.runs) == 1 else run.answer("Here I am."))

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello")

    await chat.until_shown("Here I am.")
    assert await shown(telegram_host, chat) == (["Here I am."], [])
    assert len(agent.runs) == 2


async def test_an_open_question_is_shown_again_after_an_ordinary_message(telegram_host, tina, agent):
    async def script(run: Run) -> None:
        await run.start()
        if len(agent.runs) == 1:
            await run.finish(
                outcome={"type": "interrupt", "interrupts": [{"id": "i", "reason": "x", "message": "Delete notes?"}]}
            )
        else:
            await run.event("RUN_ERROR", message="no", code="PENDING_INTERRUPTS")
            await run.response.end()
            run.ended.set()

    agent.script = script
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Delete it")
    await chat.until_notice()
    await chat.say("What is the time?")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "two notices")
    _, notices = await shown(telegram_host, chat)
    assert all("Delete notes?" in notice and "/new" in notice for notice in notices)
    assert len(notices) == 2


async def test_a_message_whose_file_becomes_its_name_has_another_identifier(telegram_host, tina, agent):
    telegram_host.manifest["agent"] = {"transcript": {"messages": 200, "bytes": 262144, "fileBytes": 10}}
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.send_file(b"more than ten bytes", "notes.txt", "text/plain", "one")
    await chat.until_said("You said: one")
    await chat.say("two")
    await chat.until_shown("You said: two")

    first, second = agent.runs
    assert "[file: notes.txt]" in second.transcript[0][1]
    assert second.messages[0]["id"] != first.messages[0]["id"]
