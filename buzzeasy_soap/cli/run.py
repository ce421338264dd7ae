"""Shared by the subcommands: their options, a client from the environment, and one-line errors."""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError
from buzzeasy_soap.cli.errors import fail_interrupted, fail_with
from buzzeasy_soap.clients.options import ProtocolName

Queue = Annotated[int | None, typer.Option("--queue", help="Service queue; default: BUZZEASY_SERVICE_QUEUE.")]
Protocol = Annotated[
    ProtocolName | None, typer.Option("--protocol", help="Default: BUZZEASY_PROTOCOL, or soap.")
]
Wsdl = Annotated[
    Path | None,
    typer.Option(
        "--wsdl",
        help="Folder with the service's own WSDLs, as `contract fetch` writes it; default: BUZZEASY_WSDL.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, errors too.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of errors.")]


@contextmanager
def plain_errors(*, debug: bool, json: bool = False, calls: bool = True) -> Iterator[None]:
    """Wrap a subcommand: report an error as `fail_with` does, and exit with its status."""
    try:
        yield
    except (BuzzeasyError, KeyboardInterrupt) as error:
        if debug:
            traceback.print_exception(error)
        if isinstance(error, BuzzeasyError):
            status = fail_with(error, json=json, calls=calls)
        else:
            status = fail_interrupted(error, json=json)
        raise typer.Exit(status) from None


@contextmanager
def client(
    *,
    protocol: str | None = None,
    queue: int | None = None,
    wsdl: Path | None = None,
    json: bool,
    debug: bool,
) -> Iterator[BuzzeasyClient]:
    """A client as the environment and the options set it up, with one-line errors."""
    environ = environment(protocol, queue, wsdl)
    with plain_errors(debug=debug, json=json), BuzzeasyClient.from_env(environ) as opened:
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
