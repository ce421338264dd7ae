"""Our client on the contract itself, served by stacks of others."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version as python_version
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from buzzeasy_soap import (
    AuthenticationFailed,
    Endpoints,
    Outcome,
    OutOfHours,
    ProtocolError,
    RequestRefused,
    ServiceFault,
)
from buzzeasy_soap.sandbox import Sandbox
from tests.interop.conftest import Record, case_of
from tests.interop.strangers import (
    CONTRACT,
    JAX_WS,
    MONO_WCF,
    Addresses,
    Shortcoming,
    debian,
    environment,
    free_port,
    mcs,
    npm,
    php_version,
    require,
    run,
)
from tests.support.clients import open_client

SERVERS = Path(__file__).parent / "servers"
WSDL = Path(__file__).parents[2] / "wsdl"
KINDS = ["soap", "soap-curl", "soap-async", "soap-zeep"]
REST = ["rest", "rest-curl", "rest-async"]
NAME = "Ada & <Lovelace> \"Countess\" 'Ada' 𝄞 שלום"
LONG = ("Größe 𝄞 שלום, " * 700)[:7999] + "."
NINE = dt.datetime(2017, 4, 11, 9)
OURS = "Our client on their servers: the contract itself"


@frozen
class Server:
    """The contract on a foreign stack."""

    name: str
    package: str
    version: Callable[[], str]
    command: Callable[[Path, str], Sequence[str]]
    """Of a folder to build in, and a port."""
    faults: Shortcoming | None = None
    """Where the reason that the service gives does not arrive: what does."""


def jax_ws(folder: Path, port: str) -> Sequence[str]:
    for package, document in (("callback", "RequestCallbackService"), ("info", "BuzzMeInfo")):
        run(folder, "wsimport", "-quiet", "-Xnocompile", "-p", package, str(WSDL / f"{document}.wsdl"))
    generated = [str(source) for source in folder.glob("*/*.java")]
    run(folder, "javac", "-nowarn", "-d", ".", "-cp", JAX_WS, *generated, str(SERVERS / "JaxWsServer.java"))
    return ["java", "-cp", f"{folder}:{JAX_WS}", "JaxWsServer", port]


def gsoap(folder: Path, port: str) -> Sequence[str]:
    with Sandbox() as sandbox:  # whose WSDL has no `xmlns:soap12`, which wsdl2h takes for SOAP 1.2
        run(folder, "wsdl2h", "-o", "service.h", *Addresses.of(sandbox, "wsdl").wsdls)
    run(folder, "soapcpp2", "-S", "-j", "service.h")
    sources = [
        str(SERVERS / "gsoap_server.cpp"),
        "soapC.cpp",
        "soapBasicHttpBinding_USCOREIServiceService.cpp",
    ]
    run(folder, "g++", "-O0", "-I.", "-DWITH_PURE_VIRTUAL", "-o", "server", *sources, "-lgsoap++")
    return [str(folder / "server"), port]


def php(_: Path, port: str) -> Sequence[str]:
    return ["php", str(SERVERS / "soap_server.php"), port, str(WSDL)]


def mono(folder: Path, port: str) -> Sequence[str]:
    return ["mono", mcs(folder, SERVERS / "WcfServer.cs", CONTRACT), port]


def node(library: str) -> Callable[[Path, str], Sequence[str]]:
    return lambda _, port: ["node", str(SERVERS / "soap_server.js"), library, port, str(WSDL)]


STRONG_SOAP = Server("strong-soap", "strong-soap (npm)", npm("strong-soap"), node("strong-soap"))
NODE_SOAP = Server("Node soap", "soap (npm)", npm("soap"), node("soap"))
SPYNE = Server(
    "spyne", "spyne (pip), for Python 3.11", lambda: python_version("spyne"),
    lambda _, port: [sys.executable, "-W", "ignore", str(SERVERS / "spyne_server.py"), port],
)  # fmt: skip
GSOAP = Server("gSOAP", "gsoap, libgsoap-dev, g++ (apt)", debian("libgsoap-dev"), gsoap)
JAX = Server("JAX-WS Endpoint", "jaxws, default-jdk-headless (apt)", debian("jaxws"), jax_ws)
PHP = Server("PHP SoapServer", "php-soap (apt)", php_version, php)
INTERNAL = Shortcoming(
    "Its server writes a fault of its own for one that the service raises, without code and reason.",
    "InternalServiceFault: The server was unable to process the request due to an internal error",
)
MONO = Server("WCF on Mono", f"mono-mcs, {MONO_WCF} (apt)", debian(MONO_WCF), mono, INTERNAL)


def started(server: Server, folder: Path) -> Iterator[tuple[Server, Endpoints, str]]:
    version = require(server.name, server.package, server.version)
    port = str(free_port())
    with (folder / "stderr").open("w") as errors, subprocess.Popen(
        server.command(folder, port), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.strip() == "ready" for line in lines), (folder / "stderr").read_text()
        root = f"http://127.0.0.1:{port}"
        yield server, Endpoints(f"{root}/Service.svc", f"{root}/InfoService.svc"), version
        process.communicate("")


ON_PYTHON_3_11 = pytest.mark.skipif(sys.version_info >= (3, 12), reason="spyne 2.14 does not run on it")


@pytest.fixture(
    scope="module",
    params=[STRONG_SOAP, pytest.param(SPYNE, marks=ON_PYTHON_3_11), GSOAP, JAX, PHP, MONO],
    ids=lambda server: server.name,
)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Endpoints, str]]:
    yield from started(request.param, tmp_path_factory.mktemp("server"))


@pytest.fixture(params=KINDS)
def client(
    request: pytest.FixtureRequest, server: tuple[Server, Endpoints, str], record: Record
) -> Iterator[Any]:
    stack, endpoints, version = server
    case = case_of(request)
    short = stack.faults if case == "a fault" else None
    record(OURS, stack.name, version, case, short and short.why)
    with open_client(request.param, endpoints) as opened:
        yield opened


def test_a_callback_and_its_data(client: Any) -> None:
    placed = client.request_call_when_available(NAME, "+447700900123", fields=[LONG, None, "𝄞"])
    data = client.get_call_data_by_pin(placed.code)
    assert (data.customer_name, data.phone_no, data.confirmation_code) == (NAME, "+447700900123", placed.code)
    assert data.fields[0].raw == LONG
    assert (data.fields[1], data.fields[2].raw, data.fields[9]) == (None, "𝄞", None)
    assert (data.scheduled_time, data.service_queue) == (None, None)


def test_a_booking(client: Any) -> None:
    slots = client.get_available_times(NINE)
    assert [(slot.id, slot.available) for slot in slots] == [(n, True) for n in (3, 4, 5, 6)]
    assert (slots[0].start.hour, slots[0].end.minute) == (9, 30)
    assert len(client.get_next_three_time_slots(NINE)) == 3
    booked = client.request_call_schedule("Grace", "+447700900200", time_slot=slots[1])
    found = client.get_call_data_by_number("+447700900200")
    assert (found.confirmation_code, found.scheduled_time) == (booked.code, "slot 4")


def test_no_slot(client: Any) -> None:
    evening = NINE.replace(hour=20)
    assert (client.get_available_times(evening), client.get_next_three_time_slots(evening)) == ((), ())


def test_a_waiting_time(client: Any) -> None:
    client.update_ewt_record(7)
    assert client.get_ewt_by_service_id() == dt.timedelta(minutes=7)


def test_a_rejection(client: Any) -> None:
    with pytest.raises(OutOfHours) as rejected:
        client.request_call_when_available("Ada", "+447700900103")
    assert rejected.value.outcome is Outcome.REFUSED


def test_a_fault(client: Any, server: tuple[Server, Endpoints, str]) -> None:
    short = server[0].faults
    reason = str(short.instead) if short else "No desk is free"
    with pytest.raises(ServiceFault, match=reason) as fault:
        client.request_call_when_available("fault", "+447700900123")
    assert fault.value.outcome is Outcome.UNKNOWN
    assert fault.value.callback_request is not None


def test_null(client: Any) -> None:
    assert client.get_call_data_by_pin("0000") is None
    assert client.get_call_data_by_number("+447700900999") is None


def test_a_wrong_password(
    client: Any, server: tuple[Server, Endpoints, str], request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["client"]
    with open_client(kind, server[1], password="wrong") as wrong:
        with pytest.raises(AuthenticationFailed):
            wrong.request_call_when_available("Ada", "+447700900123")
        with pytest.raises(RequestRefused):
            wrong.update_ewt_record(5)
        with pytest.raises(RequestRefused):
            wrong.get_available_times(NINE)
        with pytest.raises(AuthenticationFailed):
            wrong.get_ewt_by_service_id()
        assert wrong.get_call_data_by_number("+447700900123") is None


@pytest.fixture(scope="module")
def wcf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Endpoints, str]]:
    yield from started(MONO, tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize("kind", REST)
def test_call_data_over_rest_as_wcf_writes_it(
    kind: str, wcf: tuple[Server, Endpoints, str], record: Record
) -> None:
    stack, endpoints, version = wcf
    record(OURS, f"{stack.name}, REST", version, "call data and null")
    with open_client("soap", endpoints) as soap, open_client(kind, endpoints) as client:
        placed = soap.request_call_when_available(NAME, "+447700900123", fields=[LONG, None, "𝄞"])
        data = client.get_call_data_by_pin(placed.code)
        assert (data.customer_name, data.phone_no) == (NAME, "+447700900123")
        assert (data.fields[0].raw, data.fields[1], data.fields[2].raw) == (LONG, None, "𝄞")
        assert client.get_call_data_by_number("+447700900123") is not None
        assert client.get_call_data_by_number("+447700900999") is None


@pytest.mark.parametrize("kind", REST)
def test_an_empty_reply_of_wcf_is_never_read_as_a_value(
    kind: str, wcf: tuple[Server, Endpoints, str], record: Record
) -> None:
    stack, endpoints, version = wcf
    why = (
        "Its server reads no JSON body of more than one parameter, and answers nothing, with status 200. "
        "Our client says so, and that the outcome is unknown."
    )
    record(OURS, f"{stack.name}, REST", version, "a callback", why)
    with open_client(kind, endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            client.request_call_when_available("Ada", "+447700900123")
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.callback_request is not None
        with pytest.raises(ProtocolError):
            client.update_ewt_record(5)
        with pytest.raises(ProtocolError):
            client.get_ewt_by_service_id()


@pytest.fixture(scope="module")
def node_soap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Endpoints, str]]:
    yield from started(NODE_SOAP, tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize("kind", KINDS)
def test_node_soap_whose_namespaces_are_wrong_is_never_read_as_a_value(
    kind: str, node_soap: tuple[Server, Endpoints, str], record: Record
) -> None:
    stack, endpoints, version = node_soap
    why = (
        "Its server writes members in wrong namespaces. Our client says so, and that the outcome is unknown."
    )
    record(OURS, stack.name, version, "a callback and its data", why)
    with open_client(kind, endpoints) as client:
        with pytest.raises(ProtocolError) as caught:
            client.request_call_when_available("Ada", "+447700900123")
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.callback_request is not None
        for call in (
            lambda: client.get_available_times(NINE),
            lambda: client.get_call_data_by_number("+447700900123"),
        ):
            with pytest.raises(ProtocolError):
                call()
