"""Which proxy a request goes through; every transport and the event client ask here."""

import os
import sys
from base64 import b64encode
from collections.abc import Mapping
from typing import Self
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from buzzeasy_soap.config import is_loopback
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.redaction import Secret

_HTTP = {"http", "https"}
_SOCKS = {"socks4", "socks4a", "socks5", "socks5h"}
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@frozen
class Proxies:
    """Proxies by scheme, and the hosts that are reached without one."""

    by_scheme: Mapping[str, str] = field(repr=False)
    """The proxy's address by `https://host`, `https` or `all`, the first that fits."""
    bypass: str = ""
    """Hosts as NO_PROXY lists them: names, domains, `host:port`, addresses, networks, or `*`."""
    of_machine: bool = False
    """Whether they are the machine's own and not the client's: loopback is then reached without."""

    @classmethod
    def given(cls, proxies: Mapping[str, str]) -> Self:
        """Those that a client was given: they apply to this machine too, except for hosts in `no_proxy`."""
        return cls(dict(proxies), proxies.get("no_proxy", ""))

    @classmethod
    def of_environment(cls) -> Self:
        """Those of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case, or of the system."""
        if sys.platform not in ("darwin", "win32") and not any(
            name.lower().endswith("_proxy") for name in os.environ
        ):
            return cls({}, of_machine=True)  # without `urllib.request`, which takes its time to import
        import urllib.request

        found = urllib.request.getproxies()
        bypass = found.pop("no", "")
        return cls(found, bypass, of_machine=True)

    @classmethod
    def of(cls, proxies: Mapping[str, str] | None) -> Self:
        """Those that were given; the environment's where none were."""
        return cls.of_environment() if proxies is None else cls.given(proxies)

    def for_url(self, url: str) -> str | None:
        """The proxy for an address, None for none. Raises ConfigurationError for one that is no address."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if (self.of_machine and is_loopback(url)) or self._is_bypassed(host, parts.port, parts.scheme):
            return None
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        keys = (f"{scheme}://{host}", scheme, f"all://{host}", "all")
        # As a Secret: a traceback would show it.
        proxy = next((Secret(self.by_scheme[key]) for key in keys if self.by_scheme.get(key)), None)
        if proxy is None:
            return None
        check_proxy(proxy)
        return _with_scheme(proxy.reveal())

    def _is_bypassed(self, host: str, port: int | None, scheme: str) -> bool:
        port = port or _DEFAULT_PORTS.get(scheme)
        entries = self.bypass.replace(",", " ").split()
        if any(_covers(entry.lower(), host.lower(), port) for entry in entries):
            return True
        # On Windows and macOS the system has exceptions of its own.
        if not self.of_machine or entries or not self.by_scheme:
            return False
        import urllib.request

        return bool(urllib.request.proxy_bypass(host))


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY is about a host."""
    if entry == "*":
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # a name on one side or both, or an address with a port
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdigit() and not (":" in name and not name.endswith("]")):
        if int(digits) != port:
            return False
        entry = name
    entry = entry.strip("[]").removeprefix("*").removeprefix(".")
    return bool(entry) and (host == entry or host.endswith(f".{entry}"))


@frozen
class Via:
    """A proxy as errors know it."""

    shown: str = ""
    """Host and port; empty for none."""
    secrets: tuple[Secret, ...] = ()
    """Its credentials, in the forms in which a proxy's own page may quote them."""

    @classmethod
    def of(cls, proxy: str | None) -> Self:
        """What errors know of an address."""
        user, _, password = (unquote(part or "") for part in _credentials(proxy))
        pair = f"{user}:{password}"
        found = (password, b64encode(pair.encode()).decode(), pair) if password else ()
        return cls(shown_proxy(proxy), tuple(map(Secret, found)))


def _credentials(proxy: str | None) -> tuple[str, str, str]:
    return urlsplit(proxy or "").netloc.rpartition("@")[0].partition(":")


def shown_proxy(proxy: str | None) -> str:
    """Host and port of a proxy, without a user and password; empty for None."""
    return urlsplit(proxy or "").netloc.rpartition("@")[2]


def check_proxy(proxy: Secret, *, socks: bool = True) -> None:
    """Raise ConfigurationError, which does not show it, for what is no proxy's address."""
    if not _is_proxy(proxy.reveal(), _HTTP | _SOCKS if socks else _HTTP):
        raise ConfigurationError(
            "the proxy must be an address such as http://proxy.example:3128, with %XX for special characters"
        )


def _is_proxy(proxy: object, schemes: set[str]) -> bool:
    if not isinstance(proxy, str):
        return False
    try:
        parts = urlsplit(_with_scheme(proxy))
        parts.port  # noqa: B018 - it raises for what is no port
    except ValueError:
        return False
    # A path or query is a password whose / or ? is not escaped: what is before it would pass for the host.
    is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    return is_bare and bool(parts.hostname) and parts.scheme in schemes


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"
