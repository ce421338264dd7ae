"""`buzzeasy demo`: the whole client in a quarter of a minute, on a sandbox of its own."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.rule import Rule

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, CallbackRejected, Endpoints, ServiceFault
from buzzeasy_soap.cli.output import draw, print_call_data, print_slots, say
from buzzeasy_soap.cli.run import Debug, told_plainly

if TYPE_CHECKING:
    from buzzeasy_soap.sandbox.control import DescribedCall

SPEED = 10.0
# The day of the document's own samples.
MORNING = dt.datetime(2017, 4, 11, 9, 5)  # noqa: DTZ001 - the service's time


def demo(debug: Debug = False) -> None:
    """Place callbacks on a sandbox of its own, and show all eight operations.

    Example: buzzeasy demo
    """
    from buzzeasy_soap.extras import extra

    with told_plainly(debug=debug):
        with extra("sandbox", "starlette", "uvicorn", "sqlalchemy", "phonenumbers"):
            from buzzeasy_soap.sandbox import Sandbox
        with Sandbox(now=MORNING, speed=SPEED) as sandbox:
            say(f"A sandbox of the whole service runs at {sandbox.url} for this demo.")
            endpoints = Endpoints.sandbox(sandbox.port)
            with BuzzeasyClient(
                endpoints=endpoints,
                company=1,
                password="P@ssword",
                service_queue=1,
            ) as buzzeasy:
                _walk_through(buzzeasy, sandbox.calls)
    say("\nThat was all eight operations over SOAP. `buzzeasy sandbox` keeps one running for you.")


def _walk_through(buzzeasy: BuzzeasyClient, calls: "Callable[[], list[DescribedCall]]") -> None:
    _step("UpdateEWTRecord", "The operator sets the expected waiting time of Sales.")
    buzzeasy.update_ewt_record(4)
    say("Set to 4 minutes.")

    _step("GetEWTByServiceID", "The web page shows it to the customer.")
    say(f"{buzzeasy.get_ewt_by_service_id() // dt.timedelta(minutes=1)} minutes")

    _step("RequestCallWhenAvailable", "Ada asks to be called as soon as an agent is free.")
    ada = buzzeasy.request_call_when_available("Ada Lovelace", "+447700900123", fields=["Order 1815"])
    say(f"Placed. Confirmation code {ada.code}")

    _step("GetCallDataByNumber", "Her call reaches an agent, whose screen fills.")
    data = buzzeasy.get_call_data_by_number("+447700900123")
    assert data is not None
    print_call_data(data)

    _step("GetAvailableTimes", "Charles would rather choose a time today.")
    slots = buzzeasy.get_available_times(MORNING)
    print_slots(slots[:5])
    say(f"… {len(slots)} in all")

    _step("GetNextThreeTimeSlots", "Or is offered the next three, late in the day.")
    print_slots(buzzeasy.get_next_three_time_slots(MORNING.replace(hour=17, minute=10)))

    _step("RequestCallSchedule", "He books the first, by a national number with its region.")
    charles = buzzeasy.request_call_schedule(
        "Charles Babbage", "07700 900456", region="GB", time_slot=slots[0], fields=["Engine no. 2"]
    )
    say(f"Placed. Confirmation code {charles.code}")

    _step("GetCallDataByPin", "He rings in himself, and keys in the PIN of his request.")
    pin = next(call["pin"] for call in calls() if call["confirmation_code"] == charles.code)
    data = buzzeasy.get_call_data_by_pin(pin)
    assert data is not None
    print_call_data(data)

    _step("A rejection", "A number on the black list: the service says why, and nothing was done.")
    try:
        buzzeasy.request_call_when_available("Nemo", "+447700900105")
    except CallbackRejected as error:
        _show_error(error)

    _step("A fault", "The service breaks down: whether the callback was placed is not known.")
    try:
        buzzeasy.request_call_when_available("Nemo", "+447700900199")
    except ServiceFault as error:
        _show_error(error)

    _step("The call's progress", "What became of Ada's call, as the web page hears of it.")
    for update in buzzeasy.watch(ada, timeout=10):
        say(f"{update.received_at.astimezone():%H:%M:%S}  {update.status}")


def _step(title: str, story: str) -> None:
    say()
    draw(Rule(title, align="left"))
    draw(story, style="italic")


def _show_error(error: BuzzeasyError) -> None:
    say(f"{type(error).__name__}: {error} — outcome {error.outcome.value}")
