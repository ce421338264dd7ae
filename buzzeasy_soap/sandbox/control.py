"""`/sandbox/…`: what tests and tools see and move, beside the service itself."""

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buzzeasy_soap.sandbox.desk import Desk
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.service import CallbackService
from buzzeasy_soap.sandbox.store import Call


class Refused(Exception):
    """A control request is not one that can be followed; the message says what can."""


def describe(call: Call, events: Sequence[CallEvent], service: CallbackService) -> dict[str, Any]:
    """A call as JSON has it; times are ISO 8601 in the service's zone."""
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
        "slot": call.slot
        and {
            "id": call.slot.id,
            "date": call.slot.date.isoformat(),
            "start": call.slot.start(service.clock.zone).isoformat(),
        },
        "events": [{"status": event.status, "at": local(event.at).isoformat()} for event in events],
    }


def control_routes(desk: Desk) -> list[Route]:
    """The routes below `/sandbox`."""

    async def calls(_: Request) -> Response:
        return JSONResponse([describe(*found, desk.service) for found in desk.service.calls()])

    async def call(request: Request) -> Response:
        found = desk.service.call(request.path_params["code"])
        if found is None:
            return JSONResponse({"error": "there is no call with this confirmation code"}, 404)
        return JSONResponse(describe(*found, desk.service))

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            command = await _command(request)
            seconds = command.pop("advance_seconds", None)
            if command or not isinstance(seconds, int | float) or isinstance(seconds, bool):
                raise Refused('send {"advance_seconds": n}, a number of seconds, 0 or more')
            try:
                desk.service.advance(seconds)
            except ValueError as error:
                raise Refused(str(error)) from None
        now = desk.service.clock.local()
        return JSONResponse({"now": now.isoformat(), "speed": desk.service.clock.speed})

    async def reset(request: Request) -> Response:
        if await _command(request):
            raise Refused("send an empty body")
        desk.reset()
        return JSONResponse({})

    return [
        Route("/sandbox/calls", calls),
        Route("/sandbox/calls/{code}", call),
        Route("/sandbox/clock", clock, methods=["GET", "POST"]),
        Route("/sandbox/reset", reset, methods=["POST"]),
    ]


async def refused(_: Request, error: Exception) -> Response:
    """What a control request is answered that cannot be followed."""
    return JSONResponse({"error": str(error)}, 400)


async def _command(request: Request) -> dict[str, object]:
    """The body as a JSON object; an empty body is an empty one."""
    body = await request.body()
    try:
        command = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Refused("the body is not JSON") from None
    if not isinstance(command, dict):
        raise Refused("the body is not a JSON object")
    return command
