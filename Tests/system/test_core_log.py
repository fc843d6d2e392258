"""The log tells the way of a message, in words and numbers that a program can read; numbers agree with each other."""

import asyncio
import re

import pytest
from test_metrics import scrape

from harness import command, eventually, settled
from scripted_agent import ScriptedAgent

#: What only a programmer reads.
SWIFT = re.compile(r"\b[a-zA-Z]+\([a-zA-Z]+: |\bnil\b|Optional\(|Swift\.|Error Domain|\.[a-z]+\(")
QUANTITY = re.compile(r"-?\d+(\.\d+)?( ?(ms|s|seconds|milliseconds|bytes|KB|MB))?")
#: Words, and names that others gave.
TEXTS = {"message", "time", "level", "version", "reason", "run", "admin", "chat", "thread", "person", "event"}


def lines_of(host, **fields) -> list[dict]:
    return [line for line in host.log if all(line.get(name) == value for name, value in fields.items())]


STEPS = {
    "accepted": r"accept",
    "asking": r"ask",
    "run started or first text": r"run.*(start|beg)|(start|beg).*run|first text|agent answer|text",
    "ended": r"turn.*end|end.*turn",
    "delivered": r"deliver",
}


async def test_each_step_of_a_messages_way_is_one_line_that_says_where_it_is(messenger, agent):
    chat = await messenger.chat()
    await chat.say("Hello")
    await chat.until_said("You said: Hello")
    await settled(messenger.host, chat)
    lines = [line for line in messenger.host.log if "turn" in line and "conversation" in line]
    for step, words in STEPS.items():
        found = [line for line in lines if re.search(words, line["message"], re.I)]
        assert found, f"no line for: {step}\n" + "\n".join(str(line) for line in messenger.host.log)
        for line in found:
            assert line["surface"] == messenger.kind
            assert {"conversation", "context", "turn"} <= set(line), line
    delivered = [line for line in lines if re.search("deliver", line["message"], re.I)]
    assert len(delivered) == 1 and "post" in delivered[0], delivered
    assert len({(line["conversation"], line["context"], line["turn"]) for line in lines}) == 1
    assert str(lines[0]["context"]) == agent.runs[0].thread


async def test_a_commands_reply_is_followed_too(messenger, agent):
    chat = await messenger.chat()
    await chat.say(command(chat, "/help"))
    await chat.until(lambda chat: chat.bot_messages(), "a reply")
    await settled(messenger.host, chat)

    accepted = [
        line for line in messenger.host.log if re.search("accept", line["message"], re.I) and "conversation" in line
    ]
    delivered = [line for line in messenger.host.log if re.search("deliver", line["message"], re.I)]
    assert accepted and delivered
    assert {"surface", "conversation", "post"} <= set(delivered[-1])
    assert delivered[-1]["conversation"] == accepted[-1]["conversation"]


async def through_trouble(messenger, agent):
    """A day of trouble: the agent away, the messenger down, refusing, limiting; then all is well."""
    host = messenger.host
    chat = await messenger.chat()
    messenger.on_send("You said: first", **messenger.unavailable())
    messenger.on_receive(**messenger.unavailable())
    await agent.stop()
    await chat.say("first")
    await eventually(lambda: any("retrySeconds" in line for line in host.log), "the host waits")
    overview = [str((await host.get("/status"))[1]), str((await host.get("/overview.json"))[1])]
    await agent.start()
    await chat.until_shown("You said: first", timeout=60)
    agent.script = lambda run: run.refuse(500, {"detail": "no"})
    await chat.say("second")
    await chat.until_notice()
    agent.script = lambda run: run.answer("You said: ", run.question)
    messenger.on_send("third", **messenger.refusal())
    messenger.on_edit("third", **messenger.refusal())
    messenger.on_send("fourth", **messenger.slow_down("1" if messenger.kind != "matrix" else "1000"))
    for words in ("third", "fourth"):
        await chat.say(words)
        await eventually(lambda: len(agent.runs) >= 3, "it is asked")
        await settled(host, chat)
    overview += [str((await host.get("/status"))[1]), str((await host.get("/overview.json"))[1])]
    return overview


async def test_nothing_that_an_operator_reads_is_in_the_words_of_a_programmer(messenger, agent):
    overview = await through_trouble(messenger, agent)
    found = [
        line
        for line in messenger.host.log
        if any(SWIFT.search(str(value)) for name, value in line.items() if name != "time")
    ]
    assert found == []
    assert [SWIFT.findall(text) for text in overview if SWIFT.search(text.replace("None", ""))] == []


async def test_numbers_in_the_log_are_numbers_and_their_unit_is_in_the_key(messenger, agent):
    await through_trouble(messenger, agent)
    await messenger.host.terminate()
    wrong = {
        (line["message"], name, value)
        for line in messenger.host.log
        for name, value in line.items()
        if name not in TEXTS and isinstance(value, str) and QUANTITY.fullmatch(value)
    }
    assert wrong == set()
    waits = {name for line in messenger.host.log for name in line if "retry" in name.lower()}
    assert waits, "some line told when it is tried again"
    assert all(re.fullmatch(r"\w*(Seconds|Milliseconds)", name) for name in waits), waits


async def test_a_token_that_is_refused_is_told_with_what_to_do(telegram_host, telegram, direct):
    await telegram.control("settings", knows_token=False)

    async def needs_attention() -> str | None:
        surface = (await telegram_host.status())["surfaces"][0]
        return surface["reason"] if surface["state"] == "needsAttention" else None

    reason = await eventually(needs_attention, "it needs attention", timeout=60)
    assert "token" in reason.lower() and not SWIFT.search(reason), reason
    assert len(reason.split()) >= 6, "a sentence that says what to do"


# One scrape agrees with itself


@pytest.mark.slow
async def test_no_scrape_counts_a_question_twice(duplicating, agent):
    openers = await duplicating.others(4)
    chats = [await duplicating.chat(), *[await open_chat() for open_chat in openers]]
    wrong: list[str] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            one = await scrape(duplicating.host)
            samples = [s for f in one.families.values() for s in f.samples]
            total = {name: sum(s.value for s in samples if s.name == name) for name in NAMES}
            ended, running = total["surfaces_turns_total"], total["surfaces_turns_running"]
            accepted, waiting = total["surfaces_messages_accepted_total"], total["surfaces_inbox_waiting"]
            if accepted < ended + running + waiting:
                wrong.append(f"{accepted} accepted, {ended} ended, {running} running, {waiting} waiting")

    watchers = [asyncio.create_task(watch()) for _ in range(2)]
    for number in range(12):
        for chat in chats:
            await chat.say(f"question {number}")
    for chat in chats:
        await chat.until_said("You said: question 11", timeout=90)
    await settled(duplicating.host, *chats)
    done.set()
    await asyncio.gather(*watchers)
    assert wrong == []


NAMES = ["surfaces_turns_total", "surfaces_turns_running", "surfaces_messages_accepted_total", "surfaces_inbox_waiting"]


async def test_a_turn_that_is_seen_to_have_ended_is_not_running(duplicating, agent):
    chat = await duplicating.chat()
    for number in range(10):
        agent.script = ScriptedAgent.by_hand
        await chat.say(f"question {number}")
        run = await agent.next_run()
        await run.answer("Done.")

        async def has_ended(number=number) -> bool:
            one = await scrape(duplicating.host)
            samples = [s for f in one.families.values() for s in f.samples]
            ended = sum(s.value for s in samples if s.name == "surfaces_turns_total")
            if ended == number + 1:
                assert sum(s.value for s in samples if s.name == "surfaces_turns_running") == 0
            return ended == number + 1

        await eventually(has_ended, "it is counted as ended", pause=0)
