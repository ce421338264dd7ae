"""What hooks, the log and OpenTelemetry are told of a call, and that none of it can break one."""

import asyncio
import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from attrs import evolve
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyError, ConnectionLost, Outcome, Retry, Timeout
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.wire import telemetry
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer, answer

PLACED = contract.ResponseMessage(confirmation_code="BZ1", result_code=0)
kinds = pytest.mark.parametrize(
    "kind", ["soap", "soap-curl", "soap-async", "rest", "rest-async", "soap-zeep"]
)


class Recorded:
    """What OpenTelemetry has been told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.spans = InMemorySpanExporter()
        self.metrics = InMemoryMetricReader()
        tracer = TracerProvider()
        tracer.add_span_processor(SimpleSpanProcessor(self.spans))
        monkeypatch.setattr(trace, "get_tracer", tracer.get_tracer)
        monkeypatch.setattr(metrics, "get_meter", MeterProvider([self.metrics]).get_meter)

    @property
    def points(self):
        [resource] = self.metrics.get_metrics_data().resource_metrics
        [metric] = resource.scope_metrics[0].metrics
        assert (metric.name, metric.unit) == ("rpc.client.call.duration", "s")
        return metric.data.data_points


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    telemetry._instruments.cache_clear()
    yield Recorded(monkeypatch)
    telemetry._instruments.cache_clear()


def place(client):
    return client.request_call_when_available("Ada Lovelace", "+447700900123")


@kinds
def test_a_call_is_a_client_span_and_a_duration(kind: str, recorded: Recorded) -> None:
    reply = answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        place(client)
        port = server.port
    [span] = recorded.spans.get_finished_spans()
    assert (span.name, span.kind) == (
        "RequestCallbackService/RequestCallWhenAvailable",
        trace.SpanKind.CLIENT,
    )
    assert span.attributes == {
        "rpc.system": "rest" if kind.startswith("rest") else "soap",
        "rpc.service": "RequestCallbackService",
        "rpc.method": "RequestCallWhenAvailable",
        "server.address": "localhost",
        "server.port": port,
    }
    assert [point.count for point in recorded.points] == [1]


@kinds
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (scripted.close(), "ConnectionLost"),
        (scripted.http("<h1>no</h1>", status=502, content_type="text/html"), "ProtocolError"),
    ],
)
def test_an_error_is_the_span_s_status_and_the_metric_s_kind(kind, reply, error, recorded: Recorded) -> None:
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        with pytest.raises(BuzzeasyError) as caught:
            place(client)
    assert type(caught.value).__name__ == error
    [span] = recorded.spans.get_finished_spans()
    assert span.status.status_code is trace.StatusCode.ERROR
    assert (span.attributes["error.type"], span.attributes["buzzeasy.outcome"]) == (error, "unknown")
    assert not span.events
    assert [point.attributes["error.type"] for point in recorded.points] == [error]


@kinds
def test_a_hook_is_told_each_attempt_and_its_phases(kind: str) -> None:
    records = []
    replies = (scripted.close(), answer(kind, contract.GET_EWT_BY_SERVICE_ID, 5))
    with (
        ScriptedServer(replies) as server,
        open_client(kind, server.endpoints, hooks=[records.append], retry=Retry(first_wait=0.01)) as client,
    ):
        client.get_ewt_by_service_id()
    first, second = records
    assert (first.operation, first.attempt, first.status, first.error) == (
        "GetEWTByServiceID", 1, None, "ConnectionLost",
    )  # fmt: skip
    assert first.outcome is Outcome.UNKNOWN
    assert (second.attempt, second.status, second.outcome, second.error) == (2, 200, None, None)
    assert second.binding == ("rest" if kind.startswith("rest") else "zeep" if "zeep" in kind else "soap")
    assert second.request_bytes > 0 and second.reply_bytes > 0
    assert list(second.phases) == ["connect", "send", "read"]
    assert list(second.phases.values()) == sorted(second.phases.values())
    assert second.phases["read"] <= second.seconds
    assert "P@ssword" not in repr(records)


@kinds
def test_a_hook_that_fails_breaks_no_call(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    def hook(record: object) -> None:
        raise RuntimeError("my own fault")

    reply = answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints, hooks=[hook]) as client:
        assert place(client).code == "BZ1"
    assert "a hook failed after RequestCallWhenAvailable" in caplog.text


@kinds
def test_a_call_is_one_line_at_info(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "buzzeasy_soap")
    replies = (scripted.close(), answer(kind, contract.GET_EWT_BY_SERVICE_ID, 5), scripted.close())
    with (
        ScriptedServer(replies) as server,
        open_client(kind, server.endpoints, retry=Retry(first_wait=0.01)) as client,
    ):
        client.get_ewt_by_service_id()
        with pytest.raises(ConnectionLost):
            place(client)
    lines = [record.getMessage() for record in caplog.records if record.name == "buzzeasy_soap"]
    assert len(lines) == 2
    assert lines[0].startswith("GetEWTByServiceID ok in ") and "attempt 2, HTTP 200" in lines[0]
    assert lines[1].startswith("RequestCallWhenAvailable ConnectionLost, outcome unknown")


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_cancelling_a_call_that_was_sent_says_so_and_leaves_the_pool_sound(
    protocol: str, recorded: Recorded
) -> None:
    records = []
    reply = answer(protocol, contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)

    async def cancelled_then_sound() -> asyncio.CancelledError:
        with ScriptedServer((scripted.silence(), reply)) as server:
            async with AsyncBuzzeasyClient(
                endpoints=server.endpoints, company=1, password="P@ssword", service_queue=1,
                protocol=protocol, hooks=[records.append], timeout=Timeout(total=20),
            ) as client:  # fmt: skip
                task = asyncio.create_task(place(client))
                while not server.received:  # noqa: ASYNC110 - another thread fills it
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as caught:
                    await task
                assert (await place(client)).code == "BZ1"
                return caught.value

    error = asyncio.run(cancelled_then_sound())
    assert error.outcome is Outcome.UNKNOWN
    assert error.callback_request.phone_no == "+447700900123"
    assert [record.outcome for record in records] == [Outcome.UNKNOWN, None]
    assert recorded.spans.get_finished_spans()[0].attributes["buzzeasy.outcome"] == "unknown"


@kinds
@pytest.mark.parametrize("failing", ["on_start", "on_end", "record"])
def test_telemetry_that_fails_breaks_no_call(kind, failing, recorded: Recorded, monkeypatch, caplog) -> None:
    class Broken(SpanProcessor):
        def on_start(self, *_: object, **__: object) -> None:
            if failing == "on_start":
                raise RuntimeError("broken")

        def on_end(self, *_: object) -> None:
            if failing == "on_end":
                raise RuntimeError("broken")

    class Histogram:
        def record(self, *_: object) -> None:
            raise RuntimeError("broken")

    tracer = TracerProvider()
    tracer.add_span_processor(Broken())
    monkeypatch.setattr(trace, "get_tracer", tracer.get_tracer)
    if failing == "record":
        meter = SimpleNamespace(create_histogram=lambda *_, **__: Histogram())
        monkeypatch.setattr(metrics, "get_meter", lambda _: meter)
    reply = answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        assert place(client).code == "BZ1"
    assert "OpenTelemetry failed" in caplog.text


@pytest.mark.parametrize("kind", ["soap", "soap-async"])
def test_an_interruption_after_the_reply_has_an_outcome_too(kind: str) -> None:
    reply = answer(kind, contract.REQUEST_CALL_WHEN_AVAILABLE, PLACED)
    with ScriptedServer((reply,)) as server, open_client(kind, server.endpoints) as client:
        inner = getattr(client, "_client", client)
        prepared = inner._adapter.request_call_when_available("Ada", "+447700900123", None, (), None)

        def interrupt(_: object) -> None:
            raise KeyboardInterrupt

        interrupted = evolve(prepared, meaning=interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            client._run(interrupted)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.callback_request.phone_no == "+447700900123"
