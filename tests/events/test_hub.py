"""The hub on the wire, as a browser's SignalR library meets it."""

import asyncio
import base64
import json
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.sandbox.hub import HubSettings
from buzzeasy_soap.sandbox.hub.settings import protocol_version
from buzzeasy_soap.sandbox.hub.tokens import Tokens
from tests.events.conftest import HAPPY, Place, open_sandbox, place_call

DATA = '[{"name":"notifyme"}]'


class Browser:
    """Speaks to the hub as a browser's library does, over HTTP."""

    def __init__(self, url: str, transport: str, **negotiation: str) -> None:
        self.url = f"{url}/signalr"
        self.transport = transport
        self.session = requests.Session()
        self.terms = self.session.get(
            f"{self.url}/negotiate", params={"clientProtocol": "1.4", **negotiation}
        ).json()
        self.query = {
            "transport": transport,
            "clientProtocol": "1.4",
            "connectionToken": self.terms["ConnectionToken"],
            "connectionData": DATA,
        }
        self.message_id: str | None = None
        self.groups_token: str | None = None

    def address(self, command: str, **others: str | None) -> str:
        query = {**self.query, **others}
        joined = "&".join(
            f"{name}={quote(value, safe='')}" for name, value in query.items() if value is not None
        )
        return f"{self.url}/{command}?{joined}"

    def get(self, command: str, **others: str | None) -> requests.Response:
        return self.session.get(self.address(command, **others), timeout=20)

    def invoke(
        self, *arguments: object, hub: str = "notifyme", method: str = "Subscribe", id: object = 0
    ) -> Any:
        data = json.dumps({"H": hub, "M": method, "A": arguments, "I": id})
        return self.session.post(self.address("send"), data={"data": data}, timeout=20)

    def note(self, frame: dict[str, Any]) -> dict[str, Any]:
        self.message_id = frame.get("C", self.message_id)
        self.groups_token = frame.get("G", self.groups_token)
        return frame

    def poll(self, command: str = "poll", **others: str | None) -> dict[str, Any]:
        held = {"messageId": self.message_id, "groupsToken": self.groups_token, **others}
        return self.note(self.get(command, **held).json())

    def events(self, command: str, **others: str | None) -> Iterator[Any]:
        with self.session.get(self.address(command, **others), stream=True, timeout=20) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            for line in response.iter_lines(chunk_size=1):
                if line:
                    data = line.removeprefix(b"data: ").decode()
                    yield data if data == "initialized" else self.note(json.loads(data))

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    browser = Browser(sandbox.url, "longPolling")
    yield browser
    browser.close()


def statuses(frame: dict[str, Any]) -> list[str]:
    return [item["A"][1] if item["M"] == "updateStatus" else item["M"] for item in frame["M"]]


# Negotiating


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1.4", "1.4"), ("1.5", "1.5"), ("2.0", "2.0"), ("2.1", "2.0"), ("9.9", "2.0"), ("1.0", "1.2"),
        ("9", "1.2"), ("", "1.2"), ("x.y", "1.2"), (None, "1.2"),
    ],
)  # fmt: skip
def test_versions(asked: str | None, answered: str) -> None:
    assert protocol_version(asked) == answered


def test_negotiate(sandbox: Sandbox) -> None:
    reply = requests.get(
        f"{sandbox.url}/signalr/negotiate?clientProtocol=1.5&connectionData={quote(DATA)}&_=17"
    )
    assert reply.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    terms = reply.json()
    uuid.UUID(terms.pop("ConnectionId"))
    assert len(base64.b64decode(terms.pop("ConnectionToken"))) > 60
    assert terms == {
        "Url": "/signalr",
        "KeepAliveTimeout": 0.5,
        "DisconnectTimeout": 5.0,
        "ConnectionTimeout": 0.6,
        "TryWebSockets": True,
        "ProtocolVersion": "1.5",
        "TransportConnectTimeout": 5.0,
        "LongPollDelay": 0.0,
    }
    assert isinstance(terms["KeepAliveTimeout"], float)
    assert requests.post(f"{sandbox.url}/SignalR/NEGOTIATE").json()["ProtocolVersion"] == "1.2"


def test_the_defaults_are_those_of_the_reference() -> None:
    assert HubSettings() == HubSettings(10.0, 30.0, 110.0, 5.0)


def test_ping_needs_no_token(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/signalr/ping").text == '{ "Response": "pong" }'


def test_start_and_abort(browser: Browser) -> None:
    assert browser.get("start").text == '{ "Response": "started" }'
    reply = browser.session.post(browser.address("abort"))
    assert (reply.status_code, reply.text) == (200, "")


# Errors, and who may read


def test_errors(browser: Browser) -> None:
    other = Tokens().sign("connection", "1:")
    for wrong, text in (
        ({"transport": None}, "Protocol error: Unknown transport."),
        ({"transport": "foreverFrame"}, "Protocol error: Unknown transport."),
        ({"connectionToken": None}, "Protocol error: Missing connection token."),
        ({"connectionToken": "x"}, "The ConnectionId is in the incorrect format."),
        ({"connectionToken": other}, "The ConnectionId is in the incorrect format."),
        (
            {"connectionToken": browser.terms["ConnectionToken"][:-4] + "AAAA"},
            "The ConnectionId is in the incorrect format.",
        ),
        ({"transport": "webSockets"}, "Not a valid web socket request."),
    ):
        reply = browser.get("connect", **wrong)
        assert (reply.status_code, reply.text) == (400, text)
        assert "Content-Type" not in reply.headers
    reply = browser.get("connect", connectionData='[{"name":"nohub"}]')
    assert (reply.status_code, reply.text) == (500, "'nohub' Hub could not be resolved.")
    assert browser.get("connect", connectionData="{").status_code == 500


def test_a_raw_plus_in_a_token_is_an_error(sandbox: Sandbox) -> None:
    while "+" not in (browser := Browser(sandbox.url, "longPolling")).terms["ConnectionToken"]:
        browser.close()
    reply = browser.session.get(browser.address("connect").replace("%2B", "+"))
    assert (reply.status_code, reply.text) == (400, "The ConnectionId is in the incorrect format.")
    browser.close()


def test_jsonp_is_off(browser: Browser) -> None:
    reply = browser.get("negotiate", callback="f")
    assert (reply.status_code, reply.text) == (403, "")


def test_any_origin_may_read_errors_too(browser: Browser) -> None:
    browser.session.headers["Origin"] = "https://shop.example"
    replies = [
        browser.get("negotiate"),
        browser.get("ping"),
        browser.get("start"),
        browser.get("connect"),
        browser.invoke("BZ1"),
        browser.get("connect", transport="x"),
        browser.get("connect", connectionData='[{"name":"nohub"}]'),
        browser.get("negotiate", callback="f"),
        browser.session.post(browser.address("abort")),
        browser.session.options(browser.address("send")),
    ]
    with browser.session.get(browser.address("connect", transport="serverSentEvents"), stream=True) as reply:
        replies.append(reply)
    for reply in replies:
        assert reply.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert reply.headers["Access-Control-Allow-Credentials"] == "true"


# Invocations


def test_the_result_of_an_invocation(browser: Browser, place: Place) -> None:
    assert browser.invoke(place()).text == '{"I": "0"}'
    assert browser.invoke(place(), hub="NOTIFYME", method="SUBSCRIBE", id="x").json() == {"I": "x"}
    assert browser.invoke(12345).json() == {"I": "0"}


def test_hub_errors_are_200(browser: Browser) -> None:
    reply = browser.invoke("BZ1", method="NoSuch", id=3)
    assert reply.status_code == 200
    assert reply.json() == {
        "I": "3",
        "E": "'NoSuch' method could not be resolved. No method found with that name.",
    }
    for arguments in ((), ("BZ1", "BZ2"), (None,), ([],), (True,)):
        assert browser.invoke(*arguments).json()["E"]


def test_an_unknown_hub_and_bad_data_are_500(browser: Browser) -> None:
    assert browser.invoke("BZ1", hub="nohub").status_code == 500
    for data in ("{", "[]", "3", "null", "[" * 100_000, ""):
        assert browser.session.post(browser.address("send"), data={"data": data}).status_code == 500
    assert browser.session.post(browser.address("send")).status_code == 500


# Long polling


def test_polling(browser: Browser, sandbox: Sandbox, place: Place) -> None:
    code = place()
    assert browser.poll("connect") == {"C": browser.message_id, "S": 1, "M": []}
    browser.get("start")
    browser.invoke(code)
    joined = browser.poll()
    assert list(joined) == ["C", "G", "M"]
    assert joined["M"] == []
    sandbox.advance(4)
    frame = browser.poll()
    assert frame["M"] == [
        {"H": "NotifyMe", "M": "updateStatus", "A": [code, "CallingAgent"]},
        {"H": "NotifyMe", "M": "updateStatus", "A": [code, "AgentConnected"]},
    ]
    sandbox.advance(60)
    frame = browser.poll()
    assert statuses(frame) == [*HAPPY[2:], "closeConnection"]
    assert frame["M"][-1] == {"H": "NotifyMe", "M": "closeConnection", "A": []}


def test_a_poll_is_held_with_spaces_and_ends_empty(browser: Browser) -> None:
    browser.poll("connect")
    began = time.monotonic()
    reply = browser.get("poll", messageId=browser.message_id)
    assert time.monotonic() - began >= 0.55
    assert reply.text.startswith("  ")
    assert reply.json() == {"C": browser.message_id, "M": []}


def test_a_message_id_in_the_body_serves_too(browser: Browser, sandbox: Sandbox, place: Place) -> None:
    code = place()
    browser.poll("connect")
    browser.invoke(code)
    browser.poll()
    sandbox.advance(60)
    body = {"messageId": browser.message_id, "groupsToken": browser.groups_token}
    reply = browser.session.post(browser.address("poll"), data=body)
    assert statuses(reply.json()) == [*HAPPY, "closeConnection"]


def test_a_poll_is_answered_when_the_connection_is_aborted(browser: Browser) -> None:
    async def scenario() -> str:
        async with aiohttp.ClientSession() as session:
            poll = asyncio.create_task(
                session.get(url := browser.address("poll", messageId=browser.message_id))
            )
            await asyncio.sleep(0.2)
            await session.post(url.replace("/poll", "/abort"))
            return await (await poll).text()

    browser.poll("connect")
    assert json.loads(asyncio.run(scenario())) == {"C": browser.message_id, "M": []}


# Resuming


def joined(sandbox: Sandbox, place: Place, transport: str = "longPolling") -> tuple[Browser, str]:
    browser = Browser(sandbox.url, "longPolling")
    code = place()
    browser.poll("connect")
    browser.invoke(code)
    browser.poll()
    browser.query["transport"] = browser.transport = transport
    return browser, code


def test_what_was_missed_is_sent_again(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place, "serverSentEvents")
    sandbox.advance(60)
    for _ in range(2):  # from the same message id on, the same again
        events = browser.events("reconnect", messageId=browser.message_id, groupsToken=browser.groups_token)
        message_id = browser.message_id
        assert next(events) == "initialized"
        frame = next(events)
        assert "S" not in frame
        assert statuses(frame) == [*HAPPY, "closeConnection"]
        browser.message_id = message_id
    browser.close()


def test_without_the_groups_token_nothing_comes(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place)
    other, _ = joined(sandbox, place)
    sandbox.advance(60)
    for token in (None, "x", other.groups_token):
        assert browser.poll(groupsToken=token)["M"] == []
    browser.close()
    other.close()


def test_without_a_message_id_only_what_is_new_comes(sandbox: Sandbox, place: Place) -> None:
    for message_id in (None, "d-00000000-1|0"):
        browser, _ = joined(sandbox, place)
        sandbox.advance(1)
        assert browser.poll(messageId=message_id)["M"] == []
        sandbox.advance(60)
        assert statuses(browser.poll()) == [*HAPPY[1:], "closeConnection"]
        browser.close()


def test_a_join_that_was_not_heard_of_is_told_again(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place, "serverSentEvents")
    second = place()
    before = {"messageId": browser.message_id, "groupsToken": browser.groups_token}
    browser.invoke(second)
    for _ in range(2):
        events = browser.events("reconnect", **before)
        assert next(events) == "initialized"
        assert "G" in next(events)
    browser.close()


def test_after_abort_a_reconnection_opens_and_ends(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place, "serverSentEvents")
    browser.session.post(browser.address("abort"))
    assert list(browser.events("reconnect", messageId=browser.message_id)) == ["initialized"]
    browser.close()


def test_subscribing_twice_tells_once(sandbox: Sandbox, place: Place) -> None:
    browser, code = joined(sandbox, place)
    sandbox.advance(60)
    browser.invoke(code)
    assert statuses(browser.poll()) == [*HAPPY, "closeConnection"]
    assert browser.poll()["M"] == []
    browser.close()


def test_the_connection_is_closed_after_the_last_of_its_calls(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place)
    sandbox.advance(1)
    browser.poll()
    second = place()
    browser.invoke(second)
    browser.poll()
    sandbox.advance(19)  # the first has ended, and the second has a second to go
    frame = browser.poll()
    assert statuses(frame).count("CallSucceeded") == 1
    assert "closeConnection" not in statuses(frame)
    sandbox.advance(60)
    assert statuses(browser.poll())[-1] == "closeConnection"
    browser.close()


def test_without_connection_data_nothing_comes(sandbox: Sandbox, place: Place) -> None:
    browser, _ = joined(sandbox, place)
    sandbox.advance(60)
    assert browser.poll(connectionData=None)["M"] == []
    browser.close()


def test_a_connection_follows_a_thousand_calls_at_most(browser: Browser) -> None:
    browser.poll("connect")
    for number in range(1000):
        assert browser.invoke(f"XX{number}").json() == {"I": "0"}
    assert browser.invoke("XX999").json() == {"I": "0"}
    assert browser.invoke("XX1000").json()["H"] is True
    assert browser.poll()["M"] == []
    assert browser.poll()["M"] == []


# Server-sent events and WebSockets


def test_server_sent_events(sandbox: Sandbox, place: Place) -> None:
    browser = Browser(sandbox.url, "serverSentEvents")
    code = place()
    sandbox.advance(60)
    events = browser.events("connect")
    assert next(events) == "initialized"
    assert list(next(events)) == ["C", "S", "M"]
    assert next(events) == {}  # a keep-alive
    browser.invoke(code)
    assert "G" in next(events)
    assert statuses(next(events)) == [*HAPPY, "closeConnection"]
    browser.close()


def test_web_sockets(sandbox: Sandbox, place: Place) -> None:
    browser = Browser(sandbox.url, "webSockets")
    code = place()
    sandbox.advance(60)
    with connect(browser.address("connect").replace("http:", "ws:")) as socket:
        frames = (json.loads(message) for message in socket)
        assert list(next(frames)) == ["C", "S", "M"]
        socket.send(json.dumps({"H": "nohub", "M": "x", "A": [], "I": 0}))  # answered with nothing at all
        socket.send("{")
        socket.send(json.dumps({"H": "notifyme", "M": "Subscribe", "A": [code], "I": 1}))
        heard = [frame for frame in (next(frames), next(frames), next(frames), next(frames)) if frame][:3]
        assert heard[0] == {"I": "1"}
        assert "G" in heard[1]
        assert statuses(heard[2]) == [*HAPPY, "closeConnection"]
        browser.session.post(browser.address("abort"))
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv()
        assert socket.close_code == 1000
    browser.close()


def test_a_web_socket_that_is_refused(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    with (
        pytest.raises(InvalidStatus) as caught,
        connect(f"ws://127.0.0.1:{sandbox.port}/signalr/connect?transport=webSockets"),
    ):
        pass
    assert caught.value.response.status_code == 400
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_without_keep_alives_streams_end_by_themselves(place: Place) -> None:
    with open_sandbox(hub=HubSettings(keep_alive=None, connection_timeout=0.3)) as sandbox:
        browser = Browser(sandbox.url, "serverSentEvents")
        assert browser.terms["KeepAliveTimeout"] is None
        assert len(list(browser.events("connect"))) == 2
        browser.close()


def test_the_server_stops_with_streams_open() -> None:
    sandbox = open_sandbox()
    browsers = [Browser(sandbox.url, transport) for transport in ("serverSentEvents", "longPolling")]
    events = browsers[0].events("connect")
    next(events)
    browsers[1].poll("connect")
    began = time.monotonic()
    with connect(Browser(sandbox.url, "webSockets").address("connect").replace("http:", "ws:")) as socket:
        socket.recv()
        sandbox.close()
        assert time.monotonic() - began < 10
    for browser in browsers:
        browser.close()


def test_connections_that_nothing_is_heard_of_are_forgotten() -> None:
    with open_sandbox(hub=HubSettings(disconnect_timeout=0.2)) as sandbox:
        clients = next(route for route in sandbox._server._app.routes if hasattr(route, "_clients"))._clients
        for _ in range(50):
            Browser(sandbox.url, "longPolling").poll("connect")
        time.sleep(0.3)
        Browser(sandbox.url, "longPolling").poll("connect")
        assert len(clients._clients) == 1
        assert not clients._topics._topics


# Tokens


def test_tokens_cannot_be_made_up() -> None:
    tokens = Tokens()
    token = tokens.sign("connection", "1:")
    assert tokens.read("connection", token) == "1:"
    assert tokens.read("groups", token) is None
    raw = bytearray(base64.b64decode(token))
    for index in range(len(raw)):
        changed = bytes(b ^ (index == at) for at, b in enumerate(raw))
        assert tokens.read("connection", base64.b64encode(changed).decode()) is None
    for junk in ("", "=", "é", "AAAA", base64.b64encode(os.urandom(40)).decode()):
        assert tokens.read("connection", junk) is None


# Many


@pytest.mark.posix
def test_a_thousand_subscribers_of_one_call() -> None:
    import resource

    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files[0] < 4096:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, files[1]), files[1]))
    with open_sandbox(hub=HubSettings()) as sandbox:
        code = place_call(sandbox)
        heard = asyncio.run(asyncio.wait_for(_crowd(sandbox, code), 60))
    assert heard == [[*HAPPY, "closeConnection"]] * 1000


async def _crowd(sandbox: Sandbox, code: str) -> list[list[str]]:
    connector = aiohttp.TCPConnector(limit=0)
    ready = asyncio.Semaphore(0)
    entering = asyncio.Semaphore(50)

    async def subscriber(session: aiohttp.ClientSession) -> list[str]:
        heard: list[str] = []
        async with entering:
            terms = await (await session.get(f"{sandbox.url}/signalr/negotiate?clientProtocol=1.4")).json()
            query = {
                "transport": "webSockets",
                "connectionToken": terms["ConnectionToken"],
                "connectionData": DATA,
            }
            socket = await session.ws_connect(f"{sandbox.url}/signalr/connect", params=query)
            await socket.send_json({"H": "notifyme", "M": "Subscribe", "A": [code], "I": 0})
        async with socket:
            async for message in socket:
                frame = message.json()
                if "G" in frame:
                    ready.release()
                heard += statuses(frame) if "M" in frame else []
                if heard and heard[-1] == "closeConnection":
                    break
        return heard

    async with aiohttp.ClientSession(connector=connector) as session:
        crowd = [asyncio.create_task(subscriber(session)) for _ in range(1000)]
        for _ in crowd:
            await ready.acquire()
        for _ in HAPPY:
            await asyncio.to_thread(sandbox.advance, 8)
        return await asyncio.gather(*crowd)
