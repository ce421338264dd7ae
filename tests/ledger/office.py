"""A list of callbacks as an office makes it, as CSV and as a workbook."""

import datetime as dt
import io
from collections.abc import Sequence

from openpyxl import Workbook

HEADER = ("Customer", "Phone number", "Order no", "Call after", "Agent notes")
ROWS: Sequence[tuple[str, str | int, str | int, dt.date | None, str]] = (
    ("Ada Lovelace", "07700 900123", 1815, dt.date(2017, 4, 10), ""),
    ("Babbage; Charles", "+44 (0)7700 900456", 1822, None, "a VIP"),
    ("", "", "", None, ""),
    ("Grace Hopper", 7700900789, "", None, ""),  # the spreadsheet has taken it for a number
    ("Lovelace, Ada", "+447700900123", "", None, ""),
    ("Nemo", "07700 900 105", 20000, None, ""),
    ("Ada Lovelace", "07700-900123", 1815, dt.date(2017, 4, 10), "called twice"),
    ("Charles Babbage", 447700900456, "", None, ""),
    ("José Núñez", "0044 7700 900321", "", None, ""),
)
MAP = {"name": "customer", "phone_no": "Phone number", "field1": "ORDER NO", "not_before": "call after"}
MAPPED = [word for use, column in MAP.items() for word in ("--map", f"{use}={column}")]


def as_csv() -> bytes:
    """With a BOM, semicolons, and dates as a British spreadsheet writes them."""
    lines = [";".join(HEADER)]
    for name, number, order, day, notes in ROWS:
        quoted = f'"{name}"' if ";" in name else name
        lines.append(";".join((quoted, str(number), str(order), f"{day:%d/%m/%Y}" if day else "", notes)))
    return "\r\n".join(lines).encode("utf-8-sig")


def as_workbook() -> bytes:
    """With numbers and dates in cells of their own kind."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append([cell if cell != "" else None for cell in row])
    book.save(out)
    return out.getvalue()
