"""Nobody is called twice and nothing is lost: every fault, operation, transport and protocol.

`make faults` takes all eight operations and every kind of client; `make test` one operation of each
sort (one that places a callback, one that sets a value, one that reads), and each transport and each
protocol through every fault, but not each pair of them.

Each row asserts the error's class, its outcome, how often it was sent, how long it took, and what
the service's own store holds afterwards. The operations of a fault run side by side, for some
faults end by the deadline alone.
"""

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import frozen

from buzzeasy_soap import (
    BuzzeasyClient,
    BuzzeasyError,
    Confirmation,
    Endpoints,
    Outcome,
    Retry,
    TransportError,
)
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.sandbox import Sandbox
from tests.faults.conftest import Certificates
from tests.faults.faults import AMPLE, CONNECTION_DIES, FAULTS, MAX_REPLY_BYTES, WRONG_REPLY, Fault
from tests.support.clients import open_client
from tests.support.scripted import Reply, ScriptedServer, unanswering_port
from tests.support.upstream import Upstream

KINDS = ["soap", "soap-curl", "soap-async", "rest", "rest-curl", "rest-async"]
EVERY_FAULT = ("soap", "soap-curl", "soap-async", "soap-foreign", "rest")
"""`make test` takes the other kinds through a dying connection alone: a GET is what libraries send again."""
RETRY = Retry(attempts=2, first_wait=0.001)
# An adapter that is not ours proves nothing of what it was handed, and keeps its own time.
# http.client behind it takes a head that is cut off for a whole one without a body: UNKNOWN all the same.
FOREIGN = tuple(
    fault
    for fault in (*CONNECTION_DIES, *WRONG_REPLY)
    if fault.name not in ("cut-status", "cut-before-headers", "cut-headers")
)
MARGIN = 1.0
"""Seconds over the deadline that a call may take, and this many more:"""
SLOWNESS = 20
"""times what one sound call takes on this machine, measured around each row."""


@frozen
class Asked:
    """An operation as the rows call it, what it answers, and what it does."""

    call: Callable[[Any, str], object]
    """Takes a client and the PIN of a call that is there."""
    answers: Callable[[object], bool]
    places: bool = False


CALLBACKS, INFO = SERVICES["RequestCallbackService"].path, SERVICES["BuzzMeInfo"].path
GRACE = "+447700900200"
NINE = dt.datetime(2017, 4, 11, 9)
OPERATIONS = {
    "RequestCallWhenAvailable": Asked(
        lambda c, _: c.request_call_when_available("RequestCallWhenAvailable", "+447700900123"),
        lambda answer: isinstance(answer, Confirmation),
        places=True,
    ),
    "RequestCallSchedule": Asked(
        lambda c, _: c.request_call_schedule(
            "RequestCallSchedule", "+447700900123", time_slot=4, date=NINE.date()
        ),
        lambda answer: isinstance(answer, Confirmation),
        places=True,
    ),
    "GetAvailableTimes": Asked(lambda c, _: c.get_available_times(NINE), lambda slots: len(slots) == 18),
    "GetNextThreeTimeSlots": Asked(
        lambda c, _: c.get_next_three_time_slots(NINE), lambda slots: len(slots) == 3
    ),
    "UpdateEWTRecord": Asked(
        lambda c, _: c.update_ewt_record(7, service_queue=2), lambda answer: answer is None
    ),
    "GetEWTByServiceID": Asked(
        lambda c, _: c.get_ewt_by_service_id(), lambda answer: answer == dt.timedelta(minutes=5)
    ),
    "GetCallDataByNumber": Asked(
        lambda c, _: c.get_call_data_by_number(GRACE), lambda data: data.customer_name == "Grace"
    ),
    "GetCallDataByPin": Asked(
        lambda c, pin: c.get_call_data_by_pin(pin), lambda data: data.customer_name == "Grace"
    ),
}
ONE_OF_EACH_KIND = ("RequestCallWhenAvailable", "UpdateEWTRecord", "GetCallDataByNumber")
THE_OTHERS = tuple(name for name in OPERATIONS if name not in ONE_OF_EACH_KIND)


@frozen
class Seen:
    """What a call came to, seen from both sides."""

    error: BuzzeasyError | None
    answer: object
    attempts: int
    connections: list[int]
    """The connection of each request that the server read."""
    seconds: float


@contextmanager
def address(fault: Fault, server: ScriptedServer) -> Iterator[str]:
    """Where the client is sent to."""
    if fault.where == "no such name":
        yield "https://no-such-host.invalid"
    elif fault.where == "nobody listens":
        # Bound and not listening: nobody else can get the port.
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    elif fault.where == "nobody answers":
        with unanswering_port() as port:
            yield f"http://127.0.0.1:{port}"
    else:
        scheme = "https" if fault.https or fault.certificate else "http"
        yield f"{scheme}://localhost:{server.port}"


def announced(reply: Reply, done: threading.Event) -> Reply:
    """A reply that says when it is over, its connection closed where it is not kept."""

    def act(sock, request) -> bool:
        keep = reply(sock, request)
        if not keep:
            sock.shutdown(socket.SHUT_RDWR)
        done.set()
        return keep

    return act


def play(
    fault: Fault, kind: str, asked: Asked, pin: str, service: Upstream, certificates: Certificates
) -> Seen:
    """One call under a fault."""
    warmed = threading.Event()
    replies = (fault.behaviour(service),)
    if fault.warm_up:
        replies = (announced(fault.warm_up(service), warmed), *replies)
    tls = certificates.contexts.get(fault.certificate)
    attempts = []
    with (
        ScriptedServer(replies, tls=tls, before_reading=fault.before_reading) as server,
        address(fault, server) as url,
        open_client(
            kind,
            Endpoints(f"{url}{CALLBACKS}", f"{url}{INFO}"),
            timeout=AMPLE,
            retry=RETRY,
            tls=certificates.tls,
            max_reply_bytes=MAX_REPLY_BYTES,
            hooks=[attempts.append],
        ) as client,
    ):
        if fault.warm_up:
            client.get_ewt_by_service_id()
            assert warmed.wait(30)
            attempts.clear()
        view = client.with_options(timeout=fault.timeout)
        started = time.monotonic()
        error = answer = None
        try:
            answer = asked.call(view, pin)
        except BuzzeasyError as caught:
            error = caught
        seconds = time.monotonic() - started
        connections = [request.connection for request in server.received]
    return Seen(error, answer, len(attempts), connections, seconds)


def wrong(fault: Fault, operation: str, seen: Seen, sound: float) -> Iterator[str]:
    """What is not as the table has it; `sound` is how many seconds a sound call takes."""
    asked, error = OPERATIONS[operation], seen.error
    if type(error) is not (fault.error or type(None)):
        yield f"ended in {error!r}, not in {fault.error}"
    if error is None:
        if not asked.answers(seen.answer):
            yield f"answered {seen.answer!r}"
    else:
        if error.outcome is not fault.outcome:
            yield f"outcome {error.outcome}, not {fault.outcome} ({error!r})"
        if error.operation != operation:
            yield f"is about {error.operation}"
        if isinstance(error, TransportError) and (error.phase == "connect") != (fault.phase == "connect"):
            yield f"phase {error.phase}, not {fault.phase}"
        if (error.callback_request is not None) != (asked.places and fault.outcome is Outcome.UNKNOWN):
            yield f"callback_request is {error.callback_request}"
    again = fault.again == "all" or (fault.again == "reads" and not asked.places)
    if seen.attempts != 1 + again:
        yield f"{seen.attempts} attempts"
    if not again and len(seen.connections) > 1 + bool(fault.warm_up):
        yield f"the server read {len(seen.connections)} requests"
    if fault.name == "kept-unanswered" and seen.connections[:2] != [1, 1]:
        yield f"the requests came on connections {seen.connections}"
    limit = fault.timeout.total + MARGIN + SLOWNESS * sound
    if seen.seconds > limit and fault.where != "no such name":  # resolving a name cannot be bounded
        yield f"took {seen.seconds:.1f} s, where a sound call takes {sound:.2f} s"


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param(ONE_OF_EACH_KIND, id="each"),
        pytest.param(THE_OTHERS, id="others", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(
            fault,
            kind,
            id=f"{fault.name}-{kind}",
            marks=[
                # Elsewhere a full backlog refuses.
                *([pytest.mark.posix] if fault.where == "nobody answers" else []),
                *([] if kind in EVERY_FAULT or fault in CONNECTION_DIES else [pytest.mark.slow]),
            ],
        )
        for fault in FAULTS
        for kind in (*KINDS, *(("soap-foreign",) if fault in FOREIGN else ()))
        if kind.startswith("soap") or not fault.soap_only
    ],
)
def test_row(
    fault: Fault,
    kind: str,
    operations: Sequence[str],
    sandbox: Sandbox,
    outside: BuzzeasyClient,
    certificates: Certificates,
) -> None:
    outside.request_call_when_available("Grace", GRACE)
    outside.update_ewt_record(5)
    [grace] = sandbox.calls()
    service = Upstream(sandbox.port)

    def row(operation: str) -> Seen:
        return play(fault, kind, OPERATIONS[operation], grace["pin"], service, certificates)

    def sound() -> float:
        started = time.monotonic()
        outside.get_ewt_by_service_id()
        return time.monotonic() - started

    before = sound()
    # A resolver that is asked too much at once answers some seconds later.
    at_once = 1 if fault.where == "no such name" else len(operations)
    with ThreadPoolExecutor(at_once) as side_by_side:
        seen = dict(zip(operations, side_by_side.map(row, operations), strict=True))
    slowness = max(before, sound())
    problems = [
        f"{operation}: {problem}"
        for operation in operations
        for problem in wrong(fault, operation, seen[operation], slowness)
    ]
    placed = sorted(call["name"] for call in sandbox.calls() if call != grace)
    expected = sorted(name for name in operations if OPERATIONS[name].places and fault.done)
    if placed != expected:
        problems.append(f"the store holds {placed}, not {expected}")
    ewt = outside.get_ewt_by_service_id(service_queue=2)
    if ewt != dt.timedelta(minutes=7 if fault.done and "UpdateEWTRecord" in operations else 0):
        problems.append(f"the EWT is {ewt}")
    assert not problems, "\n".join(problems)
