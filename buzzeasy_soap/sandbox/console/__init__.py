"""The console: a page in the browser that shows the service at work, and calls it."""

from buzzeasy_soap.sandbox.console.routes import console_routes

__all__ = ["console_routes"]
