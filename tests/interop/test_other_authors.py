"""Services of other authors on other stacks: fetched by the command, called over what it wrote."""

import datetime as dt
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from buzzeasy_soap import (
    AuthenticationFailed,
    Confirmation,
    Endpoints,
    Outcome,
    OutOfHours,
    RequestRefused,
    ServiceFault,
)
from buzzeasy_soap.description.documents import read_documents
from tests.interop.conftest import Record, case_of
from tests.interop.strangers import MONO_WCF, debian, free_port, mcs, php_version, require
from tests.support.clients import open_client

SERVERS = Path(__file__).parent / "servers"
KINDS = ["soap", "soap-curl", "soap-async", "soap-zeep", "soap-session"]
MONO = ("WCF on Mono", f"mono-mcs, {MONO_WCF} (apt)", debian(MONO_WCF))
PHP = ("PHP SoapServer", "php-soap (apt)", php_version)
NINE = dt.datetime(2017, 4, 11, 9)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def mono(folder: Path) -> Iterator[Endpoints]:
    """WCF as Mono has it: it drops in silence what comes late or under another name."""
    require(*MONO)
    port = free_port()
    command = ["mono", mcs(folder, SERVERS / "AnotherAuthor.cs"), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().strip() == "ready"
        root = f"http://127.0.0.1:{port}"
        yield Endpoints(f"{root}/Callback.svc", f"{root}/ScreenPop.svc")
        server.communicate("")


PHP_NAMES = {
    "http://tempuri.org/IService/": "urn:acme:callback#",
    "http://tempuri.org/IInfoService/": "urn:acme:callback#",
    "http://tempuri.org/": "urn:acme:callback",
    "http://schemas.datacontract.org/2004/07/": "urn:acme:data:",
    "IService": "DeskPortType",
    "IInfoService": "PopPortType",
    'nillable="true" ': "",
    ' nillable="true"': "",
    'name="requestedDate"': 'name="RequestedDate"',
    '<xs:element minOccurs="0" name="ResultCode" type="xs:int"/>': '<xs:element name="Position" type="xs:int"/>'
    '<xs:element minOccurs="0" name="ResultCode" type="xs:int"/>',
}


def write_wsdls(folder: Path) -> None:
    """The contract under names of PHP's author, without a nil, with one operation more."""
    for documents, name in zip(read_documents(), ("Pop", "Desk"), strict=True):
        for file, content in documents.content.items():
            text = content.decode()
            for old, new in PHP_NAMES.items():
                text = text.replace(old, new)
            (folder / (f"{name}.wsdl" if file == documents.wsdl else file)).write_text(text)
    desk = folder / "Desk.wsdl"
    text = desk.read_text()
    for kind in ("portType", "binding"):
        block = re.search(
            r'<wsdl:operation name="UpdateEWTRecord">.*?</wsdl:operation>',
            text[text.index(f"<wsdl:{kind} ") :],
            re.DOTALL,
        )
        assert block is not None
        text = text.replace(
            block[0],
            block[0] + block[0].replace("UpdateEWTRecord", "Ping", 1).replace("#UpdateEWTRecord", "#Ping"),
            1,
        )
    desk.write_text(text)


@contextmanager
def php(folder: Path) -> Iterator[Endpoints]:
    """PHP's SoapServer: another set of names, and null by leaving out."""
    require(*PHP)
    port = free_port()
    write_wsdls(folder)
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder), str(SERVERS / "another_author.php")]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    ) as server:
        while not listens(port):
            assert server.poll() is None
            time.sleep(0.05)
        root = f"http://127.0.0.1:{port}"
        yield Endpoints(f"{root}/Desk.svc", f"{root}/Pop.svc")
        server.terminate()


@pytest.fixture(scope="module", params=[mono, php], ids=["WCF on Mono", "PHP SoapServer"])
def author(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Endpoints, Path, str]]:
    """A running service, its WSDLs as the command fetches them, and what the command said."""
    folder = tmp_path_factory.mktemp("author")
    with request.param(folder) as endpoints:
        fetched = subprocess.run(
            [sys.executable, "-m", "buzzeasy_soap", "contract", "fetch", "--callback-url", endpoints.callback_url, "--info-url",
             endpoints.info_url, "--to", str(folder / "wsdl")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert fetched.returncode == 0, fetched.stdout + fetched.stderr
        yield endpoints, folder / "wsdl", fetched.stdout


AUTHORS = {mono: MONO, php: PHP}


def note(request: pytest.FixtureRequest, record: Record) -> None:
    name, _, version = AUTHORS[request.node.callspec.params["author"]]
    record("Our client on their servers: WSDLs under other names", name, version(), case_of(request))


@pytest.fixture(params=KINDS)
def client(
    request: pytest.FixtureRequest, author: tuple[Endpoints, Path, str], record: Record
) -> Iterator[Any]:
    endpoints, folder, _ = author
    note(request, record)
    with open_client(request.param, endpoints, wsdl=folder) as opened:
        yield opened


def test_the_command_says_that_this_package_works_over_it(author: tuple[Endpoints, Path, str]) -> None:
    said = author[2]
    assert said.count("This package works over it, all operations.") == 2
    assert "more operations: Ping" in said
    assert len(said.splitlines()) < 20


def test_all_eight_operations(client: Any) -> None:
    placed = client.request_call_when_available(
        "Ada & <Lovelace>", "07700 900123", region="GB", fields=["Größe, 1815", None, "𝄞"]
    )
    assert isinstance(placed, Confirmation)
    slots = client.get_available_times(NINE)
    assert [slot.id for slot in slots] == [4, 5, 6, 7]
    assert slots[0].start.astimezone(slots[0].start.tzinfo).hour == 9
    assert len(client.get_next_three_time_slots(NINE)) == 3
    booked = client.request_call_schedule("Grace", "+447700900200", time_slot=slots[1])
    client.update_ewt_record(7)
    assert client.get_ewt_by_service_id() == dt.timedelta(minutes=7)
    ada = client.get_call_data_by_pin(placed.code)
    assert (ada.customer_name, ada.phone_no) == ("Ada & <Lovelace>", "07700900123")
    assert (ada.fields[0].name, ada.fields[0].value) == ("Größe", "1815")
    assert (ada.fields[1], ada.fields[2].value) == (None, "𝄞")
    grace = client.get_call_data_by_number("+447700900200")
    assert (grace.customer_name, grace.confirmation_code) == ("Grace", booked.code)
    assert grace.scheduled_time == "2017-04-11 slot 5"


def test_rejections_faults_and_null(client: Any) -> None:
    with pytest.raises(OutOfHours) as rejected:
        client.request_call_when_available("Ada", "+447700900103")
    assert rejected.value.outcome is Outcome.REFUSED
    with pytest.raises(ServiceFault) as fault:
        client.request_call_when_available("fault", "+447700900123")
    assert fault.value.outcome is Outcome.UNKNOWN
    assert fault.value.callback_request is not None
    assert "P@ssword" not in str(fault.value)
    assert client.get_call_data_by_pin("0000") is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_password(
    kind: str, author: tuple[Endpoints, Path, str], request: pytest.FixtureRequest, record: Record
) -> None:
    note(request, record)
    endpoints, folder, _ = author
    with open_client(kind, endpoints, wsdl=folder, password="wrong") as client:
        with pytest.raises(AuthenticationFailed):
            client.request_call_when_available("Ada", "+447700900123")
        with pytest.raises(RequestRefused):
            client.update_ewt_record(5)
        with pytest.raises(AuthenticationFailed):
            client.get_ewt_by_service_id()
        assert client.get_call_data_by_number("+447700900123") is None
        with pytest.raises(RequestRefused):
            client.get_available_times(NINE)


def test_without_its_wsdl_nothing_is_placed_and_the_way_on_is_named(
    author: tuple[Endpoints, Path, str],
) -> None:
    with open_client("soap", author[0]) as client:
        with pytest.raises(ServiceFault) as caught:
            client.request_call_when_available("Ada", "+447700900123")
    assert caught.value.outcome in (Outcome.REFUSED, Outcome.UNKNOWN)
