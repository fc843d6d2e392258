"""What simulated messengers have in common: a process as strict as the service, and chats as people see them."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from .host import end_with_parent
from .waiting import PATIENCE, eventually

ROOT = Path(__file__).parents[3]
SANDBOX = Path(os.environ.get("SANDBOX_BIN", ROOT / ".build/debug/surfaces-sandbox"))


assert SANDBOX.exists(), f"{SANDBOX} is not built"


class SimulatedServer:
    """A simulated messenger and everything that can be made to go wrong with it."""

    #: What `surfaces-sandbox` calls it, and the schema that it validates by.
    kind: str
    schema: Path
    #: The bot's.
    token: str

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.process: asyncio.subprocess.Process | None = None
        self.url = ""

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            SANDBOX,
            self.kind,
            self.schema,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=end_with_parent,
        )
        self.url = (await self.process.stdout.readline()).decode().strip()

    async def stop(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def control(self, verb: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/control/{verb}", json=body) as response:
            answer = await response.json()
            assert response.status == 200, (verb, body, answer)
            return answer

    async def calls(self, *methods: str) -> list[dict[str, Any]]:
        """What the bot asked for, in order; of these methods only, when some are named."""
        return [call for call in await self.control("calls") if not methods or call["method"] in methods]

    async def fault(self, kind: str, method: str, **more: Any) -> None:
        """Makes calls of `method` go wrong: 429, 502, error, hang, drop, apply-then-drop."""
        await self.control("fault", kind=kind, method=method, **more)


@dataclass
class SimulatedMessage:
    """A message of the bot and everything that it has been."""

    json: dict[str, Any]

    @property
    def id(self) -> int | str:
        return self.json["message_id"]

    @property
    def text(self) -> str:
        return self.json["text"]

    @property
    def texts(self) -> list[str]:
        """What the person saw over time."""
        return self.json["versions"]

    @property
    def is_notice(self) -> bool:
        return self.text.startswith("⚠️")

    @property
    def is_orphan(self) -> bool:
        """An opening that nothing became of: cut text, never a whole answer."""
        return self.text.endswith("…") and len(self.texts) == 1

    @property
    def reply_to(self) -> int | str | None:
        return self.json.get("reply_to")

    @property
    def file(self) -> dict[str, Any] | None:
        return self.json.get("file")


class SimulatedChat:
    """A chat, as one person sees it."""

    #: What commands begin with in the bot's texts.
    prefix = "/"

    def __init__(self, server: SimulatedServer, number: int, user: int, thread: int | None = None) -> None:
        self.server = server
        self.number = number
        self.user = user
        self.thread = thread
        self.seen: dict[str, Any] = {"messages": []}

    @property
    def place(self) -> dict[str, Any]:
        return {"chat": self.number, "user": self.user} | ({"thread": self.thread} if self.thread else {})

    # Saying

    async def say(self, text: str, **more: Any) -> Any:
        return (await self.server.control("say", text=text, **self.place, **more))["message"]

    async def mention(self, text: str) -> Any:
        return await self.say(f"@test_bot {text}")

    async def edit(self, message: Any, text: str) -> None:
        await self.server.control("edit", message=message, text=text, **self.place)

    async def send_file(self, data: bytes, name: str, mime_type: str, caption: str | None = None) -> None:
        await self.send_album([(data, name, mime_type, caption)])

    async def send_album(self, files: list[tuple[bytes, str, str, str | None]]) -> None:
        described = [
            {"name": name, "mime_type": mime_type, "text": data.decode()} | ({"caption": caption} if caption else {})
            for data, name, mime_type, caption in files
        ]
        await self.server.control("files", files=described, **self.place)

    # Seeing

    async def refresh(self) -> None:
        self.seen = await self.server.control("chat", chat=self.number)

    def bot_messages(self) -> list[SimulatedMessage]:
        messages = (m for m in self.seen["messages"] if m["from_bot"] and m.get("thread") == self.thread)
        return [SimulatedMessage(message) for message in messages]

    def texts(self) -> list[str]:
        """What each of the bot's messages says now."""
        return [message.text for message in self.bot_messages()]

    @property
    def draft(self) -> str | None:
        """An answer that is shown without being a message."""
        return self.seen.get("draft")

    async def until(self, condition: Callable[["SimulatedChat"], Any], what: str, timeout: float = PATIENCE) -> Any:
        async def holds() -> Any:
            await self.refresh()
            return condition(self)

        try:
            return await eventually(holds, what, timeout)
        except AssertionError as error:
            shown = "\n".join(f"  {m.id}: {m.texts}" for m in self.bot_messages())
            raise AssertionError(f"{error}\ndraft: {self.draft!r}\nthe bot said:\n{shown}") from None

    async def until_said(self, text: str, timeout: float = PATIENCE) -> SimulatedMessage:
        """The bot's message that says exactly `text`, waiting for it."""
        return await self.until(
            lambda chat: next((m for m in chat.bot_messages() if m.text == text), None),
            f"the bot says {text[:200]!r}",
            timeout,
        )

    async def until_shown(self, part: str, timeout: float = PATIENCE) -> None:
        """Waits until a message of the bot, or its draft, contains `part`."""
        await self.until(
            lambda chat: part in (chat.draft or "") or any(part in m.text for m in chat.bot_messages()),
            f"the bot shows {part[:200]!r}",
            timeout,
        )

    async def until_notice(self, count: int = 1, timeout: float = PATIENCE) -> SimulatedMessage:
        notices = await self.until(
            lambda chat: (found := [m for m in chat.bot_messages() if m.is_notice]) and len(found) >= count and found,
            f"{count} notice(s) that begin with ⚠️",
            timeout,
        )
        return notices[-1]

    async def caught_up(self) -> None:
        """Sees everything that the server had taken before this call."""
        await self.refresh()
