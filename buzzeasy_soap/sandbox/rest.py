"""The REST endpoint of a service, which behaves like a WCF service with webHttpBinding."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from buzzeasy_soap.sandbox.config import RestStyle
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.pages import page
from buzzeasy_soap.wire import json as wire_json
from buzzeasy_soap.wire.envelope import Unreadable
from buzzeasy_soap.wire.operation import Operation, Service
from buzzeasy_soap.wire.redaction import shown
from buzzeasy_soap.wire.shapes import Member
from buzzeasy_soap.wire.xsd import NIL, InvalidValue

_CONTENT_TYPE: Final = "application/json; charset=utf-8"
_DOCUMENT_DATE: Final = "%Y-%m-%d %H:%M:%S"
_WCF_DATE: Final = re.compile(r"/Date\((-?[0-9]{1,15})([+-][0-9]{4})?\)/", re.ASCII)
_LOST_PLUS: Final = re.compile(r" [0-9][0-9 ().-]*", re.ASCII)
_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the service's times have no zone


class RestEndpoint:
    """ASGI application with the operations of one service, each at its own address."""

    def __init__(self, contract: Service, dispatcher: Dispatcher) -> None:
        # Not case-sensitive, because WCF's addresses are not.
        self._operations = {operation.name.lower(): operation for operation in contract.operations.values()}
        self._dispatcher = dispatcher
        self._codec = RestCodec(dispatcher.service.config.rest_style)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        operation = self._operations.get(request.path_params["operation"].lower())
        if operation is None:
            await page("Service", "Endpoint not found.", 404)(scope, receive, send)
            return
        method = operation.rest_method
        if request.method != method:
            refusal = page("Service", "Method not allowed.", 405, {"Allow": method})
            await refusal(scope, receive, send)
            return
        await self._dispatcher.serve(operation, self._codec, request, send)


class RestCodec:
    """JSON objects and queries, with bare or wrapped replies."""

    name: Final = "REST"

    def __init__(self, style: RestStyle) -> None:
        self._style = style

    def shown(self, request: Request, body: bytes) -> str:
        """The query or the body as text."""
        if request.method == "GET":
            return f"GET {request.url.path}?{request.url.query}"
        return shown(body)

    def read(self, operation: Operation[Any, Any], request: Request, body: bytes) -> object:
        """The request record. Members may use the names of the method header or of the JSON body.

        Raises InvalidValue.
        """
        values = _query(operation, request) if request.method == "GET" else _object(request, body)
        body_names = operation.json_names
        found: dict[str, object] = {}
        for member in operation.request.shape.members:
            for name in (member.name, body_names.get(member.name, member.name)):
                if name in values and member.field not in found:
                    found[member.field] = _value(values[name], member)
        return operation.request.record(**found)

    def write(self, operation: Operation[Any, Any], record: object) -> Response:
        """The result as JSON; a bare null is an empty body."""
        [member] = operation.response.shape.members
        value = wire_json.write(getattr(record, member.field), member)
        if self._style == "wrapped":
            value = {member.name: value}
        elif value is None:
            return Response(headers={"Content-Type": _CONTENT_TYPE})
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        # Slashes only occur in strings, where WCF escapes them.
        return Response(text.replace("/", r"\/"), headers={"Content-Type": _CONTENT_TYPE})

    def unreadable(self, operation: Operation[Any, Any], error: Unreadable | InvalidValue) -> Response:
        """WCF's page."""
        return _request_error(f"{operation.name} could not be read. The exception message is '{error}'.")

    def crash(self) -> Response:
        """WCF's page, because REST has no faults."""
        return _request_error("See server logs for more details.")

    def failure(self, response: Response) -> str:  # noqa: ARG002 - SOAP uses it
        """The title of WCF's page."""
        return "Request Error"


def _request_error(text: str) -> Response:
    return page("Request Error", f"The server encountered an error processing the request. {text}", 400)


def _query(operation: Operation[Any, Any], request: Request) -> Mapping[str, object]:
    """The members in a query, whose names are not case-sensitive. Raises InvalidValue."""
    given = {name.lower(): value for name, value in request.query_params.items()}
    names = [member.name for member in operation.request.shape.members]
    found = {name: given[name.lower()] for name in names if name.lower() in given}
    for name, value in found.items():
        # WCF passes the space on to the service, which finds no such number and returns nothing.
        if _LOST_PLUS.fullmatch(value):
            raise InvalidValue(name, "begins with a space; in a query, + means a space: write it as %2B")
    return found


def _object(request: Request, body: bytes) -> Mapping[str, object]:
    """The members of a JSON object. Raises InvalidValue."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/json", "text/json"):
        raise InvalidValue("the message", "has an unexpected format; the expected one is 'Json'")
    values = wire_json.load(body)
    if not isinstance(values, dict):
        raise InvalidValue("the message", "is not a JSON object")
    return values


def _value(value: object, member: Member) -> object:
    if value is None and member.nillable:
        return NIL
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str) or member.simple is None:
        raise InvalidValue(member.name, f"is not a valid {member.type}")
    try:
        return _date(value) if member.type == "dateTime" else member.simple.parse(value)
    except (ValueError, OverflowError):
        # Without the value: pages must not echo the request.
        raise InvalidValue(member.name, f"is not a valid {member.type}") from None


def _date(text: str) -> dt.datetime:
    """A date in the document's form or in WCF's, which is milliseconds in UTC and an optional offset."""
    match = _WCF_DATE.fullmatch(text)
    if match is None:
        return dt.datetime.strptime(text, _DOCUMENT_DATE)  # noqa: DTZ007 - the service's times have no zone
    moment = _EPOCH + dt.timedelta(milliseconds=int(match[1]))
    # Without an offset, WCF keeps the time in UTC, which loses an hour in summer.
    return moment.replace(tzinfo=dt.UTC) if match[2] else moment
