"""The console's own calls. They use SOAP like any client, so the console lists them too."""

from typing import TypeVar

from starlette.requests import Request

from buzzeasy_soap.errors import ServiceFault
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.soap import SoapCodec
from buzzeasy_soap.wire.envelope import CONTENT_TYPE, body_of, fault_of, parse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.shapes import BY_NAME
from buzzeasy_soap.wire.text import write_envelope

Req = TypeVar("Req")
Resp = TypeVar("Resp")


async def call(dispatcher: Dispatcher, operation: Operation[Req, Resp], record: Req) -> Resp:
    """Call an operation of the service, past the network alone. Raises ServiceFault or InvalidRequest.

    Planned faults do not apply to it: they are for the clients under test.
    """
    body = write_envelope(operation.request, record)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", CONTENT_TYPE.encode())],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    reply = await dispatcher.answer(operation, SoapCodec(), Request(scope, receive))
    element = body_of(parse(bytes(reply.body)))
    fault = fault_of(element)
    if fault is not None:
        raise ServiceFault(code=fault.code, reason=fault.reason, detail=fault.detail)
    return BY_NAME.read(operation.response.shape, element)
