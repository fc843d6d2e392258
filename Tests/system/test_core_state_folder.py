"""The folder of the state: refused when it cannot be written, found again when it moved, changed by its owner only."""

import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import OldState, command, eventually, settled
from harness.host import PROGRAM
from scripted_agent import Attachment, Run

NOBODY = 65534
FOREVER = 10**6


async def is_refused_at_start(host) -> None:
    await host.launch()
    assert await host.ended() == 69
    words = "\n".join(host.output)
    assert str(host.folder / "state") in words or "state.path" in words, words


# A state that cannot be written


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("needs a file system of its own")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


async def test_a_state_on_a_disk_that_may_only_be_read_is_refused_at_start(disk, telegram_host, tina, agent):
    telegram_host.manifest["state"]["path"] = str(disk / "state")
    await telegram_host.start()
    await tina.direct_chat.say("Hello")
    await tina.direct_chat.until_said("You said: Hello")
    assert await telegram_host.terminate() == 0
    remount(disk, "ro")

    await telegram_host.launch()
    assert await telegram_host.ended() == 69
    code, out, err = await telegram_host.check("--online")
    assert code == 69 and "Read-only" in out + err, out + err
    remount(disk, "rw")
    await telegram_host.start()


@pytest.fixture
def everybodys_folder() -> Iterator[Path]:
    """Where another user can go."""
    folder = Path(tempfile.mkdtemp(prefix="surfaces-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def may_run(program: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in [program, *program.resolve().parents])


@pytest.mark.parametrize("whose", ["the database", "the folder", "one of its files"])
async def test_a_state_that_belongs_to_another_user_is_refused_at_start(
    everybodys_folder, telegram_host, tina, agent, whose
):
    """As it is restored by root, for a service that is none."""
    if os.geteuid() != 0 or not may_run(PROGRAM):
        pytest.skip("needs to run the program as another user")
    host = telegram_host
    host.folder = everybodys_folder / "host"
    host.folder.mkdir()
    await host.start()
    await tina.direct_chat.send_file(b"one", "1.txt", "text/plain", "Hello")
    await tina.direct_chat.until_said("You said: Hello")
    assert await host.terminate() == 0
    state = host.folder / "state"
    for path in [host.folder, state, *state.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    kept = {
        "the database": [state / "surfaces.db"],
        "the folder": [state, *state.rglob("*")],
        "one of its files": [state / "files"],
    }
    for path in kept[whose]:
        os.chown(path, 0, 0)
        path.chmod(0o755 if path.is_dir() else 0o644)
    host.user = NOBODY

    await is_refused_at_start(host)
    for path in [state, *state.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    await host.start()


async def test_what_is_owed_with_its_file_is_found_after_the_state_has_moved(duplicating, agent):
    async def script(run: Run) -> None:
        await run.start()
        await run.file(Attachment("document", "report.txt", "text/plain", b"all of it"))
        await run.finish()

    agent.script = script
    broken = [
        refuse("", times=FOREVER, **duplicating.unavailable()) for refuse in (duplicating.on_send, duplicating.on_edit)
    ]
    chat = await duplicating.chat()
    await chat.say("The report, please")
    await eventually(broken[0].reached.is_set, "an attempt")
    await duplicating.host.kill()
    (duplicating.host.folder / "state").rename(duplicating.host.folder / "moved")
    duplicating.host.manifest["state"]["path"] = "moved"
    for fault in broken:
        fault.times = 0
    await duplicating.host.start()

    message = await chat.until(lambda chat: next((m for m in chat.bot_messages() if m.file), None), "the file")
    assert message.file["name"] == "report.txt" and message.file["size"] == 9
    assert not (duplicating.host.folder / "state").exists(), "nothing is made where it was"
    await settled(duplicating.host, chat)
    assert not any(m.is_notice for m in chat.bot_messages())


# Only who holds the lock changes the form


@pytest.mark.parametrize("form", ["001-first", "003-people"])
@pytest.mark.parametrize("arguments", ["list", "approve ABCD2345", "revoke telegram 1"])
async def test_pair_beside_a_host_of_an_older_version_leaves_the_state_in_its_form(
    telegram_host, agent, arguments, form
):
    state = telegram_host.folder / "state"
    with OldState(state) as old:
        if form == "001-first":
            make_first(old)
    before = form_of(state)
    telegram_host.write_manifest()
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manifest = ("--manifest", str(telegram_host.manifest_path))
        code, _, err = await telegram_host.command("pair", *arguments.split(), *manifest)
        assert form_of(state) == before
        assert code == 0 or err.strip(), "it says why"
    # Who has the lock brings it to the newest form.
    await telegram_host.start()


def make_first(old: OldState) -> None:
    """The form from before people were let in."""
    for table in ("webhook", "pairing", "admitted", "account", "link_code", "link_offer", "link_guess"):
        old.database.execute(f"DROP TABLE {table}")
    old.database.execute("DROP INDEX context_origin")
    old.database.execute("ALTER TABLE context DROP COLUMN origin")
    old.database.execute("DELETE FROM migration WHERE position > 0")


def form_of(state: Path) -> list[tuple]:
    database = sqlite3.connect(state / "surfaces.db")
    try:
        return database.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    finally:
        database.close()


# No id comes back


async def test_after_a_backup_is_put_back_no_id_that_left_the_process_means_something_else(messenger, agent):
    host = messenger.host
    chat = await messenger.chat()
    state, backup = host.folder / "state", host.folder / "backup"
    # Asked again, an agent says something else.
    agent.script = lambda run: run.answer(f"{run.question}, answer {run.number}")

    async def ask(*questions: str) -> None:
        for question in questions:
            await chat.say(question)
            await chat.until_shown(f"{question}, answer")
        await settled(host, chat)
        assert await host.terminate() == 0

    await ask("one")
    shutil.copytree(state, backup)
    await host.start()
    await ask("two", "three")
    shutil.rmtree(state)
    backup.rename(state)
    await host.start()
    await ask("four", "five")

    meanings: dict[str, set[str]] = {}
    for run in agent.runs:
        meanings.setdefault(run.body["runId"], set()).add(run.question)
        for message in run.messages:
            meanings.setdefault(message["id"], set()).add(str(message.get("content")))
    assert {id: words for id, words in meanings.items() if len(words) > 1} == {}
    operations: dict[str, set[bytes]] = {}
    for exchange in messenger.sends():
        if messenger.kind == "matrix":
            operations.setdefault(exchange.path, set()).add(re.sub(rb"\\/", b"/", exchange.body))
    assert {path for path, bodies in operations.items() if len(bodies) > 1} == set()
    drafts: dict[int, set[str]] = {}
    for exchange in messenger.proxy.sent("/sendMessageDraft$"):
        body = json.loads(exchange.body)
        drafts.setdefault(body["draft_id"], set()).add(body["text"].split(",")[0])
    assert {id for id, words in drafts.items() if {"two", "four"} <= words or {"three", "five"} <= words} == set()


async def test_after_a_backup_is_put_back_no_context_number_comes_again(messenger, agent):
    host = messenger.host
    chat = await messenger.chat()
    await chat.say("one")
    await chat.until_said("You said: one")
    assert await host.terminate() == 0
    shutil.copytree(host.folder / "state", host.folder / "backup")
    await host.start()
    await chat.say(command(chat, "/new"))
    await chat.say("two")
    await chat.until_said("You said: two")
    assert await host.terminate() == 0
    shutil.rmtree(host.folder / "state")
    (host.folder / "backup").rename(host.folder / "state")
    await host.start()
    await chat.say(command(chat, "/new"))
    await chat.say("three")
    await chat.until_said("You said: three")

    threads = {run.question: run.thread for run in agent.runs}
    assert len({threads["one"], threads["two"], threads["three"]}) == 3


# A file is on the disk before its row


@pytest.fixture(scope="session")
def sync_library(tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("sync") / "log_syncs.so"
    source = Path(__file__).parent / "harness/log_syncs.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.mark.parametrize("whose", ["the person's", "the agent's"])
async def test_a_file_and_its_folder_are_flushed_before_the_row_that_names_it(
    telegram_host, tina, agent, sync_library, whose
):
    log = telegram_host.folder / "syncs"
    telegram_host.environment |= {"LD_PRELOAD": str(sync_library), "SYNC_LOG": str(log)}
    await telegram_host.start()
    await settled(telegram_host)
    log.unlink(missing_ok=True)
    chat = tina.direct_chat

    async def script(run: Run) -> None:
        await run.start()
        await run.file(Attachment("document", "report.txt", "text/plain", b"all of it"))
        await run.finish()

    if whose == "the agent's":
        agent.script = script
        await chat.say("The report, please")
        await chat.until(lambda chat: any(m.file for m in chat.bot_messages()), "the file")
    else:
        await chat.send_file(b"all of it", "notes.txt", "text/plain", "Look")
        await chat.until_said("You said: Look")
    await settled(telegram_host, chat)

    state = telegram_host.folder / "state"
    paths = [Path(line.removesuffix(" (deleted)")) for line in log.read_text().splitlines()]
    rows = [n for n, path in enumerate(paths) if path.name.startswith("surfaces.db")]
    files = [n for n, path in enumerate(paths) if state in path.parents and n not in rows and not path.is_dir()]
    folders = [n for n, path in enumerate(paths) if path.is_dir() and (path == state or state in path.parents)]
    assert files and folders, paths
    assert min(files) < max(rows) and min(folders) < max(rows)
