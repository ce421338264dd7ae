"""The outcome of every error, as docs/delivery.md has it: `python -m tests.faults.document` writes it."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.faults.faults import (
    BEFORE_SENDING,
    CONNECTION_DIES,
    FAULTS,
    NO_FAULT,
    TIME_PASSES,
    WRONG_REPLY,
    Fault,
)
from tests.faults.test_answers import ANSWERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "delivery.md"
BEGIN, END = "<!-- outcomes: written by python -m tests.faults.document -->", "<!-- end of outcomes -->"
SECTIONS = {
    "Before anything is sent": BEFORE_SENDING,
    "The connection dies": CONNECTION_DIES,
    "A timeout passes": TIME_PASSES,
    "A complete reply that is not in the contract": WRONG_REPLY,
    "Not an error to the caller": NO_FAULT,
}
_AGAIN = {"all": ("yes", "yes"), "reads": ("no", "yes"), "none": ("no", "no")}


def written() -> str:
    """The section."""
    parts = [f"{BEGIN}\n"]
    for title, faults in SECTIONS.items():
        head = ("what happens", "error", "`.phase`", "outcome", "callback retried?", "others retried?")
        rows = (_fault(fault) for fault in faults)
        parts.append(f"### {title}\n\n{_table(head, rows)}\n")
    head = ("what happens", "error", "outcome")
    rows = ((answer.story, f"`{answer.error.__name__}`", answer.outcome.name) for answer in ANSWERS)
    parts.append(f"### The service refuses, or the call is invalid\n\n{_table(head, rows)}\n")
    parts.append(f"{len(FAULTS)} faults and {len(ANSWERS)} answers in all.\n\n{END}")
    return "\n".join(parts)


def _fault(fault: Fault) -> tuple[str, ...]:
    story = f"done; then {fault.story}" if fault.done and fault not in NO_FAULT else fault.story
    if fault.error is None or fault.outcome is None:
        return (story, "none", "", "done", "", "")
    phase = {"connect": "connect", "read": "send, read", None: ""}[fault.phase]
    return (story, f"`{fault.error.__name__}`", phase, fault.outcome.name, *_AGAIN[fault.again])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def document_with(section: str) -> str:
    """The whole document with this section in it."""
    text = DOCUMENT.read_text("utf-8")
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: section, text, flags=re.DOTALL)


if __name__ == "__main__":
    DOCUMENT.write_text(document_with(written()), "utf-8")
    sys.exit(0)
