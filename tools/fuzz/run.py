"""Fuzz the decoders and the hub with atheris, and print what came of it: `make fuzz MINUTES=10`.

    python tools/fuzz/run.py [--minutes 10] [soap] [form] [rest] [hub]

Fuzzing starts from the cases in tests/fuzz/corpus. An input that crashes a target is written to the
folder `.fuzz/<target>`, and printed as a case of the corpus behind its traceback.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

TARGETS: Final = ("soap", "form", "rest", "hub")
ROOT: Final = Path(__file__).parent.parent.parent
WORK: Final = ROOT / ".fuzz"
LONGEST: Final = 4096
"""Bytes of an input."""
SLOWEST: Final = 10
"""Seconds, after which an input counts as a finding."""
MOST_MEMORY: Final = 1024
"""Megabytes."""


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        fuzz(sys.argv[2], sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)}; else all")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(unknown)}")
    rows = [campaign(name, arguments.minutes) for name in arguments.targets or TARGETS]
    print("| target | executions | a second | coverage | findings |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (runs, speed, coverage, findings) in rows:
        print(f"| {name} | {runs:,} | {speed:,} | {coverage:,} | {findings} |")
    sys.exit(any(figures[-1] for _, figures in rows))


def campaign(name: str, minutes: float) -> tuple[str, tuple[int, int, int, int]]:
    """Fuzz one target in a process of its own; executions, executions a second, coverage, findings."""
    from fuzz.corpus import cases, written

    work = WORK / name
    shutil.rmtree(work, ignore_errors=True)
    (work / "new").mkdir(parents=True)
    (work / "seeds").mkdir()
    for number, data in enumerate(cases(name).values()):
        (work / "seeds" / str(number)).write_bytes(data)
    command = [sys.executable, __file__, "--child", name, f"-max_total_time={round(minutes * 60)}"]
    command += [f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MOST_MEMORY}"]
    command += [f"-dict={Path(__file__).with_name('words.dict')}", f"-artifact_prefix={work}/"]
    began = time.monotonic()
    with (work / "log.txt").open("wb") as log:
        subprocess.run([*command, work / "new", work / "seeds"], stdout=log, stderr=log, check=False)
    text = (work / "log.txt").read_text(encoding="utf-8", errors="replace")
    findings = [
        path for path in work.iterdir() if path.name.startswith(("crash-", "timeout-", "oom-", "leak-"))
    ]
    if findings:
        print(text[-4000:], file=sys.stderr)
        for path in findings:
            print(written(f"found: {path.name}", path.read_bytes()), file=sys.stderr)
    elif not re.search(r"^Done \d+ runs", text, re.MULTILINE):
        sys.exit(f"the fuzzer of {name} did not run:\n{text[-2000:]}")
    # None of either where a case of the corpus fails.
    runs = max(map(int, re.findall(r"(?:^#|^Done )(\d+)", text, re.MULTILINE)), default=0)
    coverage = max(map(int, re.findall(r"cov: (\d+)", text)), default=0)
    return name, (runs, round(runs / (time.monotonic() - began)), coverage, len(findings))


def fuzz(name: str, arguments: list[str]) -> None:
    """Be libFuzzer, for one target. Does not return."""
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    with atheris.instrument_imports(include=["buzzeasy_soap", "fuzz.targets"]):
        from fuzz.targets import TARGETS as BY_NAME
    from fuzz.mutate import mutate_xml

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        return mutate_xml(data, max_size, seed, atheris.Mutate)

    mutator = {"custom_mutator": mutate} if name in ("soap", "form") else {}
    atheris.Setup([sys.argv[0], *arguments], BY_NAME[name], **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tools"))
    main()
