"""The demo: a real Synapse, a sample agent and the built program on loopback, and a conversation to watch.

It plays a short conversation in the terminal: a streamed answer, a tool turn, a file both ways. Then everything stays
up for whoever wants to join with a Matrix client, until Ctrl-C. With DEMO_ONCE=1 it ends after the conversation.
"""

import asyncio
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib
from functools import partial
from pathlib import Path

import aiohttp

from harness import Account, Chat, Homeserver, Host, Person, free_port
from harness.matrix import BotMessage
from scripted_agent import ScriptedAgent
from scripted_agent.samples import sample_agent

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build/demo"
TERMINAL = sys.stdout.isatty()


def picture(size: int = 64) -> bytes:
    """A PNG that fades from red to blue."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"".join(bytes([255 - 4 * x, 64, 4 * x]) for x in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + row) * size)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def port(wish: int) -> int:
    """A well-known port when it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wish))
            return wish
        except OSError:
            return free_port()


def start_synapse() -> dict[str, str]:
    """A new one each time, which ends with this process however that ends."""
    folder = FOLDER / "synapse"
    subprocess.run([ROOT / "scripts/synapse", "stop", folder], check=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    owner, number = str(os.getpid()), str(port(8008))
    command = [ROOT / "scripts/synapse", "start", folder, "bot", "ann", "you", "--owner", owner, "--port", number]
    lines = subprocess.check_output(command, text=True).splitlines()
    return {name: shlex.split(value)[0] for name, value in (line.split("=", 1) for line in lines)}


def account(values: dict[str, str], name: str) -> Account:
    return Account(*(values[f"MATRIX_{name.upper()}_{part}"] for part in ("ID", "PASSWORD", "TOKEN", "DEVICE")))


def make_host(session: aiohttp.ClientSession, values: dict[str, str], agent: ScriptedAgent) -> Host:
    manifest = {
        "version": 1,
        "http": {"listen": f"127.0.0.1:{port(8080)}"},
        "surfaces": [
            {
                "id": "matrix",
                "kind": "matrix",
                "enabled": True,
                "access": {"policy": "open"},
                "streaming": {"editIntervalSeconds": 0.2},
                "options": {"homeserver": values["MATRIX_URL"], "accessToken": {"env": "MATRIX_ACCESS_TOKEN"}},
            }
        ],
    }
    return Host(
        FOLDER / "host",
        session,
        manifest,
        AGENT_BASE_URL=agent.url,
        MATRIX_ACCESS_TOKEN=values["MATRIX_BOT_TOKEN"],
        LOG_LEVEL="info",
    )


class Stage:
    """The terminal: each message is one place on it, which grows as the message does."""

    def __init__(self, chat: Chat, agent: ScriptedAgent) -> None:
        self.chat = chat
        self.agent = agent
        self.seen = 0
        self.lines = 0

    def show(self, speaker: str, text: str, again: bool = False) -> None:
        if again and TERMINAL and self.lines:
            sys.stdout.write(f"\x1b[{self.lines}A\x1b[J")
        width = shutil.get_terminal_size().columns
        first, *rest = text.splitlines() or [""]
        shown = [f"{speaker:>5} │ {first}", *(f"      │ {line}" for line in rest)]
        self.lines = sum(max(1, -(-len(line) // width)) for line in shown)
        print("\n".join(shown), flush=True)

    async def asks(self, text: str) -> None:
        await self.chat.say(text)
        self.show("ann", text)

    async def asks_with_file(self, text: str, data: bytes, name: str, mime_type: str) -> None:
        await self.chat.send_file(data, name, mime_type, caption=text, msgtype="m.image")
        self.show("ann", f"📎 {name} ({len(data)} bytes): {text}")

    async def answers(self, ending: str) -> None:
        """Shows the next message of the bot while it grows, until it contains `ending`."""
        shown = None
        while True:
            more = partial(self.news, shown)
            message = await self.chat.person.until(more, f"more of the answer, up to {ending!r}")
            if TERMINAL or ending in message.text:
                self.show("bot", message.text, again=shown is not None)
            shown = message.text
            if ending in message.text:
                break
        self.seen += 1
        tools = ", ".join(self.agent.runs[-1].tools)
        used = f"; the agent used {tools}" if tools else ""
        print(f"      │ ({len(message.versions)} steps{used})", flush=True)

    async def answers_with_file(self, person: Person) -> None:
        message = await self.chat.until(lambda chat: self.news(None), "a file")
        data = await person.download(message.content["url"])
        self.show("bot", f"📎 {message.content.get('filename', message.text)} ({len(data)} bytes)")
        for line in data.decode().splitlines():
            print(f"      │    {line}", flush=True)
        self.seen += 1

    def news(self, shown: str | None) -> BotMessage | None:
        messages = self.chat.bot_messages()[self.seen :]
        return messages[0] if messages and messages[0].text != shown else None


async def play(ann: Person, bot: Account, agent: ScriptedAgent) -> None:
    chat = await ann.direct_chat(bot)
    await chat.until_bot_is("join")
    stage = Stage(chat, agent)
    await stage.asks("Hello! What can you do?")
    await stage.answers("can do.")
    await stage.asks("What is the weather in Kazan?")
    await stage.answers("−3 °C.")
    await stage.asks_with_file("What is this?", picture(), "sunset.png", "image/png")
    await stage.answers("report.")
    await stage.answers_with_file(ann)


async def demo() -> None:
    print("demo: starting Synapse, the sample agent and the host", flush=True)
    values = start_synapse()
    agent = ScriptedAgent(sample_agent, port=free_port())
    await agent.start()
    async with aiohttp.ClientSession() as session:
        homeserver = Homeserver(values["MATRIX_URL"], values["MATRIX_REG_SECRET"], session)
        host = make_host(session, values, agent)
        people = [Person(homeserver, account(values, name)) for name in ("ann", "you")]
        try:
            began = time.monotonic()
            await host.start()
            print(f"demo: the host was ready after {time.monotonic() - began:.1f} s: {host.admin}/status\n", flush=True)
            ann, you = people
            await ann.start()
            bot = account(values, "bot")
            await play(ann, bot, agent)
            if not os.environ.get("DEMO_ONCE"):
                await you.direct_chat(bot)
                await stay(host, values)
        finally:
            for person in people:
                await person.stop()
            await end(host)
            await agent.stop()


async def stay(host: Host, values: dict[str, str]) -> None:
    print(
        f"""
demo: it stays up; join with any Matrix client (for example Element or nheko):

      homeserver  {values["MATRIX_URL"]}
      user        you
      password    {values["MATRIX_YOU_PASSWORD"]}

      A chat with the bot is waiting there. State of the host: {host.admin}/status
      Ctrl-C ends all of it.""",
        flush=True,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ended = asyncio.create_task(host.process.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if ended.done():
        raise SystemExit("demo: the host has ended:\n" + "\n".join(host.output[-10:]))
    ended.cancel()


async def end(host: Host) -> None:
    if host.running:
        await host.terminate()
    (host.folder / "log").write_text("\n".join(host.output))


def main() -> None:
    try:
        asyncio.run(demo())
    except KeyboardInterrupt:
        print()
    finally:
        if (FOLDER / "synapse").exists():
            subprocess.run([ROOT / "scripts/synapse", "stop", FOLDER / "synapse"], check=True)


if __name__ == "__main__":
    main()
