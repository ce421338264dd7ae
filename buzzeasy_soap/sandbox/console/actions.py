"""The console's actions, each of which calls an operation of the service."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.contract import request_callback_service as callback
from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.sandbox.config import Company
from buzzeasy_soap.sandbox.console.loopback import call
from buzzeasy_soap.sandbox.console.state import REASONS
from buzzeasy_soap.sandbox.control import BadCommand
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.xsd import NIL


async def request_call(dispatcher: Dispatcher, wanted: Mapping[str, object]) -> dict[str, Any]:
    """Request a callback, now or in a slot; return its confirmation code, or why it was rejected."""
    company_id, company, queue = _queue(dispatcher, wanted)
    fields = wanted.get("fields", [])
    if not isinstance(fields, list) or len(fields) > 10 or not all(isinstance(f, str) for f in fields):
        raise BadCommand("fields must be a list of up to ten strings")
    members: dict[str, Any] = {
        "name": _form_text(wanted, "name"),
        "phone_no": _form_text(wanted, "phone_no"),
        "region": wanted.get("region") or None,
        "service_queue": queue,
        "company": company_id,
        "password": company.password,
        **{f"field{number}": value for number, value in enumerate(fields, 1) if value},
    }
    slot = wanted.get("slot")
    if slot is None:
        now = await call(
            dispatcher, callback.REQUEST_CALL_WHEN_AVAILABLE, callback.RequestCallWhenAvailable(**members)
        )
        answer = now.request_call_when_available_result
    else:
        if not isinstance(slot, dict):
            raise BadCommand("slot must be an object with id and date")
        record = callback.RequestCallSchedule(
            timeslot=_number(slot, "id"), date=dt.datetime.combine(_date(slot), dt.time()), **members
        )
        later = await call(dispatcher, callback.REQUEST_CALL_SCHEDULE, record)
        answer = later.request_call_schedule_result
    if not isinstance(answer, callback.ResponseMessage):
        raise BadCommand("The service returned nothing.")
    code = ResultCode(answer.result_code or 0)
    if code != ResultCode.SUCCESSFUL:
        return {"result_code": code, "result": code.name, "reason": REASONS[code]}
    return {"confirmation_code": answer.confirmation_code}


async def free_slots(dispatcher: Dispatcher, wanted: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the slots of a day that can be booked."""
    company_id, company, queue = _queue(dispatcher, wanted)
    record = callback.GetAvailableTimes(
        service_queue=queue,
        company=company_id,
        password=company.password,
        requested_date=dt.datetime.combine(_date(wanted), dt.time()),
    )
    reply = await call(dispatcher, callback.GET_AVAILABLE_TIMES, record)
    slots = reply.get_available_times_result
    found = slots.time_slot if isinstance(slots, callback.ArrayOfTimeSlot) else ()
    return [
        {"id": slot.time_slot_id, "start": _clock_time(slot.time_from), "end": _clock_time(slot.time_to)}
        for slot in found or ()
        if isinstance(slot, callback.TimeSlot)
    ]


async def set_waiting_time(dispatcher: Dispatcher, wanted: Mapping[str, object]) -> dict[str, Any]:
    """Set the expected waiting time of a service queue, in minutes."""
    company_id, company, queue = _queue(dispatcher, wanted)
    record = callback.UpdateEWTRecord(
        service_queue=queue, ewt=_number(wanted, "minutes"), company=company_id, password=company.password
    )
    reply = await call(dispatcher, callback.UPDATE_EWT_RECORD, record)
    return {"updated": reply.update_ewt_record_result}


async def screen_pop(dispatcher: Dispatcher, code: str) -> dict[str, Any]:
    """Return what an agent sees of a call: by its number while it is open, by its PIN once it is over."""
    found = dispatcher.service.call(code)
    if found is None:
        raise BadCommand("no call has this confirmation code")
    stored, _ = found
    company = dispatcher.service.config.companies.get(stored.company)
    if company is None:
        raise BadCommand("the call's company no longer exists")
    who: dict[str, Any] = {"company_id": stored.company, "password": company.password}
    by_number = await call(
        dispatcher,
        info.GET_CALL_DATA_BY_NUMBER,
        info.GetCallDataByNumber(presented_number=stored.phone_no, **who),
    )
    data = by_number.get_call_data_by_number_result
    operation: Operation[Any, Any] = info.GET_CALL_DATA_BY_NUMBER
    if not isinstance(data, info.CallData) or data.confirmation_code != code:
        operation = info.GET_CALL_DATA_BY_PIN
        by_pin = await call(
            dispatcher, info.GET_CALL_DATA_BY_PIN, info.GetCallDataByPin(pin=stored.pin, **who)
        )
        data = by_pin.get_call_data_by_pin_result
    if not isinstance(data, info.CallData):
        raise BadCommand("the service has no data about this call")
    return {"operation": operation.name, "pin": stored.pin, "lines": _lines(data)}


def _lines(data: info.CallData) -> list[dict[str, str]]:
    """Names and values of the data that is set; a field's text starts with its name."""
    lines = [
        ("Customer", data.customer_name),
        ("Phone", data.user_phone_no),
        ("Confirmation code", data.confirmation_code),
        ("Queue", data.service_queue_name if data.service_queue_name is not NIL else data.service_queue),
        ("Scheduled", data.scheduled_time),
        ("Time called", data.time_called),
        ("Retries", data.retries),
    ]
    for number in range(1, 11):
        raw = getattr(data, f"field{number}")
        if isinstance(raw, str):
            places = [place for place in (raw.find("|"), raw.find(",")) if place >= 0]
            name, value = (raw[: min(places)], raw[min(places) + 1 :]) if places else (f"Field {number}", raw)
            lines.append((name.strip(), value.strip()))
    return [
        {"name": name, "value": str(value)} for name, value in lines if value is not None and value is not NIL
    ]


def _queue(dispatcher: Dispatcher, wanted: Mapping[str, object]) -> tuple[int, Company, int]:
    company_id, queue = _number(wanted, "company"), _number(wanted, "queue")
    company = dispatcher.service.config.companies.get(company_id)
    if company is None or queue not in company.queues:
        raise BadCommand("no such company or queue")
    return company_id, company, queue


def _number(wanted: Mapping[str, object], name: str) -> int:
    value = wanted.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise BadCommand(f"{name} must be a whole number, 0 or more")
    return value


def _form_text(wanted: Mapping[str, object], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadCommand(f"{name} is missing")
    return value


def _date(wanted: Mapping[str, object]) -> dt.date:
    try:
        return dt.date.fromisoformat(_form_text(wanted, "date"))
    except ValueError:
        raise BadCommand("date must have the form 2017-04-11") from None


def _clock_time(text: object) -> str:
    """`09:30` from `2017-04-11 09-30-00`."""
    return str(text).partition(" ")[2][:5].replace("-", ":")
