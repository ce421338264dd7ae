"""The code that each addition regenerates into type-checks, and so does the adapter on it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from buzzeasy_soap.description.documents import read_documents
from generate import generate
from tests.contracts.mutations import ADDITION, MUTATIONS
from tests.contracts.shapes import SHAPES, shape

ROOT = Path(__file__).resolve().parents[2]


def packages(folder: Path) -> list[str]:
    """A copy of the generated package and the adapter for each addition, and the other shapes."""
    [info] = [documents for documents in read_documents() if documents.name == "BuzzMeInfo"]
    adapter = (ROOT / "buzzeasy_soap" / "mapping" / "calls.py").read_text(encoding="utf-8")
    names = []
    for mutation in MUTATIONS:
        if mutation.severity is ADDITION and not mutation.refused:
            names.append(mutation.name)
            _write(folder / mutation.name, generate([info, mutation.after()]))
            (folder / mutation.name / "calls.py").write_text(
                adapter.replace("from buzzeasy_soap.contract import", f"from {mutation.name} import"),
                encoding="utf-8",
            )
    for key in SHAPES:
        names.append(f"shape_{key}")
        _write(folder / f"shape_{key}", generate([shape(key).documents]))
    return names


def _write(folder: Path, sources: dict[str, str]) -> None:
    folder.mkdir()
    for name, source in sources.items():
        text = source.replace("from buzzeasy_soap.contract import", f"from {folder.name} import")
        (folder / name).write_text(text, encoding="utf-8")


def test_every_addition_and_shape_type_checks(tmp_path: Path) -> None:
    names = packages(tmp_path)
    assert len(names) >= 15
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    options = ["--strict", "--no-incremental", *(option for name in names for option in ("-p", name))]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]
