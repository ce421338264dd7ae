"""The web console: a page that shows what the service does, and calls it."""

from buzzeasy_soap.sandbox.console.routes import console_routes

__all__ = ["console_routes"]
