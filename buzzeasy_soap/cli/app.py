"""Assembles the command from its subcommands."""

import typer

from buzzeasy_soap.cli import calls, check, contract, demo, sandbox, watch

app = typer.Typer(
    name="buzzeasy",
    help="Request callbacks from the Buzzeasy platform, or from a sandbox on this machine.",
    epilog="Settings come from BUZZEASY_CALLBACK_URL, BUZZEASY_INFO_URL, BUZZEASY_COMPANY, "
    "BUZZEASY_PASSWORD and BUZZEASY_SERVICE_QUEUE. Exit status: 0 success, 1 refused, 2 usage error, "
    "3 not sent, 4 outcome unknown, 5 done but the output could not be written, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks would show local variables
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("sandbox")(sandbox.sandbox)
app.command("request-call")(calls.request_call)
app.command("schedule-call")(calls.schedule_call)
app.command("slots")(calls.slots)
app.command("next-slots")(calls.next_slots)
app.add_typer(calls.ewt, name="ewt")
app.command("call-data")(calls.call_data)
app.command("watch")(watch.watch)
app.add_typer(contract.contract, name="contract")
app.command("check")(check.check)
