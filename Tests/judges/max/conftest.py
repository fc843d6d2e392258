"""A simulated MAX of its own for each test, with one person in a dialog."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

ROOT = Path(__file__).resolve().parents[3]
SANDBOX = Path(os.environ.get("SURFACES_SANDBOX", ROOT / ".build/debug/surfaces-sandbox"))
SCHEMA = ROOT / "Sources/Sandbox/Max/max-api.json"
TOKEN = "f9LHodD0cOI-token_for_the_simulator"
BOT_ID = 277639678
PERSON_ID = 212843158


@dataclass
class Simulator:
    """The simulator, and what the people in it do."""

    url: str
    session: aiohttp.ClientSession

    async def control(self, verb: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/control/{verb}", json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    @property
    def chat(self) -> int:
        return PERSON_ID ^ BOT_ID

    async def say(self, text: str, **more: Any) -> str:
        return (await self.control("say", user=PERSON_ID, text=text, **more))["message"]

    async def shown(self) -> list[dict[str, Any]]:
        """What the bot's messages look like now."""
        chat = await self.control("chat", chat=self.chat)
        return [message for message in chat["messages"] if message["from_bot"]]

    async def violations(self) -> list[str]:
        return await self.control("violations")


@pytest.fixture(scope="session")
def program() -> Path:
    if not SANDBOX.exists():
        pytest.exit(f"there is no {SANDBOX}: run `swift build --product surfaces-sandbox`", returncode=1)
    return SANDBOX


@pytest.fixture
async def simulator(program: Path) -> AsyncIterator[Simulator]:
    process = await asyncio.create_subprocess_exec(program, "max", SCHEMA, stdout=asyncio.subprocess.PIPE)
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session:
            simulator = Simulator(url, session)
            await simulator.control("user", id=PERSON_ID, name="Мария", username="maria", language="ru")
            yield simulator
            # What the simulator says itself must be what the schema says, whoever asks.
            assert await simulator.control("mistakes") == []
    finally:
        process.terminate()
        await process.wait()
