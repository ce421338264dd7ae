"""This package beside others, on one server, round after round; `make bench` writes docs/performance.md.

    PYTHONPATH=tools python -m bench.run [--rounds 5] [--no-instructions] [--write docs/performance.md]

Each client is a process of its own on the first core, the server one on the last. In each round every client in
turn makes the same calls and says what CPU time they took it; a ratio is formed within a round, and what is printed
is the median, so that a machine whose speed drifts does not matter. Instructions are counted by callgrind, where it
is installed: those of 61 small calls less those of 11. Each client's answers are checked before it is timed.
"""

import argparse
import compileall
import contextlib
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.client import ASYNC, KINDS
from bench.others import OTHERS, set_up
from bench.replies import HERE, on_core, serving
from bench.report import Grid, Table, bars, machine, printed, written
from bench.sandbox import services

ROOT: Final = HERE.parent.parent
BASELINE: Final = "zeep"
ASYNC_BASELINE: Final = "zeep, async"
MOST_CALLS: Final = {"ours, curl": 1_000_000, "ours, requests": 100_000, "zeep": 10_000}
"""How many calls the growth of each is seen over: the quickest first, as a million of zeep's take half an hour."""
WITHOUT_HTTPX: Final = ("ours, curl", "ours, requests", "ours, engine zeep", "zeep")
NOT_COUNTED: Final = ("PHP SoapClient", "Node soap")
"""Those that have no mode for callgrind."""
FEW_ROUNDS: Final = 3
"""With fewer, the run is a trial, and growth is seen over few calls."""
DECADES: Final = [10**power for power in range(7)]
COUNTS: Final = {"small": 200, "slot": 200, "slots1000": 10, "slots10000": 2}
TITLES: Final = {
    "small": "A small call (a booking with ten fields), CPU",
    "slot": "One time slot, CPU",
    "slots1000": "1,000 time slots, CPU",
    "slots10000": "10,000 time slots, CPU",
}
# Others' proxies and log levels change what a call costs: requests reads the whole environment at each.
ENVIRONMENT: Final = {
    name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")
} | {"PYTHONHASHSEED": "0"}


def commands() -> dict[str, list[str]]:
    """How each client is started."""
    ours = {kind: [sys.executable, str(HERE / "client.py"), kind] for kind in KINDS if kind not in OTHERS}
    return ours | set_up()


class Client:
    """A client's process."""

    def __init__(self, command: Sequence[str], root: str) -> None:
        self.command = command
        self.process = subprocess.Popen(
            [*on_core(0), *command, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )

    def ask(self, what: str) -> str:
        """What it answers; empty where it has ended."""
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{what}\n")
            self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def mebibytes(self, what: str) -> float:
        """What the process holds, `VmRSS`, or the most that it held, `VmHWM`: getrusage's has its parent's in it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(f"{what}:")[2].split()[0]) / 1024

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def clients(commands: Mapping[str, Sequence[str]], root: str) -> Iterator[dict[str, Client]]:
    """Those that are installed and answer rightly; what is missing is named."""
    opened = {kind: Client(command, root) for kind, command in commands.items()}
    try:
        for kind, client in list(opened.items()):
            if client.ask("check") != "ok":
                error = client.process.communicate()[1].strip().splitlines()[-1:]
                print(f"left out: {kind} ({error[0] if error else 'wrong answers'})")
                del opened[kind]
        yield opened
    finally:
        for client in opened.values():
            client.close()


def calls(running: Mapping[str, Client], rounds: int) -> Iterator[tuple[str, Table]]:
    """CPU for each call, of each size."""
    for what, count in COUNTS.items():
        seconds: dict[str, list[float]] = {kind: [] for kind in running}
        for _ in range(rounds):
            for kind, client in running.items():
                seconds[kind].append(float(client.ask(f"{what} {count}")) / count)
        yield what, Table(TITLES[what], "ms", _in_ms(seconds), BASELINE)
    seconds = {kind: [] for kind in running if kind in ASYNC}
    for _ in range(rounds):
        for kind in seconds:
            seconds[kind].append(float(running[kind].ask("small@1000 4000")) / 4000)
    yield (
        "async",
        Table("A small call, 1,000 at once over asyncio, CPU", "ms", _in_ms(seconds), ASYNC_BASELINE),
    )
    memory = {kind: [client.mebibytes("VmHWM")] for kind, client in running.items()}
    yield (
        "memory",
        Table("The most memory that the process had, 10,000 time slots included", "MiB", memory, BASELINE),
    )


def _in_ms(seconds: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    return {kind: [each * 1e3 for each in values] for kind, values in seconds.items()}


def growth(commands: Mapping[str, Sequence[str]], root: str, most: int) -> Grid:
    """CPU of a call, and what memory the process holds, from the first call on."""
    columns: dict[str, list[str]] = {}
    for kind, calls in MOST_CALLS.items():
        client = Client(commands[kind], root)
        columns[f"{kind}, ms"], columns["MiB" + " " * len(columns)] = cpu, memory = [], []
        done = 0
        for upto in DECADES:
            if upto <= min(calls, most):
                cpu.append(f"{float(client.ask(f'growth {upto - done}')) / (upto - done) * 1e3:.3f}")
                memory.append(f"{client.mebibytes('VmRSS'):.1f}")
                done = upto
        client.close()
    lines = [
        (f"{upto:,}", *(column[row] if row < len(column) else "" for column in columns.values()))
        for row, upto in enumerate(DECADES)
        if upto <= most
    ]
    return Grid(
        "From the first call to the millionth: CPU of a call since the line above, and memory then",
        ("calls", *(name.strip() for name in columns)),
        lines,
    )


def linear(tables: Mapping[str, Table]) -> Grid:
    """What another slot costs in a short list and in a long one."""
    lines = []
    for kind in tables["slot"].values:
        one, thousand, ten = (tables[what].median(kind) for what in ("slot", "slots1000", "slots10000"))
        short, long = (thousand - one) / 999 * 1e3, (ten - thousand) / 9000 * 1e3
        lines.append((kind, f"{short:.3f}", f"{long:.3f}", f"{long / short:.2f}"))
    lines.sort(key=lambda line: float(line[2]))
    return Grid(
        "CPU of another time slot, µs", ("client", "up to 1,000", "from there to 10,000", "ratio"), lines
    )


def starts(commands: Mapping[str, Sequence[str]], root: str, rounds: int) -> Iterator[tuple[str, Table]]:
    """CPU of a whole process that makes one small call."""
    runs = {kind: [*command, root, "start"] for kind, command in commands.items()}
    # zeep imports httpx where it is installed, and pays for it: so a row for those who have it, and for those who do not.
    bare = {
        kind: [*commands[kind], root, "start-without-httpx"] for kind in WITHOUT_HTTPX if kind in commands
    }
    used: dict[tuple[str, bool], list[float]] = {}
    for number in range(rounds + 1):
        for is_bare, each in ((False, runs), (True, bare)):
            for kind, run in each.items():
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run([*on_core(0), *run], check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if number:  # the first one warms the disk's cache
                    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                    used.setdefault((kind, is_bare), []).append(spent * 1e3)
    full = {kind: values for (kind, is_bare), values in used.items() if not is_bare}
    blocking = {kind: values for kind, values in full.items() if kind not in ASYNC}
    yield "start", Table("From nothing to the first answer, CPU of the process", "ms", blocking, BASELINE)
    without = {kind: values for (kind, is_bare), values in used.items() if is_bare}
    yield "start, no httpx", Table("The same where httpx is not installed", "ms", without, BASELINE)
    asynchronous = {kind: values for kind, values in full.items() if kind in ASYNC}
    yield "start, async", Table("The same over asyncio", "ms", asynchronous, ASYNC_BASELINE)


def instructions(commands: Mapping[str, Sequence[str]], root: str) -> Table:
    """Instructions of a small call, outside of the kernel."""
    counted: dict[str, list[float]] = {}
    valgrind = shutil.which("valgrind") or ""
    for kind, command in commands.items():
        if kind in ASYNC or kind in NOT_COUNTED:
            continue
        counts = [
            subprocess.Popen(
                [
                    valgrind,
                    "--tool=callgrind",
                    "--callgrind-out-file=/dev/null",
                    *command,
                    root,
                    str(number),
                ],
                stderr=subprocess.PIPE,
                text=True,
                env=ENVIRONMENT,
            )
            for number in (11, 61)
        ]
        found = [re.search(r"Collected : (\d+)", process.communicate()[1]) for process in counts]
        if all(found):
            few, many = (int(match[1]) for match in found if match)
            counted[kind] = [(many - few) / 50 / 1e3]
    return Table("A small call, instructions outside of the kernel", "thousand", counted, BASELINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-instructions", action="store_true")
    parser.add_argument("--write", type=Path, help="the page to write, and its picture beside it")
    options = parser.parse_args()
    compileall.compile_dir(str(ROOT / "buzzeasy_soap"), quiet=1)  # as pip does for what it installs
    grids: list[Grid] = []
    started = time.monotonic()

    def show(measured: Table | Grid) -> None:
        grids.append(measured.grid() if isinstance(measured, Table) else measured)
        print(printed(grids[-1]), flush=True)

    with serving() as root:
        with clients(commands(), root) as running:
            here = {kind: client.command for kind, client in running.items()}
            tables = {}
            for what, table in calls(running, options.rounds):
                tables[what] = table
                show(table)
        show(linear(tables))
        show(growth(here, root, MOST_CALLS["ours, curl"] if options.rounds >= FEW_ROUNDS else 1_000))
        started_kinds = {kind: command for kind, command in here.items() if kind != "bare socket"}
        for what, table in starts(started_kinds, root, options.rounds):
            tables[what] = table
            show(table)
        for table in services(options.rounds, ENVIRONMENT):
            show(table)
        if shutil.which("valgrind") and not options.no_instructions:
            show(instructions(here, root))
    if options.write:
        picture = options.write.with_suffix(".svg")
        picture.write_text(bars([tables["small"], tables["start"]]), encoding="utf-8")
        minutes = (time.monotonic() - started) / 60
        options.write.write_text(written(grids, machine(), picture.name, minutes), encoding="utf-8")


if __name__ == "__main__":
    main()
