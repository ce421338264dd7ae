"""Each import contract notices an import that it forbids, planted in a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout
ROOT = Path(__file__).parent.parent
LAYERS = "each layer knows only those below it"
WIRE = "within wire, bindings and transports are combined by delivery alone"
SANDBOX = "the sandbox is the other end of the wire: it knows no client, no mapping, no binding, no transport"
CLIENTS = "no client knows the sandbox: its address is in the configuration like any other"
EVENTS = "call progress stands by itself, on the configuration and the wire"
PLANTS = [
    ("errors.py", "from buzzeasy_soap import config", {LAYERS}),
    ("wire/bindings/rest.py", "from buzzeasy_soap.wire.transports import curl", {WIRE}),
    ("wire/clock.py", "from buzzeasy_soap.wire import xsd", {WIRE}),
    ("sandbox/rest.py", "from buzzeasy_soap.wire.bindings import rest", {SANDBOX}),
    ("clients/options.py", "from buzzeasy_soap.sandbox import config", {CLIENTS}),
    ("events/aio.py", "from buzzeasy_soap.description import documents", {EVENTS}),
    ("events/aio.py", "from buzzeasy_soap.clients import options", {EVENTS, LAYERS}),
]
NO_PLANT = (None, "", set())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(
        ROOT / "buzzeasy_soap", folder / "buzzeasy_soap", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def contracts() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


def broken(folder: Path) -> set[str]:
    """The names of the contracts that do not hold there."""
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", lint, "--no-cache"],
        cwd=folder, capture_output=True, text=True, env={**os.environ, "COLUMNS": "300"},
    )  # fmt: skip
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)$", ran.stdout, re.MULTILINE))
    assert verdicts.keys() == contracts(), ran.stdout + ran.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


@pytest.mark.parametrize(("path", "planted", "breaks"), [NO_PLANT, *PLANTS])
def test_a_wrong_import_breaks_its_contract(
    copy: Path, path: str | None, planted: str, breaks: set[str]
) -> None:
    if path is None:
        assert broken(copy) == breaks
        return
    module = copy / "buzzeasy_soap" / path
    text = module.read_text(encoding="utf-8")
    module.write_text(f"{text}\n{planted}\n", encoding="utf-8")
    try:
        assert broken(copy) == breaks
    finally:
        module.write_text(text, encoding="utf-8")


def test_no_contract_goes_unproved() -> None:
    assert set().union(*(breaks for _, _, breaks in PLANTS)) == contracts()
