"""What is fuzzed: each target takes bytes, and raises for anything but a documented refusal.

The first line of the bytes says what they are; the rest is what came over the wire. Both ends of the
wire read it, so that each input does the work of two.
"""

import asyncio
import atexit
import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.errors import BuzzeasyError
from buzzeasy_soap.events.protocol import Connection
from buzzeasy_soap.events.replay import History
from buzzeasy_soap.events.sse import EventReader
from buzzeasy_soap.mapping.calls import Adapter, PreparedCall
from buzzeasy_soap.sandbox.clock import ServiceClock
from buzzeasy_soap.sandbox.config import SandboxConfig
from buzzeasy_soap.sandbox.hub.route import HubRoute
from buzzeasy_soap.sandbox.hub.settings import HubSettings
from buzzeasy_soap.sandbox.rest import RestCodec
from buzzeasy_soap.sandbox.service import CallbackParams, CallbackService, Credentials
from buzzeasy_soap.sandbox.soap import SoapCodec
from buzzeasy_soap.sandbox.store import Store
from buzzeasy_soap.wire import forms
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.bindings.rest import RestBinding
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.envelope import Unreadable, body_of, parse
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import BY_NAME
from buzzeasy_soap.wire.xsd import InvalidValue

_ZONE: Final = ZoneInfo("Europe/London")
_MORNING: Final = dt.datetime(2017, 4, 11, 7, tzinfo=_ZONE)
_ADAPTER: Final = Adapter(company=1, password=Secret("Kx9zQ"), timezone=_ZONE, service_queue=1)
_CALLS: Final[Mapping[str, PreparedCall[Any, Any, Any]]] = {
    call.operation.name: call
    for call in (
        _ADAPTER.request_call_when_available("Ada", "+447700900123", None, (), None),
        _ADAPTER.request_call_schedule("Ada", "+447700900123", 4, _MORNING.date(), None, (), None),
        _ADAPTER.get_available_times(_MORNING, None),
        _ADAPTER.get_next_three_time_slots(_MORNING, None),
        _ADAPTER.update_ewt_record(5, None),
        _ADAPTER.get_ewt_by_service_id(None),
        _ADAPTER.get_call_data_by_number("+447700900123"),
        _ADAPTER.get_call_data_by_pin("1234"),
    )
}
_OPERATIONS: Final = {name: o for service in SERVICES.values() for name, o in service.operations.items()}
_SOAP: Final = (SoapBinding(), ZeepBinding())
_REST: Final = (RestBinding(dates="document", timezone=_ZONE),)


def soap(data: bytes) -> None:
    """`<operation> <status> <content type>`, then an envelope: a reply to the client, a request to the sandbox."""
    operation, head, body = _told(data)
    _reply(_SOAP, operation, head, body)
    request = _request("POST", content_type=head[1])
    with suppress(Unreadable, InvalidValue):
        SoapCodec().read(operation, request, body)
    SoapCodec().shown(request, body)


def rest(data: bytes) -> None:
    """`<operation> <status> <content type>`, then JSON or a page: a reply, a request, and a query."""
    operation, head, body = _told(data)
    _reply(_REST, operation, head, body)
    for request in (
        _request("POST", content_type=head[1]),
        _request("POST", content_type="application/json"),
        _request("GET", query=body),
    ):
        with suppress(Unreadable, InvalidValue):
            RestCodec("bare").read(operation, request, body)


def form(data: bytes) -> None:
    """`<operation>`, then an envelope: what is read as text is what lxml reads."""
    operation, _, body = _told(data)
    quick = forms.read(operation.response, body)
    if quick is None:
        return
    element = body_of(parse(body))
    if element.tag != operation.response.tag or BY_NAME.read(operation.response.shape, element) != quick:
        raise AssertionError(f"lxml reads it differently: {quick}")


def _told(data: bytes) -> tuple[Operation[Any, Any], tuple[int, str], bytes]:
    line, _, body = data.partition(b"\n")
    name, _, rest = line.decode("latin-1").partition(" ")
    status, _, content_type = rest.partition(" ")
    names = sorted(_OPERATIONS)
    operation = _OPERATIONS.get(name) or _OPERATIONS[names[sum(line) % len(names)]]
    number = int(status) if status.isascii() and status.isdigit() and len(status) == 3 else 200
    return operation, (number, content_type), body


def _reply(
    bindings: tuple[Binding, ...], operation: Operation[Any, Any], head: tuple[int, str], body: bytes
) -> None:
    """Each binding reads it as a reply, and the adapter says what it means."""
    status, content_type = head
    headers = {"content-type": content_type}
    if status // 100 == 3:
        headers["location"] = body.decode("latin-1")
    call = _CALLS[operation.name]
    outcomes = []
    for binding in bindings:
        try:
            record = binding.decode(operation, call.request, HttpResponse(status, headers, body))
        except BuzzeasyError as error:
            outcomes.append(type(error))
            str(error)
            continue
        outcomes.append(record)
        with suppress(BuzzeasyError):
            call.answer(record)
    if any(outcome != outcomes[0] for outcome in outcomes):
        raise AssertionError(f"the bindings read it differently: {outcomes}")


def _request(method: str, *, content_type: str = "", query: bytes = b"") -> Request:
    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": query.replace(b"\n", b""),
        "headers": [(b"content-type", content_type.encode("latin-1"))],
        "server": ("127.0.0.1", 80),
        "scheme": "http",
    }
    return Request(scope)


# The hub --------------------------------------------------------------------------------------------


def hub(data: bytes) -> None:
    """`<method> <path?query>`, then a body: frames for the client, and a request of the hub."""
    line, _, body = data.partition(b"\n")
    _client(body)
    _LOOP.run_until_complete(_serve(line.decode("latin-1"), body))


def _client(body: bytes) -> None:
    connection = Connection("http://127.0.0.1", ["NotifyMe"])
    with suppress(BuzzeasyError):
        connection.negotiated(body, 0.0)
        connection.connect_url("longPolling")
    history = History(delivered=["CallingAgent"])
    history.subscribed_again(0.0)
    reader = EventReader()
    frames: list[bytes | str] = [body]
    with suppress(BuzzeasyError):
        frames += [event for chunk in (body[:7], body[7:]) for event in reader.feed(chunk)]
    for frame in frames:
        with suppress(BuzzeasyError):
            for call in connection.receive(frame, 0.0).calls:
                call.is_to("NotifyMe", "updateStatus")
                history.receive(str(call.arguments[:1]), 0.0)


_LOOP: Final = asyncio.new_event_loop()
_SERVICE: Final = CallbackService(
    SandboxConfig(), ServiceClock(_ZONE, start=_MORNING, speed=1e-9), Store(None)
)
_SERVICE.request_call_when_available(
    Credentials(1, Secret("P@ssword"), 1), CallbackParams("Ada", "+447700900123", None, (None,) * 10)
)
_CODE: Final = _SERVICE.calls()[0][0].confirmation_code
_HUB: Final = HubRoute(
    _SERVICE, HubSettings(connection_timeout=0.001, keep_alive=None, disconnect_timeout=0.05)
)

_NUMBERS: Final = itertools.count()
"""Of the connections: each input has its own, so that none finds the one that another aborted."""


async def _serve(line: str, body: bytes) -> None:
    """The hub answers it, whatever it is; `TOKEN` and `CODE` stand for ones that are good."""
    method, _, target = line.partition(" ")
    token = _HUB._clients.new_token(str(next(_NUMBERS)))  # noqa: SLF001 - a fuzzer cannot guess one
    path, _, query = target.replace("TOKEN", token.replace("+", "%2B")).partition("?")
    frames = body.replace(b"CODE", _CODE.encode())
    scope = {
        "type": "websocket" if method == "WS" else "http",
        "method": method,
        "path": f"/signalr{path}",
        "query_string": query.encode("latin-1"),
        "headers": [(b"origin", b"http://a.example")],
        "app": _APP,
    }
    await _HUB.handle(scope, _receiving(scope["type"] == "websocket", frames), _swallow)


_APP: Final = SimpleNamespace(state=SimpleNamespace(closing=asyncio.Event()))


@atexit.register
def _close() -> None:
    """Let what waits for the hub's end see it."""
    _APP.state.closing.set()
    _LOOP.run_until_complete(asyncio.sleep(0.01))
    _LOOP.close()


def _receiving(web_socket: bool, body: bytes) -> Callable[[], Any]:
    if web_socket:
        messages: list[dict[str, Any]] = [{"type": "websocket.connect"}]
        messages += [
            {"type": "websocket.receive", "text": text}
            for text in body.decode("utf-8", "replace").split("\n")
        ]
        messages.append({"type": "websocket.disconnect"})
    else:
        messages = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    return receive


async def _swallow(message: Mapping[str, Any]) -> None:
    """What the hub sends must be bytes by now."""
    for part in (message.get("body", b""), message.get("text", "").encode()):
        memoryview(part)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {"soap": soap, "form": form, "rest": rest, "hub": hub}
