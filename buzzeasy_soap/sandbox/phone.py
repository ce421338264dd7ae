"""How the service reads phone numbers, and the magic numbers that decide a call's outcome."""

import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from buzzeasy_soap.enums import Region, ResultCode
from buzzeasy_soap.sandbox.lifecycle import Course

_E164: Final = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)

REJECTED: Final = {
    "+447700900102": ResultCode.UNABLE_TO_CONNECT,
    "+447700900103": ResultCode.OUT_OF_HOURS,
    "+447700900104": ResultCode.NOT_IN_WHITE_LIST,
    "+447700900105": ResultCode.IN_BLACK_LIST,
}
"""Numbers that always get one result code."""
CRASHING: Final = "+447700900199"
"""The number for which the service returns a fault."""
COURSES: Final = {
    "+447700900201": Course.USER_NEVER_ANSWERS,
    "+447700900202": Course.AGENT_NEVER_ACCEPTS,
}
"""Numbers whose calls do not succeed."""


def is_e164(text: str) -> bool:
    """Whether a text is in E.164 format, even if no such number exists."""
    return _E164.fullmatch(text) is not None


def read_number(text: str | None, region: str | None) -> str | None:
    """Convert a number in E.164 format, or in a region's national format, to E.164; None if it is neither."""
    if text is None:
        return None
    text = text.strip()
    if is_e164(text):
        return text
    if region is None or region.strip().upper() not in set(Region):
        return None
    return _national(text, region.strip().upper())


def presented_numbers(text: str | None) -> frozenset[str]:
    """The numbers in E.164 format that a presented number can mean.

    Lines present a number with or without a plus, with the international prefix 00, or in their
    national format.
    """
    # A presented number does not start with a space.
    digits = re.sub(r"(?<=[0-9)])[ ().-]+(?=[(0-9])", "", text or "")
    candidates = {digits, f"+{digits}", re.sub("^00", "+", digits)}
    if digits.startswith("0"):
        candidates |= {_national(digits, region) or "" for region in Region}
    return frozenset(candidate for candidate in candidates if is_e164(candidate))


def _national(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # Check only the length: numbers reserved for examples are not valid.
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
