"""However much is said, or however oddly: every chat goes on, pages have a bound, and all that is said arrives."""

import asyncio
import hashlib
import re

import pytest

from harness import Messenger, OldState, command, eventually, settled
from scripted_agent import Run

MEBIBYTE = 2**20

HOSTILE = {
    "nested lists": ("* " * 8000 + "a" + "\n" * 16000) * 10,
    "an address without an end": "a@a.a_" * 17_000,
    "brackets": "[" * 50_000 + "a" + "](" * 25_000,
    "quotes in quotes": "> " * 20_000 + "a",
    "stars": "*a_" * 40_000,
    "backticks": "".join("`" * n + " " for n in range(1, 450)),
    "a table": "|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n" + ("|" + "x|" * 10 + "\n") * 4000,
    "entities": "&" * 100_000,
}


@pytest.mark.parametrize("hostile", ["nested lists", "an address without an end"])
async def test_an_odd_answer_freezes_nobody(messenger, agent, hostile):
    await freezes_nobody(messenger, agent, HOSTILE[hostile])


@pytest.mark.parametrize("messenger", ["telegram"], indirect=True)
@pytest.mark.parametrize("hostile", list(HOSTILE)[2:])
async def test_no_kind_of_odd_answer_freezes_anybody(messenger, agent, hostile):
    await freezes_nobody(messenger, agent, HOSTILE[hostile])


async def freezes_nobody(messenger: Messenger, agent, answer: str) -> None:
    """While it is laid out in four chats the host tells that it lives, and another chat gets its answer."""
    openers = await messenger.others(4)
    chat = await messenger.chat()
    victims = [await open_chat() for open_chat in openers]

    async def script(run: Run) -> None:
        if run.question != "odd":
            return await run.answer("You said: ", run.question)
        await run.start()
        for start in range(0, len(answer), 20_000):
            await run.delta(answer[start : start + 20_000])
        await run.finish()

    agent.script = script
    for victim in victims:
        await victim.say("odd")
    await eventually(lambda: len(agent.runs) == 4 and all(run.ended.is_set() for run in agent.runs), "it is said", 60)
    for number in range(5):
        await asyncio.wait_for(lives(messenger), 5)
        await chat.say(f"Are you there, {number}?")
        await chat.until_said(f"You said: Are you there, {number}?", timeout=20)
        await asyncio.wait_for(lives(messenger), 5)

    for victim in victims:
        await victim.say(command(victim, "/stop"))
        await victim.until(lambda chat: chat.bot_messages(), "a visible end", timeout=60)


async def lives(messenger: Messenger) -> None:
    assert (await messenger.host.get("/healthz"))[0] == 200


def numbered(first: int, last: int, width: int = 400) -> str:
    """Paragraphs with a number each."""
    return "\n\n".join((f"paragraph {n}: " + "word " * (width // 5)).strip() for n in range(first, last + 1))


#: How much text makes about a page on each messenger, and what no page can hold.
PAGE = {"telegram": 4000, "max": 3900, "matrix": 10_000}
LARGEST_PAGE = {"telegram": 4096, "max": 4000, "matrix": 65_536}


def long_answer(messenger: Messenger, pages: int, size: dict[str, int] = PAGE) -> str:
    return numbered(1, size[messenger.kind] * pages // 400)


def is_file(message) -> bool:
    return message.file is not None if hasattr(message, "file") else message.content.get("msgtype") == "m.file"


async def the_file(chat, message) -> tuple[str, str]:
    """Name and hash of what a message carries."""
    if hasattr(message, "file"):
        return message.file["name"], message.file["sha256"]
    data = await chat.person.download(message.content["url"])
    return message.content.get("filename", message.text), hashlib.sha256(data).hexdigest()


async def test_of_an_answer_of_more_than_twenty_pages_the_first_twenty_come_and_one_file_with_the_whole(
    messenger, agent
):
    text = long_answer(messenger, 22, LARGEST_PAGE)
    agent.script = lambda run: run.answer(text)
    chat = await messenger.chat()
    await chat.say("Tell me all")

    await chat.until(lambda chat: any(is_file(m) for m in chat.bot_messages()), "the file", timeout=120)
    await settled(messenger.host, chat)
    pages = [m for m in chat.bot_messages() if not is_file(m)]
    [file] = [m for m in chat.bot_messages() if is_file(m)]
    assert len(pages) == 20, [page.text[:60] for page in pages]
    assert re.findall(r"paragraph (\d+)", " ".join(m.text for m in pages))[:3] == ["1", "2", "3"]
    assert await the_file(chat, file) == ("answer.md", hashlib.sha256(text.encode()).hexdigest())
    assert not any(m.is_notice for m in pages)


async def test_an_answer_of_twenty_pages_or_less_needs_no_file(messenger, agent):
    text = long_answer(messenger, 5)
    agent.script = lambda run: run.answer(text)
    chat = await messenger.chat()
    await chat.say("Tell me all")

    last = text.count("paragraph")
    await chat.until_shown(f"paragraph {last}:", timeout=60)
    await settled(messenger.host, chat)
    assert not any(is_file(m) for m in chat.bot_messages())
    numbers = re.findall(r"paragraph (\d+)", " ".join(chat.texts()))
    assert numbers == [str(n) for n in range(1, last + 1)]


@pytest.mark.parametrize(
    ("duplicating", "size"), [("telegram", 31 * MEBIBYTE), ("max", 5 * MEBIBYTE)], indirect=["duplicating"]
)
async def test_an_answer_beyond_four_mebibytes_is_cut_there_with_a_notice(duplicating, agent, size):
    """In one piece, as no model sends it."""
    [open_other] = await duplicating.others(1)

    async def script(run: Run) -> None:
        if run.question != "all":
            return await run.answer("You said: ", run.question)
        await run.start()
        await run.delta("lorem ipsum " * (size // 12))
        await run.finish()

    agent.script = script
    chat, other = await duplicating.chat(), await open_other()
    await chat.say("all")
    await chat.until(lambda chat: chat.bot_messages() or chat.draft, "its beginning", timeout=60)
    await other.say("Are you there?")
    await other.until_said("You said: Are you there?")

    await chat.until(lambda chat: any(m.is_notice for m in chat.bot_messages()), "a notice", timeout=120)
    await settled(duplicating.host, chat)
    pages = [m for m in chat.bot_messages() if not is_file(m) and not m.is_notice]
    [file] = [m for m in chat.bot_messages() if is_file(m)]
    assert len(pages) == 20
    assert file.file["name"] == "answer.md"
    assert 4 * MEBIBYTE - 4096 <= file.file["size"] <= 4 * MEBIBYTE
    assert len([m for m in chat.bot_messages() if m.is_notice]) == 1


async def test_stop_drops_the_pages_that_are_not_sent_yet(messenger, agent):
    text = long_answer(messenger, 18)
    messenger.host.surface["streaming"] = {"mode": "off"}
    held = asyncio.Event()
    agent.script = lambda run: run.answer(text)
    chat = await messenger.chat()
    # The third page is on its way while the person says that it is enough.
    fault = messenger.on_send("", times=10**6, before=lambda: holds(messenger, held))
    await chat.say("Tell me all")
    await eventually(lambda: len(messenger.sends()) >= 3, "three pages", timeout=60)
    await chat.say(command(chat, "/stop"))
    await eventually(lambda: taken(messenger, 2), "the command is taken")
    held.set()
    fault.times = 0

    await settled(messenger.host, chat)
    pages = [m for m in chat.bot_messages() if "paragraph" in m.text]
    assert 2 <= len(pages) <= 4, f"{len(pages)} of 18 pages"
    await chat.say("And now?")
    await eventually(lambda: len(agent.runs) == 2, "the next question is asked")


async def holds(messenger: Messenger, event: asyncio.Event) -> None:
    if len(messenger.sends()) >= 3:
        await event.wait()


async def taken(messenger: Messenger, count: int) -> bool:
    """Whether so many messages of people are stored."""
    async with messenger.host.session.get(f"{messenger.host.admin}/metrics") as response:
        found = re.search(r"^surfaces_messages_accepted_total\{.*\} (\d+)", await response.text(), re.M)
    return found is not None and int(found[1]) >= count


async def test_a_commands_reply_overtakes_pages(messenger, agent):
    text = long_answer(messenger, 12)
    messenger.host.surface["streaming"] = {"mode": "off"}
    held = asyncio.Event()
    agent.script = lambda run: run.answer(text)
    chat = await messenger.chat()
    fault = messenger.on_send("", times=10**6, before=lambda: holds(messenger, held))
    await chat.say("Tell me all")
    await eventually(lambda: len(messenger.sends()) >= 3, "three pages", timeout=60)
    await chat.say(command(chat, "/help"))
    await eventually(lambda: taken(messenger, 2), "the command is taken")
    held.set()
    fault.times = 0

    await chat.until_shown(f"paragraph {text.count('paragraph')}:", timeout=90)
    await settled(messenger.host, chat)
    texts = chat.texts()
    place = next(n for n, words in enumerate(texts) if "forget this conversation" in words)
    assert place <= 4, f"place {place} of {len(texts)}"
    numbers = re.findall(r"paragraph (\d+)", " ".join(texts))
    assert numbers == sorted(numbers, key=int), "the pages stay in order"


# What the host itself says


def nothing_was_given_up(messenger: Messenger) -> None:
    assert [line for line in messenger.host.log if line.get("level") == "error"] == []


@pytest.mark.parametrize("name", ["load", "delete", "save", "rename", "remove", "link"])
async def test_a_command_with_a_very_long_argument_is_answered_in_one_short_message(messenger, agent, name):
    chat = await messenger.chat()
    await chat.say("Hello")
    await chat.until_said("You said: Hello")
    await chat.say(command(chat, f"/{name} ") + "x" * 4080)

    await chat.until(lambda chat: len(chat.bot_messages()) >= 2, "a reply", timeout=60)
    await settled(messenger.host, chat)
    replies = chat.bot_messages()[1:]
    assert len(replies) == 1, [len(reply.text) for reply in replies]
    assert len(replies[0].text) < 500 and not replies[0].is_notice
    nothing_was_given_up(messenger)


async def test_a_list_of_a_hundred_and_fifty_contexts_arrives_and_says_when_it_is_not_all(duplicating, agent):
    with OldState(duplicating.host.folder / "state") as state:
        owner = f"person:{duplicating.kind}:{duplicating.person}"
        numbers = [state.context(owner, duplicating.kind, f"{n} " + "Ж" * 60) for n in range(150)]
        state.conversation(duplicating.kind, duplicating.direct, numbers[-1])
    chat = await duplicating.chat()
    await chat.say("/contexts")

    await chat.until_shown(str(numbers[-1]), timeout=60)
    await settled(duplicating.host, chat)
    nothing_was_given_up(duplicating)
    words = "\n".join(chat.texts())
    listed = [number for number in numbers if str(number) in words]
    assert len(listed) >= 20
    assert not any(m.text.endswith("…") and len(m.texts) == 1 for m in chat.bot_messages()), "no orphan"
    rest = "\n".join(line for line in words.splitlines() if "Ж" not in line)
    assert len(listed) == 150 or re.search(r"\b(150|more|further)\b", rest), "a list that is not all says so"
    assert len(chat.bot_messages()) <= 20
    # The positions are those of the list.
    await chat.say("/load 3")
    await chat.until_shown("You are now in conversation")
    nothing_was_given_up(duplicating)


async def test_a_list_of_files_with_very_long_names_arrives(duplicating, agent):
    chat = await duplicating.chat()
    for number in range(8):
        await chat.send_file(b"one", f"{number}-" + "n" * 900 + ".txt", "text/plain")
        await chat.until_shown(f"📎 {number + 1} file")
    count = len(chat.bot_messages())
    await chat.say("/files")

    await chat.until(lambda chat: len(chat.bot_messages()) > count, "the list", timeout=60)
    await settled(duplicating.host, chat)
    nothing_was_given_up(duplicating)
    listed = "\n".join(m.text for m in chat.bot_messages()[count:])
    assert [n for n in range(8) if re.search(rf"{n}-n", listed)] == list(range(8))


async def test_a_file_with_a_very_long_name_that_is_too_large_is_refused_visibly(duplicating, agent):
    duplicating.host.manifest["attachments"] = {"maxBytes": 2}
    chat = await duplicating.chat()
    await chat.send_file(b"three", "n" * 5000 + ".txt", "text/plain", "Look")

    await chat.until_notice()
    await settled(duplicating.host, chat)
    nothing_was_given_up(duplicating)
