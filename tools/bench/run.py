"""This package beside others, on one server, round after round; `make bench` writes docs/performance.md.

    PYTHONPATH=tools python -m bench.run [--rounds 5] [--no-instructions] [--write docs/performance.md]

Each client is a process of its own on the first core, the server one on the last. In each round every client in
turn makes the same calls and says what CPU time they took it; a ratio is formed within a round, and what is printed
is the median, so that a machine whose speed drifts does not matter. Instructions are counted by callgrind, where it
is installed: those of 211 small calls less those of 11. Each client's answers are checked before it is timed.
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
from bench.replies import HERE, on_core, serving
from bench.report import Table, bars, machine, printed, written

ROOT: Final = HERE.parent.parent
BASELINE: Final = "zeep"
ASYNC_BASELINE: Final = "zeep, async"
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


def command(kind: str) -> list[str]:
    if kind == "PHP SoapClient":
        return ["php", str(HERE / "client.php"), kind]
    return [sys.executable, str(HERE / "client.py"), kind]


class Client:
    """A client's process."""

    def __init__(self, kind: str, root: str) -> None:
        self.process = subprocess.Popen(
            [*on_core(0), *command(kind), root],
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

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def clients(root: str) -> Iterator[dict[str, Client]]:
    """Those that are installed and answer rightly; what is missing is named."""
    kinds = [*KINDS, *(["PHP SoapClient"] if shutil.which("php") else [])]
    opened = {kind: Client(kind, root) for kind in kinds}
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


def calls(running: Mapping[str, Client], rounds: int) -> Iterator[Table]:
    """CPU for each call, of each size."""
    for what, count in COUNTS.items():
        seconds: dict[str, list[float]] = {kind: [] for kind in running}
        for _ in range(rounds):
            for kind, client in running.items():
                seconds[kind].append(float(client.ask(f"{what} {count}")) / count)
        yield Table(
            TITLES[what], "ms", {kind: [s * 1e3 for s in each] for kind, each in seconds.items()}, BASELINE
        )
    seconds = {kind: [] for kind in running if kind in ASYNC}
    for _ in range(rounds):
        for kind in seconds:
            seconds[kind].append(float(running[kind].ask("small@1000 4000")) / 4000)
    values = {kind: [s * 1e3 for s in each] for kind, each in seconds.items()}
    yield Table("A small call, 1,000 at once over asyncio, CPU", "ms", values, ASYNC_BASELINE)
    memory = {kind: [float(client.ask("memory")) / 1024] for kind, client in running.items()}
    yield Table("The most memory that the process had, 10,000 time slots included", "MiB", memory, BASELINE)


def starts(kinds: Sequence[str], root: str, rounds: int) -> Iterator[Table]:
    """CPU of a whole process that makes one small call."""
    used: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind in kinds:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run = [*on_core(0), *command(kind), root, "start"]
            subprocess.run(run, check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if number:  # the first one warms the disk's cache
                used[kind].append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3)
    blocking = {kind: values for kind, values in used.items() if kind not in ASYNC}
    yield Table("From nothing to the first answer, CPU of the process", "ms", blocking, BASELINE)
    asynchronous = {kind: values for kind, values in used.items() if kind in ASYNC}
    yield Table("The same over asyncio", "ms", asynchronous, ASYNC_BASELINE)


def instructions(kinds: Sequence[str], root: str) -> Table:
    """Instructions of a small call, outside of the kernel."""
    counted: dict[str, list[float]] = {}
    valgrind = shutil.which("valgrind") or ""
    for kind in kinds:
        if kind in ASYNC or kind not in KINDS:
            continue
        counts = [
            subprocess.Popen(
                [
                    valgrind,
                    "--tool=callgrind",
                    "--callgrind-out-file=/dev/null",
                    *command(kind),
                    root,
                    str(number),
                ],
                stderr=subprocess.PIPE,
                text=True,
                env=ENVIRONMENT,
            )
            for number in (11, 211)
        ]
        found = [re.search(r"Collected : (\d+)", process.communicate()[1]) for process in counts]
        if all(found):
            few, many = (int(match[1]) for match in found if match)
            counted[kind] = [(many - few) / 200 / 1e3]
    return Table("A small call, instructions outside of the kernel", "thousand", counted, BASELINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-instructions", action="store_true")
    parser.add_argument("--write", type=Path, help="the page to write, and its picture beside it")
    options = parser.parse_args()
    compileall.compile_dir(str(ROOT / "buzzeasy_soap"), quiet=1)  # as pip does for what it installs
    tables: list[Table] = []
    started = time.monotonic()
    with serving() as root:
        with clients(root) as running:
            kinds = list(running)
            for table in calls(running, options.rounds):
                tables.append(table)
                print(printed(table), flush=True)
        for table in starts([kind for kind in kinds if kind != "bare socket"], root, options.rounds):
            tables.append(table)
            print(printed(table), flush=True)
        if shutil.which("valgrind") and not options.no_instructions:
            tables.insert(1, instructions(kinds, root))
            print(printed(tables[1]))
    if options.write:
        picture = options.write.with_suffix(".svg")
        picture.write_text(bars([tables[0], tables[-2]]), encoding="utf-8")
        minutes = (time.monotonic() - started) / 60
        options.write.write_text(written(tables, machine(), picture.name, minutes), encoding="utf-8")


if __name__ == "__main__":
    main()
