"""The built program with real agents: what each remembers, and one person on two messengers."""

import pytest
from conftest import deployment, ended, max_entry, telegram_entry

from harness import settled
from harness.real_agent import RealAgent


@pytest.fixture
async def start(session):
    """Starts a real agent of a kind."""
    started = []

    async def start(kind: str) -> RealAgent:
        agent = RealAgent(kind, session)
        started.append(agent)
        await agent.start()
        return agent

    yield start
    for agent in started:
        await agent.stop()


async def test_a_file_sent_on_telegram_is_known_on_max(tmp_path, session, telegram, max_server, tina, maya, start):
    """A stateless agent: everything that it knows is what the host sends along."""
    agent = await start("pydantic_ai")
    surfaces = [telegram_entry(telegram, [tina.id]), max_entry(max_server, [maya.id])]
    variables = {"TELEGRAM_TOKEN": telegram.token, "MAX_TOKEN": max_server.token}
    host = deployment(tmp_path / "both", session, surfaces, agent.url, **variables)
    await host.start()
    first, second = tina.direct_chat, maya.direct_chat
    await first.say("/link")
    await first.until_shown("/link ")
    [words] = [text.split() for text in first.texts() if "/link " in text]
    await second.say(f"/link {words[words.index('/link') + 1]}")
    await second.until_shown("/link yes")
    await second.say("/link yes")
    await second.until_shown("Linked with")

    await first.send_file(b"the secret is 42", "notes.txt", "text/plain")
    await first.until_shown("📎")
    await first.say("file this, please")
    await first.until_said("Got: text/plain 16")
    await first.say("/save Notes")
    await first.until_shown("“Notes”")
    await second.say("/load Notes")
    await second.until_shown("You are now in conversation “Notes”")
    await second.say("recall what I sent")

    await second.until_said("I have: the secret is 42")
    await settled(host, first, second)
    await ended(host, *variables.values())


@pytest.mark.parametrize(
    ("kind", "history"), [("pydantic_ai", "host"), ("agno", "host"), ("langgraph", "host"), ("langgraph", "agent")]
)
async def test_each_agent_knows_each_message_once(tmp_path, session, telegram, tina, start, kind, history):
    agent = await start(kind)
    surfaces = [telegram_entry(telegram, [tina.id])]
    host = deployment(tmp_path / "host", session, surfaces, agent.url, TELEGRAM_TOKEN=telegram.token)
    host.manifest["agent"] = {"history": history}
    await host.start()
    chat = tina.direct_chat
    await chat.say("hello")
    await chat.until_shown("You said: hello")
    await settled(host, chat)
    await host.kill()
    await host.start()
    await chat.say("history")

    await chat.until_shown("user: hello")
    await settled(host, chat)
    told = chat.texts()[-1]
    assert told.count("user: hello") == 1 and told.count("You said: hello") == 1, told
    await chat.say("/new")
    await chat.until_shown("A new conversation")
    await chat.say("history")
    await chat.until(lambda chat: len(chat.bot_messages()) == 4, "an answer in the new context")
    await settled(host, chat)
    assert "hello" not in chat.texts()[-1]
    await ended(host, telegram.token)
