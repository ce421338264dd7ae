"""The sandbox as a server that somebody means harm: limits, malformed HTTP, injection, tokens, paths, neighbours."""

import datetime as dt
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, Endpoints, RequestRefused
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox import limits as limits_module
from tests.security.leaks import everything_logged

NUMBER = "+447700900123"
NOW = dt.datetime(2017, 4, 11, 7)
CALLBACK, INFO = SERVICES["RequestCallbackService"].path, SERVICES["BuzzMeInfo"].path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=NOW, speed=1e-6) as running:
        yield running


def client_of(sandbox: Sandbox, company: int = 1) -> BuzzeasyClient:
    password, queue = {1: ("P@ssword", 1), 2: ("Secret2", 3)}[company]
    endpoints = Endpoints.sandbox(sandbox.port)
    return BuzzeasyClient(endpoints=endpoints, company=company, password=password, service_queue=queue)


def connect(sandbox: Sandbox) -> socket.socket:
    return socket.create_connection(("127.0.0.1", sandbox.port), timeout=60)


def answer_to(sandbox: Sandbox, data: bytes) -> bytes:
    """All that comes back until the sandbox closes, or has been silent for a while."""
    with connect(sandbox) as sock:
        with suppress(ConnectionError):
            sock.sendall(data)
        sock.settimeout(1)
        received = b""
        with suppress(TimeoutError, ConnectionError):
            while piece := sock.recv(65536):
                received += piece
                if b"\r\n\r\n" in received:
                    sock.settimeout(0.1)
        return received


def alive(sandbox: Sandbox) -> bool:
    with client_of(sandbox) as client:
        return client.get_ewt_by_service_id() is not None


# Limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [CALLBACK, f"{CALLBACK}/rest/UpdateEWTRecord", "/sandbox/reset"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(path, chunked, sandbox) -> None:
    body = b"x" * (limits_module.LARGEST_BODY + 1)
    data = iter([body[:1000], body[1000:]]) if chunked else body
    headers = {"Content-Type": "text/xml", "SOAPAction": "http://tempuri.org/IService/UpdateEWTRecord"}
    if "rest" in path:
        headers["Content-Type"] = "application/json"
    reply = requests.post(sandbox.url + path, data, headers=headers, timeout=60)
    assert reply.status_code == 413
    assert reply.headers["Connection"] == "close"


def test_headers_that_are_too_large_are_refused(sandbox) -> None:
    answer = answer_to(
        sandbox, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 400") or answer == b""  # closed, maybe before it was read
    answer = answer_to(sandbox, b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400") or answer == b""
    assert alive(sandbox)


HALVES = {
    "nothing at all": b"",
    "half a request line": b"POST /Requ",
    "headers without end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
    "a body without end": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
    "chunks without end": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a body that nobody reads": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{",
}


@pytest.mark.parametrize("start", HALVES.values(), ids=HALVES.keys())
def test_a_client_that_drips_is_cut_off_and_holds_up_nobody(start, monkeypatch) -> None:
    monkeypatch.setattr(limits_module, "LONGEST_RECEIVING", 0.4)
    with Sandbox() as sandbox, connect(sandbox) as sock:
        sock.sendall(start)
        began = time.monotonic()
        sock.settimeout(0.05)
        closed = False
        while not closed and time.monotonic() - began < 30:
            try:
                sock.sendall(b" " if start else b"")  # it drips for ever
                closed = sock.recv(65536) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                closed = True
        assert closed
        assert alive(sandbox)


def test_a_hundred_stalled_clients_hold_nothing_but_their_connections(sandbox) -> None:
    with everything_logged() as log:
        stalled = [connect(sandbox) for _ in range(100)]
        for sock, start in zip(stalled, list(HALVES.values()) * 20, strict=False):
            sock.sendall(start)
        began = time.monotonic()
        assert alive(sandbox)
        assert time.monotonic() - began < 10
        for sock in stalled:
            sock.close()
    assert not any("Traceback" in text for text in log.texts)


def test_a_request_that_comes_in_time_is_answered_however_slowly_it_came(monkeypatch) -> None:
    monkeypatch.setattr(limits_module, "LONGEST_RECEIVING", 5)
    with Sandbox() as sandbox, connect(sandbox) as sock:
        for _ in range(2):  # the second on the same connection
            for byte in b"GET /sandbox/clock HTTP/1.1\r\nHost: localhost\r\n\r\n":
                sock.sendall(bytes([byte]))
                time.sleep(0.001)
            assert sock.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_long_poll_outlives_the_time_limit_of_a_request(monkeypatch) -> None:
    monkeypatch.setattr(limits_module, "LONGEST_RECEIVING", 0.2)
    with Sandbox() as sandbox:
        sandbox.fail_next("UpdateEWTRecord", "delay", seconds=1)
        with client_of(sandbox) as client:
            client.update_ewt_record(5)  # answered a second later, on a connection that still is there


# Malformed HTTP ---------------------------------------------------------------------------------------

MALFORMED = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "binary": bytes(range(256)) * 4,
    "no version": b"GET /\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two lengths": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a negative length": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "a length of many digits": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n" % (b"9" * 400),
    "length and chunks": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "an unknown encoding": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a chunk size that is none": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a huge chunk size": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n" % (b"f" * 60),
    "a header without a name": b"GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "a header with a null": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
    "a host that is none": b"GET /RequestCallbackService/Service.svc?wsdl HTTP/1.1\r\nHost: [\r\n\r\n",
    "a host with a port that is none": b"GET /RequestCallbackService/Service.svc?wsdl HTTP/1.1\r\nHost: a:b:c\r\n\r\n",
    "a host with markup": b'GET /RequestCallbackService/Service.svc?singleWsdl HTTP/1.1\r\nHost: a"><script>\r\n\r\n',
    "a target that is no path": b"GET foo HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target with spaces": b"GET /a b c HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target in bytes": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "CONNECT": b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method of its own": b"JEFF /RequestCallbackService/Service.svc HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a bad upgrade": b"GET /signalr/connect?transport=webSockets HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "an upgrade elsewhere": (
        b"GET /sandbox/calls HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ),
    "an encoded body": b"POST /sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
    "a query in bytes": b"GET /RequestCallbackService/Service.svc?\xc3\x28=%ff%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a content type that is none": (
        b"POST /RequestCallbackService/Service.svc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
        b"Content-Type: text/xml; charset*=utf-16''%ff; charset=\"\\\"\r\nSOAPAction: \x7f\r\n\r\nx"
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_http_is_refused_or_read_as_what_it_is(data, sandbox) -> None:
    with everything_logged() as log:
        answer = answer_to(sandbox, data)
        assert alive(sandbox)
    assert not any("Exception in ASGI" in text for text in log.texts)
    assert re.match(rb"HTTP/1.1 [1-4]\d\d ", answer) or b":Fault>" in answer or not answer
    assert b"<script>" not in answer


# Injection --------------------------------------------------------------------------------------------

INJECTIONS = [
    "'; DROP TABLE calls; --",
    '" OR 1=1 --',
    "Robert'); DELETE FROM events WHERE ('1'='1",
    "%' UNION SELECT password FROM company --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></body><svg/onload=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\u202e\u2066abc\ufeff",
    "a\tb\nc",
    "../../../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "\U0001f600" * 50,
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_put_in_a_field_is_stored_and_shown_as_text(text, sandbox) -> None:
    sandbox.reset()
    with client_of(sandbox) as client:
        first = client.request_call_when_available("Ada", NUMBER)
        placed = client.request_call_when_available(text, NUMBER, fields=[text] * 10)
        data = client.get_call_data_by_number(NUMBER)
        assert data.customer_name == text
        assert [field.value for field in data.fields] == [text] * 10
        for found in (client.get_call_data_by_pin(text), client.get_call_data_by_number(text)):
            assert found is None
    reply = requests.get(f"{sandbox.url}/sandbox/calls", timeout=30)
    assert reply.headers["Content-Type"] == "application/json"
    calls = reply.json()
    assert [call["confirmation_code"] for call in calls] == [first.code, placed.code]
    assert calls[1]["name"] == text and calls[1]["fields"] == [text] * 10
    for path in ("/console/exchanges", "/console/overview"):
        shown = requests.get(sandbox.url + path, timeout=30)
        assert shown.headers["Content-Type"] == "application/json"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", INJECTIONS[4:7])
def test_no_page_quotes_markup(text, sandbox) -> None:
    """Whatever place of a request it stands in."""
    quoted = requests.utils.quote(text, safe="")
    rest = {"serviceQueue": text, "company": text, "password": text, "ewt": text}
    replies = [
        requests.get(f"{sandbox.url}{CALLBACK}?{quoted}", timeout=30),
        requests.get(f"{sandbox.url}{CALLBACK}/rest/{quoted}", timeout=30),
        requests.get(f"{sandbox.url}{INFO}/rest/GetCallDataByPin?companyId={quoted}&pin={quoted}", timeout=30),
        requests.get(f"{sandbox.url}/{quoted}", timeout=30),
        requests.get(f"{sandbox.url}/sandbox/calls/{quoted}", timeout=30),
        requests.get(f"{sandbox.url}/console/{quoted}", timeout=30),
        requests.get(f"{sandbox.url}/signalr/{quoted}?transport={quoted}", timeout=30),
        requests.post(f"{sandbox.url}{CALLBACK}/rest/UpdateEWTRecord", json=rest, timeout=30),
        requests.post(f"{sandbox.url}/sandbox/faults", json={text: text}, timeout=30),
        requests.post(f"{sandbox.url}{CALLBACK}", text.encode(), headers={"Content-Type": "text/xml", "SOAPAction": text}, timeout=30),
    ]  # fmt: skip
    for reply in replies:
        assert 400 <= reply.status_code < 500 or b"Fault" in reply.content
        if "html" in reply.headers.get("Content-Type", ""):
            assert text not in reply.text
            assert "<script" not in reply.text and "onerror" not in reply.text.replace("&quot;", "")
        else:
            # Plain text, JSON or SOAP: no browser makes a page of these.
            kind = reply.headers.get("Content-Type", "")
            assert kind.startswith(("application/json", "text/plain", "text/xml")) or (
                reply.headers.get("X-Content-Type-Options") == "nosniff" or not reply.content
            )


# Tokens -------------------------------------------------------------------------------------------------


def negotiated(sandbox: Sandbox) -> str:
    reply = requests.get(f"{sandbox.url}/signalr/negotiate?clientProtocol=1.4", timeout=30)
    return reply.json()["ConnectionToken"]


def started(sandbox: Sandbox, token: str) -> int:
    query = {"transport": "longPolling", "connectionToken": token}
    return requests.get(f"{sandbox.url}/signalr/start", query, timeout=30).status_code


def test_connection_tokens_cannot_be_made_up_changed_or_brought_along(sandbox) -> None:
    token = negotiated(sandbox)
    assert started(sandbox, token) == 200
    flipped = ("A" if token[0] != "A" else "B") + token[1:]
    longer = token[:-4] + "AAAA" + token[-4:]
    for forged in (flipped, longer, token[:-8], token[::-1], "AAAA", "x" * 10_000, "é", "=", token + "\x00"):
        assert started(sandbox, forged) == 400
    with Sandbox() as other:
        assert started(other, token) == 400
        assert started(sandbox, negotiated(other)) == 400


def test_a_token_is_good_for_its_own_purpose_alone(sandbox) -> None:
    """A groups token is no connection token, nor one connection's groups another's."""
    from buzzeasy_soap.sandbox.hub.tokens import Tokens

    tokens = Tokens()
    signed = tokens.sign("groups", "c:")
    assert tokens.read("groups", signed) == "c:"
    assert tokens.read("connection", signed) is None
    assert Tokens().read("groups", signed) is None


# Paths --------------------------------------------------------------------------------------------------

PATH_TRICKS = [
    "/../../../../etc/passwd",
    "/console/../../../../etc/passwd",
    "/console/..%2f..%2f..%2fetc%2fpasswd",
    "/console/%2e%2e/%2e%2e/routes.py",
    "/console/..%5c..%5croutes.py",
    "/console//etc/passwd",
    "/console/routes.py",
    "/console/%00",
    "/console/index.html%00.js",
    "//etc/passwd",
    "/RequestCallbackService/Service.svc?xsd=../../../../etc/passwd",
    "/RequestCallbackService/Service.svc?xsd=/etc/passwd",
    "/RequestCallbackService/Service.svc?xsd=xsd0%00",
    "/RequestCallbackService/Service.svc?xsd=contract.toml",
    "/RequestCallbackService/Service.svc/rest/../../sandbox/calls",
    "/RequestCallbackService/Service.svc/rest/..%2f..%2fsandbox%2fcalls",
    "/RequestCallbackService/Service.svc/..;/sandbox/calls",
    "/sandbox/calls/..%2f..%2fetc%2fpasswd",
    "/sandbox/calls/../calls",
]


@pytest.mark.parametrize("path", PATH_TRICKS)
def test_no_path_leads_out(path, sandbox) -> None:
    answer = answer_to(
        sandbox, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert re.match(rb"HTTP/1.1 4\d\d ", answer), answer[:300]
    assert b"root:" not in answer and b"import " not in answer and b"sha256" not in answer


def test_an_absolute_target_of_another_host_is_fetched_from_nowhere(sandbox) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as elsewhere:
        elsewhere.setblocking(False)
        port = elsewhere.getsockname()[1]
        answer = answer_to(
            sandbox, f"GET http://127.0.0.1:{port}/x HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        assert re.match(rb"HTTP/1.1 4\d\d ", answer)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


# Company 1 and company 2 ----------------------------------------------------------------------------------


def test_a_company_sees_nothing_of_another_s(sandbox) -> None:
    sandbox.reset()
    with client_of(sandbox, 1) as one, client_of(sandbox, 2) as two:
        placed = two.request_call_when_available("Of two", NUMBER, fields=["secret of two"])
        two.update_ewt_record(33)
        [call] = sandbox.calls()
        assert two.get_call_data_by_number(NUMBER).confirmation_code == placed.code
        assert two.get_call_data_by_pin(call["pin"]).confirmation_code == placed.code
        assert one.get_call_data_by_number(NUMBER) is None
        assert one.get_call_data_by_pin(call["pin"]) is None
        # The queue is two's, whoever asks with one's password.
        mine = one.with_options(service_queue=3)
        refused = 0
        for ask in (
            lambda: mine.get_ewt_by_service_id(),
            lambda: mine.update_ewt_record(1),
            lambda: mine.get_available_times(NOW),
            lambda: mine.get_next_three_time_slots(NOW),
            lambda: mine.request_call_when_available("A", NUMBER),
            lambda: mine.request_call_schedule("A", NUMBER, time_slot=9, date=NOW.date()),
        ):
            try:
                ask()
            except BuzzeasyError:
                refused += 1
        assert refused == 6
        assert two.get_ewt_by_service_id() == dt.timedelta(minutes=33)
        assert len(sandbox.calls()) == 1
        # Two's bookings take no place from one's slots.
        before = one.get_available_times(NOW)
        for _ in range(3):
            two.request_call_schedule("B", NUMBER, time_slot=20, date=NOW.date())
        assert one.get_available_times(NOW) == before
        assert len(two.get_available_times(NOW)) == len(before) - 1


def test_one_s_password_does_not_open_two(sandbox) -> None:
    endpoints = Endpoints.sandbox(sandbox.port)
    with BuzzeasyClient(endpoints=endpoints, company=2, password="P@ssword", service_queue=3) as client:
        assert client.get_call_data_by_number(NUMBER) is None
        with pytest.raises(RequestRefused):
            client.get_available_times(NOW)


# Origins and addresses ------------------------------------------------------------------------------------


def test_a_page_of_another_origin_moves_nothing(sandbox) -> None:
    headers = {"Origin": "http://evil.example"}
    with client_of(sandbox) as client:
        client.request_call_when_available("Ada", NUMBER)
    calls = len(sandbox.calls())
    assert requests.post(f"{sandbox.url}/sandbox/reset", headers=headers, timeout=30).status_code == 400
    command = json.dumps({"advance_seconds": 60})
    assert (
        requests.post(f"{sandbox.url}/sandbox/clock", command, headers=headers, timeout=30).status_code == 400
    )
    assert (
        requests.post(f"{sandbox.url}/console/ewt", command, headers=headers, timeout=30).status_code == 400
    )
    assert len(sandbox.calls()) == calls
    shown = requests.get(f"{sandbox.url}/sandbox/calls", headers=headers, timeout=30)
    assert "Access-Control-Allow-Origin" not in shown.headers  # so the page cannot read it
    own = {"Origin": sandbox.url}
    assert requests.post(f"{sandbox.url}/sandbox/clock", "{}", headers=own, timeout=30).status_code == 400
    assert requests.post(f"{sandbox.url}/sandbox/reset", headers=own, timeout=30).status_code == 200


def run_sandbox(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "buzzeasy_soap", "sandbox", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def first_lines(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith("Sandbox ready"):
            break
    return lines


def test_it_listens_on_this_machine_alone_unless_told_and_then_says_so() -> None:
    alone, open_ = run_sandbox(), run_sandbox("--host", "0.0.0.0")
    try:
        said, warned = first_lines(alone), first_lines(open_)
        assert said[0].startswith("Sandbox ready at http://127.0.0.1:")
        assert listening(int(said[0].rpartition(":")[2])) == {"0100007F"}
        assert warned[0].startswith("WARNING") and "other machines" in warned[0]
        assert listening(int(warned[-1].rpartition(":")[2])) == {"00000000"}
    finally:
        for process in (alone, open_):
            process.terminate()
            process.communicate(timeout=30)


def listening(port: int) -> set[str]:
    """The addresses on which a port is listened on, as the kernel writes them."""
    with suppress(FileNotFoundError):
        found = set()
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            rows = [line.split() for line in Path(table).read_text(encoding="ascii").splitlines()[1:]]
            found |= {
                row[1].split(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")
            }
        return found
    pytest.skip("this system has no /proc")
