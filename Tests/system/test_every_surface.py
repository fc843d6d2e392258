"""One conversation, the same on every messenger: every command gives the same words and does the same."""

import re

import pytest
from conftest import deployment, ended, matrix_entry, max_entry, telegram_entry

from harness import settled


@pytest.fixture(params=["matrix", "telegram", "max"])
async def everywhere(request, tmp_path, session, agent, homeserver, bot, ann, telegram, tina, max_server, maya):
    """A host on one messenger, the private chat of a person there, and that person's chat in a group."""
    entries = {
        "matrix": (matrix_entry(homeserver.url, [ann.id]), {"MATRIX_ACCESS_TOKEN": bot.token}),
        "telegram": (telegram_entry(telegram, [tina.id]), {"TELEGRAM_TOKEN": telegram.token}),
        "max": (max_entry(max_server, [maya.id]), {"MAX_TOKEN": max_server.token}),
    }
    entry, variables = entries[request.param]
    host = deployment(tmp_path / "host", session, [entry], agent.url, **variables)
    await host.start()
    if request.param == "matrix":
        chats = [await ann.direct_chat(bot), await ann.group(bot)]
        for chat in chats:
            await chat.until_bot_is("join")
    elif request.param == "max":
        chats = [maya.direct_chat, maya.chat(await max_server.group())]
    else:
        chats = [tina.direct_chat, tina.chat(await telegram.group())]
    yield host, *chats
    await ended(host, *variables.values())


class Conversation:
    """A chat in which each message is answered before the next one is said."""

    def __init__(self, host, chat) -> None:
        self.host = host
        self.chat = chat
        self.numbers: list[str] = []

    async def say(self, text: str) -> str:
        """What the bot says to `text`; context numbers become #1, #2 … in the order in which they are seen."""
        before = len(self.chat.bot_messages())
        await self.chat.say(text.replace("/", self.chat.prefix, 1) if text.startswith("/") else text)
        await self.chat.until(lambda chat: len(chat.bot_messages()) > before, f"an answer to {text!r}")
        await settled(self.host, self.chat)
        said = self.chat.texts()[before:]
        assert len(said) == 1, said
        words = re.sub(rf"(?<!\S){re.escape(self.chat.prefix)}(?=[a-z])", "/", said[0])
        return re.sub(r"\b\d{13}\b", self.alias, words)

    async def stage(self, data: bytes, name: str) -> str:
        """What the bot says to a file without a text."""
        before = len(self.chat.bot_messages())
        await self.chat.send_file(data, name, "text/plain")
        await self.chat.until(lambda chat: len(chat.bot_messages()) > before, f"a notice for {name}")
        await settled(self.host, self.chat)
        return self.chat.texts()[-1]

    def alias(self, match: re.Match) -> str:
        if match[0] not in self.numbers:
            self.numbers.append(match[0])
        return f"#{self.numbers.index(match[0]) + 1}"


async def test_every_command_says_and_does_the_same(everywhere, agent):
    host, chat, _ = everywhere
    talk = Conversation(host, chat)
    kind = host.surface["kind"]

    assert (await talk.say("/start")).startswith("Hello! Write to me")
    assert "/load NAME" in await talk.say("/HELP")
    assert await talk.say("/why") == "You have not asked anything here yet."
    assert await talk.say("/retry") == "There is no question to ask again yet. Just write one."
    assert await talk.say("/stop") == "Nothing is being answered right now."
    assert await talk.say("/nonsense here") == "You said: /nonsense here"
    assert await talk.say("one") == "You said: one"
    assert await talk.say("/context") == (
        f"Conversation number #1: 4 messages, 0 KB; begun on {kind}; 1 chat is on it."
    )
    assert await talk.say("/save  My Trip ") == "This conversation is now called “My Trip”."
    assert await talk.say("/new") == "A new conversation has begun (number #2). /context tells about it."
    assert await talk.say("two") == "You said: two"
    assert await talk.say("/save my trip") == ("Another conversation is already called “my trip”. Choose another name.")
    assert await talk.say("/save 1234") == "A name has 1 to 64 characters and is not only digits."
    assert await talk.say("/save") == "Say which: /save NAME"
    assert await talk.say("/contexts") == "1. → #2 – 2 messages\n2. #1 “My Trip” – 4 messages"
    assert await talk.say("/load MY TRIP") == "You are now in conversation “My Trip”."
    assert await talk.say("/load my trip") == "You already are in conversation “My Trip”."
    assert await talk.say("/rename Journey") == "This conversation is now called “Journey”."
    assert await talk.say("/load My Trip") == "There is no conversation “My Trip”. /contexts lists yours."
    assert await talk.say("three") == "You said: three"
    assert agent.runs[-1].thread == agent.runs[0].thread
    assert await talk.say("/reset") == "Forgotten. The conversation goes on empty (number #3)."
    assert await talk.say("four") == "You said: four"
    assert agent.runs[-1].transcript == [("user", "four")]
    assert agent.runs[-1].thread not in [run.thread for run in agent.runs[:-1]]
    assert await talk.say("/contexts") == "1. → #3 “Journey” – 2 messages\n2. #2 – 2 messages"
    assert await talk.say("/load 2") == "You are now in conversation #2."
    assert await talk.say("/load 1") == "You are now in conversation “Journey”."
    assert await talk.say("/load 3") == "There is no conversation “3”. /contexts lists yours."
    assert await talk.say(f"/delete {talk.numbers[1]}") == "Conversation #2 is deleted."
    assert await talk.say("/delete journey") == "Conversation “Journey” is deleted."
    assert await talk.say("/contexts") == "1. → #4 – 0 messages"
    assert await talk.say("/retry") == "There is no question to ask again yet. Just write one."
    assert await talk.say("five") == "You said: five"
    assert await talk.say("/retry") == "You said: five"
    assert agent.runs[-1].transcript == [("user", "five")], "the first attempt left the transcript"
    assert "answered" in await talk.say("/why")
    assert (await talk.say("/unlink")).startswith("This account is not linked")
    assert "10 minutes" in await talk.say("/link")
    assert (await talk.say("/link WRONG234")).startswith("This code is not known")
    assert (await talk.say("/link yes")).startswith("There is nothing to confirm")


async def test_staged_files_are_listed_removed_and_part_of_one_message(everywhere, agent):
    host, chat, _ = everywhere
    talk = Conversation(host, chat)

    assert await talk.say("/files") == "No file waits for your next message."
    assert await talk.stage(b"one", "1.txt") == "📎 1 file waits for your next message."
    assert await talk.stage(b"two", "2.txt") == "📎 2 files wait for your next message."
    assert await talk.say("/files") == "1. 1.txt\n2. 2.txt"
    assert await talk.say("/remove 7") == "There is no such file. /files lists what waits."
    assert await talk.say("/remove") == "Say which: /remove N"
    assert await talk.say("/remove 1") == "1 file is removed."
    await host.kill()
    await host.start()
    assert await talk.say("what is this?") == "You said: what is this?"
    assert await talk.say("and now?") == "You said: and now?"

    assert [[f.data for f in run.files] for run in agent.runs] == [[b"two"], []]
    assert await talk.stage(b"three", "3.txt") == "📎 1 file waits for your next message."
    assert await talk.say("/remove all") == "1 file is removed."


async def test_a_groups_contexts_are_the_groups(everywhere, agent):
    host, chat, group = everywhere
    private, shared = Conversation(host, chat), Conversation(host, group)

    assert await private.say("mine") == "You said: mine"
    assert await private.say("/save Diary") == "This conversation is now called “Diary”."
    assert await shared.say("/load Diary") == "There is no conversation “Diary”. /contexts lists yours."
    assert await shared.say("/save Diary") == "This conversation is now called “Diary”."
    assert await shared.say("/delete Diary") == "Conversation “Diary” is deleted."
    assert "“Diary”" in await private.say("/contexts")
    assert (await shared.say("/link")).startswith("This works in a private chat")
    await group.say("not for the bot")
    await group.mention("for the bot")
    await group.until_shown("for the bot")
    await settled(host, group)
    assert [question.endswith(": for the bot") for question in agent.questions[1:]] == [True]


async def test_what_ends_a_running_answer_lets_nothing_of_it_into_what_follows(everywhere, agent):
    host, chat, _ = everywhere
    talk = Conversation(host, chat)
    assert await talk.say("before") == "You said: before"
    assert await talk.say("/save Old") == "This conversation is now called “Old”."
    assert "has begun" in await talk.say("/new")
    for number, command in enumerate(("/new", "/load Old", "/reset", "/delete Old")):
        agent.script = type(agent).by_hand
        agent.arrivals = type(agent.arrivals)()
        await chat.say(f"question {number}")
        run = await agent.next_run()
        await run.start()
        await run.delta(f"beginning {number} ")
        await chat.until_shown(f"beginning {number}")
        await chat.say(command.replace("/", chat.prefix))
        await chat.until(lambda _, run=run: run.disconnected.is_set(), f"{command} ends the run")
        await settled(host, chat)
        assert f"beginning {number}" in chat.texts(), "what was said stays"

        agent.script = lambda run: run.answer("You said: ", run.question)
        assert await talk.say(f"after {number}") == f"You said: after {number}"
        transcript = agent.runs[-1].transcript
        assert not any("beginning" in text or "question" in text for _, text in transcript), (command, transcript)
