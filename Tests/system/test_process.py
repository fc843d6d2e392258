"""The program seen by an operator: commands, exit codes, manifest, status, logs."""

import copy
import json
import socket

import pytest

from harness import Host, eventually, free_port, settled


async def test_it_tells_its_version_and_how_to_use_it(host):
    code, out, _ = await host.command("--version")
    assert code == 0 and any(part[0].isdigit() for part in out.split())
    code, out, _ = await host.command("--help")
    assert code == 0 and all(command in out for command in ("run", "check", "status"))
    code, out, _ = await host.command("run", "--help")
    assert code == 0 and "--manifest" in out


@pytest.mark.parametrize("arguments", [["dance"], ["run", "--nonsense"], ["run", "--manifest"], ["check", "a", "b"]])
async def test_wrong_usage_is_64(host, arguments):
    code, out, err = await host.command(*arguments)
    assert code == 64 and err and not out


async def test_a_sound_manifest_passes_the_check(host, ann):
    code, out, err = await host.check()
    assert (code, err) == (0, "")
    assert ann.id in out, "who can reach what"

    code, out, _ = await host.check("--json")
    report = json.loads(out)
    assert code == 0 and report["ok"] is True and report["mistakes"] == []
    assert report["reach"][0]["surface"] == "matrix"


async def test_the_check_online_asks_homeserver_and_agent(host, bot):
    code, out, _ = await host.check("--online", "--json")
    report = json.loads(out)
    assert code == 0, report
    assert all(line["ok"] for line in report["online"])
    assert any(bot.id in line["detail"] for line in report["online"])

    host.environment["AGENT_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
    code, out, _ = await host.check("--online", "--json")
    assert code == 69
    assert [line["ok"] for line in json.loads(out)["online"]].count(False) == 1


async def test_the_smoke_check_runs_text_tool_and_file(host, agent):
    code, out, _ = await host.check("--smoke")

    assert code == 0, out
    assert len(agent.runs) == 3
    assert len({run.thread for run in agent.runs}) >= 1
    assert any(run.files for run in agent.runs)


#: A mistake in the manifest: what is changed, and what the report must name.
MISTAKES = {
    "unknown key": (
        lambda m: m["surfaces"][0]["options"].update(acessToken={"env": "X"}),
        ["surfaces[0].options.acessToken", "accessToken"],
    ),
    "wrong type": (lambda m: m.update(drainSeconds="long"), ["drainSeconds"]),
    "out of range": (lambda m: m["surfaces"][0].update(streaming={"editIntervalSeconds": 61}), ["editIntervalSeconds"]),
    "unset variable": (
        lambda m: m["surfaces"][0]["options"].update(accessToken={"env": "NOT_SET_ANYWHERE"}),
        ["NOT_SET_ANYWHERE"],
    ),
    "missing file": (
        lambda m: m["surfaces"][0]["options"].update(accessToken={"file": "nowhere.txt"}),
        ["surfaces[0].options.accessToken"],
    ),
    "literal secret": (lambda m: m["surfaces"][0]["options"].update(accessToken="syt_literal"), ["accessToken"]),
    "duplicate id": (lambda m: m["surfaces"].append(copy.deepcopy(m["surfaces"][0])), ["surfaces[1].id"]),
    "bad id": (lambda m: m["surfaces"][0].update(id="Ann's"), ["surfaces[0].id"]),
    "unknown kind": (lambda m: m["surfaces"][0].update(kind="matrx"), ["surfaces[0].kind", "matrix"]),
    "open with users": (lambda m: m["surfaces"][0]["access"].update(policy="open"), ["surfaces[0].access"]),
    "users while anyone may": (
        lambda m: m["surfaces"][0].update(access={"policy": "open", "users": ["@a:b"]}),
        ["surfaces[0].access.users"],
    ),
    "webhook without an address": (
        lambda m: m["surfaces"].append(
            {"id": "t", "kind": "telegram", "options": {"token": {"env": "MATRIX_ACCESS_TOKEN"}, "receive": "webhook"}}
        ),
        ["surfaces[1].options.receive", "webhooks.publicURL"],
    ),
    "no version": (lambda m: m.pop("version"), ["version"]),
    "bad address": (lambda m: m["surfaces"][0]["options"].update(homeserver="nonsense"), ["homeserver"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_in_the_manifest_is_78_and_named(host, agent, mistake):
    change, names = MISTAKES[mistake]
    change(host.manifest)
    host.write_manifest()

    for command in ("check", "run"):
        code, _, err = await host.command(command, "--manifest", str(host.manifest_path))
        assert code == 78, err
        assert all(name in err for name in names), err
        assert "syt_literal" not in err
    assert agent.connections == 0


async def test_all_mistakes_are_reported_at_once_with_their_lines(host):
    for mistake in ("unknown key", "wrong type", "unset variable", "bad address"):
        MISTAKES[mistake][0](host.manifest)
    code, out, _ = await host.check("--json")

    report = json.loads(out)
    assert code == 78 and report["ok"] is False
    lines = host.manifest_path.read_text().splitlines()
    paths = {entry["path"]: lines[entry["line"] - 1] for entry in report["mistakes"]}
    assert '"acessToken"' in paths["surfaces[0].options.acessToken"]
    assert '"drainSeconds"' in paths["drainSeconds"]
    assert '"homeserver"' in paths["surfaces[0].options.homeserver"]
    assert len(report["mistakes"]) == 4


async def test_what_is_not_json_or_not_there_is_78(host):
    host.manifest_path.write_text('{"version": 1, "surfaces": [}')
    code, _, err = await host.command("run", "--manifest", str(host.manifest_path))
    assert code == 78 and err
    host.manifest_path.unlink()
    code, _, err = await host.command("run", "--manifest", str(host.manifest_path))
    assert code == 78 and "surfaces.json" in err


async def test_without_an_agent_address_all_three_ways_are_named(host):
    del host.environment["AGENT_BASE_URL"]
    code, _, err = await host.check()

    assert code == 78
    assert all(name in err for name in ("agent.baseURL", "AGENT_BASE_URL", "AGENT_WS_URL"))


async def test_the_old_variable_still_gives_the_address(host, agent, ann, bot):
    del host.environment["AGENT_BASE_URL"]
    host.environment["AGENT_WS_URL"] = f"ws://127.0.0.1:{agent.port}/v1/agent_ws/42/"
    await host.start()
    chat = await ann.direct_chat(bot)
    await chat.say("Hello")
    await chat.until_said("You said: Hello")

    assert agent.runs[0].request.path == "/v1"
    assert any("AGENT_WS_URL" in line for line in host.output)


async def test_a_second_host_on_the_same_state_is_69_and_names_the_first(host, tmp_path, session):
    await host.start()
    manifest = copy.deepcopy(host.manifest)
    manifest["http"]["listen"] = f"127.0.0.1:{free_port()}"
    manifest["state"]["path"] = str(host.folder / "state")
    second = Host(tmp_path / "second", session, manifest, **host.environment)
    await second.launch()

    assert await second.ended() == 69
    assert str(host.process.pid) in "\n".join(second.output)
    assert (await host.get("/readyz"))[0] == 200


async def test_a_port_that_is_taken_is_69(host):
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        host.manifest["http"]["listen"] = f"127.0.0.1:{port}"
        await host.launch()

        assert await host.ended() == 69
        assert str(port) in "\n".join(host.output)


async def test_the_state_is_the_hosts_own_and_closed_at_the_end(host, chat, agent, tmp_path):
    """Also in a folder that somebody has made before, open to all."""
    await host.terminate()
    host.manifest["state"]["path"] = "elsewhere"
    (host.folder / "elsewhere").mkdir(mode=0o755)
    await host.start()
    await host.terminate()

    files = [path for path in (host.folder / "elsewhere").rglob("*") if path.is_file()]
    assert "surfaces.db" in [path.name for path in files]
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    # Whoever copies the database of a host that has ended, copies all of it.
    assert [path for path in files if path.name.endswith(("-wal", "-shm"))] == []


async def test_a_log_variable_that_means_nothing_is_said_with_what_would(host):
    host.environment |= {"LOG_LEVEL": "verbose", "LOG_FORMAT": ""}
    await host.start()

    lines = [line for line in host.log if line.get("variable")]
    assert [line["variable"] for line in lines] == ["LOG_LEVEL"]
    assert "debug, info, warning, error" in lines[0]["known"]


async def test_status_shows_what_the_interface_says(host, chat, agent):
    before = await host.status()
    assert before["agent"] == {"state": "unknown", "reason": None}
    await chat.say("Hello")
    await chat.until_said("You said: Hello")
    await host.idle()
    status = await host.status()

    assert set(status) >= {"version", "uptimeSeconds", "agent", "surfaces", "inbox", "outbox", "turns"}
    assert status["agent"] == {"state": "ok", "reason": None}
    [surface] = status["surfaces"]
    assert set(surface) >= {"id", "kind", "state", "reason", "since", "lastReceivedAt"}
    assert (surface["id"], surface["kind"], surface["state"]) == ("matrix", "matrix", "receiving")
    assert surface["reason"] is None
    assert surface["since"].endswith("Z") and surface["lastReceivedAt"].endswith("Z")
    assert status["inbox"] == {"waiting": 0}
    assert status["outbox"] == {"waiting": 0}
    assert status["turns"] == {"running": 0}
    assert status["uptimeSeconds"] > 0

    for path in ("/healthz", "/readyz", "/readyz?surface=matrix"):
        assert (await host.get(path))[0] == 200
    assert set((await host.get("/readyz"))[1]) == set(status)
    async with host.session.post(host.admin + "/status") as response:
        assert response.status in (404, 405), "the admin listener is read-only"


async def test_status_counts_what_is_on_its_way(host, chat, agent):
    agent.script = agent.by_hand
    await chat.say("one")
    run = await agent.next_run()
    await chat.say("two")

    await eventually(lambda: counts(host, waiting=1, running=1), "one runs and one waits")
    await run.answer("first")
    await (await agent.next_run()).answer("second")
    await chat.until_said("second")
    await eventually(lambda: counts(host, waiting=0, running=0), "nothing is on its way")


async def counts(host, waiting: int, running: int) -> bool:
    status = await host.status()
    return (status["inbox"]["waiting"], status["turns"]["running"]) == (waiting, running)


async def test_the_status_command_asks_the_running_host(host):
    host.write_manifest()
    code, _, err = await host.command("status", "--manifest", str(host.manifest_path))
    assert code == 69 and err

    await host.start()
    code, out, _ = await host.command("status", "--manifest", str(host.manifest_path))
    assert code == 0 and "matrix" in out and "receiving" in out
    code, out, _ = await host.command("status", "--json", "--manifest", str(host.manifest_path))
    assert code == 0 and json.loads(out)["surfaces"][0]["state"] == "receiving"


async def test_each_line_of_a_messages_way_says_where_it_is_and_never_what_was_said(host, chat, agent):
    agent.script = lambda run: run.answer("a-secret-answer")
    await chat.say("a-secret-question")
    await chat.until_said("a-secret-answer")
    await settled(host, chat)

    assert len(host.log) == len(host.output), "one JSON object a line"
    assert not any("a-secret" in line for line in host.output)
    way = [line for line in host.log if "context" in line]
    assert way, "no line carries the context"
    for line in way:
        assert line["surface"] == "matrix" and line["conversation"]
        assert str(line["context"]) == agent.runs[0].thread


async def test_a_proxy_of_the_environment_is_ignored_and_said_once(host, chat_through, agent):
    host.environment |= {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    chat = await chat_through()
    await chat.say("Hello")

    await chat.until_said("You said: Hello")
    assert len([line for line in host.output if "proxy" in line.lower()]) == 1


@pytest.fixture
async def chat_through(host, ann, bot):
    async def make():
        await host.start()
        return await ann.direct_chat(bot)

    return make
