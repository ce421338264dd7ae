"""Places a campaign with workers that are killed and stopped, through faults, and compares with the sandbox.

    python tools/campaign_test.py --rows 100000 --kills 20 --stops 5 --seed 2017
    python tools/campaign_test.py --postgresql --rows 6000 --rate 50 --kills 10
    python tools/campaign_test.py --postgresql --dbos --rows 2000 --kills 5

The workers are processes of their own. While they work, one at random is killed with SIGKILL and
started again, or stopped with SIGSTOP for longer than its lease; calls fail in every way that the
sandbox knows. At the end, all rows are accounted for, and what the ledger says of each is compared
with the sandbox's store; what does not add up is printed, and the exit status is 1.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs
from attrs import define, field, frozen

from buzzeasy_soap.ledger import Campaign, CampaignState, Counts, Entry, Ledger, NewCampaign, NewEntry, State
from campaign_worker import LEASE, TIMEOUT, client_of, ledger_of
from postgres import Postgres
from soak import Sandbox

NAME: Final = "outage"
WINDOW: Final = 10.0
"""Seconds over which the rate is held."""
REFUSED: Final = ("+447700900102", "+447700900103", "+447700900104", "+447700900105")
FAULTS: Final = (
    "drop_before_read", "drop_after_commit", "reset", "truncate", "garbage", "html_502", "soap_fault", "delay",
)  # fmt: skip
_WORKER: Final = Path(__file__).with_name("campaign_worker.py")
_POLL: Final = 0.1


@frozen
class Settings:
    """What to do to a campaign."""

    rows: int
    seed: int
    workers: int = 3
    senders: int = 8
    rate: float | None = None
    kills: int = 0
    stops: int = 0
    faults: float = 0.05
    """The part of the calls that fail."""
    refused: float = 0.03
    dbos: bool = False


@define
class Report:
    """What became of a campaign, beside what the sandbox has."""

    rows: int
    seconds: float
    counts: Counts
    done: Counter[str]
    """Kills, stops, faults and the like."""
    sent: list[float]
    """When each call was requested, by the sandbox's clock."""
    memory: list[int]
    """Most KiB that a worker has had resident, second by second."""
    violations: dict[str, int] = field(factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every row is accounted for and nobody is called twice."""
        return not any(self.violations.values())

    def windows(self, seconds: float = WINDOW) -> tuple[float, float]:
        """Fewest and most calls a second, in all windows that long; without the end, where few are left."""
        whole = self.sent[: int(len(self.sent) * 0.97)]
        most = max(bisect_left(whole, at + seconds) - n for n, at in enumerate(whole))
        fewest = min(
            (
                bisect_right(whole, at + seconds) - n - 1
                for n, at in enumerate(whole)
                if at + seconds < whole[-1]
            ),
            default=0,
        )
        return fewest / seconds, most / seconds

    def table(self) -> str:
        """The figures, a line each; those that must be 0 are last."""
        counts = attrs.asdict(self.counts)
        figures: dict[str, object] = {"rows": self.rows, **counts, "sum": self.counts.total}
        figures |= {f"  {name}": number for name, number in sorted(self.done.items())}
        figures["seconds"] = f"{self.seconds:.0f}"
        figures["rows a second"] = f"{self.rows / self.seconds:.1f}"
        if self.sent and self.sent[-1] - self.sent[0] > WINDOW:
            figures["calls a second, in every 10 s"] = "{:.1f} to {:.1f}".format(*self.windows())
            figures["calls a second, in every 1 s"] = "{:.0f} to {:.0f}".format(*self.windows(1.0))
        if self.memory:
            quarter = self.memory[len(self.memory) // 4 :]
            figures["MiB of a worker, after a quarter"] = f"{quarter[0] / 1024:.1f}"
            figures["MiB of a worker, at most"] = f"{max(self.memory) / 1024:.1f}"
        return "\n".join(f"{name:<44}{number:>16}" for name, number in {**figures, **self.violations}.items())


def entries_of(settings: Settings, port: int) -> Iterator[NewEntry]:
    """Rows with names of their own; some the service refuses, and one in 500 the client."""
    moments = random.Random(settings.seed)  # noqa: S311 - numbers, not secrets
    with client_of(port) as client:
        for n in range(settings.rows):
            request = client.callback_request(f"row {n}", f"+4420{n:08}")
            if n % 500 == 499:
                request = attrs.evolve(request, phone_no="12")
            elif moments.random() < settings.refused:
                request = attrs.evolve(request, phone_no=moments.choice(REFUSED))
            yield NewEntry(request, line=n + 1)


@define
class Workers:
    """The processes that work on the campaign."""

    settings: Settings
    environment: dict[str, str]
    port: int
    processes: list["subprocess.Popen[str] | None"] = field(factory=list)

    def start(self, number: int) -> None:
        """Start one, in the place of one that has ended."""
        self.processes[number] = subprocess.Popen(
            [
                *(sys.executable, str(_WORKER), "dbos" if self.settings.dbos else "worker", NAME),
                *("--sandbox", str(self.port), "--senders", str(self.settings.senders)),
                *("--executor", f"executor-{number}"),
            ],
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            text=True,
        )

    def start_all(self) -> None:
        """Start them."""
        self.processes = [None] * self.settings.workers
        for number in range(self.settings.workers):
            self.start(number)

    def under_way(self) -> list[int]:
        """Those that have not ended."""
        return [n for n, process in enumerate(self.processes) if process and process.poll() is None]

    def signal(self, number: int, which: signal.Signals) -> None:
        """Send one a signal; see it gone after SIGKILL."""
        process = self.processes[number]
        assert process is not None
        process.send_signal(which)
        if which is signal.SIGKILL:
            process.wait()

    def end(self) -> None:
        """Kill what is left."""
        for number in self.under_way():
            self.signal(number, signal.SIGCONT)
            self.signal(number, signal.SIGKILL)

    def memory(self) -> int:
        """KiB that the largest has resident."""
        sizes = [0]
        for number in self.under_way():
            process = self.processes[number]
            with suppress(OSError, IndexError):
                status = Path(f"/proc/{process.pid if process else 0}/status").read_text()
                sizes.append(int(status.split("VmRSS:")[1].split()[0]))
        return max(sizes)


@define
class Trouble:
    """What befalls the workers and the service, at even steps of the work."""

    settings: Settings
    workers: Workers
    port: int
    moments: random.Random
    done: Counter[str] = field(factory=Counter)
    _waiting: list[tuple[float, int]] = field(factory=list)
    """Those that were killed, and when they are started again."""
    _stopped: dict[int, threading.Timer] = field(factory=dict)
    """What lets those go on that were stopped: in time, even if one of them holds the ledger's lock."""
    _planned: list[str] = field(factory=list)
    _settled: int = 0

    def __attrs_post_init__(self) -> None:
        self._planned = ["kill"] * self.settings.kills + ["stop"] * self.settings.stops
        self.moments.shuffle(self._planned)

    def at(self, settled: int) -> None:
        """Do what is due once so many rows are settled."""
        now = time.monotonic()
        for due, number in [each for each in self._waiting if each[0] <= now]:
            self._waiting.remove((due, number))
            self.workers.start(number)
        total = self.settings.kills + self.settings.stops
        step = total - len(self._planned) + 1
        if self._planned and settled >= self.settings.rows * step / (total + 1):
            self._befall(self._planned.pop())
        # Only while calls are answered: faults that pile up would fail five in a row, and pause the campaign.
        if self.done["faults"] < settled * self.settings.faults and settled > self._settled:
            self._fail_next()
        self._settled = settled

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be undone."""
        return not self._waiting and not any(timer.is_alive() for timer in self._stopped.values())

    def _befall(self, what: str) -> None:
        stopped = {number for number, timer in self._stopped.items() if timer.is_alive()}
        free = [number for number in self.workers.under_way() if number not in stopped]
        if not free:
            return
        number, now = self.moments.choice(free), time.monotonic()
        self.done[f"{what}s"] += 1
        if what == "kill":
            self.workers.signal(number, signal.SIGKILL)
            self._waiting.append((now + self.moments.uniform(0, 1), number))
        else:
            self.workers.signal(number, signal.SIGSTOP)
            longest = 2 * LEASE + (TIMEOUT.total or 0)
            seconds = self.moments.uniform(0.5, longest)
            self._stopped[number] = threading.Timer(seconds, self.workers.signal, (number, signal.SIGCONT))
            self._stopped[number].start()

    def _fail_next(self) -> None:
        self.done["faults"] += 1
        fault = {"operation": "RequestCallWhenAvailable", "kind": self.moments.choice(FAULTS), "times": 1}
        _ask(self.port, "/sandbox/faults", fault)


def run(settings: Settings, ledger_address: str, tables: str = "") -> Report:
    """Place a campaign, and compare."""
    with ExitStack() as undo:
        sandbox = Sandbox()
        undo.callback(lambda: sandbox.end(signal.SIGKILL))
        port = sandbox.start()
        ledger = undo.enter_context(ledger_of(ledger_address))
        campaign = ledger.book.load(
            NewCampaign(NAME, "Europe/London", rate=settings.rate), entries_of(settings, port)
        )
        workers = Workers(settings, {"LEDGER": ledger_address, "DBOS_TABLES": tables}, port)
        undo.callback(workers.end)
        trouble = Trouble(settings, workers, port, random.Random(settings.seed))  # noqa: S311 - moments
        started = time.monotonic()
        workers.start_all()
        memory = _see_it_through(ledger, campaign, workers, trouble)
        seconds = time.monotonic() - started
        with client_of(port) as client:
            trouble.done["unknown, and found by reconcile"] += len(ledger.reconcile(client, campaign).placed)
        calls = _ask(port, "/sandbox/calls")
        report = Report(
            settings.rows,
            seconds,
            ledger.book.counts(campaign),
            trouble.done,
            sorted(datetime.fromisoformat(call["requested_at"]).timestamp() for call in calls),
            memory,
        )
        report.violations = violations(ledger.book.entries(campaign), [call["name"] for call in calls])
        return report


def _see_it_through(ledger: Ledger, campaign: Campaign, workers: Workers, trouble: Trouble) -> list[int]:
    """Until the workers say that all is done; what memory they had, second by second."""
    memory = list[int]()
    while True:
        counts = ledger.book.counts(campaign)
        settled = counts.total - counts.to_go
        trouble.at(settled)
        memory.append(workers.memory())
        now = ledger.book.campaign(NAME)
        if now.state is CampaignState.PAUSED:
            trouble.done["pauses, resumed"] += 1
            print(f"paused: {now.why}", flush=True)
            ledger.book.change_campaign(campaign, state=CampaignState.RUNNING)
        if not workers.under_way() and trouble.is_over:
            if settled == counts.total:
                return memory
            workers.start_all()  # a pause has ended them
        time.sleep(_POLL)


def violations(entries: Iterator[Entry], stored: Sequence[str]) -> dict[str, int]:
    """What must not be, and how often it is."""
    names, states = Counter(stored), dict[str, State]()
    found = {"rows that are not settled": 0, "placed, and missing from the store": 0}
    there = "refused or not_sent, and yet in the store"
    found |= {there: 0, "in the store, and not in the ledger": 0}
    for entry in entries:
        name = entry.request.name
        states[name] = entry.state
        found["rows that are not settled"] += entry.state in (State.PENDING, State.CLAIMED)
        found["placed, and missing from the store"] += entry.state is State.PLACED and name not in names
        found[there] += entry.state in (State.REFUSED, State.NOT_SENT) and name in names
    found["in the store, and not in the ledger"] = sum(name not in states for name in names)
    found["placed twice"] = sum(number - 1 for number in names.values())
    return found


def service_alone(settings: Settings) -> float:
    """Calls a second that the service takes from as many senders with no ledger."""
    sandbox = Sandbox()
    port = sandbox.start()
    try:
        command = [sys.executable, str(_WORKER), "alone", "1000", "--sandbox", str(port)]
        command += ["--senders", str(settings.senders)]
        processes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(settings.workers)
        ]
        return sum(float(process.communicate()[0].split()[-1]) for process in processes)
    finally:
        sandbox.end(signal.SIGKILL)


def _ask(port: int, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as reply:  # noqa: S310
        return json.load(reply)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server; else on SQLite")
    parser.add_argument("--dbos", action="store_true", help="let DBOS start the drains")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--stops", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.05, help="the part of the calls that fail")
    parser.add_argument("--refused", type=float, default=0.03, help="the part that the service refuses")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = vars(parser.parse_args())
    on_postgresql = given.pop("postgresql")
    settings = Settings(**given)
    print(f"seed {settings.seed}", flush=True)
    print(f"{'the service alone, calls a second':<44}{service_alone(settings):>16.1f}", flush=True)
    with ExitStack() as undo:
        if on_postgresql:
            address = tables = undo.enter_context(Postgres()).new_database()
        else:
            folder = undo.enter_context(tempfile.TemporaryDirectory())
            address, tables = f"{folder}/ledger.db", f"{folder}/dbos.db"
        report = run(settings, address, tables)
    print(report.table())
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
