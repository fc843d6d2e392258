"""A simulated Telegram that two published clients, aiogram and python-telegram-bot, are let loose on."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from harness.telegram import TelegramPerson, TelegramServer


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with aiohttp.ClientSession() as session:
        server = TelegramServer(session)
        await server.start()
        yield server
        violations = await server.control("violations")
        await server.stop()
    assert violations == []


@pytest.fixture
async def ann(server) -> TelegramPerson:
    return await server.person("Ann")
