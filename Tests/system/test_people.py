"""Who may talk to the agent, and who is who: pairing on each messenger, and accounts that are one person."""

import pytest
from conftest import deployment, ended, matrix_entry, max_entry, telegram_entry

from harness import eventually, settled


@pytest.fixture
async def host(tmp_path, session, telegram, max_server, homeserver, bot, agent):
    """A host on all three messengers, each with the policy that is the default."""
    surfaces = [matrix_entry(homeserver.url, []), telegram_entry(telegram, []), max_entry(max_server, [])]
    for surface in surfaces:
        del surface["access"]
    variables = {
        "MATRIX_ACCESS_TOKEN": bot.token,
        "TELEGRAM_TOKEN": telegram.token,
        "MAX_TOKEN": max_server.token,
    }
    host = deployment(tmp_path / "host", session, surfaces, agent.url, **variables)
    yield host
    await ended(host, bot.password, *variables.values())


@pytest.fixture(params=["matrix", "telegram", "max"])
async def stranger(request, host, telegram, max_server, homeserver, bot):
    """Somebody with a private chat with the bot, whom nobody let in; the host runs."""
    await host.start()
    if request.param == "telegram":
        return (await telegram.person("Eve")).direct_chat
    if request.param == "max":
        return (await max_server.person("Eve")).direct_chat
    return await (await homeserver.person("eve")).direct_chat(bot)


async def pair(host, *words: str) -> tuple[int, str, str]:
    return await host.command("pair", *words, "--manifest", str(host.manifest_path))


def heard_from_strangers(host) -> int:
    return sum(int(line["strangers"]) for line in host.log if line["message"] == "Events accepted")


async def requests(host) -> list[list[str]]:
    code, out, _ = await pair(host, "list")
    assert code == 0
    return [line.split(" ") for line in out.splitlines()]


async def test_a_stranger_gets_a_code_and_who_is_approved_is_answered(stranger, host, agent):
    await stranger.say("Hello, let me in")
    [line] = await eventually(lambda: requests(host), "a request is listed")
    code, surface, user = line[:3]
    assert len(code) == 8 and surface in ("matrix", "telegram", "max")
    await stranger.until_shown(code)
    await stranger.say("Please?")
    await stranger.say("!help")
    await eventually(lambda: heard_from_strangers(host) >= 3, "the host has heard all of it")

    assert (await pair(host, "approve", code))[0] == 0
    await stranger.until(lambda chat: len(chat.bot_messages()) == 2, "one line to the approved")
    await stranger.say("Now?")

    await stranger.until_said("You said: Now?")
    await settled(host, stranger)
    assert agent.questions == ["Now?"], "what a stranger said is not kept"
    assert await requests(host) == []

    assert (await pair(host, "revoke", surface, user))[0] == 0
    await stranger.say("And now?")
    await eventually(lambda: requests(host), "a stranger again")
    assert agent.questions == ["Now?"]


async def test_approving_works_while_the_host_is_down_and_an_unknown_code_is_refused(host, telegram, agent):
    await host.start()
    eve = (await telegram.person("Eve Ordinary")).direct_chat
    await eve.say("Hello")
    [line] = await eventually(lambda: requests(host), "a request is listed")
    await host.kill()

    status, _, complaint = await pair(host, "approve", "WRONG234")
    assert status == 64 and "WRONG234" in complaint
    assert (await pair(host, "revoke", "telegram", "1"))[0] == 64
    status, out, _ = await pair(host, "approve", line[0].lower())
    assert status == 0 and "Eve Ordinary" in out
    await host.start()
    await eve.say("Hello again")

    await eve.until_said("You said: Hello again")
    # The kill may have come between the opening of the first message and its edit.
    assert len([m for m in eve.bot_messages() if not m.is_orphan]) == 3


async def test_in_a_group_a_stranger_is_not_answered(host, telegram, agent):
    await host.start()
    eve = await telegram.person("Eve")
    group = eve.chat(await telegram.group())
    await group.mention("Hello")
    await group.say("/help")
    private = eve.direct_chat
    await private.say("Hello")
    await private.until(lambda chat: chat.bot_messages(), "a code")

    await settled(host, group)
    assert group.bot_messages() == []
    assert agent.runs == []


async def test_check_says_who_can_reach_what(host):
    host.manifest["surfaces"][1]["access"] = {"policy": "open"}
    code, out, err = await host.check()

    assert code == 0, err
    assert "people whom you approve" in out and "anyone" in out


@pytest.fixture
async def linked(host, telegram, homeserver, bot):
    """One person on Matrix and on Telegram, whose accounts are linked."""
    for surface in host.manifest["surfaces"]:
        surface["access"] = {"policy": "open"}
    await host.start()
    room = await (await homeserver.person("ann")).direct_chat(bot)
    await room.until_bot_is("join")
    chat = (await telegram.person("Ann")).direct_chat
    await room.say("!link")
    shown = await room.until_shown("!link ")
    code = next(word for word in shown.text.split() if len(word) == 8 and word.isalnum() and word.isupper())
    await chat.say(f"/link {code}")
    await chat.until_shown("/link yes")
    await chat.say("/link yes")
    await chat.until_shown("Linked with")
    await room.until_shown("Linked with")
    return room, chat


async def test_what_began_on_one_messenger_goes_on_on_the_other_files_included(linked, host, agent):
    room, chat = linked
    await room.send_file(b"the secret is 42", "notes.txt", "text/plain")
    await room.until_shown("📎")
    await room.say("Keep this")
    await room.until_said("You said: Keep this")
    await room.say("!save Notes")
    await room.until_shown("“Notes”")

    await chat.say("/load notes")
    await chat.until_shown("“Notes”")
    await chat.say("What is the secret?")
    await chat.until_said("You said: What is the secret?")

    run = agent.runs[-1]
    assert run.thread == agent.runs[0].thread
    assert [text for _, text in run.transcript] == ["Keep this", "You said: Keep this", "What is the secret?"]
    [part] = [part for part in run.messages[0]["content"] if part["type"] == "document"]
    assert part["metadata"]["filename"] == "notes.txt"
    assert run.body["forwardedProps"]["surface"] == "telegram"
    await settled(host, room, chat)
    assert "You said: What is the secret?" not in room.texts(), "an answer goes only to the chat that asked"


async def test_turns_of_two_chats_on_one_context_go_one_at_a_time_and_stop_works_from_either(linked, host, agent):
    room, chat = linked
    await room.say("first")
    await room.until_said("You said: first")
    await room.say("!save Shared")
    await room.until_shown("“Shared”")
    await chat.say("/load Shared")
    await chat.until_shown("“Shared”")
    agent.script = type(agent).by_hand
    agent.forget()
    await room.say("from the room")
    run = await agent.next_run()
    await run.start()
    await run.delta("This much ")
    await room.until_shown("This much")
    await chat.say("from the chat")
    await chat.say("/context")
    await chat.until_shown("2 chats are on it")
    assert len(agent.runs) == 1, "one at a time"

    await chat.say("/stop")
    await room.until_said("This much")
    second = await agent.next_run()
    assert second.question == "from the chat"
    await second.answer("Here.")
    await chat.until_said("Here.")
    await settled(host, room, chat)
    assert "Here." not in room.texts()


async def test_unlinked_each_keeps_what_was_begun_on_it(linked, host, agent):
    room, chat = linked
    await room.say("on matrix")
    await room.until_said("You said: on matrix")
    await room.say("!save Mine")
    await room.until_shown("“Mine”")
    await chat.say("/unlink")
    await chat.until_shown("Unlinked")

    await chat.say("/load Mine")
    await chat.until_shown("no conversation")
    await room.say("!contexts")
    await room.until_shown("“Mine” –")
