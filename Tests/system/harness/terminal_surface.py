"""The built program on a terminal, as somebody else's terminal emulator shows it, or between two pipes."""

import asyncio
import codecs
import contextlib
import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import Callable
from typing import Any

import pyte

from .host import PROGRAM, Host, end_with_parent
from .waiting import PATIENCE, eventually


class TerminalHost(Host):
    """A deployment whose process sits on a terminal of its own when it runs."""

    COLUMNS, ROWS = 60, 16

    def __init__(self, *arguments: Any, **environment: str) -> None:
        super().__init__(*arguments, **environment)
        self.master: int | None = None
        self.preexec = take_terminal
        #: With all that was scrolled away.
        self.screen = pyte.HistoryScreen(self.COLUMNS, self.ROWS, history=10_000, ratio=1)
        self.stream = pyte.Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    async def spawn(self, *arguments: str) -> asyncio.subprocess.Process:
        if arguments[0] != "run":
            return await super().spawn(*arguments)
        self.hang_up()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.ROWS, self.COLUMNS, 0, 0))
        # A window that is opened for it, whatever an earlier one showed.
        self.screen.reset()
        asyncio.get_running_loop().add_reader(self.master, self.see)
        try:
            return await self.spawn_with(slave, slave, *arguments, preexec_fn=self.preexec)
        finally:
            os.close(slave)

    async def spawn_with(self, stdin: int, stdout: int, *arguments: str, **more: Any) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            PROGRAM,
            *arguments,
            cwd=self.folder,
            env=self.variables(),
            stdin=stdin,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
            limit=2**24,
            **{"preexec_fn": end_with_parent, **more},
        )

    async def pipe(self, typed: str) -> asyncio.subprocess.Process:
        """Starts it with `typed` as its whole input; its output is a pipe."""
        self.write_manifest()
        self.process = await self.spawn_with(
            asyncio.subprocess.PIPE, asyncio.subprocess.PIPE, "run", "--manifest", str(self.manifest_path)
        )
        self.readers = [asyncio.create_task(self.read(self.process.stderr))]
        self.process.stdin.write(typed.encode())
        self.process.stdin.close()
        return self.process

    def hang_up(self) -> None:
        if self.master is not None:
            asyncio.get_running_loop().remove_reader(self.master)
            os.close(self.master)
            self.master = None

    async def close(self) -> None:
        await super().close()
        self.hang_up()

    # What the person's shell does

    async def in_background(self) -> None:
        """Starts it as `surfaces run &` does: the terminal belongs to a program that does not read from it."""
        self.preexec = take_terminal_for_another
        await self.launch()

    def bring_to_foreground(self) -> None:
        self.type("fg\n")

    # What the person does and sees

    def see(self) -> None:
        # The other side is gone.
        with contextlib.suppress(OSError):
            if data := os.read(self.master, 65536):
                # pyte drops the rest of what it is fed behind a variation selector.
                self.stream.feed(self.decoder.decode(data).replace("\ufe0f", ""))
                return
        self.hang_up()

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    @property
    def lines(self) -> list[str]:
        """Everything from the first line to the last, also what was scrolled away."""
        old = ["".join(line[column].data for column in range(self.COLUMNS)) for line in self.screen.history.top]
        lines = [line.rstrip() for line in [*old, *self.screen.display]]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    async def until_lines(
        self, condition: Callable[[list[str]], Any], what: str, timeout: float = PATIENCE
    ) -> list[str]:
        try:
            await eventually(lambda: condition(self.lines), what, timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}\nthe screen:\n" + "\n".join(self.lines)) from None
        return self.lines


def take_terminal() -> None:
    """Runs in the child: a shell gives its foreground program the terminal like this."""
    end_with_parent()
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def take_terminal_for_another() -> None:
    """Runs in the child: as much of a shell as gives the terminal away when it is typed to."""
    take_terminal()
    shell = os.fork()
    if shell == 0:
        end_with_parent()
        os.setpgid(0, 0)
        os.close(2)
        program = "import os, sys, signal; sys.stdin.readline(); os.tcsetpgrp(0, os.getppid()); signal.pause()"
        os.execv(sys.executable, [sys.executable, "-c", program])
    os.setpgid(shell, shell)
    os.tcsetpgrp(0, shell)
