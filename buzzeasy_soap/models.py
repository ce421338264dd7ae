"""The client's results, as frozen records that do not depend on the wire format."""

import datetime as dt
import typing
from enum import Enum

import attrs
from attrs import frozen

from buzzeasy_soap.enums import CallStatus, ReconciliationState

if typing.TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class Model:
    """Base class of the results, which turn into JSON: by `to_dict`, and by pydantic where it is used."""

    __slots__ = ()
    __attrs_attrs__: typing.ClassVar[tuple["attrs.Attribute[typing.Any]", ...]]

    def to_dict(self) -> dict[str, object]:
        """Return the values by name, as JSON has them: enums by value, times and dates in ISO 8601."""
        return attrs.asdict(self, value_serializer=_as_json)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """Let pydantic, and so FastAPI, validate, serialise and document this class."""
        from pydantic_core import core_schema as cs

        fields = attrs.fields(cls)
        record = cs.typed_dict_schema(
            {
                each.name: cs.typed_dict_field(
                    _enum_first(handler.generate_schema(each.type)), required=each.default is attrs.NOTHING
                )
                for each in fields
            },
            cls_name=cls.__name__,
        )
        built = cs.no_info_after_validator_function(lambda values: cls(**values), record)
        return cs.json_or_python_schema(
            json_schema=built,
            python_schema=cs.union_schema([cs.is_instance_schema(cls), built]),
            serialization=cs.plain_serializer_function_ser_schema(
                lambda result: {each.name: getattr(result, each.name) for each in fields},
                return_schema=record,
            ),
        )


def _enum_first(schema: typing.Any) -> typing.Any:
    """`CallStatus | str` reads a known status as a CallStatus; pydantic alone would keep it a str."""
    if schema["type"] == "union":
        schema["mode"] = "left_to_right"
    return schema


def _as_json(_: object, __: object, value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value


@frozen
class Confirmation(Model):
    """The service has accepted the request for a callback.

    Source: Buzzeasy Callback API, "RequestCallWhenAvailable", "Returns".
    """

    code: str
    """The confirmation code (reference no.) of the request."""


@frozen
class TimeSlot(Model):
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
class Field(Model):
    """One of the ten optional fields of a call, as a screen pop shows it."""

    name: str | None
    """None if the service sent no separator."""
    value: str
    raw: str
    """The field as the service sent it."""


@frozen
class CallData(Model):
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
class CallUpdate(Model):
    """One event in the progress of a call.

    Source: Buzzeasy Callback API, "Event Notification Service".
    """

    confirmation_code: str
    status: CallStatus | str
    """A plain str if the event is not in the document."""
    received_at: dt.datetime
    """When this machine received it; aware, UTC."""


@frozen
class CallbackRequest(Model):
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
class Reconciliation(Model):
    """What could be found out about a request for a callback whose outcome was unknown."""

    state: ReconciliationState
    confirmation: Confirmation | None
    """Set if `state` is PLACED and the service sent the code."""
