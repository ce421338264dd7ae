"""An operation that nothing answers: an empty success is all that it can hear."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from buzzeasy_soap import TLS, BuzzeasyError, Outcome, Retry, Timeout
from buzzeasy_soap.clients.options import open_async_transport, open_transport
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.delivery import AsyncDelivery, Delivery
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Accepted, Operation
from buzzeasy_soap.wire.policy import Endpoint, Policy, RetryBudget
from tests.contracts.features import documents_of
from tests.contracts.generated import generated_module
from tests.support.scripted import Reply, ScriptedServer, close, fault_bytes, http, raw

Call = Callable[[ScriptedServer, Operation[Any, Any], Any], Any]
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder: Path = tmp_path_factory.mktemp("contract")
    return generated_module(documents_of("one_way"), folder)


def _parts(server: ScriptedServer) -> tuple[SoapBinding, dict[str, Endpoint], Policy]:
    policy = Policy(
        timeout=Timeout(total=5), retry=Retry(), budget=RetryBudget(10), max_reply_bytes=2**20, describe=_none
    )
    return SoapBinding(), {"Orders": Endpoint("callback_url", f"{server.url}/Orders.svc")}, policy


def _none(*_: object) -> Any:
    raise AssertionError("it places no callback")


def blocking(choice: str) -> Call:
    def call(server: ScriptedServer, operation: Operation[Any, Any], request: Any) -> Any:
        transport = open_transport(choice, TLS(), None)
        try:
            return Delivery(*_parts(server), transport)(operation, request)
        finally:
            transport.close()

    return call


def asynchronous(server: ScriptedServer, operation: Operation[Any, Any], request: Any) -> Any:
    async def call() -> Any:
        transport = open_async_transport("aiohttp", TLS(), None)
        try:
            return await AsyncDelivery(*_parts(server), transport)(operation, request)
        finally:
            await transport.close()

    return asyncio.run(call())


ways = pytest.mark.parametrize(
    "call", [blocking("requests"), blocking("curl"), asynchronous], ids=["requests", "curl", "aiohttp"]
)


def request_of(orders: ModuleType) -> Any:
    return orders.PlaceOrder(order=orders.Order(number=1))


@ways
@pytest.mark.parametrize(
    "reply",
    [
        http(status=202, content_type=None),
        http(status=202),
        http(status=200),
        http(" \r\n", status=200),
        http(status=200, content_type="text/html"),
        raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
        raw(b"HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\n", keep=False),
    ],
    ids=["202", "202 xml", "200", "blank", "html", "204", "close"],
)
def test_an_empty_success_is_one(call: Call, reply: Reply, orders: ModuleType) -> None:
    with ScriptedServer((reply,)) as server:
        assert call(server, orders.PLACE_ORDER, request_of(orders)) == Accepted()
        assert len(server.received) == 1
        assert b"<PlaceOrder " in server.received[0].body


ELSE = {
    "an answer": http(ENVELOPE.format('<PlaceOrderResponse xmlns="urn:orders"/>')),
    "an empty Body": http(ENVELOPE.format("")),
    "an answer with 202": http(ENVELOPE.format('<PlaceOrderResponse xmlns="urn:orders"/>'), status=202),
    "a page": http("<html><body>welcome</body></html>", content_type="text/html"),
    "an empty 500": http(status=500),
    "an empty 404": http(status=404),
    "an empty 503": http(status=503),
    "a redirect": http(status=302, headers={"Location": "/login"}),
    "a fault": http(fault_bytes("InternalServiceFault", "failed"), status=500),
    "half a reply": http("", length=10, keep=False),
    "none": close(),
}


@ways
@pytest.mark.parametrize("reply", ELSE.values(), ids=ELSE)
def test_anything_else_leaves_it_unknown_and_is_not_sent_again(
    call: Call, reply: Reply, orders: ModuleType
) -> None:
    with ScriptedServer((reply,)) as server:
        with pytest.raises(BuzzeasyError) as caught:
            call(server, orders.PLACE_ORDER, request_of(orders))
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.operation == "PlaceOrder"
        assert len(server.received) == 1


@ways
def test_a_repeatable_one_is_sent_again(call: Call, orders: ModuleType) -> None:
    operation = attrs.evolve(orders.PLACE_ORDER, repeatable=True)
    with ScriptedServer((http(status=503), close(), http(status=202))) as server:
        assert call(server, operation, request_of(orders)) == Accepted()
        assert len(server.received) == 3


def test_zeep_reads_it_alike_with_plugins_and_without(orders: ModuleType) -> None:
    class Plugin:
        def egress(self, envelope: Any, headers: Any, *_: Any) -> Any:
            return envelope, headers

        ingress = egress

    for binding in (ZeepBinding(), ZeepBinding(plugins=[Plugin()])):
        binding._documents["Orders"] = documents_of("one_way")
        request = request_of(orders)
        assert b"PlaceOrder" in binding.encode(orders.PLACE_ORDER, request, "http://127.0.0.1/").body
        assert binding.decode(orders.PLACE_ORDER, request, HttpResponse(202, {}, b"")) == Accepted()
