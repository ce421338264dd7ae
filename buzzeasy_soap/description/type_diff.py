"""How the types of two descriptions of a service differ, judged by which way they travel."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from attrs import frozen

from buzzeasy_soap.description.changes import (
    Change,
    Severity,
    Subject,
    addition,
    breaking,
    documentation,
)
from buzzeasy_soap.description.model import (
    FACETS,
    XSD,
    ComplexDescription,
    MemberDescription,
    OperationDescription,
    ServiceDescription,
    SimpleDescription,
    TypeDescription,
    is_anonymous,
    local_name,
    namespace,
)

_DOT_NET: Final = "http://schemas.microsoft.com/2003/10/Serialization/"
_Types: TypeAlias = tuple[Mapping[str, TypeDescription], Mapping[str, TypeDescription]]
"""The types of the one and of the other, by name."""


@frozen
class _Use:
    """Which way a type travels, seen from a client."""

    sent: bool = False
    received: bool = False

    def __or__(self, other: "_Use") -> "_Use":
        return _Use(self.sent or other.sent, self.received or other.received)


def compare_types(old: ServiceDescription, new: ServiceDescription) -> Iterator[Change]:
    """How the types that the operations of both have in common differ."""
    types = (old.types, new.types)
    for (before, after), use in _pairs(old, new).items():
        yield from _type(new.name, old.types[before], new.types[after], use, types)
    for operation, counterpart in _operations(old, new):
        place = f"{new.name}.{operation.name}"
        for earlier, later, use in _header_pairs(operation, counterpart):
            yield from _headers(place, earlier, later, use, types)


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
        for one, other in _reached(earlier, later):
            visit(one, other, use)

    for operation, counterpart in _operations(old, new):
        for earlier, later, use in _header_pairs(operation, counterpart):
            known = {header.name: header.type for header in later}
            for header in earlier:
                visit(header.type, known.get(header.name, ""), use)
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


def _reached(old: TypeDescription, new: TypeDescription) -> Iterator[tuple[str, str]]:
    """The types of the members, attributes or items of two types, and those that extend the two."""
    if isinstance(old, SimpleDescription) and isinstance(new, SimpleDescription):
        yield old.items, new.items
    if not (isinstance(old, ComplexDescription) and isinstance(new, ComplexDescription)):
        return
    for member, counterpart in _counterparts(old, new):
        if not _is_another(member.type, counterpart.type):  # else what it holds says nothing
            yield member.type, counterpart.type
    attributes = {attribute.name: attribute.type for attribute in new.attributes}
    for attribute in old.attributes:
        if attribute.name in attributes:
            yield attribute.type, attributes[attribute.name]
    known = {local_name(name): name for name in new.derived}
    for name in old.derived:
        if local_name(name) in known:
            yield name, known[local_name(name)]


def _operations(
    old: ServiceDescription, new: ServiceDescription
) -> Iterator[tuple[OperationDescription, OperationDescription]]:
    """The operations of one name and style."""
    after = {operation.name: operation for operation in new.operations}
    for operation in old.operations:
        counterpart = after.get(operation.name)
        if counterpart is not None and counterpart.style == operation.style:
            yield operation, counterpart


def _header_pairs(
    old: OperationDescription, new: OperationDescription
) -> Iterator[tuple[tuple[MemberDescription, ...], tuple[MemberDescription, ...], _Use]]:
    """The SOAP headers of requests and of replies, and which way they travel."""
    yield old.request_headers, new.request_headers, _Use(sent=True)
    yield old.response_headers, new.response_headers, _Use(received=True)


def _headers(
    place: str,
    old: tuple[MemberDescription, ...],
    new: tuple[MemberDescription, ...],
    use: _Use,
    types: _Types,
) -> Iterator[Change]:
    before, after = ({header.name: header for header in headers} for headers in (old, new))
    what = "SOAP header" if use.sent else "SOAP header of the reply"
    for name in before.keys() | after.keys():
        was, header = before.get(name), after.get(name)
        if header is None:
            yield breaking(f"{place}.{name}", f"the {what} is gone")
        elif was is not None:
            yield from _member(f"{place}.{name}", was, header, use, types)
        elif use.sent and not header.optional:
            yield breaking(f"{place}.{name}", f"a new {what}, {local_name(header.type)}, and it must be sent")
        else:
            yield addition(f"{place}.{name}", f"a new {what}, {local_name(header.type)}")


def _counterparts(
    old: ComplexDescription, new: ComplexDescription
) -> Iterator[tuple[MemberDescription, MemberDescription]]:
    """The members of one name, though their namespaces may differ."""
    after = {member.name: member for member in new.members}
    for member in old.members:
        if member.name in after:
            yield member, after[member.name]


def _type(
    service: str, old: TypeDescription, new: TypeDescription, use: _Use, types: _Types
) -> Iterator[Change]:
    place = f"{service}.{local_name(new.name)}"
    yield from documentation(place, old.documentation, new.documentation)
    yield from beyond(place, old.beyond, new.beyond)
    if isinstance(old, SimpleDescription) and isinstance(new, SimpleDescription):
        yield from _simple_type(place, old, new, use)
    elif isinstance(old, ComplexDescription) and isinstance(new, ComplexDescription):
        yield from _attributes(service, old, new, use)
        yield from _known_types(place, old, new, use)
        if old.beyond == new.beyond:  # else what is beyond may hold members that are not listed
            yield from _members(service, old, new, use, types)


def beyond(place: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """What the generated code does not handle, come or gone."""
    for what in set(new) - set(old):
        yield breaking(place, f"now: {what}")
    for what in set(old) - set(new):
        yield breaking(place, f"no longer: {what}")


def _simple_type(place: str, old: SimpleDescription, new: SimpleDescription, use: _Use) -> Iterator[Change]:
    if (old.base, bool(old.values), local_name(old.items)) != (
        new.base,
        bool(new.values),
        local_name(new.items),
    ):
        yield breaking(place, f"the type is {_simple_words(new)}, was {_simple_words(old)}")
        return
    for value in set(old.values) - set(new.values):
        yield breaking(place, f"the value {value} is gone")
    for value in set(new.values) - set(old.values):
        yield addition(place, f"a new value, {value}")
    yield from _facets(place, old.facets, new.facets, use)


def _simple_words(described: SimpleDescription) -> str:
    if described.items:
        return f"a list of {local_name(described.items)}"
    return f"{'an enumeration' if described.values else 'a restriction'} of {local_name(described.base)}"


def _facets(place: str, old: Mapping[str, str], new: Mapping[str, str], use: _Use) -> Iterator[Change]:
    """What a value may be; nobody but the service checks it."""
    for facet in FACETS:
        before, after = old.get(facet), new.get(facet)
        if before == after:
            continue
        text = f"{facet} is {after or 'not restricted'}, was {before or 'not restricted'}"
        if _is_tighter(facet, before, after):
            yield Change(Severity.BREAKING if use.sent else Severity.NEUTRAL, place, text)
        else:
            yield addition(place, text)


def _is_tighter(facet: str, old: str | None, new: str | None) -> bool:
    if old is None or new is None:
        return new is not None
    if facet in ("length", "pattern"):
        return True  # some of what was allowed may not be
    try:
        grows = Decimal(new) > Decimal(old)
    except InvalidOperation:  # a date or a time: as text they stand in their order
        grows = new > old
    return grows == facet.startswith("min")


def _known_types(place: str, old: ComplexDescription, new: ComplexDescription, use: _Use) -> Iterator[Change]:
    if old.abstract != new.abstract:
        if new.abstract:  # what stands there is of another type
            yield breaking(place, "it is now abstract")
        else:
            yield Change(_judged(use, wider=True), place, "it is no longer abstract")
    before, after = set(map(local_name, old.derived)), set(map(local_name, new.derived))
    for name in after - before:
        yield addition(place, f"a new known type, {name}")
    for name in before - after:
        yield Change(_judged(use, wider=False), place, f"the known type {name} is gone")


def _attributes(
    service: str, old: ComplexDescription, new: ComplexDescription, use: _Use
) -> Iterator[Change]:
    before = {attribute.name: attribute for attribute in old.attributes}
    after = {attribute.name: attribute for attribute in new.attributes}
    for name in before.keys() | after.keys():
        was, attribute = before.get(name), after.get(name)
        declared = next(each.owner or owner.name for each, owner in ((attribute, new), (was, old)) if each)
        place = f"{service}.{local_name(declared)}.{local_name(name)}"
        if attribute is None:
            yield breaking(place, "the attribute is gone")
        elif was is None:
            text = f"a new attribute, {local_name(attribute.type)}"
            if use.sent and attribute.required:
                yield breaking(place, f"{text}, and it must be sent")
            else:
                yield addition(place, text)
        elif was.type != attribute.type:
            yield breaking(place, f"the type is {local_name(attribute.type)}, was {local_name(was.type)}")
        elif was.required != attribute.required:
            text = "it may no longer be left out" if attribute.required else "it may now be left out"
            yield Change(_judged(use, wider=was.required), place, text)


def _members(
    service: str, old: ComplexDescription, new: ComplexDescription, use: _Use, types: _Types
) -> Iterator[Change]:
    def place_of(member: MemberDescription, described: ComplexDescription) -> str:
        return f"{service}.{local_name(member.owner or described.name)}"

    before = {member.name: member for member in old.members}
    after = {member.name: member for member in new.members}
    for name in before.keys() - after.keys():
        yield breaking(f"{place_of(before[name], old)}.{name}", "it is gone")
    for name in after.keys() - before.keys():
        place = f"{place_of(after[name], new)}.{name}"
        kind = f"new, {'any number of ' if after[name].repeated else ''}{local_name(after[name].type)}"
        if use.sent and not after[name].optional:
            yield breaking(place, f"{kind}, and it must be sent")
        else:
            yield addition(place, kind)
    for owner in {member.owner for member in new.members}:
        order = [name for name, member in after.items() if member.owner == owner]
        if [name for name in before if name in order] != [name for name in order if name in before]:
            place = f"{service}.{local_name(owner or new.name)}"
            text = f"the order of its members is {', '.join(order)}"
            yield Change(Severity.NEUTRAL, place, text, Subject.MEMBER_ORDER)
    for member, counterpart in _counterparts(old, new):
        place = f"{place_of(counterpart, new)}.{member.name}"
        yield from _member(place, member, counterpart, use, types)


def _member(
    place: str,
    old: MemberDescription,
    new: MemberDescription,
    use: _Use,
    types: _Types,
) -> Iterator[Change]:
    if old.tag != new.tag:
        text = f"its element is {new.tag}, was {old.tag}"
        yield Change(Severity.NEUTRAL, place, text, Subject.ELEMENT, new=new.tag, old=old.tag)
    was, now = _simple(old.type, types[0]), _simple(new.type, types[1])
    if old.type != new.type and was is not None and now is not None and _is_one_but_for_facets(was, now):
        yield from _facets(place, was.facets, now.facets, use)
    elif _type_name(old.type) != _type_name(new.type) and not _is_renamed_path(old.type, new.type, types):
        before, after = local_name(old.type), local_name(new.type)
        if before == after:
            before, after = old.type, new.type
        yield breaking(place, f"the type is {after}, was {before}")
    if old.repeated != new.repeated:
        yield breaking(place, "it may now repeat" if new.repeated else "it no longer repeats")
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
    yield from documentation(place, old.documentation, new.documentation)


def _judged(use: _Use, *, wider: bool) -> Severity:
    """A wider range of values is more to send, and more than a reader was ready for."""
    if use.received if wider else use.sent:
        return Severity.BREAKING
    return Severity.ADDITION if wider else Severity.NEUTRAL


def _type_name(name: str) -> str:
    """A type's name; nothing for an anonymous one, whose name is where it stands."""
    return "" if is_anonymous(name) else name


def _is_another(old: str, new: str) -> bool:
    """A named type has become another, not just moved to another namespace."""
    return bool(_type_name(old) and _type_name(new)) and local_name(old) != local_name(new)


def _simple(name: str, types: Mapping[str, TypeDescription]) -> SimpleDescription | None:
    """A simple type by its name, one of XML Schema's own too."""
    described = types.get(name, SimpleDescription(name, name) if name.startswith(XSD) else None)
    return described if isinstance(described, SimpleDescription) else None


def _is_one_but_for_facets(old: SimpleDescription, new: SimpleDescription) -> bool:
    """No value is written otherwise; .NET's own simple types, as guid, have a meaning of their own."""
    return (
        old.base == new.base
        and not (old.values or new.values or old.beyond or new.beyond)
        and not any(namespace(each.name) == _DOT_NET for each in (old, new))
    )


def _is_renamed_path(old: str, new: str, types: _Types) -> bool:
    """An anonymous type has got a name or lost it: what it holds is compared, and is all that counts."""
    one, other = types[0].get(old), types[1].get(new)
    return type(one) is type(other) is not type(None) and not (_type_name(old) and _type_name(new))
