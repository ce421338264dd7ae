"""The forms in which a queue may present a phone number."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from buzzeasy_soap.enums import Region
from buzzeasy_soap.mapping.parameters import phone_number
from buzzeasy_soap.models import CallbackRequest

_COUNTRY_CODES: Final[Mapping[str, str]] = {Region.GB: "44", Region.IE: "353"}


def presented_numbers(asked: CallbackRequest) -> tuple[str, ...]:
    """The numbers to look up a request by: in E.164 format first, then in other forms a queue may present."""
    international = list(_international(asked.phone_no, asked.region))
    forms = [f"+{digits}" for digits in international]
    for digits in international:
        forms += [f"00{digits}", digits]
        forms += [f"0{digits[len(code) :]}" for code in _COUNTRY_CODES.values() if digits.startswith(code)]
    return tuple(dict.fromkeys([*forms, asked.phone_no]))


def _international(phone_no: str, region: str | None) -> Iterator[str]:
    """Country code and number, without the plus; several if the number is ambiguous."""
    number = phone_number(phone_no, region)
    code = _COUNTRY_CODES.get(region or "", "")
    if number.startswith("+"):
        yield number[1:]
    elif number.startswith("00"):
        yield number[2:]
    else:
        if number.startswith(code):  # the plus is missing, or a local number happens to start like this
            yield re.sub(f"^{code}0", code, number)
        yield code + number.removeprefix("0")
