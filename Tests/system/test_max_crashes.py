"""`kill -9` at every step of a turn on MAX, where nothing recognises a repeated send.

The steps, in the order of a turn:

1. the update has come and is not stored      4. the preview is opened          7. the file is opened
2. it is stored, the turn has not begun       5. an edit of the preview         8. the file's edit
3. the run has started, no word yet           6. the final: opening and edit    9. any commit of the store

Sends are killed before they leave and after they were applied.
"""

import asyncio
import signal

import pytest
from test_crashes import crash_library  # noqa: F401

from harness import SimulatedChat, settled
from harness.ends import ANSWER, ends_once, killed_at, killing
from scripted_agent import Attachment, Run, ScriptedAgent

SEND = ("POST", r"/messages\?")
EDIT = ("PUT", r"/messages\?")
UPDATES = ("GET", r"/updates\?")


@pytest.fixture
async def dialog(max_proxy, max_host, maya) -> SimulatedChat:
    """The host runs behind the proxy, and maya has a dialog with the bot."""
    await max_host.start()
    return maya.direct_chat


@pytest.mark.parametrize("moment", ["before it is stored", "after it is stored"])
async def test_at_the_update(max_proxy, max_host, maya, agent, moment):
    agent.script = lambda run: run.answer(ANSWER)
    killed = asyncio.Event()
    position = -1 if moment == "before it is stored" else -2

    async def kill_when_it_has_the_update() -> None:
        polls = max_proxy.sent(UPDATES[1])
        if len(polls) >= -position and b"Hello, host" in polls[position].answer and not killed.is_set():
            killed.set()
            max_host.signal(signal.SIGKILL)

    when = {"after": kill_when_it_has_the_update} if position == -1 else {"before": kill_when_it_has_the_update}
    max_proxy.fault(*UPDATES, times=10**6, **when)
    await max_host.start()
    chat = maya.direct_chat
    await chat.say("Hello, host")
    await asyncio.wait_for(killed.wait(), 30)
    await max_host.ended()
    await max_host.start()

    await ends_once(max_host, chat, agent)
    if position == -1:
        assert chat.texts() == [ANSWER]


async def test_before_the_first_word(max_host, dialog, agent):
    agent.script = ScriptedAgent.by_hand
    await dialog.say("Tell me")
    run = await agent.next_run()
    await run.start()

    await max_host.kill()
    await max_host.start()

    await dialog.until_notice()
    await settled(max_host, dialog)
    assert len(dialog.bot_messages()) == 1


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("call", [SEND, EDIT], ids=["opening", "edit"])
async def test_at_a_preview(max_proxy, max_host, dialog, agent, call, moment):
    when = {"before": killing(max_host)} if moment == "before it left" else {"after": killing(max_host)}
    fault = max_proxy.fault(*call, deliver="after" in when, **when)
    agent.script = ScriptedAgent.by_hand
    await dialog.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning of a long ")
    while not fault.reached.is_set():
        await run.delta("and longer ")
        await asyncio.wait([asyncio.create_task(fault.reached.wait())], timeout=0.5)
    await max_host.ended()
    await max_host.start()

    await dialog.until_notice()
    await ends_once(max_host, dialog, agent)


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("call", [SEND, EDIT], ids=["opening", "edit"])
async def test_at_the_final(max_proxy, max_host, maya, agent, call, moment):
    max_host.surface["streaming"] = {"mode": "off"}
    await max_host.start()
    chat = maya.direct_chat
    when = {"before": killing(max_host)} if moment == "before it left" else {"after": killing(max_host)}
    fault = max_proxy.fault(*call, deliver="after" in when, **when)
    agent.script = lambda run: run.answer(ANSWER)
    await chat.say("Tell me")
    await killed_at(fault, max_host)

    await chat.until_said(ANSWER)
    await ends_once(max_host, chat, agent)


@pytest.mark.parametrize("moment", ["before it left", "after it was applied"])
@pytest.mark.parametrize("call", [SEND, EDIT], ids=["opening", "edit"])
async def test_at_a_file(max_proxy, max_host, dialog, agent, call, moment):
    async def script(run: Run) -> None:
        await run.start()
        await run.file(Attachment("document", "report.txt", "text/plain", b"all of it"))
        await run.finish()

    agent.script = script
    when = {"before": killing(max_host)} if moment == "before it left" else {"after": killing(max_host)}
    fault = max_proxy.fault(*call, deliver="after" in when, **when)
    await dialog.say("The report, please")
    await killed_at(fault, max_host)

    await dialog.until(lambda chat: any(m.file for m in chat.bot_messages()), "the file")
    await settled(max_host, dialog)
    files = [m for m in dialog.bot_messages() if m.file]
    rest = [m for m in dialog.bot_messages() if not m.file]
    assert len(files) == 1 and files[0].file["name"] == "report.txt"
    assert all(m.text == "…" for m in rest) and len(rest) <= 1
    assert len(agent.runs) == 1


@pytest.mark.parametrize("commit", range(1, 9))
async def test_at_any_commit(max_host, maya, agent, crash_library, commit):  # noqa: F811
    max_host.environment |= {"LD_PRELOAD": str(crash_library), "CRASH_AT": str(max_host.folder / "crash-at")}
    await max_host.start()
    await max_host.idle()
    chat = maya.direct_chat
    agent.script = lambda run: run.answer(ANSWER)
    (max_host.folder / "crash-at").write_text(str(commit))

    await chat.say("Tell me")
    ended = asyncio.create_task(max_host.process.wait())
    answered = asyncio.create_task(chat.until_said(ANSWER))
    await asyncio.wait([ended, answered], return_when=asyncio.FIRST_COMPLETED)
    if ended.done():
        answered.cancel()
    else:
        await max_host.kill()
    del max_host.environment["LD_PRELOAD"]
    await max_host.start()

    await ends_once(max_host, chat, agent)
