"""The `buzzeasy` command."""

import sys

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.extras import extra


def main() -> None:
    """Run the command with the arguments of the process."""
    try:
        with extra("cli", "typer", "rich", "click"):
            from buzzeasy_soap.cli.app import app
    except ConfigurationError as error:
        sys.exit(str(error))
    app(prog_name="buzzeasy")
