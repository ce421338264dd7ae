"""A copy of the project, as somebody else has it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's files at another place, of another time and other permissions, with a stranger's litter."""
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        copied = tmp_path / "elsewhere" / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copied)
        os.utime(copied, (0, time.time() - 1e8))
        copied.chmod(0o700 if (ROOT / name).stat().st_mode & 0o100 else 0o600)
    litter = tmp_path / "elsewhere" / "buzzeasy_soap" / "__pycache__" / "litter.cpython-311.pyc"
    litter.parent.mkdir(exist_ok=True)
    litter.write_bytes(b"litter")
    return tmp_path / "elsewhere"
