"""From a person's message on Telegram to the agent's answer there, by the built program on a strict simulator."""

import asyncio
import hashlib

import pytest
from conftest import deployment, ended, matrix_entry, telegram_entry

from harness import SimulatedChat, eventually, settled
from scripted_agent import Attachment, Run, ScriptedAgent


@pytest.fixture(params=["private", "private by edits", "group", "topic"])
async def place(request, telegram_host, telegram, tina) -> SimulatedChat:
    """The kinds of places on Telegram; the host runs."""
    if request.param == "private by edits":
        telegram_host.surface["options"]["drafts"] = False
    await telegram_host.start()
    if request.param.startswith("private"):
        return tina.direct_chat
    group = await telegram.group(forum=request.param == "topic")
    topic = None
    if request.param == "topic":
        topic = (await telegram.control("topic", chat=group, name="Plans"))["thread"]
    return tina.chat(group, topic)


async def ask(place: SimulatedChat, text: str) -> None:
    await (place.say(text) if place.number > 0 else place.mention(text))


@pytest.mark.slow
@pytest.mark.parametrize("what", ["preview", "final"])
async def test_a_rate_limit_is_obeyed_and_the_answer_still_comes_once_and_complete(
    place, telegram_host, telegram, agent, what
):
    """Told to wait 21 seconds, the host makes no request in that chat before they have passed."""
    agent.script = ScriptedAgent.by_hand
    await ask(place, "Tell me")
    run = await agent.next_run()
    await run.start()
    if what == "final":
        await run.delta("The beginning, ")
        await place.until_shown("The begin")
    for method in ("sendMessage", "editMessageText", "sendMessageDraft"):
        await telegram.fault("429", method, retry_after=21)
    limited = asyncio.create_task(eventually(lambda: refused(telegram), "Telegram objects", timeout=60))
    if what == "preview":
        await run.delta("The beginning, ")
        await limited
        await telegram.control("faults/clear")
        await run.answer_rest("the end.")
    else:
        await run.answer_rest("the end.")
        await limited
        await telegram.control("faults/clear")

    await place.until_said("The beginning, the end.", timeout=60)
    await settled(telegram_host, place)
    assert place.texts() == ["The beginning, the end."]
    # One more request within the time would have been answered 429 again, with a longer wait.
    assert len(await refused(telegram)) == 1


async def refused(telegram) -> list:
    return [call for call in await telegram.calls() if call["code"] == 429]


async def test_native_stop_button_ends_the_turn_and_keeps_what_was_said(direct, telegram, telegram_host, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("Tell me everything")
    run = await agent.next_run()
    await run.start()
    await run.delta("This much and ")
    await direct.until_shown("This much")

    assert (await telegram.control("stop", **direct.place))["pressed"]

    await asyncio.wait_for(run.disconnected.wait(), 10)
    await direct.until_said("This much and")
    await settled(telegram_host, direct)
    assert direct.texts() == ["This much and"]


async def test_a_long_paste_and_an_album_are_one_question_each(direct, agent, telegram_host):
    paste = " ".join(f"word{number}" for number in range(1200))
    await direct.say(paste)
    await direct.until(lambda chat: chat.bot_messages(), "an answer")
    await direct.send_album([(b"one", "1.txt", "text/plain", "Compare"), (b"two", "2.txt", "text/plain", "these")])
    await direct.until(lambda chat: "You said: Compare" in chat.texts()[-1], "the answer")

    await settled(telegram_host, direct)
    assert agent.questions[0] == paste
    assert agent.questions[1].split() == ["Compare", "these"]
    assert [f.data for f in agent.runs[1].files] == [b"one", b"two"]
    assert len(agent.runs) == 2


async def test_a_bare_album_waits_with_one_notice_and_goes_with_the_next_text(direct, telegram_host, agent):
    await direct.send_album([(b"one", "1.txt", "text/plain", None), (b"two", "2.txt", "text/plain", None)])
    await direct.until_shown("📎 2 files wait")
    await direct.say("Compare them")
    await direct.until_said("You said: Compare them")

    await settled(telegram_host, direct)
    assert len(direct.bot_messages()) == 2
    assert [f.data for f in agent.runs[0].files] == [b"one", b"two"]


async def test_files_come_out_as_the_messengers_own(direct, telegram_host, agent):
    document = Attachment("document", "report.txt", "text/plain", b"all of it")
    picture = Attachment("image", "dot.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(64)))

    async def script(run: Run) -> None:
        await run.start()
        await run.file(picture)
        await run.delta("Here they are.")
        await run.file(document)
        await run.finish()

    agent.script = script
    await direct.say("Files, please")
    await direct.until(lambda chat: len([m for m in chat.bot_messages() if m.file]) == 2, "two files")
    await settled(telegram_host, direct)

    text, first, second = direct.bot_messages()
    assert text.text == "Here they are."
    assert (first.file["kind"], second.file["kind"]) == ("photo", "document")
    assert first.file["sha256"] == hashlib.sha256(picture.data).hexdigest()
    assert second.file["sha256"] == hashlib.sha256(document.data).hexdigest()
    assert second.file["name"] == "report.txt"


async def test_an_edit_changes_a_question_that_waits_and_is_never_a_second_one(direct, telegram_host, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("first")
    run = await agent.next_run()
    await run.start()
    waiting = await direct.say("secnd")
    await direct.edit(waiting, "second")
    await direct.say("/context")
    await direct.until(lambda chat: chat.bot_messages(), "the host has seen what was said before")
    await run.answer_rest("answer to first")
    agent.script = lambda run: run.answer(f"answer to {run.question}")
    second = await agent.next_run()
    await direct.until_said("answer to second") if second.ended.is_set() else await second.answer("answer to second")

    await direct.until_said("answer to second")
    await direct.edit(waiting, "third")
    await direct.say("/help")
    await direct.until_shown("/stop")
    await settled(telegram_host, direct)
    assert agent.questions == ["first", "second"]


async def test_a_group_that_becomes_a_supergroup_goes_on_with_its_context(telegram_host, telegram, tina, agent):
    await telegram_host.start()
    await telegram.control("group", chat=-77, title="Team")
    group = tina.chat(-77)
    await group.mention("before")
    await group.until_said("You said: Tina: before")
    new = await telegram.group()
    await telegram.control("migrate", chat=-77, to=new)
    group = tina.chat(new)
    await group.mention("after")
    await group.until_said("You said: Tina: after")

    assert agent.runs[1].thread == agent.runs[0].thread


async def test_a_chat_that_blocked_the_bot_is_left_alone_until_it_writes_again(direct, telegram, telegram_host, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await direct.until_shown("The beginning")

    await telegram.control("close", chat=direct.number, status="kicked")
    await asyncio.wait_for(run.disconnected.wait(), 10)
    await telegram_host.idle()
    await telegram.control("close", chat=direct.number, status=None)
    agent.script = lambda run: run.answer("Welcome back.")
    await direct.say("Hello again")

    await direct.until_said("Welcome back.")


async def test_another_program_with_the_same_token_is_a_state_not_a_crash(direct, telegram, telegram_host):
    """One conflict after a start is forgiven; the third within five minutes needs a person."""
    for number in range(1, 5):
        await eventually(lambda number=number: intrude(telegram, number), "a poll of the host is ended")
        await eventually(lambda: needs_attention_or_polls(telegram_host, telegram), "the pause ends", timeout=60)

    [surface] = (await telegram_host.status())["surfaces"]
    assert surface["state"] == "needsAttention"
    assert "another program" in surface["reason"]


async def intrude(telegram, number: int) -> bool:
    """Polls as another program would, until the host has been thrown out `number` times."""
    await telegram.control("intrude")
    return len([call for call in await telegram.calls("getUpdates") if call["code"] == 409]) >= number


async def needs_attention_or_polls(host, telegram) -> bool:
    return await is_in(host, "telegram", "needsAttention") or (await telegram.calls("getUpdates"))[-1]["code"] == 200


async def test_a_webhook_left_by_another_program_is_removed_and_said(telegram_host, telegram, tina):
    await telegram.control("webhook", url="https://elsewhere.example/")

    await telegram_host.start()

    await tina.direct_chat.say("Hello")
    await tina.direct_chat.until_said("You said: Hello")
    assert len(await telegram.calls("deleteWebhook")) == 1
    assert any("webhook" in line["message"].lower() for line in telegram_host.log)


async def test_by_webhook_each_message_is_asked_once_also_over_a_kill(telegram_host, telegram, tina, agent):
    telegram_host.surface["options"]["receive"] = "webhook"
    telegram_host.manifest["webhooks"]["publicURL"] = f"http://{telegram_host.manifest['webhooks']['listen']}"
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("one")
    await chat.until_said("You said: one")

    await telegram_host.kill()
    await chat.say("two")
    await telegram_host.start()

    await chat.until_said("You said: two", timeout=60)
    await settled(telegram_host, chat)
    assert agent.questions == ["one", "two"]
    assert chat.texts() == ["You said: one", "You said: two"]
    assert not await telegram.calls("getUpdates")


async def test_a_webhook_request_without_the_secret_gets_401(telegram_host, session):
    telegram_host.surface["options"]["receive"] = "webhook"
    listen = telegram_host.manifest["webhooks"]["listen"]
    telegram_host.manifest["webhooks"]["publicURL"] = f"http://{listen}"
    await telegram_host.start()

    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
        async with session.post(f"http://{listen}/hooks/telegram", json={"update_id": 1}, headers=headers) as answer:
            assert answer.status == 401
    async with session.post(f"http://{listen}/hooks/nobody", json={"update_id": 1}) as answer:
        assert answer.status == 404
    async with session.get(f"http://{listen}/hooks/telegram") as answer:
        assert answer.status == 405


async def test_switching_one_surface_off_and_on_leaves_the_others_turn_alone(
    tmp_path, session, telegram, tina, homeserver, bot, ann, agent
):
    surfaces = [matrix_entry(homeserver.url, [ann.id]), telegram_entry(telegram, [tina.id])]
    host = deployment(
        tmp_path / "both", session, surfaces, agent.url, MATRIX_ACCESS_TOKEN=bot.token, TELEGRAM_TOKEN=telegram.token
    )
    await host.start()
    room = await ann.direct_chat(bot)
    await room.until_bot_is("join")
    agent.script = ScriptedAgent.by_hand
    await room.say("Tell me on Matrix")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await room.until_shown("The beginning")

    surfaces[1]["enabled"] = False
    await host.reload()
    await eventually(lambda: is_in(host, "telegram", "disabled"), "telegram is switched off")
    await tina.direct_chat.say("Is anybody there?")
    surfaces[1]["enabled"] = True
    await host.reload()
    await eventually(lambda: is_in(host, "telegram", "receiving"), "telegram is on again")

    other = await agent.next_run()
    assert other.question == "Is anybody there?"
    await other.answer("Yes.")
    await tina.direct_chat.until_said("Yes.")
    assert not run.disconnected.is_set()
    await run.answer_rest("and the end.")
    await room.until_said("The beginning and the end.")
    await settled(host, room)
    assert room.texts() == ["The beginning and the end."]
    assert other.body["forwardedProps"]["kind"] == "telegram"
    await ended(host, bot.token, telegram.token)


async def is_in(host, surface: str, state: str) -> bool:
    return await host.state_of(surface) == state
