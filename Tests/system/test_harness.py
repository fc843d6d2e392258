"""The harness itself: what the other tests trust blindly."""

import asyncio

import aiohttp
import pytest

from harness import Chat, FaultyProxy
from scripted_agent import Attachment, ScriptedAgent

QUESTION = {"threadId": "7", "runId": "r", "messages": [{"id": "m", "role": "user", "content": "hello"}]}


async def test_the_agent_streams_what_its_script_says(agent, session):
    picture = Attachment("image", "dot.png", "image/png", b"\x89PNG")

    async def script(run):
        await run.start()
        await run.delta("Hel")
        await run.delta("lo")
        await run.file(picture)
        await run.finish()

    agent.script = script
    async with session.post(agent.url, json=QUESTION) as response:
        body = await response.text()

    assert body.index('"Hel"') < body.index('"lo"') < body.index("iVBORw") < body.index("RUN_FINISHED")
    assert agent.questions == ["hello"]


async def test_the_agent_notices_that_its_caller_has_gone(agent, session):
    agent.script = ScriptedAgent.by_hand
    asking = asyncio.create_task(session.post(agent.url, json=QUESTION, chunked=True))
    run = await agent.next_run()
    await run.start()
    (await asking).close()

    await asyncio.wait_for(run.disconnected.wait(), 10)


@pytest.mark.parametrize("ending", ["cut", "reset"])
async def test_the_agent_breaks_off(agent, session, ending):
    agent.script = ScriptedAgent.by_hand

    async def ask() -> bytes:
        async with session.post(agent.url, json=QUESTION) as response:
            return await response.read()

    asking = asyncio.create_task(ask())
    run = await agent.next_run()
    await run.start()
    getattr(run, ending)()

    with pytest.raises(aiohttp.ClientError):
        await asking


async def test_the_agent_sees_two_runs_on_one_thread_and_a_reused_connection(session):
    agent = ScriptedAgent(ScriptedAgent.by_hand)
    await agent.start()

    asking = [asyncio.create_task(session.post(agent.url, json=QUESTION)) for _ in range(2)]
    first, second = await agent.next_run(), await agent.next_run()
    await asyncio.gather(first.answer("a"), second.answer("b"))
    for response in await asyncio.gather(*asking):
        await response.read()
    third = asyncio.create_task(session.post(agent.url, json=QUESTION))
    await (await agent.next_run()).answer("c")
    await (await third).read()
    await agent.stop()

    assert agent.overlaps == ["7"]
    assert agent.runs[2].connection in (first.connection, second.connection)


async def test_a_person_sees_messages_with_their_edits(homeserver, ann, bob):
    chat = await ann.direct_chat(bob.account)
    theirs = await bob.join(chat.room)

    first = await theirs.say("Hel")
    for text in ("Hello", "Hello, Ann"):
        await theirs.edit(first, text)
    await theirs.say("⚠️ and a second one")

    await chat.until_notice()
    message, notice = chat.bot_messages()
    assert message.texts == ["Hel", "Hello", "Hello, Ann"]
    assert notice.text == "⚠️ and a second one"


async def test_a_person_misses_nothing_in_a_long_burst(homeserver, ann, bob):
    chat = await ann.direct_chat(bob.account)
    theirs = await bob.join(chat.room)
    await chat.until_bot_is("join")

    await asyncio.gather(*(theirs.say(f"message {number}") for number in range(60)))

    await chat.until(lambda chat: len(chat.bot_messages()) == 60, "all of them")


async def test_the_proxy_loses_the_answer_of_a_request_that_was_done(homeserver, ann, bob):
    proxy = FaultyProxy(homeserver.url)
    await proxy.start()
    chat = await ann.direct_chat(bob.account)
    theirs: Chat = await bob.join(chat.room)
    # This client repeats a PUT once by itself.
    fault = proxy.fault("PUT", "/send/", answer="reset", times=2)

    headers = {"Authorization": f"Bearer {bob.account.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        with pytest.raises(aiohttp.ClientError):
            url = f"{proxy.url}{theirs.path}/send/m.room.message/1"
            await session.put(url, json={"msgtype": "m.text", "body": "x"})
    await chat.until_said("x")
    await proxy.stop()
    assert len(chat.bot_messages()) == 1, "the homeserver knows the transaction again"

    assert fault.times == 0
    assert [exchange.status for exchange in proxy.sent()] == [200, 200]
