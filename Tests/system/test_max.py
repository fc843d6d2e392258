"""From a person's message on MAX to the agent's answer there, by the built program on a strict simulator."""

import asyncio
import hashlib

import pytest
from conftest import deployment, ended, matrix_entry, max_entry, telegram_entry

from harness import SimulatedChat, eventually, settled
from scripted_agent import Attachment, Run, ScriptedAgent


@pytest.fixture(params=["dialog", "group"])
async def place(request, max_host, max_server, maya) -> SimulatedChat:
    """The kinds of places on MAX; the host runs."""
    await max_host.start()
    return maya.direct_chat if request.param == "dialog" else maya.chat(await max_server.group())


@pytest.fixture
async def dialog(max_host, maya) -> SimulatedChat:
    """The host runs, and maya has a dialog with the bot."""
    await max_host.start()
    return maya.direct_chat


async def ask(place: SimulatedChat, text: str) -> None:
    await (place.say(text) if place.number > 0 else place.mention(text))


@pytest.mark.parametrize("what", ["preview", "final"])
async def test_under_a_rate_limit_the_answer_still_comes_once_and_complete(place, max_host, max_server, agent, what):
    """MAX does not say how long to wait."""
    agent.script = ScriptedAgent.by_hand
    await ask(place, "Tell me")
    run = await agent.next_run()
    await run.start()
    if what == "final":
        await run.delta("The beginning, ")
        await place.until_shown("The begin")
    for method in ("sendMessage", "editMessage"):
        await max_server.fault("429", method, times=2)
    if what == "preview":
        await run.delta("The beginning, ")
        await eventually(lambda: refused(max_server), "MAX objects")
    await run.answer_rest("the end.")
    await eventually(lambda: refused(max_server), "MAX objects")
    await max_server.control("faults/clear")

    await place.until_said("The beginning, the end.", timeout=60)
    await settled(max_host, place)
    assert place.texts() == ["The beginning, the end."]


async def refused(server) -> list:
    return [call for call in await server.calls() if call["code"] == 429]


async def test_with_the_services_own_limits_a_long_stream_is_never_refused(place, max_host, max_server, agent):
    await max_server.control("settings", limited=True)
    agent.script = ScriptedAgent.by_hand
    await ask(place, "Tell me")
    run = await agent.next_run()
    await run.start()
    for number in range(6):
        await run.delta(f"part {number}, ")
        await place.until_shown(f"part {number - 1}," if number else "part")
    await run.answer_rest("the end.")

    await place.until_said("".join(f"part {number}, " for number in range(6)) + "the end.")
    await settled(max_host, place)
    assert await refused(max_server) == []


async def test_files_go_both_ways(dialog, max_host, max_server, agent):
    await max_server.control("settings", not_ready=2)
    document = Attachment("document", "report.txt", "text/plain", b"all of it")

    async def script(run: Run) -> None:
        await run.start()
        await run.delta("Here it is.")
        await run.file(document)
        await run.finish()

    agent.script = script
    await dialog.send_file(b"what is in here?", "question.txt", "text/plain", "Look")
    await dialog.until(lambda chat: any(m.file for m in chat.bot_messages()), "a file", timeout=60)
    await settled(max_host, dialog)

    [received] = agent.runs[0].files
    assert (received.data, received.name) == (b"what is in here?", "question.txt")
    text, file = dialog.bot_messages()
    assert text.text == "Here it is."
    assert file.file["name"] == "report.txt" and file.file["sha256"] == hashlib.sha256(document.data).hexdigest()
    uploads = [call for call in await max_server.calls() if "upload" in call["method"].lower()]
    assert len([call for call in uploads if call["method"] == "getUploadUrl"]) == 1, "uploaded once, sent until ready"


async def test_markdown_is_shown_and_what_cannot_be_is_shown_plainly(dialog, max_host, max_server, agent):
    agent.script = lambda run: run.answer("**bold** & <i>literal</i>")
    await dialog.say("Format")
    message = await dialog.until_said("bold & <i>literal</i>")
    assert any(mark["type"] == "strong" for mark in message.json["markup"])

    await max_server.control("settings", refuses_format=True)
    await dialog.say("Again")
    await dialog.until(lambda chat: len(chat.bot_messages()) == 2, "a second answer")
    await settled(max_host, dialog)
    assert "bold" in dialog.texts()[1]


async def test_a_person_who_opens_the_bot_is_greeted(dialog, max_server, maya, agent):
    await max_server.control("start", user=maya.number, payload="from-a-link")

    await dialog.until_shown("/help")
    assert agent.runs == []


async def test_edits_and_removals_of_a_waiting_question_count(dialog, max_host, max_server, agent):
    agent.script = ScriptedAgent.by_hand
    await dialog.say("first")
    run = await agent.next_run()
    await run.start()
    second = await dialog.say("secnd")
    third = await dialog.say("third")
    await dialog.edit(second, "second")
    await max_server.control("withdraw", message=third)
    await dialog.say("/context")
    await dialog.until(lambda chat: chat.bot_messages(), "the host has seen what was said before")
    agent.script = lambda run: run.answer(f"answer to {run.question}")
    await run.answer_rest("answer to first")

    await dialog.until_said("answer to second")
    await settled(max_host, dialog)
    assert agent.questions == ["first", "second"]


async def test_what_names_no_chat_stalls_nothing(dialog, max_host, max_server, maya, agent):
    await max_server.control("voice", user=maya.number)
    await max_server.control("inject", update={"update_type": "something_new", "timestamp": 1, "strange": {"a": [1]}})
    await dialog.say("Hello")

    await dialog.until_said("You said: Hello")
    assert agent.questions == ["Hello"]
    assert [line for line in max_host.log if line["level"] == "warning"], "it is said to the operator"


async def test_a_subscription_left_by_another_program_is_removed_and_said(max_host, max_server, maya):
    await max_server.control("webhook", url="https://elsewhere.example/")

    await max_host.start()

    await maya.direct_chat.say("Hello")
    await maya.direct_chat.until_said("You said: Hello")
    assert await max_server.control("subscriptions") == []
    assert [line for line in max_host.log if line["level"] == "warning"]


async def test_by_webhook_each_message_is_asked_once_also_over_a_kill(max_host, max_server, maya, agent):
    await max_server.control("settings", webhook_retry_seconds=0.2)
    max_host.surface["options"]["receive"] = "webhook"
    max_host.manifest["webhooks"]["publicURL"] = f"http://{max_host.manifest['webhooks']['listen']}"
    await max_host.start()
    chat = maya.direct_chat
    await chat.say("one")
    await chat.until_said("You said: one")

    await max_host.kill()
    await chat.say("two")
    await max_host.start()

    await chat.until_said("You said: two", timeout=60)
    await settled(max_host, chat)
    assert agent.questions == ["one", "two"]
    assert chat.texts() == ["You said: one", "You said: two"]


async def test_a_refused_token_is_a_state_and_the_others_go_on(
    tmp_path, session, max_server, maya, telegram, tina, homeserver, bot, ann, agent
):
    """One manifest runs all three; each is toggled without touching the others."""
    surfaces = [
        matrix_entry(homeserver.url, [ann.id]),
        telegram_entry(telegram, [tina.id]),
        max_entry(max_server, [maya.id]),
    ]
    variables = {
        "MATRIX_ACCESS_TOKEN": bot.token,
        "TELEGRAM_TOKEN": telegram.token,
        "MAX_TOKEN": max_server.token,
    }
    host = deployment(tmp_path / "all", session, surfaces, agent.url, **variables)
    await host.start()
    room = await ann.direct_chat(bot)
    await room.until_bot_is("join")
    chats = {"matrix": room, "telegram": tina.direct_chat, "max": maya.direct_chat}
    agent.script = ScriptedAgent.by_hand
    runs = {}
    for name, chat in chats.items():
        await chat.say(f"on {name}")
        runs[name] = await agent.next_run()
        await runs[name].start()
        await runs[name].delta(f"beginning on {name}, ")
        await chat.until_shown("beginning")
    assert len({run.thread for run in runs.values()}) == 3

    surfaces[2]["enabled"] = False
    await host.reload()
    await eventually(lambda: is_in(host, "max", "disabled"), "max is switched off")
    await asyncio.wait_for(runs["max"].disconnected.wait(), 10)
    assert not runs["matrix"].disconnected.is_set() and not runs["telegram"].disconnected.is_set()
    surfaces[2]["enabled"] = True
    await max_server.control("settings", knows_token=False)
    await host.reload()
    await eventually(lambda: is_in(host, "max", "needsAttention"), "the token is refused")

    for name in ("matrix", "telegram"):
        await runs[name].answer_rest("and the end.")
        await chats[name].until_said(f"beginning on {name}, and the end.")
    assert host.running
    await ended(host, *variables.values())


async def is_in(host, surface: str, state: str) -> bool:
    return await host.state_of(surface) == state
