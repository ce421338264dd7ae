"""SOAP 1.1 over the generated codecs."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from lxml import etree

from buzzeasy_soap.errors import ServiceFault
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.envelope import CONTENT_TYPE, Unreadable, body_of, envelope, fault_of, parse
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Message, Operation
from buzzeasy_soap.wire.xsd import BY_NAME, InvalidValue

Req = TypeVar("Req")
Resp = TypeVar("Resp")

_XML_TYPES: Final = ("text/xml", "application/xml", "")


class SoapBinding:
    """SOAP 1.1, document/literal, by the generated codecs."""

    name: Final = "soap"

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest."""
        root, wrapper = envelope(operation.request.tag)
        operation.request.encode(wrapper, request)
        body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        return soap_request(endpoint, operation.soap_action, body)

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a response envelope. Raises ServiceFault or ProtocolError."""
        reply = Reply(response, request)
        element = read_envelope(reply, operation.faults)
        if element.tag != operation.response.tag:
            reply.refuse(f"the Body holds {element.tag}, not {operation.response.tag}")
        try:
            record = operation.response.decode(element, BY_NAME)
        except InvalidValue as error:
            reply.refuse(f"the reply is not what the contract says: {error}")
        if operation.result is not None and getattr(record, operation.result) is None:
            reply.refuse(f"the reply holds no result of {operation.name}")
        return record


def soap_request(endpoint: str, soap_action: str, body: bytes) -> HttpRequest:
    """The HTTP request that carries an envelope."""
    headers = {
        "Content-Type": CONTENT_TYPE,
        "SOAPAction": f'"{soap_action}"',
        "Accept": "text/xml",
        "Accept-Encoding": "identity",
    }
    return HttpRequest("POST", endpoint, headers, body)


def read_envelope(reply: Reply, faults: Sequence[Message[Any]] = ()) -> etree._Element:
    """The element in a reply's Body. Raises ServiceFault or ProtocolError.

    `faults` are those that the contract declares: a detail that is one becomes its record.
    """
    response = reply.response
    reply.refuse_redirect()
    if not response.body.strip():
        reply.refuse("the reply is empty")
    media_type, charset = reply.content_type()
    if media_type not in _XML_TYPES:
        reply.refuse(f"the reply is {media_type}, not text/xml")
    try:
        element = body_of(parse(response.body, charset))
    except Unreadable as error:
        reply.refuse(f"the reply cannot be read: {error}")
    fault = fault_of(element)
    if fault is not None:
        raise ServiceFault(
            code=reply.clean(fault.code),
            reason=reply.clean(fault.reason),
            detail=None if fault.detail is None else reply.clean(fault.detail),
            record=_declared(reply, fault.details, faults),
        )
    if response.status != 200:
        reply.refuse("the reply is neither a success nor a fault")
    return element


def _declared(reply: Reply, details: Sequence[etree._Element], faults: Sequence[Message[Any]]) -> object:
    """The record of the first detail that the contract declares and that can be read, or None."""
    for detail in details:
        for message in faults:
            if detail.tag == message.tag:
                for element in detail.iter():
                    element.text = element.text and reply.clean(element.text)
                with suppress(InvalidValue):  # a fault stays a fault, whatever its detail
                    return message.decode(detail, BY_NAME)
    return None
