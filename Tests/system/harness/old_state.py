"""A state folder as version 0.1.0 left it: what it stores is fixed, whatever the program does today."""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "state_0_1.sql"


def milliseconds(hours_ago: float = 0) -> int:
    return int((time.time() - hours_ago * 3600) * 1000)


def text(source: str, **more: Any) -> str:
    """A message's content in the form of 0.1.0."""
    return json.dumps({"text": {"_0": {"source": source, "format": "plain", "isPublic": False} | more}})


def said(role: str, words: str, id: str) -> str:
    """A transcript's message in the form of 0.1.0."""
    return json.dumps({"role": role, "id": id, "parts": [{"text": {"_0": words}}]})


class OldState:
    """Open while a test fills it; closed before a host starts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = sqlite3.connect(folder / "surfaces.db", isolation_level=None)
        self.database.executescript("PRAGMA journal_mode = WAL;" + SCHEMA.read_text())

    def __enter__(self) -> "OldState":
        return self

    def __exit__(self, *_: Any) -> None:
        self.database.close()

    def insert(self, table: str, **values: Any) -> int:
        marks = ", ".join("?" for _ in values)
        return self.database.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values())
        ).lastrowid

    def context(self, owner: str, surface: str, name: str | None = None) -> int:
        number = max(milliseconds(), self.database.execute("SELECT id + 1 FROM last_context").fetchone()[0])
        self.database.execute("UPDATE last_context SET id = ?", [number])
        now = milliseconds()
        return self.insert(
            "context", id=number, owner=owner, name=name, surface=surface, created_at=now, used_at=now, origin=owner
        )

    def conversation(self, surface: str, chat: Any, context: int | None = None) -> int:
        return self.insert(
            "conversation", surface=surface, chat=str(chat), kind="direct", context=context, language="en"
        )

    def private_chat(self, surface: str, chat: Any, person: Any) -> tuple[int, int]:
        """Conversation and context of a person who talked with the bot."""
        context = self.context(f"person:{surface}:{person}", surface)
        return self.conversation(surface, chat, context), context

    def owed(self, conversation: int, content: str, hours: float = 0, **more: Any) -> int:
        """A message that has been due for so long."""
        due = milliseconds(hours)
        values = {"state": "due", "content": content, "created_at": due, "due_at": due} | more
        return self.insert("post", conversation=conversation, **values)

    def answered(self, conversation: int, context: int) -> int:
        """A turn that has ended."""
        now = milliseconds()
        question = json.dumps({"text": "early question", "files": []})
        return self.insert(
            "turn",
            conversation=conversation,
            context=context,
            message="early",
            sender="somebody",
            question=question,
            state="ended",
            accepted_at=now,
            ended_at=now,
            ending="answered",
        )

    def transcript(self, context: int, turn: int, *messages: str) -> None:
        [position] = self.database.execute("SELECT count(*) FROM transcript WHERE context = ?", [context]).fetchone()
        for number, message in enumerate(messages, position + 1):
            self.insert("transcript", context=context, position=number, turn=turn, message=message)


def words_of(folder: Path) -> str:
    """Everything that the database of a stopped host holds, as SQL."""
    database = sqlite3.connect(folder / "surfaces.db")
    try:
        return "\n".join(database.iterdump())
    finally:
        database.close()


def tables_with(folder: Path, words: str) -> list[str]:
    """The tables of a stopped host's database in which these words stand."""
    database = sqlite3.connect(folder / "surfaces.db")
    try:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [name for name in names if holds(database, name, words)]
    finally:
        database.close()


def holds(database: sqlite3.Connection, table: str, words: str) -> bool:
    return any(words in str(value) for row in database.execute(f'SELECT * FROM "{table}"') for value in row)
