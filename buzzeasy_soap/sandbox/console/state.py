"""The data that the console shows, as JSON: calls, queues with their waiting times, exchanges."""

from typing import Any, Final

from buzzeasy_soap.sandbox.control import describe
from buzzeasy_soap.sandbox.dispatcher import Dispatcher

CALLS: Final = 20
"""Number of calls to show."""
WAITING_TIMES: Final = 40
"""Number of waiting times to show per queue."""


def overview(dispatcher: Dispatcher) -> dict[str, Any]:
    """Clock, companies and calls, newest first; times are ISO 8601 in the service's time zone."""
    service = dispatcher.service
    clock = service.clock
    return {
        "now": clock.local().isoformat(),
        "zone": clock.zone.key,
        "speed": clock.speed,
        "companies": [
            {
                "id": company_id,
                "field_names": [company.field_name(number) for number in range(1, 11)],
                "queues": [
                    {"id": queue_id, "name": name, "ewt": waiting_times(dispatcher, company_id, queue_id)}
                    for queue_id, name in company.queues.items()
                ],
            }
            for company_id, company in service.config.companies.items()
        ],
        "calls": [_overview_of(dispatcher, *found) for found in reversed(service.calls(CALLS))],
    }


def _overview_of(dispatcher: Dispatcher, call: Any, events: Any) -> dict[str, Any]:
    due = call.progress.due
    return {
        **describe(call, events, dispatcher.service),
        "next_at": None if due is None else dispatcher.service.clock.local(due).isoformat(),
    }


def waiting_times(dispatcher: Dispatcher, company: int, queue: int) -> list[dict[str, Any]]:
    """The latest waiting times of a queue, oldest first."""
    history = dispatcher.service.ewt_history(company, queue, limit=WAITING_TIMES)
    local = dispatcher.service.clock.local
    return [{"at": local(update.at).isoformat(), "minutes": update.minutes} for update in reversed(history)]


def exchanges(dispatcher: Dispatcher) -> list[dict[str, Any]]:
    """The last exchanges, newest first; their passwords are masked when they are stored."""
    return [
        {
            "at": dispatcher.service.clock.local(transcript.at).isoformat(),
            "operation": transcript.operation,
            "protocol": transcript.protocol,
            "status": transcript.status,
            "request": transcript.request,
            "reply": transcript.reply,
        }
        for transcript in dispatcher.transcripts.latest()
    ]
