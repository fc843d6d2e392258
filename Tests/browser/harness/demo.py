"""The program as a process that serves a playground."""

import os
import re
import subprocess
from pathlib import Path

PROGRAM = Path(os.environ.get("SURFACES_BIN", Path(__file__).parents[3] / ".build/debug/surfaces"))


class Demo:
    """`surfaces demo` at a port of its own, from its announcement to its end."""

    def __init__(self, **variables: str) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, "demo", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "TZ": "UTC", **variables},
        )
        line = self._process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if not found:
            self.stop()
            raise AssertionError(f"the playground did not announce itself: {line!r}")
        self.url = found[0]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ends it as Ctrl-C does and returns its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait(timeout=20)
