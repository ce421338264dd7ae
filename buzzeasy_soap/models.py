"""What the service's answers mean: frozen records, no wire in them."""

import datetime as dt

from attrs import frozen

from buzzeasy_soap.enums import CallStatus, ReconciliationState


@frozen
class Confirmation:
    """The service has taken the request for a callback.

    Source: Buzzeasy Callback API, "RequestCallWhenAvailable", "Returns".
    """

    code: str
    """The confirmation code (reference no.) of the request."""


@frozen
class TimeSlot:
    """A time at which a callback can be booked.

    Source: Buzzeasy Callback API, "GetAvailableTimes", "Returns".
    """

    id: int
    """The identity that `request_call_schedule` takes."""
    start: dt.datetime
    """Aware, in the client's time zone."""
    end: dt.datetime
    """Aware, in the client's time zone."""
    available: bool
    """Whether the slot is usable (should always be true)."""


@frozen
class Field:
    """One of the ten optional fields of a call, as a screen pop gets it."""

    name: str | None
    """None where the service sent no separator."""
    value: str
    raw: str
    """The field as it came over the wire."""


@frozen
class CallData:
    """What a screen pop shows of a call.

    By number the service fills `service_queue_name` and `scheduled_time`, by PIN
    `service_queue` and `time_called`; what it leaves out is None.

    Source: Buzzeasy Callback API, "GetCallDataByNumber" and "GetCallDataByPin", "Returns".
    """

    customer_name: str | None
    phone_no: str | None
    service_queue: int | None
    service_queue_name: str | None
    retries: int
    """How many times the request has been retried so far."""
    fields: tuple[Field | None, ...]
    """Always ten; None where a field was not given."""
    confirmation_code: str | None
    scheduled_time: str | None
    """As the service wrote it: the document gives no format."""
    time_called: str | None
    """As the service wrote it: the document gives no format."""


@frozen
class CallUpdate:
    """One event in the progress of a call.

    Source: Buzzeasy Callback API, "Event Notification Service".
    """

    confirmation_code: str
    status: CallStatus | str
    """A plain str where the service names an event that the document does not."""
    received_at: dt.datetime
    """Aware, UTC: when this machine read it."""


@frozen
class CallbackRequest:
    """What was asked for when a request for a callback ended with an unknown outcome."""

    operation: str
    name: str
    phone_no: str
    service_queue: int
    region: str | None = None
    fields: tuple[str | None, ...] = ()
    time_slot: int | None = None
    date: dt.date | None = None
    reference: str | None = None
    """The unique reference that went out in the client's `reference_field`, if it has one."""


@frozen
class Reconciliation:
    """What became of a request for a callback whose outcome was unknown, as far as can be known."""

    state: ReconciliationState
    confirmation: Confirmation | None
    """Set where `state` is PLACED and the service told the code."""
