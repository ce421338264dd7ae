"""Lists of callbacks in files, as people have them: CSV, JSON Lines, and workbooks of spreadsheets.

A file is read into memory as its bytes, once: what is checked is what is loaded. Its rows are made one
at a time, as often as they are asked for.
"""

import codecs
import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from attrs import field, frozen

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.extras import extra

Cell: TypeAlias = str | float | dt.date | dt.time | dt.timedelta | None
"""None is a blank one. A bool is a float, and a datetime a date, to Python."""

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheets begin: zipped ones, and the older kind."""
_DELIMITERS: Final = ",;\t"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_QUOTED: Final = re.compile(r'"[^"]*"')
_SAMPLE: Final = 65_536
_HINT: Final = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
"""A first line by which Excel knows the delimiter."""


@frozen
class Row:
    """A row that is not blank."""

    line: int
    """Where it begins in the file, from 1."""
    cells: Sequence[Cell] = ()
    """One for each column of the table."""
    problem: str | None = None
    """Why it cannot be read, if it cannot."""


@frozen
class Table:
    """What a file holds."""

    columns: tuple[str, ...]
    notes: tuple[str, ...]
    """What a person should know about how it was read."""
    digest: str
    """Of the file's bytes."""
    _rows: Callable[[], Iterator[Row]] = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Its rows, from the first. Raises ConfigurationError for a file that is not in order."""
        return self._rows()


def read_table(path: "str | os.PathLike[str]") -> Table:
    """Read a file; its content says of which kind it is. Raises ConfigurationError, which names the file."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None
    digest = hashlib.sha256(data).hexdigest()
    try:
        if data.startswith(_WORKBOOKS):
            columns, notes, rows = _workbook(data)
        else:
            columns, notes, rows = _text(data)
    except _Unreadable as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return Table(columns, notes, digest, lambda: _naming(path, rows))


class _Unreadable(Exception):
    """Why a file cannot be read."""


_Parts: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], Callable[[], Iterator[Row]]]
_Line: TypeAlias = tuple[int, Sequence[Cell]]


def _naming(path: "str | os.PathLike[str]", rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    try:
        yield from rows()
    except _Unreadable as error:
        raise ConfigurationError(f"{path}: {error}") from None


# Text: CSV and JSON Lines


def _text(data: bytes) -> _Parts:
    encoding, notes = _encoding(data)

    def opened() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")

    start = opened().read(4096).lstrip()
    if start.startswith("["):
        raise _Unreadable("a JSON array; JSON Lines has one object on each line (jq -c '.[]' makes it so)")
    if start.startswith("{"):
        return _json_lines(opened, notes)
    return _csv(opened, notes)


def _encoding(data: bytes) -> tuple[str, tuple[str, ...]]:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8":
            raise _Unreadable(f"line {line} is not in {encoding}, as its first bytes say") from None
    else:
        return encoding, ()
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        raise _Unreadable(f"line {line} is neither in UTF-8 nor in Windows-1252") from None
    return "cp1252", (f"line {line} is not in UTF-8: the file is read as Windows-1252",)


def _csv(opened: Callable[[], io.TextIOWrapper], notes: tuple[str, ...]) -> _Parts:
    def lines() -> Iterator[_Line]:
        text = opened()
        first = text.readline()
        hint = _HINT.fullmatch(first)
        skipped = int(hint is not None)
        delimiter = hint[1] if hint else _delimiter(first + text.read(_SAMPLE))
        if not hint:
            text = opened()
        # strict: a quotation mark that nobody closes would swallow the rest of the file.
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                yield line + skipped, [cell.strip() or None for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise _Unreadable(f"line {line + skipped}: {error}") from None

    return _headed(lines, notes)


def _delimiter(text: str) -> str:
    """The delimiter that the first line has most of, outside quotation marks."""
    lines = (line for line in _QUOTED.sub("", text).splitlines() if line.strip(" "))
    return max(_DELIMITERS, key=next(lines, "").count)


def _json_lines(opened: Callable[[], io.TextIOWrapper], notes: tuple[str, ...]) -> _Parts:
    objects = (value for _, value in _objects(opened()) if isinstance(value, dict))
    columns = tuple(dict.fromkeys(name for each in objects for name in each))

    def rows() -> Iterator[Row]:
        for line, value in _objects(opened()):
            if isinstance(value, str):
                yield Row(line, problem=value)
                continue
            cells = [value.get(column) for column in columns]
            odd = [c for c, cell in zip(columns, cells, strict=True) if isinstance(cell, list | dict)]
            if odd:
                yield Row(line, problem=f"{odd[0]} must be a text or a number")
            elif any(cell not in ("", None) for cell in cells):
                yield Row(line, [_plain(cell) for cell in cells])

    return columns, notes, rows


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, object] | str]]:
    """Each line's object, or what is wrong with the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "is not JSON"
        else:
            yield number, value if isinstance(value, dict) else "is not a JSON object"


# Workbooks


def _workbook(data: bytes) -> _Parts:
    with extra("excel", "python_calamine"):
        from python_calamine import CalamineError, load_workbook
    try:
        book = load_workbook(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
    except CalamineError as error:
        raise _Unreadable(f"not a workbook that can be read: {error}") from None
    names = book.sheet_names
    notes = () if len(names) == 1 else (f"the sheet {names[0]} is read, the first of {len(names)}",)

    def lines() -> Iterator[_Line]:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_plain(cell) for cell in cells]

    return _headed(lines, notes)


def _plain(cell: object) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    assert cell is None or isinstance(cell, float | int | dt.date | dt.time | dt.timedelta)
    return cell


# Tables whose first row names the columns


def _headed(lines: Callable[[], Iterator[_Line]], notes: tuple[str, ...]) -> _Parts:
    header = next((cells for _, cells in lines() if not _is_blank(cells)), None)
    if header is None:
        raise _Unreadable("the file is empty")
    columns = tuple("" if cell is None else str(cell) for cell in header)

    def rows() -> Iterator[Row]:
        filled = ((line, cells) for line, cells in lines() if not _is_blank(cells))
        next(filled)
        for line, cells in filled:
            if not _is_blank(cells[len(columns) :]):
                yield Row(line, problem=f"has more cells than the {len(columns)} columns of the first row")
            else:
                missing = [None] * (len(columns) - len(cells))
                yield Row(line, [*cells[: len(columns)], *missing])

    return columns, notes, rows


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(cell is None for cell in cells)
