"""People on a real homeserver, as their clients see it: raw requests, every event recorded."""

import asyncio
import hashlib
import hmac
import itertools
import secrets
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from .waiting import PATIENCE

transactions = itertools.count(1)


@dataclass(frozen=True)
class Account:
    id: str
    password: str
    token: str
    device: str

    @property
    def localpart(self) -> str:
        return self.id[1:].split(":")[0]


class MatrixError(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Homeserver:
    """A Synapse that runs already, known by its address and the secret for registering."""

    def __init__(self, url: str, secret: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.secret = secret
        self.session = session
        self.people: list[Person] = []

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        data: bytes | None = None,
        **query: str,
    ) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if data is not None:
            headers["Content-Type"] = query.pop("content_type")
        # The body is what is said, also when it is an empty object.
        content = {"data": data} if data is not None else {"json": body} if body is not None else {}
        timeout = aiohttp.ClientTimeout(total=90)
        async with self.session.request(
            method, self.url + path, headers=headers, params=query, timeout=timeout, **content
        ) as response:
            if response.content_type != "application/json":
                return await response.read()
            answer = await response.json()
            if response.status != 200:
                raise MatrixError(response.status, answer)
            return answer

    async def register(self, name: str) -> Account:
        """A fresh account; `name` only begins its name."""
        user, password = f"{name}-{secrets.token_hex(4)}", secrets.token_hex(12)
        nonce = (await self.call("GET", "/_synapse/admin/v1/register"))["nonce"]
        text = "\0".join([nonce, user, password, "notadmin"])
        mac = hmac.new(self.secret.encode(), text.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": user, "password": password, "admin": False, "mac": mac}
        answer = await self.call("POST", "/_synapse/admin/v1/register", body)
        return Account(answer["user_id"], password, answer["access_token"], answer["device_id"])

    async def person(self, name: str) -> "Person":
        person = Person(self, await self.register(name))
        self.people.append(person)
        await person.start()
        return person

    async def close(self) -> None:
        for person in self.people:
            await person.stop()


class Person:
    """Somebody with a Matrix client."""

    def __init__(self, homeserver: Homeserver, account: Account) -> None:
        self.homeserver = homeserver
        self.account = account
        self.id = account.id
        #: Timeline and state events of each room, in the order in which they came.
        self.events: dict[str, list[dict[str, Any]]] = {}
        self.invitations: set[str] = set()
        self.typing: dict[str, list[str]] = {}
        self.receipts: dict[str, list[dict[str, Any]]] = {}
        self.changed = asyncio.Condition()
        self.task: asyncio.Task | None = None

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        return await self.homeserver.call(method, path, body, token=self.account.token, **more)

    async def start(self) -> None:
        self.task = asyncio.create_task(self.follow())

    async def stop(self) -> None:
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def follow(self) -> None:
        query = {"timeout": "0"}
        while True:
            answer = await self.call("GET", "/_matrix/client/v3/sync", **query)
            for room, news in answer.get("rooms", {}).get("join", {}).items():
                await self.record(room, news)
            self.invitations |= set(answer.get("rooms", {}).get("invite", {}))
            query = {"timeout": "30000", "since": answer["next_batch"]}
            async with self.changed:
                self.changed.notify_all()

    async def record(self, room: str, news: dict[str, Any]) -> None:
        known = self.events.setdefault(room, [])
        seen = {event["event_id"] for event in known}
        timeline = news.get("timeline", {})
        missed = await self.gap(room, timeline, seen) if timeline.get("limited") and known else []
        state = news.get("state", {}).get("events", [])
        known += [e for e in [*state, *missed, *timeline.get("events", [])] if e["event_id"] not in seen]
        for event in news.get("ephemeral", {}).get("events", []):
            if event["type"] == "m.typing":
                self.typing[room] = event["content"]["user_ids"]
            if event["type"] == "m.receipt":
                self.receipts.setdefault(room, []).append(event["content"])

    async def gap(self, room: str, timeline: dict[str, Any], seen: set[str]) -> list[dict[str, Any]]:
        """The events between what is known and a timeline that was cut off at its beginning."""
        missed: list[dict[str, Any]] = []
        start = timeline["prev_batch"]
        while True:
            page = await self.call(
                "GET",
                f"/_matrix/client/v3/rooms/{quoted(room)}/messages",
                **{"from": start, "dir": "b", "limit": "100"},
            )
            for event in page["chunk"]:
                if event["event_id"] in seen:
                    return missed[::-1]
                missed.append(event)
            if "end" not in page:
                return missed[::-1]
            start = page["end"]

    async def until(self, condition: Callable[[], Any], what: str, timeout: float = PATIENCE) -> Any:
        """Waits until `condition` answers something true, looking again after each news from the server."""
        try:
            async with asyncio.timeout(timeout), self.changed:
                while not (answer := condition()):
                    await self.changed.wait()
                return answer
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s: {what}\n{self.story()}") from None

    def story(self) -> str:
        """What the person saw, for the report of a failed test."""
        lines = []
        for room, events in self.events.items():
            lines.append(f"{self.id} in {room}:")
            for event in events:
                if event["type"] in ("m.room.message", "m.room.redaction", "m.room.member", "m.room.encrypted"):
                    content = event["content"]
                    text = str(content.get("body", content.get("membership", "")))
                    kind = content.get("m.relates_to", {}).get("rel_type", event["type"])
                    lines.append(f"  {event['sender']} [{kind}] {text[:300]!r}")
        return "\n".join(lines)

    async def create_room(self, **options: Any) -> "Chat":
        answer = await self.call("POST", "/_matrix/client/v3/createRoom", options)
        return Chat(self, answer["room_id"])

    async def direct_chat(self, bot: Account, preset: str = "trusted_private_chat") -> "Chat":
        """A private chat with the bot, made as clients do; the bot may be in it or not yet."""
        chat = await self.create_room(is_direct=True, preset=preset, invite=[bot.id])
        chat.bot = bot.id
        return chat

    async def group(self, bot: Account, *others: "Person", **options: Any) -> "Chat":
        invited = [bot.id, *(person.id for person in others)]
        chat = await self.create_room(preset="private_chat", name="A group", invite=invited, **options)
        chat.bot = bot.id
        for person in others:
            await person.join(chat.room)
        return chat

    async def join(self, room: str, bot: str | None = None) -> "Chat":
        await self.call("POST", f"/_matrix/client/v3/join/{quoted(room)}", {})
        chat = Chat(self, room)
        chat.bot = bot
        return chat

    async def upload(self, data: bytes, mime_type: str, name: str) -> str:
        answer = await self.call("POST", "/_matrix/media/v3/upload", data=data, content_type=mime_type, filename=name)
        return answer["content_uri"]

    async def download(self, uri: str) -> bytes:
        path = "/_matrix/client/v1/media/download/" + uri.removeprefix("mxc://")
        answer = await self.call("GET", path)
        assert isinstance(answer, bytes), answer
        return answer


@dataclass
class BotMessage:
    """A message of the bot and everything that it has been."""

    event: dict[str, Any]
    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.event["event_id"]

    @property
    def content(self) -> dict[str, Any]:
        return self.versions[-1]

    @property
    def text(self) -> str:
        return self.content.get("body", "")

    @property
    def html(self) -> str:
        return self.content.get("formatted_body", "")

    @property
    def texts(self) -> list[str]:
        """What the person saw over time."""
        return [version.get("body", "") for version in self.versions]

    @property
    def is_notice(self) -> bool:
        return self.text.startswith("⚠️")

    @property
    def relation(self) -> dict[str, Any]:
        return self.event["content"].get("m.relates_to", {})

    @property
    def thread(self) -> str | None:
        return self.relation.get("event_id") if self.relation.get("rel_type") == "m.thread" else None


class Chat:
    """One room as one person sees it."""

    def __init__(self, person: Person, room: str) -> None:
        self.person = person
        self.room = room
        self.bot: str | None = None
        #: What commands begin with in the bot's texts.
        self.prefix = "!"

    @property
    def path(self) -> str:
        return f"/_matrix/client/v3/rooms/{quoted(self.room)}"

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.person.events.get(self.room, [])

    # Saying

    async def send(self, content: dict[str, Any], type: str = "m.room.message") -> str:
        transaction = f"t{next(transactions)}-{secrets.token_hex(4)}"
        answer = await self.person.call("PUT", f"{self.path}/send/{type}/{transaction}", content)
        return answer["event_id"]

    async def say(self, text: str, **more: Any) -> str:
        return await self.send({"msgtype": "m.text", "body": text, **more})

    async def mention(self, text: str, **more: Any) -> str:
        return await self.say(text, **{"m.mentions": {"user_ids": [self.bot]}}, **more)

    async def reply(self, text: str, to: str, **more: Any) -> str:
        return await self.say(text, **{"m.relates_to": {"m.in_reply_to": {"event_id": to}}}, **more)

    async def say_in_thread(self, text: str, root: str, **more: Any) -> str:
        relation = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
        return await self.say(text, **{"m.relates_to": relation}, **more)

    async def edit(self, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return await self.send({**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation})

    async def redact(self, event: str) -> None:
        transaction = f"t{next(transactions)}-{secrets.token_hex(4)}"
        await self.person.call("PUT", f"{self.path}/redact/{quoted(event)}/{transaction}", {})

    async def send_file(
        self, data: bytes, name: str, mime_type: str, caption: str | None = None, msgtype: str = "m.file"
    ) -> str:
        uri = await self.person.upload(data, mime_type, name)
        info = {"mimetype": mime_type, "size": len(data)}
        content = {"msgtype": msgtype, "url": uri, "info": info, "filename": name, "body": caption or name}
        return await self.send(content)

    async def kick(self, user: str) -> None:
        await self.person.call("POST", f"{self.path}/kick", {"user_id": user})

    async def ban(self, user: str) -> None:
        await self.person.call("POST", f"{self.path}/ban", {"user_id": user})

    async def invite(self, user: str) -> None:
        await self.person.call("POST", f"{self.path}/invite", {"user_id": user})

    async def set_state(self, type: str, content: dict[str, Any]) -> None:
        await self.person.call("PUT", f"{self.path}/state/{type}", content)

    # Seeing

    def bot_messages(self) -> list[BotMessage]:
        """The bot's messages in order, each with its edits; those that it took back are not among them."""
        messages: dict[str, BotMessage] = {}
        for event in self.events:
            if event["type"] == "m.room.redaction":
                messages.pop(event["content"].get("redacts") or event.get("redacts"), None)
            if event["type"] != "m.room.message" or event["sender"] != self.bot or not event["content"]:
                continue
            relation = event["content"].get("m.relates_to", {})
            if relation.get("rel_type") != "m.replace":
                messages[event["event_id"]] = BotMessage(event, [event["content"]])
            elif relation["event_id"] in messages:
                messages[relation["event_id"]].versions.append(event["content"]["m.new_content"])
        return list(messages.values())

    def texts(self) -> list[str]:
        """What each of the bot's messages says now."""
        return [message.text for message in self.bot_messages()]

    def bot_membership(self) -> str | None:
        states = [
            event["content"]["membership"]
            for event in self.events
            if event["type"] == "m.room.member" and event["state_key"] == self.bot
        ]
        return states[-1] if states else None

    def bot_is_typing(self) -> bool:
        return self.bot in self.person.typing.get(self.room, [])

    async def until(self, condition: Callable[["Chat"], Any], what: str, timeout: float = PATIENCE) -> Any:
        return await self.person.until(lambda: condition(self), what, timeout)

    async def until_bot_is(self, membership: str) -> None:
        await self.until(lambda chat: chat.bot_membership() == membership, f"the bot's membership is {membership}")

    async def until_said(self, text: str, timeout: float = PATIENCE) -> BotMessage:
        """The bot's message that says exactly `text`, waiting for it."""
        return await self.until(
            lambda chat: next((m for m in chat.bot_messages() if m.text == text), None),
            f"the bot says {text[:200]!r}",
            timeout,
        )

    async def until_shown(self, part: str, timeout: float = PATIENCE) -> BotMessage:
        """The bot's message that contains `part` now, waiting for it."""
        return await self.until(
            lambda chat: next((m for m in chat.bot_messages() if part in m.text), None),
            f"the bot shows {part[:200]!r}",
            timeout,
        )

    async def until_notice(self, count: int = 1, timeout: float = PATIENCE) -> BotMessage:
        notices = await self.until(
            lambda chat: (found := [m for m in chat.bot_messages() if m.is_notice]) and len(found) >= count and found,
            f"{count} notice(s) that begin with ⚠️",
            timeout,
        )
        return notices[-1]

    async def caught_up(self) -> None:
        """Sees everything that the server had taken before this call."""
        marker = await self.send({}, type="test.marker")
        await self.until(lambda chat: any(e["event_id"] == marker for e in chat.events), "the marker comes back")


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")
