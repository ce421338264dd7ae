"""Fetching the WSDLs of a live service, and judging them for this package."""

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from buzzeasy_soap.cli.output import say
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.description.diff import Change, compare, grouped
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.download import document_getter
from buzzeasy_soap.description.fetch import Fetched, Get, fetch
from buzzeasy_soap.description.listing import listing
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.rebinding import Contract


@frozen
class Judgment:
    """What a service's own WSDL means for this package, and how it differs on the wire."""

    fetched: Fetched
    problems: tuple[Change, ...]
    """What does not fit; empty where an installed client works over it."""
    differences: tuple[Change, ...]
    """From the packaged contract, those that are one told once."""


def judge(cached: DocumentSet, address: str, get: Get) -> Judgment:
    """Fetch the WSDL of an endpoint and judge it. Raises ConfigurationError where there is none."""
    fetched = _published(cached, address, get)
    described = fetched.describe()
    problems = Contract({cached.name: described}).problems([SERVICES[cached.name]])
    return Judgment(fetched, problems, grouped(compare(describe(cached), described)))


def _published(cached: DocumentSet, address: str, get: Get) -> Fetched:
    """The contract at an endpoint: in one document, or else with its imports."""
    failures = []
    queries = ("",) if "?" in address else ("?singleWsdl", "?wsdl")
    for query in queries:
        try:
            fetched = fetch(cached, address + query, get)
            fetched.describe()
        except ConfigurationError as error:
            failures.append(str(error))
        else:
            return fetched
    raise ConfigurationError(
        f"{address} publishes no WSDL that can be read ({failures[-1]}). Many services publish none over "
        "HTTPS: ask Buzzeasy for it, and put it into a folder for --wsdl"
    )


def fetched_to(folder: Path, addresses: Mapping[str, str], ca_bundle: str | None) -> bool:
    """Fetch the WSDLs of the endpoints into a folder, say what they mean, and answer whether all fits."""
    get = document_getter(verify=ca_bundle or True)
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
    return not any(judgment.problems for judgment in judged.values())


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
    count = len(judgment.fetched.documents.content)
    say(f"{name} from {judgment.fetched.documents.origin}: {count} document{'s' if count > 1 else ''}")
    for note in judgment.fetched.notes:
        say(f"  note: {note}")
    if not judgment.problems:
        say("  This package works over it, all operations.")
    for problem in judgment.problems:
        say(f"  does not fit: {problem.place}: {problem.text}")
    if judgment.differences:
        say("  It differs from the packaged contract:")
    for change in judgment.differences:
        say(f"    {change.place.removeprefix(f'{name}.')}: {change.text}")
