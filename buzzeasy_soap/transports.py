"""For custom transports: the built-in transports, the types they use, and what is zeep's.

A transport sends and receives bytes. It marks the phases of its `Exchange`, never sends a request
twice, follows no redirects, and raises only the errors that `Transport` names. docs/transports.md
shows one built on httpx.

Optional dependencies are imported on first use.
"""

import importlib
from typing import TYPE_CHECKING

from buzzeasy_soap.wire.exchange import AsyncTransport, Exchange, Transport
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
    from buzzeasy_soap.wire.bindings.zeep_service import AsyncZeepService, ZeepService
    from buzzeasy_soap.wire.transports.aiohttp import AiohttpTransport
    from buzzeasy_soap.wire.transports.curl import CurlTransport
    from buzzeasy_soap.wire.transports.requests import RequestsTransport

__all__ = [
    "AiohttpTransport",
    "AsyncTransport",
    "AsyncZeepService",
    "CurlTransport",
    "Exchange",
    "HttpRequest",
    "HttpResponse",
    "RequestsTransport",
    "Transport",
    "ZeepBinding",
    "ZeepService",
]

_LAZY = {
    "AsyncZeepService": ("buzzeasy_soap.wire.bindings.zeep_service", "", ""),
    "AiohttpTransport": ("buzzeasy_soap.wire.transports.aiohttp", "async", "aiohttp"),
    "CurlTransport": ("buzzeasy_soap.wire.transports.curl", "curl", "pycurl"),
    "RequestsTransport": ("buzzeasy_soap.wire.transports.requests", "", ""),
    "ZeepBinding": ("buzzeasy_soap.wire.bindings.zeep", "", ""),
    "ZeepService": ("buzzeasy_soap.wire.bindings.zeep_service", "", ""),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from buzzeasy_soap.extras import extra

    module, extra_name, library = _LAZY[name]
    with extra(extra_name, library):
        value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
