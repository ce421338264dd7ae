"""What the endpoints of both protocols share: the service, and what is done around each call."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from buzzeasy_soap.sandbox.exchanges import Exchanges
from buzzeasy_soap.sandbox.faults import Faults, Incoming, go_wrong
from buzzeasy_soap.sandbox.service import CallbackService

_LOGGER = logging.getLogger("buzzeasy_soap.sandbox")


@frozen
class Desk:
    """Where calls come in."""

    service: CallbackService
    exchanges: Exchanges = field(factory=Exchanges)
    faults: Faults = field(factory=Faults)

    async def serve(
        self,
        operation: str,
        request: Request,
        send: Send,
        *,
        answer: Callable[[], Awaitable[Response]],
        crash: Callable[[], Response],
    ) -> None:
        """Answer one call, or let it go wrong where that was asked for."""
        call = Incoming(request, send, answer, crash)
        fault = self.faults.take(operation)
        if fault is None:
            await call.reply(await answer())
        else:
            await go_wrong(fault, call)

    def reset(self) -> None:
        """Forget all that has happened."""
        self.service.reset()
        self.exchanges.clear()
        self.faults.clear()

    def note(
        self, operation: str, protocol: str, *, request: str, response: Response, record: object
    ) -> None:
        """Keep what went over the wire, without its passwords."""
        self.exchanges.add(
            self.service.clock.now(),
            operation,
            protocol,
            response.status_code,
            request=request,
            reply=bytes(response.body).decode("utf-8", "replace"),
            record=record,
        )


def log_crash(operation: str, error: Exception) -> None:
    """Log where a call broke down; not the message of the error, which can hold what was sent."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _LOGGER.error("%s broke down: %s\n%s", operation, type(error).__name__, where)
