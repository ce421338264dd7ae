"""The one real clock: seconds that pass whatever a test does to `time` and `datetime`.

freezegun and its kind replace `time.monotonic` by name in every module they find, and a name bound
early and one looked up late then disagree. `clock_gettime` is not among what they replace, and an
attribute of a class is not a module's name.
"""

import time
from collections.abc import Callable
from typing import Final


def _monotonic() -> Callable[[], float]:
    if not hasattr(time, "clock_gettime"):  # Windows: as it stands when this module is imported
        return time.monotonic
    read, which = time.clock_gettime, time.CLOCK_MONOTONIC
    return lambda: read(which)


def _since_boot() -> Callable[[], float]:
    if not hasattr(time, "CLOCK_BOOTTIME"):  # only Linux has it
        return Clock.monotonic
    read, which = time.clock_gettime, time.CLOCK_BOOTTIME
    return lambda: read(which)


class Clock:
    """Seconds on clocks that never go back."""

    monotonic: Final = staticmethod(_monotonic())
    since_boot: Callable[[], float]
    """Goes on while the machine is suspended, on Linux; elsewhere it is `monotonic`."""


Clock.since_boot = staticmethod(_since_boot())
