"""Places callbacks in processes that are killed at a chosen I/O point; run by test_kill_points.py.

Reads a JSON object a line: `database`, `port`, and `points`, one for each process that is to run at
once; 0 is never. Answers each line with how many points each process passed, or null where it was
killed. With `lease`, a process is stopped there instead, until the next line comes. A point is before each statement, and before and after each commit and phase of a request.
"""

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from buzzeasy_soap import BuzzeasyClient, Endpoints, Timeout
from buzzeasy_soap.ledger import Ledger, Worker
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
from buzzeasy_soap.wire.transports.requests import RequestsTransport

LEASE = 20.0


class Points:
    """Counts the I/O points of this process, and dies at one."""

    def __init__(self, dies_at: int, how: signal.Signals) -> None:
        self.dies_at, self.how, self.passed = dies_at, how, 0

    def __call__(self, *_: object, **__: object) -> None:
        self.passed += 1
        if self.passed == self.dies_at:
            os.kill(os.getpid(), self.how)

    def watch(self, engine: object = Engine) -> None:
        """Count those of an engine, or of all that there will be, and of the transports."""
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, lambda *_: self())
        event.listen(engine if isinstance(engine, Engine) else Pool, "checkin", lambda *_: self())
        self._wrap(Exchange, "enter")
        self._wrap(RequestsTransport, "send")
        self._wrap(AiohttpTransport, "send")

    def _wrap(self, owner: type, name: str) -> None:
        inner = getattr(owner, name)

        def outer(*args: object) -> object:
            self()
            result = inner(*args)
            self()
            return result

        setattr(owner, name, outer)


def open_client(port: int) -> BuzzeasyClient:
    return BuzzeasyClient(
        endpoints=Endpoints.sandbox(port),
        company=1,
        password="P@ssword",
        service_queue=1,
        reference_field=10,
        timeout=Timeout(20),
    )


def act(case: dict, dies_at: int) -> int:
    points = Points(dies_at, signal.SIGSTOP if "lease" in case else signal.SIGKILL)
    with (
        Ledger(Path(case["database"]), lease=case.get("lease", LEASE)) as ledger,
        open_client(case["port"]) as client,
    ):
        points.watch(ledger._engine)
        if "key" in case:
            ledger.place(client, "Ada", case["number"], key=case["key"])
        else:
            Worker(ledger, client, ledger.book.campaign("spring"), senders=1).run()
    return points.passed


def forked(case: dict, dies_at: int) -> tuple[int, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(act(case, dies_at)).encode())
        os._exit(0)
    os.close(writer)
    return child, reader


def main() -> None:
    for line in sys.stdin:
        case = json.loads(line)
        children = [forked(case, dies_at) for dies_at in case["points"]]
        passed = []
        for child, reader in children:
            if os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]):
                print('"stopped"', flush=True)
                sys.stdin.readline()
                os.kill(child, signal.SIGCONT)
                os.waitpid(child, 0)
            with os.fdopen(reader) as pipe:
                passed.append(int(pipe.read() or 0) or None)
        print(json.dumps(passed), flush=True)


if __name__ == "__main__":
    main()
