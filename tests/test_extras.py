"""Without an extra, the message says which to install. `make test-package` installs each alone."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.support.extras import BY_EXTRA

DECLARED = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
OF_DEVELOPERS = {"bench", "dev", "interop", "release"}
LIBRARY = {
    "ledger": "sqlalchemy",  # before those that load it
    "async": "aiohttp",
    "cli": "typer",
    "curl": "pycurl",
    "dbos": "dbos",
    "events": "aiohttp",
    "excel": "python_calamine",
    "postgres": "psycopg",
    "sandbox": "starlette",
}
# One process for all, because each start costs half a second.
WITHOUT = """
import contextlib, os, sys, tempfile
from buzzeasy_soap import ConfigurationError
from tests.support.extras import BY_EXTRA
os.chdir(tempfile.mkdtemp())
sys.argv = ["", "1"]
for name, library in {libraries!r}.items():
    sys.modules[library] = None
    try:
        with contextlib.redirect_stderr(sys.stdout):
            exec(BY_EXTRA[name], {{}})
    except ConfigurationError as error:
        print(error)
    except SystemExit:
        pass  # the command has said it itself
    del sys.modules[library]
"""


def test_each_extra_has_a_program() -> None:
    extras = DECLARED["project"]["optional-dependencies"].keys()
    assert BY_EXTRA.keys() == LIBRARY.keys() == extras - OF_DEVELOPERS


def test_without_an_extra_the_message_says_what_to_install() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(libraries=LIBRARY)],
        cwd=Path(__file__).parents[1], capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = [re.sub(r"^buzzeasy: |\.$", "", line) for line in ran.stdout.splitlines()]
    assert told == [
        f'{library} is not installed: pip install "buzzeasy-soap[{name}]"'
        for name, library in LIBRARY.items()
    ]
