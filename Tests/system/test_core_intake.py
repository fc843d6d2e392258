"""One event that cannot be taken, or that no process survives, never keeps the others from being heard."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from harness import Messenger, eventually, settled
from harness.old_state import tables_with, words_of


@pytest.fixture(scope="session")
def death_library(tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("death") / "die_at_text.so"
    source = Path(__file__).parent / "harness/die_at_text.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


async def question_tables(messenger: Messenger, chat) -> list[str]:
    """Where a question is kept, found by asking one; the host is stopped."""
    await chat.say("find-me-7f3a")
    await chat.until_said("You said: find-me-7f3a")
    await settled(messenger.host, chat)
    assert await messenger.host.terminate() == 0
    tables = tables_with(messenger.host.folder / "state", "find-me-7f3a")
    assert tables
    return tables


def refuse_text(folder: Path, tables: list[str], words: str) -> None:
    """From now on the database refuses every row of these tables that holds `words`."""
    database = sqlite3.connect(folder / "surfaces.db")
    for table in tables:
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        tests = " OR ".join(f"CAST(NEW.\"{column}\" AS TEXT) LIKE '%{words}%'" for column in columns)
        database.execute(
            f'CREATE TRIGGER "refuse_{table}" BEFORE INSERT ON "{table}" WHEN {tests} '
            "BEGIN SELECT RAISE(ABORT, 'refused for the test'); END"
        )
    database.commit()
    database.close()


async def test_an_event_that_cannot_be_taken_is_set_aside_and_the_rest_goes_on(messenger, agent):
    [open_other] = await messenger.others(1)
    host = messenger.host
    chat = await messenger.chat()
    other = await open_other()
    tables = await question_tables(messenger, chat)
    refuse_text(host.folder / "state", tables, "poisonous")
    # All of them come as one batch, or as near to it as the messenger has it.
    await other.say("before")
    await chat.say("poisonous")
    await other.say("after")
    agent.forget()
    await host.start()

    await other.until_said("You said: before")
    await other.until_said("You said: after")
    await chat.say("again")
    await chat.until_said("You said: again")
    await settled(host, chat, other)
    assert sorted(agent.questions) == ["after", "again", "before"]
    errors = [line for line in host.log if line.get("level") == "error"]
    assert len(errors) == 1, errors
    assert "poisonous" not in "\n".join(host.output), "no content in a log"
    # The messenger does not bring it again, and it is kept for the operator.
    assert await host.terminate() == 0
    assert "poisonous" in words_of(host.folder / "state")
    await host.start()
    await settled(host, chat)
    assert len([line for line in host.log if line.get("level") == "error"]) == 1
    assert sorted(agent.questions) == ["after", "again", "before"]


@pytest.mark.parametrize("place", ["private", "group"])
async def test_a_room_that_is_replaced_by_itself_does_not_silence_the_homeserver(
    host, proxy, chat, ann, bot, agent, place
):
    """As another homeserver may send it: the person's own refuses to take such an event."""
    other = await ann.direct_chat(bot)
    await other.until_bot_is("join")
    room = chat
    if place == "group":
        room = await ann.group(bot)
        await room.until_bot_is("join")
    await room.say("!help")
    await room.until_shown("!load NAME")
    elsewhere = "!elsewhere:" + room.room.split(":", 1)[-1]
    proxy.fault("GET", "/sync", times=10**9, rewrite=lambda body: body.replace(elsewhere.encode(), room.room.encode()))
    await room.set_state("m.room.tombstone", {"body": "It moved to itself", "replacement_room": elsewhere})
    await other.say("Are you there?")

    await other.until_said("You said: Are you there?")
    assert await host.terminate() == 0
    await host.start()
    await other.say("And now?")
    await other.until_said("You said: And now?")


async def test_an_event_in_which_the_process_dies_is_taken_alone_and_set_aside_after_the_third_death(
    messenger, death_library, agent
):
    [open_other] = await messenger.others(1)
    host = messenger.host
    chat = await messenger.chat()
    other = await open_other()
    tables = await question_tables(messenger, chat)
    host.environment |= {
        "LD_PRELOAD": str(death_library),
        "DIE_TEXT": "deadly-event",
        "DIE_TABLES": f",{','.join(tables)},",
    }
    await other.say("before")
    await chat.say("deadly-event")
    await other.say("after")
    agent.forget()
    for _ in range(3):
        await host.launch()
        assert await host.ended() < 0
    await host.start()

    # A run that the last death has cut ends in a notice, as any other.
    await other.until(lambda chat: len(ends(chat)) == 2, "two visible ends")
    await chat.until_notice()
    await chat.say("again")
    await chat.until_said("You said: again")
    await settled(host, chat, other)
    assert len(ends(other)) == 2, other.texts()
    assert len(agent.questions) == len(set(agent.questions)), "no run is repeated"
    assert len([m for m in chat.bot_messages() if m.is_notice]) == 1
    assert [line for line in host.log if line.get("level") == "error"]
    assert await host.terminate() == 0
    assert "deadly-event" in words_of(host.folder / "state")
    await host.start()
    await settled(host, chat)
    assert len([m for m in chat.bot_messages() if m.is_notice]) == 1


def ends(chat) -> list:
    return [m for m in chat.bot_messages() if m.is_notice or m.text in ("You said: before", "You said: after")]


async def test_after_two_deaths_the_other_events_are_taken_first(messenger, death_library, agent):
    """Before the third death all others of the batch are stored: whoever restarts it then has lost nothing of them."""
    [open_other] = await messenger.others(1)
    host = messenger.host
    chat = await messenger.chat()
    other = await open_other()
    tables = await question_tables(messenger, chat)
    host.environment |= {
        "LD_PRELOAD": str(death_library),
        "DIE_TEXT": "deadly-event",
        "DIE_TABLES": f",{','.join(tables)},",
    }
    await chat.say("deadly-event")
    await other.say("after it")
    agent.forget()
    for _ in range(3):
        await host.launch()
        assert await host.ended() < 0

    await eventually(lambda: "after it" in words_of(host.folder / "state"), "the other event is stored")
