"""Checks of a caller's arguments. Each raises InvalidRequest, which names the parameter."""

import datetime as dt
import re
from typing import Final, NoReturn

from buzzeasy_soap.enums import Region
from buzzeasy_soap.errors import InvalidRequest

_INT_MAX: Final = 2**31 - 1
_REFERENCE: Final = re.compile(r"[A-Za-z0-9-]{16,}", re.ASCII)
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


def region_code(value: Region | str | None) -> str | None:
    """The code of a region, or None. Raises InvalidRequest."""
    if value is None:
        return None
    if value not in list(Region):
        invalid("region", f"must be one of {', '.join(Region)}, or None")
    return str(value)


def phone_number(value: object, region: str | None) -> str:
    """A phone number, in E.164 format if no region is given. Raises InvalidRequest."""
    number = text("phone_no", value, blank=False)
    if region is None and not _E164.fullmatch(number):
        invalid("phone_no", "must be in E.164 format, such as +447700900123, if no region is given")
    return number


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
