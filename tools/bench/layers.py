"""Our own small call, layer by layer: `make profile`.

    PYTHONPATH=tools python -m bench.layers [--calls 2000]

Each layer is timed by itself, in CPU microseconds, the least of nine runs: the parameters' checks, the envelope,
the reply, and the call as a whole over a transport that only answers. What is left of that is delivery's.
"""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.client import FIELDS
from bench.replies import responses
from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.exchange import Exchange
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse

PASSWORD = "P@ssword"  # noqa: S105
REPLY = HttpResponse(
    200, {"content-type": "text/xml; charset=utf-8"}, responses()[0].partition(b"\r\n\r\n")[2]
)


class Canned:
    """A transport that only answers."""

    def send(self, request: HttpRequest, exchange: Exchange, /) -> HttpResponse:  # noqa: ARG002
        """Answer."""
        return REPLY

    def close(self) -> None:
        """Nothing."""


def least(run: Callable[[], Any], calls: int) -> float:
    run()
    times = []
    for _ in range(9):
        started = time.process_time()
        for _ in range(calls):
            run()
        times.append((time.process_time() - started) / calls * 1e6)
    return min(times)


def main() -> None:
    sys.modules["opentelemetry"] = None  # type: ignore[assignment]  # as where it is not installed
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    calls = parser.parse_args().calls
    client = BuzzeasyClient(
        endpoints=Endpoints.sandbox(), company=1, password=PASSWORD, service_queue=1, transport=Canned()
    )
    adapter, binding = client._adapter, SoapBinding()  # noqa: SLF001 - a layer by itself
    number = "+447700900123"

    def prepare() -> Any:
        return adapter.request_call_when_available("Ada Lovelace", number, None, FIELDS, None)

    call = prepare()
    rows = {
        "parameters to a record": least(prepare, calls),
        "record to an envelope": least(
            lambda: binding.encode(call.operation, call.request, "http://x/"), calls
        ),
        "reply to a record": least(lambda: binding.decode(call.operation, call.request, REPLY), calls),
        "record to an answer": least(
            lambda: call.answer(binding.decode(call.operation, call.request, REPLY)), calls
        ),
    }
    rows["record to an answer"] -= rows["reply to a record"]
    whole = least(lambda: client.request_call_when_available("Ada Lovelace", number, fields=FIELDS), calls)
    rows["delivery: deadline, phases, outcome"] = whole - sum(rows.values())
    for layer, spent in rows.items():
        print(f"{spent:8.1f} us  {layer}")
    print(f"{whole:8.1f} us  a whole call, transport apart")


if __name__ == "__main__":
    main()
