"""The `buzzeasy` command."""

import sys
from collections.abc import Sequence

from buzzeasy_soap.cli.errors import fail_with
from buzzeasy_soap.cli.output import OutputLost, never_fail_on_encoding
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.extras import extra


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with these arguments, or the process's, and exit."""
    never_fail_on_encoding()
    arguments = sys.argv[1:] if arguments is None else arguments
    json = "--json" in arguments
    try:
        with extra("cli", "typer", "rich", "click"):
            from buzzeasy_soap.cli.app import run
    except ConfigurationError as error:
        sys.exit(fail_with(error, json=json, calls=False))
    try:
        sys.exit(run(arguments, json=json))
    except OutputLost as lost:
        sys.exit(lost.report())
    except OSError as error:
        if error.filename is not None:
            raise
        # While writing a help text: a stream has no file name.
        sys.exit(OutputLost(error).report())
