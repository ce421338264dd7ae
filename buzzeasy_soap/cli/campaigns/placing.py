"""`campaign run`, `work`, `watch` and `reconcile`: what talks to the service."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError
from buzzeasy_soap import Region as RegionCode
from buzzeasy_soap.cli.campaigns import shared
from buzzeasy_soap.cli.campaigns.listing import read_list, refuse, show_dry_run, show_list
from buzzeasy_soap.cli.campaigns.progress import Interrupts, Shown, busy
from buzzeasy_soap.cli.campaigns.shared import Address, Mapped, Name, NoWatch, Rate, ReferenceField, Workers
from buzzeasy_soap.cli.campaigns.summary import Summary
from buzzeasy_soap.cli.errors import INTERRUPTED
from buzzeasy_soap.cli.output import complain, counted, done, say
from buzzeasy_soap.cli.run import Debug, Json, Protocol, Queue, Wsdl, plain_errors
from buzzeasy_soap.cli.words import in_words_of_command

if TYPE_CHECKING:
    from buzzeasy_soap.ledger import Campaign, Ledger
    from buzzeasy_soap.ledger.checking import Checked, Listed


def run(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, JSON Lines, or a workbook such as .xlsx.")
    ],
    ledger: Address = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help="Name of the campaign; default: the file's, without its suffix."),
    ] = None,
    rate: Rate = None,
    workers: Workers = 8,
    hours: Annotated[
        str | None,
        typer.Option(
            "--hours",
            parser=shared.hours,
            metavar="'Mon-Fri 08:00-18:00'",
            help="Place callbacks only then, in the service's time zone; commas separate several.",
        ),
    ] = None,
    map: Annotated[
        list[Mapped] | None,
        typer.Option(
            "--map",
            parser=shared.mapped,
            metavar="USE=COLUMN",
            help="Column of the file for name, phone_no, region, field1 to field10, service_queue, priority, "
            "not_before, time_slot or date; may be repeated.",
        ),
    ] = None,
    region: Annotated[RegionCode | None, typer.Option("--region", help="Region of national numbers.")] = None,
    date_format: Annotated[
        str | None, typer.Option(help="How the file writes dates, such as %d/%m/%Y; default: 2026-11-25.")
    ] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Leave out rows that are invalid.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file, and do no more.")] = False,
    no_watch: NoWatch = False,
    reference_field: ReferenceField = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Place the callbacks of a file, each at most once. After an interruption, the same command goes on.

    The whole file is checked first: nothing is loaded unless every row can be, or --skip-invalid is given.

    Example: buzzeasy campaign run outage.csv --region GB --rate 20/s --hours "Mon-Fri 08:00-18:00"
    """
    with (
        plain_errors(debug=debug, json=json),
        shared.client(reference_field, protocol, queue, wsdl) as buzzeasy,
    ):
        with done("Nothing was loaded, and nothing sent."), busy(f"checking {file.name}"):
            listed = read_list(file, buzzeasy, dict(map or ()), region, date_format)
            checked = listed.check()
        if checked.problems and not skip_invalid:
            raise refuse(listed, checked, json=json)
        if dry_run:
            show_dry_run(listed, checked, json=json)
            return
        with shared.ledger(ledger, create=True) as opened:
            campaign = _loaded(opened, listed, checked, name or file.stem, rate, hours, quiet=json)
            status = _place(opened, buzzeasy, campaign, workers, watch=not no_watch, json=json)
    raise typer.Exit(status)


def work(
    name: Name,
    ledger: Address = None,
    workers: Workers = 8,
    no_watch: NoWatch = False,
    reference_field: ReferenceField = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Place what is left of a campaign; on any number of machines at once, with a ledger on PostgreSQL.

    Ends when nothing is left, or the campaign is paused or cancelled.

    Example: buzzeasy campaign work outage --ledger postgresql://ledger.example/callbacks
    """
    with (
        plain_errors(debug=debug, json=json),
        shared.client(reference_field, protocol, queue, wsdl) as buzzeasy,
        shared.ledger(ledger) as opened,
    ):
        campaign = opened.book.campaign(name)
        status = _place(opened, buzzeasy, campaign, workers, watch=not no_watch, json=json)
    raise typer.Exit(status)


def watch(
    name: Name,
    ledger: Address = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Record what becomes of a campaign's calls, until all are over.

    Example: buzzeasy campaign watch outage
    """
    with (
        plain_errors(debug=debug, json=json),
        shared.client(None, None, None, None) as buzzeasy,
        shared.ledger(ledger) as opened,
    ):
        from buzzeasy_soap.ledger.watcher import Watcher

        campaign = opened.book.campaign(name)
        watcher = Watcher(opened, buzzeasy, campaign)
        interrupts = Interrupts(watcher.stop)
        shown = Shown(lambda: opened.book.tally(campaign), calls_alone=True)
        with shown.drawn(), interrupts.caught():
            watcher.run(until_over=True, on_look=shown.update)
        Summary.of(opened, name).show(json=json)
    raise typer.Exit(INTERRUPTED if interrupts.count else 0)


def reconcile(
    name: Name,
    ledger: Address = None,
    reference_field: ReferenceField = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Look up the callbacks whose outcome is unknown. Nothing is requested.

    Exit status 0 if none is left, 4 if a person has to decide.

    Example: buzzeasy campaign reconcile outage
    """
    with (
        plain_errors(debug=debug, json=json),
        shared.client(reference_field, protocol, None, wsdl) as buzzeasy,
        shared.ledger(ledger) as opened,
    ):
        found = opened.reconcile(buzzeasy, opened.book.campaign(name))
        if not json:
            say(_found_in_words(len(found.placed), len(found.unknown)))
        summary = Summary.of(opened, name)
        summary.show(json=json)
    raise typer.Exit(summary.exit_status if summary.to_decide else 0)


def _loaded(
    ledger: "Ledger",
    listed: "Listed",
    checked: "Checked",
    name: str,
    rate: float | None,
    hours: str | None,
    *,
    quiet: bool,
) -> "Campaign":
    """The campaign of the list: loaded, or found and going on."""
    from buzzeasy_soap.ledger import CampaignState, NewCampaign

    zone = listed.client.timezone.key
    new = NewCampaign(name, zone, rate=rate, opening_hours=hours, source=listed.source)
    found = ledger.book.loaded(new)
    if found is None:
        if not quiet:
            show_list(listed, checked)
        with done("Nothing was loaded, and nothing sent."), busy(f"loading {name}"):
            campaign = ledger.book.load(new, listed.entries(checked))
        told = f"Loaded {counted(checked.good, 'callback')} as the campaign {name}."
    else:
        campaign = ledger.book.change_campaign(
            found, state=CampaignState.RUNNING, rate=rate, opening_hours=hours
        )
        told = f"The campaign {name} goes on."
    if not quiet:
        say(told)
    return campaign


def _place(
    ledger: "Ledger", client: BuzzeasyClient, campaign: "Campaign", workers: int, *, watch: bool, json: bool
) -> int:
    """Place what is left, look up what is unknown, print the result: the exit status."""
    from buzzeasy_soap.ledger import Worker

    worker = Worker(ledger, client, campaign, senders=workers)
    interrupts = Interrupts(worker.stop)
    shown = Shown(lambda: ledger.book.tally(campaign))
    with interrupts.caught(), _watched(ledger, client, campaign, wanted=watch), shown.drawn():
        worker.run(shown.update)
    if not interrupts.count:
        _look_up(ledger, client, campaign)
    summary = Summary.of(ledger, campaign.name)
    summary.show(json=json)
    if not interrupts.count:
        return summary.exit_status
    complain("interrupted. The same command goes on with what is left.")
    return INTERRUPTED


@contextmanager
def _watched(
    ledger: "Ledger", client: BuzzeasyClient, campaign: "Campaign", *, wanted: bool
) -> Iterator[None]:
    """Record what becomes of the calls within the body, where the client can hear of it."""
    if not wanted or not client.has_events:
        yield
        return
    try:
        from buzzeasy_soap.ledger.watcher import Watcher

        watcher = Watcher(ledger, client, campaign)
    except BuzzeasyError as error:
        complain(f"what becomes of the calls is not recorded: {in_words_of_command(error)}")
        yield
        return
    thread = threading.Thread(
        target=watcher.run, kwargs={"until_over": False}, name="buzzeasy-watcher", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        watcher.stop()
        thread.join()


def _found_in_words(placed: int, unknown: int) -> str:
    if not placed and not unknown:
        return "No outcome was unknown."
    return f"Placed after all: {placed}. No call was found for: {unknown}."


def _look_up(ledger: "Ledger", client: BuzzeasyClient, campaign: "Campaign") -> None:
    try:
        ledger.reconcile(client, campaign)
    except BuzzeasyError as error:
        complain(f"what is unknown could not be looked up: {in_words_of_command(error)}")
