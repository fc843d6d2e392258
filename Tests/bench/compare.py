"""What the host costs beside an earlier one: the same rounds on both programs, by turns, as ratios.

BENCH_BASE names the earlier program. A ratio below 1 means that less is needed than before. BENCH_TURNS sets the turns
of each measurement (100), BENCH_ROUNDS how often everything is measured (3); the median counts.
"""

import asyncio
import itertools
import os
import re
import statistics
import time
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from bench import SIMULATED, Bench, Simulated, TimedProxy, ready, resident_megabytes

from harness import Homeserver, Host, Person, eventually, free_port
from harness.host import PROGRAM
from scripted_agent import Run, ScriptedAgent

BASE = Path(os.environ.get("BENCH_BASE", ""))
TURNS = int(os.environ.get("BENCH_TURNS", "100"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
STARTS = 3
STREAMS = 50
#: Turns that run at once where the agent takes its time, and chats where one is not made in no time.
AT_ONCE = 10
TRACED = 30
DELTAS = 30
folders = itertools.count(1)
questions = itertools.count(1)


def answer_to(question: str) -> str:
    return f"This is what the agent says to {question}. " + " ".join(f"word{n}" for n in range(DELTAS))


async def fast(run: Run) -> None:
    await run.answer(answer_to(run.question))


async def slow(run: Run) -> None:
    """A second of text."""
    await run.start()
    words = answer_to(run.question).split(" ")
    size = -(-len(words) // DELTAS)
    for first in range(0, len(words), size):
        part = " ".join(words[first : first + size])
        await run.delta(part if first == 0 else f" {part}")
        await asyncio.sleep(1 / DELTAS)
    await run.finish()


def cpu_seconds(pid: int) -> float:
    """Of all threads, also of those that have ended; finer than the ticks of /proc."""
    return time.clock_gettime((~pid << 3) | 2)


class Chats:
    """A host on one messenger, behind a proxy that knows the time, and chats to ask in."""

    def __init__(self, name: str, host: Host, proxy: TimedProxy, updates: str, pool, agent: ScriptedAgent) -> None:
        self.name = name
        self.host = host
        self.proxy = proxy
        self.updates = updates
        self.pool = pool
        self.agent = agent

    async def ask(self, asked: list[str]) -> None:
        question = f"question {next(questions)} of many"
        asked.append(question)
        chat = await self.pool()
        await chat.say(question)
        await chat.until_said(answer_to(question), timeout=120)

    async def turns(self, count: int, script, at_once: int = 1) -> list[str]:
        self.agent.script = script
        asked: list[str] = []

        async def one_after_the_other() -> None:
            for _ in range(count // at_once):
                await self.ask(asked)

        await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
        await self.host.idle()
        return asked

    def waits(self, asked: list[str]) -> tuple[list[float], list[float]]:
        """From the messenger's update to the agent's request, and from the agent's last word to the final, in ms."""
        updates, finals = self.proxy.sent(self.updates), self.proxy.exchanges
        to_agent, to_chat = [], []
        for question in asked:
            run = next(run for run in self.agent.runs if question in run.question)
            update = next(e for e in updates if question.encode() in e.answer)
            words = f"{question}. ".encode(), f"word{DELTAS - 1}".encode()
            final = [e for e in finals if all(word in e.body for word in words)][-1]
            to_agent.append(1e3 * (run.began - self.proxy.left[id(update)]))
            to_chat.append(1e3 * (self.proxy.came[id(final)] - run.finished))
        return to_agent, to_chat


class TimedRun:
    """Notes when a run was asked for, and when its last word was said."""

    def __init__(self, script) -> None:
        self.script = script

    async def __call__(self, run: Run) -> None:
        run.began = time.monotonic()
        finish = run.finish

        async def timed() -> None:
            run.finished = time.monotonic()
            await finish()

        run.finish = timed
        await self.script(run)


@dataclass
class Program:
    """One of the two, with what was measured of it."""

    path: Path
    bench: Bench
    agent: ScriptedAgent
    measured: dict[str, list[float]]

    def note(self, what: str, value: float) -> None:
        self.measured[what].append(value)

    def host(self, manifest: dict, **environment: str) -> Host:
        folder = Path(os.environ["BENCH_FOLDER"]) / f"compared{next(folders)}"
        host = Host(
            folder, self.bench.session, manifest, AGENT_BASE_URL=self.agent.url, LOG_LEVEL="info", **environment
        )
        host.program = self.path
        return host

    @asynccontextmanager
    async def simulated(self, kind: Simulated):
        server = kind.server(self.bench.session)
        await server.start()
        proxy = TimedProxy(server.url)
        await proxy.start()
        options = {"apiBaseURL": proxy.url, "token": {"env": kind.variable}}
        host = self.host(manifest(server.kind, options), **{kind.variable: server.token})
        await host.start()

        async def pool():
            return (await server.person("Ann")).direct_chat

        yield Chats(kind.name, host, proxy, kind.updates, pool, self.agent)
        await host.terminate()
        await proxy.stop()
        await server.stop()

    @asynccontextmanager
    async def matrix(self, person: Person):
        proxy = TimedProxy(self.bench.homeserver.url)
        await proxy.start()
        bot = await self.bench.homeserver.register("bot")
        options = {"homeserver": proxy.url, "accessToken": {"env": "MATRIX_ACCESS_TOKEN"}}
        host = self.host(manifest("matrix", options), MATRIX_ACCESS_TOKEN=bot.token)
        await host.start()
        chats = itertools.cycle(await self.bench.chats(host, bot, person, AT_ONCE))

        async def pool():
            return next(chats)

        yield Chats("Matrix", host, proxy, "/sync", pool, self.agent)
        await host.terminate()
        await proxy.stop()


def manifest(kind: str, options: dict) -> dict:
    entry = {"id": kind, "kind": kind, "access": {"policy": "open"}, "options": options}
    return {"version": 1, "http": {"listen": f"127.0.0.1:{free_port()}"}, "surfaces": [entry]}


# What is measured


async def starts(program: Program, chats: Chats) -> None:
    for _ in range(STARTS):
        await chats.host.terminate()
        began = time.monotonic()
        await chats.host.launch()
        await eventually(lambda: ready(chats.host), "/readyz answers 200", pause=0.002)
        program.note("start to ready, ms", (time.monotonic() - began) * 1e3)


async def memory(program: Program, chats: Chats) -> None:
    await chats.turns(5, TimedRun(fast))
    program.note("resident, idle, MB", resident_megabytes(chats.host.process.pid))
    program.agent.forget()
    program.agent.script = ScriptedAgent.by_hand
    talks = [await chats.pool() for _ in range(STREAMS)]
    for talk in talks:
        await talk.say("Hello")
    runs = [await program.agent.next_run() for _ in range(STREAMS)]
    for run in runs:
        await run.start()
        await run.delta("The beginning of an answer, which goes on. " * 20)
    for talk in talks:
        await talk.until_shown("The beginning", timeout=120)
    program.note(f"resident, {STREAMS} open streams, MB", resident_megabytes(chats.host.process.pid))
    for run in runs:
        await run.finish()
    await chats.host.idle(timeout=120)


async def costs(program: Program, chats: Chats) -> None:
    await chats.turns(AT_ONCE, TimedRun(fast))
    for name, script, at_once in (("fast", fast, 1), ("slow", slow, AT_ONCE)):
        program.agent.forget()
        before = cpu_seconds(chats.host.process.pid)
        asked = await chats.turns(TURNS, TimedRun(script), at_once)
        used = (cpu_seconds(chats.host.process.pid) - before) / len(asked)
        program.note(f"{chats.name}: CPU of 100 {name} turns, s", used * 100)
        to_agent, to_chat = chats.waits(asked)
        if script is fast:
            program.note(f"{chats.name}: update to the agent's request, ms", statistics.median(to_agent))
        program.note(f"{chats.name}: last word to the final, {name}, ms", statistics.median(to_chat))
        trace = await traced(chats, script)
        for what, count in trace.items():
            program.note(f"{chats.name}: {what} of a {name} turn", count / TRACED)


async def traced(chats: Chats, script) -> Counter[str]:
    """What the program asks of the system, counted."""
    log = chats.host.folder / "trace"
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-x", "-s", "8", "-o", log, "-p", str(chats.host.process.pid)),
        stderr=asyncio.subprocess.PIPE,
    )
    await tracer.stderr.readline()
    await chats.turns(TRACED, TimedRun(script), AT_ONCE if script is slow else 1)
    tracer.terminate()
    await tracer.communicate()
    return counted(log.read_text())


CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
WRITE = re.compile(r'\d+, "([^"]*)"(?:\.\.\.)?, (\d+)')


def counted(trace: str) -> Counter[str]:
    counts: Counter[str] = Counter({"syncs": 0})
    for line in trace.splitlines():
        if not (call := CALL.match(line)):
            continue
        counts["system calls"] += 1
        if call[1] in ("fsync", "fdatasync"):
            counts["syncs"] += 1
        if call[1] == "pwrite64" and (write := WRITE.match(call[2])):
            counts["kB written"] += int(write[2]) / 1000
            # The head of a frame of SQLite's log; the last one of a transaction says how large the database is.
            counts["commits"] += write[2] == "24" and write[1][16:32] not in ("", r"\x00" * 4)
    return counts


# The comparison


async def measure(program: Program, person: Person) -> None:
    for kind in SIMULATED:
        async with program.simulated(kind) as chats:
            if kind is SIMULATED[0]:
                await memory(program, chats)
            await costs(program, chats)
    async with program.matrix(person) as chats:
        await starts(program, chats)
        await costs(program, chats)


def table(before: Program, after: Program) -> str:
    lines = [f"{'':<48}{'before':>10}{'after':>10}{'ratio':>8}"]
    for what in before.measured:
        old, new = (statistics.median(p.measured[what]) for p in (before, after))
        lines.append(f"{what:<48}{old:>10.2f}{new:>10.2f}{new / old if old else 0:>8.2f}")
    return "\n".join(lines)


async def main() -> None:
    agent = ScriptedAgent(port=free_port())
    await agent.start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        homeserver = Homeserver(os.environ["MATRIX_URL"], os.environ["MATRIX_REG_SECRET"], session)
        bench = Bench(session, homeserver)
        programs = [Program(path, bench, agent, defaultdict(list)) for path in (BASE, PROGRAM)]
        person = await homeserver.person("ann")
        for number in range(ROUNDS):
            # Whoever comes second finds a warmer machine.
            for program in programs if number % 2 == 0 else reversed(programs):
                print(f"round {number + 1} of {ROUNDS}: {program.path}", flush=True)
                await measure(program, person)
        print(table(*programs))
        await homeserver.close()
    await agent.stop()


if __name__ == "__main__":
    asyncio.run(main())
