"""When a contact centre is open."""

import datetime as dt
import re
from typing import Final

from attrs import frozen

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS: Final = re.compile(
    rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))? (\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII
)


@frozen
class OpeningHours:
    """Spans of minutes within a week that starts on Monday, in the service's time zone."""

    spans: tuple[tuple[int, int, int], ...]
    """Day of the week, first minute, and the minute after the last."""

    @classmethod
    def parse(cls, text: str) -> "OpeningHours":
        """Parse text such as `Mon-Fri 08:00-18:00`; commas separate spans. Raises ValueError."""
        spans = []
        for part in text.split(","):
            match = _HOURS.fullmatch(part.strip())
            if not match:
                raise ValueError(f"{part.strip()!r} does not look like 'Mon-Fri 08:00-18:00'")
            first, last = _DAYS.index(match[1]), _DAYS.index(match[2] or match[1])
            opens, closes = (int(match[i]) * 60 + int(match[i + 1]) for i in (3, 5))
            if not opens < closes <= 24 * 60 or int(match[4]) > 59 or int(match[6]) > 59:
                raise ValueError(f"{part.strip()!r} must end later on the same day")
            spans += [((first + day) % 7, opens, closes) for day in range((last - first) % 7 + 1)]
        return cls(tuple(spans))

    def is_open(self, local: dt.datetime) -> bool:
        """Whether a time in the service's time zone is within the opening hours."""
        minute = local.hour * 60 + local.minute
        return any(day == local.weekday() and opens <= minute < closes for day, opens, closes in self.spans)

    def next_opening(self, local: dt.datetime) -> dt.datetime:
        """The first time after `local` at which a span begins; both are in the service's time zone."""
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(
            opening
            for ahead in range(8)
            for day, opens, _ in self.spans
            if day == (local.weekday() + ahead) % 7
            and (opening := midnight + dt.timedelta(days=ahead, minutes=opens)) > local
        )
