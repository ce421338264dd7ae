"""Converts call ids to confirmation codes and PINs, and back."""

import re
from typing import Final

PREFIX: Final = "BZ"
FIRST_CODE: Final = 1000

_CODE: Final = re.compile(f"{PREFIX}([1-9][0-9]{{3,17}})", re.ASCII)
_PIN: Final = re.compile("[0-9]{6,18}", re.ASCII)
# Consecutive calls get very different PINs: the step has no common factor with a million.
_PINS: Final = 10**6
_STEP: Final = 387_461
_STEP_BACK: Final = pow(_STEP, -1, _PINS)


def confirmation_code(id: int) -> str:
    """The confirmation code of a call: `BZ1001` for the first one."""
    return f"{PREFIX}{FIRST_CODE + id}"


def id_of_code(code: str) -> int | None:
    """The id in a confirmation code, or None if it is not one."""
    match = _CODE.fullmatch(code)
    return int(match[1]) - FIRST_CODE if match else None


def pin(id: int) -> str:
    """The PIN of a call: six digits; more after the first million calls."""
    return f"{id // _PINS or ''}{id * _STEP % _PINS:06}"


def id_of_pin(text: str) -> int | None:
    """The id in a PIN, or None if it is not one."""
    if not _PIN.fullmatch(text):
        return None
    id = int(text[:-6] or "0") * _PINS + int(text[-6:]) * _STEP_BACK % _PINS
    return id if pin(id) == text else None
