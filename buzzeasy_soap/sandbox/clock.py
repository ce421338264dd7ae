"""The service's clock: real or simulated time, slower or faster."""

import datetime as dt
import math
from typing import Final
from zoneinfo import ZoneInfo

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.clock import Clock

FASTEST: Final = 1_000_000
"""From today it reaches `LATEST` in three days."""

LATEST: Final = dt.datetime.max.replace(tzinfo=dt.UTC) - dt.timedelta(days=10 * 366)
"""Where the clock stops: it leaves room for calls in later years."""

_ALLOWED: Final = f"a number greater than 0 and at most {FASTEST}"


class ServiceClock:
    """Runs from a start time at a given speed and can be advanced; only a restart sets it back.

    It reads the date once, when it starts; from then on it counts real seconds. A test that freezes or
    moves `datetime` therefore decides when the clock starts, but does not stop it or make it jump.
    """

    def __init__(self, zone: ZoneInfo, *, start: dt.datetime | None = None, speed: float = 1.0) -> None:
        """`start` None means the real time; a naive one is in the service's time zone.

        Raises ConfigurationError if the speed is not allowed or the start is too late.
        """
        if not _is_allowed(speed):
            raise ConfigurationError(f"the speed must be {_ALLOWED}, not {speed}")
        self.zone = zone
        self._given = start
        self._given_speed = speed
        self.begin()
        try:
            self.advance(0)
        except ValueError:
            raise ConfigurationError(
                f"the clock cannot start at {self._start:%Y-%m-%d}: use an earlier date"
            ) from None

    def begin(self) -> None:
        """Start over, at the given speed, and at the given start time or the real time."""
        self.speed = self._given_speed
        start = self._given or dt.datetime.now(dt.UTC)
        self._start = (start if start.tzinfo else start.replace(tzinfo=self.zone)).astimezone(dt.UTC)
        self._began = Clock.monotonic()

    def now(self) -> dt.datetime:
        """The current time, at most LATEST; aware, UTC."""
        elapsed = (Clock.monotonic() - self._began) * self.speed
        try:
            return min(self._start + dt.timedelta(seconds=elapsed), LATEST)
        except OverflowError:
            return LATEST

    def local(self, moment: dt.datetime | None = None) -> dt.datetime:
        """A moment, or now, in the service's time zone."""
        return (moment or self.now()).astimezone(self.zone)

    def advance(self, seconds: float) -> None:
        """Advance the clock. Raises ValueError if `seconds` is negative or too large."""
        if not 0 <= seconds < math.inf:
            raise ValueError("the clock can only move forward")
        if seconds > (LATEST - self._start).total_seconds():
            raise ValueError("the clock cannot move forward that far")
        self._start += dt.timedelta(seconds=seconds)

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on. Raises ValueError if it is not allowed."""
        if not _is_allowed(speed):
            raise ValueError(f"the speed must be {_ALLOWED}")
        self._start, self._began = self.now(), Clock.monotonic()
        self.speed = speed

    def not_before(self, moment: dt.datetime) -> None:
        """Advance the clock to `moment` if it is earlier."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))

    def real_seconds_until(self, moment: dt.datetime) -> float:
        """How long to sleep until `moment`; 0 if it has passed."""
        return max(0.0, (moment - self.now()).total_seconds() / self.speed)


def _is_allowed(speed: float) -> bool:
    return 0 < speed <= FASTEST
