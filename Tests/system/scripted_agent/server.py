"""The server: takes requests, hands each to its script, keeps what a test wants to know."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from .http import Request, Response, read_request
from .run import Run

Script = Callable[[Run], Awaitable[None]]


class Connection(asyncio.StreamReaderProtocol):
    """A connection that says when its client has closed it: the only way in which a run is cancelled."""

    def __init__(self, connected) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(asyncio.StreamReader(limit=2**20, loop=loop), connected, loop=loop)
        self.closed = asyncio.Event()

    def eof_received(self) -> bool | None:
        self.closed.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        super().connection_lost(exc)


async def echo(run: Run) -> None:
    await run.answer("You said: ", run.question)


class ScriptedAgent:
    """Listens on loopback and answers each run by `script`.

    A script may be a function of the run, or `ScriptedAgent.by_hand`: then whoever took the run with `next_run` sends
    its events, so that a test decides what comes when, without any clock.
    """

    def __init__(self, script: Script = echo, port: int = 0) -> None:
        self.script = script
        # What a GET finds, by its path.
        self.files: dict[str, bytes] = {}
        self.port = port
        #: Every run that was asked for, in order, refused ones too.
        self.runs: list[Run] = []
        #: Connections that were opened, with or without a request.
        self.connections = 0
        #: Threads on which a second run began before the first had ended: never right.
        self.overlaps: list[str] = []
        self.active: dict[str, int] = {}
        self.arrivals: asyncio.Queue[Run] = asyncio.Queue()
        self.server: asyncio.Server | None = None
        self.tasks: set[asyncio.Task] = set()
        self.numbers = itertools.count(1)

    @staticmethod
    async def by_hand(run: Run) -> None:
        gone = asyncio.create_task(run.disconnected.wait())
        done = asyncio.create_task(run.ended.wait())
        await asyncio.wait([gone, done], return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        done.cancel()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/agent"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: Connection(self.connected), "127.0.0.1", self.port, backlog=1024, reuse_address=True
        )
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections and ends those that are open."""
        if self.server is None:
            return
        self.server.close()
        self.server = None
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def next_run(self, timeout: float = 30) -> Run:
        """The next run, waiting for it."""
        async with asyncio.timeout(timeout):
            return await self.arrivals.get()

    def forget(self) -> None:
        """Forgets what was counted until now."""
        self.runs.clear()
        self.arrivals = asyncio.Queue()
        self.connections = 0

    @property
    def questions(self) -> list[str]:
        return [run.question for run in self.runs]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.tasks.add(task)
        self.connections += 1
        connection = next(self.numbers)
        try:
            while request := await read_request(reader):
                if not await self.serve(request, writer, connection):
                    break
        except asyncio.CancelledError:
            writer.transport.abort()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()

    async def serve(self, request: Request, writer: asyncio.StreamWriter, connection: int) -> bool:
        """Answers one request; whether the connection can take another."""
        response = Response(writer)
        if request.method == "GET" and request.path in self.files:
            await response.whole(200, self.files[request.path], {"Content-Type": "application/octet-stream"})
            return True
        if request.method != "POST":
            await response.whole(405, b'{"detail":"Method Not Allowed"}')
            return True
        run = Run(request, response, connection, writer.transport.get_protocol().closed)
        self.runs.append(run)
        self.begin(run)
        self.arrivals.put_nowait(run)
        try:
            await self.script(run)
        finally:
            self.end(run)
        return run.ended.is_set() and not response.broken

    def begin(self, run: Run) -> None:
        running = self.active.get(run.thread, 0)
        if running:
            self.overlaps.append(run.thread)
        self.active[run.thread] = running + 1

    def end(self, run: Run) -> None:
        self.active[run.thread] -= 1
