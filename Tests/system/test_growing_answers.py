"""How an answer grows and ends in every kind of place where a repeated send would be a second message."""

from dataclasses import dataclass

import pytest
from conftest import deployment, ended, max_entry, telegram_entry

from harness import Host, SimulatedChat, settled
from scripted_agent import ScriptedAgent

WORDS = [f"word{number} " for number in range(30)]


@dataclass
class Place:
    """A chat of one kind, and the host that serves it."""

    host: Host
    chat: SimulatedChat
    #: What the messenger calls a send and an edit.
    send: str
    edit: str
    #: Whether others read it, so that the bot must be named.
    is_group: bool

    async def ask(self, text: str) -> None:
        await (self.chat.mention(text) if self.is_group else self.chat.say(text))


@pytest.fixture(
    params=[
        "telegram private",
        "telegram private by edits",
        "telegram group",
        "telegram topic",
        "max dialog",
        "max group",
    ]
)
async def place(request, tmp_path, session, agent, telegram, tina, max_server, maya):
    """The host runs on one messenger."""
    kind, _, where = request.param.partition(" ")
    entry = telegram_entry(telegram, [tina.id]) if kind == "telegram" else max_entry(max_server, [maya.id])
    if where == "private by edits":
        entry["options"]["drafts"] = False
    variables = {"TELEGRAM_TOKEN": telegram.token, "MAX_TOKEN": max_server.token}
    host = deployment(tmp_path / "host", session, [entry], agent.url, **variables)
    await host.start()
    if kind == "max":
        chat = maya.chat(await max_server.group()) if where == "group" else maya.direct_chat
        yield Place(host, chat, "sendMessage", "editMessage", where == "group")
    else:
        is_group = where in ("group", "topic")
        chat = await telegram_chat(telegram, tina, where) if is_group else tina.direct_chat
        yield Place(host, chat, "sendMessage", "editMessageText", is_group)
    await ended(host, *variables.values())


async def telegram_chat(telegram, tina, where: str) -> SimulatedChat:
    group = await telegram.group(forum=where == "topic")
    if where == "group":
        return tina.chat(group)
    return tina.chat(group, (await telegram.control("topic", chat=group, name="Plans"))["thread"])


async def test_thirty_deltas_end_as_one_message(place, agent):
    agent.script = lambda run: run.answer(*WORDS)
    await place.ask("Count")

    message = await place.chat.until_said("".join(WORDS).strip())
    await settled(place.host, place.chat)
    assert len(place.chat.bot_messages()) == 1
    assert place.chat.draft is None
    assert message.reply_to is not None or not place.is_group
    assert agent.runs[0].question.endswith(": Count" if place.is_group else "Count")
    assert agent.runs[0].body["forwardedProps"]["kind"] == place.host.surface["kind"]


async def test_nine_thousand_characters_end_as_three_messages(place, agent):
    text = " ".join(f"w{number:04}" for number in range(1500))
    agent.script = lambda run: run.answer(*[text[start : start + 100] for start in range(0, len(text), 100)])
    await place.ask("Long")

    await place.chat.until(lambda chat: "w1499" in "".join(chat.texts()), "the end of the answer", timeout=60)
    await settled(place.host, place.chat)
    assert len(place.chat.texts()) == 3
    assert " ".join(place.chat.texts()).split() == text.split()


async def test_it_grows_where_people_see_it(place, agent):
    agent.script = ScriptedAgent.by_hand
    await place.ask("Tell me")
    run = await agent.next_run()
    await run.start()
    for part in ("The beginning, ", "the middle, ", "more of it, "):
        await run.delta(part)
        await place.chat.until_shown(part.split()[0])

    await run.answer_rest("the end.")
    await place.chat.until_said("The beginning, the middle, more of it, the end.")


@pytest.mark.parametrize("call", ["send", "edit"])
async def test_what_was_applied_and_never_answered_is_not_said_twice(place, agent, call):
    await place.chat.server.fault("apply-then-drop", getattr(place, call))
    agent.script = lambda run: run.answer("The whole ", "answer, ", "from beginning to end.")
    await place.ask("Tell me")

    await place.chat.until_said("The whole answer, from beginning to end.")
    await settled(place.host, place.chat)
    complete = [m for m in place.chat.bot_messages() if not m.is_orphan]
    assert [m.text for m in complete] == ["The whole answer, from beginning to end."]
    assert len(place.chat.bot_messages()) <= 2, "at most one orphan, which ends in …"
