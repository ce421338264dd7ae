"""What a generated contract is made of, and what a generated proxy needs to call it."""

from collections.abc import Coroutine, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from attrs import field, frozen

from buzzeasy_soap.wire.shapes import Member, Record, Shape, headers_of

R = TypeVar("R")
Req = TypeVar("Req")
Resp = TypeVar("Resp")


@frozen
class Message(Generic[R]):
    """One direction of an operation: an element, and how the record in it stands on the wire."""

    tag: str
    """The wrapper element's name, in Clark notation."""
    shape: Shape[R]

    @property
    def record(self) -> type[R]:
        """The class of the record."""
        return self.shape.record


@frozen(kw_only=True, eq=False, repr=False)
class Accepted(Record):
    """What a one-way operation answers: its message has arrived, and no more is known."""


ACCEPTED: Final = Message("", Shape(Accepted))
"""The response of a one-way operation, which is no element."""


@frozen(eq=False)
class Header(Generic[R]):
    """One SOAP header that the contract declares for requests, replies or both."""

    member: Member

    def of(self, reply: object) -> R | None:
        """What a reply says in it; None where the reply has none, or has one that cannot be read."""
        return cast("R | None", headers_of(reply).get(self.member.field))


NO_HEADERS: Final[Mapping[str, object]] = MappingProxyType({})


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
    request_headers: tuple[Header[Any], ...] = ()
    response_headers: tuple[Header[Any], ...] = ()
    repeatable: bool = False
    """It only reads, or sets a value, so a second one changes nothing; False until somebody decides."""
    places_callback: bool = False
    rest_method: str = "POST"
    json_names: Mapping[str, str] = field(factory=dict)
    """What the JSON body calls a member, by its name, where the two differ."""
    optional: tuple[str, ...] = ()
    """Parameters that a caller may leave out, by name."""
    absent: tuple[str, ...] = ()
    """Members of the result's type that the service does not answer here, by name."""

    @property
    def one_way(self) -> bool:
        """No message answers it."""
        return not self.response.tag


@frozen
class Service:
    """One service of the contract: its operations by name, and the documents they came from."""

    name: str
    port_type: str
    path: str
    """Where it is on its host, as `/RequestCallbackService/Service.svc`."""
    endpoint: str
    """Which address of `Endpoints` is its own."""
    documents: Mapping[str, str]
    """SHA-256 by file name: the documents that the generated code is valid for."""
    operations: Mapping[str, Operation[Any, Any]]


class Invoke(Protocol):
    """Sends a request and answers its response: what a blocking proxy is built on.

    `headers` are the values of the operation's SOAP headers, by their fields; None is left out.
    """

    def __call__(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS, /
    ) -> Resp: ...


class AsyncInvoke(Protocol):
    """Sends a request and answers its response: what an async proxy is built on."""

    def __call__(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS, /
    ) -> Coroutine[Any, Any, Resp]: ...
