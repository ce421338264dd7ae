"""XML Schema's simple types: each one's text from and to a Python value."""

import base64
import binascii
import math
import re
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from attrs import frozen

from buzzeasy_soap.wire.redaction import Secret

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@frozen
class Simple(Generic[T]):
    """One XML Schema simple type: its name, and its text from and to a Python value."""

    name: str
    parse: Callable[[str], T]
    """Raises ValueError, with what is wrong."""
    format: Callable[[T], str]
    """Raises ValueError, with what is allowed."""


# Patterns as text: `re` compiles each when it is first needed, and keeps it. All of them at once take
# longer than a first call.
# Everything outside XML 1.0's Char production.
_ILLEGAL: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_SPACE: Final = " \t\r\n"
_INTEGER: Final = r"[+-]?[0-9]+"
_DECIMAL: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_DOUBLE: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,5})?"
_NOT_FINITE: Final = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
_DATE: Final = r"(\d{4})-(\d\d)-(\d\d)"
_TIME: Final = r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?"
_ZONE: Final = r"(Z|[+-]\d\d:\d\d)?"
_DATE_TIME_TEXT: Final = f"{_DATE}T{_TIME}{_ZONE}"
_DATE_TEXT: Final = f"{_DATE}{_ZONE}"
_TIME_TEXT: Final = f"{_TIME}{_ZONE}"
_DURATION: Final = (
    r"(-)?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?"
)
_GUID: Final = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# More digits than any number that a service means; int() and Decimal() of millions take their time.
_MOST_DIGITS: Final = 400


def _format_string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a str, not {type(value).__name__}")
    illegal = re.search(_ILLEGAL, value)
    if illegal:
        raise ValueError(f"holds U+{ord(illegal[0]):04X}, which XML cannot carry")
    return value


def _blanks_for_space(text: str) -> str:
    return text.translate({ord(space): " " for space in _SPACE})


def _parse_token(text: str) -> str:
    return " ".join(filter(None, _blanks_for_space(text).split(" ")))


def _format_secret(value: object) -> str:
    if not isinstance(value, Secret):
        raise ValueError(f"must be a Secret, not {type(value).__name__}")
    # Not by _format_string, whose frame would show the value in a traceback.
    illegal = re.search(_ILLEGAL, value.reveal())
    if illegal:
        raise ValueError(f"holds U+{ord(illegal[0]):04X}, which XML cannot carry")
    return value.reveal()


def _parse_boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.strip(_SPACE)]
    except KeyError:
        raise ValueError(f"{text[:40]!r} is not a boolean") from None


def _format_boolean(value: object) -> str:
    if not isinstance(value, bool):
        raise ValueError(f"must be a bool, not {type(value).__name__}")
    return "true" if value else "false"


def _integer(name: str, low: int | None, high: int | None) -> Simple[int]:
    limits = f"between {low} and {high}"
    if low is None or high is None:
        limits = f"{low} or more" if high is None else f"{high} or less"
    article = "an" if name[0] in "iu" else "a"

    def is_within(value: int) -> bool:
        return (low is None or low <= value) and (high is None or value <= high)

    def parse(text: str) -> int:
        digits = text.strip(_SPACE)
        # The length first: int() of very long digits raises an error of another kind.
        is_integer = len(digits) <= _MOST_DIGITS and re.fullmatch(_INTEGER, digits, re.ASCII)
        if not is_integer or not is_within(int(digits)):
            raise ValueError(f"{digits[:40]!r} is not {article} {name}")
        return int(digits)

    def format(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"must be an int, not {type(value).__name__}")
        if not is_within(value):
            raise ValueError(f"must be {limits}, not {value}")
        return str(int(value))

    return Simple(name, parse, format)


def _parse_decimal(text: str) -> Decimal:
    digits = text.strip(_SPACE)
    if len(digits) > _MOST_DIGITS or not re.fullmatch(_DECIMAL, digits, re.ASCII):
        raise ValueError(f"{digits[:40]!r} is not a decimal")
    return Decimal(digits)


def _format_decimal(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise ValueError(f"must be a Decimal, not {type(value).__name__}")
    if (
        not value.is_finite()
        or abs(value.adjusted()) > _MOST_DIGITS // 2
        or len(value.as_tuple().digits) > 100
    ):
        raise ValueError("must be a finite number of no more than 100 digits")
    return format(value, "f")


def _parse_double(text: str) -> float:
    digits = text.strip(_SPACE)
    if digits in _NOT_FINITE:
        return _NOT_FINITE[digits]
    if len(digits) > _MOST_DIGITS or not re.fullmatch(_DOUBLE, digits, re.ASCII):
        raise ValueError(f"{digits[:40]!r} is not a double")
    return float(digits)


def _format_double(value: object) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError(f"must be a float, not {type(value).__name__}")
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(float(value))


def _format_float(value: object) -> str:
    text = _format_double(value)
    if text in _NOT_FINITE:
        return text
    try:
        struct.pack("<f", float(text))
    except OverflowError:
        raise ValueError(f"must fit in 32 bits, which {text} does not") from None
    return text.upper()  # as zeep writes it, though a double with an e: XML Schema allows both


def _parse_date_time(text: str) -> datetime:
    match = re.fullmatch(_DATE_TIME_TEXT, text.strip(_SPACE), re.ASCII)
    try:
        if not match:
            raise ValueError
        clock, midnight = _clock(*match.groups()[3:7])
        day = date(int(match[1]), int(match[2]), int(match[3]))
        # XML Schema lets a day end at 24:00:00; Python starts the next one instead.
        return datetime.combine(day + timedelta(days=midnight), clock, _zone(match[8]))
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is not a dateTime") from None


def _clock(hour: str, minute: str, second: str, fraction: str | None) -> tuple[time, bool]:
    """A time of day, and whether it is the midnight at the day's end, 24:00:00."""
    if (hour, minute, second) == ("24", "00", "00") and not int(fraction or 0):
        return time(), True
    # What is finer than a microsecond is cut off, as WCF's seven digits are.
    return time(int(hour), int(minute), int(second), int(f"{fraction or '':0<6.6}")), False


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _zoned(value: datetime | time) -> str:
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        raise ValueError("must have an offset of whole minutes from UTC")
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if offset == timedelta(0) else text


def _format_date_time(value: object) -> str:
    if not isinstance(value, datetime):
        given = "a date without a time" if isinstance(value, date) else type(value).__name__
        raise ValueError(f"must be a datetime, not {given}")
    return _zoned(value)


def _parse_date(text: str) -> date:
    match = re.fullmatch(_DATE_TEXT, text.strip(_SPACE), re.ASCII)
    try:
        if not match:
            raise ValueError
        _zone(match[4])  # checked and dropped: a Python date has none
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a date") from None


def _format_date(value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"must be a date, not {type(value).__name__}")
    return value.isoformat()


def _parse_time(text: str) -> time:
    match = re.fullmatch(_TIME_TEXT, text.strip(_SPACE), re.ASCII)
    try:
        if not match:
            raise ValueError
        clock, _ = _clock(*match.groups()[:4])
        return clock.replace(tzinfo=_zone(match[5]))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a time") from None


def _format_time(value: object) -> str:
    if not isinstance(value, time):
        raise ValueError(f"must be a time, not {type(value).__name__}")
    return _zoned(value)


def _parse_duration(text: str) -> timedelta:
    trimmed = text.strip(_SPACE)
    match = re.fullmatch(_DURATION, trimmed, re.ASCII) if len(trimmed) <= _MOST_DIGITS else None
    if not match:
        raise ValueError(f"{trimmed[:40]!r} is not a duration")
    if int(match[2] or 0) or int(match[3] or 0):
        raise ValueError(f"{trimmed[:40]!r} counts years or months, which are no fixed time")
    days, hours, minutes, seconds = (int(match[n] or 0) for n in (4, 5, 6, 7))
    try:
        span = timedelta(
            days=days,
            hours=hours,
            minutes=minutes,
            seconds=seconds,
            microseconds=int(f"{match[8] or '':0<6.6}"),
        )
    except OverflowError:
        raise ValueError(f"{trimmed[:40]!r} is longer than can be held") from None
    return -span if match[1] else span


def _format_duration(value: object) -> str:
    if not isinstance(value, timedelta):
        raise ValueError(f"must be a timedelta, not {type(value).__name__}")
    span = abs(value)
    fraction = f".{span.microseconds:06}".rstrip("0").rstrip(".")
    clock = f"T{span.seconds}{fraction}S" if span.seconds or span.microseconds else ""
    days = f"{span.days}D" if span.days or not clock else ""
    return f"{'-' if value < timedelta(0) else ''}P{days}{clock}"


def _parse_guid(text: str) -> UUID:
    trimmed = text.strip(_SPACE)
    if not re.fullmatch(_GUID, trimmed, re.ASCII):
        raise ValueError(f"{trimmed[:40]!r} is not a guid")
    return UUID(trimmed)


def _format_guid(value: object) -> str:
    if not isinstance(value, UUID):
        raise ValueError(f"must be a UUID, not {type(value).__name__}")
    return str(value)


def _parse_hex(text: str) -> bytes:
    digits = text.strip(_SPACE)
    if not re.fullmatch("(?:[0-9a-fA-F]{2})*", digits, re.ASCII):
        raise ValueError("is not hexBinary")
    return bytes.fromhex(digits)


def _format_hex(value: object) -> str:
    if not isinstance(value, bytes):
        raise ValueError(f"must be bytes, not {type(value).__name__}")
    return value.hex().upper()


def _parse_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("is not base64") from None


def _format_base64(value: object) -> str:
    if not isinstance(value, bytes):
        raise ValueError(f"must be bytes, not {type(value).__name__}")
    return base64.b64encode(value).decode("ascii")


def open_enum(kind: type[E]) -> Simple[E | str]:
    """An enumeration: a value that the service adds later is read as the plain str that it is.

    What is written must be one of the enumeration's values.
    """
    known = {str(member): member for member in kind}

    def parse(text: str) -> E | str:
        return known.get(text, text)

    def format(value: object) -> str:
        if not isinstance(value, str):
            raise ValueError(f"must be a {kind.__name__}, not {type(value).__name__}")
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return str(value)

    return Simple(kind.__name__, parse, format)


def list_of(item: Simple[T]) -> Simple[tuple[T, ...]]:
    """A list in one text, with white space between its items."""

    def format(value: tuple[T, ...]) -> str:
        if not isinstance(value, tuple):
            raise ValueError(f"must be a tuple, not {type(value).__name__}")
        texts = [item.format(each) for each in value]
        if any(len(text.split()) != 1 for text in texts):
            raise ValueError("must hold no item that is empty or has white space in it")
        return " ".join(texts)

    return Simple(f"{item.name}[]", lambda text: tuple(map(item.parse, text.split())), format)


def closed(simple: Simple[str], values: tuple[str, ...]) -> Simple[str]:
    """A text of which the service takes only these values; what it answers is read as it is."""

    def format(value: str) -> str:
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return simple.format(value)

    return Simple(simple.name, simple.parse, format)


STRING: Final = Simple[str]("string", str, _format_string)
SECRET: Final = Simple[Secret]("string", Secret, _format_secret)
NORMALIZED_STRING: Final = Simple[str]("normalizedString", _blanks_for_space, _format_string)
TOKEN: Final = Simple[str]("token", _parse_token, _format_string)
"""And all that XML Schema makes of it, as NMTOKEN."""
ANY_URI: Final = Simple[str]("anyURI", lambda text: text.strip(_SPACE), _format_string)
BOOLEAN: Final = Simple[bool]("boolean", _parse_boolean, _format_boolean)
BYTE: Final = _integer("byte", -(2**7), 2**7 - 1)
SHORT: Final = _integer("short", -(2**15), 2**15 - 1)
INT: Final = _integer("int", -(2**31), 2**31 - 1)
LONG: Final = _integer("long", -(2**63), 2**63 - 1)
UNSIGNED_BYTE: Final = _integer("unsignedByte", 0, 2**8 - 1)
UNSIGNED_SHORT: Final = _integer("unsignedShort", 0, 2**16 - 1)
UNSIGNED_INT: Final = _integer("unsignedInt", 0, 2**32 - 1)
UNSIGNED_LONG: Final = _integer("unsignedLong", 0, 2**64 - 1)
INTEGER: Final = _integer("integer", None, None)
POSITIVE_INTEGER: Final = _integer("positiveInteger", 1, None)
NEGATIVE_INTEGER: Final = _integer("negativeInteger", None, -1)
NON_POSITIVE_INTEGER: Final = _integer("nonPositiveInteger", None, 0)
NON_NEGATIVE_INTEGER: Final = _integer("nonNegativeInteger", 0, None)
DECIMAL: Final = Simple[Decimal]("decimal", _parse_decimal, _format_decimal)
FLOAT: Final = Simple[float]("float", _parse_double, _format_float)
DOUBLE: Final = Simple[float]("double", _parse_double, _format_double)
DATE_TIME: Final = Simple[datetime]("dateTime", _parse_date_time, _format_date_time)
DATE: Final = Simple[date]("date", _parse_date, _format_date)
TIME: Final = Simple[time]("time", _parse_time, _format_time)
DURATION: Final = Simple[timedelta]("duration", _parse_duration, _format_duration)
GUID: Final = Simple[UUID]("guid", _parse_guid, _format_guid)
BASE64_BINARY: Final = Simple[bytes]("base64Binary", _parse_base64, _format_base64)
HEX_BINARY: Final = Simple[bytes]("hexBinary", _parse_hex, _format_hex)

SIMPLE_TYPES: Final[Mapping[str, Simple[Any]]] = {
    simple.name: simple
    for simple in (
        STRING, NORMALIZED_STRING, TOKEN, ANY_URI, BOOLEAN, BYTE, SHORT, INT, LONG, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT,
        UNSIGNED_LONG, INTEGER, POSITIVE_INTEGER, NEGATIVE_INTEGER, NON_POSITIVE_INTEGER, NON_NEGATIVE_INTEGER,
        DECIMAL, FLOAT, DOUBLE, DATE_TIME, DATE, TIME, DURATION, GUID, BASE64_BINARY, HEX_BINARY,
    )
}  # fmt: skip
"""By the name of the type on the wire."""
