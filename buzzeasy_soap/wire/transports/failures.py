"""What went wrong in an exchange, in the one set of words that all transports share."""

from typing import Final

from buzzeasy_soap.errors import BuzzeasyError, ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.wire.exchange import Exchange

CLOSED: Final = "closed by the other side"
UNRESOLVED: Final = "the name cannot be resolved"


def timed_out(exchange: Exchange) -> RequestTimeout:
    """A deadline passed."""
    return RequestTimeout(f"timed out ({exchange.phase})", phase=exchange.phase)


def pool_exhausted() -> RequestTimeout:
    """Every connection of the pool stayed busy for the whole connect time-out."""
    return RequestTimeout("no connection of the pool became free", phase="connect")


def broken(exchange: Exchange, why: str) -> BuzzeasyError:
    """There is no connection, or it died; the phase that was marked says whether anything was sent."""
    if not exchange.sent:
        return ConnectFailed(f"no connection: {why}")
    return ConnectionLost(f"the connection was lost: {why}", phase=exchange.phase)


def refused_by_proxy(status: object) -> str:
    """Why there is no connection, where a proxy would not make one."""
    return f"the proxy refused to connect (HTTP {status})"


def not_http(exchange: Exchange, why: str = "the reply is not HTTP") -> BuzzeasyError:
    """What came back is not HTTP, or HTTP that two readers could read in two ways."""
    if not exchange.sent:  # a proxy's answer to CONNECT
        return ConnectFailed(f"no connection: {why}")
    return ProtocolError(why)
