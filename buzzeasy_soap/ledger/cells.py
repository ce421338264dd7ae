"""What the cells of a list of callbacks mean. Each raises InvalidRequest, which names the column's use."""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from buzzeasy_soap.enums import Region
from buzzeasy_soap.ledger.files import Cell
from buzzeasy_soap.mapping.parameters import invalid

_EXACT: Final = 2**53
"""The largest number up to which a spreadsheet keeps every digit."""
_SHORTENED: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_FLOAT: Final = re.compile(r"(\+?\d{6,})[.,]0+", re.ASCII)
_DIGITS: Final = re.compile(r"[1-9]\d*", re.ASCII)
# A spreadsheet drops a leading + or 0. Where a region's numbers have one length, nothing else can be meant.
_LOST_PLUS: Final = {
    Region.GB: re.compile(r"44[1-9]\d{9}", re.ASCII),
    Region.IE: re.compile(r"3538\d{8}", re.ASCII),
}
_LOST_ZERO: Final = {
    Region.GB: re.compile(r"[1-9]\d{9}", re.ASCII),
    Region.IE: re.compile(r"8\d{8}", re.ASCII),
}
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INT_MAX: Final = 2**31 - 1
_MIDNIGHT: Final = dt.time()
_TIMES: Final = ("", " %H:%M", " %H:%M:%S")


def text(parameter: str, cell: Cell) -> str | None:
    """A text, as a person reads it in the spreadsheet."""
    if isinstance(cell, str) and _UNPRINTABLE.search(cell):
        invalid(parameter, "must not hold control characters")
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == _MIDNIGHT:
        return cell.date().isoformat()
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell)


def phone_number(cell: Cell, region: str | None) -> str:
    """A phone number, with the + or 0 that a spreadsheet has certainly dropped."""
    written = (_digits(cell) if isinstance(cell, float | int) else text("phone_no", cell)) or ""
    if written.startswith("'+"):
        written = written[1:]  # how spreadsheets, and our own reports, keep a text from being a formula
    if _SHORTENED.fullmatch(written):
        invalid("phone_no", f"was shortened to {written} by a spreadsheet: make the column a text there")
    if exact := _FLOAT.fullmatch(written):
        written = exact[1]  # its dot would be taken for a separator, and the 0 for a digit
    digits = re.sub(r"[ .()-]", "", written)
    if not _DIGITS.fullmatch(digits):
        return written
    if region is None:
        invalid(
            "phone_no",
            "must be in E.164 format, such as +447700900123, or be given with its region; "
            "a spreadsheet drops the + and the 0 of numbers",
        )
    if region in _LOST_PLUS and _LOST_PLUS[Region(region)].fullmatch(digits):
        return f"+{digits}"
    if region in _LOST_ZERO and _LOST_ZERO[Region(region)].fullmatch(digits):
        return f"0{digits}"
    return written


def _digits(cell: float) -> str:
    if isinstance(cell, bool) or not 0 < cell <= _EXACT or cell != int(cell):
        invalid("phone_no", f"must be a phone number, not {cell}")
    return str(int(cell))


def region(cell: Cell, default: str | None) -> str | None:
    """The code of a region."""
    code = text("region", cell)
    return default if code is None else code.upper()


def whole(parameter: str, cell: Cell) -> int | None:
    """A whole number."""
    if cell is None:
        return None
    if isinstance(cell, str) and re.fullmatch(r"[-+]?[0-9]{1,15}(\.0+)?", cell, re.ASCII):
        cell = float(cell)
    if isinstance(cell, bool) or not isinstance(cell, float | int) or not abs(cell) <= _INT_MAX:
        invalid(parameter, f"must be a whole number, not {cell}")
    if cell != int(cell):
        invalid(parameter, f"must be a whole number, not {cell}")
    return int(cell)


def day(parameter: str, cell: Cell, format: str | None) -> dt.date | None:
    """A date."""
    found = _moment(parameter, cell, format)
    if isinstance(found, dt.datetime):
        if found.time() != _MIDNIGHT:
            invalid(parameter, f"must be a date without a time, not {cell}")
        return found.date()
    return found


def moment(parameter: str, cell: Cell, format: str | None, zone: ZoneInfo) -> dt.datetime | None:
    """A time: in `zone` if it has no offset of its own; a date is its midnight."""
    found = _moment(parameter, cell, format)
    if found is None:
        return None
    if not isinstance(found, dt.datetime):
        found = dt.datetime.combine(found, dt.time())
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _moment(parameter: str, cell: Cell, format: str | None) -> dt.date | None:
    if cell is None or isinstance(cell, dt.date):
        return cell
    if isinstance(cell, str):
        for time in _TIMES if format else ():
            try:
                return dt.datetime.strptime(cell, f"{format}{time}")  # noqa: DTZ007 - its zone is the service's
            except ValueError:
                pass
        try:
            return dt.datetime.fromisoformat(cell)
        except ValueError:
            pass
    examples = "2026-11-25 or 2026-11-25 09:30"
    if format:
        examples += f", or as {format} has it"
    return invalid(
        parameter,
        f"must be a date or a time, such as {examples}, not {cell}{'' if format else '; for other forms give date_format'}",
    )
