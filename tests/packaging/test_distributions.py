"""What is built is the same wherever and whenever it is built, and the wheel is what it should be."""

import hashlib
import sys
import tarfile
from pathlib import Path

import pytest

from tests.packaging.environments import run

pytestmark = [pytest.mark.slow, pytest.mark.checkout, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]


def build(source: Path, target: Path, *which: str) -> dict[str, str]:
    """The SHA-256 of what is built, by its name."""
    run(sys.executable, "-m", "build", "--no-isolation", *which, "-o", target, source)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in target.iterdir()}


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_two_builds_are_the_same_to_the_byte(
    copy: Path, tmp_path: Path, epoch: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    # Both at once: an sdist, and the wheel that is built from it.
    here = build(ROOT, tmp_path / "here")
    assert len(here) == 2
    assert build(copy, tmp_path / "there") == here
    assert build(copy, tmp_path / "there", "--wheel") == here  # and not by way of the sdist


def test_the_sdist_holds_what_its_tests_need_and_nothing_of_a_developer_s(tmp_path: Path) -> None:
    build(ROOT, tmp_path, "--sdist")
    with tarfile.open(next(tmp_path.iterdir())) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    top = {name.partition("/")[0] for name in names}
    assert {"buzzeasy_soap", "wsdl", "tests", "tools", "docs", "examples", "requirements"} <= top
    assert not {name for name in top if name.startswith((".venv", ".git/", "build", "dist"))}
    assert not [name for name in names if name.endswith((".pyc", ".sqlite"))]


def test_the_wheel_is_well_formed(wheel: Path) -> None:
    for command in (("twine", "check", "--strict"), ("check_wheel_contents",)):
        run(sys.executable, "-m", *command, wheel, cwd=ROOT)
