"""Stopping and reloading: what has begun is finished, what waits is kept."""

import asyncio
import re
import signal
import sqlite3

from harness import eventually, settled
from harness.waiting import free_port
from scripted_agent import ScriptedAgent


async def test_it_ends_with_0_when_told_to(host):
    await host.start()

    assert await host.terminate() == 0


async def test_an_interrupt_from_the_keyboard_drains_too(host):
    await host.start()
    host.signal(signal.SIGINT)

    assert await host.ended() == 0


async def test_a_running_answer_is_finished_before_it_ends(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    host.signal(signal.SIGTERM)
    await eventually(lambda: len(host.log) and not_receiving(host), "receiving ends")
    await run.answer_rest("and the end.")

    assert await host.ended() == 0
    await chat.until_said("The beginning and the end.")
    await chat.caught_up()
    assert chat.texts() == ["The beginning and the end."]


async def not_receiving(host) -> bool:
    return (await host.get("/readyz"))[0] != 200


async def test_messages_that_wait_are_kept_for_the_next_start(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("first")
    run = await agent.next_run()
    await run.start()
    await chat.say("second")
    await chat.say("!context")
    await chat.until(lambda chat: chat.bot_messages(), "the host has seen what was said before")

    host.signal(signal.SIGTERM)
    await eventually(lambda: not_receiving(host), "receiving ends")
    await run.answer_rest("answer to first")
    assert await host.ended() == 0
    assert agent.questions == ["first"]

    agent.script = lambda run: run.answer(f"answer to {run.question}")
    await host.start()
    await chat.until_said("answer to second")
    await settled(host, chat)
    assert agent.questions == ["first", "second"]
    assert chat.texts()[1:] == ["answer to first", "answer to second"]


async def test_an_answer_that_takes_longer_than_the_drain_keeps_its_text_and_gets_a_notice(host, ann, bot, agent):
    host.manifest["drainSeconds"] = 1
    await host.start()
    chat = await ann.direct_chat(bot)
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    assert await host.terminate() == 0
    assert run.disconnected.is_set()
    await host.start()

    await chat.until_notice()
    await settled(host, chat)
    assert [message.is_notice for message in chat.bot_messages()] == [False, True]
    assert len(agent.runs) == 1


async def test_a_second_signal_ends_it_at_once_and_nothing_is_lost(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    host.signal(signal.SIGTERM)
    await eventually(lambda: not_receiving(host), "receiving ends")

    host.signal(signal.SIGTERM)
    # Well before the 25 s that a running answer may take.
    await host.ended(timeout=10)
    await host.start()

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert len(agent.runs) == 1


async def test_a_surface_is_switched_off_and_on_by_the_manifest(host, chat, agent):
    host.surface["enabled"] = False
    await host.reload()
    await eventually(lambda: is_in_state(host, "disabled"), "the surface is disabled")
    await chat.say("Are you there?")
    assert (await host.get("/healthz"))[0] == 200

    host.surface["enabled"] = True
    await host.reload()
    await host.ready()

    await chat.until_said("You said: Are you there?")
    await settled(host, chat)
    assert chat.texts() == ["You said: Are you there?"]


async def is_in_state(host, state: str) -> bool:
    return await host.state_of() == state


async def test_a_reload_does_not_touch_what_did_not_change(host, homeserver, ann, bot, agent):
    second = await homeserver.register("bot")
    host.environment["SECOND_TOKEN"] = second.token
    other = {**host.surface, "id": "other", "enabled": False}
    other["options"] = {**host.surface["options"], "accessToken": {"env": "SECOND_TOKEN"}}
    host.manifest["surfaces"].append(other)
    await host.start()
    chat = await ann.direct_chat(bot)
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    other["enabled"] = True
    await host.reload()
    await eventually(lambda: receives(host, "other"), "the other surface receives")
    assert not run.disconnected.is_set()
    await run.answer_rest("and the end.")

    await chat.until_said("The beginning and the end.")
    await settled(host, chat)
    assert chat.texts() == ["The beginning and the end."]


async def receives(host, surface: str) -> bool:
    return await host.state_of(surface) == "receiving"


async def test_a_bad_manifest_changes_nothing_and_is_said(host, chat, agent):
    good = host.manifest["version"]
    lines = len(host.output)
    host.manifest["version"] = "one"
    await host.reload()
    await eventually(
        lambda: [line for line in host.log[lines:] if line.get("level") in ("error", "warning")], "the log says so"
    )

    await chat.say("Still there?")
    await chat.until_said("You said: Still there?")
    host.manifest["version"] = good


async def test_a_new_language_acts_without_a_restart(host, chat, agent):
    await chat.say("!why")
    await chat.until(lambda chat: chat.bot_messages(), "a reply")
    host.manifest["language"] = "ru"
    await host.reload()
    await eventually(lambda: [line for line in host.log if "read again" in line["message"]], "the manifest is read")

    agent.script = lambda run: run.refuse(401, {})
    await chat.say("Hello")

    await chat.until_notice()
    await chat.say("!why")
    await chat.until(lambda chat: len(chat.bot_messages()) == 3, "a reply")
    english, *russian = chat.texts()
    assert english.isascii()
    assert all(re.search("[а-я]", text) for text in russian)


async def test_a_new_agent_address_acts_from_the_next_turn(host, chat, agent):
    await chat.say("one")
    await chat.until_said("You said: one")
    second = ScriptedAgent(lambda run: run.answer("The second agent here."), port=free_port())
    await second.start()
    host.manifest["agent"] = {"baseURL": second.url}
    await host.reload()

    async def second_agent_answers() -> bool:
        await chat.say("two")
        await agent_of(chat)
        return bool(second.runs)

    async def agent_of(chat) -> None:
        count = len(agent.runs) + len(second.runs)
        await eventually(lambda: len(agent.runs) + len(second.runs) > count or second.runs, "some agent is asked")

    await eventually(second_agent_answers, "the second agent is asked")
    await chat.until_said("The second agent here.")
    await second.stop()


async def test_a_person_who_is_let_in_by_a_reload_is_answered(host, chat, bob, bot, agent):
    await bob.direct_chat(bot)
    host.surface["access"]["users"].append(bob.id)
    await host.reload()
    theirs = await bob.direct_chat(bot)
    await theirs.say("Me too?")

    await theirs.until_said("You said: Me too?")


async def test_restarts_under_load_lose_nothing_and_say_nothing_twice(telegram_host, telegram, agent):
    """A deployment that is replaced again and again while people write."""
    people = [await telegram.person(f"Person{number}") for number in range(4)]
    telegram_host.surface["access"]["users"] = [person.id for person in people]
    agent.script = slowly
    await telegram_host.start()
    finished = asyncio.Event()

    async def write(person) -> list[str]:
        questions = []
        while len(questions) < 4 or not finished.is_set():
            questions.append(f"{person.name} asks {len(questions)}")
            await person.direct_chat.say(questions[-1])
            # A few are always open, also while no host runs.
            await eventually(lambda: len(questions) - len(asked_by(person)) < 3, "the agent is asked", timeout=60)
        return questions

    def asked_by(person) -> list[str]:
        return [question for question in agent.questions if question.startswith(f"{person.name} ")]

    writers = [asyncio.create_task(write(person)) for person in people]
    for _ in range(3):
        before = len(agent.runs)
        await eventually(lambda before=before: len(agent.runs) >= before + 4, "the load is answered")
        assert await telegram_host.terminate() == 0
        await telegram_host.start()
    finished.set()
    asked = await asyncio.gather(*writers)

    for person, questions in zip(people, asked, strict=True):
        chat = person.direct_chat
        await chat.until_said(f"Answer to {questions[-1]}", timeout=60)
        await settled(telegram_host, chat)
        assert chat.texts() == [f"Answer to {question}" for question in questions]
    assert sorted(agent.questions) == sorted(question for questions in asked for question in questions)


async def slowly(run) -> None:
    """In pieces, so that a restart meets answers in their middle."""
    await run.start()
    await run.delta("Answer ")
    await asyncio.sleep(0.2)
    await run.answer_rest(f"to {run.question}")


async def test_a_backup_that_was_made_while_it_ran_is_one_to_start_from(telegram_host, tina, agent, tmp_path):
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("one")
    await chat.until_said("You said: one")
    database = telegram_host.folder / "state/surfaces.db"
    await telegram_host.idle()
    # What `sqlite3 surfaces.db ".backup copy.db"` does.
    with sqlite3.connect(database) as running, sqlite3.connect(tmp_path / "copy.db") as copy:
        running.backup(copy)
    assert await telegram_host.terminate() == 0

    for leftover in database.parent.glob("surfaces.db*"):
        leftover.unlink()
    (tmp_path / "copy.db").rename(database)
    await telegram_host.start()
    await chat.say("two")
    await chat.until_said("You said: two")

    await settled(telegram_host, chat)
    assert chat.texts() == ["You said: one", "You said: two"]
    assert agent.runs[-1].transcript[0][1] == "one", "the conversation goes on"
