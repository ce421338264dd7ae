"""A claim on a callback: the right to send it, for a while."""

import uuid

from attrs import frozen

from buzzeasy_soap.errors import LeaseExpired
from buzzeasy_soap.models import CallbackRequest
from buzzeasy_soap.wire.clock import Clock


@frozen
class Claim:
    """The right to send one callback once, until the lease ends."""

    id: int
    request: CallbackRequest
    """With the claim's own reference."""
    lease_ends: float
    """On `Clock.since_boot`."""
    send_at: float = 0.0
    """When its turn is under the campaign's rate, on the same clock."""

    @property
    def reference(self) -> str:
        """What the claim is known by, in the ledger and at the service."""
        assert self.request.reference is not None
        return self.request.reference

    def check(self) -> None:
        """Raise LeaseExpired once others may take the callback as lost."""
        if Clock.since_boot() >= self.lease_ends:
            raise LeaseExpired(
                "the claim on the callback ran out before it was sent: the process stood still"
            )


def new_reference() -> str:
    """A reference that no other claim has."""
    return str(uuid.uuid4())
