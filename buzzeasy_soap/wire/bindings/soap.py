"""SOAP 1.1 by the contract's own shapes."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from buzzeasy_soap.errors import ServiceFault
from buzzeasy_soap.wire import forms
from buzzeasy_soap.wire.bindings.reply import LONGEST_TEXT, Reply
from buzzeasy_soap.wire.envelope import (
    CONTENT_TYPE,
    Fault,
    Unreadable,
    body_of,
    fault_of,
    header_of,
    headers_to_understand,
    parse,
)
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import NO_HEADERS, Message, Operation
from buzzeasy_soap.wire.shapes import BY_NAME, note_headers
from buzzeasy_soap.wire.text import write_envelope, write_header
from buzzeasy_soap.wire.xsd import NIL, InvalidValue

if TYPE_CHECKING:
    from lxml.etree import _Element

    from buzzeasy_soap.wire.rebinding import Contract  # takes its time to import, and is seldom needed

logger = logging.getLogger("buzzeasy_soap")

Req = TypeVar("Req")
Resp = TypeVar("Resp")

OTHER_CONTRACT: Final = (
    "The service's contract may differ from the packaged one: `buzzeasy contract fetch --to DIR` gets its WSDL, "
    "and says whether wsdl=DIR works."
)
_PLAIN_TYPES: Final = (("text/xml", "utf-8"), ("text/xml", None))
_ACCEPTED: Final = range(200, 300)
_XML_TYPES: Final = ("text/xml", "application/xml", "")


class SoapBinding:
    """SOAP 1.1, document/literal, over the generated contract or a service's own."""

    name: Final = "soap"

    def __init__(self, contract: "Contract | None" = None) -> None:
        self._contract = contract

    def encode(
        self,
        operation: Operation[Req, Resp],
        request: Req,
        endpoint: str,
        headers: Mapping[str, object] = NO_HEADERS,
    ) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest, or ConfigurationError where the operation does not fit."""
        bound = self._bound(operation)
        header = write_header(bound.request_headers, headers) if bound.request_headers or headers else ""
        return soap_request(endpoint, bound.soap_action, write_envelope(bound.request, request, header))

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a response envelope. Raises ServiceFault or ProtocolError."""
        bound = self._bound(operation)
        reply = Reply(response, request)
        record = read_form(reply, bound.response)
        if record is not None:
            return record
        envelope = read_envelope(reply)
        log_headers(bound, envelope)
        element = read_body(reply, envelope, bound.faults)
        record = read_response(reply, element, bound.response)
        read_headers(reply, bound, envelope, record)
        return record

    def _bound(self, operation: Operation[Req, Resp]) -> Operation[Req, Resp]:
        return operation if self._contract is None else self._contract.operation(operation)


def soap_request(endpoint: str, soap_action: str, body: bytes) -> HttpRequest:
    """The HTTP request that carries an envelope."""
    headers = {
        "Content-Type": CONTENT_TYPE,
        "SOAPAction": f'"{soap_action}"',
        "Accept": "text/xml",
        "Accept-Encoding": "identity",
    }
    return HttpRequest("POST", endpoint, headers, body)


def read_form(reply: Reply, message: Message[Resp]) -> Resp | None:
    """The record of a success that stands exactly as WCF writes it; None for any other reply.

    Nothing answers a one-way message but a status that says success.
    """
    response = reply.response
    if not message.tag:
        return message.record() if response.status in _ACCEPTED and not response.body.strip() else None
    if response.status != 200 or reply.content_type() not in _PLAIN_TYPES:
        return None
    return forms.read(message, response.body)


def read_envelope(reply: Reply) -> "_Element":
    """The envelope of a reply. Raises ProtocolError."""
    response = reply.response
    reply.fail_redirect()
    if not response.body.strip():
        reply.fail("the reply is empty")
    media_type, charset = reply.content_type()
    if media_type not in _XML_TYPES:
        reply.fail(f"the reply is {media_type}, not text/xml")
    try:
        return parse(response.body, charset)
    except Unreadable as error:
        reply.fail(f"the reply cannot be read: {error}")


def log_headers(operation: Operation[Any, Any], envelope: "_Element") -> None:
    """Log the headers of a reply that must be understood, and are not.

    SOAP 1.1 would have the reply refused, and a callback that was placed would be in doubt for it.
    """
    declared = {header.member.tag for header in operation.response_headers}
    for header in headers_to_understand(envelope):
        if header.tag not in declared:
            logger.warning(
                "%s: the reply has the header %.200s, which must be understood and is not; "
                "the reply is read all the same",
                operation.name,
                header.tag,
            )


def read_headers(reply: Reply, operation: Operation[Any, Any], envelope: "_Element", record: object) -> None:
    """Note on a reply's record what the headers say that the contract declares; one that cannot be read is logged."""
    found: dict[str, object] = {}
    for member in (header.member for header in operation.response_headers):
        element = header_of(envelope, member.tag)
        if element is None:
            continue
        try:
            value = BY_NAME.value(member, element)
        except InvalidValue as error:  # what was asked is done, and its result is there
            logger.warning(
                "%s: the reply's header %s is passed over: %s",
                operation.name,
                member.name,
                reply.clean(str(error)),
            )
        else:
            found[member.field] = None if value is NIL and not member.nillable else value
    if found:
        note_headers(record, found)


def read_body(reply: Reply, envelope: "_Element", faults: Sequence[Message[Any]]) -> "_Element":
    """The element in an envelope's Body. Raises ServiceFault or ProtocolError.

    `faults` are those that the contract declares: a detail that is one becomes its record.
    """
    try:
        element = body_of(envelope)
    except Unreadable as error:
        reply.fail(f"the reply cannot be read: {error}")
    fault = fault_of(element)
    if fault is not None:
        hint = OTHER_CONTRACT if _is_about_the_contract(fault) else None
        raise service_fault(reply, fault, record=_declared(reply, fault, faults), hint=hint)
    if reply.response.status != 200:
        reply.fail("the reply is neither a success nor a fault")
    return element


def service_fault(
    reply: Reply, fault: Fault, *, record: object = None, hint: str | None = None
) -> ServiceFault:
    """The error that a fault is, without the request's secrets."""
    return ServiceFault(
        code=reply.clean(fault.code),
        reason=reply.clean(fault.reason),
        detail=None if fault.detail is None else reply.clean(fault.detail),
        record=record,
        hint=hint,
    )


def read_response(reply: Reply, element: "_Element", message: Message[Resp]) -> Resp:
    """The record in a reply's Body. Raises ProtocolError."""
    if not message.tag:
        reply.fail("a one-way message is answered, where nothing should be")
    if element.tag != message.tag:
        reply.fail(f"the Body holds {element.tag}, not {message.tag}. {OTHER_CONTRACT}")
    try:
        return BY_NAME.read(message.shape, element)
    except InvalidValue as error:
        hint = f". {OTHER_CONTRACT}" if "does not know" in str(error) else ""
        reply.fail(f"the reply is not what the contract says: {error}{hint}")


def _is_about_the_contract(fault: Fault) -> bool:
    return fault.code == "ActionNotSupported" or "ContractFilter" in fault.reason


def _declared(reply: Reply, fault: Fault, faults: Sequence[Message[Any]]) -> object:
    """The record of the first detail that the contract declares and that can be read, or None."""
    if len(fault.detail or "") > LONGEST_TEXT:
        return None
    for detail in fault.details:
        for message in faults:
            if detail.tag == message.tag:
                for element in detail.iter():
                    element.text = element.text and reply.clean(element.text)
                with suppress(InvalidValue):  # a fault stays a fault, whatever its detail
                    return BY_NAME.read(message.shape, detail)
    return None
