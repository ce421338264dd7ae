"""The difference of meaning between two descriptions of a service, judged for a client of it.

Nothing of the text counts: not prefixes, comments, files, nor the order of definitions.
"""

from collections.abc import Iterator, Mapping

from buzzeasy_soap.description.changes import (
    ORDER,
    Change,
    Severity,
    Subject,
    addition,
    breaking,
    documentation,
    grouped,
    neutral,
    worst,
)
from buzzeasy_soap.description.model import (
    ComplexDescription,
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    TypeDescription,
    local_name,
    namespace,
)
from buzzeasy_soap.description.type_diff import beyond, compare_types

__all__ = ["Change", "Severity", "Subject", "compare", "grouped", "worst"]


def compare(old: ServiceDescription, new: ServiceDescription) -> tuple[Change, ...]:
    """Each change from `old` to `new`, the most severe first, then by place."""
    found: dict[tuple[str, str], Change] = {}
    for change in (*_service(old, new), *_operations(old, new), *compare_types(old, new)):
        key = (change.place, change.text)
        # What stands in a base type is met in each type that extends it.
        found[key] = min(found.get(key, change), change, key=_rank)
    return tuple(sorted(found.values(), key=lambda each: (_rank(each), each.place, each.text)))


def _rank(change: Change) -> int:
    return ORDER.index(change.severity)


def _service(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    place = new.name
    if old.transport != new.transport:
        yield breaking(place, f"the binding's transport is {new.transport}, was {old.transport}")
    if old.namespace != new.namespace:
        yield neutral(place, f"the binding's namespace is {new.namespace}, was {old.namespace}")
    before, after = namespace(old.port_type), namespace(new.port_type)
    if before != after:
        yield neutral(place, f"the port type's namespace is {after}, was {before}")
    if local_name(old.port_type) != local_name(new.port_type):
        yield neutral(place, f"the port type is called {local_name(new.port_type)}")
    if old.address != new.address:
        yield neutral(place, f"the address is {new.address}, was {old.address}")
    for port_type in sorted(set(new.other_port_types) - set(old.other_port_types)):
        yield addition(place, f"another port type, {local_name(port_type)}")
    for port_type in sorted(set(old.other_port_types) - set(new.other_port_types)):
        yield neutral(place, f"the other port type {local_name(port_type)} is gone")
    for operation, what in new.demands - old.demands:
        yield breaking(f"{place}.{operation}".rstrip("."), f"a policy asks for {what}")
    for operation, what in old.demands - new.demands:
        yield neutral(f"{place}.{operation}".rstrip("."), f"no policy asks for {what} any more")
    yield from documentation(place, old.documentation, new.documentation)


def _operations(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    before = {operation.name: operation for operation in old.operations}
    after = {operation.name: operation for operation in new.operations}
    for name in before.keys() | after.keys():
        place = f"{new.name}.{name}"
        if name not in after:
            yield breaking(place, "the operation is gone")
        elif name not in before:
            yield addition(place, f"a new operation{_signature(after[name], new.types)}")
        else:
            yield from _operation(place, before[name], after[name])


def _signature(operation: OperationDescription, types: Mapping[str, TypeDescription]) -> str:
    """Its parameters and SOAP headers, and what of it the generated code does not handle."""
    request = types.get(operation.request.type) if operation.request else None
    members = request.members if isinstance(request, ComplexDescription) else ()
    parameters = ", ".join(f"{member.name}: {local_name(member.type)}" for member in members)
    headers = (f"the SOAP header {header.name}" for header in operation.request_headers)
    return f" ({parameters})" + "".join(f", with {what}" for what in (*headers, *operation.beyond))


def _operation(place: str, old: OperationDescription, new: OperationDescription) -> Iterator[Change]:
    for what, subject, before, after in (
        ("SOAPAction", Subject.SOAP_ACTION, old.soap_action, new.soap_action),
        ("style", Subject.MEANING, old.style, new.style),
        ("use", Subject.MEANING, old.use, new.use),
        ("request element", Subject.ELEMENT, _tag(old.request), _tag(new.request)),
        ("response element", Subject.ELEMENT, _tag(old.response), _tag(new.response)),
    ):
        if before != after:
            # A name on the wire is generated anew, and asks nothing of who calls the operation.
            renamed = subject is not Subject.MEANING and before and after
            severity = Severity.NEUTRAL if renamed else Severity.BREAKING
            text = f"the {what} is {after or 'none'}, was {before or 'none'}"
            yield Change(severity, place, text, subject, new=after, old=before)
    yield from beyond(place, old.beyond, new.beyond)
    for name in old.faults.keys() | new.faults.keys():
        if name not in new.faults:
            yield breaking(place, f"the fault {name} is gone")
        elif name not in old.faults:
            yield addition(place, f"a new fault, {name}")
        elif old.faults[name].tag != new.faults[name].tag:
            yield neutral(place, f"the detail of the fault {name} is {new.faults[name].tag}")
    yield from documentation(place, old.documentation, new.documentation)


def _tag(message: MessageDescription | None) -> str:
    return "" if message is None else message.tag
