"""The console's own calls: over SOAP, like any client's, and so among the exchanges that it shows."""

from typing import TypeVar

from starlette.requests import Request

from buzzeasy_soap.sandbox.desk import Desk
from buzzeasy_soap.sandbox.soap import SoapCodec
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Operation

Req = TypeVar("Req")
Resp = TypeVar("Resp")


async def call(desk: Desk, operation: Operation[Req, Resp], record: Req) -> Resp:
    """Call an operation of the service, past the network alone. Raises ServiceFault or InvalidRequest.

    No fault that a test has asked for befalls it: those are for the clients under test.
    """
    binding = SoapBinding()
    sent = binding.encode(operation, record, "http://sandbox/")
    scope = {
        "type": "http",
        "method": sent.method,
        "path": "/",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.headers.items()],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": sent.body}

    reply = await desk.answer(operation, SoapCodec(), Request(scope, receive))
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return binding.decode(operation, record, HttpResponse(reply.status_code, headers, bytes(reply.body)))
