"""What the model behind every test agent does, by the first word of the last message. No network, no model."""

import asyncio
import base64
import json as codec
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Call(NamedTuple):
    """A tool call instead of text."""

    name: str
    arguments: dict[str, str]


@dataclass
class Turn:
    """What the model is shown."""

    text: str
    """The last message of the person."""
    files: list[str]
    """Its files, as `image/png 8`: media type and bytes."""
    transcript: list[str]
    """Every message, as `user: hi`."""
    all_files: list[str] = field(default_factory=list)
    """The files of every message, by what they say, where the agent can tell."""
    result: str | None = None
    """The result of the tool, when a tool has just been called."""


def log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def answer(turn: Turn) -> AsyncIterator[str | Call]:
    if turn.result is not None:
        yield f"The tool said: {turn.result}"
        return
    match turn.text.split()[0]:
        case "tool":
            yield Call("get_weather", {"city": "Kazan"})
        case "approve":
            yield Call("delete_file", {"path": "/x"})
        case "report":
            yield Call("make_report", {})
        case "file":
            yield "Got: " + ", ".join(turn.files)
        case "recall":
            yield "I have: " + ", ".join(turn.all_files)
        case "history":
            yield " | ".join(turn.transcript)
        case "fail":
            yield "Partial answer "
            raise RuntimeError("the model exploded: secret=abc")
        case "slow":
            async for word in slowly():
                yield word
        case _:
            for word in f"You said: {turn.text} — привет 👋🏽".split(" "):
                yield word + " "


def json(value: object) -> str:
    return codec.dumps(value)


def decode(text: str) -> bytes:
    return base64.b64decode(text)


async def slowly() -> AsyncIterator[str]:
    try:
        for number in range(250):
            yield f"w{number} "
            await asyncio.sleep(0.04)
    except BaseException:
        log("slow was stopped")
        raise
    log("slow came to its end")


def weather(city: str) -> str:
    return f"21 degrees in {city}"


def delete(path: str) -> str:
    log("a file was deleted")
    return f"deleted {path}"


REPORT = {
    "type": "document",
    "source": {"type": "data", "value": "JVBERi0xLjQ=", "mimeType": "application/pdf"},
    "metadata": {"filename": "report.pdf"},
}
"""The value of a `CUSTOM` event named `attachment`: a file for the person."""
