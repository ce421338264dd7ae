"""OpenTelemetry spans and metrics, where opentelemetry-api is installed; nothing where it is not."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.wire.clock import Clock

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
    return CallSpan() if instruments is None else _told(instruments, service, operation, endpoint, binding)


@contextmanager
def _told(
    instruments: _Instruments, service: str, operation: str, endpoint: str, binding: str
) -> Iterator[CallSpan]:
    ended = CallSpan()
    tracer, duration, kind, status = instruments
    parts = urlsplit(endpoint)
    attributes: dict[str, str | int] = {
        "rpc.system": "soap" if binding != "rest" else "rest",
        "rpc.service": service,
        "rpc.method": operation,
        "server.address": parts.hostname or "",
        "server.port": parts.port or (443 if parts.scheme == "https" else 80),
    }
    started = Clock.monotonic()
    with tracer.start_as_current_span(
        f"{service}/{operation}",
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield ended
        except BaseException as error:  # a cancellation has an outcome too
            ended.error = error
            raise
        finally:
            if ended.error is not None:
                attributes["error.type"] = type(ended.error).__name__
                span.set_attribute("error.type", attributes["error.type"])
                outcome = getattr(ended.error, "outcome", None)
                if isinstance(outcome, Outcome):
                    span.set_attribute("buzzeasy.outcome", outcome.value)
                span.set_status(status, str(attributes["error.type"]))
            duration.record(Clock.monotonic() - started, attributes)


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
