"""What a generated contract is made of, and what a generated proxy needs to call it."""

from collections.abc import Coroutine, Mapping
from typing import Any, Generic, Protocol, TypeVar

from attrs import field, frozen

from buzzeasy_soap.wire.shapes import Shape

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
    """Sends a request and answers its response: what a blocking proxy is built on."""

    def __call__(self, operation: Operation[Req, Resp], request: Req, /) -> Resp: ...


class AsyncInvoke(Protocol):
    """Sends a request and answers its response: what an async proxy is built on."""

    def __call__(self, operation: Operation[Req, Resp], request: Req, /) -> Coroutine[Any, Any, Resp]: ...
