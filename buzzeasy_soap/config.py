"""Client settings: addresses, timeouts, retries and certificates."""

import math
import os
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen

from buzzeasy_soap.errors import ConfigurationError

T = TypeVar("T")


def check_type(name: str, value: T, kind: type | tuple[type, ...], allowed: str) -> T:
    """The value, which is of a type. Raises ConfigurationError, which says what is allowed."""
    if not isinstance(value, kind):
        raise ConfigurationError(f"{name} must be {allowed}, not {type(value).__name__}")
    return value


def check_events_url(value: object) -> str:
    """An event service's address, normalised. Raises ConfigurationError."""
    url = http_url("events_url", value)
    if urlsplit(url).path.rstrip("/").endswith("/signalr"):
        raise ConfigurationError("events_url must be given without /signalr")
    return url


def http_url(name: str, value: object) -> str:
    """An address that every transport reads the same way: trimmed, with scheme and host in lower case.

    Raises ConfigurationError.
    """
    text = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port above 65535, or half an IPv6 address
        raise ConfigurationError(f"{name} must have a valid host and port") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigurationError(f"{name} must be an http:// or https:// address")
    if not text.isascii():
        raise ConfigurationError(f"{name} must be ASCII: write the host as xn--… and the path with %XX")
    if not text.isprintable() or any(character in text for character in ' \\<>"^`{|}'):
        raise ConfigurationError(f"{name} must not contain spaces, backslashes or quotes: write them as %XX")
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        raise ConfigurationError(f"{name} must not contain a user, password, query or fragment")
    if port == 0 or any(not 0 < len(label) < 64 for label in host.rstrip(".").split(".")):
        raise ConfigurationError(f"{name} must have a valid host and port")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{parts.path}"


def check_secure(name: str, url: str) -> None:
    """Raise ConfigurationError for an `http://` address that is not on this machine."""
    if urlsplit(url).scheme == "http" and not is_loopback(url):
        raise ConfigurationError(
            f"{name} is http:// to another machine, and the password would be sent unencrypted: "
            "use https://, or allow_insecure=True"
        )


def is_loopback(url: str) -> bool:
    """Whether an address points at this machine."""
    host = urlsplit(url).hostname or ""
    if host in ("127.0.0.1", "localhost"):  # without `ipaddress`, which takes its time to import
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def check_positive(_: object, attribute: "Attribute[float]", value: object) -> None:
    """Raises ConfigurationError, for attrs."""
    if not _is_positive(value):
        raise ConfigurationError(f"{attribute.name} must be a number of seconds greater than 0")


@frozen
class Timeout:
    """How long a call may take, in seconds: `Timeout(5)` is 5 seconds in all."""

    total: float = field(default=60.0, validator=check_positive)
    """Deadline for the whole call: all attempts and the waits between them."""
    connect: float = field(default=5.0, validator=check_positive)
    """Maximum seconds to open one connection, including TLS. Name resolution cannot be limited."""
    read: float = field(default=30.0, validator=check_positive)
    """Maximum seconds without data from the service."""

    @classmethod
    def of(cls, value: "Timeout | float") -> "Timeout":
        """`value` itself, or a number of seconds as the total. Raises ConfigurationError."""
        if isinstance(value, Timeout):
            return value
        if not _is_positive(value):
            raise ConfigurationError(
                "timeout must be a number of seconds greater than 0, or a Timeout: every call has a deadline"
            )
        return cls(total=value)


@frozen
class Retry:
    """Retry policy for operations that are safe to repeat."""

    attempts: int = 3
    """Maximum attempts, including the first; 1 means no retries."""
    first_wait: float = field(default=0.25, validator=check_positive)
    """Seconds before the second attempt; doubled for each later one, then jittered."""
    longest_wait: float = field(default=8.0, validator=check_positive)
    """Maximum seconds between attempts; a longer `Retry-After` ends the call instead."""
    budget: int = 10
    """Retry allowance of a client; every ten successful calls add one retry back."""

    def __attrs_post_init__(self) -> None:
        for name, least in (("attempts", 1), ("budget", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ConfigurationError(f"{name} must be a whole number, {least} or more")

    def backoff(self, attempts: int, jitter: float) -> float:
        """Seconds to wait after so many attempts; `jitter` is a random number between 0 and 1."""
        return min(self.longest_wait, self.first_wait * 2.0 ** (attempts - 1)) * (0.5 + jitter / 2)


def _path(value: str | os.PathLike[str] | None) -> Path | None:
    if not isinstance(value, str | os.PathLike | None):
        raise ConfigurationError(f"a certificate must be a path, not {type(value).__name__}")
    return None if value is None else Path(value)


@frozen
class TLS:
    """Certificates. The service's certificate is always verified."""

    ca_bundle: Path | None = field(default=None, converter=_path)
    """PEM file of trusted certificate authorities; None uses the system's trust store."""
    client_certificate: Path | None = field(default=None, converter=_path)
    """PEM file with the client's certificate, and with its key unless `client_key` is set."""
    client_key: Path | None = field(default=None, converter=_path)

    def __attrs_post_init__(self) -> None:
        if self.client_key is not None and self.client_certificate is None:
            raise ConfigurationError("client_key requires client_certificate")
        for name in ("ca_bundle", "client_certificate", "client_key"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                raise ConfigurationError(f"{name}: no such file: {path}")
