"""Nobody is called twice and nothing is lost, under random faults and SIGKILL. `make soak` does it at length."""

from collections import Counter
from pathlib import Path

import pytest

from tools.soak import Ledger, judge, run, wishes


@pytest.mark.posix
@pytest.mark.parametrize("mode", [pytest.param("threads", marks=pytest.mark.slow), "tasks"])
def test_nobody_is_called_twice_and_nothing_is_lost(mode: str, tmp_path: Path) -> None:
    verdict, ledger = run(mode, count=200, kills=1, seed=2017, database=tmp_path / "sandbox.db")
    assert verdict.holds, verdict.table()
    assert ledger.answered == 200
    assert ledger.confirmed
    assert ledger.placed or ledger.not_found  # else nothing has gone wrong


def told(**changes: object) -> Ledger:
    """Four callers: confirmed, reconciled as placed, not found, and not sent."""
    ledger = Ledger(confirmed={"a": "BZ1"}, placed={"b": "BZ2"}, not_found={"c"}, not_sent={"d"})
    for name, value in changes.items():
        setattr(ledger, name, value)
    return ledger


STORED = [("a", "BZ1"), ("b", "BZ2"), ("c", "BZ3")]


def test_what_adds_up_holds() -> None:
    assert judge(told(), 4, STORED, kills=0, faults=0).holds
    assert judge(told(), 4, STORED[:2], kills=0, faults=0).holds  # c was never placed


@pytest.mark.parametrize(
    ("ledger", "stored", "violation"),
    [
        (told(), [*STORED, ("a", "BZ4")], "called twice"),
        (told(), STORED[1:], "confirmed, and missing from the store"),
        (told(), [STORED[0], STORED[2]], "reconciled, and missing from the store"),
        (told(placed={"b": "BZ1"}), STORED, "one code given to two callers"),
        (told(), [*STORED, ("d", "BZ4")], "NOT_SENT or REFUSED, and yet in the store"),
        (told(), [*STORED, ("e", "BZ4")], "difference between the store and the answers"),
        (told(not_found=set()), STORED[:2], "callers who heard nothing"),
    ],
)
def test_what_does_not_add_up_is_seen(ledger: Ledger, stored: list[tuple[str, str]], violation: str) -> None:
    verdict = judge(ledger, 4, stored, kills=0, faults=0)
    assert verdict.violations[violation] == 1
    assert not verdict.holds
    assert f"{violation} " in verdict.table()


def test_no_two_callers_have_a_name_or_number_and_no_slot_is_overbooked() -> None:
    made = [*wishes("threads", 20_000), *wishes("tasks", 20_000)]
    assert len({wish.name for wish in made}) == len({wish.phone_no for wish in made}) == len(made)
    assert max(Counter(wish.booking for wish in made if wish.booking).values()) == 3
