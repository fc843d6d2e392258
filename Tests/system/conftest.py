"""Fixtures: a homeserver, a bot's fresh account, people, a scripted agent, and the host between them."""

import contextlib
import functools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from harness import (
    Account,
    Chat,
    FaultyProxy,
    Homeserver,
    Host,
    MaxPerson,
    MaxServer,
    Messenger,
    Person,
    SimulatedChat,
    TelegramPerson,
    TelegramServer,
    free_port,
)
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


def matrix_entry(homeserver_url: str, people: list[str]) -> dict[str, Any]:
    return {
        "id": "matrix",
        "kind": "matrix",
        "enabled": True,
        "access": {"policy": "allowlist", "users": people},
        "streaming": {"editIntervalSeconds": 0.05},
        "options": {"homeserver": homeserver_url, "accessToken": {"env": "MATRIX_ACCESS_TOKEN"}},
    }


def telegram_entry(server: TelegramServer, people: list[str]) -> dict[str, Any]:
    return {
        "id": "telegram",
        "kind": "telegram",
        "enabled": True,
        "access": {"policy": "allowlist", "users": people},
        "streaming": {"editIntervalSeconds": 0.05},
        "options": {"token": {"env": "TELEGRAM_TOKEN"}, "apiBaseURL": server.url},
    }


def max_entry(server: MaxServer, people: list[str]) -> dict[str, Any]:
    return {
        "id": "max",
        "kind": "max",
        "enabled": True,
        "access": {"policy": "allowlist", "users": people},
        "streaming": {"editIntervalSeconds": 0.05},
        "options": {"token": {"env": "MAX_TOKEN"}, "apiBaseURL": server.url},
    }


def deployment(folder, session, surfaces: list[dict[str, Any]], agent_url: str, **environment: str) -> Host:
    assert PROGRAM.exists(), f"{PROGRAM} is not built"
    manifest = {
        "version": 1,
        "state": {"path": "state"},
        "http": {"listen": f"127.0.0.1:{free_port()}"},
        "webhooks": {"listen": f"127.0.0.1:{free_port()}"},
        "surfaces": surfaces,
    }
    return Host(folder, session, manifest, AGENT_BASE_URL=agent_url, AGENT_API_KEY=API_KEY, **environment)


async def ended(host: Host, *secrets: str) -> None:
    """Ends a test's host; no secret may have reached its output."""
    await host.close()
    printed = "\n".join(host.output)
    for secret in (*secrets, API_KEY):
        assert secret not in printed, "a secret reached the output"
    # Shown only when the test fails.
    print(printed)


@pytest.fixture
async def host(tmp_path, session, homeserver, bot, ann, agent) -> AsyncIterator[Host]:
    """Not started yet: a test may change its manifest before."""
    surfaces = [matrix_entry(homeserver.url, [ann.id])]
    host = deployment(tmp_path / "host", session, surfaces, agent.url, MATRIX_ACCESS_TOKEN=bot.token)
    yield host
    await ended(host, bot.token, bot.password)


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


# Telegram, simulated


@pytest.fixture
async def telegram(session) -> AsyncIterator[TelegramServer]:
    """Nothing that the documentation does not have may be asked of it."""
    server = TelegramServer(session)
    await server.start()
    yield server
    violations = await server.control("violations")
    await server.stop()
    assert violations == []


@pytest.fixture
async def tina(telegram) -> TelegramPerson:
    """A person who may talk to the agent."""
    return await telegram.person("Tina")


@pytest.fixture
async def telegram_host(tmp_path, session, telegram, tina, agent) -> AsyncIterator[Host]:
    """Not started yet: a test may change its manifest before."""
    surfaces = [telegram_entry(telegram, [tina.id])]
    host = deployment(tmp_path / "telegram-host", session, surfaces, agent.url, TELEGRAM_TOKEN=telegram.token)
    yield host
    await ended(host, telegram.token)


@pytest.fixture
async def telegram_proxy(telegram_host, telegram) -> AsyncIterator[FaultyProxy]:
    """Between the host and the Bot API server. Ask for it before `direct`."""
    assert not telegram_host.running
    proxy = FaultyProxy(telegram.url)
    await proxy.start()
    telegram_host.surface["options"]["apiBaseURL"] = proxy.url
    yield proxy
    await proxy.stop()


@pytest.fixture
async def direct(telegram_host, tina) -> SimulatedChat:
    """The host runs, and tina has a private chat with the bot."""
    await telegram_host.start()
    return tina.direct_chat


# MAX, simulated


@pytest.fixture
async def max_server(session) -> AsyncIterator[MaxServer]:
    """Nothing that the schema does not have may be asked of it, nor does it say such a thing itself."""
    server = MaxServer(session)
    await server.start()
    yield server
    violations, mistakes = await server.control("violations"), await server.control("mistakes")
    await server.stop()
    assert (violations, mistakes) == ([], [])


@pytest.fixture
async def maya(max_server) -> MaxPerson:
    """A person who may talk to the agent."""
    return await max_server.person("Maya")


@pytest.fixture
async def max_host(tmp_path, session, max_server, maya, agent) -> AsyncIterator[Host]:
    """Not started yet: a test may change its manifest before."""
    surfaces = [max_entry(max_server, [maya.id])]
    host = deployment(tmp_path / "max-host", session, surfaces, agent.url, MAX_TOKEN=max_server.token)
    yield host
    await ended(host, max_server.token)


@pytest.fixture
async def max_proxy(max_host, max_server) -> AsyncIterator[FaultyProxy]:
    """Between the host and the service. Ask for it before the host starts."""
    assert not max_host.running
    proxy = FaultyProxy(max_server.url)
    await proxy.start()
    max_host.surface["options"]["apiBaseURL"] = proxy.url
    yield proxy
    await proxy.stop()


# Any messenger


@pytest.fixture(params=["telegram", "max", "matrix"])
async def messenger(
    request, tmp_path, session, agent, homeserver, bot, ann, telegram, tina, max_server, maya
) -> AsyncIterator[Messenger]:
    """Each messenger in turn, behind a proxy; the host is not started yet."""
    async with messenger_of(
        request.param, tmp_path, session, agent, homeserver, bot, ann, telegram, tina, max_server, maya
    ) as messenger:
        yield messenger


@pytest.fixture(params=["telegram", "max"])
async def duplicating(request, tmp_path, session, agent, telegram, tina, max_server, maya) -> AsyncIterator[Messenger]:
    """The messengers that recognise no repeated send, likewise."""
    async with messenger_of(
        request.param, tmp_path, session, agent, None, None, None, telegram, tina, max_server, maya
    ) as messenger:
        yield messenger


@contextlib.asynccontextmanager
async def messenger_of(kind, folder, session, agent, homeserver, bot, ann, telegram, tina, max_server, maya):
    upstream = {"telegram": telegram, "max": max_server, "matrix": homeserver}[kind]
    proxy = FaultyProxy(upstream.url)
    await proxy.start()
    entry, variables = {
        "telegram": lambda: (telegram_entry(telegram, [tina.id]), {"TELEGRAM_TOKEN": telegram.token}),
        "max": lambda: (max_entry(max_server, [maya.id]), {"MAX_TOKEN": max_server.token}),
        "matrix": lambda: (matrix_entry(homeserver.url, [ann.id]), {"MATRIX_ACCESS_TOKEN": bot.token}),
    }[kind]()
    entry["options"]["homeserver" if kind == "matrix" else "apiBaseURL"] = proxy.url
    host = deployment(folder / "host", session, [entry], agent.url, **variables)

    async def open_chat(person) -> Any:
        if kind != "matrix":
            return person.direct_chat
        chat = await person.direct_chat(bot)
        await chat.until_bot_is("join")
        return chat

    async def others(count: int) -> list[Callable[[], Awaitable[Any]]]:
        people = [await upstream.person(f"person{number}") for number in range(count)]
        entry["access"]["users"] += [person.id for person in people]
        return [functools.partial(open_chat, person) for person in people]

    owner = {"telegram": tina, "max": maya, "matrix": ann}[kind]
    server = None if kind == "matrix" else upstream
    direct = None if kind == "matrix" else str(owner.direct_chat.number)
    yield Messenger(kind, host, proxy, server, owner.id, direct, functools.partial(open_chat, owner), others)
    await ended(host, *variables.values())
    await proxy.stop()
