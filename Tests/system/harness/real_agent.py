"""Real agent servers with a scripted model (`Tests/agents`), each a process of its own."""

import asyncio
import os
from pathlib import Path

import aiohttp

from .host import end_with_parent
from .waiting import eventually, free_port

PROGRAM = Path(__file__).parents[2] / "agents/run"


class RealAgent:
    """A server of one kind: pydantic_ai, agno or langgraph."""

    def __init__(self, kind: str, session: aiohttp.ClientSession) -> None:
        self.kind = kind
        self.session = session
        self.port = free_port()
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{'/agui' if self.kind == 'agno' else '/'}"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            PROGRAM,
            "start",
            self.kind,
            str(self.port),
            "--owner",
            str(os.getpid()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=end_with_parent,
        )
        await eventually(self.answers, f"{self.kind} answers", timeout=120, pause=0.2)

    async def answers(self) -> bool:
        assert self.process.returncode is None, f"{self.kind} ended with {self.process.returncode}"
        try:
            async with self.session.get(self.url):
                return True
        except aiohttp.ClientConnectionError:
            return False

    async def stop(self) -> None:
        self.process.kill()
        await self.process.wait()
