"""A ledger and a client of either I/O style, behind one blocking face."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from buzzeasy_soap import Confirmation, Endpoints
from buzzeasy_soap.ledger import AsyncLedger, Counts, Entry, Ledger, Reconciled
from tests.support.clients import Blocking, open_client

NUMBER = "+447700900123"
KINDS = ["soap", "soap-async"]


@frozen
class Desk:
    """What a web site has: a ledger and a client."""

    ledger: Any
    client: Any

    def place(self, key: str, name: str = "Ada", phone_no: str = NUMBER, **options: Any) -> Confirmation:
        return self._run("place", name, phone_no, key=key, **options)

    def reconcile(self) -> Reconciled:
        return self._run("reconcile")

    def with_options(self, **options: Any) -> "Desk":
        return Desk(self.ledger, self.client.with_options(**options))

    @property
    def counts(self) -> Counts:
        return self.ledger.book.counts(None)

    def entries(self) -> list[Entry]:
        return list(self.ledger.book.entries(None))

    def _run(self, method: str, *args: Any, **options: Any) -> Any:
        call = getattr(self.ledger, method)
        if isinstance(self.client, Blocking):
            return self.client._loop.run_until_complete(call(self.client._client, *args, **options))
        return call(self.client, *args, **options)


@contextmanager
def open_desk(
    kind: str, endpoints: Endpoints, database: Path, *, lease: float = 30, **options: Any
) -> Iterator[Desk]:
    with open_client(kind, endpoints, reference_field=10, **options) as client:
        ledger = (AsyncLedger if isinstance(client, Blocking) else Ledger)(database, lease=lease)
        try:
            yield Desk(ledger, client)
        finally:
            ledger._engine.dispose()


def calls_of(sandbox: Any) -> list[str]:
    """The numbers that the sandbox was asked to call."""
    return [call["phone_no"] for call in sandbox.calls()]
