"""The files of the contract: `wsdl/` with its `contract.toml`, and the generated package."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.listing import listing
from buzzeasy_soap.errors import ConfigurationError

# Imports a package from a folder as buzzeasy_soap.contract, and looks at every service in it.
_IMPORT: Final = """
import importlib.util, pathlib, sys
import buzzeasy_soap
place = pathlib.Path(sys.argv[1]) / "__init__.py"
spec = importlib.util.spec_from_file_location(
    "buzzeasy_soap.contract", place, submodule_search_locations=[str(place.parent)]
)
contract = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(contract)
for service in contract.SERVICES.values():
    for operation in service.operations.values():
        for message in (operation.request, operation.response, *operation.faults):
            message.record, message.shape.members
"""


def wsdl_files(document_sets: Iterable[DocumentSet]) -> dict[str, bytes]:
    """What `wsdl/` holds, by file name."""
    kept = list(document_sets)
    files = {name: content for documents in kept for name, content in documents.content.items()}
    return {**files, "contract.toml": listing(kept).encode()}


def require_importable(root: Path, package: Mapping[str, bytes]) -> None:
    """Raise ConfigurationError where a fresh interpreter cannot import a generated package."""
    with tempfile.TemporaryDirectory(prefix="contract-") as temporary:
        for name, content in package.items():
            Path(temporary, name).write_bytes(content)
        imported = subprocess.run(
            [sys.executable, "-B", "-c", _IMPORT, temporary],
            cwd=root, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    if imported.returncode != 0:
        problem = (imported.stderr.splitlines() or ["no reason given"])[-1]
        raise ConfigurationError(f"what is generated cannot be imported: {problem}")


def replace_folders(root: Path, folders: Mapping[Path, Mapping[str, bytes]]) -> None:
    """Make each folder hold the given files and no others: all of them, or none where one fails."""
    replaced: list[tuple[Path, Path]] = []
    with tempfile.TemporaryDirectory(dir=root, prefix=".regenerate-") as temporary:
        staged = {}
        for number, (folder, files) in enumerate(folders.items()):
            staged[folder] = Path(temporary, f"new-{number}")
            staged[folder].mkdir()
            for name, content in files.items():
                (staged[folder] / name).write_bytes(content)
        try:
            for folder, new in staged.items():
                old = new.with_name(f"old-{new.name}")
                if folder.exists():
                    folder.rename(old)
                    replaced.append((old, folder))
                new.rename(folder)
        except OSError:
            for old, folder in reversed(replaced):
                if folder.exists():
                    folder.rename(old.with_name(f"undone-{old.name}"))
                old.rename(folder)
            raise
