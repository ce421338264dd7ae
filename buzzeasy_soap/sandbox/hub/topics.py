"""Calls as topics, and streams that read them from a cursor.

A topic is a call's whole history, so a client only needs its position in it to continue, and a late
subscriber simply starts at position 0.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from weakref import WeakSet, WeakValueDictionary

from attrs import define, field, frozen

from buzzeasy_soap.sandbox.events import CallEvent, Events


@define(eq=False, weakref_slot=True)
class Topic:
    """One call's updates so far."""

    code: str
    events: list[CallEvent]
    listeners: "WeakSet[Stream]" = field(factory=WeakSet)

    @property
    def has_ended(self) -> bool:
        """Whether no more updates will come."""
        return bool(self.events) and self.events[-1].status.is_final


class Topics:
    """The topics that have listeners. The others are only in the store."""

    def __init__(self, events: Events, past_events: Callable[[str], Sequence[CallEvent] | None]) -> None:
        self._past_events = past_events
        self._topics: WeakValueDictionary[str, Topic] = WeakValueDictionary()
        events.subscribe(self._receive)

    def topic(self, code: str) -> Topic:
        """A call's topic, empty if there is no such call."""
        topic = self._topics.get(code)
        if topic is None:
            # No event can come between reading and listening, because there is no await.
            topic = self._topics[code] = Topic(code, list(self._past_events(code) or ()))
        return topic

    def _receive(self, event: CallEvent) -> None:
        topic = self._topics.get(event.confirmation_code)
        if topic is not None:
            topic.events.append(event)
            for stream in topic.listeners:
                stream.wake.set()


@frozen
class Update:
    """One event of a call, taken from a stream."""

    code: str
    status: str
    at: dt.datetime


@define(eq=False, weakref_slot=True)
class Stream:
    """What one request reads: the topics of its groups, each from a position."""

    members: dict[Topic, int] = field(factory=dict)
    announced: int = 0
    """How many of the connection's joins it has announced."""
    wake: asyncio.Event = field(factory=asyncio.Event)
    ended: bool = False

    def end(self) -> None:
        """Make its reader stop."""
        self.ended = True
        self.wake.set()

    def add(self, topic: Topic, position: int) -> None:
        """Also read a topic, from a position."""
        self.members.setdefault(topic, position)
        topic.listeners.add(self)

    @property
    def codes(self) -> list[str]:
        """The confirmation codes of its members, in the order of joining."""
        return [topic.code for topic in self.members]

    @property
    def positions(self) -> Iterable[int]:
        """How many events of each member have been taken, in the same order."""
        return self.members.values()

    def take(self, limit: int) -> list[Update]:
        """Take the next updates, earliest first."""
        waiting = [
            (event.at, order, position, topic)
            for order, (topic, start) in enumerate(self.members.items())
            for position, event in enumerate(topic.events[start : start + limit], start)
        ]
        taken = sorted(waiting, key=lambda item: item[:3])[:limit]
        for _, _, position, topic in taken:
            self.members[topic] = position + 1
        return [Update(topic.code, topic.events[position].status, at) for at, _, position, topic in taken]

    @property
    def is_complete(self) -> bool:
        """Whether every call in it has ended and all events have been taken."""
        return bool(self.members) and all(
            topic.has_ended and position >= len(topic.events) for topic, position in self.members.items()
        )
