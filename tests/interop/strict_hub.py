"""The strict hub: a program of its own, in JavaScript, that a test drives over its input and output."""

import json
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeAlias

from tests.events.followers import wait_until
from tests.interop.strangers import environment, free_port, output, require

PROGRAM = Path(__file__).parent / "servers" / "strict_hub" / "hub.js"

Armed: TypeAlias = list[tuple[str, int]]
"""Points at which the hub is to break all connections, and how often it passes each before it does."""


def node_version() -> str:
    """Skips, or fails on CI, where it is missing."""
    return f"Node {require('Node', 'nodejs (apt)', lambda: output('node', '--version'))[1:]}"


class StrictHub:
    """The running program. It answers each command of a test with JSON."""

    def __init__(self, errors: IO[str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._codes = count(1)
        self._process = subprocess.Popen(
            ["node", str(PROGRAM), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            text=True, env=environment(),
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def __call__(self, command: str, *arguments: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate("")

    def arm(self, points: Armed) -> None:
        for point, after in points:
            self("arm", point, after)

    def new_codes(self, number: int) -> list[str]:
        return [f"BZ-{next(self._codes)} é+/&" for _ in range(number)]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Not if the client breaks a rule first."""
        wait_until(lambda: condition() or self("report")["violations"] != [], 10)
        assert self("report")["violations"] == []

    def wait_for_members(self, codes: list[str]) -> None:
        """Until the client listens to the groups of all these calls."""
        self.wait_until(lambda: set(codes) <= set(self("members")))

    def check(self) -> None:
        """The client said that it goes; it broke no rule, and all armed cuts were made."""
        self.wait_until(lambda: bool(self("report")["connections"][-1]["isAborted"]))
        assert self("report")["armed"] == 0
        assert self("report")["violations"] == []

    def check_gone(self) -> None:
        """And it has closed all connections: a browser keeps some."""
        self.wait_until(lambda: self("report")["sockets"] == 0)
        self.check()
