"""OpenTelemetry spans and metrics, where opentelemetry-api is installed; nothing where it is not."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.wire.clock import Clock

_logger = logging.getLogger("buzzeasy_soap")

_Instruments: TypeAlias = tuple[Any, Any, Any, Any]


class CallSpan:
    """Where a call notes the error that it ended with but did not raise."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> "CallSpan":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing: nobody is told."""


def traced(service: str, operation: str, endpoint: str, binding: str) -> AbstractContextManager[CallSpan]:
    """A client span around a call, and its duration as a metric: semantic conventions for RPC.

    An error that is raised, or noted on what is yielded, gives the span its status and `error.type`.
    """
    instruments = _instruments()
    if instruments is None:
        return CallSpan()
    parts = urlsplit(endpoint)
    attributes: dict[str, str | int] = {
        "rpc.system": "soap" if binding != "rest" else "rest",
        "rpc.service": service,
        "rpc.method": operation,
        "server.address": parts.hostname or "",
        "server.port": parts.port or (443 if parts.scheme == "https" else 80),
    }
    return _TracedCall(instruments, f"{service}/{operation}", attributes)


class _TracedCall(CallSpan):
    """Tells OpenTelemetry, whose failures are logged: a placed callback must not look as if it had failed."""

    __slots__ = ("_attributes", "_instruments", "_name", "_scope", "_span", "_started")

    def __init__(self, instruments: _Instruments, name: str, attributes: dict[str, str | int]) -> None:
        super().__init__()
        self._instruments = instruments
        self._name = name
        self._attributes = attributes
        self._scope: Any = None
        self._span: Any = None
        self._started = Clock.monotonic()

    def __enter__(self) -> CallSpan:
        tracer, _, kind, _ = self._instruments
        with _logged():
            self._scope = tracer.start_as_current_span(
                self._name,
                kind=kind,
                attributes=self._attributes,
                record_exception=False,
                set_status_on_exception=False,
            )
            self._span = self._scope.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        if self.error is None and isinstance(raised[1], BaseException):
            self.error = raised[1]  # a cancellation has an outcome too
        _, duration, _, status = self._instruments
        with _logged():
            if self.error is not None:
                self._attributes["error.type"] = type(self.error).__name__
                outcome = getattr(self.error, "outcome", None)
                self._span.set_attribute("error.type", self._attributes["error.type"])
                if isinstance(outcome, Outcome):
                    self._span.set_attribute("buzzeasy.outcome", outcome.value)
                self._span.set_status(status, self._attributes["error.type"])
            duration.record(Clock.monotonic() - self._started, self._attributes)
        if self._scope is not None:
            with _logged():
                self._scope.__exit__(None, None, None)


@contextmanager
def _logged() -> Iterator[None]:
    try:
        yield
    except Exception:
        _logger.exception("OpenTelemetry failed")


@cache
def _instruments() -> _Instruments | None:
    try:
        from opentelemetry import metrics, trace
    except ModuleNotFoundError:
        return None
    duration = metrics.get_meter("buzzeasy_soap").create_histogram(
        "rpc.client.call.duration",
        unit="s",
        description="Duration of calls, all attempts and waits included.",
    )
    return trace.get_tracer("buzzeasy_soap"), duration, trace.SpanKind.CLIENT, trace.StatusCode.ERROR
