"""Another process that takes a database's lock in the instant in which somebody has committed, and keeps it a while."""

import asyncio
import contextlib
import sqlite3
import sys
import time
from pathlib import Path

from .host import end_with_parent


class LockThief:
    #: Longer than a statement of the program waits for a lock.
    SECONDS = 7

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def lurk(cls, path: Path) -> "LockThief":
        """Returns when the next commit cannot escape it."""
        command = [sys.executable, "-m", "harness.lock_thief", str(path), str(cls.SECONDS)]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1], preexec_fn=end_with_parent
        )
        assert await process.stdout.readline() == b"ready\n"
        return cls(process)

    async def has_let_go(self) -> None:
        async with asyncio.timeout(60):
            assert await self.process.wait() == 0


def steal(path: str, seconds: float) -> None:
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    version = database.execute("PRAGMA data_version").fetchone()
    print("ready", flush=True)
    while True:
        with contextlib.suppress(sqlite3.OperationalError):
            database.execute("BEGIN IMMEDIATE")
            if database.execute("PRAGMA data_version").fetchone() != version:
                time.sleep(seconds)
                return database.close()
            database.execute("ROLLBACK")


if __name__ == "__main__":
    steal(sys.argv[1], float(sys.argv[2]))
