"""Protection against DNS rebinding: the host names that the sandbox accepts.

After a browser has loaded a page from `evil.example`, that name can be made to resolve to 127.0.0.1.
The browser then treats the sandbox as the page's own origin; only the Host header gives it away.
"""

import asyncio
import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from buzzeasy_soap.errors import ConfigurationError

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}", re.ASCII)
_HOST: Final = re.compile(rf"({_NAME.pattern}|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?", re.ASCII)


class KnownHosts:
    """Accepted hosts: loopback names and addresses, the listening address, and added names."""

    def __init__(self, listening_on: str = "127.0.0.1", added: Iterable[str] = ()) -> None:
        """Raises ConfigurationError if an added one is not a host name or address."""
        self._hosts = {_plain(listening_on)}
        for host in added:
            if not _NAME.fullmatch(host) and _address(host) is None:
                raise ConfigurationError(f"allow_hosts: {host!r} is not a host name, such as build.example")
            self._hosts.add(_plain(host))
        address = _address(listening_on)
        # A browser that uses an address did not resolve a name. When listening on all addresses, any
        # of them may be this machine's.
        self._any_address = address is not None and address.is_unspecified

    def know(self, header: str) -> bool:
        """Whether a Host header names an accepted host, with any port."""
        match = _HOST.fullmatch(header.strip())
        if match is None:
            return False
        host, address = _plain(match[1]), _address(match[1])
        if host in self._hosts:
            return True
        if address is None:
            return host == "localhost" or host.endswith(".localhost")
        return address.is_loopback or self._any_address


def _plain(host: str) -> str:
    """Normalise a host: `[::1]` becomes `::1`, and `LOCALHOST.` becomes `localhost`."""
    host = host.strip("[]").rstrip(".").lower()
    address = _address(host)
    return host if address is None else str(address)


@lru_cache(maxsize=64)
def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


class HostCheck:
    """ASGI middleware: 403 for unknown hosts, over HTTP and WebSocket.

    A request without a Host header passes: HTTP/1.0 allows it, and no browser sends one.
    """

    def __init__(self, app: ASGIApp, hosts: KnownHosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] in ("http", "websocket"):
            host = Headers(scope=scope).get("host", "")
            if host and not self._hosts.know(host):
                await _refusal(host)(scope, receive, send)
                if scope["type"] == "websocket":
                    # As in the hub: uvicorn logs an error if we return before the connection is closed.
                    await asyncio.sleep(0.01)
                return
        await self._app(scope, receive, send)


def _refusal(host: str) -> PlainTextResponse:
    match = _HOST.fullmatch(host)
    name = match[1] if match else "NAME"
    return PlainTextResponse(
        "The sandbox does not accept this request's Host header. Use localhost or 127.0.0.1, "
        f"or start the sandbox with --allow-host {name} (in Python: allow_hosts=[{name!r}]).\n",
        403,
        {"X-Content-Type-Options": "nosniff"},
    )
