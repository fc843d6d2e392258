"""No number that comes from outside ends the process: not from a person, a messenger or the agent."""

import re

import pytest

from harness import command, eventually, settled

LEAST, MOST = -(2**63), 2**63 - 1
#: At and beyond the edges of 64 bits, as JSON writes them.
EDGES = [str(LEAST), str(LEAST + 1), str(MOST), str(MOST - 1), str(2**63), "1" + "0" * 30, "1e300", "-1e300"]


@pytest.mark.parametrize("name", ["remove", "load", "delete"])
async def test_no_number_behind_a_command_ends_the_host(messenger, agent, name):
    chat = await messenger.chat()
    process = messenger.host.process.pid
    for number in (LEAST, LEAST + 1, MOST, 2**63, -1, 0, 100, 10**40):
        await chat.say(command(chat, f"/{name} {number}"))
    await chat.say("Are you there?")

    await chat.until_said("You said: Are you there?", timeout=60)
    await settled(messenger.host, chat)
    assert messenger.host.process.pid == process and messenger.host.running
    assert len(chat.bot_messages()) == 9, chat.texts()


async def test_the_places_in_a_list_are_counted_from_one_to_ninety_nine(messenger, agent):
    chat = await messenger.chat()
    await chat.say("first")
    await chat.until_said("You said: first")
    await chat.say(command(chat, "/new"))
    await chat.say(command(chat, "/contexts"))
    await chat.until(lambda chat: len(chat.bot_messages()) == 3, "a list")

    await chat.say(command(chat, "/load 2"))
    await chat.say("second")
    await chat.until_said("You said: second")
    assert agent.runs[1].thread == agent.runs[0].thread


@pytest.mark.parametrize("seconds", ["1000000000000000000", str(MOST), str(LEAST), "1e300"])
@pytest.mark.parametrize("call", ["send", "receive"])
async def test_no_wait_that_a_messenger_asks_for_ends_the_host(messenger, agent, call, seconds):
    chat = await messenger.chat()
    fault = (messenger.on_send if call == "send" else messenger.on_receive)(**messenger.slow_down(seconds))
    await chat.say("Are you there?")
    await eventually(fault.reached.is_set, "the messenger asks to wait")
    # Whatever the wait becomes, the host lives through it and can be stopped in it.
    await eventually(lambda: asks_of(messenger.host), "/healthz answers")
    assert await messenger.host.terminate() == 0
    await messenger.host.start()

    await chat.until_said("You said: Are you there?")
    await settled(messenger.host, chat)
    assert agent.questions == ["Are you there?"]


async def asks_of(host) -> bool:
    assert host.running, "it ended:\n" + "\n".join(host.output[-20:])
    return (await host.get("/healthz"))[0] == 200


@pytest.mark.parametrize("field", ["date|timestamp|origin_server_ts", "size|file_size"])
async def test_no_date_and_no_size_that_a_messenger_tells_ends_the_host(messenger, agent, field):
    """A message with a nonsensical date is answered; one with a nonsensical size has a visible end."""
    value = b""

    def rewritten(body: bytes) -> bytes:
        return re.sub(rb'"(%s)":\s*-?\d+' % field.encode(), rb'"\1":' + value, body) if value else body

    messenger.on_receive(times=10**9, rewrite=rewritten)
    chat = await messenger.chat()
    process = messenger.host.process.pid
    for number, edge in enumerate(EDGES):
        value = edge.encode()
        if "date" in field:
            await chat.say(f"question {number}")
            await chat.until_said(f"You said: question {number}")
        else:
            count = len(chat.bot_messages())
            await chat.send_file(b"four", f"{number}.txt", "text/plain", f"file {number}")
            await chat.until(lambda chat, count=count: len(chat.bot_messages()) > count, "a visible end")
    value = b""
    await chat.say("Are you there?")

    await chat.until_said("You said: Are you there?")
    assert messenger.host.process.pid == process and messenger.host.running


@pytest.mark.parametrize("edge", [str(LEAST), str(MOST), str(2**63), "1e300"])
async def test_no_number_of_an_update_ends_the_host(duplicating, agent, edge):
    field = {"telegram": "update_id", "max": "marker"}[duplicating.kind]
    fault = None

    def rewritten(body: bytes) -> bytes:
        nonlocal fault
        if b"once" not in body:
            fault.times += 1
            return body
        return re.sub(rb'"%s":\s*-?\d+' % field.encode(), f'"{field}":{edge}'.encode(), body)

    fault = duplicating.on_receive(rewrite=rewritten)
    chat = await duplicating.chat()
    process = duplicating.host.process.pid
    await chat.say("once")

    def polls_after_it() -> bool:
        polls = duplicating.polls()
        with_it = [n for n, poll in enumerate(polls) if b"once" in poll.answer]
        return bool(with_it) and len(polls) > with_it[0] + 1

    await eventually(polls_after_it, "it polls again")
    await eventually(lambda: asks_of(duplicating.host), "/healthz answers")
    assert duplicating.host.process.pid == process and duplicating.host.running


@pytest.mark.parametrize("edge", [LEAST, MOST])
@pytest.mark.parametrize("field", ["message_id", "thread", "entity", "reply", "location", "dice"])
async def test_no_number_in_a_message_of_telegram_ends_the_host(
    telegram_host, telegram, direct, tina, agent, field, edge
):
    message = {
        "message_id": 5,
        "date": 1796000000,
        "chat": {"id": tina.number, "type": "private", "first_name": "Tina"},
        "from": {"id": tina.number, "is_bot": False, "first_name": "Tina"},
        "text": "Hello, host",
    }
    message |= {
        "message_id": {"message_id": edge},
        "thread": {"message_thread_id": edge, "is_topic_message": True},
        "entity": {
            "entities": [
                {"type": "bold", "offset": MOST - 1, "length": edge},
                {"type": "url", "offset": edge, "length": 3},
            ]
        },
        "reply": {"reply_to_message": {**message, "message_id": edge, "date": edge}},
        "location": {"location": {"latitude": 1e300, "longitude": float(edge)}, "text": None},
        "dice": {"dice": {"emoji": "🎲", "value": edge}, "text": None},
    }[field]
    content = {name: value for name, value in message.items() if value is not None}
    await telegram.control("inject", kind="message", content=content)
    await direct.say("Are you there?")

    await direct.until_said("You said: Are you there?")
    assert telegram_host.running


@pytest.mark.parametrize("edge", [LEAST, MOST])
async def test_no_number_in_a_message_of_max_ends_the_host(max_host, max_server, maya, agent, edge):
    await max_host.start()
    chat = maya.direct_chat
    update = {
        "update_type": "message_created",
        "timestamp": edge,
        "message": {
            "recipient": {"chat_id": maya.dialog, "chat_type": "dialog", "user_id": edge},
            "sender": {"user_id": maya.number, "name": "Maya", "is_bot": False, "last_activity_time": edge},
            "timestamp": edge,
            "body": {
                "mid": "mid.1",
                "seq": edge,
                "text": "Hello, host",
                "markup": [
                    {"type": "strong", "from": MOST - 1, "length": edge},
                    {"type": "strong", "from": edge, "length": 2},
                ],
                "attachments": [
                    {
                        "type": "file",
                        "filename": "a",
                        "size": edge,
                        "payload": {"fileId": edge, "url": "", "token": "t"},
                    }
                ],
            },
        },
    }
    await max_server.control("inject", update=update)
    await chat.say("Are you there?")

    await chat.until_said("You said: Are you there?")
    assert max_host.running


WAITS = [
    str(MOST),
    "1" + "0" * 40,
    "-5",
    "1e300",
    f"Sun, 06 Nov {MOST} 08:49:37 GMT",
    f"Sun, {MOST} Nov 1994 08:49:37 GMT",
    f"Sun, 06 Nov 1994 {MOST}:{MOST}:{MOST} GMT",
    f"Sun, 06 Nov {LEAST} 08:49:37 GMT",
]


@pytest.mark.parametrize("wait", WAITS)
async def test_no_wait_that_the_agent_asks_for_ends_the_host(telegram_host, direct, agent, wait):
    async def script(run) -> None:
        if len(agent.runs) == 1:
            await run.refuse(503, {}, {"Retry-After": wait})
        else:
            await run.answer("Here I am.")

    agent.script = script
    await direct.say("Are you there?")

    await direct.until(lambda chat: any(m.text == "Here I am." or m.is_notice for m in chat.bot_messages()), "an end")
    assert telegram_host.running
