"""Taking a contract from where it is published: fetched, compared, generated, and then written."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from buzzeasy_soap.description.diff import Change, Severity, worst
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.download import address_of, document_getter, documents_beside
from buzzeasy_soap.description.fetch import Fetched, Get, compare_fetched, fetch
from buzzeasy_soap.description.load import NoSoapPort, SeveralPortTypes, describe
from buzzeasy_soap.description.model import local_name
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.proxies import Proxies
from contract_files import replace_folders, wsdl_files
from contract_package import CONTRACT, ROOT, WSDL, generated, undecided
from guidance import guide, type_faults

_EXIT: Final = {Severity.NEUTRAL: 0, Severity.ADDITION: 1, Severity.BREAKING: 2}


def take(
    source: str,
    *,
    service: str | None,
    port_type: str | None,
    allow_hosts: Sequence[str],
    as_json: bool,
    dry_run: bool,
) -> int:
    """Fetch a contract, show the difference, write both folders; answers the exit status.

    Raises where anything fails, and has then written nothing.
    """
    tell = _print_json if as_json else _print
    update = _fetch(source, service, port_type, allow_hosts)
    try:
        package = generated(update.document_sets)
    except ConfigurationError:
        tell(update, written=False)
        raise
    if dry_run:
        tell(update, written=False)
    else:
        _adopt(update, package, tell=tell, guided=not as_json)
    return _EXIT[worst(update.changes)]


def _adopt(
    update: "Update", package: Mapping[str, bytes], *, tell: Callable[..., None], guided: bool
) -> None:
    """Write what was fetched and what is generated from it, say so, and lead on."""
    guided = guided and worst(update.changes) is not Severity.NEUTRAL
    before = type_faults(ROOT) if guided and update.old else []
    replace_folders(ROOT, {WSDL: wsdl_files(update.document_sets), CONTRACT: package})
    tell(update, written=True)
    if guided:
        old = describe(update.old) if update.old else None
        try:
            for title, lines in guide(ROOT, old, update.fetched.documents, update.changes, before):
                print(f"\n{title}")
                for line in lines or ["nothing"]:
                    print(f"  {line}".rstrip())
        except (RuntimeError, SyntaxError) as error:
            # All is written: that mypy cannot run, or our code not be read, changes nothing of that.
            print(f"  no more guidance: {error}")


@frozen
class Update:
    """A contract that was fetched, beside the one that is there."""

    old: DocumentSet | None
    """None for a service that is not there yet."""
    fetched: Fetched
    document_sets: tuple[DocumentSet, ...]
    """What `wsdl/` is to hold."""
    changes: tuple[Change, ...] = field(init=False)

    @changes.default
    def _compare(self) -> tuple[Change, ...]:
        if self.old is None:
            service = self.fetched.describe()
            return (Change(Severity.ADDITION, service.name, "a new service"),)
        return compare_fetched(self.old, self.fetched)


def _fetch(source: str, service: str | None, port_type: str | None, allow_hosts: Sequence[str]) -> Update:
    present = read_documents(WSDL)
    get = _remembering(document_getter(proxy_for=Proxies.of_environment().for_url))
    template = next((documents for documents in present if documents.name == service), None)
    if template is None:
        template = evolve(
            present[0],
            name=service or "Service",
            path="",
            endpoint="",
            secrets=frozenset({"password"}),
            facts={},
            port_type="",
        )
    template = evolve(template, port_type=port_type or template.port_type)
    fetched = _fetched(template, source, get, allow_hosts)
    if service is None:
        template = _same_service(fetched, present)
        fetched = _fetched(template, source, get, allow_hosts)
    with suppress(NoSoapPort):  # the comparison says so
        taken = local_name(fetched.describe().port_type)
        fetched = evolve(fetched, documents=evolve(fetched.documents, port_type=taken))
    others = [documents for documents in present if documents.name != template.name]
    old = next((documents for documents in present if documents.name == template.name), None)
    return Update(old, fetched, (*others, fetched.documents))


def _fetched(template: DocumentSet, source: str, get: Get, allow_hosts: Sequence[str]) -> Fetched:
    address = address_of(source)
    fetched = fetch(
        template,
        address,
        get,
        allow_hosts=allow_hosts,
        beside=documents_beside(address),
        retrieved=dt.datetime.now(tz=dt.UTC).date().isoformat(),
    )
    # A file's address would name this machine's folders.
    documents = evolve(fetched.documents, origin=source if "://" in source else Path(source).name)
    return evolve(fetched, documents=documents)


def _remembering(get: Get) -> Get:
    seen: dict[str, bytes] = {}

    def remembered(address: str) -> bytes:
        if address not in seen:
            seen[address] = get(address)
        return seen[address]

    return remembered


def _same_service(fetched: Fetched, present: Sequence[DocumentSet]) -> DocumentSet:
    """The one of `contract.toml` with the port type of what was fetched, whatever its namespace."""
    for documents in present:
        asked = evolve(fetched.documents, facts=documents.facts, port_type=documents.port_type)
        with suppress(SeveralPortTypes, NoSoapPort):
            new, old = evolve(fetched, documents=asked).describe(), describe(documents)
            known = {operation.name for operation in old.operations}
            shared = any(operation.name in known for operation in new.operations)
            if shared and local_name(new.port_type) == local_name(old.port_type):
                return documents
    port_type = fetched.describe().port_type
    names = " or ".join(documents.name for documents in present)
    raise ConfigurationError(
        f"{fetched.documents.origin} describes {port_type}: say with --service which it is, {names}"
    )


def _print(update: Update, *, written: bool) -> None:
    new = update.fetched.documents
    for note in update.fetched.notes:
        print(f"note: {note}")
    print(f"{new.name} from {new.origin}: {_summary(update.changes)}")
    places = [change.place.removeprefix(f"{new.name}.") for change in update.changes]
    width = max(map(len, places), default=0)
    for place, change in zip(places, update.changes, strict=True):
        print(f"  {change.severity:<8}  {place:<{width}}  {change.text}")
    print("wsdl/ and buzzeasy_soap/contract/ are written." if written else "Nothing was written.")
    for _, operation in undecided([new]):
        print(
            f"undecided: {operation} is never repeated, and goes by POST, until wsdl/contract.toml says otherwise"
        )


def _summary(changes: Sequence[Change]) -> str:
    counts = {severity: sum(change.severity is severity for change in changes) for severity in Severity}
    told = [
        f"{count} {severity}{'s' if severity is Severity.ADDITION and count > 1 else ''}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(told) or "no change of meaning"


def _print_json(update: Update, *, written: bool) -> None:
    new = update.fetched.documents
    print(
        json.dumps(
            {
                "service": new.name,
                "origin": new.origin,
                "severity": worst(update.changes),
                "changes": [
                    {"severity": change.severity, "place": change.place, "text": change.text}
                    for change in update.changes
                ],
                "notes": update.fetched.notes,
                "written": written,
            },
            indent=2,
        )
    )
