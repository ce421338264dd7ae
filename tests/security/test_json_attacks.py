"""JSON that is made to harm: refused by the client and by the sandbox, which goes on as before."""

import json

import pytest
import requests

from buzzeasy_soap import ProtocolError
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.rest import RestBinding
from buzzeasy_soap.wire.messages import HttpResponse
from tests.security.test_xml_attacks import bounded

DEEP, LONG = 100_000, 900_000
VALUES: dict[str, str] = {
    "deep arrays": "[" * DEEP + "]" * DEEP,
    "deep arrays without end": "[" * LONG,
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "a number of many digits": "1" * LONG,
    "a negative one": "-" + "9" * 5000,
    "a number past all doubles": "1e999999",
    "a tiny number": "1e-999999",
    "a number with a fraction": "1.5",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "a bool": "true",
    "an object": '{"a": 1}',
    "a huge text": json.dumps("x" * LONG),
    "digits of another script": '"\u0661"',
    "a number with underscores": '"1_000"',
    "a number in hex": '"0x10"',
    "a lone surrogate": '"\\ud800"',
    "a null character": '"\\u0000"',
    "half of it": "[1, 2",
    "two values": "1 2",
    "a comment": "1 // one",
    "single quotes": "'1'",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_the_client_refuses_it_for_a_number(value) -> None:
    with bounded(), pytest.raises(ProtocolError) as caught:
        decode(callback.GET_EWT_BY_SERVICE_ID, value.encode())
    assert len(str(caught.value)) < 500


MEMBERS = {
    "the same member twice": b'{"ConfirmationCode":"BZ1","ResultCode":0,"ConfirmationCode":"BZ2"}',
    "the same member twice, once escaped": b'{"ConfirmationCode":"BZ1","ResultCode":0,"\\u0043onfirmationCode":"BZ2"}',
    "two results": b'{"RequestCallWhenAvailableResult":1,"RequestCallWhenAvailableResult":2}',
    "bad UTF-8": b'{"ConfirmationCode":"\xff\xfe"}',
    "an array": b'[{"ConfirmationCode":"BZ1","ResultCode":0}]',
    "a member that is an array": b'{"ConfirmationCode":["BZ1"],"ResultCode":0}',
    "half of UTF-16": '{"ConfirmationCode":"BZ1"}'.encode("utf-16")[:-1],
    "half of UTF-32": b"\x00\x00\xfe\xff\x00",
}


@pytest.mark.parametrize("body", MEMBERS.values(), ids=MEMBERS.keys())
def test_the_client_refuses_a_message(body) -> None:
    with pytest.raises(ProtocolError):
        decode(callback.REQUEST_CALL_WHEN_AVAILABLE, body)


def test_an_object_is_no_empty_list() -> None:
    with pytest.raises(ProtocolError):
        decode(callback.GET_AVAILABLE_TIMES, b'{"error": "no"}')


@pytest.mark.parametrize("count", [400_000, 1_000_000])
def test_the_client_reads_many_members_or_refuses_them(count) -> None:
    members = ",".join(f'"{n:x}":1' for n in range(count)).encode()
    body = b"{" + members + b',"CustomerName":"A"}'
    with bounded():
        if count < 500_000:
            record = decode(info.GET_CALL_DATA_BY_PIN, body)
            assert record.get_call_data_by_pin_result.customer_name == "A"
        else:
            with pytest.raises(ProtocolError, match="more than 500000"):
                decode(info.GET_CALL_DATA_BY_PIN, body)


def decode(operation, body: bytes):
    from zoneinfo import ZoneInfo

    binding = RestBinding(dates="document", timezone=ZoneInfo("Europe/London"))
    request = operation.request.record()
    return binding.decode(operation, request, HttpResponse(200, {"content-type": "application/json"}, body))


# The sandbox --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


def post(sandbox: Sandbox, path: str, body: str | bytes) -> requests.Response:
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return requests.post(sandbox.url + path, data, headers={"Content-Type": "application/json"}, timeout=60)


REST = f"{SERVICES['RequestCallbackService'].path}/rest/UpdateEWTRecord"


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_the_sandbox_refuses_it(value, sandbox) -> None:
    member = f'{{"serviceQueue":1,"company":1,"password":"P@ssword","ewt":{value}}}'
    # An object without members is a request too, for nobody: it stands as a member alone.
    for body in [member] if value == VALUES["an object"] else [member, value]:
        with bounded():
            reply = post(sandbox, REST, body)
        assert reply.status_code == 400
        assert "could not be read" in reply.text  # and not: it broke down
        assert len(reply.text) < 1000


def test_the_sandbox_refuses_a_member_that_stands_twice(sandbox) -> None:
    reply = post(sandbox, REST, '{"company":1,"company":2,"serviceQueue":1,"ewt":1,"password":"P@ssword"}')
    assert reply.status_code == 400


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_the_readers_of_the_controls_refuse_it(value, sandbox) -> None:
    for path in ("/sandbox/reset", "/console/screen-pop"):
        with bounded():
            refused(post(sandbox, path, value))
    assert requests.get(f"{sandbox.url}/sandbox/clock", timeout=30).ok


MEMBERS_OF_CONTROLS = {
    "clock": ("/sandbox/clock", '{{"advance_seconds": {}}}'),
    "delay": ("/sandbox/faults", '{{"operation": "UpdateEWTRecord", "kind": "delay", "seconds": {}}}'),
    "times": ("/sandbox/faults", '{{"operation": "UpdateEWTRecord", "kind": "delay", "times": {}}}'),
    "operation": ("/sandbox/faults", '{{"operation": {}, "kind": "delay"}}'),
    "queue": (
        "/console/calls", '{{"company": 1, "queue": {}, "name": "x", "phone_no": "+447700900123"}}'
    ),
    "minutes": ("/console/ewt", '{{"company": 1, "queue": 1, "minutes": {}}}'),
}  # fmt: skip


@pytest.mark.parametrize(("path", "command"), MEMBERS_OF_CONTROLS.values(), ids=MEMBERS_OF_CONTROLS.keys())
def test_no_value_that_json_reads_breaks_a_control_down(path, command, sandbox) -> None:
    for value in VALUES.values():
        if is_json(value):
            with bounded():
                refused(post(sandbox, path, command.format(value)))
    assert requests.get(f"{sandbox.url}/sandbox/clock", timeout=30).ok


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def refused(reply: requests.Response) -> None:
    assert reply.status_code < 500, reply.request.body[:100]
    assert len(reply.text) < 2000


def test_it_goes_on_as_before(sandbox) -> None:
    sandbox.reset()
    reply = post(sandbox, REST, '{"serviceQueue":"1","company":"1","password":"P@ssword","ewt":"7"}')
    assert reply.json() is True
