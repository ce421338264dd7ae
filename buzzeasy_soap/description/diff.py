"""The difference of meaning between two descriptions of a service, judged for a client of it.

Nothing of the text counts: not prefixes, comments, files, nor the order of definitions.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from attrs import evolve, frozen

from buzzeasy_soap.description.model import (
    ComplexDescription,
    MemberDescription,
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    SimpleDescription,
    TypeDescription,
    local_name,
    namespace,
)


class Severity(StrEnum):
    """What a change of the contract means for a client that knows the old one."""

    BREAKING = "breaking"
    """What it sends or reads is no longer what the service takes or answers."""
    ADDITION = "addition"
    """It goes on working, and more is possible."""
    NEUTRAL = "neutral"
    """Nothing that its code sends or reads has changed; at most the names on the wire."""


_ORDER: Final = tuple(Severity)


class Subject(StrEnum):
    """What a change is about, as far as a reader of many changes groups them."""

    MEANING = "meaning"
    ELEMENT = "element"
    """The qualified name of an element."""
    SOAP_ACTION = "SOAPAction"
    MEMBER_ORDER = "order of members"


@frozen
class Change:
    """One difference, in the contract's words."""

    severity: Severity
    place: str
    """Service, operation or type, member: `RequestCallbackService.TimeSlot.Available`."""
    text: str
    subject: Subject = Subject.MEANING
    new: str = ""
    """The new name on the wire, if the subject is one and it has one."""
    old: str = ""

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.text}"


def worst(changes: Iterable[Change]) -> Severity:
    """The most severe of the changes, NEUTRAL where there are none."""
    return min((change.severity for change in changes), key=_ORDER.index, default=Severity.NEUTRAL)


def grouped(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes, with those that belong together as one: a namespace, or the start of all SOAPActions."""
    counts = Counter(_group(change) for change in changes)
    return tuple(
        group if count == 1 else evolve(group, text=f"{group.text} ({count} places)")
        for group, count in counts.items()
    )


def _group(change: Change) -> Change:
    """The change that this one is a case of, or else the change itself."""
    if change.subject is Subject.ELEMENT and change.old and change.new:
        old, new = namespace(change.old), namespace(change.new)
        if old != new and local_name(change.old) == local_name(change.new):
            return _as_one(change, f"the namespace {old} is {new}", old, new)
    elif change.subject is Subject.SOAP_ACTION and (starts := _different_starts(change.old, change.new)):
        old, new = starts
        return _as_one(change, f"SOAPActions begin with {new}, not {old}", old, new)
    return change


def _as_one(change: Change, text: str, old: str, new: str) -> Change:
    return evolve(change, place=change.place.partition(".")[0], text=text, old=old, new=new)


def _different_starts(old: str, new: str) -> tuple[str, str] | None:
    """What two SOAPActions begin with that end alike, from the last slash on."""
    was, _, was_end = old.rpartition("/")
    start, slash, end = new.rpartition("/")
    return (f"{was}{slash}", f"{start}{slash}") if slash and end == was_end else None


def compare(old: ServiceDescription, new: ServiceDescription) -> tuple[Change, ...]:
    """Each change from `old` to `new`, the most severe first, then by place."""
    changes = {*_service(old, new), *_operations(old, new), *_types(old, new)}
    return tuple(sorted(changes, key=lambda each: (_ORDER.index(each.severity), each.place, each.text)))


def _breaking(place: str, text: str) -> Change:
    return Change(Severity.BREAKING, place, text)


def _addition(place: str, text: str) -> Change:
    return Change(Severity.ADDITION, place, text)


def _neutral(place: str, text: str) -> Change:
    return Change(Severity.NEUTRAL, place, text)


def _service(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    place = new.name
    if old.transport != new.transport:
        yield _breaking(place, f"the binding's transport is {new.transport}, was {old.transport}")
    if old.namespace != new.namespace:
        yield _neutral(place, f"the binding's namespace is {new.namespace}, was {old.namespace}")
    before, after = namespace(old.port_type), namespace(new.port_type)
    if before != after:
        yield _neutral(place, f"the port type's namespace is {after}, was {before}")
    if local_name(old.port_type) != local_name(new.port_type):
        yield _neutral(place, f"the port type is called {local_name(new.port_type)}")
    if old.address != new.address:
        yield _neutral(place, f"the address is {new.address}, was {old.address}")
    yield from _documentation(place, old.documentation, new.documentation)


def _documentation(place: str, old: str, new: str) -> Iterator[Change]:
    if old != new:
        yield _neutral(place, f'documented as "{new}"' if new else "no longer documented")


def _operations(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    before = {operation.name: operation for operation in old.operations}
    after = {operation.name: operation for operation in new.operations}
    for name in before.keys() | after.keys():
        place = f"{new.name}.{name}"
        if name not in after:
            yield _breaking(place, "the operation is gone")
        elif name not in before:
            yield _addition(place, f"a new operation{_signature(after[name], new.types)}")
        else:
            yield from _operation(place, before[name], after[name])


def _signature(operation: OperationDescription, types: Mapping[str, TypeDescription]) -> str:
    """Its parameters, and what of it the generated code does not handle."""
    request = types.get(operation.request.type) if operation.request else None
    members = request.members if isinstance(request, ComplexDescription) else ()
    parameters = ", ".join(f"{member.name}: {local_name(member.type)}" for member in members)
    return f" ({parameters})" + "".join(f", with {what}" for what in operation.beyond)


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
    yield from _beyond(place, old.beyond, new.beyond)
    for name in old.faults.keys() | new.faults.keys():
        if name not in new.faults:
            yield _breaking(place, f"the fault {name} is gone")
        elif name not in old.faults:
            yield _addition(place, f"a new fault, {name}")
        elif old.faults[name].tag != new.faults[name].tag:
            yield _neutral(place, f"the detail of the fault {name} is {new.faults[name].tag}")
    yield from _documentation(place, old.documentation, new.documentation)


def _tag(message: MessageDescription | None) -> str:
    return "" if message is None else message.tag


def _beyond(place: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    for what in set(new) - set(old):
        yield _breaking(place, f"now: {what}")
    for what in set(old) - set(new):
        yield _breaking(place, f"no longer: {what}")


@frozen
class _Use:
    """Which way a type travels, seen from a client."""

    sent: bool = False
    received: bool = False

    def __or__(self, other: "_Use") -> "_Use":
        return _Use(self.sent or other.sent, self.received or other.received)


def _types(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    for (before, after), use in _pairs(old, new).items():
        place = f"{new.name}.{local_name(after)}"
        yield from _type(place, old.types[before], new.types[after], use, (old.types, new.types))


def _pairs(old: ServiceDescription, new: ServiceDescription) -> dict[tuple[str, str], _Use]:
    """The types that stand at the same place in both, and which way they travel."""
    found: dict[tuple[str, str], _Use] = {}

    def visit(before: str, after: str, use: _Use) -> None:
        pair = (before, after)
        if (
            before not in old.types
            or after not in new.types
            or found.get(pair, _Use()) | use == found.get(pair)
        ):
            return
        found[pair] = found.get(pair, _Use()) | use
        earlier, later = old.types[before], new.types[after]
        if isinstance(earlier, ComplexDescription) and isinstance(later, ComplexDescription):
            for member, counterpart in _counterparts(earlier, later):
                visit(member.type, counterpart.type, use)

    after = {operation.name: operation for operation in new.operations}
    for operation in old.operations:
        counterpart = after.get(operation.name)
        if counterpart is None or counterpart.style != operation.style:
            continue
        for one, other, use in (
            (operation.request, counterpart.request, _Use(sent=True)),
            (operation.response, counterpart.response, _Use(received=True)),
            *(
                (fault, counterpart.faults.get(name), _Use(received=True))
                for name, fault in operation.faults.items()
            ),
        ):
            if one is not None and other is not None:
                visit(one.type, other.type, use)
    return found


def _counterparts(
    old: ComplexDescription, new: ComplexDescription
) -> Iterator[tuple[MemberDescription, MemberDescription]]:
    """The members of one name, though their namespaces may differ."""
    after = {member.name: member for member in new.members}
    for member in old.members:
        if member.name in after:
            yield member, after[member.name]


def _type(
    place: str,
    old: TypeDescription,
    new: TypeDescription,
    use: _Use,
    types: tuple[Mapping[str, TypeDescription], Mapping[str, TypeDescription]],
) -> Iterator[Change]:
    yield from _documentation(place, old.documentation, new.documentation)
    yield from _beyond(place, old.beyond, new.beyond)
    if isinstance(old, SimpleDescription) and isinstance(new, SimpleDescription):
        yield from _simple_type(place, old, new)
    elif (
        isinstance(old, ComplexDescription)
        and isinstance(new, ComplexDescription)
        # What is beyond the description may hold members that it does not list.
        and old.beyond == new.beyond
    ):
        yield from _members(place, old, new, use, types)


def _simple_type(place: str, old: SimpleDescription, new: SimpleDescription) -> Iterator[Change]:
    if old.base != new.base or bool(old.values) != bool(new.values):
        yield _breaking(place, f"the type is {_simple_words(new)}, was {_simple_words(old)}")
        return
    for value in set(old.values) - set(new.values):
        yield _breaking(place, f"the value {value} is gone")
    for value in set(new.values) - set(old.values):
        yield _addition(place, f"a new value, {value}")


def _simple_words(described: SimpleDescription) -> str:
    return f"{'an enumeration' if described.values else 'a restriction'} of {local_name(described.base)}"


def _members(
    place: str,
    old: ComplexDescription,
    new: ComplexDescription,
    use: _Use,
    types: tuple[Mapping[str, TypeDescription], Mapping[str, TypeDescription]],
) -> Iterator[Change]:
    before = {member.name: member for member in old.members}
    after = {member.name: member for member in new.members}
    for name in before.keys() - after.keys():
        yield _breaking(f"{place}.{name}", "it is gone")
    for name in after.keys() - before.keys():
        kind = f"new, {'any number of ' if after[name].repeated else ''}{local_name(after[name].type)}"
        if use.sent and not after[name].optional:
            yield _breaking(f"{place}.{name}", f"{kind}, and it must be sent")
        else:
            yield _addition(f"{place}.{name}", kind)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        text = f"the order of its members is {', '.join(after)}"
        yield Change(Severity.NEUTRAL, place, text, Subject.MEMBER_ORDER)
    for member, counterpart in _counterparts(old, new):
        yield from _member(f"{place}.{member.name}", member, counterpart, use, types)


def _member(
    place: str,
    old: MemberDescription,
    new: MemberDescription,
    use: _Use,
    types: tuple[Mapping[str, TypeDescription], Mapping[str, TypeDescription]],
) -> Iterator[Change]:
    if old.tag != new.tag:
        text = f"its element is {new.tag}, was {old.tag}"
        yield Change(Severity.NEUTRAL, place, text, Subject.ELEMENT, new=new.tag, old=old.tag)
    if _type_name(old.type) != _type_name(new.type) and not _is_renamed_path(old.type, new.type, types):
        before, after = local_name(old.type), local_name(new.type)
        if before == after:
            before, after = old.type, new.type
        yield _breaking(place, f"the type is {after}, was {before}")
    if old.repeated != new.repeated:
        yield _breaking(place, "it may now repeat" if new.repeated else "it no longer repeats")
    elif old.max_occurs != new.max_occurs:
        shrinks = old.max_occurs is None or (new.max_occurs is not None and new.max_occurs < old.max_occurs)
        most = "any number of times" if new.max_occurs is None else f"at most {new.max_occurs} times"
        yield Change(_judged(use, wider=not shrinks), place, f"it may stand {most}")
    if old.optional != new.optional:
        wider = new.optional
        text = "it may now be left out" if wider else "it may no longer be left out"
        yield Change(_judged(use, wider=wider), place, text)
    elif old.min_occurs != new.min_occurs:
        wider = new.min_occurs < old.min_occurs
        yield Change(_judged(use, wider=wider), place, f"it stands at least {new.min_occurs} times")
    if old.nillable != new.nillable:
        text = "it may now be nil" if new.nillable else "it may no longer be nil"
        yield Change(_judged(use, wider=new.nillable), place, text)
    yield from _documentation(place, old.documentation, new.documentation)


def _judged(use: _Use, *, wider: bool) -> Severity:
    """A wider range of values is more to send, and more than a reader was ready for."""
    if use.received if wider else use.sent:
        return Severity.BREAKING
    return Severity.ADDITION if wider else Severity.NEUTRAL


def _type_name(name: str) -> str:
    """A type's name; nothing for an anonymous one, whose name is where it stands."""
    return "" if "/" in name.rpartition("}")[2] else name


def _is_renamed_path(
    old: str, new: str, types: tuple[Mapping[str, TypeDescription], Mapping[str, TypeDescription]]
) -> bool:
    """An anonymous type has got a name or lost it: what it holds is compared, and is all that counts."""
    one, other = types[0].get(old), types[1].get(new)
    return type(one) is type(other) is not type(None) and not (_type_name(old) and _type_name(new))
