"""People on a simulated MAX."""

import itertools
from dataclasses import dataclass
from typing import Any

from .simulated import ROOT, SimulatedChat, SimulatedServer

people = itertools.count(1001)
groups = itertools.count(1)


class MaxServer(SimulatedServer):
    kind = "max"
    schema = ROOT / "Sources/Sandbox/Max/max-api.json"
    token = "f9LHodD0cOI-token_for_the_simulator"

    async def person(self, name: str, language: str = "en", **more: Any) -> "MaxPerson":
        number = next(people)
        answer = await self.control("user", id=number, name=name, language=language, **more)
        return MaxPerson(self, number, name, answer.get("chat", 0))

    async def group(self) -> int:
        number = -70_000_000 - next(groups)
        await self.control("group", chat=number, title="A group")
        return number


@dataclass(frozen=True)
class MaxPerson:
    server: MaxServer
    number: int
    name: str
    #: The chat id of the dialog with the bot.
    dialog: int

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def direct_chat(self) -> SimulatedChat:
        return self.chat(self.dialog)

    def chat(self, number: int) -> SimulatedChat:
        return SimulatedChat(self.server, number, self.number)
