"""Checks a list of callbacks as a whole, before any of it is loaded."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from buzzeasy_soap.clients.blocking import BuzzeasyClient
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.ledger import cells
from buzzeasy_soap.ledger.files import Cell, Row, Table
from buzzeasy_soap.ledger.model import NewEntry
from buzzeasy_soap.mapping.numbers import presented_numbers
from buzzeasy_soap.mapping.parameters import invalid

FIELDS: Final = tuple(f"field{number}" for number in range(1, 11))
USES: Final = (
    "name", "phone_no", "region", *FIELDS, "service_queue", "priority", "not_before", "time_slot", "date",
)  # fmt: skip
"""What a column can be used for."""
_REQUIRED: Final = ("name", "phone_no")


@frozen
class Problem:
    """Why a row cannot be loaded."""

    line: int
    column: str
    """The file's; empty for the row as a whole."""
    reason: str


@frozen
class Mend:
    """A number that a spreadsheet has changed, and what it was."""

    line: int
    found: str
    read_as: str


@define
class Checked:
    """What the check has found."""

    good: int = 0
    """How many rows can be loaded."""
    problems: list[Problem] = field(factory=list[Problem])
    """One for each other row, in order."""
    mends: int = 0
    first_mend: Mend | None = None
    _bad: set[int] = field(factory=set[int])

    def refuse(self, problem: Problem) -> None:
        """Note a row that cannot be loaded."""
        self.problems.append(problem)
        self._bad.add(problem.line)

    def is_good(self, row: Row) -> bool:
        """Whether a row can be loaded."""
        return row.line not in self._bad


@frozen
class Listed:
    """A list of callbacks: a file, and how it is to be read."""

    table: Table
    uses: Mapping[str, int]
    """The number of the column for each use."""
    client: BuzzeasyClient
    region: str | None = None
    """Of numbers whose row names none."""
    date_format: str | None = None
    """How its dates are written, as for `strptime`, where not in ISO 8601."""

    @classmethod
    def of(
        cls,
        table: Table,
        client: BuzzeasyClient,
        *,
        columns: Mapping[str, str] | None = None,
        region: str | None = None,
        date_format: str | None = None,
    ) -> "Listed":
        """A list. `columns` are those of the file by use, where they are called otherwise.

        Raises InvalidRequest for a column that is not there, and ConfigurationError where one is missing.
        """
        return cls(table, _uses(table.columns, columns or {}), client, region, date_format)

    @property
    def unused(self) -> list[str]:
        """The columns that are not used."""
        used = set(self.uses.values())
        return [name for number, name in enumerate(self.table.columns) if name and number not in used]

    @property
    def source(self) -> str:
        """What tells it from others: the file's content, and how it is read."""
        sample = self.client.callback_request("-", "+441000000000")  # for the default queue
        told = [self.table.digest, dict(self.uses), self.region, self.date_format, sample.service_queue]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def check(self) -> Checked:
        """Check every row, and that no number is there twice. Raises ConfigurationError as `Table.rows`."""
        checked = Checked()
        lines: dict[str, int] = {}
        for row in self.table.rows():
            try:
                entry = self._entry(row)
            except InvalidRequest as error:
                checked.refuse(self._problem(row, error))
                continue
            number = presented_numbers(entry.request)[0]
            first = lines.setdefault(number, row.line)
            if first != row.line:
                reason = f"{number} is in line {first} already"
                checked.refuse(Problem(row.line, self._column("phone_no"), reason))
                continue
            checked.good += 1
            self._note_mend(checked, row)
        return checked

    def entries(self, checked: Checked) -> Iterator[NewEntry]:
        """The rows that can be loaded."""
        return (self._entry(row) for row in self.table.rows() if checked.is_good(row))

    def _entry(self, row: Row) -> NewEntry:
        if row.problem is not None:
            raise InvalidRequest(row.problem, parameter="")
        region = cells.region(self._cell(row, "region"), self.region)
        zone = self.client.timezone
        request = self.client.callback_request(
            cells.text("name", self._cell(row, "name")) or "",
            cells.phone_number(self._cell(row, "phone_no"), region),
            region=region,
            fields=self._fields(row),
            service_queue=cells.whole("service_queue", self._cell(row, "service_queue")),
            time_slot=cells.whole("time_slot", self._cell(row, "time_slot")),
            date=cells.day("date", self._cell(row, "date"), self.date_format),
        )
        not_before = cells.moment("not_before", self._cell(row, "not_before"), self.date_format, zone)
        priority = cells.whole("priority", self._cell(row, "priority"))
        return NewEntry(request, row.line, priority or 0, not_before)

    def _fields(self, row: Row) -> list[str | None]:
        last = max((n for n, name in enumerate(FIELDS, 1) if name in self.uses), default=0)
        return [cells.text(name, self._cell(row, name)) for name in FIELDS[:last]]

    def _cell(self, row: Row, use: str) -> Cell:
        number = self.uses.get(use)
        return None if number is None else row.cells[number]

    def _column(self, use: str) -> str:
        """What the file calls the column with a use."""
        return self.table.columns[self.uses[use]] if use in self.uses else use

    def _problem(self, row: Row, error: InvalidRequest) -> Problem:
        reason = str(error).removeprefix(error.parameter).strip()
        return Problem(row.line, self._column(error.parameter), reason)

    def _note_mend(self, checked: Checked, row: Row) -> None:
        cell = self._cell(row, "phone_no")
        if isinstance(cell, str) and cell[0] in "+0('":
            return  # as a person writes it
        read_as = cells.phone_number(cell, cells.region(self._cell(row, "region"), self.region))
        found = cells.text("phone_no", cell) or ""
        if read_as != found:
            checked.mends += 1
            checked.first_mend = checked.first_mend or Mend(row.line, found, read_as)


def _uses(columns: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
    by_key: dict[str, list[int]] = {}
    for number, name in enumerate(columns):
        by_key.setdefault(_key(name), []).append(number)
    uses = {}
    for use, name in ({use: use for use in USES} | dict(given)).items():
        if use not in USES:
            invalid(
                "map", f"must be of the form USE=COLUMN, where USE is one of {', '.join(USES)}, not {use}"
            )
        found = by_key.get(_key(name), [])
        if not found and use in given:
            invalid("map", f"names no column of the file: {name}. It has {_quoted(columns)}")
        if len(found) > 1:
            raise ConfigurationError(f"the file has {len(found)} columns called {name}: rename all but one")
        if found:
            uses[use] = found[0]
    for use in _REQUIRED:
        if use not in uses:
            raise ConfigurationError(
                f"the file has no column for {use}, only {_quoted(columns)}: name it by map, as in {use}=COLUMN"
            )
    return uses


def _key(name: str) -> str:
    """Column names are the same whatever their case, spaces and punctuation."""
    return "".join(each for each in name.casefold() if each.isalnum())


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns if name) or "none"
