"""Where calls come in, whatever protocol they speak: read, carried out, answered and noted."""

import logging
import traceback
from functools import partial
from typing import Any, Final, Protocol

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from buzzeasy_soap.sandbox.faults import Incoming, PlannedFaults, go_wrong
from buzzeasy_soap.sandbox.operations import perform
from buzzeasy_soap.sandbox.schema import DatabaseUnusable
from buzzeasy_soap.sandbox.service import CallbackService, ServiceCrash
from buzzeasy_soap.sandbox.transcripts import Transcripts
from buzzeasy_soap.wire.envelope import Unreadable
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.xsd import InvalidValue

_LOGGER: Final = logging.getLogger("buzzeasy_soap.sandbox")


class Codec(Protocol):
    """How a protocol writes the messages of an operation."""

    @property
    def name(self) -> str:
        """`SOAP` or `REST`."""
        ...

    def shown(self, request: Request, body: bytes) -> str:
        """A request as text."""
        ...

    def read(self, operation: Operation[Any, Any], request: Request, body: bytes) -> object:
        """The request record. Raises Unreadable or InvalidValue."""
        ...

    def write(self, operation: Operation[Any, Any], record: object) -> Response:
        """What answers with a response record."""
        ...

    def unreadable(self, operation: Operation[Any, Any], error: Unreadable | InvalidValue) -> Response:
        """What answers a request that could not be read."""
        ...

    def crash(self) -> Response:
        """What a service that broke down answers."""
        ...


@frozen
class Dispatcher:
    """The service with what is kept around it: the last exchanges, and what is to go wrong."""

    service: CallbackService
    transcripts: Transcripts = field(factory=Transcripts)
    faults: PlannedFaults = field(factory=PlannedFaults)

    async def serve(self, operation: Operation[Any, Any], codec: Codec, request: Request, send: Send) -> None:
        """Answer one call, or let it go wrong where that was asked for."""
        call = Incoming(request, send, partial(self.answer, operation, codec, request), codec.crash)
        fault = self.faults.take(operation.name)
        if fault is None:
            await call.reply(await call.answer())
        else:
            await go_wrong(fault, call)

    def reset(self) -> None:
        """Forget all that has happened; the clock begins anew."""
        self.service.reset()
        self.transcripts.clear()
        self.faults.clear()

    async def answer(self, operation: Operation[Any, Any], codec: Codec, request: Request) -> Response:
        """Carry out one call, keep what went over the wire, and answer."""
        body = await request.body()
        record: object = None
        try:
            record = codec.read(operation, request, body)
            response = codec.write(operation, perform(self.service, operation, record))
        except (Unreadable, InvalidValue) as error:
            response = codec.unreadable(operation, error)
        except ServiceCrash:
            response = codec.crash()
        except DatabaseUnusable as error:
            _LOGGER.error("%s broke down: %s", operation.name, error)  # noqa: TRY400 - it says all there is
            response = codec.crash()
        except Exception as error:  # noqa: BLE001 - whatever breaks is answered, and ends no connection
            _log_crash(operation.name, error)
            response = codec.crash()
        self.transcripts.add(
            self.service.clock.now(),
            operation.name,
            codec.name,
            response.status_code,
            request=codec.shown(request, body),
            reply=bytes(response.body).decode("utf-8", "replace"),
            # A request that could not be read may have a password anywhere.
            records=[record] if record else self.service.config.companies.values(),
        )
        return response


def _log_crash(operation: str, error: Exception) -> None:
    """Log where a call broke down; not the message of the error, which can hold what was sent."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _LOGGER.error("%s broke down: %s\n%s", operation, type(error).__name__, where)
