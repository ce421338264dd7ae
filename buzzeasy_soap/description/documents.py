"""The documents of the contract as they are kept in `wsdl/`."""

import hashlib
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import field, fields, frozen

from buzzeasy_soap.errors import ConfigurationError


@frozen
class OperationFacts:
    """What no WSDL says of an operation. Nobody has decided yet: then these are the safe values."""

    repeatable: bool = False
    """It only reads, or sets a value, so a second one changes nothing."""
    places_callback: bool = False
    rest_method: str = "POST"
    json_names: Mapping[str, str] = field(factory=dict)
    """What the document's JSON body calls a member, by the method header's name, where they differ."""
    optional: tuple[str, ...] = field(default=(), converter=tuple)
    """Parameters that a caller may leave out."""
    absent: tuple[str, ...] = field(default=(), converter=tuple)
    """Members of the result's type that the document does not list for this operation."""


@frozen
class DocumentSet:
    """One service's WSDL with the schemas that it imports, and where they came from."""

    name: str
    """The service's name on the platform: `RequestCallbackService` or `BuzzMeInfo`."""
    wsdl: str
    """The file name of the document that imports the others."""
    origin: str
    retrieved: str
    path: str
    """Where the service is on its host: `/RequestCallbackService/Service.svc`."""
    endpoint: str
    """Which address of `Endpoints` is the service's: `callback_url` or `info_url`."""
    secrets: frozenset[str]
    """The names of members that no log or repr may show."""
    facts: Mapping[str, OperationFacts]
    """What people have decided, by the operation's name."""
    sha256: Mapping[str, str]
    """By file name, as `contract.toml` has them."""
    content: Mapping[str, bytes]
    """By file name."""
    port_type: str = ""
    """The local name of the port type that is the service's, should the WSDL have several."""

    def facts_of(self, operation: str) -> OperationFacts:
        """The facts of an operation; the safe values where nobody has decided."""
        return self.facts.get(operation, OperationFacts())

    def mismatches(self) -> tuple[str, ...]:
        """The files whose content is not what its SHA-256 says."""
        return tuple(
            name
            for name, digest in self.sha256.items()
            if hashlib.sha256(self.content[name]).hexdigest() != digest
        )


def undescribed(name: str) -> DocumentSet:
    """The documents of a service of which nobody has decided anything, for `fetch` to fill."""
    return DocumentSet(name, "", "", "", "", "", frozenset(), {}, {}, {})


def packaged_directory() -> Traversable:
    """`wsdl/`: inside the package where it was installed, beside it in a checkout; a zip file's too."""
    package = files("buzzeasy_soap")
    # A folder and a zip file's both have a parent, though the protocol does not say so.
    for place in (package, getattr(package, "parent", package)):
        candidate: Traversable = place.joinpath("wsdl")
        if candidate.joinpath("contract.toml").is_file():
            return candidate
    raise ConfigurationError("the WSDL documents of this package are missing: install it again")


def read_documents(directory: Traversable | None = None) -> tuple[DocumentSet, ...]:
    """The document sets that `contract.toml` lists, in order of their names.

    Raises ConfigurationError where a listed file is missing.
    """
    directory = directory or packaged_directory()
    listing = tomllib.loads(directory.joinpath("contract.toml").read_text(encoding="utf-8"))
    return tuple(
        sorted((_read(directory, entry) for entry in listing.get("document", ())), key=lambda d: d.name)
    )


def _read(directory: Traversable, entry: Mapping[str, object]) -> DocumentSet:
    sha256 = entry["sha256"]
    secrets = entry["secrets"]
    assert isinstance(sha256, dict) and isinstance(secrets, list)
    content: dict[str, bytes] = {}
    for name in sha256:
        try:
            content[name] = directory.joinpath(name).read_bytes()
        except FileNotFoundError:
            raise ConfigurationError(f"contract.toml lists {name}, which is not there") from None
    return DocumentSet(
        name=str(entry["name"]),
        wsdl=str(entry["wsdl"]),
        origin=str(entry["origin"]),
        retrieved=str(entry["retrieved"]),
        path=str(entry.get("path", "")),
        endpoint=str(entry.get("endpoint", "")),
        secrets=frozenset(secrets),
        facts=_facts(entry.get("operations", {})),
        sha256=sha256,
        content=content,
        port_type=str(entry.get("port_type", "")),
    )


def _facts(tables: object) -> Mapping[str, OperationFacts]:
    """The tables `document.operations.…`. Raises ConfigurationError for a fact that there is not."""
    assert isinstance(tables, dict)
    known = [each.name for each in fields(OperationFacts)]
    for name, table in tables.items():
        for key in table.keys() - set(known):
            raise ConfigurationError(
                f"contract.toml: {name} has {key}, which is not one of {', '.join(known)}"
            )
    return {name: OperationFacts(**table) for name, table in tables.items()}
