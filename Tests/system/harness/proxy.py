"""A proxy between host and homeserver that does to a connection what networks do."""

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from .waiting import free_port


@dataclass
class Exchange:
    """One request that passed, and the status of its answer; None while, or when, there was none."""

    method: str
    path: str
    body: bytes
    status: int | None = None
    answer: bytes = b""


@dataclass
class Fault:
    """What happens to the next requests that match.

    `before` is awaited before the request goes on, `after` when the homeserver has answered and the host does not know
    it yet. Both are where a test holds a request, or kills a process. `deliver` says whether the homeserver gets the
    request, `answer` what the host gets: the homeserver's answer, a status, or a reset connection.
    """

    method: str
    path: str
    times: int = 1
    deliver: bool = True
    answer: str | int = "relay"
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    #: What the host is told instead of what the server has answered.
    rewrite: Callable[[bytes], bytes] | None = None
    before: Callable | None = None
    after: Callable | None = None
    matches: Callable[[Exchange], bool] = lambda exchange: True
    #: Set when a request has met the fault, before it is held.
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def takes(self, exchange: Exchange) -> bool:
        return (
            self.times > 0
            and exchange.method == self.method
            and re.search(self.path, exchange.path) is not None
            and self.matches(exchange)
        )


class FaultyProxy:
    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.exchanges: list[Exchange] = []
        self.faults: list[Fault] = []
        self.runner: web.AppRunner | None = None
        self.session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        application = web.Application(client_max_size=2**30)
        application.router.add_route("*", "/{path:.*}", self.handle)
        self.runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        """The homeserver is gone: open connections end, new ones are refused."""
        if self.runner is None:
            return
        for connection in list(self.runner.server.connections):
            if connection.transport:
                connection.transport.abort()
        await self.runner.cleanup()
        await self.session.close()
        self.runner = None

    def fault(self, method: str, path: str, **more) -> Fault:
        fault = Fault(method, path, **more)
        self.faults.append(fault)
        return fault

    def sent(self, path: str = r"/send/m\.room\.message/") -> list[Exchange]:
        return [exchange for exchange in self.exchanges if re.search(path, exchange.path)]

    def statuses(self, status: int) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.status == status]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        exchange = Exchange(request.method, request.raw_path, await request.read())
        self.exchanges.append(exchange)
        fault = next((fault for fault in self.faults if fault.takes(exchange)), None)
        if fault:
            fault.times -= 1
            fault.reached.set()
            if fault.before:
                await fault.before()
        if fault is None or fault.deliver:
            response = await self.forward(request, exchange)
        if fault and fault.rewrite:
            response.body = fault.rewrite(exchange.answer)
        if fault and fault.after:
            await fault.after()
        if fault and fault.answer == "reset":
            reset(request)
        if fault and isinstance(fault.answer, int):
            exchange.status = fault.answer
            return web.Response(status=fault.answer, body=fault.body, headers=fault.headers)
        return response

    async def forward(self, request: web.Request, exchange: Exchange) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self.session.request(
            exchange.method,
            self.upstream + exchange.path,
            data=exchange.body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None),
        ) as answer:
            exchange.answer = await answer.read()
            exchange.status = answer.status
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            return web.Response(status=answer.status, body=exchange.answer, headers=kept)


HOP_BY_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}


def reset(request: web.Request) -> None:
    plug = request.transport.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
