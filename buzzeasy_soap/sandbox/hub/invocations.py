"""Invocations of the hub's only method."""

import json
from collections.abc import Callable

from buzzeasy_soap.sandbox.hub.connections import HUB


class NotForUs(Exception):
    """Not an invocation, or for an unknown hub; the reference returns an error page."""


def hubs(connection_data: str | None) -> list[str]:
    """The hubs that a client listens to. Raises NotForUs."""
    if not connection_data:
        return []
    try:
        names = [str(hub["name"]) for hub in json.loads(connection_data)]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotForUs("the connection data cannot be read") from None
    for name in names:
        if name.lower() != HUB.lower():
            raise NotForUs(f"'{name}' Hub could not be resolved.")
    return names


def invoke(data: str, subscribe: Callable[[str], bool]) -> dict[str, object]:
    """Run an invocation and return its result. Raises NotForUs."""
    try:
        call = json.loads(data)
        hub, method = str(call["H"]), str(call["M"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotForUs("the invocation cannot be read") from None
    if hub.lower() != HUB.lower():
        raise NotForUs(f"'{hub}' Hub could not be resolved.")
    # The id always goes back as text.
    result: dict[str, object] = {"I": str(call.get("I", ""))}
    arguments = call.get("A")
    if method.lower() != "subscribe" or not isinstance(arguments, list) or len(arguments) != 1:
        return {**result, "E": f"'{method}' method could not be resolved. No method found with that name."}
    (code,) = arguments
    if isinstance(code, bool) or not isinstance(code, str | int):
        return {**result, "E": f"There was an error invoking Hub method '{hub}.{method}'."}
    if not subscribe(str(code)):
        return {**result, "H": True, "E": "This connection cannot follow any more calls."}
    return result
