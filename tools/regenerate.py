"""Regenerates `buzzeasy_soap/contract/` from `wsdl/`, and `wsdl/` from where the contract is published.

    python tools/regenerate.py                   write the generated package
    python tools/regenerate.py --check           write nothing; exit 1 where it is not up to date
    python tools/regenerate.py --from URL|FILE   fetch, show the difference, then write both

With --from it exits 0 where nothing changed for a client, 1 for additions, 2 for breaking changes, and
3 where anything failed: then nothing is written.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from attrs import evolve, field, frozen

from buzzeasy_soap.description.diff import Change, Severity, worst
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.download import address_of, document_getter
from buzzeasy_soap.description.fetch import Fetched, Get, compare_fetched, fetch
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.errors import ConfigurationError
from contract_files import replace_folders, wsdl_files
from generate import generate
from guidance import guide, type_faults

ROOT: Final = Path(__file__).resolve().parent.parent
WSDL: Final = ROOT / "wsdl"
CONTRACT: Final = ROOT / "buzzeasy_soap" / "contract"
FAILED: Final = 3
_EXIT: Final = {Severity.NEUTRAL: 0, Severity.ADDITION: 1, Severity.BREAKING: 2}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse's own status, 2, means breaking changes here.
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _Parser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    parser.add_argument("--from", dest="source", metavar="URL|FILE", help="the WSDL to take")
    parser.add_argument("--service", metavar="NAME", help="the service of contract.toml that it describes")
    parser.add_argument(
        "--allow-host", metavar="HOST", action="append", default=[], help="follow imports to this host too"
    )
    parser.add_argument("--json", action="store_true", help="print the difference as JSON")
    parser.add_argument("--dry-run", action="store_true", help="show the difference, write nothing")
    options = parser.parse_args(arguments)
    if not options.source:
        return check() if options.check else write()
    if options.check:
        parser.error("--check takes no --from")
    try:
        update = _fetch(options.source, options.service, options.allow_host)
        if options.dry_run:
            (_print_json if options.json else _print)(update, written=False)
        else:
            _adopt(update, as_json=options.json)
    except (ConfigurationError, OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return FAILED
    return _EXIT[worst(update.changes)]


def _adopt(update: "Update", *, as_json: bool) -> None:
    """Write what was fetched and what is generated from it, say so, and lead on."""
    generated = update.generated()
    guided = not as_json and worst(update.changes) is not Severity.NEUTRAL
    before = type_faults(ROOT) if guided and update.old else []
    replace_folders(ROOT, {WSDL: wsdl_files(update.document_sets), CONTRACT: generated})
    (_print_json if as_json else _print)(update, written=True)
    if guided:
        old = describe(update.old) if update.old else None
        for title, lines in guide(ROOT, old, update.fetched.documents, update.changes, before):
            print(f"\n{title}")
            for line in lines or ["nothing"]:
                print(f"  {line}".rstrip())


def check() -> int:
    """Say whether `wsdl/` and the generated package belong together."""
    try:
        document_sets = read_documents(WSDL)
        problems = _mismatches(document_sets)
        generated = {} if problems else _generated(document_sets)
    except ConfigurationError as error:
        problems, generated = [str(error)], {}
    if not problems:
        present = {path.name: path.read_bytes() for path in CONTRACT.iterdir() if path.is_file()}
        problems = [
            f"buzzeasy_soap/contract/{name} does not belong to wsdl/: run `make generate`"
            for name in sorted(present.keys() | generated.keys())
            if present.get(name) != generated.get(name)
        ]
        problems += [
            f"wsdl/contract.toml: nobody has decided yet about {operation} of {service}: never repeated, by POST"
            for service, operation in undecided(document_sets)
        ]
        listed = {name for documents in document_sets for name in documents.content} | {"contract.toml"}
        problems += [
            f"wsdl/{path.name} is not listed in contract.toml"
            for path in sorted(WSDL.iterdir())
            if path.name not in listed
        ]
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


def write() -> int:
    """Write the generated package from `wsdl/` as it is."""
    try:
        document_sets = read_documents(WSDL)
        problems = _mismatches(document_sets)
        if problems:
            raise ConfigurationError("\n".join(problems))
        replace_folders(ROOT, {CONTRACT: _generated(document_sets)})
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def undecided(document_sets: Sequence[DocumentSet]) -> list[tuple[str, str]]:
    """The service and name of each operation of which contract.toml does not say what no WSDL can."""
    return [
        (documents.name, operation.name)
        for documents in document_sets
        for operation in describe(documents).operations
        if operation.name not in documents.facts
    ]


def _mismatches(document_sets: Sequence[DocumentSet]) -> list[str]:
    return [
        f"wsdl/{name} is not what contract.toml's SHA-256 says"
        for documents in document_sets
        for name in documents.mismatches()
    ]


def _generated(document_sets: Sequence[DocumentSet]) -> dict[str, bytes]:
    return {name: source.encode() for name, source in generate(document_sets).items()}


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

    def generated(self) -> dict[str, bytes]:
        """The package. Raises ConfigurationError, with what changed, where it cannot be generated."""
        try:
            return _generated(self.document_sets)
        except ConfigurationError as error:
            told = "\n".join((*map(str, self.changes), *self.fetched.notes))
            raise ConfigurationError(f"{told}\n{error}\nNothing was written.") from None


def _fetch(source: str, service: str | None, allow_hosts: Sequence[str]) -> Update:
    present = read_documents(WSDL)
    get = _remembering(document_getter())
    template = next((documents for documents in present if documents.name == service), None)
    if template is None:
        template = evolve(
            present[0],
            name=service or "Service",
            path="",
            endpoint="",
            secrets=frozenset({"password"}),
            facts={},
        )
    fetched = _fetched(template, source, get, allow_hosts)
    if service is None:
        template = _same_service(fetched, present)
        fetched = _fetched(template, source, get, allow_hosts)
    others = [documents for documents in present if documents.name != template.name]
    old = next((documents for documents in present if documents.name == template.name), None)
    return Update(old, fetched, (*others, fetched.documents))


def _fetched(template: DocumentSet, source: str, get: Get, allow_hosts: Sequence[str]) -> Fetched:
    fetched = fetch(
        template,
        address_of(source),
        get,
        allow_hosts=allow_hosts,
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
    """The one of `contract.toml` with the port type of what was fetched."""
    port_type = fetched.describe().port_type
    for documents in present:
        if describe(documents).port_type == port_type:
            return documents
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


if __name__ == "__main__":
    sys.exit(main())
