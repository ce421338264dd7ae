"""The sandbox as a service of another author: its namespaces, actions, order and one operation more."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zeep

from buzzeasy_soap import (
    AuthenticationFailed,
    BuzzeasyClient,
    ConfigurationError,
    Endpoints,
    OutOfHours,
    RequestRefused,
    ServiceFault,
)
from buzzeasy_soap.description.documents import packaged_directory, read_documents
from buzzeasy_soap.sandbox import Sandbox
from tests.conftest import MORNING
from tests.support.clients import open_client

KINDS = ["soap", "soap-curl", "soap-async", "soap-zeep", "soap-session"]
RENAMED = {
    "http://tempuri.org/IService/": "urn:acme:callback/ICallback/",
    "http://tempuri.org/IInfoService/": "urn:acme:callback/IScreenPop/",
    "http://tempuri.org/": "urn:acme:callback",
    "http://schemas.datacontract.org/2004/07/": "urn:acme:data:",
    "IInfoService": "IScreenPop",
    "IService": "ICallback",
    'name="requestedDate"': 'name="RequestedDate"',
    'name="time" ': 'name="requestedDate" ',
    # In another order, and the region must be there.
    '<xs:element minOccurs="0" name="region" nillable="true" type="xs:string"/>': "",
    '<xs:element minOccurs="0" name="name" nillable="true" type="xs:string"/>': '<xs:element name="region" type="xs:string"/>'
    '<xs:element minOccurs="0" name="name" nillable="true" type="xs:string"/>',
    # A member that is always answered and that nobody here knows.
    '<xs:element minOccurs="0" name="ResultCode" type="xs:int"/>': '<xs:element minOccurs="0" name="ResultCode" type="xs:int"/>'
    '<xs:element name="Position" type="xs:int"/><xs:element name="Since" type="xs:dateTime"/>'
    '<xs:element name="Office" type="xs:string"/>',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The WSDLs of the other author."""
    target = tmp_path_factory.mktemp("wsdl")
    for documents in read_documents():
        for name, content in documents.content.items():
            text = content.decode()
            for old, new in RENAMED.items():
                text = text.replace(old, new)
            (target / name).write_text(text)
    return target


@pytest.fixture(scope="module")
def other(folder: Path) -> Iterator[Sandbox]:
    with Sandbox(now=MORNING, speed=0.001, wsdl=folder) as sandbox:
        yield sandbox


@pytest.fixture(params=KINDS)
def client(request: pytest.FixtureRequest, other: Sandbox, folder: Path) -> Iterator[Any]:
    other.reset()
    with open_client(request.param, Endpoints.sandbox(other.port), wsdl=folder) as opened:
        yield opened


def test_all_eight_operations(client: Any, other: Sandbox) -> None:
    nine = dt.datetime(2017, 4, 11, 9)
    client.request_call_when_available(
        "Ada", "07700 900123", region="GB", fields=["<Order & 1815>", None, "c"]
    )
    slots = client.get_available_times(nine)
    assert len(client.get_next_three_time_slots(nine)) == 3
    client.request_call_schedule("Grace", "+447700900200", time_slot=slots[0])
    client.update_ewt_record(7)
    assert client.get_ewt_by_service_id() == dt.timedelta(minutes=7)
    data = client.get_call_data_by_number("+447700900123")
    assert (data.customer_name, data.fields[0].value, data.fields[2].value) == ("Ada", "<Order & 1815>", "c")
    [ada, grace] = other.calls()
    assert client.get_call_data_by_pin(grace["pin"]).customer_name == "Grace"
    assert ada["name"] == "Ada"


def test_rejections_faults_and_nothing_at_all(client: Any, other: Sandbox) -> None:
    with pytest.raises(OutOfHours):
        client.request_call_when_available("Ada", "+447700900103")
    assert client.get_call_data_by_pin("0000") is None
    other.fail_next("GetEWTByServiceID", "soap_fault")
    with pytest.raises(ServiceFault, match="InternalServiceFault"):
        client.get_ewt_by_service_id()


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_password_is_what_it_always_was(kind: str, other: Sandbox, folder: Path) -> None:
    with open_client(kind, Endpoints.sandbox(other.port), wsdl=folder, password="wrong") as client:
        with pytest.raises(AuthenticationFailed):
            client.request_call_when_available("Ada", "+447700900123")
        with pytest.raises(RequestRefused):
            client.get_available_times(dt.datetime(2017, 4, 11, 9))
        assert client.get_call_data_by_pin("1234") is None


def test_the_packaged_contract_is_told_that_it_may_be_another(other: Sandbox) -> None:
    with open_client("soap", Endpoints.sandbox(other.port)) as client:
        with pytest.raises(ServiceFault, match="buzzeasy contract fetch") as caught:
            client.request_call_when_available("Ada", "+447700900123")
    assert caught.value.code == "ActionNotSupported"


@pytest.mark.parametrize("query", ["wsdl", "singleWsdl"])
def test_zeep_alone_calls_it_from_what_it_publishes(other: Sandbox, query: str) -> None:
    other.reset()
    url = f"{other.url}/RequestCallbackService/Service.svc"
    service = zeep.Client(f"{url}?{query}").service
    placed = service.RequestCallWhenAvailable(
        region="GB", name="Ada", phoneNo="07700900123", serviceQueue=1, company=1, password="P@ssword"
    )
    assert placed.ResultCode == 0
    assert placed.ConfirmationCode
    assert (placed.Position, placed.Office) == (0, None)
    assert len(service.GetNextThreeTimeSlots(1, dt.datetime(2017, 4, 11, 9), 1, "P@ssword")) == 3


def test_a_wsdl_that_is_split_is_published_in_its_parts(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "RequestCallbackService.wsdl").read_text()
    start, end = text.index("<wsdl:types>"), text.index("<wsdl:binding")
    abstract = (
        text[text.index("<wsdl:definitions") : text.index("<wsdl:types>")]
        + text[start:end]
        + "</wsdl:definitions>"
    )
    (tmp_path / "Abstract.wsdl").write_text(abstract)
    link = '<wsdl:import namespace="urn:acme:callback" location="Abstract.wsdl"/>'
    (tmp_path / "RequestCallbackService.wsdl").write_text(text[:start] + link + text[end:])
    with Sandbox(now=MORNING, wsdl=tmp_path) as sandbox:
        service = zeep.Client(f"{sandbox.url}/RequestCallbackService/Service.svc?wsdl").service
        assert service.GetEWTByServiceID(1, 1, "P@ssword") == 0
        options = {"company": 1, "password": "P@ssword", "service_queue": 1, "wsdl": tmp_path}
        with BuzzeasyClient(endpoints=Endpoints.sandbox(sandbox.port), **options) as client:
            assert client.get_ewt_by_service_id() == dt.timedelta()


@pytest.mark.parametrize("wsdl", ["nowhere", "empty"])
def test_a_folder_without_a_contract_is_refused_by_name(tmp_path: Path, wsdl: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigurationError, match=wsdl):
        Sandbox(wsdl=tmp_path / wsdl)
    options = {"company": 1, "password": "P@ssword", "wsdl": tmp_path / wsdl}
    with pytest.raises(ConfigurationError, match=wsdl):
        BuzzeasyClient(endpoints=Endpoints.sandbox(1), **options)


@pytest.mark.buzzeasy_sandbox(wsdl=packaged_directory(), now=dt.datetime(2017, 4, 11, 7))
def test_the_fixture_takes_a_contract_and_a_time(buzzeasy_sandbox) -> None:
    with buzzeasy_sandbox.client() as client:
        client.request_call_when_available("Ada", "+447700900123")
        assert len(client.get_available_times(dt.datetime(2017, 4, 11, 9))) == 18
    assert buzzeasy_sandbox.calls()[0]["requested_at"].startswith("2017-04-11T0")


def test_without_a_marker_the_fixture_is_empty(buzzeasy_sandbox) -> None:
    assert buzzeasy_sandbox.calls() == []
