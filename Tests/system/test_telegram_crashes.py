"""`kill -9` at every step of a turn on Telegram, where nothing recognises a repeated send.

The steps, in the order of a turn:

1. the update has come and is not stored      5. a draft shows the beginning       9. the file is opened
2. it is stored, the turn has not begun       6. the preview is opened            10. the file's edit
3. the agent is being reached                 7. an edit of the preview           11. any commit of the store
4. the run has started, no word yet           8. the final: opening and edit

Sends are killed before they leave and after they were applied.
"""

import asyncio
import signal

import pytest
from test_crashes import crash_library  # noqa: F401

from harness import SimulatedChat, eventually, settled
from harness.ends import ANSWER, ends_once, killed_at, killing
from scripted_agent import Attachment, Run, ScriptedAgent


async def test_before_the_update_is_stored(telegram_proxy, telegram_host, tina, agent):
    killed = asyncio.Event()

    async def kill_when_it_has_the_update() -> None:
        if b"Hello, host" in telegram_proxy.sent("/getUpdates$")[-1].answer and not killed.is_set():
            killed.set()
            telegram_host.signal(signal.SIGKILL)

    telegram_proxy.fault("POST", "/getUpdates$", times=10**6, after=kill_when_it_has_the_update)
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello, host")
    await asyncio.wait_for(killed.wait(), 30)
    await telegram_host.ended()
    await telegram_host.start()

    await chat.until_said("You said: Hello, host")
    await settled(telegram_host, chat)
    assert chat.texts() == ["You said: Hello, host"]
    assert agent.questions == ["Hello, host"]


async def test_after_the_update_is_stored_and_before_it_is_confirmed(telegram_proxy, telegram_host, tina, agent):
    agent.script = lambda run: run.answer(ANSWER)
    killed = asyncio.Event()

    async def kill_at_the_poll_after_the_update() -> None:
        polls = telegram_proxy.sent("/getUpdates$")
        if len(polls) > 1 and b"Hello, host" in polls[-2].answer and not killed.is_set():
            killed.set()
            telegram_host.signal(signal.SIGKILL)

    telegram_proxy.fault("POST", "/getUpdates$", times=10**6, before=kill_at_the_poll_after_the_update)
    await telegram_host.start()
    chat = tina.direct_chat
    await chat.say("Hello, host")
    await asyncio.wait_for(killed.wait(), 30)
    await telegram_host.ended()
    await telegram_host.start()

    await ends_once(telegram_host, chat, agent)


async def test_while_the_agent_is_being_reached(telegram_host, direct, agent):
    await agent.stop()
    await direct.say("Hello")
    await eventually(lambda: [line for line in telegram_host.log if "retrySeconds" in line], "the host waits")

    await telegram_host.kill()
    await agent.start()
    await telegram_host.start()

    await direct.until_said("You said: Hello", timeout=60)
    await settled(telegram_host, direct)
    assert direct.texts() == ["You said: Hello"]


async def test_before_the_first_word(telegram_host, direct, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("Tell me")
    run = await agent.next_run()
    await run.start()

    await telegram_host.kill()
    await telegram_host.start()

    await direct.until_notice()
    await settled(telegram_host, direct)
    assert len(direct.bot_messages()) == 1


async def test_what_a_draft_showed_becomes_a_message_before_the_notice(telegram_host, direct, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of it ")
    await direct.until_shown("The beginning of it")

    await telegram_host.kill()
    await telegram_host.start()

    await direct.until_notice()
    await settled(telegram_host, direct)
    shown, notice = direct.bot_messages()
    assert shown.text == "The beginning of it"
    assert notice.is_notice
    assert len(agent.runs) == 1


@pytest.fixture
async def growing(telegram_proxy, telegram_host, telegram, tina) -> SimulatedChat:
    """A group, where an answer grows by edits."""
    await telegram_host.start()
    return tina.chat(await telegram.group())


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_at_a_preview(telegram_proxy, telegram_host, growing, agent, method, moment):
    when = {"before": killing(telegram_host)} if moment == "before it left" else {"after": killing(telegram_host)}
    fault = telegram_proxy.fault("POST", f"/{method}$", deliver="after" in when, **when)
    agent.script = ScriptedAgent.by_hand
    await growing.mention("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of a long ")
    while not fault.reached.is_set():
        await run.delta("and longer ")
        await asyncio.wait([asyncio.create_task(fault.reached.wait())], timeout=0.5)
    await telegram_host.ended()
    await telegram_host.start()

    await growing.until_notice()
    await ends_once(telegram_host, growing, agent)


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("where", ["private", "group"])
async def test_at_the_final(telegram_proxy, telegram_host, telegram, tina, agent, where, method, moment):
    telegram_host.surface["streaming"] = {"mode": "off"}
    await telegram_host.start()
    chat = tina.direct_chat if where == "private" else tina.chat(await telegram.group())
    when = {"before": killing(telegram_host)} if moment == "before it left" else {"after": killing(telegram_host)}
    fault = telegram_proxy.fault("POST", f"/{method}$", deliver="after" in when, **when)
    agent.script = lambda run: run.answer(ANSWER)
    await (chat.say("Tell me") if where == "private" else chat.mention("Tell me"))
    await killed_at(fault, telegram_host)

    await chat.until_said(ANSWER)
    await ends_once(telegram_host, chat, agent)


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageMedia"])
async def test_at_a_file(telegram_proxy, telegram_host, direct, agent, method, moment):
    async def script(run: Run) -> None:
        await run.start()
        await run.file(Attachment("document", "report.txt", "text/plain", b"all of it"))
        await run.finish()

    agent.script = script
    when = {"before": killing(telegram_host)} if moment == "before it left" else {"after": killing(telegram_host)}
    fault = telegram_proxy.fault("POST", f"/{method}$", deliver="after" in when, **when)
    await direct.say("The report, please")
    await killed_at(fault, telegram_host)

    await direct.until(lambda chat: any(m.file for m in chat.bot_messages()), "the file")
    await settled(telegram_host, direct)
    files = [m for m in direct.bot_messages() if m.file]
    rest = [m for m in direct.bot_messages() if not m.file]
    assert len(files) == 1 and files[0].file["name"] == "report.txt"
    assert all(m.text == "…" for m in rest) and len(rest) <= 1
    assert len(agent.runs) == 1


@pytest.mark.parametrize("commit", range(1, 11))
async def test_at_any_commit(telegram_host, direct, agent, crash_library, commit):  # noqa: F811
    await telegram_host.kill()
    telegram_host.environment |= {"LD_PRELOAD": str(crash_library), "CRASH_AT": str(telegram_host.folder / "crash-at")}
    await telegram_host.start()
    await telegram_host.idle()
    agent.script = lambda run: run.answer(ANSWER)
    (telegram_host.folder / "crash-at").write_text(str(commit))

    await direct.say("Tell me")
    ended = asyncio.create_task(telegram_host.process.wait())
    answered = asyncio.create_task(direct.until_said(ANSWER))
    await asyncio.wait([ended, answered], return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        answered.cancel()
    else:
        await telegram_host.kill()
    del telegram_host.environment["LD_PRELOAD"]
    await telegram_host.start()

    await ends_once(telegram_host, direct, agent)
