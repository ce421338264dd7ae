"""`/sandbox/…`: the control API for tests and tools."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict, TypeGuard

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.faults import Kind, PlannedFault
from buzzeasy_soap.sandbox.service import CallbackService
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
    start: str


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
        "slot": None
        if call.slot is None
        else {
            "id": call.slot.id,
            "date": call.slot.date.isoformat(),
            "start": call.slot.start(service.clock.zone).isoformat(),
        },
        "events": [{"status": event.status, "at": local(event.at).isoformat()} for event in events],
    }


def control_routes(dispatcher: Dispatcher) -> list[Route]:
    """The routes below `/sandbox`."""

    async def calls(_: Request) -> Response:
        return JSONResponse([describe(*found, dispatcher.service) for found in dispatcher.service.calls()])

    async def call(request: Request) -> Response:
        found = dispatcher.service.call(request.path_params["code"])
        if found is None:
            return JSONResponse({"error": "no call has this confirmation code"}, 404)
        return JSONResponse(describe(*found, dispatcher.service))

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            _advance(dispatcher.service, await _command(request))
        now = dispatcher.service.clock.local()
        return JSONResponse({"now": now.isoformat(), "speed": dispatcher.service.clock.speed})

    async def reset(request: Request) -> Response:
        if await _command(request):
            raise BadCommand("the body must be empty")
        dispatcher.reset()
        return JSONResponse({})

    async def faults(request: Request) -> Response:
        if request.method == "POST":
            plan_fault(dispatcher, await _command(request))
        return JSONResponse(
            [
                {"operation": operation, "kind": fault.kind, "times": times, "seconds": fault.seconds}
                for operation, fault, times in dispatcher.faults.waiting()
            ]
        )

    return [
        Route("/sandbox/calls", calls),
        Route("/sandbox/calls/{code}", call),
        Route("/sandbox/clock", clock, methods=["GET", "POST"]),
        Route("/sandbox/faults", faults, methods=["GET", "POST"]),
        Route("/sandbox/reset", reset, methods=["POST"]),
    ]


def _advance(service: CallbackService, command: Mapping[str, object]) -> None:
    seconds = command.get("advance_seconds")
    if command.keys() != {"advance_seconds"} or not _is_number(seconds):
        raise BadCommand('send {"advance_seconds": n} with a number of seconds, 0 or more')
    try:
        service.advance(seconds)
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
