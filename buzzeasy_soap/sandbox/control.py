"""`/sandbox/…`: the control API for tests and tools."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypedDict, TypeGuard

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.faults import Kind, PlannedFault
from buzzeasy_soap.sandbox.refusals import Refusal
from buzzeasy_soap.sandbox.service import CallbackService
from buzzeasy_soap.sandbox.slots import IDS, Slot
from buzzeasy_soap.sandbox.store import Call

MOST_TIMES: Final = 1_000_000
LONGEST_SECONDS: Final = 3600


class BadCommand(ValueError):
    """A control request is invalid; the message says what is allowed."""


class DescribedEvent(TypedDict):
    """One event in the life of a call."""

    status: str
    at: str


class DescribedSlot(TypedDict):
    """The time slot that a call is booked for."""

    id: int
    date: str
    start: str | None
    """None if no slot has this id."""


class DescribedRefusal(TypedDict):
    """A refused request as returned by `GET /sandbox/refusals`."""

    result_code: int
    result: str
    at: str
    company: int
    service_queue: int
    name: str | None
    phone_no: str | None
    slot: DescribedSlot | None


class DescribedClock(TypedDict):
    """The clock as returned by `GET /sandbox/clock`."""

    now: str
    speed: float


class DescribedFault(TypedDict):
    """A planned fault as returned by `GET /sandbox/faults`."""

    operation: str
    kind: str
    times: int
    seconds: float


class DescribedCall(TypedDict):
    """A call as returned by `GET /sandbox/calls`."""

    confirmation_code: str
    company: int
    service_queue: int
    name: str | None
    phone_no: str
    fields: list[str | None]
    pin: str
    status: str | None
    retries: int
    requested_at: str
    slot: DescribedSlot | None
    events: list[DescribedEvent]


def describe(call: Call, events: Sequence[CallEvent], service: CallbackService) -> DescribedCall:
    """A call for JSON; times are ISO 8601 in the service's time zone."""
    local = service.clock.local
    return {
        "confirmation_code": call.confirmation_code,
        "company": call.company,
        "service_queue": call.service_queue,
        "name": call.name,
        "phone_no": call.phone_no,
        "fields": list(call.fields),
        "pin": call.pin,
        "status": call.progress.status,
        "retries": call.progress.retries,
        "requested_at": local(call.requested_at).isoformat(),
        "slot": _describe_slot(call.slot, service),
        "events": [{"status": event.status, "at": local(event.at).isoformat()} for event in events],
    }


def describe_refusal(refusal: Refusal, service: CallbackService) -> DescribedRefusal:
    """A refused request for JSON."""
    return {
        "result_code": refusal.result,
        "result": refusal.result.name,
        "at": service.clock.local(refusal.at).isoformat(),
        "company": refusal.company,
        "service_queue": refusal.service_queue,
        "name": refusal.name,
        "phone_no": refusal.phone_no,
        "slot": _describe_slot(refusal.slot, service),
    }


def describe_clock(service: CallbackService) -> DescribedClock:
    """The clock for JSON."""
    return {"now": service.clock.local().isoformat(), "speed": service.clock.speed}


def describe_faults(dispatcher: Dispatcher) -> list[DescribedFault]:
    """The planned faults for JSON."""
    return [
        {"operation": operation, "kind": fault.kind, "times": times, "seconds": fault.seconds}
        for operation, fault, times in dispatcher.faults.waiting()
    ]


def _describe_slot(slot: Slot | None, service: CallbackService) -> DescribedSlot | None:
    if slot is None:
        return None
    start = slot.start(service.clock.zone).isoformat() if slot.id in IDS else None
    return {"id": slot.id, "date": slot.date.isoformat(), "start": start}


def control_routes(dispatcher: Dispatcher) -> list[Route]:
    """The routes below `/sandbox`."""

    async def calls(_: Request) -> Response:
        return JSONResponse([describe(*found, dispatcher.service) for found in dispatcher.service.calls()])

    async def call(request: Request) -> Response:
        found = dispatcher.service.call(request.path_params["code"])
        if found is None:
            return JSONResponse({"error": "no call has this confirmation code"}, 404)
        return JSONResponse(describe(*found, dispatcher.service))

    async def refusals(_: Request) -> Response:
        service = dispatcher.service
        return JSONResponse([describe_refusal(each, service) for each in reversed(service.refusals.latest())])

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            _set_clock(dispatcher.service, await _command(request))
        return JSONResponse(describe_clock(dispatcher.service))

    async def reset(request: Request) -> Response:
        await _empty_command(request)
        dispatcher.reset()
        return JSONResponse({})

    return [
        Route("/sandbox/calls", calls),
        Route("/sandbox/calls/{code}", call),
        Route("/sandbox/refusals", refusals),
        Route("/sandbox/clock", clock, methods=["GET", "POST"]),
        _faults_route(dispatcher),
        Route("/sandbox/reset", reset, methods=["POST"]),
    ]


def _faults_route(dispatcher: Dispatcher) -> Route:
    async def faults(request: Request) -> Response:
        if request.method == "POST":
            plan_fault(dispatcher, await _command(request))
        elif request.method == "DELETE":
            await _empty_command(request)
            dispatcher.faults.clear()
        return JSONResponse(describe_faults(dispatcher))

    return Route("/sandbox/faults", faults, methods=["GET", "POST", "DELETE"])


def _set_clock(service: CallbackService, command: Mapping[str, object]) -> None:
    changes: dict[str, Callable[[float], None]] = {
        "advance_seconds": service.advance,
        "speed": service.set_speed,
    }
    [(name, value)] = command.items() if len(command) == 1 else [("", None)]
    if name not in changes or not _is_number(value):
        raise BadCommand('send {"advance_seconds": n}, with 0 or more, or {"speed": n}, with more than 0')
    try:
        changes[name](value)
    except ValueError as error:
        raise BadCommand(str(error)) from None


def plan_fault(dispatcher: Dispatcher, command: Mapping[str, object]) -> None:
    """Plan a fault for the next calls of an operation. Raises BadCommand."""
    operation, kind = command.get("operation"), command.get("kind")
    times, seconds = command.get("times", 1), command.get("seconds")
    operations = [name for service in SERVICES.values() for name in service.operations]
    if command.keys() - {"operation", "kind", "times", "seconds"}:
        raise BadCommand("only operation, kind, times and seconds are allowed")
    if not isinstance(operation, str) or operation not in operations:
        raise BadCommand(f"operation must be one of {', '.join(operations)}")
    if not isinstance(kind, str) or kind not in list(Kind):
        raise BadCommand(f"kind must be one of {', '.join(Kind)}")
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_TIMES:
        raise BadCommand(f"times must be a whole number from 1 to {MOST_TIMES}")
    if seconds is not None and not (_is_number(seconds) and 0 <= seconds <= LONGEST_SECONDS):
        raise BadCommand(f"seconds must be a number from 0 to {LONGEST_SECONDS}")
    dispatcher.faults.add(operation, PlannedFault.of(Kind(kind), seconds), times)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


async def bad_command(_: Request, error: Exception) -> Response:
    """The response to an invalid control request."""
    return JSONResponse({"error": str(error)}, 400)


async def _empty_command(request: Request) -> None:
    """Check that a request has no parameters. Raises BadCommand."""
    if await _command(request):
        raise BadCommand("the body must be empty")


async def _command(request: Request) -> dict[str, object]:
    """The body as a JSON object, empty for an empty body. Raises BadCommand."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        # Any page in the user's browser can send a POST here, even if it cannot read the response.
        raise BadCommand("pages of another origin may not do this")
    body = await request.body()
    try:
        command = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadCommand("the body is not JSON") from None
    if not isinstance(command, dict):
        raise BadCommand("the body is not a JSON object")
    return command
