"""The forms in which a queue may present a phone number."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from buzzeasy_soap.enums import Region
from buzzeasy_soap.models import CallbackRequest

_COUNTRY_CODES: Final[Mapping[str, str]] = {Region.GB: "44", Region.IE: "353"}
_EXTENSION: Final = re.compile(r"(;ext=|\s*,?\s*(extension|ext\.?|x|#))\s*\d+\s*$", re.IGNORECASE)


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
    number = unicodedata.normalize("NFKC", phone_no).strip().lower().removeprefix("tel:").strip()
    number = _EXTENSION.sub("", number).replace("(0)", "")
    code = _COUNTRY_CODES.get(region or "", "")
    has_plus = number.startswith("+")
    digits = re.sub(r"\D", "", number)
    if has_plus or not code:
        yield digits if has_plus else digits.removeprefix("00")
        return
    if digits.startswith("00"):
        yield digits[2:]
        return
    if digits.startswith(code):  # the plus is missing, or a local number happens to start like this
        yield re.sub(f"^{code}0", code, digits)
    yield code + digits.removeprefix("0")
