"""What the subcommands share: a client from the environment, errors as one line, exit statuses."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError, ConfigurationError, InvalidRequest, Outcome

REFUSED: Final = 1
USAGE: Final = 2
NOT_SENT: Final = 3
UNKNOWN: Final = 4

Queue = Annotated[int | None, typer.Option("--queue", help="Service queue; else BUZZEASY_SERVICE_QUEUE.")]
Protocol = Annotated[
    str | None, typer.Option("--protocol", help="soap or rest; else BUZZEASY_PROTOCOL, else soap.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


@contextmanager
def told_plainly(*, debug: bool) -> Iterator[None]:
    """Around a subcommand: an error becomes one line on stderr that says what to do, and a status."""
    try:
        yield
    except BuzzeasyError as error:
        if debug:
            raise
        status, advice = _meaning(error)
        text = " ".join(str(error).split())
        print(f"buzzeasy: {text}{'' if text.endswith('.') else '.'} {advice}", file=sys.stderr)
        raise typer.Exit(status) from None


def _meaning(error: BuzzeasyError) -> tuple[int, str]:
    match error:
        case ConfigurationError():
            return USAGE, "Nothing was sent."
        case InvalidRequest():
            return USAGE, "Correct it and try again; nothing was sent."
    match error.outcome:
        case Outcome.NOT_SENT:
            return NOT_SENT, "Nothing was sent: check the address and try again."
        case Outcome.REFUSED:
            return REFUSED, "The service did not do it: correct what it names and try again."
        case Outcome.UNKNOWN if error.callback_request is not None:
            return UNKNOWN, (
                "The callback may have been placed: look it up with `buzzeasy call-data --number "
                f"{error.callback_request.phone_no}` before you ask again."
            )
        case Outcome.UNKNOWN:
            return UNKNOWN, "The outcome is not known; this operation is safe to try again."


@contextmanager
def client(*, protocol: str | None = None, queue: int | None = None, debug: bool) -> Iterator[BuzzeasyClient]:
    """A client as the environment and the options set it up, its errors told plainly."""
    with told_plainly(debug=debug), BuzzeasyClient.from_env(environment(protocol, queue)) as opened:
        yield opened


def environment(protocol: str | None, queue: int | None) -> dict[str, str]:
    """The process's environment, with what the options change in it."""
    environ = dict(os.environ)
    if protocol is not None:
        environ["BUZZEASY_PROTOCOL"] = protocol
    if queue is not None:
        environ["BUZZEASY_SERVICE_QUEUE"] = str(queue)
    return environ
