"""`buzzeasy watch`."""

from typing import Annotated

import typer

from buzzeasy_soap import CallStatus, Outcome
from buzzeasy_soap.cli.errors import REFUSED, UNKNOWN, fail
from buzzeasy_soap.cli.output import print_json, say
from buzzeasy_soap.cli.run import Debug, Json, client


def watch(
    code: Annotated[str, typer.Argument(help="Confirmation code of the callback.")],
    timeout: Annotated[float | None, typer.Option(help="Stop watching after this many seconds.")] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show a call's progress as it happens, until the call ends.

    Exit status 0 if the call succeeded, 1 if it failed, 4 if watching stopped before it ended.

    Example: buzzeasy watch BZ1001 --json
    """
    status: CallStatus | str | None = None
    with client(json=json, debug=debug) as buzzeasy:
        for update in buzzeasy.watch(code, timeout=timeout):
            status = update.status
            if json:
                print_json(update)
            else:
                say(f"{update.received_at.astimezone():%H:%M:%S}  {status}")
    if status == CallStatus.CALL_FAILED:
        raise typer.Exit(REFUSED)
    if status != CallStatus.CALL_SUCCEEDED:
        message = "watching stopped before the call ended"
        raise typer.Exit(fail("WatchStopped", message, UNKNOWN, json=json, outcome=Outcome.UNKNOWN))
