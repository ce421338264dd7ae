"""What a generated contract is made of, and what a generated proxy needs to call it."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Generic, Protocol, TypeVar, get_args

from attrs import Attribute, field, fields, frozen, has
from lxml.etree import _Element

from buzzeasy_soap.wire.xsd import Reader, Simple

R = TypeVar("R")
Req = TypeVar("Req")
Resp = TypeVar("Resp")


@frozen
class Member:
    """What the schema says of a record's field; found in its attrs metadata under "member"."""

    name: str
    """The name on the wire."""
    type: str
    """The name of the type on the wire, `string` or `TimeSlot`."""
    optional: bool
    """It may be left out (None)."""
    nillable: bool
    """It may say null (NIL)."""
    repeated: bool = False
    simple: Simple[Any] | None = None
    """How its text is read and written; None where its type is a record."""


def members_of(record: type[Any]) -> tuple[tuple["Attribute[Any]", Member], ...]:
    """Each field of a record with what the schema says of it, in the schema's order."""
    return tuple((field, field.metadata["member"]) for field in fields(record))


def record_of(field: "Attribute[Any]") -> type[Any] | None:
    """The record that a field holds, one or many; None where its type is simple."""
    candidates = [field.type, *get_args(field.type)]
    candidates += [inner for candidate in candidates for inner in get_args(candidate)]
    return next((c for c in candidates if isinstance(c, type) and has(c)), None)


@frozen
class Message(Generic[R]):
    """One direction of an operation: a record, and how it is written and read."""

    record: type[R]
    tag: str
    """The wrapper element's name, in Clark notation."""
    encode: Callable[[_Element, R], None] = field(repr=False)
    decode: Callable[[_Element, Reader], R] = field(repr=False)


@frozen
class Operation(Generic[Req, Resp]):
    """One operation of a service, as the contract describes it."""

    service: str
    name: str
    soap_action: str
    request: Message[Req]
    response: Message[Resp]
    result: str | None
    """The name, in the response record, of the member that holds the result; None where none does."""
    faults: tuple[Message[Any], ...] = ()
    """The details of the faults that the contract declares for it."""


@frozen
class Service:
    """One service of the contract: its operations by name, and the documents they came from."""

    name: str
    port_type: str
    documents: Mapping[str, str]
    """SHA-256 by file name: the documents that the generated code is valid for."""
    operations: Mapping[str, Operation[Any, Any]]


class Invoke(Protocol):
    """Sends a request and answers its response: what a blocking proxy is built on."""

    def __call__(self, operation: Operation[Req, Resp], request: Req, /) -> Resp: ...


class AsyncInvoke(Protocol):
    """Sends a request and answers its response: what an async proxy is built on."""

    def __call__(self, operation: Operation[Req, Resp], request: Req, /) -> Coroutine[Any, Any, Resp]: ...
