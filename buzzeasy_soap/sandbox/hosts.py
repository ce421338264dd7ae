"""Which host names the sandbox answers for: a check against DNS rebinding.

A page that a browser loaded from `evil.example` can have that name resolve to 127.0.0.1 afterwards.
To the browser the sandbox is then the page's own origin, and only the Host header tells.
"""

import asyncio
import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from buzzeasy_soap.errors import ConfigurationError

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}", re.ASCII)
_HOST: Final = re.compile(rf"({_NAME.pattern}|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?", re.ASCII)


class KnownHosts:
    """This machine's loopback names and addresses, the address listened on, and names that are added."""

    def __init__(self, listening_on: str = "127.0.0.1", added: Iterable[str] = ()) -> None:
        """Raises ConfigurationError where an added one is no host name or address."""
        self._hosts = {_plain(listening_on)}
        for host in added:
            if not _NAME.fullmatch(host) and _address(host) is None:
                raise ConfigurationError(f"allow_hosts: {host!r} is not a host name, like build.example")
            self._hosts.add(_plain(host))
        address = _address(listening_on)
        # A browser that asks by an address asked no name server: where all addresses are listened
        # on, any of them may be this machine's.
        self._any_address = address is not None and address.is_unspecified

    def know(self, header: str) -> bool:
        """Whether a Host header names one of them, with any port."""
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
    """In one spelling: `[::1]` is `::1`, `LOCALHOST.` is `localhost`."""
    host = host.strip("[]").rstrip(".").lower()
    address = _address(host)
    return host if address is None else str(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


class HostCheck:
    """ASGI middleware: 403 for a host that is not known, over HTTP and WebSocket.

    A request without the header passes: HTTP/1.0 allows that, and no browser sends one.
    """

    def __init__(self, app: ASGIApp, hosts: KnownHosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket"):
            host = Headers(scope=scope).get("host", "")
            if host and not self._hosts.know(host):
                await _refusal(host)(scope, receive, send)
                if scope["type"] == "websocket":
                    # As in the hub: uvicorn logs an error where we return before the connection has closed.
                    await asyncio.sleep(0.01)
                return
        await self._app(scope, receive, send)


def _refusal(host: str) -> PlainTextResponse:
    match = _HOST.fullmatch(host)
    name = match[1] if match else "NAME"
    return PlainTextResponse(
        "The sandbox does not answer for the host that this request names. Use localhost or 127.0.0.1, "
        f"or start it with --allow-host {name} (in Python: allow_hosts=[{name!r}]).\n",
        403,
        {"X-Content-Type-Options": "nosniff"},
    )
