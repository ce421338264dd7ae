"""Writes `buzzeasy_soap/contract/` from what zeep reads in `wsdl/`: a pure function of it."""

import hashlib
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import UnsupportedContract, describe
from buzzeasy_soap.description.model import ComplexDescription, ServiceDescription
from buzzeasy_soap.errors import ConfigurationError
from module import Module
from naming import snake_case


def generate(document_sets: Iterable[DocumentSet]) -> dict[str, str]:
    """The generated package's files, by name.

    Raises UnsupportedContract, naming the place, for what cannot be generated, and ConfigurationError
    for names of services that cannot stand in Python or beside each other.
    """
    document_sets = list(document_sets)
    _require_names([documents.name for documents in document_sets])
    described = [(documents, describe(documents)) for documents in document_sets]
    sources = {
        f"{snake_case(service.name)}.py": _module(documents, service) for documents, service in described
    }
    sources["__init__.py"] = _package([service for _, service in described])
    return {name: _formatted(source) for name, source in sources.items()}


def _require_names(names: Sequence[str]) -> None:
    """Raise ConfigurationError for a name that is no class's, or two that are one file's."""
    files: dict[str, str] = {}
    for name in names:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
            raise ConfigurationError(
                f"{name} is no name for a service: letters, digits and _, a letter first"
            )
        # A disk may take names for one that differ in case alone.
        for file in {f"{name.casefold()}.wsdl", f"{snake_case(name)}.py"}:
            other = files.setdefault(file, name)
            if other != name:
                raise ConfigurationError(f"the services {other} and {name} would share the file {file}")


def _module(documents: DocumentSet, service: ServiceDescription) -> str:
    _require_handled(service)
    digest = hashlib.sha256(documents.content[documents.wsdl]).hexdigest()
    header = f'''"""The records, shapes, operations and proxies of {service.name}.

Generated from wsdl/{documents.wsdl} (sha256 {digest}). Do not edit.
"""
'''
    return header + Module(service, documents).source()


def _require_handled(service: ServiceDescription) -> None:
    """Raise UnsupportedContract for the first thing that is not handled, by name."""
    for operation in service.operations:
        for what in operation.beyond:
            raise UnsupportedContract(operation.name, what)
    for described in service.types.values():
        for what in described.beyond:
            raise UnsupportedContract(described.name, what)
        if isinstance(described, ComplexDescription) and described.abstract and not described.derived:
            raise UnsupportedContract(described.name, "an abstract type that nothing extends")


def _formatted(source: str) -> str:
    # Isolated, so that what comes out does not depend on the folder that this runs in.
    options = ["--isolated", "--line-length", "110", "--target-version", "py311"]
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", *options, "-"],
        input=source, capture_output=True, text=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip


def _package(services: Sequence[ServiceDescription]) -> str:
    modules = sorted(snake_case(service.name) for service in services)
    imports = "\n".join(f"from buzzeasy_soap.contract import {module}" for module in modules)
    return f'''"""The contract in Python: records, their shapes, operations and typed proxies.

Generated from wsdl/ by tools/regenerate.py. Do not edit.
"""

from types import MappingProxyType
from typing import Final

{imports}
from buzzeasy_soap.wire.operation import Service

SERVICES: Final = MappingProxyType(
    {{service.name: service for service in ({"".join(f"{m}.SERVICE, " for m in modules)})}}
)
"""Each service by its name."""

__all__ = ["SERVICES", "Service", {", ".join(f'"{module}"' for module in modules)}]
'''
