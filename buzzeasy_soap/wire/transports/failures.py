"""What went wrong in an exchange, in the one set of words that all transports share."""

from typing import Final

from buzzeasy_soap.errors import BuzzeasyError, ConnectFailed, ConnectionLost, ProtocolError, RequestTimeout
from buzzeasy_soap.wire.exchange import Exchange

CLOSED: Final = "closed by the other side"
UNRESOLVED: Final = "the name cannot be resolved"
_NO_TLS: Final = ("wrong version number", "record layer failure", "packet length too long", "http request")
_UNTRUSTED: Final = ("self-signed", "self signed", "unable to get local issuer", "unable to get issuer")


def timed_out(exchange: Exchange) -> RequestTimeout:
    """A deadline passed."""
    doing = {"connect": "connecting", "send": "sending the request", "read": "waiting for the reply"}
    return RequestTimeout(f"timed out while {doing[exchange.phase]}", phase=exchange.phase)


def pool_exhausted() -> RequestTimeout:
    """Every connection of the pool stayed busy for the whole connect time-out."""
    return RequestTimeout("no connection of the pool became free", phase="connect")


def broken(exchange: Exchange, why: str) -> BuzzeasyError:
    """There is no connection, or it died; the phase that was marked says whether anything was sent."""
    if not exchange.sent:
        return ConnectFailed(f"no connection: {why}")
    return ConnectionLost(f"the connection was lost: {why}", phase=exchange.phase)


def tls_failed(said: str) -> str:
    """Why there is no TLS connection, in OpenSSL's words, which hold nothing of ours, and what to do."""
    words = said.lower().replace("_", " ")
    if any(each in words for each in _NO_TLS):
        return "TLS: the other side does not speak TLS: is the address http://, or the port another one?"
    if any(each in words for each in _UNTRUSTED):
        return f"TLS: {said}: for a private CA, set TLS(ca_bundle=...) or BUZZEASY_CA_BUNDLE"
    return f"TLS: {said}"


def refused_by_proxy(status: object) -> str:
    """Why there is no connection, where a proxy would not make one."""
    return f"the proxy refused to connect (HTTP {status})"


def not_http(exchange: Exchange, why: str = "the reply is not HTTP") -> BuzzeasyError:
    """What came back is not HTTP, or HTTP that two readers could read in two ways."""
    if not exchange.sent:  # a proxy's answer to CONNECT
        return ConnectFailed(f"no connection: {why}")
    return ProtocolError(why)
