"""Watching calls: the client against the hub, over real sockets, with and without breaks."""

import asyncio
import random
import ssl
import threading
import time
from contextlib import aclosing, nullcontext
from pathlib import Path

import pytest
import trustme

from buzzeasy_soap import TLS, CallStatus, errors
from buzzeasy_soap.events import AsyncEventStream, EventStream, EventTimeouts, watch, watch_async
from buzzeasy_soap.events.protocol import Connection
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import HubSettings
from tests.events.conftest import (
    HAPPY,
    NEVER_ACCEPTS,
    NEVER_ANSWERS,
    UNANSWERED,
    Place,
    open_sandbox,
    place_call,
    step,
)
from tests.events.followers import HASTY, KINDS, Follower, wait_until
from tests.events.proxy import Proxy

LIFE = 31
"""Seconds of the service's clock within which every step of a call's life comes due."""


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


both_kinds = pytest.mark.parametrize("kind", KINDS, indirect=True)


@both_kinds
def test_a_call_is_followed_to_its_end(kind: str, transport: str, sandbox: Sandbox, place: Place) -> None:
    code = place()
    follower = Follower(kind, sandbox.url, code, transport=transport)
    for number in range(1, len(HAPPY) + 1):
        sandbox.advance(8)
        follower.wait_for(number)
    assert follower.ended() == HAPPY


def test_a_late_subscriber_is_told_all_that_has_passed(
    transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(60)
    assert [update.status for update in watch(sandbox.url, code, transport=transport)] == HAPPY


def test_an_update_says_what_and_when(sandbox: Sandbox, place: Place) -> None:
    code = place()
    sandbox.advance(60)
    first, *_, last = watch(sandbox.url, code)
    assert first.confirmation_code == code
    assert first.status is CallStatus.CALLING_AGENT
    assert last.status is CallStatus.CALL_SUCCEEDED
    assert first.received_at.utcoffset() is not None


@both_kinds
def test_cut_at_every_step_each_update_comes_once(kind: str, transport: str) -> None:
    with open_sandbox() as sandbox, Proxy(sandbox.port) as proxy:
        follower = Follower(kind, proxy.url, place_call(sandbox, NEVER_ANSWERS), transport=transport)
        step(sandbox)
        follower.wait_for(1)
        for number in range(2, len(UNANSWERED) + 1):
            if number % 3:
                proxy.cut()  # before the event, after it, or while it is on its way
            step(sandbox)
            if number % 3 != 1:
                proxy.cut()
            if number % 4 == 0:
                follower.wait_for(number)
        assert follower.ended() == UNANSWERED


@pytest.mark.parametrize("seed", [1])
def test_cut_at_random_while_a_call_runs(seed: int, transport: str) -> None:
    chance = random.Random(seed)
    with open_sandbox(speed=100) as sandbox, Proxy(sandbox.port) as proxy:
        follower = Follower("asyncio", proxy.url, place_call(sandbox, NEVER_ANSWERS), transport=transport)
        follower.wait_for(1)
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            time.sleep(chance.uniform(0.001, 0.08))
            proxy.cut()
        assert follower.ended() == UNANSWERED


@both_kinds
def test_a_restarted_service_is_subscribed_to_again(kind: str, transport: str, tmp_path: Path) -> None:
    database = tmp_path / "calls.db"
    sandbox = open_sandbox(database)
    with Proxy(sandbox.port) as proxy:
        code = place_call(sandbox, NEVER_ANSWERS)
        follower = Follower(kind, proxy.url, code, transport=transport)
        for number in range(1, len(UNANSWERED) + 1):
            step(sandbox)
            if number % 5 == 0:  # wherever a try has got to
                follower.wait_for(number)
                sandbox.close()
                sandbox = open_sandbox(database)
                proxy.target = sandbox.port
        statuses = follower.ended()
    sandbox.close()
    assert statuses == UNANSWERED


def test_after_an_outage_the_connection_is_resumed_and_not_replaced(transport: str) -> None:
    """A new one would lose the updates of that time, if the hub does not repeat them."""
    with open_sandbox() as sandbox, Proxy(sandbox.port) as proxy:
        follower = Follower("blocking", proxy.url, place_call(sandbox), transport=transport)
        sandbox.advance(1)
        follower.wait_for(1)
        route = next(route for route in sandbox._server._app.routes if hasattr(route, "_clients"))
        connections = list(route._clients._clients)
        proxy.refusing = True
        proxy.cut()
        before = proxy.accepted
        wait_until(lambda: proxy.accepted > before + 20)
        proxy.refusing = False
        sandbox.advance(60)
        assert follower.ended() == HAPPY
        assert list(route._clients._clients) == connections


@both_kinds
def test_a_service_that_stays_away_is_an_error(kind: str, transport: str) -> None:
    hub = HubSettings(keep_alive=0.3, disconnect_timeout=0.3)
    with open_sandbox(hub=hub) as sandbox, Proxy(sandbox.port) as proxy:
        follower = Follower(kind, proxy.url, place_call(sandbox), transport=transport)
        sandbox.advance(1)
        follower.wait_for(1)
        proxy.refusing = True
        proxy.cut()
        with pytest.raises(errors.EventStreamLost, match=r"reconnecting failed for 0\.3 seconds") as lost:
            follower.ended()
    assert isinstance(lost.value.__cause__, errors.TransportError)
    assert lost.value.__cause__.__context__ is None
    assert follower.statuses == HAPPY[:1]


def test_silence_is_noticed_and_mended(transport: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A poll is silent for as long as the service holds it and some; the others for two keep-alives.
    monkeypatch.setattr(Connection, "poll_grace", 0.25)
    hub = HubSettings(keep_alive=0.25, disconnect_timeout=20.0, connection_timeout=0.25)
    timeouts = EventTimeouts(reply=0.25, reconnect_delay=0.05)
    with open_sandbox(hub=hub) as sandbox, Proxy(sandbox.port) as proxy:
        follower = Follower(
            "blocking", proxy.url, place_call(sandbox), transport=transport, timeouts=timeouts
        )
        sandbox.advance(1)
        follower.wait_for(1)
        proxy.swallowing = True
        for _ in HAPPY:
            sandbox.advance(8)
        before = proxy.accepted
        # No connection breaks: the client gives the silent one up by itself, and opens another.
        wait_until(lambda: proxy.accepted > before)
        proxy.swallowing = False
        assert follower.ended() == HAPPY


def test_a_stream_that_is_read_slowly_loses_nothing(transport: str, sandbox: Sandbox, place: Place) -> None:
    code = place()
    sandbox.advance(1)
    statuses = []
    for update in watch(sandbox.url, code, transport=transport, timeouts=HASTY):
        if not statuses:
            sandbox.advance(60)
            time.sleep(0.7)  # longer than two keep-alives
        statuses.append(update.status)
    assert statuses == HAPPY


def test_many_calls_on_one_connection(transport: str, sandbox: Sandbox, place: Place) -> None:
    codes = {place(): HAPPY, place(NEVER_ACCEPTS): None, place(NEVER_ANSWERS): UNANSWERED}
    with EventStream(sandbox.url, transport=transport, timeouts=HASTY) as stream:
        for code in codes:
            stream.subscribe(code)
        for _ in range(len(UNANSWERED)):
            sandbox.advance(LIFE)
        told: dict[str, list[str]] = {}
        for update in stream:
            told.setdefault(update.confirmation_code, []).append(str(update.status))
        assert {code: told[code] for code, life in codes.items() if life} == {
            code: life for code, life in codes.items() if life
        }
        assert told[list(codes)[1]] == ["CallingAgent", "AgentConnected", "CallFailed"]
        # The stream is still there for another.
        code = place()
        stream.subscribe(code)
        sandbox.advance(60)
        assert [update.status for update in stream] == HAPPY


def test_subscribing_while_another_task_listens(transport: str, sandbox: Sandbox, place: Place) -> None:
    first, second = place(), place()

    async def scenario() -> list[str]:
        async with AsyncEventStream(sandbox.url, transport=transport) as stream:
            await stream.subscribe(first)
            listening = asyncio.create_task(anext(stream))
            await asyncio.sleep(0.05)
            began = time.monotonic()
            await stream.subscribe(second)
            assert time.monotonic() - began < 10  # far less than a time-out of anything
            sandbox.advance(60)
            updates = [await listening, *[update async for update in stream]]
            return [f"{update.confirmation_code} {update.status}" for update in updates]

    told = asyncio.run(scenario())
    for code in (first, second):
        assert [line for line in told if line.startswith(code)] == [f"{code} {status}" for status in HAPPY]


def test_a_timeout_ends_the_loop(transport: str, sandbox: Sandbox, place: Place) -> None:
    code = place()
    sandbox.advance(1)
    assert [update.status for update in watch(sandbox.url, code, timeout=0.5, transport=transport)] == HAPPY[
        :1
    ]


def test_waiting_for_an_update_can_be_given_up_and_taken_up_again(
    transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()

    async def scenario() -> list[str]:
        told = []
        async with AsyncEventStream(sandbox.url, transport=transport) as stream:
            await stream.subscribe(code)
            while len(told) < len(HAPPY):
                try:
                    update = await asyncio.wait_for(stream.next_update(), 0.02)
                except TimeoutError:
                    sandbox.advance(1)
                else:
                    assert update is not None
                    told.append(str(update.status))
        return told

    assert asyncio.run(scenario()) == HAPPY


@pytest.mark.parametrize("leave", ["break", "error", "close"])
def test_leaving_a_blocking_loop_leaves_no_thread(
    leave: str, transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(1)
    before = set(threading.enumerate())
    updates = watch(sandbox.url, code, transport=transport)
    with pytest.raises(ZeroDivisionError) if leave == "error" else nullcontext():
        for _ in updates:
            if leave == "break":
                break
            if leave == "close":
                updates.close()
            else:
                1 / 0  # noqa: B018
    del updates
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("leave", ["break", "error", "cancel", "close"])
def test_leaving_an_asyncio_loop_leaves_no_task_and_no_thread(
    leave: str, transport: str, sandbox: Sandbox, place: Place
) -> None:
    code = place()
    sandbox.advance(1)
    before = set(threading.enumerate())

    async def follow() -> None:
        async for _ in watch_async(sandbox.url, code, transport=transport):
            if leave == "break":
                break
            if leave == "error":
                1 / 0  # noqa: B018
            if leave == "cancel":
                await asyncio.sleep(60)

    async def scenario() -> None:
        if leave == "close":
            async with aclosing(watch_async(sandbox.url, code, transport=transport)) as updates:
                async for _ in updates:
                    break
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return
        task = asyncio.create_task(follow())
        if leave == "cancel":
            await asyncio.sleep(0.1)
            task.cancel()
        await asyncio.wait([task])
        if leave == "error":
            assert isinstance(task.exception(), ZeroDivisionError)
        for _ in range(500):
            if asyncio.all_tasks() == {asyncio.current_task()}:
                break
            await asyncio.sleep(0.01)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert set(threading.enumerate()) == before

    asyncio.run(scenario())


def test_leaving_says_goodbye_to_the_service(transport: str) -> None:
    with open_sandbox() as sandbox:
        code = place_call(sandbox)
        sandbox.advance(1)
        route = next(route for route in sandbox._server._app.routes if hasattr(route, "_clients"))
        for _ in watch(sandbox.url, code, transport=transport):
            (client,) = route._clients._clients.values()
            assert not client.aborted
            break
        wait_until(lambda: client.aborted and client.stream.ended)


def test_closing_from_another_thread_ends_the_loop(transport: str, sandbox: Sandbox, place: Place) -> None:
    stream = EventStream(sandbox.url, transport=transport)
    stream.subscribe(place())
    threading.Timer(0.2, stream.close).start()
    assert list(stream) == []
    stream.close()
    with pytest.raises(errors.ConfigurationError, match="closed"):
        stream.subscribe("BZ1")


@pytest.mark.parametrize("kind", ["blocking", "asyncio"])
def test_closing_while_it_reconnects_does_not_wait_for_that(kind: str, transport: str) -> None:
    hub = HubSettings(disconnect_timeout=60.0)
    with open_sandbox(hub=hub) as sandbox, Proxy(sandbox.port) as proxy:
        code = place_call(sandbox)

        def blocking() -> None:
            stream = EventStream(proxy.url, transport=transport)  # type: ignore[arg-type]
            stream.subscribe(code)
            lose()
            threading.Timer(0.3, stream.close).start()
            assert stream.next_update() is None

        async def asynchronous() -> None:
            stream = AsyncEventStream(proxy.url, transport=transport)  # type: ignore[arg-type]
            await stream.subscribe(code)
            lose()
            waiting = asyncio.create_task(stream.next_update())
            await asyncio.sleep(0.3)
            await stream.close()
            assert await waiting is None

        def lose() -> None:
            proxy.refusing = True
            proxy.cut()

        began = time.monotonic()
        blocking() if kind == "blocking" else asyncio.run(asynchronous())
        assert time.monotonic() - began < 20


def test_many_calls_that_are_cut_again_and_again(transport: str) -> None:
    with open_sandbox() as sandbox, Proxy(sandbox.port) as proxy:
        codes = [place_call(sandbox) for _ in range(20)]
        told: dict[str, list[str]] = {code: [] for code in codes}
        with EventStream(proxy.url, transport=transport, timeouts=HASTY) as stream:  # type: ignore[arg-type]

            def follow() -> None:
                for update in stream:
                    told[update.confirmation_code].append(str(update.status))

            for code in codes:
                stream.subscribe(code)
            thread = threading.Thread(target=follow)
            thread.start()
            for number in range(60):
                sandbox.advance(0.5)
                time.sleep(0.01)
                if number % 4 == 0:
                    proxy.cut()
            thread.join()
    assert told == dict.fromkeys(codes, HAPPY)


def test_nobody_there_is_told_at_once() -> None:
    with Proxy(1) as proxy:
        url = proxy.url
    with pytest.raises(errors.ConnectFailed):
        list(watch(url, "BZ1001"))


def test_a_service_that_cannot_be_reached_in_time() -> None:
    with Proxy(1) as proxy:
        proxy.swallowing = True
        with open_sandbox() as sandbox:
            proxy.target = sandbox.port
            with pytest.raises(errors.RequestTimeout):
                list(watch(proxy.url, "BZ1001", timeout=0.3))
            with pytest.raises(errors.RequestTimeout):
                list(watch(proxy.url, "BZ1001", timeouts=EventTimeouts(reply=0.3)))


def test_over_tls_with_a_certificate_of_an_own_authority(transport: str, tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with open_sandbox() as sandbox, Proxy(sandbox.port, context) as proxy:
        code = place_call(sandbox)
        sandbox.advance(60)
        url = f"https://localhost:{proxy.port}"
        trusting = TLS(ca_bundle=tmp_path / "ca.pem")
        assert [u.status for u in watch(url, code, transport=transport, tls=trusting)] == HAPPY  # type: ignore[arg-type]
        with pytest.raises(errors.ConnectFailed, match="BUZZEASY_CA_BUNDLE"):
            list(watch(url, code))


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("http://events.example.com", {}),
        ("ftp://127.0.0.1", {}),
        ("http://127.0.0.1/signalr", {}),
        ("https://user@example.com", {}),
        ("https://example.com?x=1", {}),
        ("http://127.0.0.1", {"transport": "foreverFrame"}),
    ],
)
def test_settings_that_cannot_be_right(url: str, settings: dict[str, str]) -> None:
    with pytest.raises(errors.ConfigurationError):
        EventStream(url, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["", " ", None, 5])
def test_a_code_must_be_a_text(sandbox: Sandbox, code: str) -> None:
    with EventStream(sandbox.url) as stream, pytest.raises(errors.InvalidRequest, match="confirmation_code"):
        stream.subscribe(code)
