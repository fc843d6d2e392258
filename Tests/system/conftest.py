"""Fixtures: a homeserver, a bot's fresh account, people, a scripted agent, and the host between them."""

import os
from collections.abc import AsyncIterator

import aiohttp
import pytest

from harness import Account, Chat, FaultyProxy, Homeserver, Host, Person, free_port
from harness.host import PROGRAM
from scripted_agent import ScriptedAgent

API_KEY = "agent-key-5f2c8d1e"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


async def homeserver_at(prefix: str, session: aiohttp.ClientSession) -> AsyncIterator[Homeserver]:
    if f"{prefix}_URL" not in os.environ:
        pytest.exit(f"{prefix}_URL is not set: run `make test`, or eval the output of scripts/synapse start")
    homeserver = Homeserver(os.environ[f"{prefix}_URL"], os.environ[f"{prefix}_REG_SECRET"], session)
    yield homeserver
    await homeserver.close()


@pytest.fixture
async def homeserver(session) -> AsyncIterator[Homeserver]:
    """As good as without rate limits."""
    async for homeserver in homeserver_at("MATRIX", session):
        yield homeserver


@pytest.fixture
async def limited_homeserver(session) -> AsyncIterator[Homeserver]:
    """With Synapse's own rate limits."""
    async for homeserver in homeserver_at("MATRIX_LIMITED", session):
        yield homeserver


@pytest.fixture
async def agent() -> AsyncIterator[ScriptedAgent]:
    agent = ScriptedAgent(port=free_port())
    await agent.start()
    yield agent
    await agent.stop()
    assert agent.overlaps == [], "two runs at once on one thread"
    connections = [run.connection for run in agent.runs]
    assert len(connections) == len(set(connections)), "a connection to the agent was used twice"


@pytest.fixture
async def bot(homeserver) -> Account:
    return await homeserver.register("bot")


@pytest.fixture
async def ann(homeserver) -> Person:
    """A person who may talk to the agent."""
    return await homeserver.person("ann")


@pytest.fixture
async def bob(homeserver) -> Person:
    """Another person; whether he may talk to the agent is the test's affair."""
    return await homeserver.person("bob")


def deployment(folder, session, homeserver_url: str, bot: Account, people: list[str], agent_url: str) -> Host:
    assert PROGRAM.exists(), f"{PROGRAM} is not built"
    manifest = {
        "version": 1,
        "state": {"path": "state"},
        "http": {"listen": f"127.0.0.1:{free_port()}"},
        "webhooks": {"listen": f"127.0.0.1:{free_port()}"},
        "surfaces": [
            {
                "id": "matrix",
                "kind": "matrix",
                "enabled": True,
                "access": {"policy": "allowlist", "users": people},
                "streaming": {"editIntervalSeconds": 0.05},
                "options": {"homeserver": homeserver_url, "accessToken": {"env": "MATRIX_ACCESS_TOKEN"}},
            }
        ],
    }
    return Host(
        folder,
        session,
        manifest,
        AGENT_BASE_URL=agent_url,
        AGENT_API_KEY=API_KEY,
        MATRIX_ACCESS_TOKEN=bot.token,
    )


@pytest.fixture
async def host(tmp_path, session, homeserver, bot, ann, agent) -> AsyncIterator[Host]:
    """Not started yet: a test may change its manifest before."""
    host = deployment(tmp_path / "host", session, homeserver.url, bot, [ann.id], agent.url)
    yield host
    await host.close()
    printed = "\n".join(host.output)
    for secret in (bot.token, bot.password, API_KEY):
        assert secret not in printed, "a secret reached the output"
    # Shown only when the test fails.
    print(printed)


@pytest.fixture
async def proxy(host, homeserver) -> AsyncIterator[FaultyProxy]:
    """Between the host and the homeserver; people go past it. Ask for it before `chat`."""
    assert not host.running
    proxy = FaultyProxy(homeserver.url)
    await proxy.start()
    host.surface["options"]["homeserver"] = proxy.url
    yield proxy
    await proxy.stop()


@pytest.fixture
async def chat(host, ann, bot) -> Chat:
    """The host runs, and ann has a private chat with the bot, who is in it."""
    if not host.running:
        await host.start()
    chat = await ann.direct_chat(bot)
    await chat.until_bot_is("join")
    return chat
