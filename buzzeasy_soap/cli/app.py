"""Assembles the command from its subcommands."""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from buzzeasy_soap.cli import calls, campaigns, check, contract, demo, doctor, sandbox, watch
from buzzeasy_soap.cli.errors import EXIT_STATUSES, INTERRUPTED, USAGE, fail
from buzzeasy_soap.cli.output import say
from buzzeasy_soap.clients.environment import VARIABLES, Variable
from buzzeasy_soap.enums import Outcome

# typer gives this class no public name of its own.
UsageError: Final[type[Exception]] = typer.BadParameter.__bases__[0]
PROXY_VARIABLES: Final = [
    ("HTTP_PROXY, HTTPS_PROXY", "proxies; ALL_PROXY is for both"),
    ("NO_PROXY", "hosts, domains and networks to reach without a proxy"),
]


def _lines(heading: str, rows: Iterable[tuple[object, str]]) -> str:
    """A list for a help text, which is not to be wrapped."""
    return "\n".join(("\b", f"{heading}:", *(f"  {name!s:<24}  {text}".rstrip() for name, text in rows)))


def _described(variable: Variable) -> str:
    more = "; required" if variable.required else f"; default: {variable.default}" if variable.default else ""
    return f"{variable.help}{more}"


app = typer.Typer(
    name="buzzeasy",
    help="Request callbacks from the Buzzeasy platform, or from a sandbox on this machine.",
    epilog="\n\n".join(
        (
            _lines(
                "Environment",
                [(name, _described(variable)) for name, variable in VARIABLES.items()] + PROXY_VARIABLES,
            ),
            _lines("Exit status", EXIT_STATUSES.items()),
        )
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,  # its tracebacks would show local variables
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from buzzeasy_soap import __version__

        say(f"buzzeasy-soap {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    _show_help(context)


@calls.ewt.callback(invoke_without_command=True)
@campaigns.campaign.callback(invoke_without_command=True)
@contract.contract.callback(invoke_without_command=True)
def _show_help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(USAGE)


app.command("demo")(demo.demo)
app.command("sandbox")(sandbox.sandbox)
app.command("request-call")(calls.request_call)
app.command("schedule-call")(calls.schedule_call)
app.command("slots")(calls.slots)
app.command("next-slots")(calls.next_slots)
app.add_typer(calls.ewt, name="ewt")
app.command("call-data")(calls.call_data)
app.command("watch")(watch.watch)
app.add_typer(campaigns.campaign, name="campaign")
app.add_typer(contract.contract, name="contract")
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)


def run(arguments: Sequence[str], *, json: bool) -> int:
    """Run the command and return its exit status; `json` is for errors in the arguments themselves."""
    try:
        status = app(arguments, prog_name="buzzeasy", standalone_mode=False)
    except UsageError as error:
        return _misused(error, json=json)
    except typer.Abort:
        return fail("Interrupted", "interrupted", INTERRUPTED, json=json, outcome=Outcome.NOT_SENT)
    return status if isinstance(status, int) else 0


def _misused(error: Exception, *, json: bool) -> int:
    """Report an argument that is wrong, in a line that says where to read on."""
    text = " ".join(str(error.format_message()).split())  # type: ignore[attr-defined]
    text = text.replace(": Value error, ", ": ")  # pydantic's words, which check an option for typer
    if re.match(r"-[0-9.]", getattr(error, "option_name", "")):
        text = f"{text.rstrip('.')}. A value that begins with a dash goes after --"
    context = getattr(error, "ctx", None)
    command = "buzzeasy" if context is None else context.command_path
    message = f"{text[0].lower()}{text[1:].rstrip('.')}. See `{command} --help`"
    return fail("UsageError", message, USAGE, json=json, outcome=Outcome.NOT_SENT)
