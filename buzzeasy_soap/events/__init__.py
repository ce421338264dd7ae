"""Call progress from the event service (ASP.NET SignalR 2), for blocking code and asyncio.

Requires the extra `[events]`.
"""

from buzzeasy_soap.extras import extra

with extra("events", "aiohttp"):
    from buzzeasy_soap.events.aio import AsyncEventStream, TransportChoice, watch_async
    from buzzeasy_soap.events.blocking import EventStream, watch
    from buzzeasy_soap.events.channel import EventTimeouts

__all__ = ["AsyncEventStream", "EventStream", "EventTimeouts", "TransportChoice", "watch", "watch_async"]
