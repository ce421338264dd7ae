"""`buzzeasy doctor`."""

from typing import Final

import typer

from buzzeasy_soap.cli.errors import REFUSED
from buzzeasy_soap.cli.output import print_json, say
from buzzeasy_soap.cli.run import Json
from buzzeasy_soap.cli.tables import draw, table

_TITLES: Final = {
    "version": "Version",
    "extra": "Extra",
    "setting": "Environment",
    "network": "Network",
    "use": "What works",
}


def doctor(json: Json = False) -> None:
    """Show what is set up here and what cannot work.

    Looks at versions, extras, settings, proxies and certificates, and says why. Calls no service;
    `buzzeasy check` does. Exit status 0 if all that is set up can work, 1 otherwise.

    Example: buzzeasy doctor --json
    """
    from buzzeasy_soap.cli.diagnosis import examine

    findings = examine()
    if json:
        print_json(findings)
    else:
        for about, title in _TITLES.items():
            rows = [(each.name, each.result, each.detail) for each in findings if each.about == about]
            draw(table((title, "Result", "Detail"), rows))
            say()
    if any(each.result == "failed" for each in findings):
        raise typer.Exit(REFUSED)
