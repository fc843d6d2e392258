"""An agent that is not there, refuses, breaks off or falls silent: every question has a visible end."""

import asyncio

import pytest

from harness import settled
from scripted_agent import Run, ScriptedAgent

RAW = "raw-detail: password=hunter2"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422, 500])
async def test_a_refusal_is_one_notice_at_once(host, chat, agent, status):
    agent.script = lambda run: run.refuse(status, {"detail": RAW})
    await chat.say("Hello")

    notice = await chat.until_notice()
    await settled(host, chat)
    assert chat.texts() == [notice.text]
    assert "hunter2" not in notice.text
    assert len(agent.runs) == 1, "what was refused is not asked again"
    assert (await host.status())["agent"]["state"] == "failing"


async def test_after_a_failure_the_next_question_is_answered(host, chat, agent):
    agent.script = lambda run: run.refuse(500)
    await chat.say("Hello")
    await chat.until_notice()
    agent.script = lambda run: run.answer("Hi.")
    await chat.say("Again")

    await chat.until_said("Hi.")
    await settled(host, chat)
    assert len(chat.bot_messages()) == 2
    assert (await host.status())["agent"]["state"] == "ok"


@pytest.mark.parametrize("refusal", [(429, {"Retry-After": "1"}), (429, {}), (503, {}), (503, {"Retry-After": "1"})])
async def test_an_agent_that_is_busy_is_asked_again(host, chat, agent, refusal):
    status, headers = refusal

    async def script(run: Run) -> None:
        if len(agent.runs) == 1:
            await run.refuse(status, {"detail": RAW}, headers)
        else:
            await run.answer("Here I am.")

    agent.script = script
    await chat.say("Hello")

    await chat.until_said("Here I am.")
    await settled(host, chat)
    assert chat.texts() == ["Here I am."]
    first, second = agent.runs
    assert first.body["runId"] != second.body["runId"]
    assert first.messages == second.messages


async def test_an_agent_that_comes_back_answers_what_was_asked_meanwhile(host, chat, agent):
    await agent.stop()
    await chat.say("Are you there?")
    await chat.until(lambda chat: chat.bot_is_typing(), "the bot is typing while it tries")
    assert host.running
    await agent.start()

    await chat.until_said("You said: Are you there?", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["You said: Are you there?"]


@pytest.mark.slow
async def test_an_agent_that_stays_away_is_one_notice_and_other_rooms_do_not_wait(host, chat, agent, ann, bot):
    async def script(run: Run) -> None:
        if run.question == "Hello":
            await run.refuse(503, {"detail": RAW})
        else:
            await run.answer("I am here for you.")

    agent.script = script
    await chat.say("Hello")
    await agent.next_run()
    other = await ann.direct_chat(bot)
    await other.say("And for me?")
    await other.until_said("I am here for you.")

    notice = await chat.until_notice(timeout=100)
    await settled(host, chat)
    assert chat.texts() == [notice.text]
    # After 1, 2, 4, 8, then each 15 s for 60 s.
    assert 7 <= agent.questions.count("Hello") <= 9


@pytest.mark.slow
async def test_an_agent_that_refuses_connections_for_good_is_one_notice(host, chat, agent):
    await agent.stop()
    await chat.say("Hello")

    notice = await chat.until_notice(timeout=100)
    await settled(host, chat)
    assert chat.texts() == [notice.text]
    assert (await host.status())["agent"]["state"] == "failing"
    assert (await host.get("/readyz"))[0] == 200, "the agent never changes readiness"


async def test_an_error_of_the_run_is_a_notice_without_its_text(host, chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.fail(RAW)

    agent.script = script
    await chat.say("Hello")

    notice = await chat.until_notice()
    await settled(host, chat)
    assert chat.texts() == [notice.text]
    assert "hunter2" not in notice.text
    assert not any("hunter2" in line for line in host.output)
    assert len(agent.runs) == 1


ENDINGS = {
    "error": lambda run: run.fail(RAW),
    "cut": lambda run: cut(run),
    "reset": lambda run: reset(run),
    "silent end": lambda run: end(run),
}


async def cut(run: Run) -> None:
    run.cut()


async def reset(run: Run) -> None:
    run.reset()


async def end(run: Run) -> None:
    """The stream ends as if all were well, without the event that says so."""
    await run.response.end()
    run.ended.set()


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_answer_that_breaks_off_keeps_its_text_and_gets_a_notice(host, chat, agent, ending):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")
    await ENDINGS[ending](run)

    notice = await chat.until_notice()
    await settled(host, chat)
    text, last = chat.bot_messages()
    assert text.text.startswith("The beginning") and "hunter2" not in text.text
    assert last.id == notice.id and "hunter2" not in notice.text
    assert len(agent.runs) == 1, "a run that has started is never repeated"


async def test_a_run_that_breaks_off_before_its_first_word_is_never_repeated(host, chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        run.cut()

    agent.script = script
    await chat.say("Hello")

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert len(agent.runs) == 1


async def test_an_error_after_the_end_is_an_error(host, chat, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.delta("All done.")
        await run.close_text()
        await run.event("RUN_FINISHED", threadId=run.thread, runId=run.body["runId"])
        await run.fail(RAW)

    agent.script = script
    await chat.say("Do it")

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 2


async def test_a_page_instead_of_a_stream_is_a_notice(host, chat, agent):
    page = b"<html>It works! " + RAW.encode() + b"</html>"
    agent.script = lambda run: whole(run, page)
    await chat.say("Hello")

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 1
    assert "hunter2" not in chat.texts()[0]


async def whole(run: Run, page: bytes) -> None:
    await run.response.whole(200, page, {"Content-Type": "text/html"})
    run.ended.set()


@pytest.mark.parametrize("silence", ["before the head", "before the first word", "in the middle"])
async def test_an_agent_that_falls_silent_is_given_up_after_the_idle_timeout(host, ann, bot, agent, silence):
    agent.script = ScriptedAgent.by_hand
    host.manifest["agent"] = {"idleTimeoutSeconds": 2}
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Hello")
    run = await agent.next_run()
    if silence != "before the head":
        await run.start()
    if silence == "in the middle":
        await run.delta("The beginning ")

    await chat.until_notice()
    await settled(host, chat)
    assert run.disconnected.is_set()
    assert len(agent.runs) == 1
    assert len([message for message in chat.bot_messages() if message.is_notice]) == 1
    assert len(chat.bot_messages()) == (2 if silence == "in the middle" else 1)


async def test_an_agent_that_never_ends_is_given_up_at_the_deadline(host, ann, bot, agent):
    async def script(run: Run) -> None:
        await run.start()
        while not run.disconnected.is_set():
            await run.delta("more ")
            try:
                async with asyncio.timeout(0.2):
                    await run.disconnected.wait()
            except TimeoutError:
                continue

    agent.script = script
    host.manifest["agent"] = {"deadlineSeconds": 3}
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Talk")

    await chat.until_notice()
    await settled(host, chat)
    assert len(chat.bot_messages()) == 2


async def test_an_agent_at_a_name_that_does_not_resolve_does_not_disturb_the_host(host, ann, bot):
    host.environment["AGENT_BASE_URL"] = "http://agent.invalid:8000"
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Hello")
    await chat.until(lambda chat: chat.bot_is_typing(), "the bot is typing while it tries")

    await chat.say("!help")
    await chat.until_shown("!stop")
    assert (await host.get("/readyz"))[0] == 200
