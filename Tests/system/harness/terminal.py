"""A person at a terminal: a pseudo-terminal with the program on it."""

import asyncio
import os
import pty
from pathlib import Path

from .host import PROGRAM, end_with_parent
from .waiting import PATIENCE, eventually


class Terminal:
    """One command on a terminal of its own: what it shows, and what is typed."""

    def __init__(self, process: asyncio.subprocess.Process, descriptor: int) -> None:
        self.process = process
        self.descriptor = descriptor
        #: Everything that was shown, with its control sequences.
        self.shown = ""
        self.read_until = 0
        os.set_blocking(descriptor, False)

    @classmethod
    async def open(cls, *command: str | Path, folder: Path, **environment: str) -> "Terminal":
        """Runs `command`, or the program with these arguments."""
        ours, theirs = pty.openpty()
        command = command if Path(command[0]).is_absolute() else (PROGRAM, *command)
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "TERM": "xterm", "HOME": str(folder), "LANG": "C.UTF-8", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        os.close(theirs)
        return cls(process, ours)

    def look(self) -> str:
        while True:
            try:
                data = os.read(self.descriptor, 65536)
            except BlockingIOError:
                return self.shown
            except OSError:  # The other side has closed it.
                return self.shown
            if not data:
                return self.shown
            self.shown += data.decode(errors="replace")

    async def until(self, text: str) -> None:
        """Waits until `text` is shown, after what was waited for before."""
        place = await eventually(
            lambda: self.look().find(text, self.read_until) + 1, f"{text!r} is shown after {self.shown!r}"
        )
        self.read_until = place - 1 + len(text)

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    async def answer(self, question: str, text: str) -> None:
        await self.until(question)
        self.type(f"{text}\n")

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            while self.process.returncode is None:
                # A program that writes must be read.
                self.look()
                await asyncio.wait([asyncio.ensure_future(self.process.wait())], timeout=0.02)
        self.look()
        return self.process.returncode

    def close(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        os.close(self.descriptor)
