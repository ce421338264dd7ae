"""Call progress: the event service, ASP.NET SignalR 2, for blocking code and for asyncio.

Needs the extra `[events]`.
"""

from buzzeasy_soap.errors import ConfigurationError

try:
    import aiohttp as _aiohttp  # noqa: F401 - all of it needs this one
except ModuleNotFoundError:
    raise ConfigurationError("call progress needs aiohttp: pip install 'buzzeasy-soap[events]'") from None

from buzzeasy_soap.events.aio import AsyncEventStream, TransportChoice, watch_async
from buzzeasy_soap.events.blocking import EventStream, watch
from buzzeasy_soap.events.channel import EventTimeouts

__all__ = ["AsyncEventStream", "EventStream", "EventTimeouts", "TransportChoice", "watch", "watch_async"]
