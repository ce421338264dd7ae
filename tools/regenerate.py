"""Regenerates `buzzeasy_soap/contract/` from `wsdl/`.

    python tools/regenerate.py            write the generated package
    python tools/regenerate.py --check    write nothing; exit 1 where it is not up to date
"""

import argparse
import sys
from pathlib import Path

from generate import generate

from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "buzzeasy_soap" / "contract"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    check: bool = parser.parse_args().check
    try:
        document_sets = read_documents(ROOT / "wsdl")
        problems = [
            f"wsdl/{name} is not what contract.toml's SHA-256 says"
            for documents in document_sets
            for name in documents.mismatches()
        ]
        generated = {} if problems else generate(document_sets)
    except ConfigurationError as error:
        problems, generated = [str(error)], {}
    if check and not problems:
        present = {path.name: path.read_text(encoding="utf-8") for path in CONTRACT.glob("*.py")}
        problems = [
            f"buzzeasy_soap/contract/{name} does not belong to wsdl/: run `make generate`"
            for name in sorted(present.keys() | generated.keys())
            if present.get(name) != generated.get(name)
        ]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    if not check:
        write(generated)
    return 0


def write(generated: dict[str, str]) -> None:
    """Make the folder hold the generated files and no other module."""
    CONTRACT.mkdir(exist_ok=True)
    for stale in {path.name for path in CONTRACT.glob("*.py")} - generated.keys():
        (CONTRACT / stale).unlink()
    for name, source in generated.items():
        (CONTRACT / name).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
