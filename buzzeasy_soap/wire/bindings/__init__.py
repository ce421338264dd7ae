"""Records to bytes and bytes to records: no binding opens a socket."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import NO_HEADERS, Operation

Req = TypeVar("Req")
Resp = TypeVar("Resp")


class Binding(Protocol):
    """How an operation's messages travel over HTTP."""

    @property
    def name(self) -> str:
        """What logs and hooks call it."""
        ...

    def encode(
        self,
        operation: Operation[Req, Resp],
        request: Req,
        endpoint: str,
        headers: Mapping[str, object] = NO_HEADERS,
    ) -> HttpRequest:
        """The HTTP request that calls `operation`. Raises InvalidRequest.

        `headers` are the values of its SOAP headers, by their fields.
        """
        ...

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """The response record; its result is never None. Raises ServiceFault or ProtocolError.

        `request` is what was asked: its secrets are kept out of the errors.
        """
        ...
