"""Waiting for conditions, never for a time."""

import asyncio
import inspect
import random
import socket
import time
from collections.abc import Callable
from typing import Any

#: Seconds after which a condition that should come at once is called missing. Generous: machines are busy.
PATIENCE = 30


async def eventually(
    condition: Callable[[], Any], what: str = "", timeout: float = PATIENCE, pause: float = 0.02
) -> Any:
    """Asks until `condition` answers something true, and answers that."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what or inspect.getsource(condition).strip()}")
        await asyncio.sleep(pause)


def free_port() -> int:
    """A port that no client's socket takes by chance while its server is down."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
