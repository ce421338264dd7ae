"""`buzzeasy demo`: shows the whole client in 15 seconds, on its own sandbox."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.rule import Rule

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, CallbackRejected, Endpoints, ServiceFault
from buzzeasy_soap.cli.output import counted, say
from buzzeasy_soap.cli.run import Debug, plain_errors
from buzzeasy_soap.cli.tables import draw, print_call_data, print_slots

if TYPE_CHECKING:
    from buzzeasy_soap.sandbox.control import DescribedCall

SPEED = 10.0
# The day used in the document's samples.
MORNING = dt.datetime(2017, 4, 11, 9, 5)  # noqa: DTZ001 - in the service's time zone


def demo(debug: Debug = False) -> None:
    """Start a sandbox, place callbacks on it, and show all eight operations.

    Example: buzzeasy demo
    """
    with plain_errors(debug=debug, calls=False):
        from buzzeasy_soap.sandbox import Sandbox

        with Sandbox(now=MORNING, speed=SPEED) as sandbox:
            say(f"For this demo, a sandbox of the whole service is running at {sandbox.url}.")
            endpoints = Endpoints.sandbox(sandbox.port)
            with BuzzeasyClient(
                endpoints=endpoints,
                company=1,
                password="P@ssword",
                service_queue=1,
            ) as buzzeasy:
                _walk_through(buzzeasy, sandbox.calls)
    say("\nThose were all eight operations, over SOAP. To keep a sandbox running, use `buzzeasy sandbox`.")


def _walk_through(buzzeasy: BuzzeasyClient, calls: "Callable[[], list[DescribedCall]]") -> None:
    _step("UpdateEWTRecord", "The operator sets the expected waiting time of the Sales queue.")
    buzzeasy.update_ewt_record(4)
    say("Set to 4 minutes.")

    _step("GetEWTByServiceID", "The web page shows it to the customer.")
    say(counted(buzzeasy.get_ewt_by_service_id() // dt.timedelta(minutes=1), "minute"))

    _step("RequestCallWhenAvailable", "Ada asks to be called back as soon as an agent is free.")
    ada = buzzeasy.request_call_when_available("Ada Lovelace", "+447700900123", fields=["Order 1815"])
    say(f"Placed. Confirmation code {ada.code}")

    _step("GetCallDataByNumber", "Her call reaches an agent, whose screen shows her data.")
    data = buzzeasy.get_call_data_by_number("+447700900123")
    assert data is not None
    print_call_data(data)

    _step("GetAvailableTimes", "Charles would rather choose a time slot today.")
    slots = buzzeasy.get_available_times(MORNING)
    print_slots(slots[:5], MORNING)
    say(f"… {len(slots)} in total")

    _step("GetNextThreeTimeSlots", "Late in the day, he would be offered the next three.")
    evening = MORNING.replace(hour=17, minute=10)
    print_slots(buzzeasy.get_next_three_time_slots(evening), evening)

    _step("RequestCallSchedule", "He books the first one, using a national number and its region.")
    charles = buzzeasy.request_call_schedule(
        "Charles Babbage", "07700 900456", region="GB", time_slot=slots[0], fields=["Engine no. 2"]
    )
    say(f"Placed. Confirmation code {charles.code}")

    _step("GetCallDataByPin", "He calls in himself and enters the PIN of his request.")
    pin = next(call["pin"] for call in calls() if call["confirmation_code"] == charles.code)
    data = buzzeasy.get_call_data_by_pin(pin)
    assert data is not None
    print_call_data(data)

    _step("A rejection", "The number is on the black list: the service says so, and no callback is placed.")
    try:
        buzzeasy.request_call_when_available("Nemo", "+447700900105")
    except CallbackRejected as error:
        _show_error(error)

    _step("A fault", "The service fails: it is unknown whether the callback was placed.")
    try:
        buzzeasy.request_call_when_available("Nemo", "+447700900199")
    except ServiceFault as error:
        _show_error(error)

    _step("The call's progress", "The progress of Ada's call, as a web page receives it.")
    for update in buzzeasy.watch(ada, timeout=10):
        say(f"{update.received_at.astimezone():%H:%M:%S}  {update.status}")


def _step(title: str, story: str) -> None:
    say()
    draw(Rule(title, align="left"))
    draw(story, style="italic")


def _show_error(error: BuzzeasyError) -> None:
    say(f"{type(error).__name__}: {error} — outcome {error.outcome}")
