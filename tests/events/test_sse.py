"""Server-sent events, however they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzzeasy_soap.errors import ProtocolError
from buzzeasy_soap.events import sse
from buzzeasy_soap.events.sse import EventReader

lines = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))


def read(*chunks: bytes) -> list[str]:
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk)]


@given(
    st.lists(lines.filter(lambda line: line), max_size=5), st.sampled_from(["\n", "\r\n", "\r"]), st.data()
)
def test_events_come_whole_wherever_the_chunks_end(events: list[str], end: str, data: st.DataObject) -> None:
    stream = "".join(f"data: {event}{end}{end}" for event in events).encode() + b"\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read(*chunks) == events


@given(st.lists(st.binary(), max_size=5))
def test_any_bytes_are_read(chunks: list[bytes]) -> None:
    assert all(isinstance(event, str) for event in read(*chunks))


def test_other_lines_are_skipped() -> None:
    assert read(b"\xef\xbb\xbf: hello\nid: 3\nevent: x\ndata: a\ndata:b\n\n\n") == ["a\nb"]


def test_an_event_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LONGEST_EVENT", 1000)
    with pytest.raises(ProtocolError):
        read(b"data: ", *[b"x" * 100] * 11)
    with pytest.raises(ProtocolError):
        read(*[b"data: " + b"x" * 100 + b"\n"] * 11)
    assert read(*[b": keep-alive\n"] * 200) == []
