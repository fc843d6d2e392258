"""From a person's message to the agent's answer in the room."""

import asyncio
import itertools
import json

import pytest

from harness import settled
from scripted_agent import Run, ScriptedAgent
from scripted_agent.http import framed, head


async def test_a_question_gets_exactly_one_answer(host, chat, agent):
    await chat.say("Are you there?")

    await chat.until_said("You said: Are you there?")
    await settled(host, chat)
    assert chat.texts() == ["You said: Are you there?"]
    assert agent.questions == ["Are you there?"]


async def test_the_request_carries_everything_that_agents_need(chat, agent):
    await chat.say("Hello")
    await chat.until_said("You said: Hello")

    run = agent.runs[0]
    assert set(run.body) >= {"threadId", "runId", "state", "messages", "tools", "context", "forwardedProps"}
    assert run.body["tools"] == [] and run.body["context"] == [] and run.body["state"] == {}
    assert None not in run.body.values()
    number = run.body["forwardedProps"]["platform_chat_id"]
    assert isinstance(number, int) and number > 0
    assert run.thread == str(number)
    assert run.body["forwardedProps"]["surface"] == "matrix"
    assert run.body["forwardedProps"]["kind"] == "matrix"
    assert run.request.headers["accept"] == "text/event-stream"
    assert run.request.headers["content-type"].startswith("application/json")
    assert run.request.headers["authorization"].startswith("Bearer ")


async def test_the_agent_is_shown_the_conversation_so_far(chat, agent):
    await chat.say("first")
    await chat.until_said("You said: first")
    await chat.say("second")
    await chat.until_said("You said: second")

    before, after = agent.runs
    assert after.transcript == [("user", "first"), ("assistant", "You said: first"), ("user", "second")]
    assert after.thread == before.thread
    assert after.body["runId"] != before.body["runId"]
    identifiers = [message["id"] for message in after.messages]
    assert len(set(identifiers)) == 3
    assert identifiers[0] == before.messages[0]["id"]
    assert identifiers[1].startswith("answer-"), "the agent's own identifier is kept"


async def test_with_history_agent_only_the_new_message_is_sent(host, ann, bot, agent):
    host.manifest["agent"] = {"history": "agent"}
    await host.start()
    chat = await ann.direct_chat(bot)
    for text in ("first", "second"):
        await chat.say(text)
        await chat.until_said(f"You said: {text}")

    assert agent.runs[1].transcript == [("user", "second")]


async def test_an_answer_grows_in_place_and_every_step_is_its_beginning(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Count")
    run = await agent.next_run()

    await run.start()
    for word in ("One ", "two ", "three ", "four "):
        await run.delta(word)
        await chat.until_shown(word.strip())
    await run.delta("five.")
    await run.finish()

    message = await chat.until_said("One two three four five.")
    await settled(host, chat)
    assert chat.texts() == ["One two three four five."]
    assert len(message.versions) >= 4
    for earlier, later in itertools.pairwise(message.texts):
        assert later.startswith(earlier.removesuffix("…").rstrip())


async def test_a_person_sees_that_the_bot_is_writing_and_has_read(chat, agent):
    agent.script = ScriptedAgent.by_hand
    question = await chat.say("Think")
    run = await agent.next_run()
    await run.start()

    await chat.until(lambda chat: chat.bot_is_typing(), "the bot is typing")
    await chat.until(
        lambda chat: any(question in receipt for receipt in chat.person.receipts.get(chat.room, [])),
        "a read receipt",
    )
    await run.answer_rest("Done.")
    await chat.until_said("Done.")
    await chat.until(lambda chat: not chat.bot_is_typing(), "the bot types no more")


EMOJI = "Ж👋🏽 first – and last ✅"


def whole_stream(run: Run, deltas: list[str]) -> bytes:
    identity = {"threadId": run.thread, "runId": run.body["runId"]}
    events = [
        {"type": "RUN_STARTED", **identity},
        {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
        *({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": delta} for delta in deltas),
        {"type": "TEXT_MESSAGE_END", "messageId": "m"},
        {"type": "RUN_FINISHED", **identity},
    ]
    return b"".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events)


STREAM_HEAD = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}


async def in_one_packet(run: Run) -> None:
    body = whole_stream(run, list(EMOJI))
    await run.response.raw(head(200, STREAM_HEAD) + framed(body) + b"0\r\n\r\n")
    run.ended.set()


async def byte_by_byte(run: Run) -> None:
    await run.response.begin()
    for byte in whole_stream(run, list(EMOJI)):
        await run.response.raw(framed(bytes([byte])))
        await asyncio.sleep(0)
    await run.response.end()
    run.ended.set()


async def with_a_length(run: Run) -> None:
    await run.response.whole(200, whole_stream(run, [EMOJI]), {"Content-Type": "text/event-stream; charset=utf-8"})
    run.ended.set()


async def until_the_connection_closes(run: Run) -> None:
    fields = {"Content-Type": "text/event-stream", "Connection": "close"}
    await run.response.raw(head(200, fields) + whole_stream(run, list(EMOJI)))
    run.cut()


@pytest.mark.parametrize("script", [in_one_packet, byte_by_byte, with_a_length, until_the_connection_closes])
async def test_nothing_is_missing_at_the_start_or_the_end_however_the_bytes_come(host, chat, agent, script):
    agent.script = script
    await chat.say("Go")

    await chat.until_said(EMOJI)
    await settled(host, chat)
    assert chat.texts() == [EMOJI]


async def test_halves_of_a_character_in_two_deltas_become_one_character(chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.open_text()
        for half in (r"\ud83d", r"\ude00"):
            await run.frame(f'{{"type":"TEXT_MESSAGE_CONTENT","messageId":"{run.message_id}","delta":"{half}"}}')
        await run.delta(" done")
        await run.finish()

    agent.script = script
    await chat.say("Smile")

    await chat.until_said("😀 done")


async def test_rooms_are_served_at_once_and_never_contaminate_each_other(host, ann, bot, agent):
    await host.start()
    agent.script = ScriptedAgent.by_hand
    chats = [await ann.direct_chat(bot) for _ in range(10)]
    for number, chat in enumerate(chats):
        await chat.say(f"question {number}")

    # All are open at the same time: no room waits for another one's answer.
    runs = {run.question: run for run in [await agent.next_run() for _ in chats]}
    for step in ("start", "middle", "end"):
        for number in range(len(chats)):
            run = runs[f"question {number}"]
            if step == "start":
                await run.start()
            await run.delta(f"[{number} {step}] ")
    for run in runs.values():
        await run.finish()

    for number, chat in enumerate(chats):
        await chat.until_said(f"[{number} start] [{number} middle] [{number} end]")
    await settled(host, *chats)
    assert all(len(chat.bot_messages()) == 1 for chat in chats)
    assert len({run.thread for run in runs.values()}) == len(chats)


async def test_messages_of_a_room_are_answered_one_at_a_time_in_order(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    for text in ("one", "two", "three"):
        await chat.say(text)

    for text in ("one", "two", "three"):
        run = await agent.next_run()
        assert run.question == text
        assert len(agent.runs) == ["one", "two", "three"].index(text) + 1
        await run.answer(f"answer to {text}")

    await chat.until_said("answer to three")
    await settled(host, chat)
    assert chat.texts() == ["answer to one", "answer to two", "answer to three"]


async def test_tools_and_reasoning_never_show_and_texts_of_one_run_are_one_answer(host, chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("REASONING_MESSAGE_START", messageId="r", role="reasoning")
        await run.event("REASONING_MESSAGE_CONTENT", messageId="r", delta="hidden thoughts")
        await run.event("REASONING_MESSAGE_END", messageId="r")
        await run.event("THINKING_TEXT_MESSAGE_CONTENT", delta="hidden thoughts")
        await run.delta("I will look.")
        await run.tool("get_weather", {"city": "Kazan"}, "hidden result")
        await run.event("SOMETHING_NEW", content="hidden news")
        await run.delta("It is sunny.")
        await run.finish()

    agent.script = script
    await chat.say("Weather?")

    await chat.until_said("I will look.\n\nIt is sunny.")
    await settled(host, chat)
    [message] = chat.bot_messages()
    assert not any("hidden" in text or "get_weather" in text for text in message.texts)


async def test_markdown_becomes_safe_html(chat, agent):
    async def script(run: Run) -> None:
        await run.answer("**bold** <script>alert(1)</script>\n\n", "```swift\nlet x = 1 < 2\n```")

    agent.script = script
    await chat.say("Format")

    message = await chat.until_shown("let x = 1 < 2")
    await chat.until(lambda _: "</code></pre>" in message.html, "the whole answer")
    assert message.content["format"] == "org.matrix.custom.html"
    assert "<strong>bold</strong>" in message.html
    assert 'class="language-swift"' in message.html
    assert "1 &lt; 2" in message.html
    assert "<script" not in message.html


async def test_a_long_answer_is_split_and_nothing_of_it_is_lost(host, chat, agent):
    lines = [f'line {number}: print("Ж{"-" * 60}")' for number in range(600)]

    async def script(run: Run) -> None:
        await run.start()
        await run.delta("Here it is:\n\n```python\n")
        for line in lines:
            await run.delta(line + "\n")
        await run.delta("```\n\nThat was all.")
        await run.finish()

    agent.script = script
    await chat.say("A long program, please")

    await chat.until_shown("That was all.", timeout=90)
    await settled(host, chat)
    pages = chat.texts()
    assert len(pages) > 1
    assert all(page.count("```") % 2 == 0 for page in pages), "each page closes what it opens"
    assert [line for page in pages for line in page.splitlines() if line.startswith("line ")] == lines
    assert all("<pre><code" in message.html for message in chat.bot_messages()[:-1])


async def test_an_answer_without_text_is_said_to_be_empty(host, chat, agent):
    agent.script = lambda run: run.answer()
    await chat.say("Say nothing")

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert len(agent.runs) == 1


async def test_an_agent_that_waits_for_a_confirmation_is_said_to_wait(host, chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.event("TOOL_CALL_START", toolCallId="c", toolCallName="delete_file")
        await run.event("TOOL_CALL_ARGS", toolCallId="c", delta="{}")
        await run.event("TOOL_CALL_END", toolCallId="c")
        interrupt = {"id": "i", "reason": "tool_call", "toolCallId": "c"}
        await run.finish(outcome={"type": "interrupt", "interrupts": [interrupt]})

    agent.script = script
    await chat.say("Delete it")

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert "delete_file" not in chat.texts()[0]


async def test_a_chat_keeps_its_number_over_restarts(host, chat, agent):
    await chat.say("before")
    await chat.until_said("You said: before")
    assert await host.terminate() == 0
    await host.start()
    await chat.say("after")
    await chat.until_said("You said: after")

    before, after = agent.runs
    assert after.thread == before.thread
    assert after.transcript[0] == ("user", "before")


async def test_the_openai_protocol_streams_too(host, ann, bot, agent):
    async def script(run: Run) -> None:
        for content in ("Hel", "lo"):
            delta = {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]}
            await run.frame(json.dumps(delta))
        await run.frame(json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
        await run.frame("[DONE]")
        await run.response.end()
        run.ended.set()

    agent.script = script
    host.manifest["agent"] = {"protocol": "openai", "model": "scripted"}
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Hi")

    await chat.until_said("Hello")
    await settled(host, chat)
    assert chat.texts() == ["Hello"]
    assert agent.runs[0].request.path == "/agent/chat/completions"
    assert agent.runs[0].body["model"] == "scripted" and agent.runs[0].body["stream"] is True
