"""A host that a process of its own serves, and its operator's page in the words of who looks at it."""

import json
import os
import re
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .demo import PROGRAM

SANDBOX = Path(os.environ.get("SANDBOX_BIN", PROGRAM.with_name("surfaces-sandbox")))
SCHEMA = Path(__file__).parents[3] / "Sources/Sandbox/Telegram/bot-api.json"
TOKEN = "123456789:TEST-token_for_the_simulator"


class Telegram:
    """A simulated Telegram."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [SANDBOX, "telegram", SCHEMA], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self.url = self._process.stdout.readline().strip()

    def control(self, verb: str, **body: Any) -> None:
        request = urllib.request.Request(
            f"{self.url}/control/{verb}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200

    def person(self, number: int, name: str) -> None:
        self.control("user", id=number, name=name, username=f"{name}{number}", language="en")

    def say(self, number: int, text: str) -> None:
        self.control("say", text=text, chat=number, user=number)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class OperatedHost:
    """`surfaces run` with an admin listener at a port that the system chose."""

    def __init__(self, folder: Path, surfaces: list[dict[str, Any]], agent: str, **variables: str) -> None:
        self._path = folder / "surfaces.json"
        self._path.write_text(
            json.dumps({"version": 1, "http": {"listen": "127.0.0.1:0"}, "surfaces": surfaces}, indent=2)
        )
        self._variables = {"PATH": os.environ["PATH"], "TZ": "UTC", "LOG_FORMAT": "json", "AGENT_BASE_URL": agent}
        self._variables |= variables
        self._launch()

    def _launch(self) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, "run", "--manifest", self._path], stderr=subprocess.PIPE, text=True, env=self._variables
        )
        for line in self._process.stderr:
            if found := re.search(r'"admin":"([^"]+)"', line):
                self.url = f"http://{found[1]}/"
                # The log goes on: nobody must wait for it to be read.
                threading.Thread(target=self._process.stderr.read, daemon=True).start()
                return
        raise AssertionError(f"the host ended with {self._process.wait()}")

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class OperatorPage:
    """The page; what it complains about fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.connection = page.locator("#connection")
        self.verdict = page.get_by_role("heading", level=2).first
        self.surfaces = page.get_by_role("region", name="Surfaces").locator(".surface")
        self.pairings = page.get_by_role("region", name="Pairing requests", exact=True)
        self.troubles = page.get_by_role("region", name="Warnings and errors")

    def _note(self, kind: str, text: str) -> None:
        # That the host is gone is what a test of it wants, and the browser tells it as an error.
        if kind in ("error", "warning") and "net::ERR_" not in text:
            self.complaints.append(text)

    def open(self, url: str) -> None:
        self.page.goto(url)
        expect(self.connection).to_have_text("live")

    def surface(self, name: str) -> Locator:
        return self.surfaces.filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def count(self, what: str) -> Locator:
        return self.page.locator(f"#count-{what}")

    def plot(self, title: str) -> Locator:
        return self.page.get_by_role("figure").filter(has=self.page.get_by_role("heading", name=title, exact=True))


class ReplayedHost:
    """The pages of the program with an overview of our own, for what takes an hour to come about."""

    def __init__(self, url: str, overview: dict[str, Any]) -> None:
        self.overview = overview
        replayed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/overview.json":
                    body, headers = json.dumps(replayed.overview).encode(), {"Content-Type": "application/json"}
                else:
                    with urllib.request.urlopen(url.rstrip("/") + self.path, timeout=20) as answer:
                        body, headers = answer.read(), dict(answer.headers)
                self.send_response(200)
                for name in ("Content-Type", "Content-Security-Policy"):
                    if name in headers:
                        self.send_header(name, headers[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
