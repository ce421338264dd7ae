"""A process that works on a campaign, for campaign_test.py, which kills it.

    LEDGER=ADDRESS python tools/campaign_worker.py worker NAME --sandbox PORT
    LEDGER=ADDRESS python tools/campaign_worker.py dbos NAME --sandbox PORT --executor one
    python tools/campaign_worker.py alone COUNT --sandbox PORT

The last one places callbacks with no ledger: what the service can take by itself.
"""

import argparse
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, Endpoints, Timeout
from buzzeasy_soap.ledger import Ledger, Worker
from buzzeasy_soap.wire.redaction import Secret

TIMEOUT: Final = Timeout(connect=2, read=3, total=3)
LEASE: Final = 3.0
"""Seconds; short, so that what a kill leaves behind is found within the test."""


def client_of(port: int) -> BuzzeasyClient:
    """A client of the sandbox."""
    return BuzzeasyClient(
        endpoints=Endpoints.sandbox(port),
        company=1,
        password="P@ssword",  # noqa: S106 - published
        service_queue=1,
        reference_field=1,
        timeout=TIMEOUT,
        transport="curl",
    )


def ledger_of(address: str) -> Ledger:
    """The ledger at an address."""
    return Ledger(Secret(address), lease=LEASE)


def _work(name: str, port: int, senders: int) -> None:
    with ledger_of(os.environ["LEDGER"]) as ledger, client_of(port) as client:
        worker = Worker(ledger, client, ledger.book.campaign(name), senders=senders)
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        print("working", flush=True)
        worker.run()


def _drain(name: str, port: int, senders: int, executor: str) -> None:
    from buzzeasy_soap.ledger.dbos import Drains

    with ledger_of(os.environ["LEDGER"]) as ledger, client_of(port) as client:
        tables = os.environ["DBOS_TABLES"]
        with Drains(ledger, client, tables=Secret(tables), executor=executor, senders=senders) as drains:
            drains.start(name)
            print("working", flush=True)
            drains.wait(name)


def _alone(count: int, port: int, senders: int) -> None:
    with client_of(port) as client, ThreadPoolExecutor(senders) as pool:

        def place(n: int) -> None:
            with suppress(BuzzeasyError):
                client.request_call_when_available(f"alone {os.getpid()} {n}", f"+4430{n:08}")

        print("working", flush=True)
        started = time.monotonic()
        list(pool.map(place, range(count)))
        print(count / (time.monotonic() - started))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("how", choices=["worker", "dbos", "alone"])
    parser.add_argument("what")
    parser.add_argument("--sandbox", type=int, required=True)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--executor", default="one")
    given = parser.parse_args()
    if given.how == "worker":
        _work(given.what, given.sandbox, given.senders)
    elif given.how == "dbos":
        _drain(given.what, given.sandbox, given.senders, given.executor)
    else:
        _alone(int(given.what), given.sandbox, given.senders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
