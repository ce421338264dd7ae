"""The `buzzeasy` command."""

import sys

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.extras import extra


def main() -> None:
    """Run the command with the process's arguments."""
    try:
        with extra("cli", "typer", "rich", "click"):
            from buzzeasy_soap.cli.app import app
            from buzzeasy_soap.cli.output import OutputLost, never_fail_on_encoding
    except ConfigurationError as error:
        print(f"buzzeasy: {error}", file=sys.stderr)
        sys.exit(2)
    never_fail_on_encoding()
    try:
        app(prog_name="buzzeasy")
    except OutputLost as lost:
        sys.exit(lost.report())
    except OSError as error:
        if error.filename is not None:
            raise
        # While writing a help text: a stream has no file name.
        sys.exit(OutputLost(error).report())
