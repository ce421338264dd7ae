"""What a campaign has come to, for programs and spreadsheets."""

import csv
import json
import re
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from buzzeasy_soap.ledger.book import Book
from buzzeasy_soap.ledger.checking import FIELDS
from buzzeasy_soap.ledger.model import Campaign, Decided, Entry

_COLUMNS: Final = (
    "id", "line", "name", "phone_no", "region", "service_queue", "time_slot", "date", *FIELDS,
    "state", "confirmation_code", "result_code", "error", "message", "attempts", "settled_at", "call_status",
    "decision", "decided_by",
)  # fmt: skip
# A spreadsheet runs a text that begins so. A number in E.164 format runs to itself, and other programs read it.
_FORMULA: Final = re.compile(r"(?!\+[0-9]+\Z)[=+\-@\t\r\n]")


def write_csv(book: Book, campaign: Campaign, out: TextIO) -> None:
    """Write a row for each callback. No text in it is a formula to a spreadsheet: such a one gets a `'` before it."""
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    zone, decisions = ZoneInfo(campaign.timezone), book.decisions(campaign)
    for entry in book.entries(campaign):
        writer.writerow([_inert(cell) for cell in _row(entry, decisions.get(entry.id), zone)])


def write_json(book: Book, campaign: Campaign, out: TextIO) -> None:
    """Write the campaign, its tally and its callbacks as one JSON object, a line for each callback."""
    decisions = book.decisions(campaign)
    head = {"campaign": campaign.to_dict(), "tally": book.tally(campaign).to_dict()}
    out.write(f'{json.dumps(head)[:-1]}, "callbacks": [')
    for number, entry in enumerate(book.entries(campaign)):
        decided = decisions.get(entry.id)
        told = entry.to_dict() | {"decided": None if decided is None else decided.to_dict()}
        out.write(f"{',' if number else ''}\n{json.dumps(told)}")
    out.write("\n]}\n")


def _row(entry: Entry, decided: Decided | None, zone: ZoneInfo) -> list[object]:
    asked = entry.request
    fields = [*asked.fields, *[None] * len(FIELDS)][: len(FIELDS)]
    settled_at = entry.settled_at.astimezone(zone).isoformat(" ", "seconds") if entry.settled_at else None
    return [
        entry.id, entry.line, asked.name, asked.phone_no, asked.region, asked.service_queue, asked.time_slot,
        asked.date, *fields, entry.state, entry.confirmation_code,
        None if entry.result_code is None else int(entry.result_code), entry.error, entry.message, entry.attempts,
        settled_at, entry.call_status, decided and decided.decision, decided and decided.who,
    ]  # fmt: skip


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
