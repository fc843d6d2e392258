"""Fills a state by driving the program between simulated messengers, kills it, and writes down what it left."""

import asyncio
import re
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import aiohttp
from answers import script
from conftest import deployment, matrix_entry, max_entry, telegram_entry

from harness import Chat, FaultyProxy, Homeserver, Host, MaxServer, SimulatedChat, TelegramServer, eventually, free_port
from harness.simulated import SimulatedServer
from scripted_agent import Run, ScriptedAgent

HERE = Path(__file__).parent
FOREVER = 10**6
#: What a reader of the fixture sees in place of what is different on each machine, or secret.
STATE = "/var/lib/surfaces/state"
TOKEN, WEBHOOK_SECRET, ADDRESS = "dummy-access-token", "dummy-webhook-secret", "http://127.0.0.1:1"

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


class MatrixServer(SimulatedServer):
    kind = "matrix"
    schema = Path("0")  # The port: any.
    secret = "registration-secret-of-the-simulator"


class Scene:
    """The program between three messengers, and the people there."""

    def __init__(self, folder: Path, session: aiohttp.ClientSession) -> None:
        self.agent = ScriptedAgent(script, port=free_port())
        self.matrix, self.telegram, self.max = (kind(session) for kind in (MatrixServer, TelegramServer, MaxServer))
        self.folder, self.session = folder, session
        self.homeserver: Homeserver
        self.proxy: FaultyProxy
        self.host: Host
        #: Conversations by name.
        self.chats: dict[str, Chat | SimulatedChat] = {}

    async def begin(self) -> None:
        await self.agent.start()
        for server in (self.matrix, self.telegram, self.max):
            await server.start()
        await self.matrix.control("settings", limits="none")
        self.homeserver = Homeserver(self.matrix.url, self.matrix.secret, self.session)
        self.bot = await self.homeserver.register("bot")
        self.proxy = FaultyProxy(self.matrix.url)
        await self.proxy.start()
        self.host = self.deployed()
        await self.host.start()

    def deployed(self) -> Host:
        surfaces = [matrix_entry(self.proxy.url, []), telegram_entry(self.telegram, []), max_entry(self.max, [])]
        for surface in surfaces[:2]:
            surface["access"] = {"policy": "open"}
        del surfaces[2]["access"]
        surfaces[2]["options"]["receive"] = "webhook"
        surfaces[0]["options"] = {
            "homeserver": self.proxy.url, "user": self.bot.localpart, "password": {"env": "MATRIX_PASSWORD"},
        }  # fmt: skip
        host = deployment(
            self.folder, self.session, surfaces, self.agent.url, MATRIX_PASSWORD=self.bot.password,
            TELEGRAM_TOKEN=self.telegram.token, MAX_TOKEN=self.max.token,
        )  # fmt: skip
        host.manifest["webhooks"]["publicURL"] = f"http://{host.manifest['webhooks']['listen']}"
        return host

    async def end(self) -> None:
        await self.host.close()
        await self.homeserver.close()
        await self.proxy.stop()
        for server in (self.matrix, self.telegram, self.max):
            await server.stop()
        await self.agent.stop()

    # Asking

    async def ask(self, chat: Chat | SimulatedChat, *texts: str) -> None:
        """Says `texts`, each when the one before it has had its end."""
        for text in texts:
            await self.ask_one(chat, text.replace("/", chat.prefix) if text.startswith("/") else text)

    async def ask_one(self, chat: Chat | SimulatedChat, text: str) -> None:
        before = await self.said(chat)
        await chat.say(text)
        await eventually(lambda: self.has_more(chat, before), f"an end of {text}")
        await self.host.idle(60)

    async def said(self, chat: Chat | SimulatedChat) -> int:
        await chat.caught_up()
        return len(chat.bot_messages())

    async def has_more(self, chat: Chat | SimulatedChat, than: int) -> bool:
        return await self.said(chat) > than

    async def running(self, text: str) -> Run:
        """The run of the question that ends so, once there is one."""
        found = await eventually(
            lambda: [run for run in self.agent.runs if run.question.endswith(text)], f"a run of {text}"
        )
        return found[-1]

    async def link_code(self, chat: Chat) -> str:
        """A code for the person of a private chat on Matrix."""
        await chat.say("!link")
        shown = await chat.until_shown("!link ")
        return next(word for word in shown.text.split() if re.fullmatch("[A-Z2-9]{8}", word))

    async def owed(self) -> int:
        return (await self.host.status())["outbox"]["waiting"]

    async def owes_more(self, than: int) -> bool:
        return await self.owed() > than

    async def tried(self, method: str) -> None:
        """Waits until Telegram has refused this for now, and the program has noted it."""

        def refusals() -> int:
            return sum(line["message"] == "A message could not be delivered yet" for line in self.host.log)

        before = refusals()
        await eventually(lambda: refusals() > before, f"{method} is to be tried again")

    async def waits(self, count: int) -> bool:
        return (await self.host.status())["inbox"]["waiting"] >= count

    async def restart(self, **agent: object) -> None:
        await self.host.kill()
        self.host.manifest["agent"] = agent
        await self.host.start()


# What happens


async def people_talk(scene: Scene) -> None:
    """Chats, groups, threads, contexts with and without a name, files both ways, quotes."""
    ann = await scene.homeserver.person("ann")
    room = scene.chats["room"] = await ann.direct_chat(scene.bot)
    await room.until_bot_is("join")
    await scene.ask(room, "Hello", "/save Journey", "/new", "Something else", "/contexts", "file please")
    await room.send_file(b"A question with a file.\n", "question.txt", "text/plain", caption="What is this?")
    await room.until_shown("What is this?**")
    root = await room.say("A root")
    await room.until_shown("A root**")
    await room.say_in_thread("In a thread", root)
    await room.until_shown("In a thread**")
    await room.reply("A reply", root)
    await room.until_shown("A reply**")
    bob = await scene.homeserver.person("bob")
    group = scene.chats["matrix group"] = await ann.group(scene.bot, bob)
    await group.until_bot_is("join")
    await group.mention("From the group")
    await group.until_shown("From the group**")
    await group.say("!save Plans")
    await group.until_shown("“Plans”")

    tina = scene.tina = await scene.telegram.person("Tina")
    chat = scene.chats["tina"] = tina.direct_chat
    await scene.ask(chat, "Hello", "long story", "/save Tales", "/new", "Hello again")
    olga = await scene.telegram.person("Ольга", language="ru")
    scene.chats["olga"] = olga.direct_chat
    await scene.ask(olga.direct_chat, "Привет", "/help")
    forum = await scene.telegram.group(forum=True)
    topic = (await scene.telegram.control("topic", chat=forum, name="A topic"))["thread"]
    topic = scene.chats["topic"] = tina.chat(forum, topic)
    await topic.mention("In a topic")
    await topic.until_shown("In a topic")


async def turns_end(scene: Scene) -> None:
    """Each way in which a question can end that needs no kill."""
    room, chat = scene.chats["room"], scene.chats["tina"]
    await scene.ask(room, "silence please", "confirm this", "cancel it", "fail please", "break off", "refuse this")
    await scene.ask(chat, "away", "/retry", "/why")
    await scene.telegram.fault("error", "getFile", description="Bad Request: file is gone")
    before = await scene.said(chat)
    await chat.send_file(b"lost", "lost.txt", "text/plain", "Look")
    await eventually(lambda: scene.has_more(chat, before), "a notice of the lost file")

    await room.say("grow and be stopped")
    await room.until_shown("The beginning of a long answer.")
    withdrawn = await room.say("never mind")
    await room.redact(withdrawn)
    await room.caught_up()
    await room.say("!stop")
    await room.caught_up()
    await scene.host.idle()
    # A message that the messenger refuses for good.
    for method in ("sendMessage", "editMessageText"):
        await scene.telegram.fault("error", method, containing="refused for good", times=FOREVER)
    await chat.say("refused for good")
    given_up = "A message was given up"
    await eventually(lambda: any(line["message"] == given_up for line in scene.host.log), "a message is given up")
    await scene.host.idle()

    mark = (await scene.telegram.person("Mark")).direct_chat
    await mark.say("hang here")
    await scene.running("hang here")
    await scene.telegram.control("close", chat=mark.number, status="kicked")
    await scene.host.idle(60)


async def people_are_told_apart(scene: Scene) -> None:
    """Linked accounts, codes, offers, guesses; people who ask to be let in, and who were."""
    room, ann = scene.chats["room"], (await scene.telegram.person("Ann")).direct_chat
    await scene.ask(ann, "On Telegram")
    await ann.say(f"/link {await scene.link_code(room)}")
    await ann.until_shown("/link yes")
    await scene.ask(ann, "/link yes", "Linked")
    other = scene.chats["cora"] = await (await scene.homeserver.person("cora")).direct_chat(scene.bot)
    await other.until_bot_is("join")
    cat = (await scene.telegram.person("Cat")).direct_chat
    await scene.ask(cat, "/link WRONG234", "/link WRONG235")
    await cat.say(f"/link {await scene.link_code(other)}")
    await cat.until_shown("/link yes")
    await scene.ask((await scene.telegram.person("Dan")).direct_chat, "/link")

    mia, eve = (await scene.max.person("Mia")).direct_chat, (await scene.max.person("Eve")).direct_chat
    for person in (mia, eve):
        await person.say("Let me in")
        await person.until(lambda chat: chat.bot_messages(), "a code")
    pair = ["--manifest", str(scene.host.manifest_path)]
    _, listed, _ = await scene.host.command("pair", "list", *pair)
    code = next(line.split()[0] for line in listed.splitlines() if "Mia" in line)
    assert (await scene.host.command("pair", "approve", code, *pair))[0] == 0
    await mia.until(lambda chat: len(chat.bot_messages()) == 2, "one line to the approved")
    scene.chats["mia"] = mia
    await scene.ask(mia, "Now?")

    fay = await scene.homeserver.person("fay")
    secret = await fay.create_room(
        is_direct=True, preset="trusted_private_chat", invite=[scene.bot.id], initial_state=[ENCRYPTED]
    )
    secret.bot = scene.bot.id
    await secret.until_bot_is("join")
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "A", "session_id": "s", "device_id": "D"}
    await secret.send({**sealed, "sender_key": "k"}, type="m.room.encrypted")
    await secret.until(lambda chat: chat.bot_messages(), "a notice")


async def turns_are_cut(scene: Scene) -> None:
    """A kill in a run, and a run that takes too long."""
    chat = scene.chats["tina"]
    await chat.say("grow and be cut")
    await chat.until_shown("The beginning of a long answer.")
    await scene.restart(deadlineSeconds=2)
    await chat.until_notice()
    await scene.host.idle()
    await scene.ask(chat, "hang on")
    await scene.restart()


async def all_stands_still(scene: Scene) -> None:
    """Everything that can be in between, at one moment."""
    room, topic, mia = scene.chats["room"], scene.chats["topic"], scene.chats["mia"]
    cora = scene.chats["cora"]
    await cora.send_file(b"staged on Matrix", "staged.txt", "text/plain")
    await cora.until_shown("📎")
    olga = scene.chats["olga"]
    await olga.send_album([(b"one", "1.txt", "text/plain", None), (b"two", "2.txt", "text/plain", None)])
    await olga.until_shown("📎")
    # Owed: a file on Matrix; on Telegram a page and a file of which an opening was sent, and what stands behind them.
    scene.proxy.fault("POST", "/media/v3/upload", times=FOREVER, deliver=False, answer=502)
    await room.say("file that cannot be sent")
    await room.until_said("Here is a file.")
    tom, uma = [(await scene.telegram.person(name)).direct_chat for name in ("Tom", "Uma")]
    await scene.telegram.fault("502", "editMessageText", containing="owed", times=FOREVER)
    await scene.telegram.fault("502", "editMessageMedia", times=FOREVER)
    await tom.say("owed")
    await tom.until(lambda chat: chat.bot_messages(), "an opening")
    await scene.tried("editMessageText")
    owes = await scene.owed()
    await tom.say("/help")
    await eventually(lambda: scene.owes_more(owes), "the command's reply is owed, too")
    await uma.say("file that is owed")
    await uma.until_said("Here is a file.")
    await scene.tried("editMessageMedia")
    await uma.say("behind the file")
    await scene.running("behind the file")
    # Waiting: for an agent that is busy, and behind another question.
    zoe = (await scene.telegram.person("Zoe")).direct_chat
    await zoe.say("busy")
    await scene.running("busy")
    await zoe.say("after the busy one")
    # Running: shown as a draft, as a message that grows, and not at all yet.
    await scene.chats["tina"].say("grow as a draft")
    await scene.chats["tina"].until_shown("The beginning of a long answer.")
    for chat in (topic, scene.chats["matrix group"]):
        await chat.mention("grow as a message")
        await chat.until_shown("The beginning of a long answer.")
    await mia.say("hang before the first word")
    await scene.running("hang before the first word")
    await scene.chats["tina"].say("next in line")
    await eventually(lambda: scene.waits(3), "three questions wait")
    await scene.host.kill()


# What is left


def write_down(scene: Scene, version: str) -> None:
    state = scene.folder / "state"
    database = sqlite3.connect(state / "surfaces.db")
    secrets = [row[0] for row in database.execute("SELECT secret FROM webhook")]
    tokens = re.findall(
        r'"token":"([^"]+)"', "".join(r[0] for r in database.execute("SELECT value FROM surface_state"))
    )
    neutral = {
        str(state).replace("/", "\\/"): STATE.replace("/", "\\/"), str(state): STATE,
        scene.proxy.url: ADDRESS, scene.telegram.url: ADDRESS, scene.max.url: ADDRESS,
    } | {secret: WEBHOOK_SECRET for secret in secrets} | {token: TOKEN for token in tokens}  # fmt: skip
    text = "\n".join(database.iterdump()) + "\n"
    for own, other in neutral.items():
        text = text.replace(own, other)
    for secret in (scene.bot.password, scene.bot.token, scene.telegram.token, scene.max.token, "127.0.0.1:2"):
        assert secret not in text, "something of this machine is left"
    (HERE / f"state-{version}.sql").write_text(text)
    shutil.rmtree(HERE / f"state-{version}.files", ignore_errors=True)
    shutil.copytree(state / "files", HERE / f"state-{version}.files")
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        [count] = database.execute(f"SELECT count(*) FROM {table}").fetchone()
        print(f"{table}: {count}")
        assert count, f"{table} is empty"
    for table, column in (("turn", "state"), ("turn", "ending"), ("post", "state"), ("conversation", "kind")):
        print(table, column, dict(database.execute(f"SELECT {column}, count(*) FROM {table} GROUP BY 1").fetchall()))


async def main() -> None:
    [version] = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            scene = Scene(Path(folder) / "host", session)
            await scene.begin()
            try:
                for act in (people_talk, turns_end, people_are_told_apart, turns_are_cut, all_stands_still):
                    print(act.__name__, flush=True)
                    await act(scene)
                write_down(scene, version)
            except BaseException:
                print("\n".join(scene.host.output[-60:]))
                raise
            finally:
                await scene.end()


asyncio.run(main())
