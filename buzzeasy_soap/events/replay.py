"""Delivers no update twice, even if a hub repeats a call's past to a client that subscribes again.

A connection that cannot be resumed is replaced, and every call is subscribed again. Some hubs then
send all updates of the call from the beginning, others only new ones, and the messages do not say
which. Neither do the statuses: a rescheduled call goes through the same ones again. But a hub that
repeats the past repeats all of it at once. So updates are held back while they match those already
delivered, starting with the first. If they repeat all of them, they are dropped. If one differs, or
none follow for a while, they were new.
"""

from attrs import define, field

SETTLE = 2.0
"""Seconds of listening without another update, after which held-back updates count as new."""


@define
class History:
    """The delivered statuses of one call, in order."""

    delivered: list[str] = field(factory=list)
    _held: list[str] | None = None
    settles_at: float | None = None
    """When to call `settle` if no update comes before; None if nothing can be held back."""

    def subscribed_again(self, now: float) -> None:
        """Note that from now on the hub may repeat the past."""
        if self.delivered:
            self._held, self.settles_at = [], now + SETTLE

    def receive(self, status: str, now: float) -> list[str]:
        """Add a status; return the statuses to deliver now."""
        if self._held is None:
            self.delivered.append(status)
            return [status]
        self._held.append(status)
        self.settles_at = now + SETTLE
        if self._held == self.delivered:
            self._held = self.settles_at = None
        elif self._held != self.delivered[: len(self._held)]:
            return self.settle()
        return []

    def settle(self) -> list[str]:
        """Return the held-back statuses for delivery, because they were new."""
        held, self._held, self.settles_at = self._held or [], None, None
        self.delivered += held
        return held
