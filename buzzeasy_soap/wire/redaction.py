"""Secrets, and keeping them out of everything that is shown."""

import codecs
import logging
import re
import traceback
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NoReturn, TypeVar, final

import attrs

E = TypeVar("E", bound=BaseException)

_MASK: Final = "***"
_QUOTED: Final = ('"password', "'password")
# What stands where a password stands in XML, JSON, a query or a form, whoever sent it.
# Each pattern runs on to the end where its own end is missing: a search for it again from every
# start would take minutes over a large message. Before each stands what a text must hold, folded, for
# it to be worth a search: `re` has no quick way to a word in any case.
_PLACES: Final = (
    (
        ("password",),
        (
            r"(<(?:[\w.-]+:)?password\b[^<>]*(?<!/)>)"
            r"(?:[^<]|<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z))*"
        ),
        re.IGNORECASE | re.DOTALL,
    ),
    (
        _QUOTED,
        r"(([\"'])password\\?\2\s*:\s*\\?([\"']))(?:(?!\3)[^\\]|\\.)*",
        re.IGNORECASE | re.DOTALL,
    ),
    (_QUOTED, r"([\"']password\\?[\"']\s*:\s*)[-+.\w]+", re.IGNORECASE),
    (("password=",), r"(\bpassword=)(?!\\?[\"'])[^&\s\"'<>]*", re.IGNORECASE),
    # An attribute, whose XML may stand in JSON.
    (("password",), r"(\bpassword\s*=\s*\\?([\"']))(?:(?!\2)[^<>])*", re.IGNORECASE),
)

_SENSITIVE: Final = "pass(word|phrase)|secret|token|api_?key"


@final
class Secret:
    """A string that shows nothing of itself: not in repr, str, format, pickle or JSON."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    @classmethod
    def of(cls, value: "str | Secret") -> "Secret":
        """`value` as a Secret. Whoever takes a password puts this in its place before anything can fail."""
        return value if isinstance(value, Secret) else cls(value)

    def reveal(self) -> str:
        """The string itself. Called where it goes onto the wire, and nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({_MASK!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.__value == self.__value

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> "Secret":
        return self  # it never changes

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret has no state to show")


class HoldsSecrets:
    """What is no record and has secrets in it, which it tells itself."""

    __slots__ = ()

    def secrets(self) -> Iterable[Secret]:
        """The secrets in it."""
        raise NotImplementedError


def names_a_secret(name: str) -> bool:
    """Whether what is called so is likely a password or a key."""
    return re.search(_SENSITIVE, name, re.IGNORECASE) is not None


def hidden(value: "str | Secret | None") -> Secret | None:
    """`value` as a Secret, if there is one."""
    return None if value is None else Secret.of(value)


def redact_places(text: str, names: Iterable[str] = ()) -> str:
    """`text` without what stands where a password or a secret of these names stands, in XML, JSON or a query."""
    folded = text.casefold()
    for signs, place, flags in (*_PLACES, *(each for name in names for each in _places_of(name))):
        if any(sign in folded for sign in signs):
            text = re.sub(place, rf"\g<1>{_MASK}", text, flags=flags)
    return text


@lru_cache(maxsize=64)
def _places_of(name: str) -> tuple[tuple[tuple[str, ...], str, int], ...]:
    """Where a secret of a name stands: as a password does."""
    return tuple(
        (
            tuple(sign.replace("password", name.casefold()) for sign in signs),
            place.replace("password", re.escape(name)),
            flags,
        )
        for signs, place, flags in _PLACES
    )


def redact(text: str, *records: object, names: Iterable[str] = ()) -> str:
    """`text` without the secrets that the records hold, however they are encoded, and `redact_places`.

    A secret that is cut off at the end of the text is found too, from its fourth character on.
    """
    secrets = {secret for record in records for secret in secrets_of(record)}
    for secret in sorted(secrets, key=lambda secret: len(secret.reveal()), reverse=True):
        text = _pattern(secret).sub(_MASK, text)
    return redact_places(text, names)


def redacted(text: str, longest: int, *records: object) -> str:
    """The start of `text` without the secrets that the records hold."""
    # Cut after redaction, so that no half of a secret is left at the end.
    clean = redact(text[: 2 * longest], *records)
    return clean if len(clean) <= longest else f"{clean[:longest]}…"


def excerpt(body: bytes, *records: object, names: Iterable[str] = (), length: int = 200) -> str:
    """The start of a reply as one line of text, without the secrets of the request."""
    # Cut after redaction, so that no half of a secret is left at the end.
    line = " ".join(redact(shown(body[:16_384]), *records, names=names).split())
    return line if len(line) <= length else f"{line[:length]}…"


def shown(body: bytes) -> str:
    """The text of a message in the encoding that its first bytes suggest; nothing readable is lost."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in body[:2]:
        encoding = "utf-16-be" if body.startswith(b"\x00") else "utf-16-le"
    else:
        encoding = "utf-8-sig"
    return body.decode(encoding, errors="replace").replace("\x00", "")


def without_traceback(error: E) -> E:
    """An error without the frames and errors below: their locals hold what was sent, or came back."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def guard_logs(*names: str) -> None:
    """Have these loggers of a library show no password: not in a URL, a message, or a traceback."""
    for name in names:
        logging.getLogger(name).addFilter(_GUARD)


class _Guard(logging.Filter):
    """Changes a record only where it holds an error, or a password."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            # A library's errors hold the URL, or what the other side sent.
            record.args = tuple(
                type(each).__name__ if isinstance(each, BaseException) else each for each in record.args
            )
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, frames = record.exc_info
            record.exc_text = f"{''.join(traceback.format_tb(frames))}{kind.__name__}"
        record.exc_info = None
        text = record.getMessage()
        clean = redact_places(text)
        if clean != text:
            record.msg, record.args = clean, None
        return True


_GUARD: Final = _Guard()  # one for all: a logger takes the same filter but once


def secrets_of(value: object) -> Iterator[Secret]:
    """The secrets in a record, however deep."""
    kind = type(value)
    if isinstance(value, Secret):
        if value.reveal().strip():
            yield value
    elif isinstance(value, HoldsSecrets):
        yield from value.secrets()
    elif isinstance(value, tuple):
        for each in value:
            yield from secrets_of(each)
    elif attrs.has(kind):
        for field in attrs.fields(kind):
            yield from secrets_of(getattr(value, field.name))


# A secret as a pattern: one piece for each of its characters, which stands for the character as
# it is and as XML, JSON, URLs and Python write it, one around the other too. Each repetition has
# a bound, or a hostile reply could make the search take its time.
_PERCENT: Final = "%(?:25){0,3}"
_AMP: Final = rf"(?:&|{_PERCENT}26|\\{{1,7}}u0026)(?:amp(?:;|{_PERCENT}3[Bb])){{0,3}}"
_BACKSLASH: Final = rf"(?:\\|{_PERCENT}5[Cc]|&(?:amp;){{0,3}}#(?:92|[xX]5[cC]);)"
_SEMICOLON: Final = f"(?:;|{_PERCENT}3[Bb])"
_ESCAPE: Final = f"{_BACKSLASH}{{1,7}}"
_NAMED: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_LETTERS: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
# Where a text was cut off, maybe in the middle of an escape.
_CUT: Final = r"(?:[&%+\\][\w#%&;+\\]{0,12})?\Z"
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_SURE: Final = 4
"""Characters that must be there before a text that ends can hold a secret that was cut off."""


@lru_cache(maxsize=64)
def _pattern(secret: Secret) -> re.Pattern[str]:
    text = secret.reveal().strip()
    first = text[0]
    if _kind(first) != "plain":  # a plain one as it is, for `re` finds a literal start much faster
        # Without what escapes its backslash, which hides nothing: a long run of them would be slow.
        first = f"(?:{_forms(first)}|{_lost(first, 1)})".replace(_ESCAPE, _BACKSLASH)
    pieces = [first, *_pieces(text[1:])]
    return re.compile("".join(pieces[:_SURE] + [f"(?:{piece}|{_CUT})" for piece in pieces[_SURE:]]))


def _pieces(text: str) -> Iterator[str]:
    for kind, run in groupby(text, _kind):
        characters = "".join(run)
        match kind:
            case "space":  # maybe folded
                forms = "|".join(_forms(each) for each in sorted({*characters, " "}))
                yield rf"(?:(?:\s|{forms})++|(?:\+|{_PERCENT}2[Bb]){{{len(characters)}}})"
            case "backslash":  # doubled with each layer
                yield f"{_BACKSLASH}{{{len(characters)},{8 * len(characters)}}}"
            case "foreign":  # maybe read in the wrong encoding
                forms = "".join(f"(?:{_forms(each)}|{_CUT})" for each in characters)
                yield f"(?:{forms}|{_lost(characters, 0)})"
            case "plain":
                yield from characters
            case _:
                yield from (f"(?:{_forms(each)})" for each in characters)


def _lost(characters: str, least: int) -> str:
    """What is left of characters that were read in the wrong encoding, if they can be."""
    return "(?!)" if characters.isascii() else f"(?:{_forms(_LOST)}){{{least},{4 * len(characters)}}}"


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    if character == "\\":
        return "backslash"
    if not character.isascii():
        return "foreign"
    return "plain" if character.isalnum() else "special"


def _forms(character: str) -> str:
    """The ways in which a character is written, as alternatives of a pattern."""
    code = ord(character)
    utf8 = character.encode(errors="surrogatepass")
    forms = [
        re.escape(character),
        f"{_AMP}(?:#|%23)0{{0,6}}{code}{_SEMICOLON}",
        f"{_AMP}(?:#|%23)[xX]0{{0,6}}{_any_case(f'{code:x}')}{_SEMICOLON}",
        _bytes_as(_PERCENT, utf8),
        f"{_ESCAPE}{_units(character)}",
        _bytes_as(f"{_ESCAPE}x", utf8),
    ]
    if character in _NAMED:
        forms.append(f"{_AMP}{_NAMED[character]}{_SEMICOLON}")
    if character == "&":
        forms.append(_AMP)
    if character in "\"'/":
        forms = [f"(?:{_ESCAPE})?(?:{'|'.join(forms)})"]
    if character in _LETTERS:
        forms.append(f"{_ESCAPE}{_LETTERS[character]}")
    if 0x7F < code < 0x100:
        forms += [_bytes_as(_PERCENT, bytes([code])), f"{_ESCAPE}x{_any_case(f'{code:02x}')}"]
    if code > 0xFFFF:
        forms.append(f"{_ESCAPE}U{_any_case(f'{code:08x}')}")
    if code > 0x7F:
        forms.append(re.escape(utf8.decode("latin-1")))
    return "|".join(forms)


def _units(character: str) -> str:
    """As JSON escapes it: a UTF-16 code unit each."""
    data = character.encode("utf-16-be", errors="surrogatepass")
    units = (data[at : at + 2].hex() for at in range(0, len(data), 2))
    return _ESCAPE.join(f"u{_any_case(unit)}" for unit in units)


def _bytes_as(prefix: str, data: Iterable[int]) -> str:
    return "".join(f"{prefix}{_any_case(f'{byte:02x}')}" for byte in data)


def _any_case(digits: str) -> str:
    return "".join(f"[{each}{each.upper()}]" if each.isalpha() else each for each in digits)
