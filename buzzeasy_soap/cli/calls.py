"""The eight operations as subcommands."""

import datetime as dt
from typing import Annotated

import typer

from buzzeasy_soap import CallData, Confirmation, Outcome
from buzzeasy_soap import Region as RegionCode
from buzzeasy_soap.cli import values
from buzzeasy_soap.cli.clock import service_now
from buzzeasy_soap.cli.errors import REFUSED, USAGE, fail
from buzzeasy_soap.cli.output import counted, done, print_json, say
from buzzeasy_soap.cli.run import Debug, Json, Protocol, Queue, Wsdl, client
from buzzeasy_soap.cli.tables import print_call_data, print_slots

Name = Annotated[str, typer.Argument(help="Full name of the person to call.")]
PhoneNo = Annotated[str, typer.Argument(help="Number to call, in E.164 format unless --region is given.")]
Region = Annotated[RegionCode | None, typer.Option("--region", help="Region of a national number.")]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", help="Text for the agent; repeat for up to ten fields, in order."),
]
When = Annotated[
    dt.datetime | None,
    typer.Argument(
        help="Show slots after this date or time, in the service's time zone unless it has an offset; "
        "default: now, by the clock of a sandbox on this machine.",
        parser=values.moment,
    ),
]

ewt = typer.Typer(help="Read or set the expected waiting time of a service queue.")


def request_call(
    name: Name,
    phone_no: PhoneNo,
    region: Region = None,
    field: Fields = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Request a callback as soon as an agent is free.

    Example: buzzeasy request-call "Ada Lovelace" +447700900123 --field "Order 1815"
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        confirmation = buzzeasy.request_call_when_available(name, phone_no, region=region, fields=field or [])
        _confirm(confirmation, json=json)


def schedule_call(
    name: Name,
    phone_no: PhoneNo,
    slot: Annotated[int, typer.Option("--slot", help="Id of a time slot, as shown by `slots`.")],
    date: Annotated[dt.date, typer.Option("--date", help="Day of the time slot.", parser=values.day)],
    region: Region = None,
    field: Fields = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Request a callback in a time slot.

    Example: buzzeasy schedule-call "Ada Lovelace" +447700900123 --slot 4 --date 2017-04-11
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        confirmation = buzzeasy.request_call_schedule(
            name, phone_no, time_slot=slot, date=date, region=region, fields=field or []
        )
        _confirm(confirmation, json=json)


def slots(
    when: When = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the time slots of a day, after a given time.

    Example: buzzeasy slots 2017-04-11T09:00
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        after = when or service_now()
        found = buzzeasy.get_available_times(after)
        print_json(found) if json else print_slots(found, after)


def next_slots(
    when: When = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the next three time slots after a given time.

    Example: buzzeasy next-slots 2017-04-11T17:00
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        after = when or service_now()
        found = buzzeasy.get_next_three_time_slots(after)
        print_json(found) if json else print_slots(found, after)


@ewt.command("get")
def ewt_get(
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the expected waiting time of a service queue, in minutes.

    Example: buzzeasy ewt get --queue 1
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        minutes = buzzeasy.get_ewt_by_service_id() // dt.timedelta(minutes=1)
        print_json({"minutes": minutes}) if json else say(counted(minutes, "minute"))


# An unknown option is read as minutes, so that `ewt set -5` hears what is allowed.
@ewt.command("set", context_settings={"ignore_unknown_options": True})
def ewt_set(
    minutes: Annotated[int, typer.Argument(help="Whole minutes, 0 or more.", parser=values.minutes)],
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Set the expected waiting time of a service queue.

    Example: buzzeasy ewt set 5 --queue 1
    """
    with client(protocol=protocol, queue=queue, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        buzzeasy.update_ewt_record(minutes)
        with done(f"The waiting time was set to {counted(minutes, 'minute')}."):
            print_json({"minutes": minutes}) if json else say(f"Set to {counted(minutes, 'minute')}.")


def call_data(
    number: Annotated[str | None, typer.Option("--number", help="Presented number of the call.")] = None,
    pin: Annotated[str | None, typer.Option("--pin", help="PIN of the call.")] = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the screen pop data of a call, looked up by its number or PIN.

    Example: buzzeasy call-data --number +447700900123
    """
    if (number is None) == (pin is None):
        message = "specify either --number or --pin"
        raise typer.Exit(fail("UsageError", message, USAGE, json=json, outcome=Outcome.NOT_SENT))
    with client(protocol=protocol, wsdl=wsdl, json=json, debug=debug) as buzzeasy:
        if number is not None:
            data = buzzeasy.get_call_data_by_number(number)
        else:
            data = buzzeasy.get_call_data_by_pin(pin or "")
    _show_call_data(data, json=json)


def _confirm(confirmation: Confirmation, *, json: bool) -> None:
    with done(f"The callback was placed: confirmation code {confirmation.code}."):
        print_json(confirmation) if json else say(f"Placed. Confirmation code {confirmation.code}")


def _show_call_data(data: CallData | None, *, json: bool) -> None:
    if data is None:
        message = (
            "no such call. The service gives the same answer for wrong credentials: "
            "if you expected a call, check company and password"
        )
        raise typer.Exit(fail("NoSuchCall", message, REFUSED, json=json, outcome=Outcome.REFUSED))
    print_json(data) if json else print_call_data(data)
