"""Values of options and arguments: each says what is allowed, and completes it where it can."""

import datetime as dt
from typing import Final

import typer

LARGEST_INT: Final = 2**31 - 1


def moment(text: str) -> dt.datetime:
    """A date or a time, naive if it has no offset. Raises BadParameter."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"must be a date or a time, such as 2017-04-11 or 2017-04-11T09:00, not {text!r}"
        ) from None


def day(text: str) -> dt.date:
    """A date. Raises BadParameter."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"must be a date, such as 2017-04-11, not {text!r}") from None


def minutes(text: str) -> int:
    """Whole minutes. Raises BadParameter."""
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_INT:
        raise typer.BadParameter(f"must be a whole number of minutes from 0 to {LARGEST_INT}, not {text!r}")
    return int(text)
