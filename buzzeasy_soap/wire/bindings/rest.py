"""REST as webHttpBinding speaks it: JSON bodies by POST, and a query by GET."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from lxml import etree

from buzzeasy_soap.errors import ConfigurationError, ServiceFault
from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Member, Operation, members_of, record_of
from buzzeasy_soap.wire.redaction import Secret, shown
from buzzeasy_soap.wire.xsd import NIL, InvalidValue

Req = TypeVar("Req")
Resp = TypeVar("Resp")

# Where a JSON body of the document names a member otherwise than the method header does.
# Source: Buzzeasy Callback API, "Method body" of each.
BODY_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "GetNextThreeTimeSlots": {"time": "requestedDate"},
    "GetEWTByServiceID": {"serviceQueueID": "serviceQueue", "companyID": "company"},
}
# Source: Buzzeasy Callback API, "REST" of each.
BY_GET: Final = frozenset({"GetCallDataByNumber", "GetCallDataByPin"})
_MOST_VALUES: Final = 500_000
"""Each takes fifty bytes of memory and more, and can be sent in three."""
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

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """A POST of a JSON object, or a GET with a query. Raises InvalidRequest."""
        if operation.result is None:
            raise ConfigurationError(f"{operation.name} has no single result to read over REST: use SOAP")
        members = self._members(operation.name, request)
        url = f"{endpoint}/rest/{operation.name}"
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if operation.name in BY_GET:
            # quote_via: a plus sign in a query is read as a space, so a number's must go as %2B.
            query = urlencode({k: v for k, v in members.items() if v is not None}, quote_via=quote)
            return HttpRequest("GET", f"{url}?{query}", headers)
        headers["Content-Type"] = "application/json; charset=utf-8"
        return HttpRequest("POST", url, headers, json.dumps(members, ensure_ascii=False).encode())

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a JSON reply. Raises ServiceFault or ProtocolError."""
        reply = Reply(response, request)
        value = _json(reply)
        if isinstance(value, dict) and value.keys() == {f"{operation.name}Result"}:
            [value] = value.values()
        record_type = operation.response.record
        [(field, member)] = members_of(record_type)
        try:
            result = _value(value, field, member)
        except InvalidValue as error:
            reply.refuse(f"the reply is not what the contract says: {error}")
        if result is None:
            reply.refuse(f"the reply holds no result of {operation.name}")
        return record_type(**{field.name: result})

    def _members(self, operation: str, request: object) -> dict[str, str | bool | None]:
        """A request's members by each name that the service may read them under."""
        members: dict[str, str | bool | None] = {}
        aliases = BODY_NAMES.get(operation, {})
        for field, member in members_of(type(request)):
            value = getattr(request, field.name)
            if value is None:
                continue
            text = None if value is NIL else self._text(value, field.name)
            members[member.name] = text
            if member.name in aliases:
                members[aliases[member.name]] = text
        return members

    def _text(self, value: object, parameter: str) -> str | bool:
        """A member as the document's samples write it: numbers quoted too."""
        match value:
            case bool():
                return value
            case int():
                return xsd.text_of(value, xsd.INT, parameter)
            case datetime():
                return self._date(value)
            case Secret():
                return xsd.text_of(value, xsd.SECRET, parameter)
            case _:
                return xsd.text_of(str(value), xsd.STRING, parameter)

    def _date(self, value: datetime) -> str:
        if self._dates == "document":
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        aware = value if value.tzinfo else value.replace(tzinfo=self._timezone)
        # Without an offset WCF takes the milliseconds for UTC and is an hour off in summer.
        return f"/Date({int(aware.timestamp() * 1000)}{aware:%z})/"


def _json(reply: Reply) -> object:
    """The JSON value of a reply; None for nothing. Raises ServiceFault or ProtocolError."""
    response = reply.response
    reply.refuse_redirect()
    media_type, _ = reply.content_type()
    if response.status in _PAGES and media_type in ("text/html", "application/xhtml+xml"):
        page = reply.clean(_text_of_page(response.body))[:500]  # cut when clean, not in a secret
        raise ServiceFault(code=f"HTTP{response.status}", reason=page)
    if response.status != 200:
        reply.refuse("the reply is neither a success nor a fault")
    if not response.body.strip():
        return None
    if media_type.endswith("xml") or response.body.lstrip().startswith(b"<"):
        kind = "HTML" if "html" in media_type else "XML"
        reply.refuse(f"the reply is {kind} where JSON was asked for")
    if sum(response.body.count(mark) for mark in b",[{") > _MOST_VALUES:
        reply.refuse(f"the reply holds more than {_MOST_VALUES} values")
    try:
        return json.loads(
            response.body,
            parse_constant=_refuse_constant,
            parse_float=str,
            parse_int=str,
            object_pairs_hook=each_once,
        )
    except (ValueError, RecursionError):
        reply.refuse("the reply cannot be read as JSON")


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object's members. Raises ValueError where one stands twice: nobody can say which one counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands more than once")
    return members


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _value(value: object, field: Any, member: Member) -> object:
    """A JSON value as a member of a record; None where it is null and may not be."""
    record = record_of(field)
    if value is None:
        return NIL if member.nillable or record else None
    if record is None:
        return _simple(value, member)
    fields = members_of(record)
    if len(fields) == 1 and fields[0][1].repeated:
        [(item_field, item)] = fields
        if not isinstance(value, list):
            raise InvalidValue(member.name, "is no array")
        return record(**{item_field.name: tuple(_value(each, item_field, item) for each in value)})
    if not isinstance(value, dict):
        raise InvalidValue(member.name, "is no object")
    return record(**{f.name: _value(value[m.name], f, m) for f, m in fields if m.name in value})


def _simple(value: object, member: Member) -> object:
    """Numbers have come as text from the JSON parser, so quoted or not they are the same here."""
    if isinstance(value, bool):
        value = "true" if value else "false"
        if member.type != "boolean":
            raise InvalidValue(member.name, f"{value} is not an {member.type}")
    if not isinstance(value, str) or member.simple is None:
        raise InvalidValue(member.name, f"is no {member.type}")
    try:
        return member.simple.parse(value)
    except ValueError as error:
        raise InvalidValue(member.name, str(error)) from None


def _text_of_page(body: bytes) -> str:
    """The words of a page, without its styles and scripts."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(shown(body[:65_536]).encode(), parser)
    except etree.LxmlSyntaxError:
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, "style", "script", "title", with_tail=False)
    return " ".join(" ".join(map(str, root.itertext())).split())
