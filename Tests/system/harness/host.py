"""The built program as a process: its manifest, its log, its end."""

import asyncio
import contextlib
import copy
import ctypes
import json
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp

from .waiting import PATIENCE, eventually

PROGRAM = Path(os.environ.get("SURFACES_BIN", Path(__file__).parents[3] / ".build/debug/surfaces"))
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """Runs in the child: no process outlives the tests, whatever ends them."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Host:
    """One deployment: a folder with a manifest and state, and the process that serves it, again and again."""

    def __init__(
        self, folder: Path, session: aiohttp.ClientSession, manifest: dict[str, Any], **environment: str
    ) -> None:
        self.folder = folder
        self.session = session
        #: Written anew at each start: change it before.
        self.manifest = manifest
        self.environment = {"LOG_FORMAT": "json", "LOG_LEVEL": "debug", **environment}
        #: Which build of the program it is.
        self.program = PROGRAM
        #: Who it runs as, where the tests may choose.
        self.user: int | None = None
        self.process: asyncio.subprocess.Process | None = None
        #: Everything that any process of this deployment has printed.
        self.output: list[str] = []
        self.readers: list[asyncio.Task] = []
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def manifest_path(self) -> Path:
        return self.folder / "surfaces.json"

    @property
    def admin(self) -> str:
        return f"http://{self.manifest['http']['listen']}"

    @property
    def surface(self) -> dict[str, Any]:
        """The manifest's entry of the first surface."""
        return self.manifest["surfaces"][0]

    def write_manifest(self) -> None:
        self.manifest_path.write_text(json.dumps(self.manifest, indent=2))

    def variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        return kept | self.environment

    # Life

    async def launch(self, *arguments: str) -> None:
        """Starts `surfaces run` without waiting for anything."""
        assert self.process is None or self.process.returncode is not None, "it runs already"
        self.write_manifest()
        self.process = await self.spawn("run", "--manifest", str(self.manifest_path), *arguments)
        streams = [self.process.stdout, self.process.stderr]
        self.readers = [asyncio.create_task(self.read(stream)) for stream in streams if stream]

    async def start(self, *arguments: str, timeout: float = PATIENCE) -> None:
        await self.launch(*arguments)
        await self.ready(timeout)

    async def spawn(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            self.program,
            *arguments,
            cwd=self.folder,
            env=self.variables(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=2**24,
            preexec_fn=end_with_parent,
            **({} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}),
        )

    async def command(self, *arguments: str, timeout: float = PATIENCE) -> tuple[int, str, str]:
        """Runs another command of the program to its end: exit code, output, errors."""
        process = await self.spawn(*arguments)
        async with asyncio.timeout(timeout):
            out, err = await process.communicate()
        self.output += [*out.decode().splitlines(), *err.decode().splitlines()]
        return process.returncode, out.decode(), err.decode()

    async def check(self, *arguments: str) -> tuple[int, str, str]:
        self.write_manifest()
        return await self.command("check", "--manifest", str(self.manifest_path), *arguments)

    async def read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.output.append(line.decode(errors="replace").rstrip("\n"))

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ended(self, timeout: float = PATIENCE) -> int:
        """The exit code, waiting for the end. A signal's is negative."""
        async with asyncio.timeout(timeout):
            code = await self.process.wait()
            await asyncio.gather(*self.readers)
        return code

    async def kill(self) -> None:
        """Ends it as a power cut does; one that has just been ended so is no surprise."""
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        assert await self.ended() == -signal.SIGKILL

    async def terminate(self, timeout: float = 60) -> int:
        self.signal(signal.SIGTERM)
        return await self.ended(timeout)

    async def reload(self) -> None:
        self.write_manifest()
        self.signal(signal.SIGHUP)

    # What it says

    @property
    def log(self) -> list[dict[str, Any]]:
        lines = []
        for line in self.output:
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                lines.append(value)
        return lines

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and body of a request to the admin listener; the status is 0 while it does not listen."""
        try:
            async with self.session.get(self.admin + path, timeout=aiohttp.ClientTimeout(total=10)) as response:
                text = await response.text()
                return response.status, json.loads(text) if response.content_type == "application/json" else text
        except (aiohttp.ClientConnectionError, TimeoutError):
            return 0, None

    async def ready(self, timeout: float = PATIENCE) -> None:
        async def is_ready() -> bool:
            if not self.running:
                await asyncio.gather(*self.readers)
                raise AssertionError(f"it ended with {self.process.returncode}:\n" + "\n".join(self.output[-120:]))
            return (await self.get("/readyz"))[0] == 200

        await eventually(is_ready, "/readyz answers 200", timeout)

    async def status(self) -> dict[str, Any]:
        code, body = await self.get("/status")
        assert code == 200, (code, body)
        return copy.deepcopy(body)

    async def state_of(self, surface: str = "matrix") -> str:
        return next(entry["state"] for entry in (await self.status())["surfaces"] if entry["id"] == surface)

    async def idle(self, timeout: float = PATIENCE) -> None:
        """Waits until nothing is on its way: no message waits, no turn runs, nothing is to be sent."""

        async def nothing_to_do() -> bool:
            status = await self.status()
            return not (status["inbox"]["waiting"] or status["turns"]["running"] or status["outbox"]["waiting"])

        await eventually(nothing_to_do, "the host has nothing to do", timeout)

    async def close(self) -> None:
        if self.running:
            self.signal(signal.SIGKILL)
            await self.ended()
