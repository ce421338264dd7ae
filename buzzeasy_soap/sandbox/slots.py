"""Time slots: half hours from 08:00 to 18:00 in the service's time zone, with ids 1 to 20 on each day."""

import datetime as dt
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

FIRST: Final = dt.time(8)
LENGTH: Final = dt.timedelta(minutes=30)
IDS: Final = range(1, 21)
PLACES: Final = 3
"""Number of bookings per slot and service queue."""


@frozen
class Slot:
    """One slot of one day."""

    date: dt.date
    id: int
    """As in the document, `09:30 - 10:00` is 4."""

    @cached_property
    def local_start(self) -> dt.datetime:
        """Naive, in the service's time zone."""
        return dt.datetime.combine(self.date, FIRST) + (self.id - 1) * LENGTH

    @cached_property
    def local_end(self) -> dt.datetime:
        """Naive, in the service's time zone."""
        return self.local_start + LENGTH

    def start(self, zone: ZoneInfo) -> dt.datetime:
        """Aware, in the service's time zone."""
        return self.local_start.replace(tzinfo=zone)


@lru_cache(maxsize=64)
def slots_of(date: dt.date) -> tuple[Slot, ...]:
    """All slots of a day, including full and past ones."""
    return tuple(Slot(date, id) for id in IDS)
