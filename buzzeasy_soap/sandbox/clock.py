"""The service's clock: real or given time, at any speed, and movable."""

import datetime as dt
import math
from zoneinfo import ZoneInfo

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.clock import Clock


class ServiceClock:
    """Runs from a moment on at a speed, and can be put forward; back only by beginning anew.

    It asks for the date once, when it begins; from there it counts real seconds. So a test that
    freezes or moves `datetime` decides where it begins, and neither stops it nor makes it leap.
    """

    def __init__(self, zone: ZoneInfo, *, start: dt.datetime | None = None, speed: float = 1.0) -> None:
        """`start` None is the real time; a naive one is in the service's zone.

        Raises ConfigurationError for a speed that is not above 0.
        """
        if not 0 < speed < math.inf:
            raise ConfigurationError(f"the speed must be a number above 0, not {speed}")
        self.zone = zone
        self.speed = speed
        self._given = start
        self.begin()
        try:
            self.advance(0)
        except ValueError:
            raise ConfigurationError(f"the clock cannot begin at {self._start:%Y-%m-%d}") from None

    def begin(self) -> None:
        """Begin anew, at the moment that was given or at the real time."""
        start = self._given or dt.datetime.now(dt.UTC)
        self._start = (start if start.tzinfo else start.replace(tzinfo=self.zone)).astimezone(dt.UTC)
        self._began = Clock.monotonic()

    def now(self) -> dt.datetime:
        """Aware, UTC."""
        elapsed = (Clock.monotonic() - self._began) * self.speed
        return self._start + dt.timedelta(seconds=elapsed)

    def local(self, moment: dt.datetime | None = None) -> dt.datetime:
        """A moment, or now, in the service's zone."""
        return (moment or self.now()).astimezone(self.zone)

    def advance(self, seconds: float) -> None:
        """Put it forward. Raises ValueError where `seconds` is negative or beyond all calendars."""
        if not 0 <= seconds < math.inf:
            raise ValueError("the clock can only be put forward")
        try:
            moved = self._start + dt.timedelta(seconds=seconds)
            # Room for the lives of the calls of years to come.
            moved + dt.timedelta(days=10 * 366)
        except OverflowError:
            raise ValueError("the clock cannot be put forward that far") from None
        self._start = moved

    def not_before(self, moment: dt.datetime) -> None:
        """Put it forward to `moment` where it is not there yet."""
        self.advance(max(0.0, (moment - self.now()).total_seconds()))

    def real_seconds_until(self, moment: dt.datetime) -> float:
        """How long to sleep until `moment`; 0 where it has passed."""
        return max(0.0, (moment - self.now()).total_seconds() / self.speed)
