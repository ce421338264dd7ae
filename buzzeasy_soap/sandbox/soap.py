"""The SOAP 1.1 endpoint of a service, as a WCF service with basicHttpBinding behaves."""

from email.message import Message
from typing import Any, Final

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.sandbox.desk import Desk, log_crash
from buzzeasy_soap.sandbox.metadata import Metadata
from buzzeasy_soap.sandbox.operations import perform
from buzzeasy_soap.sandbox.pages import page
from buzzeasy_soap.sandbox.service import ServiceCrash
from buzzeasy_soap.wire.envelope import CONTENT_TYPE, SOAP_ENVELOPE, Unreadable, body_of, parse
from buzzeasy_soap.wire.operation import Operation, Service
from buzzeasy_soap.wire.xsd import IN_ORDER, InvalidValue

_ENVELOPE: Final = f"{{{SOAP_ENVELOPE}}}"
_DISPATCHER: Final = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
_ADDRESSING: Final = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_CRASHED: Final = (
    "The server was unable to process the request due to an internal error.  For more information about "
    "the error, turn on IncludeExceptionDetailInFaults on the server, or inspect the server trace logs."
)


class SoapEndpoint:
    """ASGI: POST calls an operation, GET shows the WSDL, the schemas or a page."""

    def __init__(self, contract: Service, documents: DocumentSet, desk: Desk) -> None:
        self._name = contract.name
        self._operations = {operation.soap_action: operation for operation in contract.operations.values()}
        self._metadata = Metadata(documents)
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "POST":
            await self._call(request, send)
            return
        if request.method in ("GET", "HEAD"):
            response = self._show(request)
        else:
            response = page("Method not allowed", "Call with POST.", 405, {"Allow": "GET, HEAD, POST"})
        await response(scope, receive, send)

    def _show(self, request: Request) -> Response:
        query = request.url.query
        if not query:
            text = f"This is {self._name} of the Buzzeasy sandbox. Call it over SOAP 1.1; ?wsdl describes it."
            return page(f"{self._name} Service", text)
        document = self._metadata.document(query, str(request.url.replace(query="")))
        if document is None:
            return page("Not found", "There are ?wsdl, ?singleWsdl and ?xsd=xsd0 and so on.", 404)
        return Response(document, headers={"Content-Type": CONTENT_TYPE})

    async def _call(self, request: Request, send: Send) -> None:
        content_type = Message()
        content_type["content-type"] = request.headers.get("content-type", "")
        if content_type.get_content_type() != "text/xml" or not content_type["content-type"]:
            text = "Cannot process the message because the content type was not the expected type 'text/xml'."
            await PlainTextResponse(text, 415)(request.scope, request.receive, send)
            return
        action = request.headers.get("soapaction", "").strip().strip('"')
        operation = self._operations.get(action)
        if operation is None:
            response = fault("ActionNotSupported", _unknown(action), namespace=_ADDRESSING)
            await response(request.scope, request.receive, send)
            return
        charset = content_type.get_content_charset()
        await self._desk.serve(
            operation.name,
            request,
            send,
            answer=lambda: self._answer(operation, request, charset),
            crash=crashed,
        )

    async def _answer(
        self, operation: Operation[Any, Any], request: Request, charset: str | None
    ) -> Response:
        body = await request.body()
        record: object = None
        try:
            element = body_of(parse(body, charset))
            record = _read(operation, element)
            response = _write(operation, perform(self._desk.service, operation, record))
        except Unreadable:
            response = Response(status_code=400)
        except InvalidValue as error:
            response = fault("DeserializationFailed", _unreadable(operation, error))
        except Exception as error:
            # Whatever breaks here is answered as WCF answers it, and never ends the connection.
            if not isinstance(error, ServiceCrash):
                log_crash(operation.name, error)
            response = crashed()
        self._desk.note(
            operation.name,
            "SOAP",
            request=body.decode(charset if charset in ("utf-16", "iso-8859-1") else "utf-8", "replace"),
            response=response,
            record=record,
        )
        return response


def _read(operation: Operation[Any, Any], element: etree._Element) -> object:
    if element.tag != operation.request.tag:
        raise InvalidValue(
            etree.QName(element).localname, f"is not {etree.QName(operation.request.tag).localname}"
        )
    return operation.request.decode(element, IN_ORDER)


def _write(operation: Operation[Any, Any], record: object) -> Response:
    tag = operation.response.tag
    root = etree.Element(f"{_ENVELOPE}Envelope", nsmap={"s": SOAP_ENVELOPE})
    body = etree.SubElement(root, f"{_ENVELOPE}Body")
    own = etree.QName(tag).namespace or ""
    default: dict[Any, str] = {None: own}
    wrapper = etree.SubElement(body, tag, nsmap=default)
    operation.response.encode(wrapper, record)
    # One declaration for each namespace, as WCF writes them, and not one for each element.
    others = {etree.QName(element).namespace or "" for element in wrapper.iter()} - {own}
    prefixes = {**dict(zip("abc", sorted(others), strict=False)), "i": _XSI}
    etree.cleanup_namespaces(wrapper, top_nsmap=prefixes)
    return _response(root, 200)


def fault(code: str, reason: str, *, namespace: str = _DISPATCHER) -> Response:
    """A fault, whose code's local name is `code`."""
    root = etree.Element(f"{_ENVELOPE}Envelope", nsmap={"s": SOAP_ENVELOPE})
    element = etree.SubElement(etree.SubElement(root, f"{_ENVELOPE}Body"), f"{_ENVELOPE}Fault")
    etree.SubElement(element, "faultcode", nsmap={"a": namespace}).text = f"a:{code}"
    etree.SubElement(element, "faultstring", {_LANG: "en-US"}).text = reason
    return _response(root, 500)


def crashed() -> Response:
    """The fault of a service that broke down."""
    return fault("InternalServiceFault", _CRASHED)


def _response(root: etree._Element, status: int) -> Response:
    # WCF sends no XML declaration.
    content = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    return Response(content, status, {"Content-Type": CONTENT_TYPE})


def _unknown(action: str) -> str:
    legal = "".join(character for character in action if character.isprintable())
    return (
        f"The message with Action '{legal}' cannot be processed at the receiver, due to a ContractFilter "
        "mismatch at the EndpointDispatcher. This may be because of either a contract mismatch (mismatched "
        "Actions between sender and receiver) or a binding/security mismatch between the sender and the "
        "receiver."
    )


def _unreadable(operation: Operation[Any, Any], error: InvalidValue) -> str:
    return (
        "The formatter threw an exception while trying to deserialize the message: Error in deserializing "
        f"body of request message for operation '{operation.name}'. {error}"
    )
