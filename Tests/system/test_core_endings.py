"""How turns end: always, with what is true, and without anything left behind that says otherwise."""

import asyncio

import pytest
from test_disk import disk  # noqa: F401

from harness import SimulatedChat, command, eventually, settled
from scripted_agent import Attachment, ScriptedAgent

# A turn always ends


@pytest.mark.parametrize("end", ["fail", "file", "answer", "cut"])
async def test_a_run_that_ends_while_its_room_moves_into_another_ends_there(
    telegram_host, telegram, direct, tina, agent, end
):
    """Both are known already: what was said in the one goes on in the other."""
    old, new = tina.chat(await telegram.group()), tina.chat(await telegram.group())
    for group in (old, new):
        await group.mention("known")
        await group.until(lambda chat: chat.bot_messages(), "an answer")
    agent.forget()
    agent.script = ScriptedAgent.by_hand
    await old.mention("Tell me")
    run = await agent.next_run()
    await run.start()
    chat = {"id": old.number, "type": "group", "title": "A group"}
    sender = {"id": tina.number, "is_bot": False, "first_name": "Tina"}
    moved = {"message_id": 900, "date": 1796000000, "chat": chat, "from": sender, "migrate_to_chat_id": new.number}
    await telegram.control("inject", kind="message", content=moved)
    # Taken behind it.
    await direct.say("/help")
    await direct.until(lambda chat: chat.bot_messages(), "a reply")
    if end == "fail":
        await run.fail("it failed")
    elif end == "cut":
        run.cut()
    else:
        if end == "file":
            await run.file(Attachment("document", "report.txt", "text/plain", b"all of it"))
        await run.answer_rest("The answer.")

    if end in ("fail", "cut"):
        await new.until_notice()
    else:
        await new.until_said("The answer.")
    if end == "file":
        await new.until(lambda chat: any(m.file for m in chat.bot_messages()), "the file")
    await settled(telegram_host, new)
    agent.script = lambda run: run.answer("Here I am.")
    await new.mention("Are you there?")
    await new.until_said("Here I am.")
    assert await telegram_host.terminate() == 0


async def test_with_a_full_disk_and_its_surface_switched_off_the_host_still_ends_when_it_is_told_to(
    disk,  # noqa: F811
    telegram_host,
    direct,
    tina,
    agent,
):
    assert await telegram_host.terminate() == 0
    telegram_host.manifest["state"]["path"] = str(disk.folder / "state")
    telegram_host.manifest["drainSeconds"] = 1
    await telegram_host.start()
    agent.script = ScriptedAgent.by_hand
    await direct.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await direct.until_shown("The beginning")
    disk.fill(telegram_host)
    # A long text, so that no free page of the database takes it.
    await run.delta("x" * 20_000)
    telegram_host.surface["enabled"] = False
    await telegram_host.reload()
    await eventually(lambda: no_longer_receives(telegram_host), "it is being switched off")

    assert await telegram_host.terminate(timeout=20) == 0
    disk.clear(telegram_host)
    telegram_host.surface["enabled"] = True
    await telegram_host.start()
    await direct.until_notice()
    await settled(telegram_host, direct)
    assert len(agent.runs) == 1


async def no_longer_receives(host) -> bool:
    return await host.state_of("telegram") != "receiving"


# What the agent said is remembered as its own


async def test_after_stop_the_part_answer_keeps_the_agents_own_message_id(messenger, agent):
    agent.script = ScriptedAgent.by_hand
    chat = await messenger.chat()
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of it ")
    identifier = run.message_id
    await chat.until_shown("The beginning of it")
    await chat.say(command(chat, "/stop"))
    await asyncio.wait_for(run.disconnected.wait(), 10)
    await settled(messenger.host, chat)
    agent.script = lambda run: run.answer("You said: ", run.question)
    await chat.say("hello")

    await chat.until_said("You said: hello")
    spoken = [message for message in agent.runs[-1].messages if message["role"] == "assistant"]
    assert [message["id"] for message in spoken] == [identifier]


@pytest.mark.parametrize("end", ["fail", "cut", "kill"])
async def test_however_a_run_breaks_off_the_part_answer_keeps_the_agents_own_message_id(messenger, agent, end):
    agent.script = ScriptedAgent.by_hand
    chat = await messenger.chat()
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of it ")
    identifier = run.message_id
    await chat.until_shown("The beginning of it")
    if end == "fail":
        await run.fail("no more")
    elif end == "cut":
        run.cut()
    else:
        await messenger.host.kill()
        await messenger.host.start()
    await chat.until_notice()
    await settled(messenger.host, chat)
    agent.script = lambda run: run.answer("You said: ", run.question)
    await chat.say("hello")

    await chat.until_said("You said: hello")
    spoken = [message for message in agent.runs[-1].messages if message["role"] == "assistant"]
    assert [message["id"] for message in spoken] == [identifier]


# Typing


@pytest.mark.slow
@pytest.mark.parametrize("place", ["telegram group", "max dialog", "max group"])
async def test_typing_stops_when_text_grows_and_never_comes_after_the_end(
    place, telegram_host, telegram, tina, max_host, max_server, maya, agent
):
    kind, _, where = place.partition(" ")
    host, server = (telegram_host, telegram) if kind == "telegram" else (max_host, max_server)
    action = "sendChatAction" if kind == "telegram" else "sendAction"
    # The messenger's own pace, so that the answer grows for longer than one sign of typing lasts.
    del host.surface["streaming"]
    await host.start()
    person = tina if kind == "telegram" else maya
    chat: SimulatedChat = person.chat(await server.group()) if where == "group" else person.direct_chat
    agent.script = ScriptedAgent.by_hand
    await (chat.mention("Tell me") if where == "group" else chat.say("Tell me"))
    run = await agent.next_run()
    await run.start()

    async def typings() -> int:
        return len(await server.calls(action))

    await eventually(typings, "it types while there is no text")
    await run.delta("The beginning of it, ")
    await chat.until_shown("The beginning")
    before = await typings()
    for part in ("one", "two", "three", "four", "five"):
        await run.delta(f"and {part} more, ")
        await chat.until_shown(f"{part} more")
    assert await typings() <= before + 1, "it types on beside the text that grows"
    await run.answer_rest("the end.")
    await chat.until_shown("the end.")
    await settled(host, chat)
    calls = [call["method"] for call in await server.calls()]
    texts = [n for n, method in enumerate(calls) if method in ("sendMessage", "editMessageText", "editMessage")]
    assert action not in calls[texts[0] + 2 :], "it typed after its text was there"


@pytest.mark.slow
@pytest.mark.parametrize("end", ["answer", "fail", "stop"])
async def test_nothing_types_when_a_turn_without_text_has_ended(duplicating, agent, end):
    agent.script = ScriptedAgent.by_hand
    chat = await duplicating.chat()
    await chat.say("Think")
    run = await agent.next_run()
    await run.start()
    await chat.until(lambda _: duplicating.typings(), "it types")
    if end == "answer":
        await run.answer_rest("Done.")
    elif end == "fail":
        await run.fail("no")
    else:
        await chat.say("/stop")
    await chat.until(lambda chat: chat.bot_messages(), "the end")
    await settled(duplicating.host, chat)
    exchanges = duplicating.proxy.exchanges
    last_typing = max(n for n, e in enumerate(exchanges) if e in duplicating.typings())
    first_send = min(n for n, e in enumerate(exchanges) if e in duplicating.sends())
    assert last_typing < first_send


# What `why` says is true


@pytest.mark.slow
@pytest.mark.parametrize("how", ["refuses connections", "answers 503"])
async def test_why_says_nothing_false_of_an_agent_that_was_never_reached(telegram_host, direct, agent, how):
    if how == "answers 503":
        agent.script = lambda run: run.refuse(503, {})
    else:
        await agent.stop()
    await direct.say("Hello")
    await direct.until_notice(timeout=120)
    await direct.say("/why")
    await direct.until(lambda chat: len(chat.bot_messages()) == 2, "an explanation")

    words = direct.texts()[-1]
    assert "could not be reached" in words or "cannot be reached" in words
    assert "had it" not in words and "It ran" not in words, words


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_why_does_not_say_that_a_refused_question_ran(messenger, agent, status):
    agent.script = lambda run: run.refuse(status, {})
    chat = await messenger.chat()
    await chat.say("Hello")
    await chat.until_notice()
    await chat.say(command(chat, "/why"))
    await chat.until(lambda chat: len(chat.bot_messages()) == 2, "an explanation")

    words = chat.texts()[-1]
    assert "It ran" not in words, words
