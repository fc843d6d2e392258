"""What the host tells systemd, heard through the socket that systemd would listen at."""

import asyncio
import ctypes
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from harness import eventually
from harness.host import PROGRAM
from harness.simulated import ROOT


class Manager:
    """Listens at $NOTIFY_SOCKET; each message is a dictionary of its assignments."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self.socket.setblocking(False)
        self.heard: list[dict[str, str]] = []

    def listen(self) -> list[dict[str, str]]:
        while True:
            try:
                message = self.socket.recv(65536).decode()
            except BlockingIOError:
                return self.heard
            self.heard.append(dict(line.split("=", 1) for line in message.splitlines()))

    async def told(self, key: str, count: int = 1) -> dict[str, str]:
        """The message number `count` that has `key`."""

        def found() -> list[dict[str, str]]:
            messages = [message for message in self.listen() if key in message]
            return messages if len(messages) >= count else []

        return (await eventually(found, f"{count} × {key} is told"))[count - 1]


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path, telegram_host):
    name = {"path": str(tmp_path / "notify"), "abstract": f"@surfaces-test-{os.getpid()}-{time.monotonic_ns()}"}
    manager = Manager(name[request.param])
    telegram_host.environment["NOTIFY_SOCKET"] = manager.address
    yield manager
    manager.socket.close()


async def test_ready_is_told_when_it_listens_and_stopping_when_it_drains(telegram_host, manager):
    await telegram_host.launch()
    ready = await manager.told("READY")
    assert ready["READY"] == "1"
    assert (await telegram_host.get("/healthz"))[0] == 200, "it listens when it says so"
    assert not any("WATCHDOG" in message for message in manager.listen()), "nobody asked for it"

    assert await telegram_host.terminate() == 0
    stopping = await manager.told("STOPPING")
    # The drain, the last deliveries, and something for closing.
    assert int(stopping["EXTEND_TIMEOUT_USEC"]) >= 28_000_000


async def test_a_reload_is_told_from_its_beginning_to_its_end(telegram_host, manager):
    await telegram_host.launch()
    await manager.told("READY")
    before = time.monotonic_ns() // 1000
    await telegram_host.reload()
    reloading = await manager.told("RELOADING")
    await manager.told("READY", 2)
    assert before <= int(reloading["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
    order = [key for message in manager.heard for key in message if key in ("READY", "RELOADING")]
    assert order == ["READY", "RELOADING", "READY"]

    telegram_host.manifest["version"] = 2
    await telegram_host.reload()
    refused = await manager.told("READY", 3)
    assert "refused" in refused["STATUS"]


async def test_nothing_is_told_when_it_cannot_start(telegram_host, manager):
    telegram_host.manifest["version"] = 2
    await telegram_host.launch()

    assert await telegram_host.ended() == 78
    assert manager.listen() == []


async def test_it_says_that_it_lives_only_while_its_store_answers(telegram_host, manager):
    telegram_host.environment |= {"WATCHDOG_USEC": "400000"}
    await telegram_host.start()
    await manager.told("WATCHDOG", 3)

    # Somebody who keeps the database to himself: no transaction begins.
    with sqlite3.connect(telegram_host.folder / "state/surfaces.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        # What was on its way has been told; from now on there is silence, many times longer than its rhythm.
        await asyncio.to_thread(drained, manager)
        silent = len(manager.listen())
        await silence(telegram_host, 2)
        assert len(manager.listen()) == silent
        other.execute("ROLLBACK")

    await manager.told("WATCHDOG", silent + 2)


def drained(manager: Manager) -> None:
    """Returns when the host has been silent for twice its rhythm."""
    last, count = time.monotonic(), len(manager.listen())
    while time.monotonic() - last < 0.5:
        if len(manager.listen()) > count:
            last, count = time.monotonic(), len(manager.listen())


async def silence(host, seconds: float) -> None:
    """Some time of the host's own clock, during which it does answer what needs no store."""
    end = time.monotonic() + seconds
    await eventually(lambda: time.monotonic() > end, "time passes")
    assert (await host.get("/healthz"))[0] == 200


async def test_another_process_that_is_watched_is_none_of_its_business(telegram_host, manager):
    telegram_host.environment |= {"WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"}
    await telegram_host.start()
    assert await telegram_host.terminate() == 0
    await manager.told("STOPPING")

    assert not any("WATCHDOG" in message for message in manager.listen())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_the_unit_is_one_that_systemd_understands_and_finds_safe(tmp_path):
    text = (ROOT / "deploy/surfaces.service").read_text()
    unit = tmp_path / "surfaces.service"
    unit.write_text(text.replace("/usr/local/bin/surfaces", str(PROGRAM)))

    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    secure = ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit]
    judged = subprocess.run(secure, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout


async def test_the_health_check_of_the_image_asks_the_running_host(telegram_host):
    port = telegram_host.manifest["http"]["listen"].split(":")[1]

    async def code() -> int:
        process = await asyncio.create_subprocess_exec(ROOT / "deploy/healthz", port, stderr=asyncio.subprocess.DEVNULL)
        return await process.wait()

    assert await code() != 0
    await telegram_host.start()
    assert await code() == 0


#: Takes away the right to make memory writable and executable (PR_SET_MDWE), as the unit does, then runs what is named.
WITHOUT_WRITE_AND_EXECUTE = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) and sys.exit(99)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.skipif(ctypes.CDLL(None).prctl(66, 0, 0, 0, 0) < 0, reason="the kernel has no PR_SET_MDWE")
def test_it_runs_where_no_memory_may_be_written_and_executed():
    ran = subprocess.run([sys.executable, "-c", WITHOUT_WRITE_AND_EXECUTE, PROGRAM, "schema"], capture_output=True)

    assert ran.returncode == 0, ran.stderr
