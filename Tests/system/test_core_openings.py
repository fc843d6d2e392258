"""Openings: few, and parts of what they open, so that one that nothing became of can still be read."""

import asyncio

import pytest

from harness import settled
from scripted_agent import ScriptedAgent

WHOLE = "The whole answer, from its beginning to its end."


@pytest.mark.slow
@pytest.mark.parametrize("grows", [True, False], ids=["growing", "at once"])
@pytest.mark.parametrize("times", [2, 4])
async def test_each_send_that_was_applied_and_never_answered_leaves_at_most_one_orphan(
    duplicating, agent, times, grows
):
    if not grows:
        duplicating.host.surface["streaming"] = {"mode": "off"}
    duplicating.on_send("", times=times, answer="reset")
    agent.script = lambda run: run.answer("The whole answer, ", "from its beginning ", "to its end.")
    chat = await duplicating.chat()
    await chat.say("Tell me")

    await chat.until_said(WHOLE, timeout=120)
    await settled(duplicating.host, chat)
    assert chat.texts().count(WHOLE) == 1
    orphans = [m.text for m in chat.bot_messages() if m.text != WHOLE]
    assert all(text.endswith("…") for text in orphans)
    # No messenger with openings tells a bot what it has sent in a private chat: nothing more can be known.
    assert len(orphans) <= times, orphans


@pytest.mark.slow
async def test_fixed_short_texts_may_come_twice_but_each_is_whole(duplicating, agent):
    duplicating.on_send("", times=2, answer="reset")
    chat = await duplicating.chat()
    await chat.say("/help")

    await chat.until(lambda chat: any("/load NAME" in text for text in chat.texts()), "the list", timeout=60)
    await settled(duplicating.host, chat)
    assert all("/load NAME" in text and not text.endswith("…") for text in chat.texts()), chat.texts()
    assert len(chat.texts()) <= 3


HEADED = "# A long answer\n\nIt does *not* end here, and goes on for many words more."


def formatting(message) -> list:
    return message.json.get("entities") or message.json.get("markup") or []


@pytest.mark.parametrize("moment", ["before an edit", "at the opening"])
async def test_an_opening_is_the_first_block_as_it_will_be_shown(duplicating, telegram, tina, agent, moment):
    """Killed after its opening: what is left reads as the answer's own beginning."""
    host = duplicating.host
    if duplicating.kind == "telegram":
        host.surface["options"]["drafts"] = False
    chat = await duplicating.chat()

    async def kill() -> None:
        host.process.kill()

    if moment == "before an edit":
        fault = duplicating.on_edit("", before=kill, deliver=False, answer="reset")
    else:
        fault = duplicating.on_send("", after=kill, answer="reset")
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    for start in range(0, len(HEADED), 30):
        await run.delta(HEADED[start : start + 30])
        if fault.reached.is_set():
            break
    while not fault.reached.is_set():
        await run.delta("And more. ")
        await asyncio.wait([asyncio.create_task(fault.reached.wait())], timeout=0.5)
    await host.ended()
    await host.start()
    await chat.until_notice()
    await settled(host, chat)

    first = chat.bot_messages()[0]
    line = first.text.removesuffix("…").strip().splitlines()[0].strip()
    assert line and "A long answer".startswith(line), first.text
    assert formatting(first), "the heading looks like one"


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ("- one thing\n- another thing\n\nAnd then some words more to say.", "one thing"),
        ("```python\nprint('hello')\n```\n\nThat is the program.", "print('hello')"),
        ("> A quotation of somebody\n\nAnd what I think of it is this.", "A quotation of somebody"),
        ("1. first step\n2. second step\n\nThat was all of it.", "first step"),
    ],
    ids=["list", "code", "quotation", "numbers"],
)
async def test_what_blocks_hold_never_runs_together_in_an_opening(duplicating, agent, answer, first):
    if duplicating.kind == "telegram":
        duplicating.host.surface["options"]["drafts"] = False
    agent.script = lambda run: run.answer(answer)
    chat = await duplicating.chat()
    await chat.say("Tell me")
    await chat.until(
        lambda chat: any(len(m.texts) > 1 or not m.text.endswith("…") for m in chat.bot_messages()), "the end"
    )
    await settled(duplicating.host, chat)

    [message] = chat.bot_messages()
    opening = message.texts[0].removesuffix("…").strip()
    line = opening.splitlines()[0] if opening else ""
    assert line.removesuffix("…").strip().lstrip("•-–1.>│ ") in first or first in line, message.texts
    assert len([part for part in ("thing", "step", "That", "And") if part in line]) <= 1, message.texts
