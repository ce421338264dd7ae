"""Handles incoming calls of any protocol: reads them, runs the operation, replies, and keeps a transcript."""

import logging
import traceback
from functools import partial
from typing import Any, Final, Protocol

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from buzzeasy_soap.sandbox.faults import Incoming, Kind, PlannedFaults, inject
from buzzeasy_soap.sandbox.operations import perform
from buzzeasy_soap.sandbox.results import Result, result_of
from buzzeasy_soap.sandbox.schema import DatabaseUnusable
from buzzeasy_soap.sandbox.service import CallbackService, ServiceCrash
from buzzeasy_soap.sandbox.transcripts import Transcript, Transcripts
from buzzeasy_soap.wire.envelope import Unreadable
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.xsd import InvalidValue

_LOGGER: Final = logging.getLogger("buzzeasy_soap.sandbox")


class Codec(Protocol):
    """Reads and writes the messages of a protocol."""

    @property
    def name(self) -> str:
        """`SOAP` or `REST`."""
        ...

    def shown(self, request: Request, body: bytes) -> str:
        """The request as text."""
        ...

    def read(self, operation: Operation[Any, Any], request: Request, body: bytes) -> object:
        """The request record. Raises Unreadable or InvalidValue."""
        ...

    def write(self, operation: Operation[Any, Any], record: object) -> Response:
        """The response with a response record."""
        ...

    def unreadable(self, operation: Operation[Any, Any], error: Unreadable | InvalidValue) -> Response:
        """The response to a request that could not be read."""
        ...

    def crash(self) -> Response:
        """The response of a service that failed."""
        ...

    def failure(self, response: Response) -> str:
        """The name of the failure in a response from `unreadable` or `crash`."""
        ...


@frozen
class Dispatcher:
    """The service, its latest transcripts and its planned faults."""

    service: CallbackService
    transcripts: Transcripts = field(factory=Transcripts)
    faults: PlannedFaults = field(factory=PlannedFaults)

    async def serve(self, operation: Operation[Any, Any], codec: Codec, request: Request, send: Send) -> None:
        """Answer one call, or inject the fault that is planned for it."""
        fault = self.faults.take(operation.name)
        kind = None if fault is None else fault.kind
        call = Incoming(request, send, partial(self.answer, operation, codec, request, kind), codec.crash)
        if fault is None:
            await call.reply(await call.answer())
            return
        if not fault.kind.is_carried_out:
            self.transcripts.add(
                Transcript(
                    at=self.service.clock.now(),
                    operation=operation.name,
                    protocol=codec.name,
                    result=Result("not carried out", is_success=False),
                    fault=kind,
                )
            )
        await inject(fault, call)

    def reset(self) -> None:
        """Clear all state and restart the clock."""
        self.service.reset()
        self.transcripts.clear()
        self.faults.clear()

    async def answer(
        self, operation: Operation[Any, Any], codec: Codec, request: Request, fault: Kind | None = None
    ) -> Response:
        """Run the operation, keep a transcript, and return the response, which a planned fault may spoil."""
        body = await request.body()
        record: object = None
        result: Result | None = None
        try:
            record = codec.read(operation, request, body)
            reply = perform(self.service, operation, record)
            response = codec.write(operation, reply)
            result = result_of(operation, reply)
        except (Unreadable, InvalidValue) as error:
            response = codec.unreadable(operation, error)
        except ServiceCrash:
            response = codec.crash()
        except DatabaseUnusable as error:
            _LOGGER.error("%s failed: %s", operation.name, error)  # noqa: TRY400 - the message says it all
            response = codec.crash()
        except Exception as error:  # noqa: BLE001 - any failure gets a response and keeps the connection
            _log_crash(operation.name, error)
            response = codec.crash()
        self.transcripts.add(
            Transcript(
                at=self.service.clock.now(),
                operation=operation.name,
                protocol=codec.name,
                status=response.status_code,
                result=result or Result(codec.failure(response), is_success=False),
                fault=fault,
                request=codec.shown(request, body),
                reply=bytes(response.body).decode("utf-8", "replace"),
            ),
            # Parameters get mixed up, and what could not be read may contain a password anywhere.
            secrets=[record, *self.service.config.companies.values()],
        )
        return response


def _log_crash(operation: str, error: Exception) -> None:
    """Log where a call failed, without the error's message, which can quote the request."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _LOGGER.error("%s failed: %s\n%s", operation, type(error).__name__, where)
