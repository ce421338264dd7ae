"""What becomes of a call: how long it may take, whether it is sent again, what an error means.

The policy decides and the two drivers at the end act: they send and sleep, and nothing else.

A call goes through attempts, each an Exchange:

    encoded ──> attempt ──> a reply that decodes: done
                 ^   ├────> an error ──> raised, with its outcome and what was asked
                 └─────────────┘ after a wait, where the policy says so
                     └────> an interruption: raised, with the same

An attempt may follow another only where it can do no harm: the phase says that nothing was sent, or
the operation may be repeated; there is time left before the deadline, an attempt left, and a repeat
left in the client's budget. A transport marks the phases. What marks nothing counts as sent.
"""

import copy
import logging
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Generic, TypeVar

from attrs import define, evolve, field, frozen

from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, TransportError
from buzzeasy_soap.wire.bindings import Binding
from buzzeasy_soap.wire.clock import Clock
from buzzeasy_soap.wire.exchange import AsyncTransport, Exchange, Transport
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import NO_HEADERS, Operation
from buzzeasy_soap.wire.policy import (
    Endpoint,
    ExchangeRecord,
    Policy,
    attach_request,
    note_interruption,
    requested_wait,
    wait_before_repeat,
)
from buzzeasy_soap.wire.redaction import Secret, secrets_of, without_traceback
from buzzeasy_soap.wire.telemetry import CallSpan, traced

Req = TypeVar("Req")
Resp = TypeVar("Resp")

logger = logging.getLogger("buzzeasy_soap")

_NOT_FOUND: Final = 404


@frozen
class DecodedReply(Generic[Resp]):
    """A reply, and what was read in it: a record, or the error that it means."""

    response: HttpResponse
    record: Resp | None
    error: BuzzeasyError | None

    def value(self) -> Resp:
        """The record. Raises the error, a new one each time: a traceback grows with each raise."""
        if self.error is not None:
            raise copy.copy(self.error)
        assert self.record is not None
        return self.record


@define
class _Delivering(Generic[Req, Resp]):
    """One call on its way: the state that the drivers share."""

    policy: Policy
    binding: Binding
    operation: Operation[Req, Resp]
    request: Req
    endpoint: Endpoint
    http_request: HttpRequest
    secrets: tuple[Secret, ...]
    """Those of its SOAP headers."""
    started: float = field(factory=Clock.monotonic)
    attempt: int = 0
    exchange: Exchange | None = None

    @classmethod
    def start(
        cls,
        delivery: "_Delivery",
        operation: Operation[Req, Resp],
        request: Req,
        headers: Mapping[str, object],
    ) -> "_Delivering[Req, Resp]":
        try:
            endpoint = delivery.endpoint_of(operation)
            http_request = delivery.binding.encode(operation, request, endpoint.url, headers)
        except BuzzeasyError as error:
            attach_request(error, operation, request, delivery.policy.describe)
            raise without_traceback(error) from None
        http_request = _with_headers(http_request, delivery.policy.headers)
        secrets = tuple(secrets_of(tuple(headers.values())))
        return cls(delivery.policy, delivery.binding, operation, request, endpoint, http_request, secrets)

    def begin(self) -> Exchange:
        """The next attempt."""
        self.attempt += 1
        if self.policy.before_sending:
            self.policy.before_sending()
        timeout = self.policy.timeout
        exchange = self.exchange = Exchange(
            timeout.connect,
            timeout.read,
            self.started + timeout.total,
            self.policy.max_reply_bytes,
            before_sending=self.policy.before_sending,
        )
        return exchange

    def read(self, response: HttpResponse) -> DecodedReply[Resp]:
        """What a reply says."""
        via = self.exchange.via.secrets if self.exchange else ()
        secrets = (*self.policy.secrets, *via, *self.secrets)
        if secrets:
            response = evolve(response, secrets=secrets)
        try:
            record = self.binding.decode(self.operation, self.request, response)
        except BuzzeasyError as error:
            return DecodedReply(response, None, without_traceback(error))
        self.policy.budget.earn()
        self._tell(response, None)
        return DecodedReply(response, record, None)

    def failed(self, error: BuzzeasyError, response: HttpResponse | None = None) -> float | None:
        """Seconds to wait before the next attempt, or None to give up with this error."""
        import random

        attach_request(error, self.operation, self.request, self.policy.describe)
        self._locate(error, response)
        wait = wait_before_repeat(
            error,
            attempt=self.attempt,
            repeatable=self.operation.repeatable,
            retry=self.policy.retry,
            retry_after=None if response is None else requested_wait(response),
            left=self.started + self.policy.timeout.total - Clock.monotonic(),
            jitter=random.random(),  # noqa: S311 - spreads load, guards nothing
        )
        if wait is not None and not self.policy.budget.spend():
            wait = None
        self._tell(response, error, again=wait is not None)
        return wait

    def _locate(self, error: BuzzeasyError, response: HttpResponse | None) -> None:
        """Say on an error where it happened: the services have an address each."""
        if isinstance(error, TransportError):
            proxy = self.exchange.via.shown if self.exchange else ""
            through = f" through the proxy {proxy}" if proxy else ""
            error.args = (f"{self.endpoint}{through}: {error}",)
        elif response is not None and response.status == _NOT_FOUND:
            error.args = (f"{error}. Is {self.endpoint.setting} right? It is {self.endpoint.url}",)

    def interrupted(self, error: BaseException) -> None:
        """Note on what interrupts a call what it means for what was asked."""
        sent = self.exchange is not None and self.exchange.sent
        outcome = Outcome.UNKNOWN if sent else Outcome.NOT_SENT
        note_interruption(error, outcome, self.operation, self.request, self.policy.describe)
        self._tell(None, error)

    def _tell(
        self, response: HttpResponse | None, error: BaseException | None, *, again: bool = False
    ) -> None:
        if self.exchange is None:
            return  # interrupted before the first attempt
        if not self.policy.hooks and not logger.isEnabledFor(logging.DEBUG if again else logging.INFO):
            return
        now = Clock.monotonic()
        began = self.exchange.began
        record = ExchangeRecord(
            operation=self.operation.name,
            binding=self.binding.name,
            attempt=self.attempt,
            status=response.status if response else None,
            outcome=None if error is None else getattr(error, "outcome", Outcome.UNKNOWN),
            error=None if error is None else type(error).__name__,
            seconds=now - began,
            phases={phase: at - began for phase, at in self.exchange.reached.items()},
            request_bytes=len(self.http_request.body),
            reply_bytes=len(response.body) if response else 0,
        )
        for hook in self.policy.hooks:
            try:
                hook(record)
            except Exception:
                # A callback that was placed must not look as if it had failed.
                logger.exception("a hook failed after %s", self.operation.name)
        if again:
            logger.debug("%s: %s, to be sent again", record.operation, record.error)
        else:
            logger.info(
                "%s %s in %.0f ms (%s, attempt %d, HTTP %s)",
                record.operation,
                "ok" if record.outcome is None else f"{record.error}, outcome {record.outcome}",
                (now - self.started) * 1000,
                record.binding,
                record.attempt,
                record.status or "-",
            )


def _with_headers(request: HttpRequest, headers: Mapping[str, Secret]) -> HttpRequest:
    if not headers:
        return request
    names = {name.lower() for name in headers}
    own = {name: value for name, value in request.headers.items() if name.lower() not in names}
    return evolve(request, headers=own | {name: value.reveal() for name, value in headers.items()})


@frozen
class _Delivery:
    binding: Binding
    endpoints: Mapping[str, Endpoint]
    """By the service's name."""
    policy: Policy

    def endpoint_of(self, operation: Operation[Any, Any]) -> Endpoint:
        """Where an operation's service is. Raises ConfigurationError."""
        endpoint = self.endpoints.get(operation.service)
        if endpoint is None:
            raise ConfigurationError(f"the endpoints have no address of {operation.service}")
        return endpoint

    def traced(self, operation: Operation[Any, Any]) -> AbstractContextManager[CallSpan]:
        """A span around a call of an operation."""
        return traced(operation.service, operation.name, self.endpoint_of(operation).url, self.binding.name)


@frozen
class Delivery(_Delivery):
    """Delivers calls, blocking. Thread-safe where its transport is."""

    transport: Transport

    def __call__(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS, /
    ) -> Resp:
        """The response to a request. Raises BuzzeasyError."""
        return self.deliver(operation, request, headers).value()

    def deliver(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS
    ) -> DecodedReply[Resp]:
        """The reply to a request, read or not. Raises where none came."""
        call = _Delivering.start(self, operation, request, headers)
        with self.traced(operation) as span:
            try:
                while True:
                    try:
                        response = self.transport.send(call.http_request, call.begin())
                    except BuzzeasyError as error:
                        wait = call.failed(error)
                        if wait is None:
                            raise without_traceback(error) from None
                    else:
                        answer = call.read(response)
                        if answer.error is None or (wait := call.failed(answer.error, response)) is None:
                            span.error = answer.error
                            return answer
                    time.sleep(wait)
            except BuzzeasyError:
                raise
            except BaseException as error:  # noqa: BLE001 - Ctrl-C, a cancellation, a signal handler's
                call.interrupted(error)
                raise without_traceback(error) from None


@frozen
class AsyncDelivery(_Delivery):
    """Delivers calls on asyncio."""

    transport: AsyncTransport

    async def __call__(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS, /
    ) -> Resp:
        """The response to a request. Raises BuzzeasyError."""
        return (await self.deliver(operation, request, headers)).value()

    async def deliver(
        self, operation: Operation[Req, Resp], request: Req, headers: Mapping[str, object] = NO_HEADERS
    ) -> DecodedReply[Resp]:
        """The reply to a request, read or not. Raises where none came."""
        import asyncio  # not at the top: a blocking client would pay 25 ms for it

        call = _Delivering.start(self, operation, request, headers)
        with self.traced(operation) as span:
            try:
                while True:
                    try:
                        response = await self.transport.send(call.http_request, call.begin())
                    except BuzzeasyError as error:
                        wait = call.failed(error)
                        if wait is None:
                            raise without_traceback(error) from None
                    else:
                        answer = call.read(response)
                        if answer.error is None or (wait := call.failed(answer.error, response)) is None:
                            span.error = answer.error
                            return answer
                    await asyncio.sleep(wait)
            except BuzzeasyError:
                raise
            except BaseException as error:  # noqa: BLE001 - Ctrl-C, a cancellation, a signal handler's
                call.interrupted(error)
                raise without_traceback(error) from None
