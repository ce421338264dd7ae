"""Environments of their own, into which the wheel is installed as a user installs it: from the index, unlocked."""

import subprocess
import sys
import venv
from pathlib import Path


def environment(folder: Path, *requirements: str) -> Path:
    """The Python of a new environment with these."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "-q", *requirements)
    return python


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What a program prints. It must end well."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
