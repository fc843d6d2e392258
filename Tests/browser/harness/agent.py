"""A real agent, as small as one can be: it answers every question with one sentence."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Agent:
    """Speaks AG-UI at a port of its own until it is closed."""

    def __init__(self, sentence: str) -> None:
        self.authorizations: list[str | None] = []
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                agent.authorizations.append(self.headers["Authorization"])
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                run = {"threadId": request["threadId"], "runId": request["runId"]}
                for event in (
                    {"type": "RUN_STARTED", **run},
                    {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
                    {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": sentence},
                    {"type": "TEXT_MESSAGE_END", "messageId": "m"},
                    {"type": "RUN_FINISHED", **run},
                ):
                    self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
