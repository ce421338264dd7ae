"""Contracts of other shapes, as their services publish them."""

from pathlib import Path

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.fetch import Fetched, fetch
from buzzeasy_soap.errors import ConfigurationError

HERE = Path(__file__).parent
MONO = "http://mono.example:8080/Callbacks.svc"
SINGLE = "https://quotes.example/Quotes.svc?singleWsdl"

PUBLISHED: dict[str, bytes] = {
    f"{MONO}?wsdl": (HERE / "mono" / "service.wsdl").read_bytes(),
    f"{MONO}?xsd=xsd0": (HERE / "mono" / "xsd0.xsd").read_bytes(),
    f"{MONO}?xsd=xsd1": (HERE / "mono" / "xsd1.xsd").read_bytes(),
    f"{MONO}?xsd=.xsd": (HERE / "mono" / "page.html").read_bytes(),
    SINGLE: (HERE / "single" / "Quotes.wsdl").read_bytes(),
    **{path.as_uri(): path.read_bytes() for path in sorted((HERE / "typed").iterdir())},
}
TYPED = (HERE / "typed" / "Reservations.wsdl").as_uri()
SHAPES = {
    "mono": ("Callbacks", f"{MONO}?wsdl"),
    "single": ("Quotes", SINGLE),
    "typed": ("Reservations", TYPED),
}


def published(address: str) -> bytes:
    try:
        return PUBLISHED[address]
    except KeyError:
        raise ConfigurationError(f"{address} is not published") from None


def template(name: str) -> DocumentSet:
    return DocumentSet(
        name=name,
        wsdl=f"{name}.wsdl",
        origin="",
        retrieved="",
        path=f"/{name}.svc",
        endpoint="callback_url",
        secrets=frozenset({"password"}),
        facts={},
        sha256={},
        content={},
    )


def shape(key: str) -> Fetched:
    name, address = SHAPES[key]
    return fetch(template(name), address, published)
