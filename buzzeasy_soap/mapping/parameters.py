"""Checks of a caller's arguments. Each raises InvalidRequest, which names the parameter."""

import datetime as dt
import re
import unicodedata
from typing import Final, NoReturn

import attrs

from buzzeasy_soap.enums import Region
from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.simple_types import STRING
from buzzeasy_soap.wire.text import text_of

_INT_MAX: Final = 2**31 - 1
_REFERENCE: Final = re.compile(r"[A-Za-z0-9-]{16,}", re.ASCII)
_FULL_WIDTH: Final = {0xFF01 + n: 0x21 + n for n in range(94)}
"""Full-width characters, as East Asian keyboards write them, by code."""
_DIGITS: Final = re.compile(r"\+?[0-9]+", re.ASCII)
_SEPARATOR: Final = r"[\s.()\[\]\N{SOFT HYPHEN}\N{MINUS SIGN}\u2010-\u2015-]"
_SEPARATORS: Final = re.compile(_SEPARATOR)
# The 0 of a national number, as in +44 (0)7700 900123. Italian numbers keep theirs: there it stays.
_TRUNK_PREFIX: Final = re.compile(
    rf"^({_SEPARATOR}*(?:\+|00){_SEPARATOR}*(?!39)[0-9]{{1,3}}{_SEPARATOR}*[(\[]\s*)0(?=\s*[)\]])"
)
_KEEPS_TRUNK_PREFIX: Final = re.compile(r"(?:\+|00)(?:44|353)0")
_EXTENSION: Final = re.compile(r"(;ext=|\b(?:extension|ext|x)\b\.?|\dx|#)[\s:]*\d", re.IGNORECASE)
_E164: Final = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)


def invalid(parameter: str, allowed: str) -> NoReturn:
    """Raises InvalidRequest."""
    raise InvalidRequest(f"{parameter} {allowed}", parameter=parameter)


def whole_number(parameter: str, value: object) -> int:
    """A 32-bit int. Raises InvalidRequest."""
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT_MAX - 1 <= value <= _INT_MAX:
        invalid(parameter, "must be a 32-bit integer")
    return int(value)


def text(parameter: str, value: object, *, blank: bool = True) -> str:
    """A str, which may be blank only if `blank` is true. Raises InvalidRequest."""
    if not isinstance(value, str):
        invalid(parameter, f"must be a str, not {type(value).__name__}")
    if not blank and not value.strip():
        invalid(parameter, "must not be blank")
    return value


def require_characters(record: attrs.AttrsInstance) -> None:
    """Raises InvalidRequest where a text of the record has a character that no message can carry."""
    for name, value in attrs.asdict(record, recurse=False).items():
        if isinstance(value, str):
            text_of(value, STRING, name)


def region_code(value: Region | str | None) -> str | None:
    """The code of a region, or None. Raises InvalidRequest."""
    if value is None:
        return None
    if value not in list(Region):
        invalid("region", f"must be one of {', '.join(Region)}, or None")
    return str(value)


def phone_number(value: object, region: str | None) -> str:
    """A phone number without its separators, in E.164 format if no region is given. Raises InvalidRequest."""
    given = text("phone_no", value, blank=False).translate(_FULL_WIDTH)
    written = given if given.isascii() else "".join(each for each in given if not _is_invisible(each))
    if _EXTENSION.search(written):
        invalid("phone_no", "must not have an extension")
    number = _SEPARATORS.sub("", _TRUNK_PREFIX.sub(r"\1", written.strip()))
    if any(each.isalpha() for each in number):
        invalid("phone_no", "must not contain letters")
    if not _DIGITS.fullmatch(number):
        invalid("phone_no", "must consist of digits, with spaces, hyphens, dots or brackets between them")
    if _KEEPS_TRUNK_PREFIX.match(number):
        invalid(
            "phone_no", "must not have a 0 after the country code, except in brackets: +44 (0)7700 900123"
        )
    if number.startswith("+") or region is None:
        _require_e164(number)
    return number


def _require_e164(number: str) -> None:
    if not _E164.fullmatch(number):
        invalid("phone_no", "must be in E.164 format, such as +447700900123, or be given with its region")


def _is_invisible(character: str) -> bool:
    """A mark for the direction of text, and the like: address books put them around numbers."""
    return unicodedata.category(character) == "Cf" and character != "\N{SOFT HYPHEN}"


def unique_reference(value: object) -> str:
    """A reference that identifies one request for a callback. Raises InvalidRequest."""
    reference = text("reference", value)
    if not _REFERENCE.fullmatch(reference):
        invalid("reference", "must be at least 16 characters long and use only A-Z, a-z, 0-9 and -")
    return reference


def minutes(ewt: object) -> int:
    """Whole minutes, from an int or a timedelta. Raises InvalidRequest."""
    if isinstance(ewt, dt.timedelta):
        if ewt % dt.timedelta(minutes=1):
            invalid("ewt", "must be a whole number of minutes")
        ewt = ewt // dt.timedelta(minutes=1)
    if not isinstance(ewt, int) or isinstance(ewt, bool) or not 0 <= ewt <= _INT_MAX:
        invalid("ewt", f"must be a whole number of minutes, int or timedelta, from 0 to {_INT_MAX}")
    return ewt
