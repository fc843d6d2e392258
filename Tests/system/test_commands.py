"""What a person can tell the host itself."""

import asyncio

import pytest

from harness import settled
from harness.waiting import PATIENCE
from scripted_agent import ScriptedAgent

COMMANDS = ["start", "help", "new", "stop", "why", "context"]


@pytest.mark.parametrize("text", ["!help", "!HELP", "/help", "!start"])
async def test_help_and_start_list_the_commands_without_the_agent(host, chat, agent, text):
    await chat.say(text)

    await chat.until(lambda chat: chat.bot_messages(), "a reply")
    await settled(host, chat)
    [reply] = chat.texts()
    assert all(f"!{command}" in reply for command in COMMANDS if command != "start")
    assert agent.runs == []


@pytest.mark.parametrize("text", ["!unknown thing", "/etc/passwd is a file", "! help", "help"])
async def test_what_only_looks_like_a_command_is_a_message(chat, agent, text):
    await chat.say(text)

    await chat.until_said(f"You said: {text}")
    assert agent.questions == [text]


async def test_new_begins_a_new_context(host, chat, agent):
    await chat.say("before")
    await chat.until_said("You said: before")
    await chat.say("!new")
    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "a reply to !new")
    await chat.say("after")
    await chat.until_said("You said: after")

    before, after = agent.runs
    assert after.thread != before.thread
    assert after.transcript == [("user", "after")]


async def test_context_tells_the_number_that_the_agent_knows(chat, agent):
    await chat.say("hello")
    await chat.until_said("You said: hello")
    await chat.say("!context")

    await chat.until_shown(agent.runs[0].thread)
    assert len(agent.runs) == 1


async def test_why_tells_what_became_of_the_last_message(host, chat, agent):
    agent.script = lambda run: run.refuse(401, {"detail": "raw-detail-of-the-agent"})
    await chat.say("hello")
    await chat.until_notice()
    await chat.say("!why")

    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "a reply to !why")
    await settled(host, chat)
    reply = chat.texts()[1]
    assert len(reply) > 20 and "\n\n" not in reply, "one paragraph"
    assert "raw-detail-of-the-agent" not in reply


async def test_commands_answer_while_a_turn_runs(chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Think long")
    run = await agent.next_run()
    await run.start()

    await chat.say("!help")
    await chat.until_shown("!stop")

    await run.answer_rest("Done.")
    await chat.until_said("Done.")


async def closed(run) -> None:
    """The connection to the agent is closed, which is how a run is stopped."""
    await asyncio.wait_for(run.disconnected.wait(), PATIENCE)


async def test_stop_closes_the_connection_and_what_was_said_stays(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell a story")
    run = await agent.next_run()
    await run.start()
    await run.delta("Once upon a time ")
    await chat.until_shown("Once upon a time")

    await chat.say("!stop")
    await closed(run)

    await settled(host, chat)
    assert sum("Once upon a time" in text for text in chat.texts()) == 1
    # The next question is served, and nothing of the old answer comes any more.
    agent.script = lambda run: run.answer("Fine.")
    await chat.say("How are you?")
    await chat.until_said("Fine.")
    assert sum("Once upon a time" in text for text in chat.texts()) == 1


async def test_stop_before_the_first_word_says_that_it_stopped(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Think")
    run = await agent.next_run()
    await run.start()

    await chat.say("!stop")
    await closed(run)

    await chat.until(lambda chat: chat.bot_messages(), "one line")
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1


async def test_after_stop_the_messages_that_wait_are_asked_in_order(chat, agent):
    agent.script = ScriptedAgent.by_hand
    for text in ("first", "second", "third"):
        await chat.say(text)
    run = await agent.next_run()
    await run.start()

    await chat.say("!stop")
    await closed(run)

    for text in ("second", "third"):
        run = await agent.next_run()
        assert run.question == text
        await run.answer(f"answer to {text}")
    await chat.until_said("answer to third")


async def test_new_ends_a_running_turn_and_nothing_of_it_reaches_the_new_context(chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("old question")
    old = await agent.next_run()
    await old.start()
    await old.delta("old answer ")
    await chat.until_shown("old answer")

    await chat.say("!new")
    await closed(old)
    await chat.say("new question")

    run = await agent.next_run()
    assert run.thread != old.thread
    assert run.transcript == [("user", "new question")]
    await run.answer("new answer")
    await chat.until_said("new answer")


async def test_a_question_and_the_wish_to_stop_it_that_come_together(proxy, host, chat, agent):
    await proxy.stop()
    await chat.say("Tell me")
    await chat.say("!stop")
    await proxy.start()

    await chat.until(lambda chat: chat.bot_messages(), "a reply", timeout=60)
    await settled(host, chat)
    [reply] = chat.texts()
    assert "topped" in reply
    assert agent.runs == []
