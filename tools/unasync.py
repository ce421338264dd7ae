"""Writes `buzzeasy_soap/clients/blocking.py` from `aio.py`, so that no method is written twice.

python tools/unasync.py            write it
python tools/unasync.py --check    write nothing; exit 1 where it is not up to date
"""

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "buzzeasy_soap"
REPLACEMENTS = (
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\bopen_async_transport\b", "open_transport"),
    (r"\basync_raw_method\b", "raw_method"),
    (r"\b_Async(?=[A-Z])", "_"),
    (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
    (r'(?<=transport: TransportChoice = )"aiohttp"', '"requests"'),
    (r"\bwatch_async\b", "watch"),
    (r"\A.*\n", '"""The client.\n\nGenerated from aio.py by tools/unasync.py. Do not edit.\n"""\n'),
)


def blocking(source: str) -> str:
    """The blocking twin of an asynchronous module."""
    for pattern, replacement in REPLACEMENTS:
        source = re.sub(pattern, replacement, source)
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format"]):
        source = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", "buzzeasy_soap/clients/blocking.py", "-"],
            input=source, capture_output=True, text=True, check=True, cwd=PACKAGE.parent,
        ).stdout  # fmt: skip
    return source


def main() -> int:
    source = blocking((PACKAGE / "clients" / "aio.py").read_text(encoding="utf-8"))
    target = PACKAGE / "clients" / "blocking.py"
    if "--check" not in sys.argv:
        target.write_text(source, encoding="utf-8")
    elif not target.is_file() or target.read_text(encoding="utf-8") != source:
        print(
            "buzzeasy_soap/clients/blocking.py is not what aio.py says: run `make generate`", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
