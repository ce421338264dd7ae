"""Connections: what the hub knows of its clients, and what they hold themselves.

A client's groups are in the groups token that it holds, and how far it has read is in its message
id. The hub keeps, for a while, only the order in which a connection joined groups, so that a
join that its client has not heard of yet is told again.
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
"""That one connection can follow."""


@define(eq=False)
class Client:
    """One connection."""

    id: str
    joined: list[str] = field(factory=list)
    """Codes, in the order of joining."""
    stream: Stream = field(factory=lambda: Stream(ended=True))
    """The last one, be it over or not."""
    aborted: bool = False
    seen_at: float = field(factory=Clock.monotonic)


class Clients:
    """All connections, and their streams."""

    def __init__(self, topics: Topics, *, remember: float) -> None:
        """`remember` is how many seconds a connection is known after its last sign of life."""
        self._tokens = Tokens()
        self._topics = topics
        self._remember = remember
        self._clients: dict[str, Client] = {}
        self._epoch = secrets.token_hex(4).upper()
        self._swept_at = Clock.monotonic()

    def new_token(self, connection_id: str) -> str:
        """A connection token. Nothing is kept until it is used."""
        return self._tokens.sign("connection", f"{connection_id}:")

    def find(self, connection_token: str) -> Client | None:
        """The connection of a token; None where the token is not ours."""
        text = self._tokens.read("connection", connection_token)
        if text is None:
            return None
        self._sweep()
        client = self._clients.setdefault(text, Client(text))
        client.seen_at = Clock.monotonic()
        return client

    def join(self, client: Client, code: str) -> bool:
        """Have a call's updates sent on the connection, the past ones first; once, however often asked.

        False where the connection follows as many calls as it can.
        """
        stream = client.stream
        if code in stream.codes or code in client.joined[stream.told :]:
            return True
        if len(client.joined) >= MOST_CALLS:
            return False
        client.joined.append(code)
        stream.wake.set()
        return True

    def begin(self, client: Client, *, message_id: str | None, groups_token: str | None) -> Stream:
        """A stream for a request of the connection, in place of any other."""
        cursor = self._read_cursor(message_id)
        told, positions = (len(client.joined), ()) if cursor is None else cursor
        client.stream.end()
        client.stream = stream = Stream(told=min(told, len(client.joined)), ended=client.aborted)
        codes = self._read_groups(client, groups_token)
        for index, code in enumerate(codes):
            topic = self._topics.topic(code)
            # Without a message id that we know, it goes on from now.
            position = positions[index] if index < len(positions) else len(topic.events)
            stream.add(topic, min(position, len(topic.events)))
        return stream

    def finish(self, client: Client, stream: Stream) -> None:
        """The request of a stream has ended."""
        client.seen_at = Clock.monotonic()
        stream.end()

    def abort(self, client: Client) -> None:
        """The client has said goodbye."""
        client.aborted = True
        client.stream.end()

    def end_all(self) -> None:
        """The server shuts down."""
        for client in self._clients.values():
            client.stream.end()

    def take(self, client: Client, stream: Stream, limit: int) -> dict[str, object] | None:
        """The next persistent response of a stream; None where there is nothing to say."""
        if stream.ended:
            return None
        if stream.told < len(client.joined):
            for code in client.joined[stream.told :]:
                stream.add(self._topics.topic(code), 0)
            stream.told = len(client.joined)
            return {"C": self.cursor(stream), "G": self._groups_token(client, stream), "M": []}
        updates = stream.take(limit)
        if not updates:
            return None
        messages = [_client_call("updateStatus", update.code, update.status) for update in updates]
        if stream.is_complete and CallStatus(updates[-1].status).is_final:
            messages.append(_client_call("closeConnection"))
        return {"C": self.cursor(stream), "M": messages}

    def cursor(self, stream: Stream) -> str:
        """The message id: how many joins were told, and the position in each of the groups."""
        return f"d-{self._epoch}-{stream.told}|{'.'.join(map(str, stream.positions))}"

    def _read_cursor(self, message_id: str | None) -> tuple[int, Sequence[int]] | None:
        """None where it is not one of this process's."""
        head, _, tail = (message_id or "").partition("|")
        marker, _, told = head.rpartition("-")
        numbers = [told, *(tail.split(".") if tail else [])]
        if marker != f"d-{self._epoch}" or not all(
            n.isascii() and n.isdigit() and len(n) < 10 for n in numbers
        ):
            return None
        return int(told), [int(number) for number in numbers[1:]]

    def _groups_token(self, client: Client, stream: Stream) -> str:
        return self._tokens.sign("groups", json.dumps([client.id, stream.codes]))

    def _read_groups(self, client: Client, token: str | None) -> list[str]:
        """None of another connection's, nor of what is not ours: as the reference, without a word."""
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
