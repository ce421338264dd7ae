"""The event service: the hub `NotifyMe` over ASP.NET SignalR 2, as a browser's SignalR library expects it.

A connection is NEGOTIATED (it holds a token), CONNECTED (a stream is open: WebSocket, server-sent
events, or one poll after the other), STARTED, and GONE: by `abort`, or when no stream was opened for
the disconnect time-out. `send` may come on any other connection of HTTP, while a poll is under way.
A stream that ends without `abort` leaves the connection to be resumed by `reconnect`, from the
message id and groups token that the client brings: the hub itself keeps neither. `connections.py`
says what is kept, `topics.py` what is sent to whom, `streams.py` how.
"""

from buzzeasy_soap.sandbox.hub.route import HubRoute
from buzzeasy_soap.sandbox.hub.settings import HubSettings

__all__ = ["HubRoute", "HubSettings"]
