"""The generated package and the documents that it belongs to: both written, or found out of step."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.errors import ConfigurationError
from contract_files import replace_folders, require_importable
from generate import generate

ROOT: Final = Path(__file__).resolve().parent.parent
WSDL: Final = ROOT / "wsdl"
CONTRACT: Final = ROOT / "buzzeasy_soap" / "contract"


def check() -> int:
    """Say whether `wsdl/` and the generated package belong together."""
    try:
        document_sets = read_documents(WSDL)
        problems = _mismatches(document_sets)
        package = {} if problems else generated(document_sets)
    except ConfigurationError as error:
        problems, package = [str(error)], {}
    if not problems:
        present = {path.name: path.read_bytes() for path in CONTRACT.iterdir() if path.is_file()}
        problems = [
            f"buzzeasy_soap/contract/{name} does not belong to wsdl/: run `make generate`"
            for name in sorted(present.keys() | package.keys())
            if present.get(name) != package.get(name)
        ]
        problems += [
            f"wsdl/contract.toml: nobody has decided yet about {operation} of {service}: never repeated, by POST"
            for service, operation in undecided(document_sets)
        ]
        listed = {name for documents in document_sets for name in documents.content} | {"contract.toml"}
        problems += [
            f"wsdl/{path.name} is not listed in contract.toml"
            for path in sorted(WSDL.iterdir())
            if path.name not in listed
        ]
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


def write() -> int:
    """Write the generated package from `wsdl/` as it is."""
    try:
        document_sets = read_documents(WSDL)
        problems = _mismatches(document_sets)
        if problems:
            raise ConfigurationError("\n".join(problems))
        replace_folders(ROOT, {CONTRACT: generated(document_sets)})
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def undecided(document_sets: Sequence[DocumentSet]) -> list[tuple[str, str]]:
    """The service and name of each operation of which contract.toml does not say what no WSDL can."""
    return [
        (documents.name, operation.name)
        for documents in document_sets
        for operation in describe(documents).operations
        if operation.name not in documents.facts
    ]


def _mismatches(document_sets: Sequence[DocumentSet]) -> list[str]:
    return [
        f"wsdl/{name} is not what contract.toml's SHA-256 says"
        for documents in document_sets
        for name in documents.mismatches()
    ]


def generated(document_sets: Sequence[DocumentSet]) -> dict[str, bytes]:
    """The package. Raises ConfigurationError where it cannot be generated or imported."""
    package = {name: source.encode() for name, source in generate(document_sets).items()}
    require_importable(ROOT, package)
    return package
