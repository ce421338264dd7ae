"""The console's addresses: its page at `/`, the page's files, and its API."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buzzeasy_soap.errors import InvalidRequest, ServiceFault
from buzzeasy_soap.sandbox.console import actions, state
from buzzeasy_soap.sandbox.control import BadCommand
from buzzeasy_soap.sandbox.dispatcher import Dispatcher

Action: TypeAlias = Callable[[Mapping[str, object]], Awaitable[object]]

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SECURE: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def console_routes(dispatcher: Dispatcher) -> list[Route]:
    """The page, its files, and the API below `/console`."""

    async def overview(request: Request) -> Response:
        return _json(request, state.overview(dispatcher, request.query_params))

    async def exchanges(request: Request) -> Response:
        return _json(request, state.exchanges(dispatcher, request.query_params))

    return [
        Route("/", _file("index.html")),
        *(Route(f"/console/{name}", _file(name)) for name in _names() if name != "index.html"),
        Route("/console/overview", overview),
        Route("/console/exchanges", exchanges),
        _action("/console/calls", lambda wanted: actions.request_call(dispatcher, wanted)),
        _action("/console/slots", lambda wanted: actions.free_slots(dispatcher, wanted)),
        _action("/console/ewt", lambda wanted: actions.set_waiting_time(dispatcher, wanted)),
        _action(
            "/console/screen-pop", lambda wanted: actions.screen_pop(dispatcher, str(wanted.get("code", "")))
        ),
    ]


def _names() -> list[str]:
    return [file.name for file in files(__package__).joinpath("static").iterdir()]


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    content = files(__package__).joinpath("static", name).read_bytes()
    media_type = _TYPES[name[name.rindex(".") :]]

    async def serve(request: Request) -> Response:
        return _unless_known(request, content, media_type)

    return serve


def _json(request: Request, value: object) -> Response:
    content = json.dumps(value, separators=(",", ":")).encode()
    return _unless_known(request, content, "application/json")


def _unless_known(request: Request, content: bytes, media_type: str) -> Response:
    """The content, or 304 if the browser already has it."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**_SECURE, "ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": media_type})


def _action(path: str, act: Action) -> Route:
    async def handle(request: Request) -> Response:
        return JSONResponse(await _carry_out(act, request), headers=_SECURE)

    return Route(path, handle, methods=["POST"])


async def _carry_out(act: Action, request: Request) -> object:
    # A page of another origin can send this type only after a preflight, which is never allowed.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadCommand("the content type must be application/json")
    try:
        wanted = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise BadCommand("the body is not JSON") from None
    if not isinstance(wanted, dict):
        raise BadCommand("the body is not a JSON object")
    try:
        return await act(wanted)
    except (InvalidRequest, ServiceFault) as error:
        raise BadCommand(str(error)) from None
