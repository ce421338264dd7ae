"""The ASGI application with all addresses of the sandbox."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from attrs import frozen
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.given import read_given
from buzzeasy_soap.sandbox.console import console_routes
from buzzeasy_soap.sandbox.control import BadCommand, bad_command, control_routes
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.hosts import HostCheck, KnownHosts
from buzzeasy_soap.sandbox.hub import HubRoute, HubSettings
from buzzeasy_soap.sandbox.limits import BodyLimit
from buzzeasy_soap.sandbox.operations import unhandled
from buzzeasy_soap.sandbox.rest import RestEndpoint
from buzzeasy_soap.sandbox.schema import DatabaseUnusable
from buzzeasy_soap.sandbox.service import CallbackService
from buzzeasy_soap.sandbox.soap import SoapEndpoint
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.operation import Service
from buzzeasy_soap.wire.rebinding import Contract

_SHORTEST_SLEEP: Final = 0.01
"""Seconds; at high speed, events due within this time are stored together."""
_SLEEP_AFTER_FAILURE: Final = 1.0

_LOGGER: Final = logging.getLogger("buzzeasy_soap.sandbox")


@frozen
class Published:
    """The services that the sandbox is, and the documents that describe them."""

    services: Mapping[str, Service]
    documents: Mapping[str, DocumentSet]

    @classmethod
    def of(cls, wsdl: Path | None) -> "Published":
        """The packaged contract, or what of it the WSDLs in a folder describe. Raises ConfigurationError."""
        documents = {document_set.name: document_set for document_set in read_documents()}
        if wsdl is None:
            return cls(_placed(SERVICES), documents)
        given = read_given(documents.values(), wsdl)
        contract = Contract({name: described for name, (_, described) in given.items()}, serving=True)
        contract.require_any(SERVICES.values())
        for problem in contract.problems(SERVICES.values()):
            _LOGGER.warning("the sandbox cannot play %s: %s", problem.place, problem.text)
        return cls(
            {name: contract.service(service) for name, service in _placed(SERVICES).items()},
            documents | {name: document_set for name, (document_set, _) in given.items()},
        )


def _placed(services: Mapping[str, Service]) -> dict[str, Service]:
    """Those that have a path; one that is new gets it in `wsdl/contract.toml`."""
    return {name: service for name, service in services.items() if service.path}


def create_app(
    dispatcher: Dispatcher,
    hosts: KnownHosts,
    hub: HubSettings = HubSettings(),
    published: Published | None = None,
) -> Starlette:
    """Create the sandbox's ASGI application.

    `app.state.dispatcher` is the dispatcher. `app.state.closing` is an `asyncio.Event` that is set when
    the server begins to shut down; streaming responses must then end.
    """
    for operation in unhandled(_placed(SERVICES).values()):
        _LOGGER.warning("the sandbox does not implement %s and answers it with a fault", operation)
    published = published or Published.of(None)
    app = Starlette(
        routes=[
            *(
                Route(service.path, SoapEndpoint(service, published.documents[name], dispatcher))
                for name, service in published.services.items()
            ),
            *(
                Route(f"{service.path}/rest/{{operation}}", RestEndpoint(service, dispatcher))
                for service in published.services.values()
            ),
            *control_routes(dispatcher),
            HubRoute(dispatcher.service, hub),
            *console_routes(dispatcher),
        ],
        middleware=[Middleware(HostCheck, hosts), Middleware(BodyLimit)],
        exception_handlers={BadCommand: bad_command, DatabaseUnusable: _unusable},
        lifespan=_lifespan,
    )
    app.state.dispatcher = dispatcher
    app.state.closing = asyncio.Event()
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    service: CallbackService = app.state.dispatcher.service
    events = asyncio.create_task(_run_events(service))
    try:
        yield
    finally:
        events.cancel()
        with suppress(asyncio.CancelledError):
            await events


async def _run_events(service: CallbackService) -> None:
    """Run the calls' events when they are due."""
    changed = asyncio.Event()
    service.on_due = changed.set
    failure = ""
    while True:
        began = Clock.monotonic()
        try:
            service.run_due_events()
        except DatabaseUnusable as error:
            if str(error) != failure:
                _LOGGER.error("calls make no progress: %s", error)  # noqa: TRY400 - once, without traceback
            failure = str(error)
            await asyncio.sleep(_SLEEP_AFTER_FAILURE)
            continue
        failure = ""
        changed.clear()
        seconds = service.seconds_to_next_event
        # Under load there is always something due: no more than a tenth of the time goes there.
        shortest = max(_SHORTEST_SLEEP, 9 * (Clock.monotonic() - began))
        with suppress(TimeoutError):
            async with asyncio.timeout(None if seconds is None else max(seconds, shortest)):
                await changed.wait()


async def _unusable(request: Request, error: Exception) -> Response:
    """The response when the database fails outside an operation; operations return faults instead."""
    _LOGGER.error("%s failed: %s", request.url.path, error)
    return JSONResponse({"error": str(error)}, 500)
