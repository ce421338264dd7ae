"""The event service: the hub `NotifyMe` over ASP.NET SignalR 2, as a browser's SignalR library expects it."""

from buzzeasy_soap.sandbox.hub.route import HubRoute
from buzzeasy_soap.sandbox.hub.settings import HubSettings

__all__ = ["HubRoute", "HubSettings"]
