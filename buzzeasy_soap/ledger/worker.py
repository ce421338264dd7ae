"""A worker: places a campaign's callbacks until none is left, it is paused, or it is told to stop.

One thread takes turns at the ledger: in each, one transaction settles what the senders have done and
claims as many callbacks as senders are free. A claimed callback is sent at its turn under the
campaign's rate, so what the worker's death leaves unknown is what its senders held, and no more.
"""

import logging
import math
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from attrs import frozen

from buzzeasy_soap.clients.blocking import BuzzeasyClient
from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, LeaseExpired, LedgerError
from buzzeasy_soap.ledger.claims import Claim
from buzzeasy_soap.ledger.ledger import Ledger, send
from buzzeasy_soap.ledger.model import Campaign
from buzzeasy_soap.ledger.pace import AHEAD, MOST_AHEAD
from buzzeasy_soap.ledger.queue import Turn
from buzzeasy_soap.ledger.verdicts import Verdict, verdict
from buzzeasy_soap.models import Confirmation
from buzzeasy_soap.wire.clock import Clock

_LONGEST_WAIT: Final = 5.0
"""Seconds between two looks at the ledger: a pause or a cancellation must be seen."""
_GATHER: Final = 0.1
"""Seconds for which results wait for others, to be settled with them."""
_FIRST_WAIT: Final = 0.5
"""Seconds until a ledger that could not be used is asked again; then twice as many, up to _LONGEST_WAIT."""
_LATE: Final = 1.0
"""Seconds after its turn at which a callback gives its claim back: to send it late would be a burst."""

_RECORDING: Final = 30.0
"""Seconds to go on trying to record what was sent, once the worker is to stop."""

logger = logging.getLogger("buzzeasy_soap")


@frozen
class Ended:
    """Why a worker has ended."""

    why: str | None
    """None: every callback is settled."""


class Worker:
    """Places a campaign's callbacks. Any number may work on one campaign, in any number of processes."""

    def __init__(
        self,
        ledger: Ledger,
        client: BuzzeasyClient,
        campaign: Campaign,
        *,
        senders: int = 8,
        name: str | None = None,
    ) -> None:
        """`senders` is how many calls are under way at most. Raises ConfigurationError."""
        if isinstance(senders, bool) or not isinstance(senders, int) or not 1 <= senders <= 256:
            raise ConfigurationError("senders must be a whole number from 1 to 256")
        self._ledger_queue, self._client, self._campaign = ledger.queue, client, campaign
        self._lease = ledger.lease_for(client)
        self._senders = senders
        self._name = name or f"{socket.gethostname()}:{os.getpid()}"
        self._results: queue.SimpleQueue[tuple[Claim, Confirmation | BaseException] | None] = (
            queue.SimpleQueue()
        )
        self._stopping = threading.Event()
        self._ahead = AHEAD

    def stop(self) -> None:
        """Claim no more, and end once what is under way has ended. Safe in a signal's handler."""
        self._stopping.set()
        self._results.put(None)

    def run(self, on_turn: Callable[[float | None], None] = lambda _: None) -> Ended:
        """Work. `on_turn` is called after each turn at the ledger, with the seconds until the next at most.

        A ledger that cannot be used is asked again until it can: what was sent must be recorded.
        """
        in_flight = 0
        settled: list[tuple[Claim, Verdict]] = []
        with ThreadPoolExecutor(self._senders, "buzzeasy-sender") as pool:
            while True:
                free = 0 if self._stopping.is_set() else self._senders - in_flight
                turn = self._turn(settled, free)
                for claim in turn.claims:
                    pool.submit(self._send, claim)
                in_flight += len(turn.claims)
                on_turn(turn.wait)
                if not in_flight and not turn.claims:
                    if self._stopping.is_set():
                        return Ended("stopped")
                    if turn.stopped or turn.wait is None:
                        return Ended(turn.stopped)
                settled = self._results_within(turn.wait if in_flight < self._senders else None)
                in_flight -= len(settled)

    def _turn(self, settled: list[tuple[Claim, Verdict]], free: int) -> Turn:
        wait, gives_up = _FIRST_WAIT, math.inf
        while True:
            try:
                return self._timed_turn(settled, free)
            except LedgerError as error:
                if self._stopping.is_set():
                    gives_up = min(gives_up, Clock.monotonic() + _RECORDING)
                if Clock.monotonic() + wait > gives_up or (self._stopping.is_set() and not settled):
                    for claim, result in settled:  # what was sent must not be forgotten
                        logger.error(  # noqa: TRY400 - each is a message of its own
                            "not recorded: %s is %s %s",
                            claim.reference,
                            result.state,
                            result.confirmation_code or "",
                        )
                    return Turn(stopped=str(error))
                logger.warning("%s; again in %.1f s", error, wait)
            time.sleep(wait)
            wait = min(_LONGEST_WAIT, wait * 2)

    def _timed_turn(self, settled: list[tuple[Claim, Verdict]], free: int) -> Turn:
        began = Clock.monotonic()
        turn = self._ledger_queue.turn(self._campaign, self._name, settled, free, self._lease, self._ahead)
        # Where that takes long, what is claimed must last until the next.
        self._ahead = min(MOST_AHEAD, AHEAD + 2 * (Clock.monotonic() - began))
        return turn

    def _results_within(self, seconds: float | None) -> list[tuple[Claim, Verdict]]:
        """What has ended, once there is something, or nothing after a while.

        `seconds` are those until more can be claimed: what ends until then, or soon, is settled with it.
        None where nothing can before something has ended.
        """
        results = []
        ends = Clock.monotonic() + min(_LONGEST_WAIT if seconds is None else seconds, _LONGEST_WAIT)
        try:
            results.append(self._results.get(timeout=max(0.0, ends - Clock.monotonic())))
            ends = 0.0 if seconds is None else min(ends, Clock.monotonic() + _GATHER)
            while True:
                results.append(self._results.get(timeout=max(0.0, ends - Clock.monotonic())))
        except queue.Empty:
            return [(each[0], verdict(each[1])) for each in results if each is not None]

    def _send(self, claim: Claim) -> None:
        ahead = claim.send_at - Clock.since_boot()
        if ahead > 0:
            self._stopping.wait(ahead)
        late = Clock.since_boot() - claim.send_at
        if self._stopping.is_set() or late > _LATE:
            self._results.put((claim, LeaseExpired("its turn has passed")))
        else:
            self._results.put((claim, self._looked_up(claim, send(self._client, claim))))

    def _looked_up(self, claim: Claim, result: Confirmation | BaseException) -> Confirmation | BaseException:
        """What was placed after all where its result is unknown: the service finds a call until it is over."""
        if isinstance(result, BuzzeasyError) and result.outcome is Outcome.UNKNOWN:
            with suppress(BuzzeasyError):
                return self._client.reconcile(claim.request).confirmation or result
        return result
