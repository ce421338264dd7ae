"""Fetching the WSDLs of a live service, and judging them for this package."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from buzzeasy_soap.cli.output import counted, say
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.diff import Change, Subject, compare, grouped
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.download import document_getter
from buzzeasy_soap.description.fetch import Fetched, Get, NotPublished, fetch
from buzzeasy_soap.description.listing import listing
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.description.model import ServiceDescription
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.proxies import Proxies
from buzzeasy_soap.wire.rebinding import Contract


@frozen
class Judgment:
    """What a service's own WSDL means for this package, and how it differs on the wire."""

    fetched: Fetched
    problems: tuple[Change, ...]
    """What does not fit; empty where an installed client works over it."""
    on_the_wire: tuple[str, ...]
    """What it names otherwise than the packaged contract."""
    more: tuple[str, ...]
    """Operations that this package does not have."""
    demands: str
    """What its policies ask for that a plain call does not send, in a line; empty for nothing."""


def judge(cached: DocumentSet, address: str, get: Get) -> Judgment:
    """Fetch the WSDL of an endpoint and judge it. Raises ConfigurationError where there is none."""
    fetched, described = _published(cached, address, get)
    problems = Contract({cached.name: described}).problems([SERVICES[cached.name]])
    changes = grouped(compare(describe(cached), described))
    known = {name.casefold() for name in cached.facts}
    more = tuple(each.name for each in described.operations if each.name.casefold() not in known)
    return Judgment(fetched, problems, _on_the_wire(changes), more, _demands(described, known))


def _demands(described: ServiceDescription, known: Collection[str]) -> str:
    """What the policies of a WSDL ask for, of all operations or of those that this package has."""
    asked: dict[str, list[str]] = {}
    for operation, what in sorted(described.demands):
        if not operation or operation.casefold() in known:
            asked.setdefault(what, []).append(operation)
    if not asked:
        return ""
    each = "; ".join(
        what if "" in operations else f"{what} for {', '.join(operations)}"
        for what, operations in asked.items()
    )
    return f"its policy asks for {each}, which a plain call does not send"


def _on_the_wire(changes: Sequence[Change]) -> tuple[str, ...]:
    """What a message of the packaged contract would have to name otherwise, in few words."""
    named = [each.text for each in changes if each.subject in (Subject.ELEMENT, Subject.SOAP_ACTION)]
    orders = sum(each.subject is Subject.MEMBER_ORDER for each in changes)
    return (*named, *([f"another order of members in {counted(orders, 'type')}"] if orders else []))


def _published(cached: DocumentSet, address: str, get: Get) -> tuple[Fetched, ServiceDescription]:
    """The contract at an endpoint, in one document or else with its imports, and its description."""
    failures: list[ConfigurationError] = []
    today = dt.datetime.now(dt.UTC).date().isoformat()
    queries = ("",) if "?" in address else ("?singleWsdl", "?wsdl")
    for query in queries:
        try:
            fetched = fetch(cached, address + query, get, retrieved=today)
            return fetched, fetched.describe()
        except ConfigurationError as error:
            failures.append(error)
    for failure in failures:
        if not isinstance(failure, NotPublished):
            raise ConfigurationError(f"the WSDL at {address} cannot be read: {failure}")
    raise NotPublished(
        f"{address} publishes no WSDL ({failures[-1]}). Many services publish none over "
        "HTTPS: ask Buzzeasy for it, and put it into a folder for --wsdl"
    )


def fetched_to(folder: Path, addresses: Mapping[str, str], ca_bundle: str | None) -> bool:
    """Fetch the WSDLs of the endpoints into a folder, say what they mean, and answer whether all fits."""
    get = document_getter(verify=ca_bundle or True, proxy_for=Proxies.of_environment().for_url)
    cached = [documents for documents in read_documents() if addresses.get(documents.endpoint)]
    if not cached:
        raise ConfigurationError(
            "give --callback-url or --info-url, or set BUZZEASY_CALLBACK_URL or BUZZEASY_INFO_URL"
        )
    judged = {documents.name: judge(documents, addresses[documents.endpoint], get) for documents in cached}
    _write(folder, [judgment.fetched.documents for judgment in judged.values()])
    for name, judgment in judged.items():
        _report(name, judgment)
    say(f"Written to {folder}. Use it: export BUZZEASY_WSDL={folder.resolve()}")
    return not any(judgment.problems or judgment.demands for judgment in judged.values())


def _write(folder: Path, document_sets: list[DocumentSet]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for documents in document_sets:
            for name, content in documents.content.items():
                (folder / name).write_bytes(content)
        (folder / "contract.toml").write_text(listing(document_sets), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}") from None


def _report(name: str, judgment: Judgment) -> None:
    documents = judgment.fetched.documents
    say(f"{name} from {documents.origin}: {counted(len(documents.content), 'document')}")
    for note in judgment.fetched.notes:
        say(f"  note: {note}")
    if judgment.demands:
        say(f"  does not fit: {judgment.demands}")
    elif not judgment.problems:
        say("  This package works over it, all operations.")
    for problem in judgment.problems:
        say(f"  does not fit: {problem.place}: {problem.text}")
    for text in judgment.on_the_wire:
        say(f"  on the wire: {text}")
    if judgment.more:
        say(f"  more operations: {', '.join(judgment.more)}")
