"""People on a simulated Telegram."""

import itertools
from dataclasses import dataclass
from typing import Any

from .simulated import ROOT, SimulatedChat, SimulatedServer

people = itertools.count(1001)
groups = itertools.count(1)


class TelegramServer(SimulatedServer):
    kind = "telegram"
    schema = ROOT / "Sources/Sandbox/Telegram/bot-api.json"
    token = "123456789:TEST-token_for_the_simulator"

    async def person(self, name: str, language: str = "en", **more: Any) -> "TelegramPerson":
        number = next(people)
        await self.control("user", id=number, name=name, username=f"{name}{number}", language=language, **more)
        return TelegramPerson(self, number, name)

    async def group(self, *, forum: bool = False) -> int:
        number = -1_000_000_000_000 - next(groups)
        await self.control("group", chat=number, title="A group", forum=forum)
        return number


@dataclass(frozen=True)
class TelegramPerson:
    server: TelegramServer
    number: int
    name: str

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def direct_chat(self) -> SimulatedChat:
        return self.chat(self.number)

    def chat(self, number: int, thread: int | None = None) -> SimulatedChat:
        return SimulatedChat(self.server, number, self.number, thread)
