"""A disk that is full: nothing that was acknowledged is lost, nothing that cannot be stored is acknowledged."""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import Host, eventually, settled
from scripted_agent import ScriptedAgent


class SmallDisk:
    """A file system of a few megabytes where the tests may mount one; elsewhere a limit on the size of files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.mounted = (
            os.geteuid() == 0
            and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=False).returncode == 0
        )
        self.limit: tuple[int, int] | None = None

    def fill(self, host: Host) -> None:
        if not self.mounted:
            self.limit = resource.prlimit(host.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(host.process.pid, resource.RLIMIT_FSIZE, (1, self.limit[1]))
            return
        with (self.folder / "ballast").open("wb", buffering=0) as file:
            for size in (2**16, 2**10, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def clear(self, host: Host) -> None:
        if self.mounted:
            (self.folder / "ballast").unlink()
        else:
            resource.prlimit(host.process.pid, resource.RLIMIT_FSIZE, self.limit)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.close()


async def test_what_cannot_be_stored_is_received_again_when_there_is_room(disk, host, agent, ann, bot):
    host.manifest["state"]["path"] = str(disk.folder / "state")
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("before")
    await chat.until_said("You said: before")

    disk.fill(host)
    # A long message, so that no free page of the database takes it.
    await chat.say("meanwhile " + "x" * 20_000)
    await eventually(lambda: is_not_ready(host), "/readyz answers 503", timeout=60)
    assert (await host.get("/healthz"))[0] == 200
    assert host.running
    disk.clear(host)

    await host.ready(timeout=60)
    await chat.until_shown("meanwhile", timeout=60)
    await settled(host, chat)
    assert len(agent.runs) == 2
    assert len(chat.bot_messages()) == 2


async def test_told_to_stop_it_ends_though_the_end_of_an_answer_cannot_be_stored(disk, host, agent, ann, bot):
    host.manifest["state"]["path"] = str(disk.folder / "state")
    host.manifest["drainSeconds"] = 1
    await host.start()
    chat = await ann.direct_chat(bot)
    agent.script = ScriptedAgent.by_hand
    await chat.say("Tell me")
    run = await agent.next_run()
    await run.start()
    await run.delta("The beginning ")
    await chat.until_shown("The beginning")

    disk.fill(host)
    # A long text, so that no free page of the database takes it.
    await run.delta("x" * 20_000)
    assert await host.terminate(timeout=20) == 0
    disk.clear(host)
    await host.start()

    await chat.until_notice()
    await settled(host, chat)
    assert len(agent.runs) == 1


async def is_not_ready(host) -> bool:
    return (await host.get("/readyz"))[0] == 503
