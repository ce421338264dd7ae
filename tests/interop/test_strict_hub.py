"""Our client on a hub that is strict: another program, in another language, by what was seen on the wire.

It is ours too, and so no independent oracle.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import IO, Any, TypeAlias

import pytest

from buzzeasy_soap import ServiceFault
from buzzeasy_soap.events import AsyncEventStream, EventStream, watch, watch_async
from buzzeasy_soap.events.protocol import TRANSPORTS, Connection
from tests.events.followers import HASTY, KINDS
from tests.interop.conftest import Record
from tests.interop.strict_hub import Armed, StrictHub, node_version

OURS = "Our client on a strict hub of our own"

ATTEMPT = [
    "CallingAgent",
    "AgentConnected",
    "CallAccepted",
    "CallingUser",
    "CallingUserFailed",
    "Rescheduled",
]
LIFE = ATTEMPT + ATTEMPT[:4]
"""With repetitions, among which a loss or a double would be seen, and without an end."""


Note: TypeAlias = Callable[[str, str], None]


class Program:
    """Starts the hub, and anew after a test that left a client behind."""

    def __init__(self, errors: IO[str]) -> None:
        self.version = node_version()
        self._errors = errors
        self._hub: StrictHub | None = None

    def hub(self) -> StrictHub:
        self._hub = self._hub or StrictHub(self._errors)
        self._hub("reset")
        return self._hub

    def tidy(self) -> None:
        if self._hub is not None and self._hub("report")["sockets"]:
            self.close()

    def close(self) -> None:
        if self._hub is not None:
            self._hub.close()
            self._hub = None


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    log = tmp_path_factory.mktemp("hub") / "stderr"
    with log.open("w") as errors, closing(Program(errors)) as program:
        yield program
    assert log.read_text() == ""


@pytest.fixture
def hub(program: Program) -> Iterator[StrictHub]:
    yield program.hub()
    program.tidy()


@pytest.fixture
def note(program: Program, record: Record) -> Note:
    return lambda transport, case: record(OURS, transport, program.version, case)


class Watcher:
    """Watches one call by `watch`, or several by one stream, in a thread of its own."""

    def __init__(self, kind: str, hub: StrictHub, codes: list[str], transport: Any) -> None:
        self._hub, url = hub, hub.url
        self.told: dict[str, list[str]] = {code: [] for code in codes}
        self._error: BaseException | None = None
        settings: Any = {"transport": transport, "timeouts": HASTY}

        def blocking() -> None:
            if len(codes) == 1:
                for update in watch(url, codes[0], **settings):
                    self._take(update)
                return
            with EventStream(url, **settings) as stream:
                for code in codes:
                    stream.subscribe(code)
                for update in stream:
                    self._take(update)

        async def asynchronous() -> None:
            if len(codes) == 1:
                async for update in watch_async(url, codes[0], **settings):
                    self._take(update)
                return
            async with AsyncEventStream(url, **settings) as stream:
                for code in codes:
                    await stream.subscribe(code)
                async for update in stream:
                    self._take(update)

        def run() -> None:
            try:
                blocking() if kind == "blocking" else asyncio.run(asynchronous())
            except BaseException as error:
                self._error = error

        self._thread = threading.Thread(target=run, name="test-watcher")
        self._thread.start()

    def _take(self, update: Any) -> None:
        self.told[update.confirmation_code].append(str(update.status))

    @property
    def is_watching(self) -> bool:
        return self._thread.is_alive()

    def wait_for(self, number: int, codes: list[str]) -> None:
        """Until it was told of that many updates of each of these calls."""
        self._hub.wait_until(
            lambda: all(len(self.told[code]) >= number for code in codes) or not self.is_watching
        )

    def ended(self) -> dict[str, list[str]]:
        self._thread.join(10)
        assert not self.is_watching, self.told
        if self._error is not None:
            raise self._error
        return self.told


WHILE_COMING_UP: dict[str, Callable[[int], Armed]] = {
    "no cut": lambda _: [],
    "cut after connect": lambda _: [("connected", 0)],
    "cut after start": lambda _: [("started", 0)],
    "an invocation is lost": lambda calls: [("invoked", calls // 2)],
    "an invocation is not answered": lambda calls: [("joined", calls // 2)],
    "half of an answer arrives": lambda calls: [("replied", calls // 2)],
    "cut again and again while it is replaced": lambda calls: [
        ("invoked", calls // 2), ("connected", 1), ("started", 2), ("replied", calls // 2)
    ],
}  # fmt: skip
AMID_UPDATES: dict[str, tuple[str, Armed]] = {
    "cut between updates": ("cut", []),
    "half of an update arrives": ("say", [("update", 0)]),
    "cut again and again while it is resumed": ("cut", [("resumed", 0)] * 3),
    "the hub cannot be reached for a while": ("outage", []),
    "the hub falls silent": ("mute", []),
    "the hub restarts": ("restart", []),
    "the hub discards the connection": ("discard", []),
}
"""By a command of the hub."""
SLOW = ("outage", "mute")
"""Commands that take their time, and so are given once."""
FORGETTING = ("restart", "discard")
"""Commands after which the client is told no more of what was said before."""


@pytest.mark.parametrize("number", [1, 20], ids=["one call", "twenty calls"])
@pytest.mark.parametrize(
    ("transport", "cut"),
    [
        (transport, cut)
        for transport in TRANSPORTS
        for cut in (*WHILE_COMING_UP, *AMID_UPDATES)
        # Nobody has seen what the others then answer.
        if cut != "the hub discards the connection" or transport == "serverSentEvents"
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_each_update_comes_once_and_in_order(
    kind: str,
    transport: str,
    cut: str,
    number: int,
    hub: StrictHub,
    note: Note,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note(transport, cut)
    monkeypatch.setattr(Connection, "poll_grace", 0.25)  # after which a silent poll is given up
    codes = hub.new_codes(number)
    command, armed = AMID_UPDATES.get(cut, ("say", []))
    hub.arm(WHILE_COMING_UP.get(cut, lambda _: [])(number))
    watcher = Watcher(kind, hub, codes, transport)
    hub.wait_for_members(codes)
    for told, status in enumerate(LIFE, 1):
        is_cut = told == 4 or (told in (3, 8) and command not in SLOW)
        if is_cut:
            watcher.wait_for(told - 1, codes)
            hub.arm(armed)
        half = number // 2 if is_cut and command not in FORGETTING else 0
        hub("say", *[(code, status) for code in codes[:half]])
        if is_cut:
            hub(command)
        if is_cut and command in FORGETTING:
            hub.wait_for_members(codes)
        hub("say", *[(code, status) for code in codes[half:]])
    *others, last = codes
    hub("say", *[(code, "CallFailed") for code in others])
    watcher.wait_for(len(LIFE) + 1, others)
    if command in ("cut", "discard"):
        hub(command)
        hub.wait_for_members([last])
    # Each of these closes a call that has ended: it must not end the last one.
    hub("say", *[(code, None) for code in others])
    watcher.wait_for(len(LIFE), codes)
    assert watcher.is_watching
    hub("say", (last, None))
    assert watcher.ended() == {**{code: [*LIFE, "CallFailed"] for code in others}, last: LIFE}
    hub.check_gone()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_final_status_ends_the_loop(kind: str, transport: str, hub: StrictHub, note: Note) -> None:
    note(transport, "a final status")
    codes = hub.new_codes(1)
    watcher = Watcher(kind, hub, codes, transport)
    hub.wait_for_members(codes)
    hub("say", *[(codes[0], status) for status in ("CallingUser", "CallSucceeded")], (codes[0], None))
    assert watcher.ended() == {codes[0]: ["CallingUser", "CallSucceeded"]}
    hub.check_gone()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_told_as_it_is(kind: str, transport: str, hub: StrictHub, note: Note) -> None:
    note(transport, "the hub refuses a call")
    watcher = Watcher(kind, hub, ["refused"], transport)
    with pytest.raises(ServiceFault, match="No such call") as caught:
        watcher.ended()
    assert (caught.value.code, caught.value.detail) == ("HubException", "{'code': 42}")
    hub.check_gone()
