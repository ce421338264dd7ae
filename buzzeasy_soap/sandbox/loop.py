"""The sandbox's event loop: its timers run on the real clock, and it bears running out of descriptors."""

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
"""Seconds between two log lines that say the same."""


class ServiceLoop(PlatformLoop):
    """asyncio's loop, with a clock that no test can freeze."""

    _said_at: float | None = None

    def time(self) -> float:
        """Seconds on the real clock."""
        return Clock.monotonic()

    def _start_serving(self, factory: object, listener: socket.socket, *others: object) -> None:
        # Out of descriptors, asyncio asks for this a second later, be the listener closed or not.
        if listener.fileno() >= 0:
            super()._start_serving(factory, listener, *others)  # type: ignore[misc]

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Log what nobody handled.

        asyncio reports a connection that it cannot accept once for each place in the backlog, with a
        traceback each, and tries again after a second: one line a minute says as much.
        """
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in _EXHAUSTED:
            super().default_exception_handler(context)
        elif self._said_at is None or self.time() - self._said_at > _SAID_EVERY:
            self._said_at = self.time()
            _LOGGER.error("new connections have to wait: %s", error.strerror)
