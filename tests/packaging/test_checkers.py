"""ty and pyrefly report in tests/typing what mypy and basedpyright do, line by line, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.checkout]
ROOT = Path(__file__).parents[2]
COMMANDS = {
    "ty": ("check", "--python", sys.executable, "--output-format", "concise"),
    "pyrefly": (
        "check",
        "--preset",
        "default",
        "--python-interpreter-path",
        sys.executable,
        "--output-format",
        "min-text",
    ),
}


@pytest.mark.parametrize("checker", COMMANDS)
def test_it_agrees(checker: str, tmp_path: Path) -> None:
    lines = (ROOT / "tests" / "typing" / "api.py").read_text().splitlines()
    ignored = {number for number, line in enumerate(lines, 1) if "# type: ignore" in line}
    bare = tmp_path / "api.py"
    bare.write_text("\n".join(re.sub(r"  # type: ignore.*", "", line) for line in lines))
    command = [sys.executable, "-m", checker, *COMMANDS[checker], str(bare)]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = re.findall(r"api\.py:(\d+):", checked.stdout)
    assert ignored
    assert set(map(int, told)) == ignored, checked.stdout + checked.stderr
