"""The client's results, as frozen records that do not depend on the wire format."""

import datetime as dt

from attrs import frozen

from buzzeasy_soap.enums import CallStatus, ReconciliationState


@frozen
class Confirmation:
    """The service has accepted the request for a callback.

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
    """The id to pass to `request_call_schedule`."""
    start: dt.datetime
    """Aware, in the client's time zone."""
    end: dt.datetime
    """Aware, in the client's time zone."""
    available: bool
    """Whether the slot is usable (should always be true)."""


@frozen
class Field:
    """One of the ten optional fields of a call, as a screen pop shows it."""

    name: str | None
    """None if the service sent no separator."""
    value: str
    raw: str
    """The field as the service sent it."""


@frozen
class CallData:
    """The details of a call that a screen pop shows.

    Looked up by number, a call has `service_queue_name` and `scheduled_time`; by PIN,
    `service_queue` and `time_called`. The others are None.

    Source: Buzzeasy Callback API, "GetCallDataByNumber" and "GetCallDataByPin", "Returns".
    """

    customer_name: str | None
    phone_no: str | None
    service_queue: int | None
    service_queue_name: str | None
    retries: int
    """How many times the request has been retried so far."""
    fields: tuple[Field | None, ...]
    """Always ten; None for a field without a value."""
    confirmation_code: str | None
    scheduled_time: str | None
    """As sent by the service: the document specifies no format."""
    time_called: str | None
    """As sent by the service: the document specifies no format."""


@frozen
class CallUpdate:
    """One event in the progress of a call.

    Source: Buzzeasy Callback API, "Event Notification Service".
    """

    confirmation_code: str
    status: CallStatus | str
    """A plain str if the event is not in the document."""
    received_at: dt.datetime
    """When this machine received it; aware, UTC."""


@frozen
class CallbackRequest:
    """The parameters of a request for a callback whose outcome is unknown."""

    operation: str
    name: str
    phone_no: str
    service_queue: int
    region: str | None = None
    fields: tuple[str | None, ...] = ()
    time_slot: int | None = None
    date: dt.date | None = None
    reference: str | None = None
    """The unique reference sent in the client's `reference_field`, if that is set."""


@frozen
class Reconciliation:
    """What could be found out about a request for a callback whose outcome was unknown."""

    state: ReconciliationState
    confirmation: Confirmation | None
    """Set if `state` is PLACED and the service sent the code."""
