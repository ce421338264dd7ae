"""The list of `campaign run`: what its check has found, for a person and for a program."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from buzzeasy_soap import BuzzeasyClient
from buzzeasy_soap.cli.errors import USAGE, fail
from buzzeasy_soap.cli.output import counted, print_json, printable, say
from buzzeasy_soap.cli.tables import draw, table
from buzzeasy_soap.cli.words import reason_in_words
from buzzeasy_soap.enums import Outcome

if TYPE_CHECKING:
    from buzzeasy_soap.ledger.checking import Checked, Listed

_MOST_ROWS: Final = 20


def show_list(listed: "Listed", checked: "Checked") -> None:
    """Print how the file is read, and which rows cannot be loaded."""
    for note in listed.table.notes:
        say(f"Note: {printable(note)}.")
    if listed.unused:
        say(f"Not used: {printable(', '.join(listed.unused))}.")
    if mend := checked.first_mend:
        numbers = counted(checked.mends, "number")
        say(f"{numbers} had lost a + or 0: {mend.found} in line {mend.line} is read as {mend.read_as}.")
    if checked.problems:
        rows = [
            (problem.line, problem.column, reason_in_words(problem.reason))
            for problem in checked.problems[:_MOST_ROWS]
        ]
        draw(table(("Line", "Column", "Reason"), rows))
        more = len(checked.problems) - _MOST_ROWS
        if more > 0:
            say(f"… and {counted(more, 'more row')}")
        say()


def refuse(listed: "Listed", checked: "Checked", *, json: bool) -> typer.Exit:
    """Report that rows cannot be loaded; the exit to raise."""
    rows = checked.good + len(checked.problems)
    message = f"{len(checked.problems)} of {counted(rows, 'row')} cannot be loaded"
    advice = "Nothing was loaded, and nothing sent: correct them, or leave them out by --skip-invalid."
    if not json:
        show_list(listed, checked)
    problems = [
        {"line": each.line, "column": each.column, "reason": reason_in_words(each.reason)}
        for each in checked.problems
    ]
    outcome = Outcome.NOT_SENT
    return typer.Exit(
        fail(
            "InvalidRows",
            message,
            USAGE,
            json=json,
            outcome=outcome,
            advice=advice,
            rows=rows,
            problems=problems,
        )
    )


def show_dry_run(listed: "Listed", checked: "Checked", *, json: bool) -> None:
    """Print what would be loaded."""
    columns = {use: listed.table.columns[number] for use, number in listed.uses.items()}
    if json:
        print_json({"callbacks": checked.good, "left_out": len(checked.problems), "columns": columns})
        return
    show_list(listed, checked)
    draw(table(("Use", "Column"), columns.items()))
    say(f"{counted(checked.good, 'callback')} would be loaded. Nothing was loaded, and nothing sent.")


def read_list(
    file: Path, client: BuzzeasyClient, columns: dict[str, str], region: str | None, date_format: str | None
) -> "Listed":
    """The list in a file."""
    from buzzeasy_soap.ledger.checking import Listed
    from buzzeasy_soap.ledger.files import read_table

    return Listed.of(read_table(file), client, columns=columns, region=region, date_format=date_format)
