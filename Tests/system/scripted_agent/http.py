"""As much of an HTTP/1.1 server as an agent needs, with every byte under control.

A server library would decide itself how chunks are cut, when a head leaves and what a broken stream looks like: these
are the things that the tests decide.
"""

import asyncio
import json
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    line, *fields = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, path, _ = line.split(" ", 2)
    headers = {}
    for field in fields:
        name, _, value = field.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return bytes(body)


class Response:
    """What is sent back: whole, as a stream, or broken off."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.streaming = False
        self.broken = False

    async def whole(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
        await self.raw(head(status, fields) + body)

    async def begin(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        fields = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"} | (headers or {})
        self.streaming = True
        await self.raw(head(status, fields))

    async def chunk(self, data: bytes) -> None:
        if not self.streaming:
            await self.begin()
        await self.raw(framed(data))

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")
        self.streaming = False

    async def raw(self, data: bytes) -> None:
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            self.broken = True

    def cut(self) -> None:
        """Closes the connection in the middle of the stream, as a process does that ends."""
        self.broken = True
        self.writer.close()

    def reset(self) -> None:
        """Answers with a TCP reset, as a machine does that has lost the connection."""
        self.broken = True
        plug = self.writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def head(status: int, fields: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def framed(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
