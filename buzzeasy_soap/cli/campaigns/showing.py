"""`campaign status` and `report`: what the ledger says."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal, TextIO

import typer

from buzzeasy_soap import ConfigurationError
from buzzeasy_soap.cli.campaigns import shared
from buzzeasy_soap.cli.campaigns.shared import Address, Name
from buzzeasy_soap.cli.campaigns.summary import Summary, rate_in_words, state_in_words
from buzzeasy_soap.cli.output import counted, print_json, say, written
from buzzeasy_soap.cli.run import Debug, Json, plain_errors
from buzzeasy_soap.cli.tables import draw, table

_OWNER_ONLY: Final = 0o600


def status(
    name: Annotated[str | None, typer.Argument(help="Name of the campaign; default: all of them.")] = None,
    ledger: Address = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show how far campaigns have come.

    Example: buzzeasy campaign status outage --json
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        if name is not None:
            Summary.of(opened, name).show(json=json)
            return
        campaigns = [(each, opened.book.counts(each)) for each in opened.book.campaigns()]
        if json:
            print_json([{"campaign": each, "counts": counts} for each, counts in campaigns])
            return
        rows = [
            (
                each.name, state_in_words(each, counts.to_go),
                "" if each.rate is None else rate_in_words(each.rate), counts.placed,
                counts.refused, counts.unknown, counts.not_sent, counts.to_go,
            )
            for each, counts in campaigns
        ]  # fmt: skip
        draw(table(("Campaign", "State", "Rate", "Placed", "Refused", "Unknown", "Not sent", "To go"), rows))


def report(
    name: Name,
    format: Annotated[
        Literal["table", "csv", "json", "svg"],
        typer.Option("--format", help="csv and json have each callback; svg is a picture over time."),
    ] = "table",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, for its owner alone; default: standard output."),
    ] = None,
    ledger: Address = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Report what a campaign has come to.

    Example: buzzeasy campaign report outage --format csv -o outage-report.csv
    """
    format = "json" if json else format
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        from buzzeasy_soap.ledger.picture import picture
        from buzzeasy_soap.ledger.report import write_csv, write_json

        campaign = opened.book.campaign(name)
        if format == "table":
            if output is not None:
                raise ConfigurationError("--output is for --format csv, json or svg")
            Summary.of(opened, name).show(json=False)
            return
        with _opened(output, bom=format == "csv") as out:
            if format == "csv":
                write_csv(opened.book, campaign, out)
            elif format == "json":
                write_json(opened.book, campaign, out)
            else:
                out.write(picture(opened.book, campaign).decode())
        if output is not None and not json:
            say(f"Written to {output}: {counted(opened.book.counts(campaign).total, 'callback')}.")


@contextmanager
def _opened(path: Path | None, *, bom: bool) -> Iterator[TextIO]:
    """A file for its owner alone, or standard output; spreadsheets know UTF-8 by a BOM."""
    if path is None:
        with written():
            yield sys.stdout
        return
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(number, "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
