"""A homeserver that is away, slow, overloaded or forgetful of its answers."""

import asyncio
import json

import pytest
from conftest import deployment, matrix_entry

from harness import FaultyProxy, eventually, settled
from scripted_agent import Run, ScriptedAgent


async def readiness(host) -> int:
    return (await host.get("/readyz"))[0]


async def test_while_the_homeserver_is_away_it_says_so_and_afterwards_nothing_is_lost(proxy, host, chat, agent):
    await chat.say("before")
    await chat.until_said("You said: before")

    await proxy.stop()
    await eventually(lambda: is_not_ready(host), "/readyz answers 503")
    assert await host.state_of() == "retrying"
    assert (await host.get("/healthz"))[0] == 200
    await chat.say("meanwhile")
    await proxy.start()

    await host.ready(timeout=60)
    await chat.until_said("You said: meanwhile")
    await settled(host, chat)
    assert agent.questions == ["before", "meanwhile"]
    assert len(chat.bot_messages()) == 2


async def is_not_ready(host) -> bool:
    return await readiness(host) == 503


async def test_an_answer_that_ends_while_the_homeserver_is_away_arrives_afterwards(proxy, host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    await proxy.stop()
    await run.answer_rest("and the end.")
    await eventually(lambda: is_not_ready(host), "/readyz answers 503")
    await proxy.start()

    await chat.until_said("The beginning and the end.", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["The beginning and the end."]


async def test_it_starts_while_the_homeserver_is_away(proxy, host, agent, ann, bot):
    await proxy.stop()
    await host.launch()
    await eventually(lambda: is_not_ready(host), "/readyz answers 503")
    assert (await host.get("/healthz"))[0] == 200
    await proxy.start()

    await host.ready(timeout=60)
    chat = await ann.direct_chat(bot)
    await chat.say("Hello")
    await chat.until_said("You said: Hello")


async def test_a_homeserver_at_a_name_that_does_not_resolve_leaves_the_others_alone(host, ann, bot, agent):
    lost = {**host.surface, "id": "lost"}
    lost["options"] = {**host.surface["options"], "homeserver": "http://matrix.invalid"}
    host.manifest["surfaces"].append(lost)
    await host.launch()
    await eventually(lambda: receives(host), "the other one receives")
    chat = await ann.direct_chat(bot)
    await chat.say("Hello")
    await chat.until_said("You said: Hello")

    assert await host.state_of("lost") == "retrying"
    assert await readiness(host) == 503
    assert (await host.get("/readyz?surface=matrix"))[0] == 200
    assert (await host.get("/readyz?surface=lost"))[0] == 503


async def receives(host) -> bool:
    code, _ = await host.get("/readyz?surface=matrix")
    return code == 200


async def test_more_messages_than_a_sync_holds_are_all_received(proxy, host, agent, ann, bob, bot):
    await host.start()
    group = await ann.group(bot, bob)
    await group.until_bot_is("join")
    theirs = await bob.join(group.room, bot.id)
    await group.mention("warm up")
    await group.until_shown("warm up")

    await proxy.stop()
    await eventually(lambda: is_not_ready(host), "/readyz answers 503")
    await group.mention("first of many")
    for number in range(130):
        await theirs.say(f"chatter {number}")
    await group.mention("last of many")
    await proxy.start()

    await group.until_shown("last of many", timeout=120)
    await settled(host, group)
    assert [question.split()[-3] for question in agent.questions[1:]] == ["first", "last"]


@pytest.mark.parametrize("answer", ["reset", 502, 504])
async def test_a_final_whose_confirmation_is_lost_is_one_message(proxy, host, chat, agent, answer):
    final = proxy.fault(
        "PUT",
        "/send/m.room.message/",
        times=3,
        answer=answer,
        body=b"<html>Bad gateway</html>",
        headers={"Content-Type": "text/html"},
        matches=lambda exchange: b"The whole answer." in exchange.body,
    )
    agent.script = lambda run: run.answer("The whole ", "answer.")
    await chat.say("Tell me")

    await chat.until_said("The whole answer.")
    await eventually(lambda: final.times == 0, "it was sent again until it was confirmed", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["The whole answer."]
    assert len(agent.runs) == 1


async def test_a_final_that_never_arrived_is_sent_again(proxy, host, chat, agent):
    fault = proxy.fault("PUT", "/send/m.room.message/", times=2, deliver=False, answer="reset")
    await chat.say("Hello")

    await chat.until_said("You said: Hello", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["You said: Hello"]
    assert fault.times == 0


async def test_when_told_to_wait_it_waits_and_the_answer_arrives(proxy, host, chat, agent):
    body = json.dumps({"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 1500}).encode()
    headers = {"Content-Type": "application/json", "Retry-After": "2"}
    proxy.fault("PUT", "/send/m.room.message/", times=2, deliver=False, answer=429, body=body, headers=headers)
    await chat.say("Hello")

    await chat.until_said("You said: Hello", timeout=60)
    await settled(host, chat)
    assert chat.texts() == ["You said: Hello"]


async def test_a_send_that_hangs_does_not_hold_up_other_rooms(proxy, host, chat, agent, ann, bot):
    other = await ann.direct_chat(bot)
    await other.until_bot_is("join")
    release = asyncio.Event()
    proxy.fault("PUT", "/send/m.room.message/", before=release.wait)
    await chat.say("Hello")
    await eventually(lambda: proxy.faults[-1].reached.is_set(), "the send hangs")
    await other.say("And I?")

    await other.until_said("You said: And I?")
    release.set()
    await chat.until_said("You said: Hello")
    await settled(host, chat, other)
    assert len(chat.bot_messages()) == len(other.bot_messages()) == 1


@pytest.mark.slow
async def test_the_end_of_an_answer_does_not_wait_for_the_typing_indicator(proxy, host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    proxy.fault("PUT", "/typing/", times=10**6, before=asyncio.Event().wait)

    await run.answer("Here it is.")

    # Far less than such a call may take.
    await chat.until_said("Here it is.", timeout=10)
    assert await host.terminate(timeout=10) == 0


async def test_a_sync_that_hangs_for_ever_is_noticed(proxy, host, chat, agent):
    await chat.say("Hello")
    await chat.until_said("You said: Hello")
    never = asyncio.Event()
    fault = proxy.fault("GET", "/sync", times=10**6, before=never.wait)
    await chat.say("!help")
    await eventually(fault.reached.is_set, "a sync hangs")

    # A poll takes 30 s and is called late 15 s after it should have ended.
    await eventually(lambda: is_not_ready(host), "/readyz answers 503", timeout=75)
    fault.times = 0
    never.set()
    await host.ready(timeout=60)
    await chat.say("Again")
    await chat.until_said("You said: Hello")
    await chat.until_said("You said: Again")


async def test_a_token_that_was_revoked_needs_attention_and_the_process_stays(host, chat, homeserver, bot):
    await homeserver.call("POST", "/_matrix/client/v3/logout", {}, token=bot.token)

    await eventually(lambda: needs_attention(host), "needsAttention", timeout=60)
    status = await host.status()
    assert status["surfaces"][0]["reason"]
    assert await readiness(host) == 503
    assert (await host.get("/healthz"))[0] == 200
    assert host.running


async def needs_attention(host) -> bool:
    return await host.state_of() == "needsAttention"


async def test_with_user_and_password_it_logs_in_once_and_keeps_its_device(host, homeserver, ann, bot, agent):
    host.surface["options"] = {
        "homeserver": homeserver.url,
        "user": bot.localpart,
        "password": {"env": "MATRIX_PASSWORD"},
    }
    host.environment["MATRIX_PASSWORD"] = bot.password
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("one")
    await chat.until_said("You said: one")
    await host.kill()
    await host.start()
    await chat.say("two")
    await chat.until_said("You said: two")

    devices = (await homeserver.call("GET", "/_matrix/client/v3/devices", token=bot.token))["devices"]
    assert len(devices) == 2, "the one of the test's own registration, and one of the host"


@pytest.mark.slow
async def test_at_default_rate_limits_a_long_stream_is_complete_without_a_single_429(
    tmp_path, session, limited_homeserver, agent
):
    bot = await limited_homeserver.register("bot")
    ann = await limited_homeserver.person("ann")
    proxy = FaultyProxy(limited_homeserver.url)
    await proxy.start()
    host = deployment(
        tmp_path / "host", session, [matrix_entry(proxy.url, [ann.id])], agent.url, MATRIX_ACCESS_TOKEN=bot.token
    )
    del host.surface["streaming"]
    words = [f"word{number} " for number in range(200)]

    async def script(run: Run) -> None:
        await run.start()
        for word in words:
            await run.delta(word)
            # A pace: 200 words in 30 s, as a model speaks.
            await asyncio.sleep(0.15)
        await run.finish()

    agent.script = script
    try:
        await host.start()
        chat = await ann.direct_chat(bot)
        await chat.say("Talk long")
        message = await chat.until_said("".join(words).strip(), timeout=120)
        await settled(host, chat)
        assert chat.texts() == [message.text]
        assert len(message.versions) >= 3, "it grew before it was complete"
        assert proxy.statuses(429) == []
    finally:
        await host.close()
        await proxy.stop()
