"""The rate of a campaign: when each of its callbacks may be sent. No I/O.

Callbacks are due at even intervals. A worker claims them a little ahead, so that it need not be on
the dot, and what was missed while all workers were busy is made up for, so slowly that no second has
3% more than the rate.
"""

from typing import Final

from attrs import frozen

AHEAD: Final = 0.2
"""Seconds before its turn that a callback may be claimed: what a worker's death can make unknown, unsent."""
MOST_AHEAD: Final = 0.8
"""The same where looking at the ledger takes a while, because the machine or the database is busy."""
BEHIND: Final = 1.0
"""Seconds that are made up for. What was missed in a longer pause is not sent all the faster after it."""
FASTER: Final = 1.03
"""How much faster than the rate that goes."""
_CLOCK_SET_BACK: Final = 1.0
"""Seconds by which a turn is too far ahead to have been given by the same clock, at the same rate."""


@frozen
class Pace:
    """The rate, and where it stands. Times are in seconds since 1970."""

    rate: float | None
    """Callbacks a second; None for no limit."""
    due_at: float
    """When the next is due."""
    last_at: float
    """The turn that was last given."""

    def turns(self, at: float, most: int, ahead: float = AHEAD) -> tuple[list[float], "Pace"]:
        """The times at which up to `most` may be sent, none further than `ahead`; the pace after that."""
        if self.rate is None:
            return [at] * most, self
        due_at, last_at = self.due_at, self.last_at
        if last_at + 1 / self.rate < at - BEHIND:  # nobody was at work
            due_at = max(due_at, at)
        if due_at > at + MOST_AHEAD + 1 / self.rate + _CLOCK_SET_BACK:  # or the rate was lower
            due_at = last_at = at
        due_at = max(due_at, at - BEHIND)
        turns = list[float]()
        while len(turns) < most:
            turn = max(due_at, last_at + 1 / (self.rate * FASTER), at)
            if turn > at + ahead:
                break
            turns.append(turn)
            due_at, last_at = due_at + 1 / self.rate, turn
        return turns, Pace(self.rate, due_at, last_at)

    def wait(self, at: float, ahead: float = AHEAD) -> float:
        """Seconds until it is worth while to claim again: for all that is then due within half of `ahead`."""
        if self.rate is None:
            return 0.0
        return max(0.0, max(self.due_at, self.last_at + 1 / (self.rate * FASTER)) - ahead / 2 - at)
