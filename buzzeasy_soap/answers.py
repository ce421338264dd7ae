"""What the service's results mean: records to domain objects, and result codes to errors."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callbacks
from buzzeasy_soap.enums import Outcome, ResultCode
from buzzeasy_soap.errors import (
    AuthenticationFailed,
    CallbackRejected,
    InBlackList,
    InvalidNumberFormat,
    NotInWhiteList,
    OutOfHours,
    ProtocolError,
    RequestRefused,
    UnableToConnect,
)
from buzzeasy_soap.models import CallData, Confirmation, Field, TimeSlot
from buzzeasy_soap.wire.xsd import NIL, Nil

V = TypeVar("V")

_SERVICE_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d)[-:](\d\d)[-:](\d\d)", re.ASCII)
_REJECTIONS: Final[Mapping[int, tuple[type[CallbackRejected], str]]] = {
    ResultCode.INVALID_NUMBER_FORMAT: (InvalidNumberFormat, "invalid format of the number"),
    ResultCode.UNABLE_TO_CONNECT: (UnableToConnect, "unable to connect to the remote location"),
    ResultCode.OUT_OF_HOURS: (OutOfHours, "out of hours, or the time slot is not to be had"),
    ResultCode.NOT_IN_WHITE_LIST: (NotInWhiteList, "the number is not in the white list"),
    ResultCode.IN_BLACK_LIST: (InBlackList, "the number is in the black list"),
}


def _present(value: V | Nil | None) -> V | None:
    """What is neither nil nor left out: the service means the same by both."""
    return None if value is NIL else value


def confirmation(result: "callbacks.ResponseMessage | Nil | None") -> Confirmation:
    """A confirmation, or the rejection that a result code means."""
    message = _present(result)
    if message is None:
        raise RequestRefused("the service answered nothing: check company, password and service queue")
    code = _present(message.confirmation_code) or None
    number = message.result_code or 0
    if number == ResultCode.SUCCESSFUL and code is not None:
        return Confirmation(code)
    if number == ResultCode.AUTHENTICATION_FAILED:
        refused = _not_authenticated()
        if code is not None:
            refused.outcome = Outcome.UNKNOWN
        raise refused
    result_code = ResultCode(number) if number in list(ResultCode) else number
    rejection, why = _REJECTIONS.get(number, (CallbackRejected, "for a reason of its own"))
    if number == ResultCode.SUCCESSFUL:
        why = "it gave no confirmation code"
    raise rejection(
        f"the service did not take the callback: {why} (result code {number})",
        result_code=result_code,
        confirmation_code=code,
    )


def _not_authenticated() -> AuthenticationFailed:
    return AuthenticationFailed("the service did not accept company, password or service queue (-1)")


def time_slots(result: "callbacks.ArrayOfTimeSlot | Nil | None", zone: ZoneInfo) -> tuple[TimeSlot, ...]:
    """Time slots, their times aware in the service's zone."""
    slots = _present(result)
    if slots is None:
        raise RequestRefused(
            "the service answered no list of time slots: check company, password and service queue"
        )
    return tuple(_time_slot(slot, zone) for slot in slots.time_slot)


def _time_slot(slot: "callbacks.TimeSlot | Nil", zone: ZoneInfo) -> TimeSlot:
    if slot is NIL or slot.time_slot_id is None:
        raise ProtocolError("a time slot has no TimeSlotID")
    return TimeSlot(
        id=slot.time_slot_id,
        start=_service_time(slot.time_from, slot.time_slot_id, zone),
        end=_service_time(slot.time_to, slot.time_slot_id, zone),
        available=bool(slot.available),
    )


def _service_time(text: str | Nil | None, slot: int, zone: ZoneInfo) -> dt.datetime:
    match = _SERVICE_TIME.fullmatch(_present(text) or "")
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = map(int, match.groups())
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        # Not quoted: what stands there instead could be an echo of what was sent.
        raise ProtocolError(f"a time of slot {slot} is not yyyy-MM-dd HH-mm-ss") from None


def done(result: bool | None) -> None:
    """Nothing, where the service answered true."""
    if not result:
        raise RequestRefused("the service did not set the EWT: check company, password and service queue")


def waiting_time(minutes: int | None) -> dt.timedelta:
    """An EWT, which is never negative."""
    if minutes == ResultCode.AUTHENTICATION_FAILED:
        raise _not_authenticated()
    if minutes is None or minutes < 0:
        raise ProtocolError(f"the EWT is {minutes} minutes")
    return dt.timedelta(minutes=minutes)


def call_data(result: "info.CallData | Nil | None", separators: str) -> CallData | None:
    """What a screen pop shows; `separators` has one for each of the ten fields. None for nil."""
    data = _present(result)
    if data is None:
        return None
    return CallData(
        customer_name=_present(data.customer_name),
        phone_no=_present(data.user_phone_no),
        service_queue=data.service_queue or None,
        service_queue_name=_present(data.service_queue_name),
        retries=data.retries or 0,
        fields=tuple(
            _field(_present(getattr(data, f"field{n}")), separator)
            for n, separator in enumerate(separators, 1)
        ),
        confirmation_code=_present(data.confirmation_code),
        scheduled_time=_present(data.scheduled_time),
        time_called=_present(data.time_called),
    )


def _field(raw: str | None, separator: str) -> Field | None:
    if raw is None:
        return None
    name, found, value = raw.partition(separator)
    if not found:
        return Field(None, raw, raw)
    return Field(name.removesuffix(" "), value.removeprefix(" "), raw)
