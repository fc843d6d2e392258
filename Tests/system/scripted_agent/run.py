"""One run: the request that began it, and the events that answer it."""

import asyncio
import base64
import itertools
import json
from dataclasses import dataclass
from typing import Any

from .http import Request, Response

numbers = itertools.count(1)


@dataclass(frozen=True)
class Attachment:
    """A file on its way to or from the agent."""

    kind: str
    name: str
    mime_type: str
    data: bytes

    def part(self) -> dict[str, Any]:
        source = {"type": "data", "value": base64.b64encode(self.data).decode(), "mimeType": self.mime_type}
        return {"type": self.kind, "source": source, "metadata": {"filename": self.name}}


class Run:
    """Answers one request; every method but the last ones sends one event of the stream."""

    def __init__(self, request: Request, response: Response, connection: int, disconnected: asyncio.Event) -> None:
        self.number = next(numbers)
        self.request = request
        self.response = response
        #: The same for requests that shared a connection.
        self.connection = connection
        self.body = request.json()
        #: Set when the caller has closed the connection.
        self.disconnected = disconnected
        #: Set when the run has ended, however it did.
        self.ended = asyncio.Event()
        self.message_id: str | None = None
        #: What was done so far.
        self.said = ""
        self.tools: list[str] = []

    def __repr__(self) -> str:
        return f"<run {self.number}: {self.question!r} on {self.thread}>"

    # What was asked

    @property
    def thread(self) -> str:
        """The AG-UI thread; a request in the OpenAI protocol has none, and then is one of its own."""
        return self.body.get("threadId", f"run {self.number}")

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.body["messages"]

    @property
    def transcript(self) -> list[tuple[str, str]]:
        """Role and text of each message."""
        return [(message["role"], text_of(message)) for message in self.messages]

    @property
    def question(self) -> str:
        return text_of(self.messages[-1]) if self.messages else ""

    @property
    def files(self) -> list[Attachment]:
        return files_of(self.messages[-1])

    # What is answered

    async def event(self, type: str, **fields: Any) -> None:
        await self.frame(json.dumps({"type": type, **fields}, ensure_ascii=False))

    async def frame(self, data: str) -> None:
        await self.response.chunk(f"data: {data}\n\n".encode())

    async def start(self) -> None:
        await self.event("RUN_STARTED", threadId=self.thread, runId=self.body["runId"])

    async def open_text(self) -> None:
        self.message_id = f"answer-{self.number}-{next(numbers)}"
        await self.event("TEXT_MESSAGE_START", messageId=self.message_id, role="assistant")

    async def delta(self, text: str) -> None:
        if self.message_id is None:
            await self.open_text()
        self.said += text
        await self.event("TEXT_MESSAGE_CONTENT", messageId=self.message_id, delta=text)

    async def close_text(self) -> None:
        if self.message_id is not None:
            await self.event("TEXT_MESSAGE_END", messageId=self.message_id)
            self.message_id = None

    async def tool(self, name: str, arguments: dict[str, Any] | None = None, result: str = "done") -> None:
        await self.close_text()
        self.tools.append(name)
        call = f"call-{next(numbers)}"
        await self.event("TOOL_CALL_START", toolCallId=call, toolCallName=name)
        await self.event("TOOL_CALL_ARGS", toolCallId=call, delta=json.dumps(arguments or {}))
        await self.event("TOOL_CALL_END", toolCallId=call)
        await self.event("TOOL_CALL_RESULT", messageId=f"{call}-result", toolCallId=call, content=result, role="tool")

    async def file(self, attachment: Attachment) -> None:
        await self.event("CUSTOM", name="attachment", value=attachment.part())

    async def finish(self, **fields: Any) -> None:
        await self.close_text()
        await self.event("RUN_FINISHED", threadId=self.thread, runId=self.body["runId"], **fields)
        await self.response.end()
        self.ended.set()

    async def fail(self, message: str) -> None:
        await self.event("RUN_ERROR", message=message)
        await self.response.end()
        self.ended.set()

    async def answer(self, *deltas: str) -> None:
        """A whole run of one text."""
        await self.start()
        await self.answer_rest(*deltas)

    async def answer_rest(self, *deltas: str) -> None:
        """The end of a run that has started."""
        for text in deltas:
            await self.delta(text)
        await self.finish()

    # What ends it otherwise

    async def refuse(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        """Answers with a status instead of a stream."""
        await self.response.whole(status, json.dumps(body).encode(), headers)
        self.ended.set()

    def cut(self) -> None:
        self.response.cut()
        self.ended.set()

    def reset(self) -> None:
        self.response.reset()
        self.ended.set()


def text_of(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def files_of(message: dict[str, Any]) -> list[Attachment]:
    content = message.get("content") or ""
    if isinstance(content, str):
        return []
    return [
        Attachment(
            part["type"],
            part.get("metadata", {}).get("filename", ""),
            part["source"]["mimeType"],
            base64.b64decode(part["source"]["value"], validate=True),
        )
        for part in content
        if part["type"] != "text"
    ]
