"""What an older version stored, and rows that cannot be read: nothing is lost in silence, and no chat stands still."""

import pytest

from harness import OldState, eventually, settled
from harness.old_state import said, text
from scripted_agent import ScriptedAgent


@pytest.fixture
async def remembered(duplicating):
    """A messenger whose state 0.1.0 left behind: a function that fills it before the host starts."""

    def fill(body) -> None:
        with OldState(duplicating.host.folder / "state") as state:
            body(state, *state.private_chat(duplicating.kind, duplicating.direct, duplicating.person))

    return fill


def errors(host) -> list[dict]:
    return [line for line in host.log if line.get("level") == "error"]


# A turn always ends


UNREADABLE = [
    '{"role": "user", "id": "q1", "parts": [{"hologram": {"_0": "look"}}]}',
    '{"role": "oracle", "id": "q1", "parts": [{"text": {"_0": "look"}}]}',
    "not even JSON",
    "",
]


@pytest.mark.parametrize("row", UNREADABLE, ids=["unknown part", "unknown role", "no JSON", "nothing"])
async def test_a_transcript_row_that_cannot_be_read_neither_holds_an_answer_back_nor_is_passed_over_in_silence(
    duplicating, remembered, agent, row
):
    good = [said("user", "early question", "q1"), said("assistant", "early answer", "a1")]

    def fill(state, conversation, context) -> None:
        state.transcript(context, state.answered(conversation, context), *good)
        state.transcript(context, state.answered(conversation, context), row)

    remembered(fill)
    chat = await duplicating.chat()
    for words in ("first", "second"):
        await chat.say(words)
        await chat.until_said(f"You said: {words}")

    await settled(duplicating.host, chat)
    assert chat.texts() == ["You said: first", "You said: second"]
    assert agent.questions == ["first", "second"]
    assert ("assistant", "early answer") in agent.runs[0].transcript, "what can be read is sent"
    assert ("user", "first") in agent.runs[1].transcript
    assert len(errors(duplicating.host)) == 1, errors(duplicating.host)
    assert await duplicating.host.terminate() == 0


async def test_a_turn_beside_an_unreadable_row_ends_also_when_the_host_is_told_to_stop(duplicating, remembered, agent):
    remembered(
        lambda state, conversation, context: state.transcript(
            context, state.answered(conversation, context), UNREADABLE[0]
        )
    )
    duplicating.host.manifest["drainSeconds"] = 1
    chat = await duplicating.chat()
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    assert await duplicating.host.terminate(timeout=20) == 0
    await duplicating.host.start()
    await chat.until_notice()
    await settled(duplicating.host, chat)
    assert len([m for m in chat.bot_messages() if m.is_notice]) == 1


# Rows of messages that are owed


async def test_an_owed_message_of_an_older_form_does_not_block_its_chat(duplicating, remembered, agent):
    """Without `isPublic`, as before it existed: it is delivered, or its person is told that something was not."""
    older = '{"text": {"_0": {"source": "An older word", "format": "plain"}}}'
    remembered(lambda state, conversation, _: state.owed(conversation, older))
    chat = await duplicating.chat()
    await chat.say("/help")
    await chat.until_shown("/load NAME")

    await settled(duplicating.host, chat)
    first, _ = chat.bot_messages()
    assert first.text == "An older word" or first.is_notice, chat.texts()


GARBAGE = ['{"video": {"_0": {}}}', "garbage", '{"text": {"_0": {"source": 5}}}', "{}", ""]


@pytest.mark.parametrize("row", GARBAGE)
async def test_an_owed_message_that_cannot_be_read_fails_with_one_error_line_and_its_person_is_told(
    duplicating, remembered, agent, row
):
    def fill(state, conversation, _) -> None:
        state.owed(conversation, row)
        state.owed(conversation, text("What comes behind it"))

    remembered(fill)
    chat = await duplicating.chat()
    await chat.say("Hello")
    await chat.until_said("You said: Hello")
    await chat.until_said("What comes behind it")
    await chat.until_notice()

    await settled(duplicating.host, chat)
    assert sorted(m.is_notice for m in chat.bot_messages()) == [False, False, True], chat.texts()
    assert len(errors(duplicating.host)) == 1, errors(duplicating.host)
    # It is over with it: a next start says nothing more.
    assert await duplicating.host.terminate() == 0
    await duplicating.host.start()
    await settled(duplicating.host, chat)
    assert len(chat.bot_messages()) == 3
    assert len(errors(duplicating.host)) == 1


async def test_a_garbled_row_of_one_chat_does_not_concern_another(duplicating, remembered, agent):
    [other] = await duplicating.others(1)
    remembered(lambda state, conversation, _: state.owed(conversation, "garbage"))
    await duplicating.host.start()
    chat = await other()
    await chat.say("Hello")

    await chat.until_said("You said: Hello")
    await settled(duplicating.host, chat)
    assert chat.texts() == ["You said: Hello"]


# Patience


async def test_what_was_tried_two_hundred_times_is_still_tried_within_its_day(duplicating, remembered, agent):
    duplicating.on_send("Still owed", **duplicating.unavailable())
    remembered(lambda state, conversation, _: state.owed(conversation, text("Still owed to you"), 23, attempts=250))
    chat = await duplicating.chat()

    await chat.until_said("Still owed to you", timeout=90)
    await settled(duplicating.host, chat)
    assert chat.texts() == ["Still owed to you"]


async def test_what_was_owed_for_more_than_a_day_gets_one_attempt_when_the_host_is_back(duplicating, remembered, agent):
    remembered(lambda state, conversation, _: state.owed(conversation, text("Late but yours"), 25, attempts=3))
    chat = await duplicating.chat()

    await chat.until_said("Late but yours")
    await settled(duplicating.host, chat)
    assert chat.texts() == ["Late but yours"]


async def test_what_is_dropped_in_the_end_leaves_one_line_when_the_chat_works_again(duplicating, remembered, agent):
    def fill(state, conversation, _) -> None:
        for words in ("Late one", "Late two"):
            state.owed(conversation, text(words), 25, attempts=3)

    broken = duplicating.on_send("", times=10**6, **duplicating.unavailable())
    remembered(fill)
    chat = await duplicating.chat()
    await eventually(broken.reached.is_set, "an attempt")
    await eventually(lambda: len(errors(duplicating.host)) == 2, "the log says that both were given up", timeout=60)
    broken.times = 0
    await chat.say("Hello")

    await chat.until_said("You said: Hello")
    await chat.until_notice(timeout=90)
    await settled(duplicating.host, chat)
    assert sorted(m.is_notice for m in chat.bot_messages()) == [False, True], chat.texts()
