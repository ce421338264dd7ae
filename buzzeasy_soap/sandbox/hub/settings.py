"""What the hub promises its clients when they negotiate, and protocol versions."""

from typing import Final

from attrs import frozen

OLDEST: Final = (1, 2)
NEWEST: Final = (2, 0)


@frozen
class HubSettings:
    """Times in seconds; SignalR's own defaults."""

    keep_alive: float | None = 10.0
    """Between two keep-alives; None for none, and streams then end after `connection_timeout`."""
    disconnect_timeout: float = 30.0
    """How long a connection is remembered that nothing is heard of."""
    connection_timeout: float = 110.0
    """How long a poll is held."""
    transport_connect_timeout: float = 5.0
    """How long a client waits for a transport to come up."""


def protocol_version(asked: str | None) -> str:
    """The protocol version to answer to the one that the client asks for.

    The nearest that the reference's newest server speaks. A version is two to four numbers, as
    .NET reads it; what is not one gets the oldest.
    """
    try:
        version = tuple(int(part) for part in (asked or "").split("."))
    except ValueError:
        version = ()
    if not 2 <= len(version) <= 4:
        version = OLDEST
    return ".".join(str(number) for number in min(max(version, OLDEST), NEWEST))
