"""Asks for callbacks by the thousand while everything fails, and counts who is called twice or forgotten.

    python tools/soak.py --seed 2017

Callers ask for callbacks of a sandbox in a process of its own, through a proxy that breaks requests
and replies at random, while the sandbox is killed with SIGKILL and started again on the same
database: first 16 threads over requests and libcurl, then 200 asyncio tasks over aiohttp, SOAP and
REST in both. Each caller reconciles what ended UNKNOWN. At the end the store is compared with what
the callers heard; what does not add up is printed, and the exit status is 1.
"""

import argparse
import asyncio
import datetime as dt
import json
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

from attrs import define, field

from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyClient,
    BuzzeasyError,
    Confirmation,
    Endpoints,
    Outcome,
    Reconciliation,
    Timeout,
)
from fault_proxy import FaultProxy

THREADS: Final = 16
TASKS: Final = 200
TIMEOUT: Final = Timeout(connect=2, read=2, total=3)
DAY: Final = dt.date(2017, 4, 11)
LOOK_UPS: Final = 200
"""How often a caller asks what became of its callback, until it gets an answer."""


class CallbackParams(NamedTuple):
    """One callback that is asked for once; its name and number are no other's."""

    name: str
    phone_no: str
    booking: tuple[int, dt.date] | None
    """A time slot and its day, for one in five: three can have the same."""


def wishes(mode: str, count: int) -> list[CallbackParams]:
    """What the callers of a mode ask for."""
    prefix = {"threads": "+44201", "tasks": "+44202"}[mode]
    made = []
    for n in range(count):
        nth = n // 5 + (0 if mode == "threads" else count // 5 + 1)
        booking = (1 + nth % 60 // 3, DAY + dt.timedelta(days=1 + nth // 60))
        made.append(CallbackParams(f"{mode} {n}", f"{prefix}{n:07}", booking if n % 5 == 0 else None))
    return made


@define
class Ledger:
    """What the callers heard. Each name is in exactly one of these."""

    confirmed: dict[str, str] = field(factory=dict)
    """Confirmation codes by name."""
    placed: dict[str, str] = field(factory=dict)
    """Those of UNKNOWN outcome that `reconcile` found."""
    not_found: set[str] = field(factory=set)
    """Those of UNKNOWN outcome that it did not find."""
    not_sent: set[str] = field(factory=set)
    refused: set[str] = field(factory=set)
    errors: Counter[str] = field(factory=Counter)
    """How the calls that were not confirmed ended."""

    @property
    def answered(self) -> int:
        """How many callers have heard something."""
        return sum(map(len, (self.confirmed, self.placed, self.not_found, self.not_sent, self.refused)))

    def note(self, params: CallbackParams, error: BuzzeasyError) -> bool:
        """Note an error; True where the caller has to reconcile."""
        self.errors[f"{type(error).__name__}, {error.outcome.name}"] += 1
        if error.outcome is Outcome.NOT_SENT:
            self.not_sent.add(params.name)
        elif error.outcome is Outcome.REFUSED:
            self.refused.add(params.name)
        return error.outcome is Outcome.UNKNOWN

    def reconcile(self, params: CallbackParams, found: Reconciliation) -> None:
        """Note what a look-up has found."""
        if found.confirmation is None:
            self.not_found.add(params.name)
        else:
            self.placed[params.name] = found.confirmation.code


@define
class Verdict:
    """What the callers heard, compared with the store."""

    figures: dict[str, int]
    violations: dict[str, int]

    def table(self) -> str:
        """The figures, a line each; those that must be 0 are last."""
        return "\n".join(f"{name:<44}{n:>8}" for name, n in {**self.figures, **self.violations}.items())

    @property
    def holds(self) -> bool:
        """Whether nobody is called twice and nothing is lost."""
        return not any(self.violations.values())


def judge(ledger: Ledger, asked: int, stored: list[tuple[str, str]], kills: int, faults: int) -> Verdict:
    """Compare; `stored` are the names and codes of all calls in the store."""
    names = Counter(name for name, _ in stored)
    there = set(stored)
    late = sum(name in names for name in ledger.not_found)
    explained = len(ledger.confirmed) + len(ledger.placed) + late
    codes = Counter([*ledger.confirmed.values(), *ledger.placed.values()])
    return Verdict(
        {
            "asked for": asked,
            "sandbox killed": kills,
            "faults injected": faults,
            "confirmed": len(ledger.confirmed),
            "UNKNOWN, reconciled as placed": len(ledger.placed),
            "UNKNOWN, not found": len(ledger.not_found),
            "  of these yet in the store": late,
            "NOT_SENT": len(ledger.not_sent),
            "REFUSED": len(ledger.refused),
            "callbacks in the store": len(stored),
            "= confirmed + placed + not found yet there": explained,
        },
        {
            "called twice": sum(n - 1 for n in names.values()),
            "confirmed, and missing from the store": sum(c not in there for c in ledger.confirmed.items()),
            "reconciled, and missing from the store": sum(c not in there for c in ledger.placed.items()),
            "one code given to two callers": sum(n - 1 for n in codes.values()),
            "NOT_SENT or REFUSED, and yet in the store": sum(
                name in names for name in ledger.not_sent | ledger.refused
            ),
            "difference between the store and the answers": abs(len(stored) - explained),
            "callers who heard nothing": asked - ledger.answered,
        },
    )


class Sandbox:
    """A sandbox in a process of its own."""

    def __init__(self, *options: str) -> None:
        self._command = [sys.executable, "-m", "buzzeasy_soap", "sandbox", "--port", "0", *options]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> int:
        """Its port, once it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line.startswith("Sandbox ready at "):
            raise RuntimeError(f"the sandbox did not start: {line}")
        return int(line.rpartition(":")[2])

    def end(self, with_signal: signal.Signals) -> None:
        """Send it a signal, and see it gone."""
        if self._process is not None:
            self._process.send_signal(with_signal)
            self._process.communicate()
            self._process = None


def run(mode: str, *, count: int, kills: int, seed: int, database: Path) -> tuple[Verdict, Ledger]:
    """Ask for `count` callbacks in a mode, `threads` or `tasks`, and compare."""
    ledger, finished = Ledger(), threading.Event()
    sandbox = Sandbox("--speed", "0.001", "--now", f"{DAY}T07:00", "--database", str(database))
    with ExitStack() as undo:
        undo.callback(lambda: sandbox.end(signal.SIGKILL))
        proxy = undo.enter_context(FaultProxy(sandbox.start(), seed=seed))
        # At even steps of the work, so that each finds work to interrupt.
        steps = [count * n // (2 * kills + 1) for n in range(1, 2 * kills + 1)]
        moments = random.Random(seed)  # noqa: S311 - moments, not secrets
        killer = threading.Thread(target=_disturb, args=(sandbox, proxy, ledger, steps, moments, finished))
        killer.start()
        try:
            {"threads": _in_threads, "tasks": _in_tasks}[mode](
                Endpoints.sandbox(proxy.port), wishes(mode, count), ledger
            )
        finally:
            finished.set()
            killer.join()
        proxy.settle()
        with urllib.request.urlopen(f"http://127.0.0.1:{proxy.upstream}/sandbox/calls") as reply:
            stored = [(call["name"], call["confirmation_code"]) for call in json.load(reply)]
    mine = [(name, code) for name, code in stored if name.startswith(mode)]
    return judge(ledger, count, mine, kills, proxy.faults.total()), ledger


def _disturb(
    sandbox: Sandbox,
    proxy: FaultProxy,
    ledger: Ledger,
    steps: list[int],
    moments: random.Random,
    finished: threading.Event,
) -> None:
    """At each step of the work, in turn: refuse connections for a while; kill the sandbox, and start it again."""
    for n, step in enumerate(steps):
        while ledger.answered < step and not finished.wait(0.01):
            pass
        if n % 2 == 0:
            with proxy.refusing():
                finished.wait(moments.uniform(0, 2))
        else:
            sandbox.end(signal.SIGKILL)
            finished.wait(moments.uniform(0, 0.3))
            proxy.upstream = sandbox.start()


def _in_threads(endpoints: Endpoints, asked: list[CallbackParams], ledger: Ledger) -> None:
    waiting: queue.SimpleQueue[CallbackParams] = queue.SimpleQueue()
    for params in asked:
        waiting.put(params)
    failed: list[BaseException] = []
    with ExitStack() as undo:
        clients = [
            undo.enter_context(
                BuzzeasyClient(
                    endpoints=endpoints, protocol=protocol, transport=transport, **_account()
                )
            )
            for protocol in ("soap", "rest")
            for transport in ("requests", "curl")
        ]  # fmt: skip

        def work(client: BuzzeasyClient) -> None:
            try:
                while True:
                    _ask(client, waiting.get_nowait(), ledger)
            except queue.Empty:
                pass
            except BaseException as error:  # noqa: BLE001 - reported by the main thread
                failed.append(error)

        workers = [threading.Thread(target=work, args=(clients[n % 4],)) for n in range(THREADS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    if failed:
        raise failed[0]


def _ask(client: BuzzeasyClient, params: CallbackParams, ledger: Ledger) -> None:
    try:
        ledger.confirmed[params.name] = _call(client, params).code
    except BuzzeasyError as error:
        if ledger.note(params, error):
            ledger.reconcile(params, _found(client, error))


def _found(client: BuzzeasyClient, error: BuzzeasyError) -> Reconciliation:
    for _ in range(LOOK_UPS):
        try:
            return client.reconcile(error)
        except BuzzeasyError:
            time.sleep(0.1)
    raise RuntimeError("nothing could be looked up")


def _call(client: BuzzeasyClient, params: CallbackParams) -> Confirmation:
    if params.booking is None:
        return client.request_call_when_available(params.name, params.phone_no)
    slot, day = params.booking
    return client.request_call_schedule(params.name, params.phone_no, time_slot=slot, date=day)


def _in_tasks(endpoints: Endpoints, asked: list[CallbackParams], ledger: Ledger) -> None:
    asyncio.run(_in_loop(endpoints, asked, ledger))


async def _in_loop(endpoints: Endpoints, asked: list[CallbackParams], ledger: Ledger) -> None:
    waiting = iter(asked)
    async with (
        AsyncBuzzeasyClient(endpoints=endpoints, protocol="soap", **_account()) as soap,
        AsyncBuzzeasyClient(endpoints=endpoints, protocol="rest", **_account()) as rest,
        asyncio.TaskGroup() as tasks,
    ):

        async def work(client: AsyncBuzzeasyClient) -> None:
            for params in waiting:
                await _ask_async(client, params, ledger)

        for n in range(TASKS):
            tasks.create_task(work((soap, rest)[n % 2]))


async def _ask_async(client: AsyncBuzzeasyClient, params: CallbackParams, ledger: Ledger) -> None:
    try:
        ledger.confirmed[params.name] = (await _call_async(client, params)).code
    except BuzzeasyError as error:
        if ledger.note(params, error):
            ledger.reconcile(params, await _found_async(client, error))


async def _found_async(client: AsyncBuzzeasyClient, error: BuzzeasyError) -> Reconciliation:
    for _ in range(LOOK_UPS):
        try:
            return await client.reconcile(error)
        except BuzzeasyError:
            await asyncio.sleep(0.1)
    raise RuntimeError("nothing could be looked up")


async def _call_async(client: AsyncBuzzeasyClient, params: CallbackParams) -> Confirmation:
    if params.booking is None:
        return await client.request_call_when_available(params.name, params.phone_no)
    slot, day = params.booking
    return await client.request_call_schedule(params.name, params.phone_no, time_slot=slot, date=day)


def _account() -> dict[str, Any]:
    return {
        "company": 1,
        "password": "P@ssword",
        "service_queue": 1,
        "reference_field": 1,
        "timeout": TIMEOUT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="callbacks in each mode")
    parser.add_argument("--kills", type=int, default=10, help="kills in each mode")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    holds = True
    with tempfile.TemporaryDirectory() as directory:
        for mode, callers in (("threads", THREADS), ("tasks", TASKS)):
            started = time.monotonic()
            verdict, ledger = run(
                mode,
                count=arguments.count,
                kills=arguments.kills,
                seed=arguments.seed,
                database=Path(directory, "sandbox.db"),
            )
            print(f"\n{callers} {mode}, {time.monotonic() - started:.0f} s\n{verdict.table()}")
            print("\n".join(f"  {name:<42}{n:>8}" for name, n in sorted(ledger.errors.items())), flush=True)
            holds = holds and verdict.holds
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
