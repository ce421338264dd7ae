"""A service, or what stands before it, that sends the request back: no error of ours quotes the password."""

import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from buzzeasy_soap import BuzzeasyError, Retry, Secret, ServiceFault
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.redaction import without_traceback
from tests.security.leaks import Password, assert_hidden, everything_logged, shown_by, told_by
from tests.security.test_leaks import OPERATIONS
from tests.support.clients import KINDS, open_client
from tests.support.scripted import Received, Reply, ScriptedServer, fault_bytes, http, raw, soap_bytes

CONTRACT = {**callback.SERVICE.operations, **info.SERVICE.operations}
_ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
_JSON = "application/json; charset=utf-8"


def _sent(request: Received) -> str:
    return request.body.decode() or request.path


def _page(status: int, escape: Callable[[str], str] = html.escape, encoding: str = "utf-8") -> Callable:
    def reply(request: Received, password: str, operation: str) -> Reply:
        text = (
            f"<html><body><p>Request Error: {escape(_sent(request))} ({escape(password)})</p></body></html>"
        )
        return http(text.encode(encoding, "replace"), status=status, content_type="text/html")

    return reply


def _fault(request: Received, password: str, operation: str) -> Reply:
    text = html.escape(f"{_sent(request)} / {password}", quote=False)
    wsse = f"<detail><Password>{html.escape(password)}</Password><e>{text}</e></detail>"
    fault = f"<s:Fault><faultcode>s:{quote(password)}</faultcode><faultstring>{text}</faultstring>{wsse}</s:Fault>"
    return http(_ENVELOPE.format(fault), status=500)


def _wrong_type(request: Received, password: str, operation: str) -> Reply:
    """A value where another type is expected."""
    found = CONTRACT[operation]
    tag, text = found.response.tag.rpartition("}"), html.escape(password)
    result = f"<{found.name}Result><{text[:0]}a>{text}</a>{text}</{found.name}Result>"
    body = _ENVELOPE.format(f'<{tag[2]} xmlns="{tag[0][1:]}">{result}</{tag[2]}>')
    return http(body)


def _wrong_time(request: Received, password: str, operation: str) -> Reply:
    """Slots whose times are none."""
    slot = callback.TimeSlot(available=True, time_from=password, time_slot_id=1, time_to=password)
    record = callback.GetAvailableTimesResponse(
        get_available_times_result=callback.ArrayOfTimeSlot(time_slot=(slot,))
    )
    if request.headers.get("content-type", "").startswith("application/json"):
        times = [{"TimeSlotID": 1, "TimeFrom": password, "TimeTo": password, "Available": True}]
        return http(json.dumps(times), content_type=_JSON)
    return http(soap_bytes(callback.GET_AVAILABLE_TIMES, record))


def _cut(content_type: str, *, honest: bool) -> Callable:
    def reply(request: Received, password: str, operation: str) -> Reply:
        text = html.escape(f"<a>the password was {password[: len(password) * 2 // 3]}".strip())
        return http(text, content_type=content_type, length=None if honest else 5000, keep=False)

    return reply


def _bytes(template: str) -> Callable:
    def reply(request: Received, password: str, operation: str) -> Reply:
        shown = password.encode("ascii", "ignore").decode()
        told = template.format(password=shown, path=request.path, quoted=quote(password))
        return raw(told.encode("latin-1"), keep=False)

    return reply


ECHOES: dict[str, Callable[[Received, str, str], Reply]] = {
    "gateway page": _page(502),
    "gateway page, not escaped": _page(503, escape=str),
    "page of REST": _page(400),
    "page in UTF-16": _page(400, encoding="utf-16"),
    "page in Latin-1": _page(400, encoding="latin-1"),
    "login page": _page(200),
    "fault": _fault,
    "request as XML": lambda r, p, o: http(r.body or r.path),
    "request in an envelope": lambda r, p, o: http(_ENVELOPE.format(f"<a>{html.escape(_sent(r))}</a>")),
    "request as JSON": lambda r, p, o: http(r.body or json.dumps(r.path), content_type=_JSON),
    "request within JSON": lambda r, p, o: http(json.dumps({"error": _sent(r)}), content_type=_JSON),
    "a JSON text": lambda r, p, o: http(json.dumps(p), content_type=_JSON),
    "JSON of .NET": lambda r, p, o: http(
        json.dumps({"Message": p}).replace("&", r"\u0026").replace("/", r"\/"), content_type=_JSON, status=500
    ),
    "no JSON": lambda r, p, o: http(f"{{'password': '{p}', {_sent(r)}", content_type=_JSON),
    "wrong type": _wrong_type,
    "wrong time": _wrong_time,
    "cut short": _cut("text/xml", honest=False),
    "cut short, and says so": _cut("text/xml", honest=True),
    "cut short in JSON": _cut(_JSON, honest=True),
    "redirect": lambda r, p, o: http(
        "", status=302, headers={"Location": f"https://elsewhere.example{r.path}#{quote(p)}"}
    ),
    "redirect to nowhere": lambda r, p, o: http(
        "", status=307, headers={"Location": f"http://[{quote(p)}/"}
    ),
    "content type": lambda r, p, o: http("x", content_type=f"text/{quote(p)}; charset={quote(p)}"),
    "status line": _bytes("HTTP/1.1 500 {password}\r\nContent-Length: 0\r\n\r\n"),
    "no status": _bytes("HTTP/1.1 {password} X\r\n\r\n"),
    "headers": _bytes("HTTP/1.1 200 OK\r\nX-You-Sent: {password}\r\nContent-Length: 1\r\n\r\nx"),
    "broken headers": _bytes("HTTP/1.1 200 OK\r\n{password}\r\nX: {path}\r\n y{quoted}\r\nContent-Length: 1\r\n\r\nx"),
    "no HTTP": _bytes("{password} {path}\r\n\r\n"),
    "broken chunks": _bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{password}\r\n{password}"),
    "broken gzip": _bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n{quoted}"),
    "a length that is none": _bytes("HTTP/1.1 200 OK\r\nContent-Length: {password}\r\n\r\n{password}"),
}  # fmt: skip

ONLY = {"wrong time": "GetAvailableTimes", "wrong type": "GetEWTByServiceID"}
# Anything that XML carries, with what escapes; the tokens are what is looked for.
_between = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_characters="\x7f")
    | st.sampled_from("&<>\"'%+/\\é ;#\U0001f600"),
    max_size=6,
)
passwords = _between.map(lambda between: Password(between=between))


@pytest.fixture(scope="module")
def zeep_binding() -> ZeepBinding:
    return ZeepBinding()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("echo", ECHOES)
@settings(max_examples=1, deadline=None)
@given(password=passwords, operation=st.sampled_from(sorted(OPERATIONS)))
def test_no_error_quotes_the_password(kind, echo, zeep_binding, password, operation) -> None:
    operation = ONLY.get(echo, operation)
    raised, outputs = ask(kind, ECHOES[echo], password, operation, zeep_binding)
    assert raised
    assert_hidden([password], outputs)


def ask(kind, echo, password, operation, binding) -> tuple[BuzzeasyError | None, list[str]]:
    """What one call raises, and all that it shows."""

    def reply(sock, request) -> bool:
        return echo(request, str(password), operation)(sock, request)

    raised, records = None, []
    engine = {"engine": binding} if kind == "soap-zeep" else {}
    with everything_logged() as log, ScriptedServer((reply,)) as server:
        options = {"password": Secret(str(password)), "hooks": [records.append], **engine}
        with open_client(kind, server.endpoints, retry=Retry(attempts=1), **options) as client:
            try:
                OPERATIONS[operation](client)
            except BuzzeasyError as error:
                raised = error
        inner = getattr(client, "_client", client)
        told = [] if raised is None else list(told_by(raised))
        return raised, [*told, *log.texts, *map(repr, records), *shown_by(inner._delivery, inner._adapter)]


@pytest.mark.parametrize("binding", [SoapBinding(), ZeepBinding()], ids=["generated", "zeep"])
def test_the_record_of_a_declared_fault_does_not_hold_it_either(binding) -> None:
    password, declared = Password(), info.GET_CALL_DATA_BY_PIN.request
    operation = evolve(callback.GET_EWT_BY_SERVICE_ID, faults=(declared,))
    request = callback.GetEWTByServiceID(password=Secret(str(password)))
    pin = f"sent: {html.escape(str(password))}"
    name = declared.tag.rpartition("}")[2]
    detail = f'<detail><{name} xmlns="http://tempuri.org/"><pin>{pin}</pin></{name}></detail>'
    body = fault_bytes("Sender", "no", detail=detail)
    with pytest.raises(ServiceFault) as caught:
        binding.decode(operation, request, HttpResponse(500, {"content-type": "text/xml"}, body))
    assert caught.value.record == info.GetCallDataByPin(pin="sent: ***")
    assert_hidden([password], told_by(without_traceback(caught.value)))  # as delivery raises it
