"""What the console shows, as JSON: calls, queues with their waiting times, exchanges."""

from typing import Any, Final

from buzzeasy_soap.sandbox.control import describe
from buzzeasy_soap.sandbox.desk import Desk

CALLS: Final = 20
"""The latest that are shown."""
WAITING_TIMES: Final = 40
"""The latest of each queue that are shown."""


def overview(desk: Desk) -> dict[str, Any]:
    """Clock, companies and calls; times are ISO 8601 in the service's zone, newest calls first."""
    service = desk.service
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
                    {"id": queue_id, "name": name, "ewt": waiting_times(desk, company_id, queue_id)}
                    for queue_id, name in company.queues.items()
                ],
            }
            for company_id, company in service.config.companies.items()
        ],
        "calls": [_call(desk, *found) for found in reversed(service.calls(CALLS))],
    }


def _call(desk: Desk, call: Any, events: Any) -> dict[str, Any]:
    due = call.progress.due
    return {
        **describe(call, events, desk.service),
        "next_at": None if due is None else desk.service.clock.local(due).isoformat(),
    }


def waiting_times(desk: Desk, company: int, queue: int) -> list[dict[str, Any]]:
    """The latest that a queue was given, oldest first."""
    history = desk.service.ewt_history(company, queue, limit=WAITING_TIMES)
    local = desk.service.clock.local
    return [{"at": local(update.at).isoformat(), "minutes": update.minutes} for update in reversed(history)]


def exchanges(desk: Desk) -> list[dict[str, Any]]:
    """The last ones, newest first; passwords are masked already where they are kept."""
    return [
        {
            "at": desk.service.clock.local(exchange.at).isoformat(),
            "operation": exchange.operation,
            "protocol": exchange.protocol,
            "status": exchange.status,
            "request": exchange.request,
            "reply": exchange.reply,
        }
        for exchange in desk.exchanges.latest()
    ]
