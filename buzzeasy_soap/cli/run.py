"""Shared by the subcommands: a client from the environment, one-line errors, and exit statuses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from buzzeasy_soap import (
    BuzzeasyClient,
    BuzzeasyError,
    CallbackRequest,
    ConfigurationError,
    InvalidRequest,
    Outcome,
)
from buzzeasy_soap.cli.output import complain, notes_of

REFUSED: Final = 1
USAGE: Final = 2
NOT_SENT: Final = 3
UNKNOWN: Final = 4
INTERRUPTED: Final = 130

Queue = Annotated[int | None, typer.Option("--queue", help="Service queue; default: BUZZEASY_SERVICE_QUEUE.")]
Protocol = Annotated[
    str | None, typer.Option("--protocol", help="soap or rest; default: BUZZEASY_PROTOCOL, or soap.")
]
Wsdl = Annotated[
    Path | None,
    typer.Option(
        "--wsdl",
        help="Folder with the service's own WSDLs, as `contract fetch` writes it; else BUZZEASY_WSDL.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of errors.")]


@contextmanager
def plain_errors(*, debug: bool, calls: bool = True) -> Iterator[None]:
    """Wrap a subcommand: turn an error into one line on stderr that says what to do, and an exit status.

    Set `calls` to False if the subcommand does not call a service; then the line does not say that
    nothing was sent.
    """
    try:
        yield
    except BuzzeasyError as error:
        if debug:
            raise
        status, advice = _meaning(error, calls=calls)
        text = " ".join(str(error).split())
        complain(f"{text}{'' if text.endswith('.') else '.'} {advice}".rstrip())
        raise typer.Exit(status) from None
    except KeyboardInterrupt as interrupt:
        if debug:
            raise
        complain(f"interrupted. {_interrupted_call(interrupt)}".rstrip())
        raise typer.Exit(INTERRUPTED) from None


def _meaning(error: BuzzeasyError, *, calls: bool) -> tuple[int, str]:
    match error:
        case ConfigurationError():
            return USAGE, "Nothing was sent." if calls else ""
        case InvalidRequest():
            return USAGE, "Nothing was sent: correct it and try again."
    match error.outcome:
        case Outcome.NOT_SENT:
            return NOT_SENT, "Nothing was sent: check the address and try again."
        case Outcome.REFUSED:
            return REFUSED, "The service refused the request: correct the problem and try again."
        case Outcome.UNKNOWN:
            return UNKNOWN, _unknown_outcome(error.callback_request)


def _interrupted_call(interrupt: KeyboardInterrupt) -> str:
    """The outcome of the call that Ctrl-C interrupted; the client sets it as it does on its errors."""
    match getattr(interrupt, "outcome", None):
        case Outcome.NOT_SENT:
            return "Nothing was sent."
        case Outcome.UNKNOWN:
            return _unknown_outcome(getattr(interrupt, "callback_request", None))
        case _:
            return notes_of(interrupt)


def _unknown_outcome(request: CallbackRequest | None) -> str:
    if request is None:
        return "The outcome is unknown; this operation is safe to repeat."
    return (
        "The callback may have been placed: look it up with `buzzeasy call-data --number "
        f"{request.phone_no}` before you request it again."
    )


@contextmanager
def client(
    *, protocol: str | None = None, queue: int | None = None, wsdl: Path | None = None, debug: bool
) -> Iterator[BuzzeasyClient]:
    """A client as the environment and the options set it up, with one-line errors."""
    with plain_errors(debug=debug), BuzzeasyClient.from_env(environment(protocol, queue, wsdl)) as opened:
        yield opened


def environment(protocol: str | None, queue: int | None, wsdl: Path | None = None) -> dict[str, str]:
    """The process's environment, with what the options change in it."""
    environ = dict(os.environ)
    if protocol is not None:
        environ["BUZZEASY_PROTOCOL"] = protocol
    if wsdl is not None:
        environ["BUZZEASY_WSDL"] = str(wsdl)
    if queue is not None:
        environ["BUZZEASY_SERVICE_QUEUE"] = str(queue)
    return environ
