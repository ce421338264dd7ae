"""The sandbox beside a service on spyne: CPU of a server's process for each request, over a kept connection."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Final

from bench.client import Wire
from bench.replies import HERE, on_core
from bench.report import Table
from bench.service import KINDS

BASELINE: Final = "spyne on waitress, in memory"
COUNT: Final = 400
WHAT: Final = {
    "small": "The sandbox beside spyne: a booking, CPU of the server",
    "slots": "The sandbox beside spyne: a day's 18 time slots, CPU of the server",
}


class Server:
    """A server's process, and a connection to it."""

    def __init__(self, kind: str, folder: str, environment: Mapping[str, str]) -> None:
        command = [*on_core(0), sys.executable, str(HERE / "service.py"), kind, folder]
        pipe = subprocess.PIPE
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - a pipe that nobody reads would fill and stop it
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=self._said, text=True, env=environment
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    def check(self) -> str:
        """What is wrong with it, if anything."""
        if not self.url:
            self._said.seek(0)
            return self._said.read().strip().rpartition("\n")[2]
        wire = Wire(self.url)
        booked, slots = self._call(wire, "small"), self._call(wire, "slots")
        is_good = b"BZ100" in booked and slots.count(b"TimeSlotID>") == 2 * 18 and b"17-30-00" in slots
        return "" if is_good else "wrong answers"

    def _call(self, wire: Wire, what: str) -> bytes:
        return wire.call(f"/{self.url.split('/', 3)[3]}", what)

    def cpu(self) -> float:
        """The CPU seconds that it has used."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def per_request(self, what: str) -> float:
        """CPU milliseconds for each of a number of requests."""
        wire = Wire(self.url)  # servers close one that has waited for its turn
        before = self.cpu()
        for _ in range(COUNT):
            self._call(wire, what)
        return (self.cpu() - before) / COUNT * 1e3

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()
        self._said.close()


def services(rounds: int, environment: Mapping[str, str]) -> Iterator[Table]:
    """CPU for each request, of each kind."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        running = {}
        for kind in KINDS:
            server = Server(kind, folder, environment)
            stack.callback(server.close)
            if wrong := server.check():
                print(f"left out: {kind} ({wrong})")
            else:
                running[kind] = server
        values: dict[str, dict[str, list[float]]] = {what: {kind: [] for kind in running} for what in WHAT}
        for number in range(rounds + 1):
            for what, by_kind in values.items():
                for kind, server in running.items():
                    spent = server.per_request(what)
                    if number:  # the first round warms up
                        by_kind[kind].append(spent)
        for what, title in WHAT.items():
            yield Table(title, "ms", values[what], BASELINE, of="server")
