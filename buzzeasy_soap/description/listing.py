"""The text of `contract.toml`, which says where the documents beside it came from."""

import json
from collections.abc import Iterable, Mapping

from attrs import fields

from buzzeasy_soap.description.documents import DocumentSet, OperationFacts

_HEADER = """\
# Where each document of the contract came from, and its SHA-256. Written by tools/regenerate.py.
#
# People write the rest, and regenerating keeps it: what no WSDL says. A service has a path, the address of
# `Endpoints` that is its own, and the members that no log may show. An operation has a table of its own once
# somebody has decided: whether a second one changes nothing (repeatable), whether it places a callback
# (places_callback), its REST method, what its JSON body calls a member otherwise (json_names), which parameters a
# caller may leave out (optional), and which members of the result's type it does not answer (absent). Until then it
# is never repeated, goes by POST, and is named as undecided by `make check`.
"""


def listing(document_sets: Iterable[DocumentSet]) -> str:
    """The text of `contract.toml`."""
    return _HEADER + "".join(map(_entry, sorted(document_sets, key=lambda documents: documents.name)))


def _entry(documents: DocumentSet) -> str:
    # A TOML basic string is written as JSON writes one.
    hashes = "".join(
        f"{json.dumps(name)} = {json.dumps(digest)}\n" for name, digest in documents.sha256.items()
    )
    return f"""
[[document]]
name = {json.dumps(documents.name)}
wsdl = {json.dumps(documents.wsdl)}
origin = {json.dumps(documents.origin)}
retrieved = {documents.retrieved}
path = {json.dumps(documents.path)}
endpoint = {json.dumps(documents.endpoint)}
secrets = {json.dumps(sorted(documents.secrets))}

[document.sha256]
{hashes}{"".join(_facts(name, facts) for name, facts in sorted(documents.facts.items()))}"""


def _facts(operation: str, facts: OperationFacts) -> str:
    """One operation's table: what differs from the safe values."""
    lines = [f"\n[document.operations.{operation if operation.isidentifier() else json.dumps(operation)}]"]
    for fact in fields(OperationFacts):
        value = getattr(facts, fact.name)
        if value == getattr(OperationFacts(), fact.name):
            continue
        if isinstance(value, tuple):
            lines.append(f"{fact.name} = {json.dumps(value)}")
        elif isinstance(value, Mapping):
            pairs = ", ".join(f"{json.dumps(name)} = {json.dumps(alias)}" for name, alias in value.items())
            lines.append(f"{fact.name} = {{ {pairs} }}")
        else:
            lines.append(f"{fact.name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"
