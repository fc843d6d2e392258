"""What the host costs: time to start, memory, latency that it adds, CPU.

Everything runs on one machine, so absolute numbers are that machine's; the ratios and counts at the end were taken in
one run and travel better. BENCH_TURNS sets how many turns the CPU is measured over (1,000).
"""

import asyncio
import itertools
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from harness import (
    Account,
    Chat,
    FaultyProxy,
    Homeserver,
    Host,
    MaxServer,
    Person,
    TelegramServer,
    eventually,
    free_port,
)
from harness.host import PROGRAM
from harness.matrix import quoted
from harness.proxy import Exchange
from harness.simulated import SimulatedServer
from scripted_agent import Run, ScriptedAgent

STARTS = 7
SAMPLES = 60
STREAMS = 100
ROOMS = 25
TURNS = int(os.environ.get("BENCH_TURNS", "1000"))
TICK = os.sysconf("SC_CLK_TCK")
folders = itertools.count(1)


@dataclass
class Bench:
    session: aiohttp.ClientSession
    homeserver: Homeserver
    rows: list[tuple[str, str]] = field(default_factory=list)

    def row(self, what: str, value: str) -> None:
        self.rows.append((what, value))
        print(f"{what:<58} {value:>20}", flush=True)

    def milliseconds(self, what: str, seconds: list[float]) -> None:
        ordered = sorted(seconds)
        late = ordered[int(len(ordered) * 0.95)] if len(ordered) >= 20 else ordered[-1]
        name = "p95" if len(ordered) >= 20 else "worst"
        self.row(what, f"{statistics.median(ordered) * 1e3:.1f} ms, {name} {late * 1e3:.1f}")

    async def deployment(self, agent: ScriptedAgent, homeserver: str, **surface: Any) -> tuple[Host, Account]:
        bot = await self.homeserver.register("bot")
        options = {"homeserver": homeserver, "accessToken": {"env": "MATRIX_ACCESS_TOKEN"}}
        entry = {"id": "matrix", "kind": "matrix", "enabled": True, "access": {"policy": "open"}, "options": options}
        manifest = {
            "version": 1,
            "http": {"listen": f"127.0.0.1:{free_port()}"},
            "surfaces": [{**entry, "streaming": {"editIntervalSeconds": 0.05}, **surface}],
        }
        folder = Path(os.environ["BENCH_FOLDER"]) / f"host{next(folders)}"
        environment = {"AGENT_BASE_URL": agent.url, "MATRIX_ACCESS_TOKEN": bot.token, "LOG_LEVEL": "info"}
        return Host(folder, self.session, manifest, **environment), bot

    async def chats(self, host: Host, bot: Account, person: Person, count: int) -> list[Chat]:
        """Direct chats that the bot has joined: as another client of its account, for the host joins at a safe pace."""
        chats = [await person.direct_chat(bot) for _ in range(count)]
        for chat in chats:
            await self.homeserver.call("POST", f"/_matrix/client/v3/join/{quoted(chat.room)}", {}, token=bot.token)
        for chat in chats:
            await chat.until_bot_is("join")
        return chats


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def start(bench: Bench, agent: ScriptedAgent) -> None:
    host, _ = await bench.deployment(agent, bench.homeserver.url)
    times = []
    for _ in range(STARTS):
        began = time.monotonic()
        await host.launch()
        await eventually(lambda: ready(host), "/readyz answers 200", pause=0.002)
        times.append(time.monotonic() - began)
        await host.terminate()
    bench.milliseconds("start to ready", times)


async def ready(host: Host) -> bool:
    return (await host.get("/readyz"))[0] == 200


async def memory(bench: Bench, agent: ScriptedAgent, person: Person) -> None:
    host, bot = await bench.deployment(agent, bench.homeserver.url)
    await host.start()
    chats = await bench.chats(host, bot, person, STREAMS)
    agent.script = lambda run: run.answer("Hello.")
    await chats[0].say("Hello")
    await chats[0].until_said("Hello.")
    await host.idle()
    bench.row("resident, idle", f"{resident_megabytes(host.process.pid):.1f} MB")

    agent.forget()
    agent.script = ScriptedAgent.by_hand
    for chat in chats:
        await chat.say("Hello")
    runs = [await agent.next_run() for _ in range(STREAMS)]
    for run in runs:
        await run.start()
        await run.delta("The beginning of an answer, which goes on. " * 20)
    for chat in chats:
        await chat.until_shown("The beginning", timeout=120)
    bench.row(f"resident, {STREAMS} open streams", f"{resident_megabytes(host.process.pid):.1f} MB")
    for run in runs:
        await run.finish()
    await host.idle(timeout=120)
    bench.row("resident, idle again", f"{resident_megabytes(host.process.pid):.1f} MB")
    await host.close()


class TimedProxy(FaultyProxy):
    """Notes when a request came and when its answer left."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.came: dict[int, float] = {}
        self.left: dict[int, float] = {}

    async def forward(self, request, exchange: Exchange):
        self.came[id(exchange)] = time.monotonic()
        response = await super().forward(request, exchange)
        self.left[id(exchange)] = time.monotonic()
        return response


async def latency(bench: Bench, agent: ScriptedAgent, person: Person) -> None:
    proxy = TimedProxy(bench.homeserver.url)
    await proxy.start()
    host, bot = await bench.deployment(agent, proxy.url)
    await host.start()
    [chat] = await bench.chats(host, bot, person, 1)
    asked, said = {}, {}

    async def script(run: Run) -> None:
        asked[run.question] = time.monotonic()
        await run.start()
        said[run.question] = time.monotonic()
        await run.answer_rest(f"answer to {run.question}")

    agent.script = script
    for number in range(SAMPLES):
        await chat.say(f"question {number}")
        await chat.until_said(f"answer to question {number}")
    to_agent, to_room = [], []
    for number in range(SAMPLES):
        question = f"question {number}"
        sync = next(e for e in proxy.sent("/sync") if f'"{question}"'.encode() in e.answer)
        send = next(e for e in proxy.sent() if f'"answer to {question}"'.encode() in e.body)
        to_agent.append(asked[question] - proxy.left[id(sync)])
        to_room.append(proxy.came[id(send)] - said[question])
    bench.milliseconds("Synapse's event to the agent's request", to_agent)
    bench.milliseconds("first delta to first send", to_room)
    await host.close()
    await proxy.stop()


async def cpu(bench: Bench, agent: ScriptedAgent, person: Person, synapse: int) -> None:
    host, bot = await bench.deployment(agent, bench.homeserver.url)
    await host.start()
    agent.script = lambda run: run.answer("This is ", "a short ", f"answer to {run.question}.")
    chats = await bench.chats(host, bot, person, ROOMS)
    before = cpu_seconds(host.process.pid), cpu_seconds(synapse), time.monotonic()

    async def talk(chat: Chat) -> None:
        for number in range(TURNS // ROOMS):
            await chat.say(f"question {number}")
            await chat.until_said(f"This is a short answer to question {number}.", timeout=120)

    await asyncio.gather(*(talk(chat) for chat in chats))
    turns = TURNS // ROOMS * ROOMS
    used = cpu_seconds(host.process.pid) - before[0]
    theirs = cpu_seconds(synapse) - before[1]
    elapsed = time.monotonic() - before[2]
    events = sum(len(message.versions) for chat in chats for message in chat.bot_messages())
    bench.row("CPU for each 1,000 turns", f"{used / turns * 1000:.2f} s")
    bench.row("turns in a second, Synapse being the limit", f"{turns / elapsed:.1f}")
    bench.row("CPU of the host : CPU of Synapse", f"1 : {theirs / used:.1f}")
    bench.row("events sent for each answer", f"{events / turns:.2f}")
    bench.row("connections to the agent for each turn", f"{agent.connections / len(agent.runs):.2f}")
    await host.close()


@dataclass
class Simulated:
    """A messenger that has a simulator, and how the host is told of it."""

    name: str
    server: type[SimulatedServer]
    updates: str
    variable: str


SIMULATED = [
    Simulated("Telegram", TelegramServer, "/getUpdates$", "TELEGRAM_TOKEN"),
    Simulated("MAX", MaxServer, r"/updates\?", "MAX_TOKEN"),
]


async def simulated(bench: Bench, agent: ScriptedAgent, kind: Simulated) -> None:
    """Latency and cost on a simulated messenger; each question is another person's, so no budget is used up."""
    server = kind.server(bench.session)
    await server.start()
    proxy = TimedProxy(server.url)
    await proxy.start()
    options = {"apiBaseURL": proxy.url, "token": {"env": kind.variable}}
    entry = {"id": server.kind, "kind": server.kind, "access": {"policy": "open"}, "options": options}
    manifest = {"version": 1, "http": {"listen": f"127.0.0.1:{free_port()}"}, "surfaces": [entry]}
    folder = Path(os.environ["BENCH_FOLDER"]) / f"host{next(folders)}"
    host = Host(
        folder, bench.session, manifest, AGENT_BASE_URL=agent.url, LOG_LEVEL="info", **{kind.variable: server.token}
    )
    await host.start()
    asked, said = {}, {}

    async def script(run: Run) -> None:
        asked[run.question] = time.monotonic()
        await run.start()
        said[run.question] = time.monotonic()
        await run.answer_rest(f"answer to {run.question}")

    agent.script = script
    before = cpu_seconds(host.process.pid), len(await server.calls())
    for number in range(SAMPLES):
        chat = (await server.person(f"Person {number}")).direct_chat
        await chat.say(f"question {number} of many")
        await chat.until_said(f"answer to question {number} of many")
    used = cpu_seconds(host.process.pid) - before[0]
    to_agent, to_chat = [], []
    for number in range(SAMPLES):
        question = f"question {number} of many"
        update = next(e for e in proxy.sent(kind.updates) if question.encode() in e.answer)
        answers = [e for e in proxy.exchanges if f"answer to question {number}".encode() in e.body]
        to_agent.append(asked[question] - proxy.left[id(update)])
        to_chat.append(proxy.came[id(answers[0])] - said[question])
    bench.milliseconds(f"{kind.name}'s update to the agent's request", to_agent)
    bench.milliseconds(f"first delta to first words on {kind.name}", to_chat)
    bench.row(f"CPU for each 1,000 turns on {kind.name}", f"{used / SAMPLES * 1000:.2f} s")
    calls = [call for call in (await server.calls())[before[1] :] if "pdates" not in call["method"]]
    bench.row(f"calls for each answer on {kind.name}", f"{len(calls) / SAMPLES:.2f}")
    await host.close()
    await proxy.stop()
    await server.stop()


async def main() -> None:
    agent = ScriptedAgent(port=free_port())
    await agent.start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        homeserver = Homeserver(os.environ["MATRIX_URL"], os.environ["MATRIX_REG_SECRET"], session)
        bench = Bench(session, homeserver)
        size = PROGRAM.stat().st_size / 2**20
        bench.row("size of the binary", f"{size:.1f} MB")
        await start(bench, agent)
        for part in (memory, latency):
            await part(bench, agent, await homeserver.person("ann"))
        synapse = int((Path(os.environ["BENCH_FOLDER"]) / "synapse/pid").read_text().split()[0])
        agent.forget()
        await cpu(bench, agent, await homeserver.person("ann"), synapse)
        for kind in SIMULATED:
            agent.forget()
            await simulated(bench, agent, kind)
        await homeserver.close()
    await agent.stop()


if __name__ == "__main__":
    asyncio.run(main())
