"""Secrets, and keeping them out of everything that is shown."""

import html
import json
import re
from typing import Final, NoReturn, final
from urllib.parse import quote, quote_plus

import attrs

_MASK: Final = "***"
# What stands where a password stands in XML, JSON, a query or a form, whoever sent it.
# Each pattern runs on to the end where its own end is missing: a search for it again from every
# start would take minutes over a large message.
_PLACES: Final = (
    re.compile(
        r"(<(?:[\w.-]+:)?password\b[^<>]*(?<!/)>)"
        r"(?:[^<]|<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z))*",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(r"(\"password\\?\"\s*:\s*\\?\")(?:[^\"\\]|\\.)*", re.IGNORECASE),
    re.compile(r"(\bpassword=)[^&\s\"'<>]*", re.IGNORECASE),
)


@final
class Secret:
    """A string that shows nothing of itself: not in repr, str, format, pickle or JSON."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The string itself. Called where it goes onto the wire, and nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({_MASK!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.__value == self.__value

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")


def redact_places(text: str) -> str:
    """`text` without what stands where a password stands, in XML, JSON or a query."""
    for place in _PLACES:
        text = place.sub(rf"\g<1>{_MASK}", text)
    return text


def redact(text: str, record: object) -> str:
    """`text` without the secrets that `record` holds, however they are encoded."""
    kind = type(record)
    for field in attrs.fields(kind) if attrs.has(kind) else ():
        value = getattr(record, field.name)
        if isinstance(value, Secret) and value.reveal():
            for shape in sorted(_shapes(value.reveal()), key=len, reverse=True):
                text = text.replace(shape, _MASK)
    return redact_places(text)


def _shapes(secret: str) -> set[str]:
    """A secret as it is, and as XML, JSON and URLs write it."""
    escaped = html.escape(secret, quote=False)
    return {
        secret,
        " ".join(secret.split()) or secret,
        escaped,
        html.escape(secret),
        escaped.replace("\r", "&#13;"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", r"\/"),
        quote(secret, safe="", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
        repr(secret)[1:-1],
    }


def excerpt(body: bytes, record: object, *, length: int = 200) -> str:
    """The start of a reply as one line of text, without the secrets of the request."""
    text = body[:16_384].decode("utf-8", errors="replace").replace("\x00", "")
    # Cut after redaction, so that no half of a secret is left at the end.
    line = " ".join(redact(text, record).split())
    return line if len(line) <= length else f"{line[:length]}…"
