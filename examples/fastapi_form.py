"""A callback form with FastAPI and a ledger: a crash at any moment calls nobody twice.

pip install "buzzeasy-soap[async,ledger]" fastapi uvicorn
export BUZZEASY_…   # as printed by `buzzeasy sandbox`; and BUZZEASY_TIMEOUT=20, how long a customer waits
uvicorn fastapi_form:app
"""

import asyncio
import html
import logging
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyError,
    InvalidNumberFormat,
    InvalidRequest,
    Outcome,
    OutOfHours,
)
from buzzeasy_soap.ledger import AsyncLedger

logger = logging.getLogger("uvicorn.error")


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    ledger = AsyncLedger(os.environ.get("BUZZEASY_LEDGER", "callbacks.db"))
    client = AsyncBuzzeasyClient.from_env(reference_field=10)
    async with ledger, client:
        app.state.ledger, app.state.buzzeasy = ledger, client
        settling = asyncio.create_task(_settle(ledger, client))
        yield
        settling.cancel()


async def _settle(ledger: AsyncLedger, client: AsyncBuzzeasyClient) -> None:
    """Look up, now and each minute, what an earlier process did not live to record."""
    while True:
        try:
            found = await ledger.reconcile(client)
            for entry in found.unknown:
                logger.warning("callback %s: a person must decide whether to place it", entry.id)
        except BuzzeasyError as error:
            logger.warning("callbacks were not looked up: %s", error)
        await asyncio.sleep(60)


app = FastAPI(lifespan=_open)


@app.get("/", response_class=HTMLResponse)
async def form() -> str:
    """An empty form. Its key makes it one request, however often it is sent."""
    return _page(str(uuid.uuid4()))


@app.post("/", response_class=HTMLResponse)
async def place(request: Request) -> HTMLResponse:
    """Place a callback, and say what became of it."""
    ledger: AsyncLedger = app.state.ledger
    client: AsyncBuzzeasyClient = app.state.buzzeasy
    sent = dict(parse_qsl((await request.body()).decode()))
    key, name, phone = (sent.get(field, "") for field in ("key", "name", "phone"))
    try:
        confirmation = await ledger.place(client, name, phone, key=key, region="GB")
    except BuzzeasyError as error:
        return _apology(error, key, name, phone)
    return HTMLResponse(_message(f"We will call you. Your reference is {confirmation.code}."))


def _apology(error: BuzzeasyError, key: str, name: str, phone: str) -> HTMLResponse:
    match error:
        case BuzzeasyError(outcome=Outcome.UNKNOWN):
            text = "We may already have your request: there is no need to send it again."
            return HTMLResponse(_message(text), 202)
        case InvalidRequest(parameter="key"):  # they went back and changed it: that is another request
            return HTMLResponse(_page(str(uuid.uuid4()), name, phone, "Please send your changes again."), 409)
        case InvalidRequest() | InvalidNumberFormat():
            text, status = "Please check your name and phone number.", 422
        case OutOfHours():
            text, status = "We are closed. Please try again during opening hours.", 502
        case _:
            text, status = "We cannot take your request now. Please try again later.", 502
    # What was refused stays refused under its key; what was not sent is sent under the same one.
    again = str(uuid.uuid4()) if error.outcome is Outcome.REFUSED else key
    return HTMLResponse(_page(again, name, phone, text), status)


def _message(text: str) -> str:
    return f'<!doctype html><title>Call me back</title><p role="status">{html.escape(text)}</p>'


def _page(key: str, name: str = "", phone: str = "", text: str = "") -> str:
    return f"""{_message(text)}
<form method="post">
  <input name="key" type="hidden" value="{html.escape(key)}">
  <label>Name <input name="name" value="{html.escape(name)}" required></label>
  <label>Phone <input name="phone" type="tel" value="{html.escape(phone)}" required></label>
  <button>Call me back</button>
</form>"""
