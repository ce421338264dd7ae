"""A callback page with FastAPI that shows how the call goes, by server-sent events.

pip install "buzzeasy-soap[async,events]" fastapi uvicorn
export BUZZEASY_…   # as printed by `buzzeasy sandbox`
uvicorn fastapi_progress:app
"""

import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, StreamingResponse

from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyError, Confirmation, InvalidRequest, TimeSlot

PAGE = """
<form><input name="name" placeholder="Name"><input name="phone_no" type="tel" placeholder="Phone">
<button>Call me</button></form><ol></ol>
<script>
document.forms[0].onsubmit = async (event) => {
  event.preventDefault();
  const reply = await fetch("/callbacks?" + new URLSearchParams(new FormData(event.target)), {method: "POST"});
  const {code, detail} = await reply.json();
  const say = (text) => document.querySelector("ol").append(
    Object.assign(document.createElement("li"), {textContent: text}));
  if (!code) return say(detail.error ?? "Please fill in the form.");
  const events = new EventSource(`/callbacks/${code}`);
  events.onmessage = ({data}) => say(JSON.parse(data).status);
  events.onerror = () => events.close();
};
</script>
"""


@asynccontextmanager
async def _client(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncBuzzeasyClient.from_env() as app.state.buzzeasy:
        yield


app = FastAPI(lifespan=_client)


@app.get("/", response_class=HTMLResponse)
async def page() -> str:
    """A form, and a list of what happens."""
    return PAGE


@app.get("/slots")
async def slots() -> tuple[TimeSlot, ...]:
    """The next three time slots."""
    buzzeasy: AsyncBuzzeasyClient = app.state.buzzeasy
    return await buzzeasy.get_next_three_time_slots(dt.datetime.now(dt.UTC))


@app.post("/callbacks")
async def place(name: str, phone_no: str) -> Confirmation:
    """Request a callback."""
    buzzeasy: AsyncBuzzeasyClient = app.state.buzzeasy
    try:
        return await buzzeasy.request_call_when_available(name, phone_no, region="GB")
    except BuzzeasyError as error:
        status = 422 if isinstance(error, InvalidRequest) else 502
        raise HTTPException(status, {"error": str(error), "outcome": error.outcome}) from error


@app.get("/callbacks/{code}")
async def progress(code: str) -> StreamingResponse:
    """How the call goes, as server-sent events."""
    buzzeasy: AsyncBuzzeasyClient = app.state.buzzeasy

    async def events() -> AsyncIterator[str]:
        async for update in buzzeasy.watch(code, timeout=3600):
            yield f"data: {json.dumps(update.to_dict())}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")
