"""The hub's settings, which it sends to clients when they negotiate, and protocol versions."""

from typing import Final

from attrs import frozen

OLDEST: Final = (1, 2)
NEWEST: Final = (2, 0)


@frozen
class HubSettings:
    """Times in seconds, with SignalR's defaults."""

    keep_alive: float | None = 10.0
    """Between keep-alives; None sends none, and streams then end after `connection_timeout`."""
    disconnect_timeout: float = 30.0
    """How long a silent connection is kept."""
    connection_timeout: float = 110.0
    """How long a poll is held."""
    transport_connect_timeout: float = 5.0
    """How long a client waits for a transport to connect."""


def protocol_version(asked: str | None) -> str:
    """The protocol version to use for the one that the client requests.

    It is the closest one supported by the latest reference server. As in .NET, a version has two to
    four numbers; anything else gets the oldest.
    """
    try:
        version = tuple(int(part) for part in (asked or "").split("."))
    except ValueError:
        version = ()
    if not 2 <= len(version) <= 4:
        version = OLDEST
    return ".".join(str(number) for number in min(max(version, OLDEST), NEWEST))
