"""Faults that are asked for, seen from the other end of the socket."""

import contextlib
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from buzzeasy_soap.sandbox import Sandbox

BODY = json.dumps(
    {"name": "Ada", "phoneNo": "+447700900123", "serviceQueue": 1, "company": 1, "password": "P@ssword"}
).encode()
REST = "/RequestCallbackService/Service.svc/rest/RequestCallWhenAvailable"
SOAP = "/RequestCallbackService/Service.svc"
SOAP_BODY = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<RequestCallWhenAvailable xmlns="http://tempuri.org/"><name>Ada</name><phoneNo>+447700900123</phoneNo>'
    b"<serviceQueue>1</serviceQueue><company>1</company><password>P@ssword</password>"
    b"</RequestCallWhenAvailable></s:Body></s:Envelope>"
)


def message(protocol: str) -> bytes:
    path, body, headers = {
        "SOAP": (
            SOAP,
            SOAP_BODY,
            "Content-Type: text/xml\r\nSOAPAction: http://tempuri.org/IService/RequestCallWhenAvailable",
        ),
        "REST": (REST, BODY, "Content-Type: application/json"),
    }[protocol]
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@pytest.fixture(params=["SOAP", "REST"])
def call(
    request: pytest.FixtureRequest, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[[], bytes]]:
    """Sends one call and answers all bytes that come back until the connection ends."""
    opened: list[socket.socket] = []

    def send() -> bytes:
        connection = socket.create_connection(("127.0.0.1", sandbox.port), timeout=30)
        opened.append(connection)
        connection.sendall(message(request.param).replace(b"\r\nHost", b"\r\nConnection: close\r\nHost"))
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received

    with caplog.at_level(logging.WARNING):
        yield send
    for connection in opened:
        connection.close()
    # A fault is no mishap of the server's.
    assert caplog.text == ""
    assert requests.get(f"{sandbox.url}/sandbox/calls", timeout=30).status_code == 200


def placed(sandbox: Sandbox) -> int:
    return len(sandbox.calls())


OPERATION = "RequestCallWhenAvailable"


def test_drop_before_read(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "drop_before_read")
    # What was sent and never read can make the kernel say so.
    with contextlib.suppress(ConnectionResetError):
        assert call() == b""
    assert placed(sandbox) == 0
    assert b" 200 " in call()


def test_drop_after_commit(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "drop_after_commit")
    assert call() == b""
    assert placed(sandbox) == 1


def test_reset(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "reset")
    with pytest.raises(ConnectionResetError):
        call()
    assert placed(sandbox) == 0


def test_truncate(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "truncate")
    head, _, body = call().partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert len(body) == length // 2
    assert placed(sandbox) == 1


def test_garbage(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "garbage")
    received = call()
    assert b" 200 " in received
    assert bytes(range(256)) in received
    assert placed(sandbox) == 1


def test_html_502(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "html_502")
    received = call()
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway")
    assert b"text/html" in received
    assert placed(sandbox) == 0


def test_soap_fault(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "soap_fault")
    received = call()
    assert b"InternalServiceFault" in received or b"Request Error" in received
    assert placed(sandbox) == 0


def test_delay(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "delay", seconds=0.2)
    began = time.monotonic()
    assert b" 200 " in call()
    assert time.monotonic() - began >= 0.2
    assert placed(sandbox) == 1


def test_slow_drip(sandbox: Sandbox, call: Callable[[], bytes]) -> None:
    sandbox.fail_next(OPERATION, "slow_drip", seconds=0.0005)
    began = time.monotonic()
    received = call()
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"BZ" in received
    assert time.monotonic() - began >= len(received) * 0.0005
    assert placed(sandbox) == 1


@pytest.mark.parametrize("kind", ["delay", "slow_drip"])
def test_a_client_that_leaves_ends_it(sandbox: Sandbox, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.fail_next(OPERATION, kind, seconds=3600)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=30) as connection:
        connection.sendall(message("SOAP"))
        while not placed(sandbox):
            time.sleep(0.01)
    tasks = sandbox._server.server_state.tasks
    for _ in range(500):
        if not tasks:
            break
        time.sleep(0.01)
    assert not tasks
    assert caplog.text == ""


@pytest.mark.parametrize("kind", ["delay", "slow_drip"])
def test_closing_does_not_wait_for_it(kind: str) -> None:
    sandbox = Sandbox()
    sandbox.fail_next(OPERATION, kind, seconds=3600)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=30) as connection:
        connection.sendall(message("REST"))
        while not placed(sandbox):
            time.sleep(0.01)
        sandbox.close()


def test_times_and_order(sandbox: Sandbox, caller: Any) -> None:
    reply = requests.post(
        f"{sandbox.url}/sandbox/faults",
        json={"operation": OPERATION, "kind": "html_502", "times": 2},
        timeout=30,
    )
    assert reply.json() == [{"operation": OPERATION, "kind": "html_502", "times": 2, "seconds": 0}]
    sandbox.fail_next(OPERATION, "soap_fault")
    sandbox.fail_next("UpdateEWTRecord", "soap_fault")

    def status() -> int:
        return requests.post(
            sandbox.url + REST, data=BODY, headers={"Content-Type": "application/json"}, timeout=30
        ).status_code

    assert [status() for _ in range(4)] == [502, 502, 400, 200]
    sandbox.reset()
    assert caller.update_ewt(5) is True
    assert requests.get(f"{sandbox.url}/sandbox/faults", timeout=30).json() == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ({}, "operation must be one of"),
        ({"operation": "Nothing", "kind": "delay"}, "GetCallDataByPin"),
        ({"operation": OPERATION}, "slow_drip"),
        ({"operation": OPERATION, "kind": "explode"}, "drop_after_commit"),
        ({"operation": OPERATION, "kind": ["delay"]}, "kind must be"),
        ({"operation": OPERATION, "kind": "delay", "times": 0}, "times must be"),
        ({"operation": OPERATION, "kind": "delay", "times": True}, "times must be"),
        ({"operation": OPERATION, "kind": "delay", "seconds": -1}, "seconds must be"),
        ({"operation": OPERATION, "kind": "delay", "seconds": "1"}, "seconds must be"),
        ({"operation": OPERATION, "kind": "delay", "sec": 1}, "only operation, kind, times and seconds"),
    ],
)
def test_an_invalid_plan_is_explained(sandbox: Sandbox, command: dict[str, Any], message: str) -> None:
    reply = requests.post(f"{sandbox.url}/sandbox/faults", json=command, timeout=30)
    assert reply.status_code == 400
    assert message in reply.json()["error"]
    if {"operation", "kind"} <= command.keys() and not command.keys() - {
        "operation",
        "kind",
        "times",
        "seconds",
    }:
        with pytest.raises(ValueError, match=message):
            sandbox.fail_next(**command)


def test_a_client_that_leaves_in_mid_request_is_no_mishap(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=30) as connection:
        connection.sendall(message("SOAP")[:-20])
    time.sleep(0.05)
    assert placed(sandbox) == 0
    assert caplog.text == ""
