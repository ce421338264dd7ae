"""The documents of the contract as they are kept in `wsdl/`."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from buzzeasy_soap.errors import ConfigurationError


@frozen
class DocumentSet:
    """One service's WSDL with the schemas that it imports, and where they came from."""

    name: str
    """The service's name on the platform: `RequestCallbackService` or `BuzzMeInfo`."""
    wsdl: str
    """The file name of the document that imports the others."""
    origin: str
    retrieved: str
    secrets: frozenset[str]
    """The names of members that no log or repr may show."""
    sha256: Mapping[str, str]
    """By file name, as `contract.toml` has them."""
    content: Mapping[str, bytes]
    """By file name."""

    def mismatches(self) -> tuple[str, ...]:
        """The files whose content is not what its SHA-256 says."""
        return tuple(
            name
            for name, digest in self.sha256.items()
            if hashlib.sha256(self.content[name]).hexdigest() != digest
        )


def packaged_directory() -> Path:
    """`wsdl/`: inside the package where it was installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "wsdl", package.parent / "wsdl"):
        if (candidate / "contract.toml").is_file():
            return candidate
    raise ConfigurationError("the WSDL documents of this package are missing: install it again")


def read_documents(directory: Path | None = None) -> tuple[DocumentSet, ...]:
    """The document sets that `contract.toml` lists, in order of their names.

    Raises ConfigurationError where a listed file is missing.
    """
    directory = directory or packaged_directory()
    listing = tomllib.loads((directory / "contract.toml").read_text(encoding="utf-8"))
    return tuple(sorted((_read(directory, entry) for entry in listing["document"]), key=lambda d: d.name))


def _read(directory: Path, entry: Mapping[str, object]) -> DocumentSet:
    sha256 = entry["sha256"]
    secrets = entry["secrets"]
    assert isinstance(sha256, dict) and isinstance(secrets, list)
    try:
        content = {name: (directory / name).read_bytes() for name in sha256}
    except FileNotFoundError as error:
        raise ConfigurationError(f"contract.toml lists {error.filename}, which is not there") from None
    return DocumentSet(
        name=str(entry["name"]),
        wsdl=str(entry["wsdl"]),
        origin=str(entry["origin"]),
        retrieved=str(entry["retrieved"]),
        secrets=frozenset(secrets),
        sha256=sha256,
        content=content,
    )
