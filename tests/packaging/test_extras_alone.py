"""The wheel with one extra or none, in an environment of its own: what that extra is for works."""

from pathlib import Path

import pytest

from buzzeasy_soap.sandbox import Sandbox
from tests.packaging.environments import environment, run
from tests.support.extras import BY_EXTRA, NO_EXTRA

pytestmark = [pytest.mark.slow, pytest.mark.checkout, pytest.mark.timeout(600)]


@pytest.mark.parametrize(("extra", "program"), [("", NO_EXTRA), *BY_EXTRA.items()])
def test_an_extra_alone(extra: str, program: str, wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv", f"{wheel}[{extra}]" if extra else str(wheel))
    with Sandbox(speed=60) as sandbox:  # calls progress, so that there are events
        run(python, "-c", program, str(sandbox.port), cwd=tmp_path)
