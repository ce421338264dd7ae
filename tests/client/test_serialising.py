"""Results as JSON: by to_dict, attrs.asdict, pydantic and FastAPI."""

import asyncio
import datetime as dt
import json

import attrs
import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from buzzeasy_soap import (
    CallbackRequest,
    CallData,
    CallStatus,
    CallUpdate,
    Confirmation,
    ExchangeRecord,
    Field,
    Outcome,
    Reconciliation,
    ReconciliationState,
    TimeSlot,
)

NOON = dt.datetime(2017, 4, 11, 12, tzinfo=dt.UTC)
RESULTS = [
    Confirmation("BZ1"),
    TimeSlot(7, NOON, NOON + dt.timedelta(minutes=15), available=True),
    CallData(
        "Ada", "+44", 1, "Sales", 0, (Field("Order", "5", "Order: 5"), *[None] * 9), "BZ1", None, "12:00"
    ),
    CallUpdate("BZ1", CallStatus.CALLING_USER, NOON),
    CallUpdate("BZ1", "SomethingNew", NOON),
    CallbackRequest("RequestCallSchedule", "Ada", "+44", 1, date=NOON.date(), fields=("a", None)),
    Reconciliation(ReconciliationState.NOT_FOUND, None),
    ExchangeRecord("Op", "soap", 1, 200, Outcome.NOT_SENT, "Lost", 0.5, {"connect": 0.0}, 10, 20),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_is_json_and_comes_back_from_it(result: object) -> None:
    plain = json.loads(json.dumps(result.to_dict()))
    assert plain == result.to_dict()
    assert TypeAdapter(type(result)).validate_python(plain) == result
    adapter = TypeAdapter(type(result))
    again = adapter.validate_json(adapter.dump_json(result))
    assert again == result
    assert {name: type(value) for name, value in attrs.asdict(again).items()} == {
        name: type(value) for name, value in attrs.asdict(result).items()
    }


def test_enums_are_their_text() -> None:
    assert json.dumps([*Outcome, *ReconciliationState]) == (
        '["not_sent", "refused", "unknown", "placed", "not_found"]'
    )
    assert f"{Outcome.NOT_SENT}" == "not_sent"


def test_a_pydantic_model_holds_a_result() -> None:
    class Page(BaseModel):
        slots: list[TimeSlot]

    page = Page(slots=[RESULTS[1]])
    assert page.slots[0] is RESULTS[1]
    assert Page.model_validate_json(page.model_dump_json()) == page
    with pytest.raises(ValueError, match="available"):
        Page.model_validate({"slots": [{"id": 1, "start": "2017-04-11T12:00Z", "end": "2017-04-11T12:00Z"}]})


def test_fastapi_returns_and_documents_a_result() -> None:
    app = FastAPI()

    @app.get("/slots")
    async def slots() -> tuple[TimeSlot, ...]:
        return (RESULTS[1],)

    async def browse() -> tuple[object, str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
            return (await browser.get("/slots")).json(), (await browser.get("/openapi.json")).text

    shown, documented = asyncio.run(browse())
    assert shown == [
        {"id": 7, "start": "2017-04-11T12:00:00Z", "end": "2017-04-11T12:15:00Z", "available": True}
    ]
    assert "available" in documented
