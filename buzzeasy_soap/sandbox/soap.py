"""The SOAP 1.1 endpoint of a service, which behaves like a WCF service with basicHttpBinding."""

import re
from contextlib import suppress
from email.message import Message
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.metadata import Metadata
from buzzeasy_soap.sandbox.pages import page
from buzzeasy_soap.wire.envelope import (
    CONTENT_TYPE,
    SOAP_ENVELOPE,
    Unreadable,
    body_of,
    fault_of,
    headers_to_understand,
    parse,
)
from buzzeasy_soap.wire.operation import Operation, Service
from buzzeasy_soap.wire.redaction import shown
from buzzeasy_soap.wire.shapes import IN_ORDER
from buzzeasy_soap.wire.text import write_envelope
from buzzeasy_soap.wire.xsd import InvalidValue

_ENVELOPE: Final = f"{{{SOAP_ENVELOPE}}}"
_DISPATCHER: Final = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
_ADDRESSING: Final = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
_BARE_DATE: Final = re.compile(r"\s*(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?\s*", re.ASCII)
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


class NotUnderstood(Unreadable):
    """A header has mustUnderstand set, but this service understands no headers."""

    def __init__(self, header: etree._Element) -> None:
        name = etree.QName(header)
        super().__init__(
            f"The header '{name.localname}' from the namespace '{name.namespace or ''}' was not understood by "
            "the recipient of this message, causing the message to not be processed.  This error typically "
            "indicates that the sender of this message has enabled a communication protocol that the receiver "
            "cannot process.  Please ensure that the configuration of the client's binding is consistent with "
            "the service's binding. "
        )


class SoapEndpoint:
    """ASGI application: POST calls an operation, GET returns the WSDL, the schemas or a page."""

    def __init__(self, contract: Service, documents: DocumentSet, dispatcher: Dispatcher) -> None:
        self._name = contract.name
        self._operations = tuple(contract.operations.values())
        self._metadata = Metadata(documents)
        self._dispatcher = dispatcher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        if request.method == "POST":
            refusal = self._refusal(request)
            if refusal is None:
                operation = await self._asked_for(request)
                await self._dispatcher.serve(operation, SoapCodec(), request, send)
                return
        elif request.method in ("GET", "HEAD"):
            refusal = self._show(request)
        else:
            refusal = page("Service", "Method not allowed.", 405, {"Allow": "GET, HEAD, POST"})
        await refusal(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        """The error response to a call without a known operation, or None."""
        if _content_type(request)[0] != "text/xml":
            text = "Cannot process the message because the content type was not the expected type 'text/xml'."
            return PlainTextResponse(text, 415)
        action = _action(request)
        if not any(operation.soap_action == action for operation in self._operations):
            return _fault("ActionNotSupported", _no_such_action(action), namespace=_ADDRESSING)
        return None

    async def _asked_for(self, request: Request) -> Operation[Any, Any]:
        """The operation of a SOAPAction; where several share it, the one of the element in the Body."""
        action = _action(request)
        candidates = [each for each in self._operations if each.soap_action == action]
        if len(candidates) > 1:
            with suppress(Unreadable):
                element = body_of(parse(await request.body(), _content_type(request)[1]))
                candidates = [each for each in candidates if each.request.tag == element.tag] or candidates
        return candidates[0]

    def _show(self, request: Request) -> Response:
        query = request.url.query
        if not query:
            text = f"This is {self._name} of the Buzzeasy sandbox. Call it over SOAP 1.1; ?wsdl describes it."
            return page(f"{self._name} Service", text)
        document = self._metadata.document(query, str(request.url.replace(query="")))
        if document is None:
            return page(
                "Service",
                "There are ?wsdl, and what it imports; ?singleWsdl where it imports schemas alone.",
                404,
            )
        return Response(document, headers={"Content-Type": CONTENT_TYPE})


class SoapCodec:
    """SOAP 1.1 document/literal; members are read in the schema's order."""

    name: Final = "SOAP"

    def shown(self, request: Request, body: bytes) -> str:  # noqa: ARG002 - REST uses it
        """The envelope as text."""
        return shown(body)

    def read(self, operation: Operation[Any, Any], request: Request, body: bytes) -> object:
        """The request record. Raises Unreadable or InvalidValue."""
        root = parse(body, _content_type(request)[1])
        element = body_of(root)
        for header in headers_to_understand(root):
            raise NotUnderstood(header)
        if element.tag != operation.request.tag:
            expected = etree.QName(operation.request.tag).localname
            raise InvalidValue(etree.QName(element).localname, f"is not the expected {expected}")
        _complete_dates(operation, element)
        return IN_ORDER.read(operation.request.shape, element)

    def write(self, operation: Operation[Any, Any], record: object) -> Response:
        """An envelope with a response record; nothing for a one-way operation."""
        if operation.one_way:
            return Response(status_code=202)
        content = write_envelope(operation.response, record)
        return Response(content, headers={"Content-Type": CONTENT_TYPE})

    def unreadable(self, operation: Operation[Any, Any], error: Unreadable | InvalidValue) -> Response:
        """400 if the request is not an envelope, otherwise a fault."""
        if isinstance(error, NotUnderstood):
            return _fault("MustUnderstand", str(error), namespace=SOAP_ENVELOPE)
        if isinstance(error, Unreadable):
            return Response(status_code=400)
        reason = (
            "The formatter threw an exception while trying to deserialize the message: Error in "
            f"deserializing body of request message for operation '{operation.name}'. {error}"
        )
        return _fault("DeserializationFailed", reason)

    def crash(self) -> Response:
        """The fault of a service that failed."""
        reason = (
            "The server was unable to process the request due to an internal error.  For more information "
            "about the error, turn on IncludeExceptionDetailInFaults on the server, or inspect the server "
            "trace logs."
        )
        return _fault("InternalServiceFault", reason)

    def failure(self, response: Response) -> str:
        """The code of the fault."""
        fault = fault_of(body_of(parse(bytes(response.body)))) if response.body else None
        return "Bad Request" if fault is None else fault.code


def _action(request: Request) -> str:
    return request.headers.get("soapaction", "").strip().strip('"')


def _content_type(request: Request) -> tuple[str, str | None]:
    # An empty header would be read as text/plain.
    return _media_type(request.headers.get("content-type") or "none/none")


@lru_cache(maxsize=64)
def _media_type(text: str) -> tuple[str, str | None]:
    """The type and the charset in a header."""
    header = Message()
    header["content-type"] = text
    return header.get_content_type(), header.get_content_charset()


def _complete_dates(operation: Operation[Any, Any], request: etree._Element) -> None:
    """Turn bare dates into their midnight: WCF reads all of XML Schema's date types as a DateTime."""
    dates = {member.tag for member in operation.request.shape.members if member.type == "dateTime"}
    for child in request if dates else ():
        match = _BARE_DATE.fullmatch(child.text or "")
        if match and child.tag in dates:
            child.text = f"{match[1]}T00:00:00{match[2] or ''}"


def _no_such_action(action: str) -> str:
    legal = "".join(character for character in action if character.isprintable())
    return (
        f"The message with Action '{legal}' cannot be processed at the receiver, due to a ContractFilter "
        "mismatch at the EndpointDispatcher. This may be because of either a contract mismatch (mismatched "
        "Actions between sender and receiver) or a binding/security mismatch between the sender and the "
        "receiver."
    )


def _fault(code: str, reason: str, *, namespace: str = _DISPATCHER) -> Response:
    """A fault; `code` is the local name of its code."""
    root = etree.Element(f"{_ENVELOPE}Envelope", nsmap={"s": SOAP_ENVELOPE})
    element = etree.SubElement(etree.SubElement(root, f"{_ENVELOPE}Body"), f"{_ENVELOPE}Fault")
    prefix = "s" if namespace == SOAP_ENVELOPE else "a"
    etree.SubElement(element, "faultcode", nsmap={prefix: namespace}).text = f"{prefix}:{code}"
    etree.SubElement(element, "faultstring", {_LANG: "en-US"}).text = reason
    return _response(root, 500)


def _response(root: etree._Element, status: int) -> Response:
    # WCF sends no XML declaration.
    content = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    return Response(content, status, {"Content-Type": CONTENT_TYPE})
