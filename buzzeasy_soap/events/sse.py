"""Server-sent events without any I/O, limited to what SignalR uses: the `data` of each event."""

import codecs
import re
from typing import Final

from buzzeasy_soap.errors import ProtocolError

LONGEST_EVENT: Final = 4 * 2**20
"""In characters."""

# A CR at the very end may be the first half of a CRLF.
_LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")


class EventReader:
    """Splits a byte stream into events, regardless of where its chunks end.

    Source: the HTML standard, "Server-sent events", "Interpreting an event stream".
    """

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode
        self._rest: list[str] = []
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[str]:
        """Return the data of the events completed by this chunk. Raises ProtocolError if one is too long."""
        text = self._decode(chunk)
        self._size += len(text)
        if self._size > LONGEST_EVENT:
            raise ProtocolError("the event service sent an event that is too long")
        # Most chunks of a long event have no line end: joining each time would be quadratic.
        if not _LINE_END.search(text) and not (self._rest and self._rest[-1].endswith("\r")):
            self._rest.append(text)
            return []
        *lines, rest = _LINE_END.split("".join(self._rest) + text)
        self._rest = [rest] if rest else []
        events = [event for line in lines if (event := self._line(line)) is not None]
        self._size = len(rest) + sum(map(len, self._data))
        return events

    def _line(self, line: str) -> str | None:
        if not line:
            event, self._data = self._data, []
            return "\n".join(event) if event else None
        name, _, value = line.partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
        return None
