"""The life of rooms: groups, threads, edits, withdrawn questions, removal, upgrade, encryption."""

import asyncio

import pytest

from harness import settled
from harness.waiting import PATIENCE
from scripted_agent import ScriptedAgent

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


async def test_the_first_message_of_a_chat_is_answered_though_it_is_older_than_the_join(host, ann, bot):
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Hello?")

    await chat.until_said("You said: Hello?")


async def test_a_chat_that_was_begun_before_the_first_start_is_answered(host, ann, bot, agent):
    chat = await ann.direct_chat(bot)
    await chat.say("Hello?")
    await host.start()

    await chat.until_said("You said: Hello?")
    await settled(host, chat)
    assert chat.texts() == ["You said: Hello?"]


async def test_what_was_said_in_its_rooms_before_the_first_start_is_not_answered(host, homeserver, ann, bot, agent):
    chat = await ann.direct_chat(bot)
    await homeserver.call("POST", f"/_matrix/client/v3/join/{chat.room}", {}, token=bot.token)
    await chat.say("old")
    await host.start()
    await chat.say("new")

    await chat.until_said("You said: new")
    await settled(host, chat)
    assert agent.questions == ["new"]


async def test_in_a_group_it_answers_only_who_addresses_it(host, ann, bot, agent):
    await host.start()
    group = await ann.group(bot)
    await group.until_bot_is("join")
    await group.say("just talking")
    await group.mention("and you, bot?")
    answer = await group.until_shown("and you, bot?")
    await group.say("talking on")
    await group.reply("really?", to=answer.id)
    await group.until_shown("really?")
    await group.say("!help")
    await group.until_shown("!stop")

    await settled(host, group)
    assert len(agent.runs) == 2
    assert len(group.bot_messages()) == 3


@pytest.mark.parametrize("respond", ["always", "never"])
async def test_in_a_group_it_answers_as_the_manifest_says(host, chat_of_always, agent, ann, respond):
    group = await chat_of_always(respond)
    await group.say("just talking")
    await group.mention("and you?")
    if respond == "always":
        await group.until_shown("just talking")
        await group.until_shown("and you?")

    await settled(host, group)
    assert len(agent.runs) == (2 if respond == "always" else 0)


@pytest.fixture
async def chat_of_always(host, ann, bot):
    async def make(respond: str):
        host.surface["groups"] = {"respond": respond}
        await host.start()
        group = await ann.group(bot)
        await group.until_bot_is("join")
        # In its private chat it answers whatever the groups' policy; and then it has seen all that was before.
        private = await ann.direct_chat(bot)
        await private.say("!help")
        await private.until_shown("!stop")
        return group

    return make


async def test_a_thread_is_a_conversation_of_its_own_and_is_answered_there(host, chat, agent):
    root = await chat.say("main question")
    await chat.until_said("You said: main question")
    await chat.say_in_thread("question in the thread", root)

    answer = await chat.until_said("You said: question in the thread")
    await settled(host, chat)
    assert answer.thread == root
    assert chat.bot_messages()[0].thread is None
    main, thread = agent.runs
    assert thread.thread != main.thread
    assert thread.question == "question in the thread"


async def test_a_running_thread_does_not_hold_up_the_room(chat, agent):
    agent.script = ScriptedAgent.by_hand
    root = await chat.say("a root")
    await (await agent.next_run()).answer("one")
    await chat.until_said("one")
    await chat.say_in_thread("slow question", root)
    slow = await agent.next_run()
    await chat.say("quick question")
    await (await agent.next_run()).answer("quick answer")

    await chat.until_said("quick answer")
    await slow.answer("slow answer")
    assert (await chat.until_said("slow answer")).thread == root


async def test_an_edit_of_a_question_is_not_a_second_question(host, chat, agent):
    question = await chat.say("What is teh time?")
    await chat.until_said("You said: What is teh time?")
    await chat.edit(question, "What is the time?")
    await chat.say("Well?")

    await chat.until_said("You said: Well?")
    await settled(host, chat)
    assert agent.questions == ["What is teh time?", "Well?"]
    assert len(chat.bot_messages()) == 2


async def test_a_waiting_question_that_is_taken_back_is_not_asked(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("first")
    run = await agent.next_run()
    await run.start()
    withdrawn = await chat.say("never mind this one")
    await chat.say("third")
    await chat.redact(withdrawn)
    await chat.say("!context")
    await chat.until(lambda chat: chat.bot_messages(), "the host has seen all of it")

    await run.answer_rest("answer to first")
    run = await agent.next_run()
    assert run.question == "third"
    await run.answer("answer to third")
    await chat.until_said("answer to third")
    await settled(host, chat)
    assert agent.questions == ["first", "third"]


async def test_notices_and_reactions_are_not_questions(host, chat, agent):
    event = await chat.send({"msgtype": "m.notice", "body": "I am a bot"})
    await chat.send({"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": "👍"}}, type="m.reaction")
    await chat.say("I am not")

    await chat.until_said("You said: I am not")
    assert agent.questions == ["I am not"]


async def removable_chat(person, bot):
    """A direct chat in which the bot has no power of its own."""
    chat = await person.direct_chat(bot, preset="private_chat")
    await chat.until_bot_is("join")
    return chat


@pytest.mark.parametrize("removal", ["kick", "ban"])
async def test_when_it_is_removed_the_run_ends_and_other_rooms_go_on(host, agent, ann, bot, removal):
    await host.start()
    chat = await removable_chat(ann, bot)
    other = await ann.direct_chat(bot)
    await other.until_bot_is("join")
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    await getattr(chat, removal)(bot.id)
    await asyncio.wait_for(run.disconnected.wait(), PATIENCE)

    await other.say("Still there?")
    await (await agent.next_run()).answer("Yes.")
    await other.until_said("Yes.")
    await host.idle()


async def test_when_it_is_invited_again_it_answers_again(host, agent, ann, bot):
    await host.start()
    chat = await removable_chat(ann, bot)
    await chat.say("one")
    await chat.until_said("You said: one")
    await chat.kick(bot.id)
    await chat.until_bot_is("leave")
    await chat.invite(bot.id)
    await chat.until_bot_is("join")
    await chat.say("two")

    await chat.until_said("You said: two")
    await settled(host, chat)
    assert agent.questions == ["one", "two"]


async def test_an_upgraded_room_keeps_its_context(host, chat, agent, ann, bot):
    await chat.say("before")
    await chat.until_said("You said: before")
    answer = await ann.call("POST", f"{chat.path}/upgrade", {"new_version": "11"})
    upgraded = type(chat)(ann, answer["replacement_room"])
    upgraded.bot = bot.id
    await upgraded.invite(bot.id)
    await upgraded.until_bot_is("join")
    await upgraded.say("after")

    await upgraded.until_said("You said: after")
    before, after = agent.runs
    assert after.thread == before.thread


async def test_in_an_encrypted_room_it_says_once_that_it_cannot_read(host, agent, ann, bot):
    await host.start()
    chat = await ann.create_room(
        is_direct=True, preset="trusted_private_chat", invite=[bot.id], initial_state=[ENCRYPTED]
    )
    chat.bot = bot.id
    await chat.until_bot_is("join")
    secret = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn", "session_id": "s", "device_id": "D"}
    for _ in range(3):
        await chat.send({**secret, "sender_key": "k"}, type="m.room.encrypted")

    await chat.until(lambda chat: chat.bot_messages(), "a notice")
    other = await ann.direct_chat(bot)
    await other.say("And here?")
    await other.until_said("You said: And here?")
    await settled(host, chat, other)
    assert len(chat.bot_messages()) == 1
    assert agent.questions == ["And here?"]


async def test_a_room_that_becomes_encrypted_never_gets_an_answer_in_plain_text(host, chat, agent):
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await chat.set_state("m.room.encryption", ENCRYPTED["content"])
    await chat.say("!help")
    await chat.until(lambda chat: chat.bot_messages(), "the host has seen it")
    await run.delta("a private answer")
    await run.finish()

    await settled(host, chat)
    assert not any("a private answer" in text for text in chat.texts())
