"""Who reaches the agent, and who does not."""

from harness import settled


async def until_asked(chat, agent, text: str) -> None:
    """Asks as somebody who has access; what was said before this and is not asked by then, never is."""
    await chat.say(text)
    await chat.until_said(f"You said: {text}")


async def test_a_stranger_is_not_even_joined(host, chat, agent, bob, bot):
    theirs = await bob.direct_chat(bot)
    await theirs.say("Let me in")

    await until_asked(chat, agent, "And I?")
    assert agent.questions == ["And I?"]
    assert theirs.bot_membership() != "join"
    assert theirs.bot_messages() == []


async def test_a_stranger_in_a_group_never_reaches_the_agent(host, chat, agent, ann, bob, bot):
    group = await ann.group(bot, bob)
    await group.until_bot_is("join")
    theirs = await bob.join(group.room, bot.id)
    await theirs.mention("Let me in")
    await theirs.say("!help")
    await group.mention("What is this group?")

    await group.until_shown("What is this group?")
    await settled(host, group)
    assert len(agent.runs) == 1 and "What is this group?" in agent.questions[0]
    assert len(group.bot_messages()) == 1


async def test_an_empty_list_lets_nobody_in(host, ann, bot, agent):
    host.surface["access"]["users"] = []
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Anyone?")
    await chat.caught_up()

    await host.idle()
    assert agent.runs == []
    assert chat.bot_membership() != "join"


async def test_open_lets_everyone_in(host, ann, bob, bot, agent):
    host.surface["access"] = {"policy": "open"}
    await host.start()
    for person in (ann, bob):
        chat = await person.direct_chat(bot)
        await chat.say(f"I am {person.account.localpart}")
        await chat.until_said(f"You said: I am {person.account.localpart}")

    assert len({run.thread for run in agent.runs}) == 2, "two people, two contexts"


async def test_invitations_are_left_alone_when_the_manifest_says_so(host, chat, agent, ann, bot):
    assert await host.terminate() == 0
    host.surface["options"]["autoJoin"] = "never"
    await host.start()
    other = await ann.direct_chat(bot)
    await other.say("Come in")

    await until_asked(chat, agent, "Here?")
    assert agent.questions == ["Here?"]
    assert other.bot_membership() == "invite"
