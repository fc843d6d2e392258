"""One thing at a time in a chat, in order, and nothing that is owed waits for something else to happen."""

import asyncio
import re

import pytest
from conftest import deployment, ended, max_entry, telegram_entry

from harness import Host, command, eventually, settled
from harness.lock_thief import LockThief
from scripted_agent import Run, ScriptedAgent


async def test_a_reply_arrives_though_the_database_was_locked_just_after_its_commit(messenger, agent):
    """Longer than a statement waits. The lock is taken in the instant after the commit; a try may come too late."""
    chat = await messenger.chat()
    await settled(messenger.host, chat)
    for number in range(1, 4):
        thief = await LockThief.lurk(messenger.host.folder / "state/surfaces.db")
        await chat.say(command(chat, "/help"))
        await thief.has_let_go()
        # Nothing else happens in this chat.
        await chat.until(lambda chat, number=number: len(chat.bot_messages()) == number, f"reply {number}")
    await settled(messenger.host, chat)
    assert len(chat.bot_messages()) == 3


async def test_what_waited_when_a_new_conversation_began_and_what_follows_are_asked_one_after_the_other(
    messenger, agent
):
    agent.script = ScriptedAgent.by_hand
    chat = await messenger.chat()
    await chat.say("question 1")
    first = await agent.next_run()
    await first.start()
    await first.delta("beginning 1 ")
    await chat.until_shown("beginning 1")
    await chat.say("question 2")
    await chat.say(command(chat, "/new"))
    await chat.say("question 3")
    # This command is answered behind all of that.
    await chat.say(command(chat, "/why"))
    await asyncio.wait_for(first.disconnected.wait(), 10)

    second = await agent.next_run()
    assert second.question == "question 2"
    await second.start()
    await second.delta("beginning 2 ")
    await chat.until_shown("beginning 2")
    await chat.until(lambda chat: len(chat.bot_messages()) >= 4 or chat_has_draft(chat), "the replies to the commands")
    assert [run.question for run in agent.runs] == ["question 1", "question 2"], "never two at once in a chat"
    await second.answer_rest("end 2")

    third = await agent.next_run()
    assert third.question == "question 3"
    assert third.thread != second.thread
    await third.start()
    await third.delta("beginning 3 ")
    await chat.until_shown("beginning 3")
    await third.answer_rest("end 3")
    await chat.until_said("beginning 3 end 3")
    await settled(messenger.host, chat)
    assert [text for text in chat.texts() if text.startswith("beginning")] == [
        "beginning 1",
        "beginning 2 end 2",
        "beginning 3 end 3",
    ]


def chat_has_draft(chat) -> bool:
    return bool(getattr(chat, "draft", None)) and len(chat.bot_messages()) >= 3


@pytest.fixture
async def linked(tmp_path, session, agent, telegram, tina, max_server, maya):
    """One person with an account on two messengers, both of whose chats are on one context."""
    variables = {"TELEGRAM_TOKEN": telegram.token, "MAX_TOKEN": max_server.token}
    entries = [telegram_entry(telegram, [tina.id]), max_entry(max_server, [maya.id])]
    host = deployment(tmp_path / "host", session, entries, agent.url, **variables)
    await host.start()
    here, there = tina.direct_chat, maya.direct_chat
    await here.say("/link")
    await here.until_shown("/link ")
    code = next(word for word in here.texts()[-1].split() if len(word) == 8 and word.isalnum() and word.isupper())
    await there.say(f"/link {code}")
    await there.until_shown("/link yes")
    await there.say("/link yes")
    await there.until_shown("Linked with")
    await here.say("ours")
    await here.until_said("You said: ours")
    await here.say("/save Ours")
    await here.until_said("This conversation is now called “Ours”.")
    await there.say("/load Ours")
    await there.until_shown("now in conversation “Ours”")
    await settled(host, here, there)
    yield host, here, there
    await ended(host, *variables.values())


async def test_two_chats_on_one_context_are_answered_in_the_order_in_which_they_asked(linked, agent):
    host, here, there = linked
    agent.forget()
    agent.script = ScriptedAgent.by_hand
    await here.say("here 1")
    run = await agent.next_run()
    await run.start()
    await run.delta("answer to here 1")
    await here.until_shown("answer to here 1")
    await there.say("there 1")
    await eventually(lambda: waits(host, 1), "it waits")
    await here.say("here 2")
    await eventually(lambda: waits(host, 2), "both wait")
    assert len(agent.runs) == 1
    await run.finish()
    for question in ("there 1", "here 2"):
        run = await agent.next_run()
        assert run.question == question
        await run.answer(f"answer to {question}")

    await here.until_said("answer to here 2")
    await there.until_said("answer to there 1")
    await settled(host, here, there)
    assert [t for t in here.texts() if t.startswith("answer")] == ["answer to here 1", "answer to here 2"]
    assert [t for t in there.texts() if t.startswith("answer")] == ["answer to there 1"]


async def waits(host: Host, count: int) -> bool:
    return (await host.status())["inbox"]["waiting"] == count


async def test_a_turn_cut_by_a_crash_is_settled_also_when_its_surface_is_switched_off_then(linked, agent):
    host, here, there = linked
    agent.script = ScriptedAgent.by_hand
    await there.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await host.kill()
    host.manifest["surfaces"][1]["enabled"] = False
    await host.start()
    agent.forget()
    agent.script = lambda run: run.answer("You said: ", run.question)

    count = len(here.bot_messages())
    await here.say("/stop")
    await here.until(lambda chat: len(chat.bot_messages()) > count, "a reply to /stop")
    assert here.texts()[-1] == "Nothing is being answered right now."
    await here.say("Hello")
    await here.until_said("You said: Hello")
    await here.say("/new")
    await here.until_shown("A new conversation has begun")


async def test_after_reset_the_old_question_is_never_asked(messenger, agent):
    chat = await messenger.chat()
    await agent.stop()
    await chat.say("old question")
    await eventually(lambda: any("cannot be reached" in str(line) for line in messenger.host.log), "the host waits")
    await chat.say(command(chat, "/reset"))
    await chat.until_shown("goes on empty")
    await agent.start()
    await chat.say("new question")

    await chat.until_said("You said: new question")
    await settled(messenger.host, chat)
    assert agent.questions == ["new question"]
    assert agent.runs[0].transcript == [("user", "new question")]
    assert not any("old question" in text for text in chat.texts())


# Several answers grow at once


class Speech:
    """An agent that goes on talking in many chats at once, as models do."""

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        self.said = 0
        self.task = asyncio.create_task(self.go_on())

    async def go_on(self) -> None:
        while True:
            self.said += 1
            for run in self.runs:
                await run.delta(f"word{self.said} ")
            await asyncio.sleep(0.2)


def heard(chat) -> int:
    """The last word that the chat shows."""
    shown = " ".join([*chat.texts(), getattr(chat, "draft", None) or ""])
    return max((int(number) for number in re.findall(r"word(\d+)", shown)), default=0)


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True], ids=["to the end", "killed"])
async def test_twenty_answers_that_grow_at_once_all_keep_pace_beside_a_chat_that_stands_still(
    duplicating, agent, killed
):
    del duplicating.host.surface["streaming"]
    openers = await duplicating.others(19)
    stands_still = asyncio.Event()
    duplicating.on_send("", before=stands_still.wait)
    agent.script = ScriptedAgent.by_hand
    chats = [await duplicating.chat(), *[await open_chat() for open_chat in openers]]
    for number, chat in enumerate(chats):
        await chat.say(f"question {number}")
    runs = [await agent.next_run() for _ in chats]
    for run in runs:
        await run.start()
    speech = Speech(runs)

    async def all_have_heard(word: int) -> bool:
        for chat in chats:
            await chat.refresh()
        return sum(heard(chat) >= word for chat in chats) >= len(chats) - 1

    # Nobody is left behind while the others are served.
    for _ in range(5):
        word = speech.said
        await eventually(lambda word=word: all_have_heard(word), f"all hear {word}", timeout=30, pause=0.2)
    speech.task.cancel()
    stands_still.set()
    if killed:
        await duplicating.host.kill()
        await duplicating.host.start()
        for chat in chats:
            await chat.until_notice(timeout=60)
    else:
        for run in runs:
            await run.answer_rest("The end.")
        for chat in chats:
            await chat.until_shown("The end.", timeout=60)
    await settled(duplicating.host, *chats)
    assert sum(heard(chat) >= word for chat in chats) >= len(chats) - 1
    assert all(len(chat.bot_messages()) <= 3 for chat in chats)
