"""The power is cut in each flush to the disk; of what was taken nothing is lost, and no file comes back empty."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from harness import settled
from harness.power import ForgetfulDisk
from scripted_agent import Attachment, Run

DATA = b"One line of it.\n" * 3000


@pytest.fixture(scope="session")
def forgetful_library(tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("power") / "forgetful.so"
    source = Path(__file__).parent / "harness/forgetful.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


@pytest.fixture
def disk(duplicating, forgetful_library) -> ForgetfulDisk:
    disk = ForgetfulDisk(duplicating.host, forgetful_library)
    disk.insert()
    return disk


async def cut(disk, chat, done) -> None:
    """Waits for the power cut, or for the end of what it should have met, and starts the host on what is left."""
    host = disk.host
    ended = asyncio.create_task(host.process.wait())
    answered = asyncio.create_task(chat.until(done, "its end"))
    await asyncio.wait([ended, answered], return_when=asyncio.FIRST_COMPLETED)
    if not answered.done():
        answered.cancel()
    await host.kill()
    disk.restore()
    await host.start()


def whole(chat) -> list:
    return [m for m in chat.bot_messages() if m.text == "You said: Look"]


def notices(chat) -> list:
    return [m for m in chat.bot_messages() if m.is_notice]


@pytest.mark.parametrize("flush", range(1, 13))
async def test_a_question_with_a_file(duplicating, disk, agent, flush):
    chat = await duplicating.chat()
    await chat.say("First")
    await chat.until_said("You said: First")
    await settled(duplicating.host, chat)
    disk.cut_at(flush)

    await chat.send_file(DATA, "notes.txt", "text/plain", "Look")
    await cut(disk, chat, whole)

    await chat.until(lambda chat: whole(chat) or notices(chat), "an end")
    await settled(duplicating.host, chat)
    assert len(whole(chat)) + len(notices(chat)) == 1, chat.texts()
    assert chat.texts().count("You said: First") == 1
    asked = [run for run in agent.runs if run.question == "Look"]
    assert len(asked) <= 1
    for run in asked:
        assert [file.data for file in run.files] == [DATA]


@pytest.mark.parametrize("flush", range(1, 11))
async def test_a_file_of_the_agent(duplicating, disk, agent, flush):
    async def script(run: Run) -> None:
        await run.start()
        await run.file(Attachment("document", "report.txt", "text/plain", DATA))
        await run.finish()

    agent.script = script
    chat = await duplicating.chat()
    await settled(duplicating.host, chat)
    disk.cut_at(flush)

    def files(chat) -> list:
        return [m for m in chat.bot_messages() if m.file]

    await chat.say("The report, please")
    await cut(disk, chat, files)

    await chat.until(lambda chat: files(chat) or notices(chat), "an end")
    await settled(duplicating.host, chat)
    assert len(files(chat)) + len(notices(chat)) == 1, chat.texts()
    assert len(agent.runs) == 1
    for message in files(chat):
        assert message.file["size"] == len(DATA)
