"""What docs/command.md and docs/campaigns.md show is what the command prints.

`python -m tests.cli.document` writes it anew.
"""

import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from buzzeasy_soap import Endpoints
from buzzeasy_soap.cli import main, tables
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.test_command import environment
from tests.conftest import MORNING
from tests.ledger import office

DOCUMENT = Path(__file__).parents[2] / "docs" / "command.md"
CAMPAIGNS = DOCUMENT.with_name("campaigns.md")
FILE = re.compile(r"`(?P<name>[\w.]+)`:\n\n```(?:csv|json)\n(?P<content>(?:.*\n)*?)```")
"""A file that a document shows, which its commands then read."""
BLOCK = re.compile(r"```text\n\$ (?P<command>.*)\n(?P<shown>(?:.*\n)*?)```")
# They run on, need a full disk or a key pressed, take long, or show the machine: other tests run them.
ELSEWHERE = re.compile(r"buzzeasy (sandbox|demo|doctor)|/dev/full|\^C")
VARIES = (
    (r"\d\d:\d\d:\d\d(\.\d+)?|\d\d-\d\d-\d\d$", "TIME"),
    (r'"\d{4}-\d\d-\d\dTTIME\+00:00"', '"MOMENT"'),
    (r"\d\d-\d\d-\d\d", "TIME"),
    (r"\d+ m?s\b", "SECONDS"),
    (r"\d{4}-\d\d-\d\d TIME\+\d\d:\d\d", "MOMENT"),
    (r"127\.0\.0\.1:\d{5}", "ADDRESS"),
    (r"[ ━]+", " "),
)


def shown(text: str) -> Iterator[tuple[str, str]]:
    """The commands of the document with what they are said to print."""
    for block in BLOCK.finditer(text):
        if not ELSEWHERE.search(block[0]):
            yield block["command"], block["shown"]


def comparable(printed: str) -> str:
    """What is printed, without what differs from one run to the next."""
    for pattern, word in VARIES:
        printed = re.sub(pattern, word, printed, flags=re.MULTILINE)
    return "\n".join(line.rstrip() for line in printed.splitlines())


@contextmanager
def folder(text: str) -> Iterator[Path]:
    """A folder with the files that a document shows."""
    with TemporaryDirectory() as name:
        for file in FILE.finditer(text):
            shows_office = file["name"] == "outage.csv"
            data = office.as_csv() if shows_office else file["content"].encode()
            assert data.decode("utf-8-sig").replace("\r\n", "\n").strip() == file["content"].strip()
            (Path(name) / file["name"]).write_bytes(data)
        yield Path(name)


def prints(command: str, sandbox: Sandbox, folder: Path) -> str:
    """What a command prints, with its exit status if that is not 0."""
    typed, _, head = command.partition(" | head -")
    words = shlex.split(typed)
    given = words[: words.index("buzzeasy")]
    words = words[len(given) + 1 :]
    if "watch" in words:
        sandbox.advance(60)
    if "387461" in words:  # a PIN is random
        words[words.index("387461")] = sandbox.calls()[0]["pin"]
    out, changes = io.StringIO(), dict(each.split("=", 1) for each in given)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(out):
        patch.chdir(folder)
        patch.setattr(os, "environ", environment(Endpoints.sandbox(sandbox.port), **changes))
        patch.setattr(tables._console, "width", 100)
        with pytest.raises(SystemExit) as exit:
            main(words)
    text = out.getvalue()
    if head:
        unit, count = head.split(";")[0].split()
        text = text[: int(count)] + "\n" if unit == "c" else "".join(text.splitlines(True)[: int(count)])
    elif exit.value.code:
        text += f"(exit status {exit.value.code})\n"
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def write(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    with Sandbox(now=MORNING, speed=0.001) as sandbox, folder(text) as place:
        for command, was in list(shown(text)):
            block = f"```text\n$ {command}\n"
            text = text.replace(f"{block}{was}```", f"{block}{prints(command, sandbox, place)}```", 1)
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for document in (DOCUMENT, CAMPAIGNS):
        write(document)
