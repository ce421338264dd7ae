"""Connections: what the hub knows about its clients, and what they keep themselves.

A client keeps its groups in the groups token, and its reading position in the message id. For a while,
the hub keeps only the order in which a connection joined groups, so that it can announce a join again
if the client has not received it.
"""

import json
import secrets
from collections.abc import Sequence
from typing import Final

from attrs import define, field

from buzzeasy_soap.enums import CallStatus
from buzzeasy_soap.sandbox.hub.tokens import Tokens
from buzzeasy_soap.sandbox.hub.topics import Stream, Topics
from buzzeasy_soap.wire.clock import Clock

HUB: Final = "NotifyMe"
MOST_CALLS: Final = 1_000
"""Maximum number of calls that one connection can follow."""


@define(eq=False)
class Client:
    """One connection."""

    id: str
    joined: list[str] = field(factory=list)
    """Confirmation codes, in the order of joining."""
    stream: Stream = field(factory=lambda: Stream(ended=True))
    """The latest stream, open or ended."""
    aborted: bool = False
    seen_at: float = field(factory=Clock.monotonic)


class Clients:
    """All connections, and their streams."""

    def __init__(self, topics: Topics, *, remember: float) -> None:
        """`remember` is how many seconds a connection is kept after its last activity."""
        self._tokens = Tokens()
        self._topics = topics
        self._remember = remember
        self._clients: dict[str, Client] = {}
        self._epoch = secrets.token_hex(4).upper()
        self._swept_at = Clock.monotonic()

    def new_token(self, connection_id: str) -> str:
        """Create a connection token. Nothing is stored until it is used."""
        return self._tokens.sign("connection", f"{connection_id}:")

    def find(self, connection_token: str) -> Client | None:
        """The connection of a token, or None if the token is not ours."""
        text = self._tokens.read("connection", connection_token)
        if text is None:
            return None
        self._sweep()
        client = self._clients.setdefault(text, Client(text))
        client.seen_at = Clock.monotonic()
        return client

    def join(self, client: Client, code: str) -> bool:
        """Send a call's updates on the connection, past ones first. Joining again changes nothing.

        Returns False if the connection already follows as many calls as allowed.
        """
        stream = client.stream
        if code in stream.codes or code in client.joined[stream.announced :]:
            return True
        if len(client.joined) >= MOST_CALLS:
            return False
        client.joined.append(code)
        stream.wake.set()
        return True

    def begin(self, client: Client, *, message_id: str | None, groups_token: str | None) -> Stream:
        """Open a stream for a request of the connection, replacing any other."""
        cursor = self._read_cursor(message_id)
        announced, positions = (len(client.joined), ()) if cursor is None else cursor
        client.stream.end()
        client.stream = stream = Stream(announced=min(announced, len(client.joined)), ended=client.aborted)
        codes = self._read_groups(client, groups_token)
        for index, code in enumerate(codes):
            topic = self._topics.topic(code)
            # Without a known message id, it continues from now.
            position = positions[index] if index < len(positions) else len(topic.events)
            stream.add(topic, min(position, len(topic.events)))
        return stream

    def finish(self, client: Client, stream: Stream) -> None:
        """End a stream whose request has ended."""
        client.seen_at = Clock.monotonic()
        stream.end()

    def abort(self, client: Client) -> None:
        """End the connection at the client's request."""
        client.aborted = True
        client.stream.end()

    def end_all(self) -> None:
        """End all streams because the server is shutting down."""
        for client in self._clients.values():
            client.stream.end()

    def take(self, client: Client, stream: Stream, limit: int) -> dict[str, object] | None:
        """The next persistent response of a stream, or None if there is nothing to send."""
        if stream.ended:
            return None
        if stream.announced < len(client.joined):
            for code in client.joined[stream.announced :]:
                stream.add(self._topics.topic(code), 0)
            stream.announced = len(client.joined)
            return {"C": self.cursor(stream), "G": self._groups_token(client, stream), "M": []}
        updates = stream.take(limit)
        if not updates:
            return None
        messages = [_client_call("updateStatus", update.code, update.status) for update in updates]
        if stream.is_complete and CallStatus(updates[-1].status).is_final:
            messages.append(_client_call("closeConnection"))
        return {"C": self.cursor(stream), "M": messages}

    def cursor(self, stream: Stream) -> str:
        """The message id: the number of announced joins, and the position in each group."""
        return f"d-{self._epoch}-{stream.announced}|{'.'.join(map(str, stream.positions))}"

    def _read_cursor(self, message_id: str | None) -> tuple[int, Sequence[int]] | None:
        """The numbers in a message id, or None if it is not from this process."""
        head, _, tail = (message_id or "").partition("|")
        marker, _, announced = head.rpartition("-")
        numbers = [announced, *(tail.split(".") if tail else [])]
        if marker != f"d-{self._epoch}" or not all(
            n.isascii() and n.isdigit() and len(n) < 10 for n in numbers
        ):
            return None
        return int(announced), [int(number) for number in numbers[1:]]

    def _groups_token(self, client: Client, stream: Stream) -> str:
        return self._tokens.sign("groups", json.dumps([client.id, stream.codes]))

    def _read_groups(self, client: Client, token: str | None) -> list[str]:
        """The codes in a groups token. Like the reference, silently ignores foreign tokens."""
        text = self._tokens.read("groups", token) if token else None
        connection_id, codes = json.loads(text) if text is not None else (client.id, [])
        return list(codes) if connection_id == client.id else []

    def _sweep(self) -> None:
        now = Clock.monotonic()
        if now < self._swept_at + self._remember / 2:
            return
        self._swept_at = now
        for client in list(self._clients.values()):
            if client.stream.ended and client.seen_at + self._remember < now:
                del self._clients[client.id]


def _client_call(method: str, *arguments: str) -> dict[str, object]:
    return {"H": HUB, "M": method, "A": list(arguments)}
