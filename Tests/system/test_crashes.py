"""The program is killed, as by a power cut, at the worst moments; the person sees one end, never two, never none."""

import asyncio
import signal
import subprocess
from pathlib import Path

import pytest

from harness import eventually, settled
from scripted_agent import Run, ScriptedAgent


async def test_killed_in_mid_stream_what_was_shown_stays_and_a_notice_follows(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    await host.kill()
    await host.start()

    await chat.until_notice()
    await settled(host, chat)
    shown, notice = chat.bot_messages()
    assert shown.text.startswith("The beginning")
    assert notice.is_notice
    assert len(agent.runs) == 1, "the agent may have acted: it is not asked again"


async def test_killed_before_the_first_word_a_notice_follows(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()

    await host.kill()
    await host.start()

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert len(agent.runs) == 1


async def test_killed_before_the_agent_was_reached_the_turn_simply_runs(host, chat, agent):
    await agent.stop()
    await chat.say("Hello")
    await chat.until(lambda chat: chat.bot_is_typing(), "the bot is typing while it tries")

    await host.kill()
    await agent.start()
    await host.start()

    await chat.until_said("You said: Hello", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["You said: Hello"]
    assert agent.questions == ["Hello"]


async def test_killed_while_a_busy_agent_is_waited_for_the_turn_simply_runs(host, chat, agent):
    agent.script = lambda run: run.refuse(503, headers={"Retry-After": "8"})
    await chat.say("Hello")
    await agent.next_run()
    await eventually(lambda: [line for line in host.log if "retrySeconds" in line], "the host waits")

    await host.kill()
    agent.script = lambda run: run.answer("Here I am.")
    await host.start()

    await chat.until_said("Here I am.", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["Here I am."]


async def test_killed_before_the_messages_were_stored_they_are_received_again(proxy, host, chat, agent):
    killed = asyncio.Event()

    async def kill_when_it_has_the_message() -> None:
        if b"Hello, host" in proxy.sent("/sync")[-1].answer and not killed.is_set():
            host.signal(signal.SIGKILL)
            killed.set()

    proxy.fault("GET", "/sync", times=10**6, after=kill_when_it_has_the_message)
    await chat.say("Hello, host")
    await asyncio.wait_for(killed.wait(), 30)
    await host.ended()
    await host.start()

    await chat.until_said("You said: Hello, host")
    await settled(host, chat)
    assert chat.texts() == ["You said: Hello, host"]
    assert agent.questions == ["Hello, host"]


@pytest.mark.parametrize("attempt", range(3))
async def test_killed_right_after_the_messages_were_stored_each_is_asked_once(proxy, host, chat, agent, attempt):
    """The next sync begins when the events of the last one are stored: the moment between storing and the turn."""
    agent.script = lambda run: run.answer(f"answer to {run.question}")
    killed = asyncio.Event()
    seen = asyncio.Event()

    async def kill_at_the_sync_after_the_message() -> None:
        if seen.is_set() and not killed.is_set():
            host.signal(signal.SIGKILL)
            killed.set()

    async def notice_the_message() -> None:
        if b"Hello, host" in proxy.sent("/sync")[-1].answer:
            seen.set()

    fault = proxy.fault("GET", "/sync", times=10**6)
    fault.before = kill_at_the_sync_after_the_message
    fault.after = notice_the_message
    await chat.say("Hello, host")
    await asyncio.wait_for(killed.wait(), 30)
    await host.ended()
    await host.start()

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    [message] = chat.bot_messages()
    # Killed when the agent might act already, and before it had a byte, it is not asked again.
    assert (message.text == "answer to Hello, host" and len(agent.runs) == 1) or (
        message.is_notice and len(agent.runs) <= 1
    )


async def test_killed_after_the_final_was_sent_it_is_there_once(proxy, host, chat, agent):
    async def kill() -> None:
        host.signal(signal.SIGKILL)

    fault = proxy.fault(
        "PUT", "/send/m.room.message/", after=kill, matches=lambda exchange: b"The whole answer." in exchange.body
    )
    agent.script = lambda run: run.answer("The whole ", "answer.")
    await chat.say("Tell me")
    await asyncio.wait_for(fault.reached.wait(), 30)
    await host.ended()
    await host.start()

    await chat.until_said("The whole answer.")
    await settled(host, chat)
    assert chat.texts() == ["The whole answer."]
    assert len(agent.runs) == 1


async def test_killed_before_the_final_was_sent_it_comes_after_the_start(proxy, host, chat, agent):
    async def kill() -> None:
        host.signal(signal.SIGKILL)

    fault = proxy.fault(
        "PUT",
        "/send/m.room.message/",
        before=kill,
        deliver=False,
        answer="reset",
        matches=lambda exchange: b"The whole answer." in exchange.body,
    )
    agent.script = lambda run: run.answer("The whole ", "answer.")
    await chat.say("Tell me")
    await asyncio.wait_for(fault.reached.wait(), 30)
    await host.ended()
    await host.start()

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    assert len(agent.runs) == 1
    assert chat.texts() == ["The whole answer."]


@pytest.fixture(scope="session")
def crash_library(tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("crash") / "crash.so"
    source = Path(__file__).parent / "harness/crash_at_commit.c"
    subprocess.run(["clang", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.mark.parametrize("commit", range(1, 9))
async def test_killed_at_any_commit_of_an_exchange_there_is_one_end(host, chat, agent, crash_library, commit):
    """The state is on disk at the moment of the kill exactly up to one commit, the first one after the message came or
    a later one: no order of the commits may lose the message, or ask or answer it twice."""
    await host.kill()
    host.environment |= {"LD_PRELOAD": str(crash_library), "CRASH_AT": str(host.folder / "crash-at")}
    await host.start()
    await host.idle()
    (host.folder / "crash-at").write_text(str(commit))

    await chat.say("Hello")
    ended = asyncio.create_task(host.process.wait())
    answered = asyncio.create_task(chat.until_said("You said: Hello"))
    await asyncio.wait([ended, answered], return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        answered.cancel()
    else:
        await host.kill()
    del host.environment["LD_PRELOAD"]
    await host.start()

    await chat.until(lambda chat: chat.bot_messages(), "a visible end")
    await settled(host, chat)
    messages = chat.bot_messages()
    notices = [message for message in messages if message.is_notice]
    if notices:
        assert len(notices) == 1 and len(messages) <= 2, "what was shown, and one notice"
    else:
        assert chat.texts() == ["You said: Hello"]
    assert len(agent.runs) <= 1, "the agent may have acted: it is not asked again"


async def test_killed_again_and_again_every_question_has_one_end(host, chat, agent):
    """Kills at moments that nothing chooses: wherever the host happens to be when the agent gets a question."""
    texts = [f"question {number}" for number in range(6)]

    async def script(run: Run) -> None:
        await run.start()
        await run.delta(f"answer to {run.question}")
        await run.finish()

    agent.script = script
    for number, text in enumerate(texts):
        await chat.say(text)
        if number % 2:
            await agent.next_run()
        await host.kill()
        await host.start()

    await chat.until(lambda chat: len(chat.bot_messages()) >= len(texts), "an end for each", timeout=60)
    await settled(host, chat)
    messages = chat.bot_messages()
    for text in texts:
        finals = [message for message in messages if message.text == f"answer to {text}"]
        assert len(finals) <= 1
    shown = [message for message in messages if not message.is_notice]
    notices = [message for message in messages if message.is_notice]
    assert len(agent.runs) == len(set(agent.questions)), "no question was asked twice"
    answered = {message.text for message in shown}
    assert len(answered) == len(shown)
    assert len(answered | {n.id for n in notices}) >= len(texts)


async def test_killed_with_messages_waiting_they_are_asked_in_order_after_the_start(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    for text in ("first", "second", "third"):
        await chat.say(text)
    run = await agent.next_run()
    await run.start()
    await chat.say("!help")
    await chat.until_shown("!stop")

    await host.kill()
    agent.script = lambda run: run.answer(f"answer to {run.question}")
    await host.start()

    await chat.until_said("answer to third")
    await settled(host, chat)
    assert agent.questions == ["first", "second", "third"]
    ends = [text if not text.startswith("⚠️") else "⚠️" for text in chat.texts()[1:]]
    assert ends == ["⚠️", "answer to second", "answer to third"]
