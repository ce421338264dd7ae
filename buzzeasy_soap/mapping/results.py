"""Maps the service's results: records to domain objects, and result codes to errors."""

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
from buzzeasy_soap.wire.shapes import unrecognised
from buzzeasy_soap.wire.xsd import NIL, Nil

V = TypeVar("V")

_SERVICE_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d)[-:](\d\d)[-:](\d\d)", re.ASCII)
_REJECTIONS: Final[Mapping[int, tuple[type[CallbackRejected], str]]] = {
    ResultCode.INVALID_NUMBER_FORMAT: (InvalidNumberFormat, "invalid number format"),
    ResultCode.UNABLE_TO_CONNECT: (UnableToConnect, "unable to connect to the remote location"),
    ResultCode.OUT_OF_HOURS: (OutOfHours, "out of hours, or the time slot is unavailable"),
    ResultCode.NOT_IN_WHITE_LIST: (NotInWhiteList, "the number is not on the white list"),
    ResultCode.IN_BLACK_LIST: (InBlackList, "the number is on the black list"),
}


def _present(value: V | Nil | None) -> V | None:
    """The value, or None if it is nil or missing: the service does not distinguish the two."""
    return None if value is NIL else value


def confirmation(result: "callbacks.ResponseMessage | Nil | None") -> Confirmation:
    """Return a confirmation, or raise the error that the result means.

    A confirmation code says that the callback was placed, a result code that it was not. If the
    reply has neither, or has unknown members, the outcome is unclear: ProtocolError.
    """
    message = _present(result)
    if message is None:
        raise ProtocolError("the service returned no result")
    code, number = _present(message.confirmation_code) or None, message.result_code
    # WCF omits a 0 if the contract says EmitDefaultValue=false.
    if code is not None and number in (None, ResultCode.SUCCESSFUL):
        if not code.strip():
            raise ProtocolError("the confirmation code is blank")
        return Confirmation(code)
    if number is None:
        raise ProtocolError("the service returned neither a result code nor a confirmation code")
    if number == ResultCode.SUCCESSFUL and unrecognised(message):
        raise ProtocolError(
            f"the service returned no confirmation code, but {unrecognised(message)[0]}, "
            "which is not in the contract"
        )
    raise _rejection(number, code)


def _rejection(number: int, code: str | None) -> AuthenticationFailed | CallbackRejected:
    if number == ResultCode.AUTHENTICATION_FAILED:
        failed = _not_authenticated()
        if code is not None:
            failed.outcome = Outcome.UNKNOWN
        return failed
    result_code = ResultCode(number) if number in list(ResultCode) else number
    rejection, why = _REJECTIONS.get(number, (CallbackRejected, "unknown reason"))
    if number == ResultCode.SUCCESSFUL:
        why = "no confirmation code"
    return rejection(
        f"the service rejected the callback: {why} (result code {number})",
        result_code=result_code,
        confirmation_code=code,
    )


def _not_authenticated() -> AuthenticationFailed:
    return AuthenticationFailed("the service did not accept the company, password or service queue (-1)")


def time_slots(result: "callbacks.ArrayOfTimeSlot | Nil | None", zone: ZoneInfo) -> tuple[TimeSlot, ...]:
    """Time slots, with aware times in the service's time zone."""
    slots = _present(result)
    if slots is None:
        raise RequestRefused("the service returned no time slots: check company, password and service queue")
    # A day and a time of day are read once each: a long list repeats them.
    days: dict[str, dt.date] = {}
    clocks: dict[str, dt.time] = {}
    combine, found = dt.datetime.combine, []
    for slot in slots.time_slot:
        if slot is NIL or slot.time_slot_id is None:
            raise ProtocolError("a time slot has no TimeSlotID")
        if slot.available is None and unrecognised(slot):
            raise ProtocolError("a time slot does not say whether it is available")
        begins, ends = slot.time_from or "", slot.time_to or ""
        try:
            start = combine(days[begins[:10]], clocks[begins[10:]])
            end = combine(days[ends[:10]], clocks[ends[10:]])
        except KeyError:
            start, end = (_service_time(text, slot.time_slot_id, zone) for text in (begins, ends))
            for text, moment in ((begins, start), (ends, end)):
                days[text[:10]], clocks[text[10:]] = moment.date(), moment.timetz()
        found.append(TimeSlot(slot.time_slot_id, start, end, bool(slot.available)))
    return tuple(found)


def _service_time(text: str, slot: int, zone: ZoneInfo) -> dt.datetime:
    match = _SERVICE_TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = map(int, match.groups())
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        # Not quoted: the text could echo the request.
        raise ProtocolError(f"a time of slot {slot} is not yyyy-MM-dd HH-mm-ss") from None


def accepted(result: bool | None, refusal: str) -> None:
    """Return where the service answered true. Raises RequestRefused, whose text begins with `refusal`."""
    if result is None:
        raise ProtocolError("the service answered neither true nor false")
    if not result:
        raise RequestRefused(f"{refusal}: check company, password and service queue")


def waiting_time(minutes: int | None) -> dt.timedelta:
    """The EWT, which is never negative."""
    if minutes == ResultCode.AUTHENTICATION_FAILED:
        raise _not_authenticated()
    if minutes is None:
        raise ProtocolError("the service returned no EWT")
    if minutes < 0:
        raise ProtocolError(f"the EWT is {minutes} minutes")
    return dt.timedelta(minutes=minutes)


def call_data(result: "info.CallData | Nil | None", separators: str) -> CallData | None:
    """The screen pop data, or None for nil; `separators` has one character for each of the ten fields."""
    data = _present(result)
    if data is None:
        return None
    if data == type(data)():
        raise ProtocolError("the service returned call data without any members")
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
