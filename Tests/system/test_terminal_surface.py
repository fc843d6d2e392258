"""From the shell to the agent and back, by the built program on a terminal and between pipes."""

import signal

import pytest
from conftest import API_KEY, ended

from harness import eventually, free_port
from harness.terminal_surface import TerminalHost
from scripted_agent import Attachment, ScriptedAgent


@pytest.fixture
async def terminal(tmp_path, session, agent):
    """Not started yet: a test may change its manifest before."""
    manifest = {
        "version": 1,
        "http": {"listen": f"127.0.0.1:{free_port()}"},
        "surfaces": [
            {
                "id": "terminal",
                "kind": "terminal",
                "access": {"policy": "allowlist", "users": ["operator"]},
                "options": {"downloads": str(tmp_path / "downloads")},
            }
        ],
    }
    host = TerminalHost(tmp_path / "host", session, manifest, AGENT_BASE_URL=agent.url, AGENT_API_KEY=API_KEY)
    yield host
    print("\n".join(host.lines))
    await ended(host)


async def test_an_answer_grows_in_place_and_stays(terminal, agent):
    agent.script = ScriptedAgent.by_hand
    await terminal.start()
    terminal.type("Tell me\n")
    run = await agent.next_run()
    await run.start()

    await run.delta("Once **upon** ")
    await terminal.until_lines(lambda lines: lines[-2:] == ["Once upon", ">"], "the beginning")
    await run.delta("a time there was a king who had a daughter and a very ")
    await terminal.until_lines(lambda lines: "very" in "".join(lines), "it grows")
    assert "".join(terminal.lines).count("Once") == 1
    await run.answer_rest("long sentence.")

    whole = ["Once upon a time there was a king who had a daughter and a v", "ery long sentence."]
    await terminal.idle()
    await terminal.until_lines(lambda lines: lines == ["> Tell me", "agent", *whole, ">"], "all of it, once")


async def test_of_a_long_answer_all_is_there_once(terminal, agent):
    lines = [f"line {number}" for number in range(100)]
    agent.script = lambda run: run.answer(*[f"{line}\n" for line in lines])
    await terminal.start()
    terminal.type("Long\n")

    expected = ["> Long", "agent", *lines, ">"]
    await terminal.until_lines(lambda shown: shown == expected, "a hundred lines, each once")


async def test_a_command_is_answered_above_what_grows(terminal, agent):
    agent.script = ScriptedAgent.by_hand
    await terminal.start()
    terminal.type("Tell me\n")
    run = await agent.next_run()
    await run.start()
    await run.delta("Once upon ")
    await terminal.until_lines(lambda lines: "Once upon" in lines, "the beginning")

    terminal.type("/stop\n")
    await eventually(run.disconnected.is_set, "/stop ends the run")
    await terminal.idle()

    await terminal.until_lines(lambda lines: lines.count("Once upon") == 1 and lines[-1] == ">", "what was said, once")
    assert terminal.lines.index("> /stop") < terminal.lines.index("Once upon")


async def test_files_go_both_ways(terminal, agent, tmp_path):
    async def send_back(run):
        await run.start()
        await run.delta("Here.")
        await run.file(Attachment("document", "back.csv", "text/csv", run.files[0].data * 2))
        await run.finish()

    agent.script = send_back
    (tmp_path / "it is.csv").write_bytes(b"a,b\r\n\xff")
    await terminal.start()
    terminal.type(f"/file {tmp_path}/it is.csv\\\nWhat is this?\n")

    await terminal.until_lines(lambda lines: any("📎" in line for line in lines), "where the file is")
    assert agent.runs[0].question == "What is this?"
    assert (agent.runs[0].files[0].name, agent.runs[0].files[0].mime_type) == ("it is.csv", "text/csv")
    assert (tmp_path / "downloads" / "back.csv").read_bytes() == b"a,b\r\n\xff" * 2


async def test_a_pipe_is_answered_line_by_line_and_then_the_host_waits(terminal, agent):
    agent.script = lambda run: run.answer("**", run.question[::-1], "**")
    process = await terminal.pipe("one\n\ntwo\\\nmore\n/files\nthree")

    async def has_stopped():
        return await terminal.state_of("terminal") == "stopped"

    await eventually(lambda: answers(terminal), "it listens")
    await eventually(has_stopped, "the input has ended")
    await terminal.idle()
    assert (await terminal.get("/healthz"))[0] == 200
    assert (await terminal.get("/readyz"))[0] == 503
    assert process.returncode is None
    terminal.signal(signal.SIGTERM)
    printed = (await process.stdout.read()).decode()

    assert await terminal.ended() == 0
    messages = printed.split("\n\n")
    # A command does not wait for the answers before it.
    command = next(message for message in messages if not message.startswith("**"))
    messages.remove(command)
    assert "".join(messages).replace("\n", "") == "**eno****eromowt****eerht**"
    assert agent.questions == ["one", "two\nmore", "three"]
    assert "\x1b" not in printed


async def answers(terminal) -> bool:
    return (await terminal.get("/status"))[0] == 200


async def test_questions_go_on_after_a_crash(terminal, agent):
    await terminal.start()
    terminal.type("first\n")
    await terminal.until_lines(lambda lines: lines[-1:] == [">"] and len(lines) == 4, "the first answer")
    await terminal.idle()
    await terminal.kill()

    await terminal.start()
    terminal.type("second\n")
    await terminal.until_lines(lambda lines: len(lines) == 4 and lines[-1] == ">", "the second answer, and no other")

    assert agent.questions == ["first", "second"]
    assert [text for role, text in agent.runs[1].transcript if role == "user"] == ["first", "second"]


async def test_an_answer_that_a_crash_cut_off_is_shown_with_a_notice(terminal, agent):
    agent.script = ScriptedAgent.by_hand
    await terminal.start()
    terminal.type("Tell me\n")
    run = await agent.next_run()
    await run.start()
    await run.delta("Once upon ")
    await terminal.until_lines(lambda lines: "Once upon" in lines, "the beginning")
    await terminal.kill()

    await terminal.start()

    lines = await terminal.until_lines(lambda lines: any(line.startswith("⚠") for line in lines), "the notice")
    assert lines.count("Once upon") == 1


async def test_the_terminal_stays_when_the_manifest_changes(terminal, agent):
    agent.script = lambda run: run.answer("You said: ", run.question)
    await terminal.start()
    terminal.type("first\n")
    await terminal.until_lines(lambda lines: "You said: first" in lines, "the first answer")
    # What is not complete yet would be said by the new surface.
    await eventually(lambda: any("Message delivered" in line for line in terminal.output), "the answer is complete")

    terminal.surface["options"]["name"] = "Ada"
    await terminal.reload()
    await eventually(lambda: any("read again" in line for line in terminal.output), "it has read the manifest")
    terminal.type("second\n")

    lines = await terminal.until_lines(lambda lines: "You said: second" in lines, "the second answer")
    assert lines == ["> first", "agent", "You said: first", "> second", "Ada", "You said: second", ">"]


async def test_only_one_terminal_can_be_had(terminal, agent):
    terminal.manifest["surfaces"].append({"id": "another", "kind": "terminal"})
    await terminal.launch()

    async def reason():
        if not await answers(terminal):
            return None
        states = {s["state"]: s["reason"] for s in (await terminal.status())["surfaces"]}
        return states.keys() == {"receiving", "needsAttention"} and states["needsAttention"]

    assert "only one" in await eventually(reason, "one receives, the other needs attention")


async def test_what_begins_in_the_background_waits(terminal, agent):
    """A program that reads from a terminal in the background is stopped by the system, with all its surfaces."""
    agent.script = lambda run: run.answer("You said: ", run.question)
    await terminal.in_background()

    async def is_waiting():
        if not await answers(terminal):
            return False
        surface = (await terminal.status())["surfaces"][0]
        return surface["state"] == "retrying" and "background" in surface["reason"]

    await eventually(is_waiting, "it says why it waits")
    terminal.bring_to_foreground()
    terminal.type("now\n")

    await terminal.until_lines(lambda lines: "You said: now" in lines, "the answer")
