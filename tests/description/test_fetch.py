"""Fetching a contract with all that it imports, and comparing what is live with what is cached."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from buzzeasy_soap.description.diff import Severity
from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.description.download import address_of, document_getter
from buzzeasy_soap.description.fetch import Fetched, compare_fetched, fetch
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.errors import ConfigurationError
from tests.contracts.drafts import REAL, Draft
from tests.contracts.shapes import HERE, MONO, SHAPES, shape, template

LIVE = "https://live.example/RequestCallbackService/Service.svc"
PAGE = b"\xef\xbb\xbf <!DOCTYPE html><html><body>Service</body></html>"


def served(documents: Mapping[str, bytes], base: str = LIVE) -> dict[str, bytes]:
    """The documents as WCF serves them: ?wsdl, ?xsd=xsd0 and on."""
    addresses = {
        name: f"{base}?wsdl" if name.endswith(".wsdl") else f"{base}?xsd={name.split('.')[1]}"
        for name in documents
    }

    def rewritten(content: bytes) -> bytes:
        for name, address in addresses.items():
            content = content.replace(f'"{name}"'.encode(), f'"{address}"'.encode())
        return content

    return {addresses[name]: rewritten(content) for name, content in documents.items()}


def getter(pages: Mapping[str, bytes], asked: list[str] | None = None) -> Callable[[str], bytes]:
    def get(address: str) -> bytes:
        if asked is not None:
            asked.append(address)
        if address not in pages:
            raise ConfigurationError(f"{address} answers HTTP 404")
        return pages[address]

    return get


def test_what_wcf_serves_comes_back_under_the_cached_names() -> None:
    asked: list[str] = []
    fetched = fetch(REAL, f"{LIVE}?wsdl", getter(served(REAL.content), asked), retrieved="2026-11-24")
    documents = fetched.documents
    assert list(documents.content) == list(REAL.content)
    assert fetched.notes == ()
    assert sorted(asked) == sorted(set(asked))
    assert documents.mismatches() == ()
    assert documents.sha256 == {
        name: hashlib.sha256(content).hexdigest() for name, content in documents.content.items()
    }
    assert (documents.origin, documents.retrieved) == (f"{LIVE}?wsdl", "2026-11-24")
    assert documents.secrets == REAL.secrets
    assert b"live.example" not in b"".join(documents.content.values())
    assert describe(documents) == describe(REAL)


def test_the_same_answers_give_the_same_bytes() -> None:
    pages = served(REAL.content)
    first, second = (fetch(REAL, f"{LIVE}?wsdl", getter(pages)).documents for _ in range(2))
    assert first == second


def test_live_equals_cached_or_the_difference() -> None:
    same = fetch(REAL, f"{LIVE}?wsdl", getter(served(REAL.content)))
    assert compare_fetched(REAL, same) == ()
    draft = Draft.of_the_real()
    draft.message("RequestCallSchedule", 'name="timeslot"', 'name="slot"')
    other = fetch(REAL, f"{LIVE}?wsdl", getter(served(draft.documents().content)))
    assert [change.severity for change in compare_fetched(REAL, other)] == [
        Severity.BREAKING,
        Severity.ADDITION,
    ]


def test_each_shape_is_flattened_to_files_that_find_each_other() -> None:
    names = {key: list(shape(key).documents.content) for key in SHAPES}
    assert names["mono"] == ["Callbacks.wsdl", "Callbacks.xsd0.xsd", "Callbacks.xsd1.xsd"]
    assert names["single"] == ["Quotes.wsdl"]
    assert names["typed"] == ["Reservations.wsdl", *(f"Reservations.xsd{n}.xsd" for n in range(6))]
    for key in SHAPES:
        for content in shape(key).documents.content.values():
            locations = re.findall(rb'(?:schemaLocation|location)="([^"]*\.(?:xsd|wsdl))"', content)
            assert {location.decode() for location in locations} <= set(names[key])


def test_an_import_that_answers_html_is_named_and_left_out() -> None:
    assert shape("mono").notes == (
        f"{MONO}?wsdl imports {MONO}?xsd=.xsd, which answers an HTML page: left out",
    )


def test_an_html_import_that_is_needed_fails() -> None:
    pages = {**served(REAL.content), f"{LIVE}?xsd=xsd2": PAGE}
    fetched = fetch(REAL, f"{LIVE}?wsdl", getter(pages))
    assert "?xsd=xsd2, which answers an HTML page" in fetched.notes[0]
    with pytest.raises(ConfigurationError, match="cannot be read"):
        describe(fetched.documents)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://other.example/x.xsd", "is on another host (--allow-host other.example follows it)"),
        ("http://live.example:8080/x.xsd", None),
        ("//other.example:444/x.xsd", "is on another host (--allow-host other.example:444 follows it)"),
        ("https://live.example.evil.example/x.xsd", "is on another host"),
        ("https://live.example@evil.example/x.xsd", "is on another host"),
        ("file:///etc/passwd", "is no http address, but file"),
        ("ftp://live.example/x.xsd", "is no http address, but ftp"),
        ("data:text/xml,<x/>", "is no http address, but data"),
    ],
)
def test_an_import_from_elsewhere_is_named_and_never_asked_for(location: str, reason: str | None) -> None:
    asked: list[str] = []
    pages = served(REAL.content)
    wsdl = pages[f"{LIVE}?wsdl"]
    extra = f'<xsd:import namespace="urn:x" schemaLocation="{location.replace("<", "&lt;")}"/>'.encode()
    pages[f"{LIVE}?wsdl"] = wsdl.replace(b"<xsd:import ", extra + b"<xsd:import ", 1)
    pages["https://live.example/x.xsd"] = (
        b'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"/>'
    )
    fetched = fetch(REAL, f"{LIVE}?wsdl", getter(pages, asked))
    assert all(address.startswith("https://live.example/") for address in asked)
    if reason is None:
        # http of the same host is what a service behind a proxy says of itself: https is kept.
        assert fetched.notes == ()
        assert "https://live.example/x.xsd" in asked
    else:
        assert len(fetched.notes) == 1
        assert reason in fetched.notes[0]
        assert describe(fetched.documents) == describe(REAL)


def test_another_host_is_followed_where_it_is_allowed() -> None:
    pages = served(REAL.content)
    elsewhere = "http://internal-7:8080/Service.svc?xsd=xsd2"
    pages = {
        address: content.replace(f"{LIVE}?xsd=xsd2".encode(), elsewhere.encode())
        for address, content in pages.items()
    }
    pages[elsewhere] = pages.pop(f"{LIVE}?xsd=xsd2")
    with pytest.raises(ConfigurationError):
        describe(fetch(REAL, f"{LIVE}?wsdl", getter(pages)).documents)
    for allowed in ("internal-7", "internal-7:8080"):
        fetched = fetch(REAL, f"{LIVE}?wsdl", getter(pages), allow_hosts=[allowed])
        assert fetched.notes == ()
        assert describe(fetched.documents) == describe(REAL)


def test_wsdls_that_import_wsdls_and_schemas_that_include_each_other() -> None:
    """As WCF splits a service whose binding has another namespace; cyclic, and relative."""
    text = REAL.content["RequestCallbackService.wsdl"].decode()
    head = text[: text.index("<wsdl:types>")]
    body, service = text[len(head) : text.index("<wsdl:service")], text[text.index("<wsdl:service") :]
    back = '<wsdl:import namespace="http://tempuri.org/" location="Service.svc?wsdl"/>'
    there = '<wsdl:import namespace="http://tempuri.org/" location="?wsdl=wsdl0"/>'
    pages = served(REAL.content)
    pages[f"{LIVE}?wsdl"] = f"{head}{there}{service}".encode()
    pages[f"{LIVE}?wsdl=wsdl0"] = (
        f"{head}{back}{body}</wsdl:definitions>".replace("RequestCallbackService.xsd", "?xsd=xsd")
        .replace('.xsd"', '"')
        .encode()
    )
    data = pages.pop(f"{LIVE}?xsd=xsd2").decode()
    opening = data[: data.index(">", data.index("<xs:schema")) + 1]
    pages[f"{LIVE}?xsd=xsd2"] = f'{opening}<xs:include schemaLocation="?xsd=part"/></xs:schema>'.encode()
    pages[f"{LIVE}?xsd=part"] = data.encode()
    fetched = fetch(REAL, f"{LIVE}?wsdl", getter(pages))
    assert "RequestCallbackService.wsdl0.wsdl" in fetched.documents.content
    assert fetched.notes == ()
    assert describe(fetched.documents) == describe(REAL)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (PAGE, r"does not answer a WSDL; try .*\?wsdl"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "does not answer a WSDL"),
        (b'<schema xmlns="http://www.w3.org/2001/XMLSchema"/>', "does not answer a WSDL"),
        (b"<other/>", "holds other, neither a WSDL nor a schema"),
        (b"", "is not XML that can be read"),
        (b"<wsdl:definitions", "is not XML that can be read"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "document type declaration"),
    ],
)
def test_what_is_no_wsdl_is_refused_with_its_address(page: bytes, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as caught:
        fetch(REAL, LIVE, getter({LIVE: page}))
    assert LIVE in str(caught.value)


def test_an_import_that_cannot_be_had_fails_with_its_address() -> None:
    pages = served(REAL.content)
    del pages[f"{LIVE}?xsd=xsd1"]
    with pytest.raises(ConfigurationError, match=r"\?xsd=xsd1 answers HTTP 404"):
        fetch(REAL, f"{LIVE}?wsdl", getter(pages))


def test_imports_without_end_are_cut_off() -> None:
    pages = served(REAL.content)
    pages[f"{LIVE}?wsdl"] = pages[f"{LIVE}?wsdl"].replace(b"?xsd=xsd0", b"?xsd=0", 1)

    def endless(address: str) -> bytes:
        if address in pages:
            return pages[address]
        following = int(address.rpartition("=")[2]) + 1
        return (
            '<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://tempuri.org/">'
            f'<include schemaLocation="?xsd={following}"/></schema>'
        ).encode()

    with pytest.raises(ConfigurationError, match="imports more than 64 documents"):
        fetch(REAL, f"{LIVE}?wsdl", endless)


def test_redefine_is_refused_by_name() -> None:
    pages = served(REAL.content)
    pages[f"{LIVE}?xsd=xsd2"] = pages[f"{LIVE}?xsd=xsd2"].replace(
        b"<xs:complexType", b'<xs:redefine schemaLocation="?xsd=xsd1"/><xs:complexType', 1
    )
    with pytest.raises(ConfigurationError, match="xs:redefine"):
        fetch(REAL, f"{LIVE}?wsdl", getter(pages))


def fetched_from(path: Path) -> Fetched:
    return fetch(template("Reservations"), address_of(str(path)), document_getter())


def test_from_a_file_with_its_schemas_beside_it() -> None:
    fetched = fetched_from(HERE / "typed" / "Reservations.wsdl")
    assert fetched.notes == ()
    assert len(fetched.documents.content) == 7


def test_a_file_imports_nothing_from_outside_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    secret = tmp_path / "secret.xsd"
    secret.write_text('<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"/>')
    for location in ("../secret.xsd", secret.as_uri(), "sub/../../secret.xsd", "%2e%2e/secret.xsd"):
        (folder / "a.wsdl").write_text(
            '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types>'
            '<schema xmlns="http://www.w3.org/2001/XMLSchema">'
            f'<import namespace="urn:x" schemaLocation="{location}"/></schema></types></definitions>'
        )
        fetched = fetched_from(folder / "a.wsdl")
        assert "is outside the folder of the WSDL" in fetched.notes[0], location
        assert list(fetched.documents.content) == ["Reservations.wsdl"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.wsdl cannot be read"):
        fetched_from(tmp_path / "none.wsdl")


def test_the_cached_documents_are_those_of_both_services() -> None:
    assert {"BuzzMeInfo", "RequestCallbackService"} <= {documents.name for documents in read_documents()}
