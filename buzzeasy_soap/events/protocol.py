"""The client side of ASP.NET SignalR 2 without any I/O: addresses, frames, and when to act next.

Times are seconds on any monotonic clock; the caller passes `now` and does the waiting.
"""

import json
import random
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlencode

from attrs import field, frozen

from buzzeasy_soap.errors import ProtocolError

HubTransport: TypeAlias = Literal["webSockets", "serverSentEvents", "longPolling"]
TRANSPORTS: Final[tuple[HubTransport, ...]] = ("webSockets", "serverSentEvents", "longPolling")
"""In the order in which we try them."""

CLIENT_PROTOCOL: Final = "1.4"
OLDEST_PROTOCOL: Final = (1, 2)
NEWEST_PROTOCOL: Final = (2, 0)


@frozen
class HubCall:
    """A method call from the hub to the client."""

    hub: str
    method: str
    arguments: tuple[object, ...]

    def is_to(self, hub: str, method: str) -> bool:
        """Whether it calls this method; names are not case-sensitive."""
        return (self.hub.lower(), self.method.lower()) == (hub.lower(), method.lower())


@frozen
class HubResult:
    """The hub's reply to an invocation."""

    id: str
    value: object = None
    error: str | None = None
    """The hub's error message, or None if the invocation succeeded."""
    is_hub_exception: bool = False
    """Whether the hub meant the error for the client."""
    error_data: object = None


@frozen
class Frame:
    """The content of one message from the server."""

    calls: tuple[HubCall, ...] = ()
    result: HubResult | None = None
    initialised: bool = False
    """The connection is up: `/start` is next."""
    has_groups_token: bool = False
    """A group was joined or left, so the message is not empty even without calls."""
    please_reconnect: bool = False
    poll_delay: float = 0.0
    """Seconds between polls, as requested by the server."""


@frozen
class Negotiated:
    """The server's terms for a connection. Times are in seconds."""

    connection_token: str = field(repr=False)
    protocol_version: str
    try_web_sockets: bool
    keep_alive_timeout: float | None
    """Seconds without data after which the connection counts as lost; None where the server sends no keep-alives."""
    disconnect_timeout: float
    """How long to try to reconnect."""
    connection_timeout: float
    """How long the server holds a poll."""
    transport_connect_timeout: float


class Action(Enum):
    """What to do when a deadline passes."""

    RECONNECT = "the server has been silent for too long"
    PING = "a ping is due"
    GIVE_UP = "reconnecting has failed for too long"


@frozen
class Due:
    """An action and when it is due."""

    at: float
    action: Action


class Connection:
    """One connection across all its transports and reconnections.

    To resume it, the server needs the message id and the groups token, and keeps neither itself.
    """

    ping_interval: Final = 300.0
    poll_grace: Final = 10.0
    """Seconds after the server's own timeout until a held request counts as lost."""

    def __init__(self, events_url: str, hubs: Sequence[str]) -> None:
        self._url = events_url.rstrip("/") + "/signalr"
        # Hubs are registered in lower case; without them the connection opens but receives nothing.
        self._connection_data = json.dumps([{"name": hub.lower()} for hub in hubs], separators=(",", ":"))
        self._negotiated: Negotiated | None = None
        self._invocations = 0
        self._message_id: str | None = None
        self._groups_token: str | None = None
        self._heard_at = 0.0
        self._pinged_at = 0.0
        self._lost_at: float | None = None

    @property
    def is_secure(self) -> bool:
        """Whether it uses TLS."""
        return self._url.startswith("https:")

    # Coming up

    def negotiate_url(self) -> str:
        """URL that returns the server's terms (GET)."""
        return self._http(
            "negotiate", {"clientProtocol": CLIENT_PROTOCOL, "connectionData": self._connection_data}
        )

    def negotiated(self, body: str | bytes, now: float) -> Negotiated:
        """Start a new connection with the terms in the reply. Raises ProtocolError."""
        self._negotiated = terms = _terms(_json_object(body, "the reply to negotiate"))
        self._message_id = self._groups_token = None
        self._invocations = 0
        self._heard_at = self._pinged_at = now
        return terms

    @property
    def terms(self) -> Negotiated:
        """The server's latest terms."""
        if self._negotiated is None:
            raise RuntimeError("not negotiated yet")
        return self._negotiated

    def connect_url(self, transport: HubTransport) -> str:
        """URL of a new connection's stream (GET)."""
        return self._stream("connect", transport)

    def reconnect_url(self, transport: HubTransport) -> str:
        """URL that continues the stream after the last message read (GET), without `initialised`."""
        return self._stream("reconnect", transport)

    def poll_url(self) -> str:
        """URL that returns the next messages in long polling (GET)."""
        return self._stream("poll", "longPolling")

    def start_url(self, transport: HubTransport) -> str:
        """URL to confirm that the stream is up (GET), after `initialised`."""
        return self._command("start", transport)

    def send_url(self, transport: HubTransport) -> str:
        """URL for invocations (POST `data=`), except over a WebSocket."""
        return self._command("send", transport)

    def abort_url(self, transport: HubTransport) -> str:
        """URL that ends the connection (POST)."""
        return self._command("abort", transport)

    def ping_url(self) -> str:
        """URL that shows the server and intermediaries that the client is alive (GET)."""
        return self._http("ping", {})

    # Frames

    def invocation(self, hub: str, method: str, *arguments: object) -> tuple[str, str]:
        """Create an invocation: its id and its text."""
        number = self._invocations
        self._invocations += 1
        call = {"H": hub.lower(), "M": method, "A": arguments, "I": number}
        return str(number), json.dumps(call, separators=(",", ":"))

    def receive(self, text: str | bytes, now: float) -> Frame:
        """Read one message of the stream, or the reply to an invocation. Raises ProtocolError."""
        message = _json_object(text, "a message")
        if "M" not in message and message.get("I") is not None:
            frame = Frame(result=_result(message))
        else:
            frame = Frame(
                calls=_calls(message),
                initialised=message.get("S") == 1,
                has_groups_token=message.get("G") is not None,
                please_reconnect=message.get("T") == 1,
                poll_delay=(_number(message, "L") or 0.0) / 1000,
            )
            self._message_id = _optional_text(message, "C") or self._message_id
            self._groups_token = _optional_text(message, "G") or self._groups_token
        self._heard_at = now
        return frame

    # Losing the connection, and when to act

    @property
    def can_resume(self) -> bool:
        """Whether `reconnect` would continue where the stream broke.

        Without a groups token the server accepts it but never sends another update.
        """
        return self._negotiated is not None and self._groups_token is not None

    def forget(self) -> None:
        """Note that the server no longer knows this connection, so it must be replaced."""
        self._message_id = self._groups_token = None

    def lost(self, now: float) -> None:
        """Note that the stream broke, or broke again before `recovered`."""
        if self._lost_at is None:
            self._lost_at = now

    def recovered(self) -> None:
        """Note that the stream is up again and has brought a message."""
        self._lost_at = None

    def pinged(self, now: float) -> None:
        """Note that a ping was sent."""
        self._pinged_at = now

    @property
    def give_up_at(self) -> float | None:
        """When to stop reconnecting; None if nothing is lost."""
        return None if self._lost_at is None else self._lost_at + self.terms.disconnect_timeout

    def due(self, transport: HubTransport, listening_since: float) -> Due:
        """What to do if nothing arrives before; a poll's silence counts from its start."""
        terms = self.terms
        if transport == "longPolling" or terms.keep_alive_timeout is None:
            silence = terms.connection_timeout + self.poll_grace
        else:
            silence = terms.keep_alive_timeout
        dues = [
            Due(max(self._heard_at, listening_since) + silence, Action.RECONNECT),
            Due(self._pinged_at + self.ping_interval, Action.PING),
        ]
        if self.give_up_at is not None:
            dues.append(Due(self.give_up_at, Action.GIVE_UP))
        return min(dues, key=lambda due: due.at)

    # Addresses

    def _stream(self, command: str, transport: HubTransport) -> str:
        query: dict[str, str] = {"transport": transport}
        if command != "connect":
            if self._groups_token is not None:
                query["groupsToken"] = self._groups_token
            # In the query, never in a body: version 2.1 servers only look in the query.
            if self._message_id is not None:
                query["messageId"] = self._message_id
        address = self._http(command, {**query, **self._identity(), "tid": _cache_buster()})
        return "ws" + address.removeprefix("http") if transport == "webSockets" else address

    def _command(self, command: str, transport: HubTransport) -> str:
        return self._http(command, {"transport": transport, **self._identity()})

    def _identity(self) -> dict[str, str]:
        return {
            "clientProtocol": CLIENT_PROTOCOL,
            "connectionToken": self.terms.connection_token,
            "connectionData": self._connection_data,
        }

    def _http(self, command: str, query: Mapping[str, str]) -> str:
        # `quote`, not `quote_plus`: tokens are base64, and their plus must go as %2B.
        encoded = urlencode(query, quote_via=quote, safe="")
        return f"{self._url}/{command}" + (f"?{encoded}" if encoded else "")


def _cache_buster() -> str:
    return str(random.randrange(11))  # noqa: S311 - like the reference client; not a secret


def _json_object(text: str | bytes, what: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ProtocolError(f"{what} of the event service is not a JSON object", excerpt=_excerpt(text))
    return value


def _excerpt(text: str | bytes) -> str:
    shown = text if isinstance(text, str) else text.decode(errors="replace")
    return shown[:200]


def _wrong(name: str, message: Mapping[str, object]) -> ProtocolError:
    return ProtocolError(f"the event service sent an invalid {name}", excerpt=repr(message.get(name))[:200])


def _optional_text(message: Mapping[str, object], name: str) -> str | None:
    value = message.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(name, message)


def _number(message: Mapping[str, object], name: str) -> float | None:
    value = message.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise _wrong(name, message)
    return float(value)


def _terms(reply: Mapping[str, object]) -> Negotiated:
    token, version = _optional_text(reply, "ConnectionToken"), _optional_text(reply, "ProtocolVersion")
    if not token:
        # The reply is not shown, because the token must not be.
        raise ProtocolError("the event service's reply to negotiate has no ConnectionToken")
    try:
        parsed = tuple(int(part) for part in (version or "").split("."))
    except ValueError:
        parsed = ()
    if not OLDEST_PROTOCOL <= parsed <= NEWEST_PROTOCOL:
        raise _wrong("ProtocolVersion", reply)
    return Negotiated(
        connection_token=token,
        protocol_version=version or "",
        try_web_sockets=reply.get("TryWebSockets") is True,
        keep_alive_timeout=_number(reply, "KeepAliveTimeout"),
        disconnect_timeout=_number(reply, "DisconnectTimeout") or 30.0,
        connection_timeout=_number(reply, "ConnectionTimeout") or 110.0,
        transport_connect_timeout=_number(reply, "TransportConnectTimeout") or 5.0,
    )


def _calls(message: Mapping[str, object]) -> tuple[HubCall, ...]:
    items = message.get("M", [])
    if not isinstance(items, list):
        raise _wrong("M", message)
    return tuple(call for item in items if (call := _hub_call(item)) is not None)


def _hub_call(item: object) -> HubCall | None:
    if not isinstance(item, dict):
        return None
    hub, method, arguments = item.get("H"), item.get("M"), item.get("A")
    if not isinstance(hub, str) or not isinstance(method, str):
        return None  # such as the progress of an invocation, which we do not use
    return HubCall(hub, method, tuple(arguments) if isinstance(arguments, list) else ())


def _result(message: Mapping[str, object]) -> HubResult:
    # The id always comes back as text.
    return HubResult(
        id=str(message["I"]),
        value=message.get("R"),
        error=None if message.get("E") is None else str(message["E"]),
        is_hub_exception=message.get("H") is True,
        error_data=message.get("D"),
    )
