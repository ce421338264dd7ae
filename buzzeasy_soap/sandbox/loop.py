"""The sandbox's event loop: it uses the real clock and survives running out of file descriptors."""

import errno
import logging
import socket
import sys
from typing import Any, Final

from buzzeasy_soap.wire.clock import Clock

if sys.platform == "win32":
    from asyncio import ProactorEventLoop as PlatformLoop
else:
    from asyncio import SelectorEventLoop as PlatformLoop

_LOGGER: Final = logging.getLogger("buzzeasy_soap.sandbox")
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_SAID_EVERY: Final = 60.0
"""Seconds between identical log lines."""


class ServiceLoop(PlatformLoop):
    """asyncio's loop, with a clock that no test can freeze."""

    _said_at: float | None = None

    def time(self) -> float:
        """The real clock, in seconds."""
        return Clock.monotonic()

    def _start_serving(self, factory: object, listener: socket.socket, *others: object) -> None:
        # When out of descriptors, asyncio calls this a second later, even if the listener is closed by then.
        if listener.fileno() >= 0:
            super()._start_serving(factory, listener, *others)  # type: ignore[misc]

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Log unhandled exceptions.

        When asyncio cannot accept a connection, it logs a traceback for each place in the backlog and
        tries again after a second. One line a minute is enough.
        """
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in _EXHAUSTED:
            super().default_exception_handler(context)
        elif self._said_at is None or self.time() - self._said_at > _SAID_EVERY:
            self._said_at = self.time()
            _LOGGER.error("new connections must wait: %s", error.strerror)
