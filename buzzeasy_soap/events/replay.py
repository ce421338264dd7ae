"""Delivers no update twice, where a hub repeats a call's past to a client that subscribes again.

A connection that could not be resumed is replaced, and each call is subscribed to anew. Some hubs
then send all updates of the call from its first on, others only what comes from now on, and
nothing in a message says which. The statuses do not say it either: a rescheduled call goes through
the same ones again. But a hub that repeats the past repeats all of it, at once. So updates are held
back as long as they repeat what was delivered, from the first on. Once they have repeated all of it
they are dropped. If one differs, or no more come for a while, they were new.
"""

from attrs import define, field

SETTLE = 2.0
"""Seconds of listening without a further update, after which those that were held back are new."""


@define
class History:
    """The statuses of one call that were delivered, in order."""

    delivered: list[str] = field(factory=list)
    _held: list[str] | None = None
    settles_at: float | None = None
    """When to `settle`, if no update comes before; None where nothing can be held back."""

    def subscribed_again(self, now: float) -> None:
        """From here on the hub may repeat the past."""
        if self.delivered:
            self._held, self.settles_at = [], now + SETTLE

    def receive(self, status: str, now: float) -> list[str]:
        """The statuses to deliver, now that this one has come."""
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
        """The statuses that were held back, to be delivered: they were new."""
        held, self._held, self.settles_at = self._held or [], None, None
        self.delivered += held
        return held
