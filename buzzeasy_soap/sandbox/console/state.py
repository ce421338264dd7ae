"""The data that the console shows, as JSON: calls and refusals, queues with their waiting times, exchanges."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.sandbox.control import (
    BadCommand,
    describe,
    describe_clock,
    describe_faults,
    describe_refusal,
)
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.events import CallEvent
from buzzeasy_soap.sandbox.refusals import Refusal
from buzzeasy_soap.sandbox.search import NEWEST, Search, read_position
from buzzeasy_soap.sandbox.service import CallbackService
from buzzeasy_soap.sandbox.store import Call

CALLS: Final = 20
"""Number of calls and refusals on a page."""
EXCHANGES: Final = 50
"""Number of exchanges to show."""
WAITING_TIMES: Final = 40
"""Number of waiting times to show per queue."""

_SUCCESS: Final = "success"
_FAILURE: Final = "failure"
RESULTS: Final = (_SUCCESS, _FAILURE)
"""The results of an exchange to search for."""

REASONS: Final[Mapping[ResultCode, str]] = {
    ResultCode.INVALID_NUMBER_FORMAT: "The service cannot read the phone number.",
    ResultCode.UNABLE_TO_CONNECT: "The service could not reach its remote location.",
    ResultCode.OUT_OF_HOURS: "The queue is closed at that time, or the slot is no longer available.",
    ResultCode.NOT_IN_WHITE_LIST: "The number is not on the company's white list.",
    ResultCode.IN_BLACK_LIST: "The number is on the company's black list.",
    ResultCode.AUTHENTICATION_FAILED: "The company, password or service queue is wrong.",
}


def overview(dispatcher: Dispatcher, query: Mapping[str, str]) -> dict[str, Any]:
    """Clock, planned faults, companies, and a page of calls; times are in the service's time zone.

    Raises BadCommand if the query cannot be read.
    """
    service = dispatcher.service
    return {
        **describe_clock(service),
        "zone": service.clock.zone.key,
        "faults": describe_faults(dispatcher),
        "companies": [
            {
                "id": company_id,
                "field_names": [company.field_name(number) for number in range(1, 11)],
                "queues": [
                    {"id": queue_id, "name": name, "ewt": _waiting_times(service, company_id, queue_id)}
                    for queue_id, name in company.queues.items()
                ],
            }
            for company_id, company in service.config.companies.items()
        ],
        **_page(service, query),
    }


def exchanges(dispatcher: Dispatcher, query: Mapping[str, str]) -> dict[str, Any]:
    """The latest exchanges that a search finds, newest first; passwords are masked when they are stored.

    Raises BadCommand if the query cannot be read.
    """
    text, result = query.get("text", "").strip().lower(), query.get("result", "")
    if result and result not in RESULTS:
        raise BadCommand(f"result must be one of {', '.join(RESULTS)}")
    kept = dispatcher.transcripts.latest()
    found = [
        transcript
        for transcript in kept
        if result in ("", _SUCCESS if transcript.result.is_success else _FAILURE)
        and text in f"{transcript.operation}\n{transcript.request}\n{transcript.reply}".lower()
    ]
    local = dispatcher.service.clock.local
    return {
        "kept": len(kept),
        "found": len(found),
        "exchanges": [
            {
                "number": transcript.number,
                "at": local(transcript.at).isoformat(),
                "operation": transcript.operation,
                "protocol": transcript.protocol,
                "status": transcript.status,
                "result": transcript.result.text,
                "is_success": transcript.result.is_success,
                "fault": transcript.fault,
                "request": transcript.request,
                "reply": transcript.reply,
            }
            for transcript in found[:EXCHANGES]
        ],
    }


def _page(service: CallbackService, query: Mapping[str, str]) -> dict[str, Any]:
    try:
        before = read_position(query["before"]) if query.get("before") else NEWEST
        found = service.find(Search.of(query), before, limit=CALLS)
    except ValueError as error:
        raise BadCommand(str(error)) from None
    return {
        "calls": [
            _refusal(item, service)
            if isinstance(item, Refusal)
            else _call(item, found.events[item.confirmation_code], service)
            for item in found.items
        ],
        "older": found.older and "{}.{}".format(*found.older),
        "total": found.total,
    }


def _call(call: Call, events: Sequence[CallEvent], service: CallbackService) -> dict[str, Any]:
    due = call.progress.due
    return {
        **describe(call, events, service),
        "key": call.confirmation_code,
        "next_at": None if due is None else service.clock.local(due).isoformat(),
    }


def _refusal(refusal: Refusal, service: CallbackService) -> dict[str, Any]:
    return {
        **describe_refusal(refusal, service),
        "key": f"refusal {refusal.number} {refusal.at}",
        "reason": REASONS[refusal.result],
    }


def _waiting_times(service: CallbackService, company: int, queue: int) -> list[dict[str, Any]]:
    """The latest waiting times of a queue, oldest first."""
    history = service.ewt_history(company, queue, limit=WAITING_TIMES)
    return [
        {"at": service.clock.local(update.at).isoformat(), "minutes": update.minutes}
        for update in reversed(history)
    ]
