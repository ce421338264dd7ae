"""The files of the contract: `wsdl/` with its `contract.toml`, and the generated package."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.listing import listing


def wsdl_files(document_sets: Iterable[DocumentSet]) -> dict[str, bytes]:
    """What `wsdl/` holds, by file name."""
    kept = list(document_sets)
    files = {name: content for documents in kept for name, content in documents.content.items()}
    return {**files, "contract.toml": listing(kept).encode()}


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
