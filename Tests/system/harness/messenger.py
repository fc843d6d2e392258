"""One messenger of any kind with a faulty connection to it: what a promise for all of them is played on."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .host import Host
from .proxy import Exchange, Fault, FaultyProxy
from .simulated import SimulatedServer

JSON = {"Content-Type": "application/json"}
PATHS = {
    # Receiving, sending, editing, downloading, showing that one types.
    "telegram": (
        ("POST", r"/getUpdates$"),
        ("POST", r"/send(Message|Photo|Document)$"),
        ("POST", r"/editMessage"),
        ("GET", r"^/file/"),
        ("POST", r"/sendChatAction$"),
    ),
    "max": (
        ("GET", r"^/updates\?"),
        ("POST", r"^/messages\?"),
        ("PUT", r"^/messages\?"),
        ("GET", r"^/download/"),
        ("POST", r"/actions$"),
    ),
    "matrix": (
        ("GET", r"/sync\?"),
        ("PUT", r"/send/m\.room\.message/"),
        ("PUT", r"/send/m\.room\.message/"),
        ("GET", r"/media/download/"),
        ("PUT", r"/typing/"),
    ),
}


@dataclass
class Messenger:
    """The host is not started before `chat` is asked for."""

    kind: str
    host: Host
    proxy: FaultyProxy
    #: The simulated service; `None` where it is a homeserver.
    server: SimulatedServer | None
    #: The person who may talk to the agent, by id, and the messenger's name of their private chat where it has one.
    person: str
    direct: str | None
    #: Opens the private chat of the person who may talk to the agent; the host runs.
    open: Callable[[], Awaitable[Any]]
    #: The chats of further people, when asked for with their number, before the host starts.
    others: Callable[[int], Awaitable[list[Callable[[], Awaitable[Any]]]]]

    async def chat(self) -> Any:
        if not self.host.running:
            await self.host.start()
        return await self.open()

    def on_receive(self, **more: Any) -> Fault:
        return self.proxy.fault(*PATHS[self.kind][0], **more)

    def on_send(self, part: str = "", **more: Any) -> Fault:
        """What happens to sends of new messages whose body matches `part`."""
        return self.proxy.fault(*PATHS[self.kind][1], matches=lambda e: not self.is_edit(e) and says(e, part), **more)

    def on_edit(self, part: str = "", **more: Any) -> Fault:
        return self.proxy.fault(*PATHS[self.kind][2], matches=lambda e: self.is_edit(e) and says(e, part), **more)

    def on_download(self, **more: Any) -> Fault:
        return self.proxy.fault(*PATHS[self.kind][3], **more)

    def is_edit(self, exchange: Exchange) -> bool:
        if self.kind == "matrix":
            return b"m.replace" in exchange.body
        return exchange.method == "PUT" or "/editMessage" in exchange.path

    def sends(self) -> list[Exchange]:
        method, path = PATHS[self.kind][1]
        return [e for e in self.proxy.sent(path) if e.method == method and not self.is_edit(e)]

    def polls(self) -> list[Exchange]:
        return self.proxy.sent(PATHS[self.kind][0][1])

    def typings(self) -> list[Exchange]:
        method, path = PATHS[self.kind][4]
        return [e for e in self.proxy.sent(path) if e.method == method]

    def refusal(self, why: str = "NEW_REASON") -> dict[str, Any]:
        """What a call gets that is refused for good, for a reason that nobody knows."""
        body = {
            "telegram": {"ok": False, "error_code": 400, "description": f"Bad Request: {why}"},
            "max": {"code": "new.reason", "message": why},
            "matrix": {"errcode": "M_NEW_REASON", "error": why},
        }[self.kind]
        return {"deliver": False, "answer": 400, "body": json.dumps(body).encode(), "headers": JSON}

    def gone(self) -> dict[str, Any]:
        """What an edit gets whose message is not there any more."""
        body, status = {
            "telegram": (
                {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"},
                400,
            ),
            "max": ({"code": "not.found", "message": "Message not found"}, 404),
        }[self.kind]
        return {"deliver": False, "answer": status, "body": json.dumps(body).encode(), "headers": JSON}

    def unavailable(self, status: int = 502) -> dict[str, Any]:
        """What a call gets from something in front of a service that is down."""
        return {
            "deliver": False,
            "answer": status,
            "body": b"<html>down</html>",
            "headers": {"Content-Type": "text/html"},
        }

    def slow_down(self, seconds: str) -> dict[str, Any]:
        """A rate limit that asks to wait so long, in the messenger's own words and in a header."""
        body = {
            "telegram": '{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":%s}}',
            "max": '{"code":"too.many.requests","message":"Too many requests","retry_after":%s}',
            "matrix": '{"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":%s}',
        }[self.kind] % seconds
        return {"deliver": False, "answer": 429, "body": body.encode(), "headers": JSON | {"Retry-After": seconds}}


def says(exchange: Exchange, part: str) -> bool:
    return re.search(part.encode(), exchange.body) is not None


def command(chat: Any, text: str) -> str:
    """`/help` as it is written in this chat."""
    return text.replace("/", chat.prefix, 1)
