"""Errors of the command: one plain line on stderr, an exit status, and with --json an object on stdout."""

from collections.abc import Mapping
from typing import Final

from buzzeasy_soap.cli.output import OutputLost, complain, notes_of, print_json
from buzzeasy_soap.cli.words import in_words_of_command, parameter_of_command
from buzzeasy_soap.enums import Outcome
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, InvalidRequest, LedgerError
from buzzeasy_soap.models import CallbackRequest

REFUSED: Final = 1
USAGE: Final = 2
NOT_SENT: Final = 3
UNKNOWN: Final = 4
INTERRUPTED: Final = 130

EXIT_STATUSES: Final[Mapping[int, str]] = {
    0: "done",
    REFUSED: "refused: the service answered that it did not do it",
    USAGE: "usage: a setting or an argument is wrong; nothing was sent",
    NOT_SENT: "not sent: the service was not reached, or a campaign is paused",
    UNKNOWN: "outcome unknown: it may have been done",
    5: "done, but the output could not be written",
    INTERRUPTED: "interrupted by Ctrl-C",
}


def fail(
    name: str,
    message: str,
    status: int,
    *,
    json: bool,
    outcome: Outcome | None,
    advice: str = "",
    **details: object,
) -> int:
    """Report that a subcommand failed, and return its exit status."""
    if json:
        try:
            print_json(
                {"error": name, "message": message, "outcome": outcome, "exit_status": status, **details}
            )
        except OutputLost as lost:
            lost.report()
    complain(f"{message}{'' if message.endswith('.') else '.'} {advice}".rstrip())
    return status


def fail_with(error: BuzzeasyError, *, json: bool, calls: bool = True) -> int:
    """Report an error, and return the exit status.

    Set `calls` to False if the subcommand does not call a service; then the line does not say that
    nothing was sent.
    """
    status, advice = _meaning(error, calls=calls)
    details = {
        name: value
        for name, value in vars(error).items()
        if not name.startswith("_") and name not in ("outcome", "record")  # `detail` says what `record` does
    }
    if isinstance(error, InvalidRequest):
        details["parameter"] = parameter_of_command(error.parameter)
    return fail(
        type(error).__name__,
        in_words_of_command(error),
        status,
        json=json,
        outcome=error.outcome,
        advice=advice,
        **details,
    )


def fail_interrupted(interrupt: KeyboardInterrupt, *, json: bool) -> int:
    """Report what became of the call that Ctrl-C interrupted; the client sets it as it does on its errors."""
    outcome = getattr(interrupt, "outcome", None)
    request = getattr(interrupt, "callback_request", None)
    match outcome:
        case Outcome.NOT_SENT:
            advice = "Nothing was sent."
        case Outcome.UNKNOWN:
            advice = _unknown_outcome(request)
        case _:
            advice = notes_of(interrupt)
    details = {} if request is None else {"callback_request": request}
    message = f"interrupted. {advice}".rstrip()
    return fail("Interrupted", message, INTERRUPTED, json=json, outcome=outcome, **details)


def _meaning(error: BuzzeasyError, *, calls: bool) -> tuple[int, str]:
    match error:
        case ConfigurationError():
            return USAGE, "Nothing was sent." if calls else ""
        case InvalidRequest():
            return USAGE, "Nothing was sent: correct it and try again." if calls else ""
        case LedgerError():
            return NOT_SENT, "What it has recorded stays: try again."
    match error.outcome:
        case Outcome.NOT_SENT:
            return NOT_SENT, "Nothing was sent: check the address and try again."
        case Outcome.REFUSED:
            return REFUSED, "The service refused the request: correct the problem and try again."
        case Outcome.UNKNOWN:
            return UNKNOWN, _unknown_outcome(error.callback_request)


def _unknown_outcome(request: CallbackRequest | None) -> str:
    if request is None:
        return "The outcome is unknown; this operation is safe to repeat."
    return (
        "The callback may have been placed: look it up with `buzzeasy call-data --number "
        f"{request.phone_no}` before you request it again."
    )
