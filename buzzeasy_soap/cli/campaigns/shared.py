"""Shared by the subcommands of `campaign`: their options, the ledger, and a client that can be reconciled."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from buzzeasy_soap import BuzzeasyClient, ConfigurationError
from buzzeasy_soap.cli.run import environment
from buzzeasy_soap.opening_hours import OpeningHours
from buzzeasy_soap.wire.redaction import Secret

if TYPE_CHECKING:
    from buzzeasy_soap.ledger import Ledger

campaign: Final = typer.Typer(help="Place the callbacks of a list, each at most once.")

_DEFAULT_LEDGER: Final = "callbacks.db"
_REFERENCE_FIELD: Final = "BUZZEASY_REFERENCE_FIELD"
_LAST_FIELD: Final = "10"
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Mapped(NamedTuple):
    """What a column is used for, and its name."""

    use: str
    column: str


def rate(text: str) -> float:
    """Callbacks a second, from `20/s`, `600/m` or `5000/h`. Raises BadParameter."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:/([smh]))?", text.replace(" ", ""), re.ASCII)
    if match is None or float(match[1]) == 0:
        raise typer.BadParameter(
            f"must be a number greater than 0, as in 20/s, 600/m or 5000/h, not {text!r}"
        )
    return float(match[1]) / _SECONDS[match[2] or "s"]


def hours(text: str) -> str:
    """Opening hours. Raises BadParameter."""
    try:
        OpeningHours.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def age(text: str) -> dt.timedelta:
    """A duration, from `30d`, `12h` or `2w`. Raises BadParameter."""
    match = re.fullmatch(r"([0-9]{1,5})([mhdw])", text, re.ASCII)
    if match is None:
        raise typer.BadParameter(
            f"must be a number of minutes, hours, days or weeks, such as 30d, not {text!r}"
        )
    return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


def mapped(text: str) -> Mapped:
    """A column and its use. Raises BadParameter."""
    use, equals, column = text.partition("=")
    if not equals or not use.strip() or not column.strip():
        raise typer.BadParameter(f"must be of the form phone_no=COLUMN, not {text!r}")
    return Mapped(use.strip(), column.strip())


Address = Annotated[
    Secret | None,
    typer.Option(
        "--ledger",
        envvar="BUZZEASY_LEDGER",
        metavar="FILE|ADDRESS",
        parser=Secret,
        help=f"SQLite file, or postgresql:// address; default: {_DEFAULT_LEDGER}.",
        show_envvar=True,
    ),
]
Name = Annotated[str, typer.Argument(help="Name of the campaign.")]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate", parser=rate, metavar="N/s", help="Most callbacks a second (/s), minute (/m) or hour (/h)."
    ),
]
Workers = Annotated[
    int, typer.Option("--workers", min=1, max=256, help="Most calls to the service at one time.")
]
NoWatch = Annotated[
    bool, typer.Option("--no-watch", help="Do not record what becomes of the calls meanwhile.")
]
ReferenceField = Annotated[
    int | None,
    typer.Option(
        "--reference-field",
        min=1,
        max=10,
        help=f"Field that carries each callback's unique reference; default: {_REFERENCE_FIELD}, or {_LAST_FIELD}.",
    ),
]


@contextmanager
def ledger(address: Secret | None, *, create: bool = False) -> "Iterator[Ledger]":
    """The ledger. Raises ConfigurationError where there is none, unless it may be created."""
    from buzzeasy_soap.ledger import Ledger

    address = address or Secret(_DEFAULT_LEDGER)
    is_file = "://" not in address.reveal()
    if is_file and not create and not Path(address.reveal()).exists():
        raise ConfigurationError(
            f"there is no ledger {address.reveal()}: --ledger or BUZZEASY_LEDGER names another"
        )
    with Ledger(address) as opened:
        yield opened


def client(
    reference_field: int | None, protocol: str | None, queue: int | None, wsdl: Path | None
) -> BuzzeasyClient:
    """A client as the environment and the options set it up, whose callbacks can be looked up."""
    environ = environment(protocol, queue, wsdl)
    if reference_field is not None:
        environ[_REFERENCE_FIELD] = str(reference_field)
    environ[_REFERENCE_FIELD] = environ.get(_REFERENCE_FIELD) or _LAST_FIELD
    return BuzzeasyClient.from_env(environ)
