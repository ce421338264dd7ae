"""Regenerates `buzzeasy_soap/contract/` from `wsdl/`, and `wsdl/` from where the contract is published.

    python tools/regenerate.py                   write the generated package
    python tools/regenerate.py --check           write nothing; exit 1 where it is not up to date
    python tools/regenerate.py --from URL|FILE   fetch, show the difference, then write both

With --from it exits 0 where nothing changed for a client, 1 for additions, 2 for breaking changes, and
3 where anything failed: then nothing is written, and the last line says why.
"""

import argparse
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

FAILED = 3


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse's own status, 2, means breaking changes here.
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _Parser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    parser.add_argument("--from", dest="source", metavar="URL|FILE", help="the WSDL to take")
    parser.add_argument("--service", metavar="NAME", help="the service of contract.toml that it describes")
    parser.add_argument("--port-type", metavar="NAME", help="which of the WSDL's port types is the service's")
    parser.add_argument(
        "--allow-host", metavar="HOST", action="append", default=[], help="follow imports to this host too"
    )
    parser.add_argument("--json", action="store_true", help="print the difference as JSON")
    parser.add_argument("--dry-run", action="store_true", help="show the difference, write nothing")
    options = parser.parse_args(arguments)
    if not options.source:
        import contract_package

        return contract_package.check() if options.check else contract_package.write()
    if options.check:
        parser.error("--check takes no --from")
    try:
        import update  # here, so that a fault in our own code is a failure too, and not an addition

        return update.take(
            options.source,
            service=options.service,
            port_type=options.port_type,
            allow_hosts=options.allow_host,
            as_json=options.json,
            dry_run=options.dry_run,
        )
    except Exception as error:  # noqa: BLE001 - a traceback's own status would mean additions
        print(_told(error), file=sys.stderr)
        return FAILED


def _told(error: Exception) -> str:
    """Why it failed, in a line: the error's own words, or where it arose if nobody meant it to."""
    text = " ".join(str(error).split())
    if type(error).__module__.startswith("buzzeasy_soap.") or isinstance(error, OSError):
        return text
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {text} ({Path(where.filename).name}:{where.lineno})"


if __name__ == "__main__":
    sys.exit(main())
