"""Records to bytes and bytes to records: no binding opens a socket."""

from typing import Protocol, TypeVar

from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Operation

Req = TypeVar("Req")
Resp = TypeVar("Resp")


class Binding(Protocol):
    """How an operation's messages travel over HTTP."""

    @property
    def name(self) -> str:
        """What logs and hooks call it."""
        ...

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """The HTTP request that calls `operation`. Raises InvalidRequest."""
        ...

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """The response record; its result is never None. Raises ServiceFault or ProtocolError.

        `request` is what was asked: its secrets are kept out of the errors.
        """
        ...
