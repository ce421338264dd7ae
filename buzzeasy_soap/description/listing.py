"""The text of `contract.toml`, which says where the documents beside it came from."""

import json
from collections.abc import Iterable, Mapping

from attrs import fields

from buzzeasy_soap.description.documents import DocumentSet, OperationFacts

_HEADER = """\
# Where each document of the contract came from, when, and its SHA-256.
#
# The rest is what no WSDL says, as people decided it for this package. Of a service: which port type is meant, its path,
# its address in `Endpoints`, and the members that no log may show. Of an operation: whether a second one changes nothing
# (repeatable), whether it places a callback (places_callback), its REST method, what its JSON body calls a member
# otherwise (json_names), which parameters a caller may leave out (optional), and which members of the result's type it
# does not answer (absent). One without a table is never repeated, and goes by POST.
"""


def listing(document_sets: Iterable[DocumentSet]) -> str:
    """The text of `contract.toml`."""
    return _HEADER + "".join(map(_entry, sorted(document_sets, key=lambda documents: documents.name)))


def _entry(documents: DocumentSet) -> str:
    hashes = "".join(f"{_text(name)} = {_text(digest)}\n" for name, digest in documents.sha256.items())
    return f"""
[[document]]
name = {_text(documents.name)}
wsdl = {_text(documents.wsdl)}
origin = {_text(documents.origin)}
retrieved = {documents.retrieved}
port_type = {_text(documents.port_type)}
path = {_text(documents.path)}
endpoint = {_text(documents.endpoint)}
secrets = {_text(sorted(documents.secrets))}

[document.sha256]
{hashes}{"".join(_facts(name, facts) for name, facts in sorted(documents.facts.items()))}"""


def _facts(operation: str, facts: OperationFacts) -> str:
    """One operation's table: what differs from the safe values."""
    lines = [
        f"\n[document.operations.{operation if operation.isidentifier() and operation.isascii() else _text(operation)}]"
    ]
    for fact in fields(OperationFacts):
        value = getattr(facts, fact.name)
        if value == getattr(OperationFacts(), fact.name):
            continue
        if isinstance(value, tuple):
            lines.append(f"{fact.name} = {_text(value)}")
        elif isinstance(value, Mapping):
            pairs = ", ".join(f"{_text(name)} = {_text(alias)}" for name, alias in value.items())
            lines.append(f"{fact.name} = {{ {pairs} }}")
        else:
            lines.append(f"{fact.name} = {_text(value)}")
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """A value as TOML writes it: as JSON does, but for escapes of halves of characters."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
