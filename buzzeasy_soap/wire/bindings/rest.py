"""REST as webHttpBinding speaks it: JSON bodies by POST, and a query by GET."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from buzzeasy_soap.errors import ConfigurationError, InvalidRequest, ServiceFault
from buzzeasy_soap.wire import json as wire_json
from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.opaque import Xml
from buzzeasy_soap.wire.operation import NO_HEADERS, Operation
from buzzeasy_soap.wire.redaction import Secret, shown
from buzzeasy_soap.wire.shapes import Member, Record
from buzzeasy_soap.wire.text import text_of
from buzzeasy_soap.wire.xsd import NIL, InvalidValue

Req = TypeVar("Req")
Resp = TypeVar("Resp")

_PAGES: Final = frozenset({400, 404, 405})


class RestBinding:
    """The REST twin: flat JSON objects, replies bare or wrapped.

    `dates="document"` sends `2017-04-11 09:00:00`; `dates="wcf"` sends `/Date(ms+hhmm)/`, the form
    that a stock WCF service takes, for which the service's `timezone` gives the offset.
    """

    name: Final = "rest"

    def __init__(self, *, dates: Literal["document", "wcf"], timezone: ZoneInfo) -> None:
        self._dates = dates
        self._timezone = timezone

    def encode(
        self,
        operation: Operation[Req, Resp],
        request: Req,
        endpoint: str,
        headers: Mapping[str, object] = NO_HEADERS,
    ) -> HttpRequest:
        """A POST of a JSON object, or a GET with a query. Raises InvalidRequest."""
        if operation.result is None:
            raise ConfigurationError(f"{operation.name} has no single result to read over REST: use SOAP")
        given = next((field for field, value in headers.items() if value is not None), None)
        if given is not None:
            raise InvalidRequest(
                f"{given} is a SOAP header, which REST does not have: use SOAP", parameter=given
            )
        members = self._members(operation, request)
        url = f"{endpoint}/rest/{operation.name}"
        http_headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if operation.rest_method == "GET":
            # quote_via: a plus sign in a query is read as a space, so a number's must go as %2B.
            query = urlencode({k: v for k, v in members.items() if v is not None}, quote_via=quote)
            return HttpRequest("GET", f"{url}?{query}", http_headers)
        http_headers["Content-Type"] = "application/json; charset=utf-8"
        return HttpRequest("POST", url, http_headers, json.dumps(members, ensure_ascii=False).encode())

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a JSON reply. Raises ServiceFault or ProtocolError."""
        reply = Reply(response, request)
        value = _json(reply)
        [member] = operation.response.shape.members
        try:
            result = wire_json.read(_unwrapped(value, member), member)
        except InvalidValue as error:
            reply.fail(f"the reply is not what the contract says: {error}")
        return operation.response.record(**{member.field: result})

    def _members(self, operation: Operation[Any, Any], request: object) -> dict[str, str | bool | None]:
        """A request's members by each name that the service may read them under."""
        members: dict[str, str | bool | None] = {}
        aliases = operation.json_names
        for member in operation.request.shape.fields:
            value = getattr(request, member.field)
            if value is None:
                continue
            text = None if value is NIL else self._quoted(value, member.field)
            members[member.name] = text
            if member.name in aliases:
                members[aliases[member.name]] = text
        return members

    def _quoted(self, value: object, parameter: str) -> str | bool:
        """A member as the document's samples write it: numbers quoted too."""
        match value:
            case bool():
                return value
            case int():
                return text_of(value, xsd.INT, parameter)
            case datetime():
                return self._date(value)
            case Secret():
                return text_of(value, xsd.SECRET, parameter)
            case Record() | Xml() | tuple() | bytes():
                raise InvalidRequest(f"{parameter} cannot be sent over REST: use SOAP", parameter=parameter)
            case _:
                return text_of(str(value), xsd.STRING, parameter)

    def _date(self, value: datetime) -> str:
        if self._dates == "document":
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        aware = value if value.tzinfo else value.replace(tzinfo=self._timezone)
        # Without an offset WCF takes the milliseconds for UTC and is an hour off in summer.
        return f"/Date({int(aware.timestamp() * 1000)}{aware:%z})/"


def _json(reply: Reply) -> object:
    """The JSON value of a reply; None for nothing. Raises ServiceFault or ProtocolError."""
    response = reply.response
    reply.fail_redirect()
    media_type, _ = reply.content_type()
    if response.status in _PAGES and media_type in ("text/html", "application/xhtml+xml"):
        page = reply.clean(_text_of_page(response.body))[:500]  # cut when clean, not in a secret
        raise ServiceFault(code=f"HTTP{response.status}", reason=page)
    if response.status != 200:
        reply.fail("the reply is neither a success nor a fault")
    if not response.body.strip():
        if not response.headers.keys() & {"content-length", "transfer-encoding"}:
            reply.fail("the reply is empty, and maybe cut off")
        return None
    if media_type.endswith("xml") or response.body.lstrip().startswith(b"<"):
        kind = "HTML" if "html" in media_type else "XML"
        reply.fail(f"the reply is {kind} where JSON was asked for")
    try:
        return wire_json.load(response.body)
    except InvalidValue as error:
        reply.fail(f"the reply is not JSON that can be read: {error}")


def _unwrapped(value: object, member: Member) -> object:
    """A result that comes bare, under its name, or under ASP.NET's `d`."""
    for wrapper in ("d", member.name):
        if isinstance(value, dict) and len(value) == 1 and (key := wire_json.named(value, wrapper)):
            value = value[key]
    return value


def _text_of_page(body: bytes) -> str:
    """The words of a page, without its styles and scripts."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(shown(body[:65_536]).encode(), parser)
    except etree.LxmlSyntaxError:
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, "style", "script", "title", with_tail=False)
    return " ".join(" ".join(map(str, root.itertext())).split())
