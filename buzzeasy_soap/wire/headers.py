"""Headers that a client adds to each of its requests."""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Final

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.redaction import Secret

_SHORTEST: Final = 4
"""Characters of a word of a value that is a secret by itself: `Bearer` and a token, not a version number."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_RESERVED: Final = frozenset(
    {
        *("soapaction", "content-type", "content-length", "content-encoding", "host", "accept-encoding"),
        *("connection", "expect", "keep-alive", "proxy-authorization", "proxy-connection", "te"),
        *("trailer", "transfer-encoding", "upgrade"),
    }
)
"""What the message, the binding or the transport itself says."""


def hide_headers(headers: object) -> object:
    """The headers with Secrets for values, before anything can fail and a traceback shows them."""
    if not isinstance(headers, Mapping):
        return type(headers)
    return {name: Secret.of(value) for name, value in headers.items()}


def check_headers(headers: object) -> dict[str, Secret]:
    """The headers, hidden before. Raises ConfigurationError, which names the header alone."""
    if not isinstance(headers, Mapping):
        raise ConfigurationError("headers must be a mapping of names to values, such as {'User-Agent': 'x'}")
    for name, value in headers.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ConfigurationError(f"headers: {name!r} is not the name of a header")
        if name.lower() in _RESERVED:
            raise ConfigurationError(f"headers must not set {name}, which the client sets itself")
        if not _is_sendable(value.reveal()):
            raise ConfigurationError(f"headers: {name} must be a non-empty str of printable ASCII characters")
    if len({name.lower() for name in headers}) < len(headers):
        raise ConfigurationError("headers must not hold a name twice, in another case")
    return dict(headers)


def secrets_in(headers: Mapping[str, Secret]) -> tuple[Secret, ...]:
    """What a reply may quote of the headers: each value, its longer words, and credentials in Base64."""
    found = list(headers.values())
    for value in headers.values():
        words = value.reveal().split()
        if len(words) > 1:
            found += [Secret(word) for word in words if len(word) >= _SHORTEST]
        if len(words) == 2 and words[0].lower() == "basic":
            found += _decoded(words[1])
    return tuple(found)


def _decoded(word: str) -> list[Secret]:
    try:
        pair = b64decode(word, validate=True).decode()
    except ValueError:
        return []
    return [Secret(each) for each in (pair, pair.partition(":")[2]) if len(each) >= _SHORTEST]


def _is_sendable(value: object) -> bool:
    """Whether a value goes out as it is: without line ends, or blanks that readers strip."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip() != ""
