"""Headers that a client adds to each of its requests."""

import re
from collections.abc import Mapping
from typing import Final

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.redaction import Secret

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_RESERVED: Final = frozenset(
    {
        *("soapaction", "content-type", "content-length", "content-encoding", "host", "accept-encoding"),
        *("connection", "expect", "keep-alive", "proxy-authorization", "proxy-connection", "te"),
        *("trailer", "transfer-encoding", "upgrade"),
    }
)
"""What the message, the binding or the transport itself says."""


def check_headers(headers: Mapping[str, str | Secret]) -> dict[str, Secret]:
    """The headers with their values as Secrets. Raises ConfigurationError, which names the header alone."""
    if not isinstance(headers, Mapping):
        raise ConfigurationError("headers must be a mapping of names to values, such as {'User-Agent': 'x'}")
    checked = {_name(name): _value(name, value) for name, value in headers.items()}
    if len({name.lower() for name in checked}) < len(checked):
        raise ConfigurationError("headers must not hold a name twice, in another case")
    return checked


def _name(name: object) -> str:
    if not isinstance(name, str) or not _TOKEN.fullmatch(name):
        raise ConfigurationError(f"headers: {name!r} is not the name of a header")
    if name.lower() in _RESERVED:
        raise ConfigurationError(f"headers must not set {name}, which the client sets itself")
    return name


def _value(name: str, value: object) -> Secret:
    text = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(text, str) or not text.strip() or not (text.isascii() and text.isprintable()):
        raise ConfigurationError(f"headers: {name} must be a non-empty str of printable ASCII characters")
    return Secret(text.strip())
