"""The contract's operations under the names of a service's own WSDL: the same records, other shapes.

What this package needs of a service is its operations, their parameters, and the members of their
results: by name, else by the names that the provider's document has beside, else without regard to
case where that is unambiguous, else the only one on both sides; each with a type that can hold what
is sent or read. All else is the service's to say and is taken from its WSDL: namespaces,
SOAPActions, wrapper elements, the order of elements, what may be nil or left out.

More operations, more members of a reply, SOAP headers and more parameters that may be left out are passed over.
An operation is broken where a parameter or a member that this package needs is missing or of
another kind, or where the service insists on a parameter that this package does not have.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from attrs import define, evolve, field, frozen

from buzzeasy_soap.description.diff import Change, Severity
from buzzeasy_soap.description.model import (
    UNREADABLE,
    XSD,
    ComplexDescription,
    MemberDescription,
    MessageDescription,
    OperationDescription,
    ServiceDescription,
    SimpleDescription,
    TypeDescription,
    local_name,
)
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.operation import Header, Message, Operation, Service
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.simple_types import SIMPLE_TYPES, STRING, Simple, closed
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")
Req = TypeVar("Req")
Resp = TypeVar("Resp")

_INTEGERS: Final = frozenset(
    {
        "byte", "short", "int", "long", "integer", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
        "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger",
    }
)  # fmt: skip
_TEXTS: Final = frozenset(
    {"string", "normalizedString", "token", "anyURI", "language", "Name", "NCName", "NMTOKEN", "ID"}
)
_FAMILIES: Final = (_INTEGERS, _TEXTS, frozenset({"float", "double"}))
# What must be sent, and is nothing that this package could fill in.
_NEVER_SENT: Final = ("RPC style", "use encoded")
_UNSENDABLE: Final = ("xs:choice", "simple content")
_EMPTY: Final[Mapping[str, str]] = {
    "boolean": "false",
    "dateTime": "0001-01-01T00:00:00",
    "date": "0001-01-01",
    "time": "00:00:00",
    "duration": "PT0S",
    "decimal": "0",
    "float": "0",
    "double": "0",
}
"""What a server fills a member with that the WSDL wants and nobody knows the meaning of."""


class Contract:
    """The operations as services of their own contract name them; others stay as they are generated."""

    def __init__(self, described: Mapping[str, ServiceDescription], *, serving: bool = False) -> None:
        """`described` is by the service's name; `serving` is the service's end of the wire."""
        self._described = described
        self._serving = serving
        self._rebound: dict[tuple[str, str], Rebound[Any, Any]] = {}

    def operation(self, known: Operation[Req, Resp]) -> Operation[Req, Resp]:
        """An operation under the service's names. Raises ConfigurationError where it does not fit."""
        rebound = self.rebound(known)
        if rebound.operation is None:
            way_on = "; client.zeep() calls it as zeep does" if rebound.is_there else ""
            raise ConfigurationError(
                f"{known.name} cannot be called: the service's WSDL does not fit ({rebound.why}). "
                f"`buzzeasy contract fetch` says what differs{way_on}"
            )
        return rebound.operation

    def rebound(self, known: Operation[Req, Resp]) -> "Rebound[Req, Resp]":
        """An operation under the service's names, and what does not fit."""
        key = (known.service, known.name)
        if key not in self._rebound:
            described = self._described.get(known.service)
            self._rebound[key] = (
                Rebound(known, ()) if described is None else _rebound(known, described, serving=self._serving)
            )
        return self._rebound[key]

    def service(self, known: Service) -> Service:
        """A service with those of its operations that fit."""
        fitting = {
            name: rebound.operation
            for name, operation in known.operations.items()
            if (rebound := self.rebound(operation)).operation is not None
        }
        return evolve(known, operations=fitting)

    def problems(self, services: Iterable[Service]) -> tuple[Change, ...]:
        """What of the services does not fit this package, operation by operation."""
        return tuple(
            problem
            for service in services
            for operation in service.operations.values()
            for problem in self.rebound(operation).problems
        )

    def require_any(self, services: Iterable[Service]) -> None:
        """Raise ConfigurationError where not one operation of a described service fits."""
        for service in services:
            if service.name in self._described and not self.service(service).operations:
                whys = "; ".join(map(str, self.problems([service])))
                raise ConfigurationError(f"the WSDL is not one of {service.name}: {whys}")


@frozen
class Rebound(Generic[Req, Resp]):
    """One operation under another contract."""

    operation: Operation[Req, Resp] | None
    """None where it does not fit."""
    problems: tuple[Change, ...]
    is_there: bool = True
    """The service has it, and it can be read."""

    @property
    def why(self) -> str:
        """What does not fit, in a line."""
        return "; ".join(f"{problem.place}: {problem.text}" for problem in self.problems)


def _rebound(
    known: Operation[Req, Resp], described: ServiceDescription, *, serving: bool
) -> Rebound[Req, Resp]:
    theirs = _named(known.name, described.operations)
    if theirs is None:
        why = "the service has no such operation"
        return Rebound(None, (_breaking(known.name, why),), is_there=False)
    for what in theirs.beyond:
        if what.startswith(UNREADABLE):
            return Rebound(None, (_breaking(known.name, f"it is {what}"),), is_there=False)
    fitting = _Fitting(known, described.types, serving=serving)
    fitting.require_callable(theirs)
    if fitting.is_broken:
        return Rebound(None, tuple(fitting.problems))
    request = fitting.message(known.request, theirs.request, is_request=True)
    response: Message[Resp] | None = known.response
    if not known.one_way:
        response = fitting.message(known.response, theirs.response, is_request=False)
    request_headers = fitting.headers(known.request_headers, theirs.request_headers, is_request=True)
    response_headers = fitting.headers(known.response_headers, theirs.response_headers, is_request=False)
    operation = None
    if request is not None and response is not None and not fitting.is_broken:
        operation = evolve(
            known,
            soap_action=theirs.soap_action,
            request=request,
            response=response,
            faults=fitting.faults(theirs),
            request_headers=request_headers,
            response_headers=response_headers,
        )
    return Rebound(operation, tuple(fitting.problems))


def _breaking(place: str, text: str) -> Change:
    return Change(Severity.BREAKING, place, text)


@define
class _Fitting:
    """One operation on its way under another contract."""

    known: Operation[Any, Any]
    types: Mapping[str, TypeDescription]
    serving: bool
    problems: list[Change] = field(factory=list)
    is_broken: bool = False
    shapes: dict[tuple[int, str, bool], Shape[Any]] = field(factory=dict)

    def breaks(self, place: str, text: str) -> None:
        """Note what keeps the operation from being called."""
        self.problems.append(_breaking(f"{self.known.name}.{place}" if place else self.known.name, text))
        self.is_broken = True

    def require_callable(self, theirs: OperationDescription) -> None:
        """Note what a call would need that nobody here can give."""
        for what in theirs.beyond:
            if what in _NEVER_SENT:
                self.breaks("", f"{what} cannot be called")
        if theirs.one_way and not self.known.one_way:
            self.breaks("", "a one-way operation cannot be called")
        elif self.known.one_way and not theirs.one_way:
            self.breaks("", "the service answers it, where nothing is waited for")

    def message(
        self, known: Message[R], theirs: MessageDescription | None, *, is_request: bool
    ) -> Message[R] | None:
        """A message under the service's names; None where it does not fit."""
        place = "request" if is_request else "response"
        if theirs is None:
            self.breaks(place, "it is not one element")
            return None
        shape = self.shape(known.shape, theirs.type, is_request=is_request, place="")
        return None if shape is None else Message(theirs.tag, shape)

    def headers(
        self, known: Sequence[Header[Any]], theirs: Sequence[MemberDescription], *, is_request: bool
    ) -> tuple[Header[Any], ...]:
        """The SOAP headers that both sides know, by name; any other one is left out."""
        ours = {header.member.name: header.member for header in known}
        found: list[Header[Any]] = []
        for each in theirs:
            if each.name in ours:
                member = self.member(ours[each.name], each, is_request=is_request, place="")
                found += [] if member is None else [Header(member)]
            elif is_request and not each.optional and not self.serving:
                text = (
                    f"it wants the SOAP header {each.name}, which only the plugins of a ZeepBinding can add"
                )
                self.problems.append(_breaking(self.known.name, text))
        return tuple(found)

    def faults(self, theirs: OperationDescription) -> tuple[Message[Any], ...]:
        """The declared faults that both sides know, by the names of their elements."""
        found = []
        for fault in self.known.faults:
            name = fault.tag.rpartition("}")[2]
            detail = next((each for each in theirs.faults.values() if local_name(each.tag) == name), None)
            apart = _Fitting(self.known, self.types, serving=self.serving)
            message = None if detail is None else apart.message(fault, detail, is_request=False)
            if message is not None and not apart.is_broken:
                found.append(message)
        return tuple(found)

    def shape(self, known: Shape[R], name: str, *, is_request: bool, place: str) -> Shape[R] | None:
        """A record's shape along the type of a name; None where that is no type with members."""
        described = self.types.get(name)
        if not isinstance(described, ComplexDescription):
            self.breaks(place, f"its type is {local_name(name)}, which has no members")
            return None
        key = (id(known), name, is_request)
        if key in self.shapes:
            return self.shapes[key]
        shape: Shape[R] = Shape(known.record, of_element=described.of_element)
        if known.kinds:
            shape = Shape(known.record, name, is_abstract=described.abstract)
        self.shapes[key] = shape  # before its members: it may hold itself
        is_written = is_request != self.serving
        if is_written:
            if described.abstract and not known.kinds:
                self.breaks(place, "its type is abstract")
            for what in described.beyond:
                if what in _UNSENDABLE:
                    self.breaks(place, f"its type has {what}")
        pairs = _pairs(known.members, described.members, self.known.json_names if is_request else {})
        members = [
            self.member(pairs.get(member.tag), member, is_request=is_request, place=place)
            for member in described.members
        ]
        paired = {id(ours) for ours in pairs.values()}
        missing = [ours for ours in known.members if id(ours) not in paired]
        for ours in missing:
            self.lacks(ours, is_request=is_request, place=place)
        attributes = self.attributes(known, described, is_request=is_request, place=place)
        given = {attribute.field for attribute in attributes}
        missing += [ours for ours in known.attributes if ours.field not in given]
        shape.of(
            *(member for member in members if member is not None),
            attributes=attributes,
            extended_by=self.extended_by(known, described, is_request=is_request, place=place),
        )
        if is_written and not self.serving:
            shape.missing = tuple(ours.field for ours in missing)
            shape.required = tuple(
                member.field
                for member in shape.fields
                if member.field and not member.optional and member.filler is None
            )
        return shape

    def attributes(
        self, known: Shape[Any], described: ComplexDescription, *, is_request: bool, place: str
    ) -> tuple[Member, ...]:
        """Their attributes, filled from ours; what this package does not have is passed over, if it may be."""
        is_written = is_request != self.serving
        left = {ours.name: ours for ours in known.attributes}
        found: list[Member] = []
        for theirs in described.attributes:
            ours = left.pop(local_name(theirs.name), None)
            if ours is None or ours.simple is None:
                if theirs.required and is_written:
                    self.breaks(place, "its type has a required attribute")
                continue
            simple = self.simple(ours.simple, theirs.type, is_written=is_written)
            if simple is None:
                self.breaks(place, f"its attribute {ours.name} is {local_name(theirs.type)}, no {ours.type}")
                continue
            found.append(evolve(ours, tag=theirs.name, simple=simple, least=int(theirs.required)))
        for ours in left.values():
            self.lacks(ours, is_request=is_request, place=place)
        return tuple(found)

    def extended_by(
        self, known: Shape[Any], described: ComplexDescription, *, is_request: bool, place: str
    ) -> tuple[Shape[Any], ...]:
        """The shapes of those known types that the service has: no other one is sent, or read."""
        ours = {local_name(kind.type): kind for kind in known.kinds.values() if kind is not known}
        shapes = (
            self.shape(ours[local_name(name)], name, is_request=is_request, place=place)
            for name in described.derived
            if local_name(name) in ours
        )
        return tuple(shape for shape in shapes if shape is not None)

    def lacks(self, ours: Member, *, is_request: bool, place: str) -> None:
        """Judge a member of ours that the service does not have."""
        if self.serving:
            return  # nobody sends it, or asks for it
        at = f"{place}.{ours.name}" if place else ours.name
        if is_request and ours.name in self.known.optional:
            text = "the service does not take it: a call that gives it is refused before it is sent"
            self.problems.append(_breaking(f"{self.known.name}.{at}", text))
        elif is_request:
            self.breaks(at, "the service does not take it")
        elif ours.name not in self.known.absent:
            self.breaks(at, "the service does not answer it")

    def member(
        self, ours: Member | None, theirs: MemberDescription, *, is_request: bool, place: str
    ) -> Member | None:
        """A member of theirs, filled from one of ours or else as it must be; None where nothing goes there."""
        is_written = is_request != self.serving
        at = f"{place}.{theirs.name}" if place else theirs.name
        member = Member(
            "",
            theirs.tag,
            local_name(theirs.type),
            least=theirs.min_occurs,
            most=theirs.max_occurs,
            nillable=theirs.nillable,
        )
        if theirs.is_wildcard or (ours is not None and ours.is_opaque):
            return self.opaque(ours, theirs, member, at, is_written=is_written)
        if ours is None:
            if not is_written:  # it is known, and passed over
                return evolve(member, simple=STRING, least=0, most=None)
            filler = None if theirs.optional else self.filler(theirs, at)
            return None if filler is None else evolve(member, simple=STRING, filler=filler)
        member = evolve(member, field=ours.field)
        is_list = ours.shape is not None and ours.shape.items is not None
        unwrapped = theirs.repeated and not ours.repeated and is_list
        if theirs.repeated != ours.repeated and not unwrapped:
            self.breaks(at, "it may repeat" if theirs.repeated else "it does not repeat")
            return None
        if ours.shape is not None:
            shape = (
                self.items(ours.shape, theirs, is_request=is_request, place=place)
                if unwrapped
                else self.shape(ours.shape, theirs.type, is_request=is_request, place=at)
            )
            return None if shape is None else evolve(member, shape=shape, unwrapped=unwrapped)
        assert ours.simple is not None
        simple = self.simple(ours.simple, theirs.type, is_written=is_written)
        if simple is None:
            self.breaks(at, f"its type is {local_name(theirs.type)}, which is no {ours.type}")
            return None
        if is_written and not theirs.optional and not ours.repeated:
            filler = NIL if theirs.nillable else "" if _family(ours.simple) is _TEXTS else None
            member = evolve(member, filler=filler)
        return evolve(member, simple=simple)

    def opaque(
        self, ours: Member | None, theirs: MemberDescription, member: Member, place: str, *, is_written: bool
    ) -> Member | None:
        """A member of theirs, or of ours, that may hold anything."""
        if ours is None:
            if is_written and not theirs.optional:
                self.breaks(place, "any element must be sent")
            return None
        if not ours.is_opaque or theirs.type != f"{XSD}anyType":
            self.breaks(place, f"its type is {local_name(theirs.type)}, which is no {ours.type}")
            return None
        return evolve(member, field=ours.field)

    def items(
        self, known: Shape[R], theirs: MemberDescription, *, is_request: bool, place: str
    ) -> Shape[R] | None:
        """A list's shape where its items stand without an element around them."""
        item = known.items
        assert item is not None
        member = self.member(item, theirs, is_request=is_request, place=place)
        if member is None:
            return None
        shape: Shape[R] = Shape(known.record)
        shape.of(member)
        return shape

    def simple(self, ours: Simple[Any], name: str, *, is_written: bool) -> Simple[Any] | None:
        """How a value of ours is written as their type, or read from it; None where it is another kind."""
        described = self.types.get(name)
        values: tuple[str, ...] = ()
        if isinstance(described, SimpleDescription):
            if described.beyond or described.items:
                return None
            name, values = described.base, described.values
        elif described is not None:
            return None
        base = name.removeprefix(XSD)
        family = _family(ours)
        if base not in family:
            return None
        if family is _TEXTS:
            return closed(ours, values) if is_written and values and ours is STRING else ours
        found: Simple[Any] = SIMPLE_TYPES.get(base, ours)
        return found

    def filler(self, theirs: MemberDescription, place: str) -> Any:
        """What goes where the service insists on a member that this package does not have."""
        if theirs.nillable:
            return NIL
        if not self.serving:
            self.breaks(place, "it is new, and must be sent")
            return None
        described = self.types.get(theirs.type)
        if isinstance(described, SimpleDescription):
            if described.values:
                return described.values[0]
            base = described.base
        else:
            base = theirs.type
        base = base.removeprefix(XSD)
        return "0" if base in _INTEGERS else _EMPTY.get(base, "")


def _family(simple: Simple[Any]) -> frozenset[str]:
    """The names of XML Schema's own types that hold the same kind of value."""
    if simple.name == "guid" or simple.name not in SIMPLE_TYPES:  # an enumeration of ours
        return _TEXTS
    return next((family for family in _FAMILIES if simple.name in family), frozenset({simple.name}))


def _named(name: str, operations: Sequence[OperationDescription]) -> OperationDescription | None:
    exact = [each for each in operations if each.name == name]
    alike = [each for each in operations if each.name.casefold() == name.casefold()]
    return next(iter(exact or (alike if len(alike) == 1 else [])), None)


def _pairs(
    ours: Sequence[Member], theirs: Sequence[MemberDescription], aliases: Mapping[str, str]
) -> dict[str, Member]:
    """Which member of ours each of theirs is, by the tag of theirs."""
    pairs: dict[str, Member] = {}
    left = list(ours)
    steps: tuple[tuple[Callable[[str], str | None], Callable[[str], str]], ...] = (
        (str, str),
        (aliases.get, str),
        (str.casefold, str.casefold),
        (lambda name: aliases[name].casefold() if name in aliases else None, str.casefold),
    )
    for ours_as, theirs_as in steps:
        for member in tuple(left):
            wanted = ours_as(member.name)
            found = [each for each in theirs if each.tag not in pairs and theirs_as(each.name) == wanted]
            if len(found) == 1 and [ours_as(each.name) for each in left].count(wanted) == 1:
                pairs[found[0].tag] = member
                left.remove(member)
    if len(ours) == len(theirs) == 1 and left:
        pairs[theirs[0].tag] = left[0]
    return pairs
