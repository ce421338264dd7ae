"""The client with hubs that are not ours: old, odd, and broken ones."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import web
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from buzzeasy_soap import CallStatus, errors
from buzzeasy_soap.events import EventStream, EventTimeouts, channel, replay, watch
from buzzeasy_soap.events.protocol import Connection
from tests.events.followers import HASTY
from tests.events.scripted_hub import TERMS, ScriptedHub, call

INIT = {"C": "1", "S": 1, "M": []}
JOINED = {"C": "2", "G": "g", "M": []}


def says(*calls: dict[str, object], cursor: str = "3") -> dict[str, Any]:
    return {"C": cursor, "M": list(calls)}


def status(text: str, code: str = "BZ1") -> dict[str, object]:
    return call("updateStatus", code, text)


def told(hub: ScriptedHub, **settings: Any) -> list[str]:
    settings = {"transport": "serverSentEvents", "timeouts": HASTY, **settings}
    return [str(update.status) for update in watch(hub.url, "BZ1", **settings)]


@pytest.mark.parametrize("method", ["updateStatus", "UpdateStatus", "UPDATESTATUS"])
def test_method_names_match_without_case(method: str) -> None:
    final = call(method, "BZ1", "CallFailed")
    with ScriptedHub([INIT, JOINED, says({**final, "H": "notifyme"})]) as hub:
        assert told(hub) == ["CallFailed"]


def test_an_unknown_status_reaches_the_user_as_itself() -> None:
    with ScriptedHub([INIT, JOINED, says(status("OnHold"), call("CloseConnection"))]) as hub:
        (update,) = watch(hub.url, "BZ1")
        assert update.status == "OnHold"
        assert not isinstance(update.status, CallStatus)


def test_a_hub_with_other_methods_and_more_arguments() -> None:
    frame = says(
        call("hello"), call("updateStatus", "BZ1", "CallSucceeded", {"more": 1}), {"I": "P|1", "P": {}}
    )
    with ScriptedHub([INIT, JOINED, frame]) as hub:
        assert told(hub) == ["CallSucceeded"]


def test_close_connection_after_one_of_two_calls_leaves_the_other() -> None:
    frames = [
        INIT,
        JOINED,
        says(status("CallSucceeded", "BZ1"), call("closeConnection")),
        says(status("CallingUser", "BZ2")),
        says(status("CallFailed", "BZ2"), call("closeConnection")),
    ]
    with ScriptedHub([frames[0], frames[1], 0.3, *frames[2:]]) as hub:
        with EventStream(hub.url, transport="serverSentEvents") as stream:
            stream.subscribe("BZ1")
            stream.subscribe("BZ2")
            assert [str(update.status) for update in stream] == ["CallSucceeded", "CallingUser", "CallFailed"]


# Where the connection breaks


def test_resuming_a_connection_that_the_service_has_done_with_is_no_endless_loop() -> None:
    """It answers 200, `initialized`, and ends, each time: only a new connection helps."""
    streams = [
        [INIT, JOINED, says(status("CallingUser"))],
        [],
        [],
        [INIT, JOINED, says(status("CallFailed"))],
    ]
    with ScriptedHub(*streams) as hub:
        assert told(hub) == ["CallingUser", "CallFailed"]
        assert hub.asked.count("reconnect") == 2
        assert hub.asked.count("negotiate") == 2


def test_a_network_that_breaks_again_and_again_loses_nothing() -> None:
    """A new connection would not be told what was missed: as long as resuming can work, it must."""
    streams = [
        [INIT, JOINED, says(status("CallingUser"))],
        *[[None]] * 5,
        [says(status("UserConnected"), cursor="4"), says(status("CallFailed"), cursor="5")],
    ]
    with ScriptedHub(*streams) as hub:
        assert told(hub) == ["CallingUser", "UserConnected", "CallFailed"]
        assert hub.asked.count("negotiate") == 1


def test_a_poll_that_a_gateway_answers_is_resumed() -> None:
    """While the service restarts behind it, say: the connection may still be good."""
    polls: Iterator[Any] = iter([JOINED, says(status("CallingUser")), None])
    resumed: Iterator[Any] = iter([None, None, None, says(status("CallFailed"))])

    def answer(messages: Iterator[Any]) -> web.Response:
        message = next(messages)
        return web.Response(status=503) if message is None else web.Response(text=json.dumps(message))

    with ScriptedHub(
        [],
        connect=lambda: web.Response(text=json.dumps(INIT)),
        poll=lambda: answer(polls),
        reconnect=lambda: answer(resumed),
    ) as hub:
        assert told(hub, transport="longPolling") == ["CallingUser", "CallFailed"]
        assert hub.asked.count("negotiate") == 1


def test_a_connection_that_only_breaks_is_replaced_in_the_end() -> None:
    streams = [
        [INIT, JOINED, says(status("CallingUser"))],
        *[[None]] * channel._PATIENCE,
        [INIT, JOINED, says(status("CallFailed"))],
    ]
    with ScriptedHub(*streams) as hub:
        assert told(hub) == ["CallingUser", "CallFailed"]
        assert hub.asked.count("negotiate") == 2


def test_a_service_that_always_ends_its_streams_is_lost() -> None:
    with ScriptedHub([]) as hub:
        hub.streams = [[INIT, JOINED, says(status("CallingUser"))], []]
        with pytest.raises(errors.EventStreamLost):
            told(hub, timeouts=EventTimeouts(reconnect_delay=0.2))
        assert len(hub.asked) < 80


def test_a_refused_reconnection_is_replaced() -> None:
    streams = [[INIT, JOINED, says(status("CallingUser"))], [INIT, JOINED, says(status("CallFailed"))]]
    with ScriptedHub(*streams, reconnect=web.Response(status=400)) as hub:
        assert told(hub) == ["CallingUser", "CallFailed"]


@pytest.mark.parametrize("is_repeated", [True, False])
def test_a_rescheduled_call_on_a_new_connection(is_repeated: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the hub tells the past again or not, what is new looks the same as what has been."""
    attempt = [status("CallingUser"), status("CallingUserFailed"), status("Rescheduled")]
    past = [says(*attempt)] if is_repeated else []
    monkeypatch.setattr(channel, "_LISTEN", 0.2)
    monkeypatch.setattr(replay, "SETTLE", 0.2)
    pauses = 0.6  # of listening: what a hub repeats comes at once
    streams = [
        [INIT, JOINED, says(*attempt)],
        [
            INIT,
            JOINED,
            *past,
            pauses,
            says(attempt[0]),
            pauses,
            says(*attempt[1:]),
            says(status("CallFailed")),
        ],
    ]
    with ScriptedHub(*streams, reconnect=web.Response(status=400)) as hub:
        names = ["CallingUser", "CallingUserFailed", "Rescheduled"]
        assert told(hub) == [*names, *names, "CallFailed"]


def test_without_a_groups_token_it_does_not_resume() -> None:
    streams = [[INIT, says(status("CallingUser"))], [INIT, JOINED, says(status("CallFailed"))]]
    with ScriptedHub(*streams) as hub:
        assert told(hub) == ["CallingUser", "CallFailed"]
        assert "reconnect" not in hub.asked


def test_a_message_that_cannot_be_read_gets_a_new_connection() -> None:
    streams = [[INIT, JOINED, {"M": "what?"}], [INIT, JOINED, says(status("CallFailed"))]]
    with ScriptedHub(*streams) as hub:
        assert told(hub) == ["CallFailed"]
        assert "reconnect" not in hub.asked


def test_a_hub_that_refuses_to_subscribe_us_again() -> None:
    answers = iter(['{"I":"0"}', '{"I":"0","E":"no"}'])
    with ScriptedHub(
        [INIT, JOINED], [INIT, JOINED], send=lambda: next(answers), reconnect=web.Response(status=400)
    ) as hub:
        with pytest.raises(errors.EventStreamLost, match="no"):
            told(hub)


# What goes wrong at the start is told as it is


def test_a_hub_error_is_a_service_fault() -> None:
    with ScriptedHub([INIT], send='{"I":"0","H":true,"E":"unknown code","D":{"x":1}}') as hub:
        with pytest.raises(errors.ServiceFault, match="unknown code") as caught:
            told(hub)
        assert caught.value.code == "HubException"


def test_an_unknown_hub_is_500() -> None:
    with ScriptedHub([INIT], send=web.Response(status=500, text="<h1>Server Error</h1>")) as hub:
        with pytest.raises(errors.ProtocolError) as caught:
            told(hub)
        assert caught.value.status == 500


@pytest.mark.parametrize(
    "reply",
    [
        "<html>",
        json.dumps({**TERMS, "ConnectionToken": None}),
        json.dumps({**TERMS, "ProtocolVersion": "3.0"}),
        web.Response(status=404, text="Not found"),
        web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_negotiating_goes_wrong(reply: object) -> None:
    with ScriptedHub([INIT], negotiate=lambda: reply) as hub:
        with pytest.raises(errors.ProtocolError):
            told(hub)
        assert hub.asked == ["negotiate"]


def test_a_start_that_fails_is_the_end() -> None:
    with ScriptedHub([INIT], start="no") as hub:
        with pytest.raises(errors.ProtocolError, match="did not start"):
            told(hub, transport="auto")


def test_transports_are_tried_in_order() -> None:
    with ScriptedHub([INIT, JOINED, says(status("CallFailed"))]) as hub:
        assert told(hub, transport="auto") == ["CallFailed"]
        assert hub.asked[:3] == ["negotiate", "connect webSockets", "connect serverSentEvents"]


def test_a_transport_that_is_not_offered_is_not_tried() -> None:
    with ScriptedHub([INIT, JOINED, says(status("CallFailed"))], terms={"TryWebSockets": False}) as hub:
        assert told(hub, transport="auto") == ["CallFailed"]
        assert hub.asked[:2] == ["negotiate", "connect serverSentEvents"]
        with pytest.raises(errors.ProtocolError, match="not offered by the service"):
            told(hub, transport="webSockets")


def test_a_transport_that_does_not_come_up_in_time_is_passed_over() -> None:
    init = web.Response(text=json.dumps(INIT))
    with ScriptedHub([says(), 60.0], connect_longPolling=init) as hub:
        with EventStream(hub.url) as stream:
            stream.subscribe("BZ1")
        assert hub.asked[1:4] == ["connect webSockets", "connect serverSentEvents", "connect longPolling"]


def test_polls_that_are_answered_at_once_with_nothing_slow_down() -> None:
    def init() -> web.Response:
        return web.Response(text=json.dumps(INIT))

    with ScriptedHub([], connect=init, poll=lambda: web.Response(text='  {"C":"1","M":[]}')) as hub:
        timeouts = EventTimeouts(reconnect_delay=0.2)
        assert told(hub, transport="longPolling", timeouts=timeouts, timeout=1.0) == []
        assert 5 < hub.asked.count("poll") < 20


def test_it_pings_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "_LISTEN", 0.1)
    monkeypatch.setattr(Connection, "ping_interval", 0.2)
    with ScriptedHub([INIT, JOINED, says()]) as hub:
        assert told(hub, timeout=1.0) == []
        assert 2 <= hub.asked.count("ping") <= 5
    with ScriptedHub([INIT, JOINED, says()], ping=web.Response(status=500)) as hub:
        assert told(hub, timeout=1.0) == []
    with ScriptedHub([INIT, JOINED, says()], ping=web.Response(status=401)) as hub:
        with pytest.raises(errors.EventStreamLost, match="denied access"):
            told(hub)


# WebSockets


@contextmanager
def web_socket_hub(handler: Any) -> Iterator[str]:
    def over_http(_: ServerConnection, request: Request) -> Response | None:
        if "/connect" in request.path or "/reconnect" in request.path:
            return None
        body = json.dumps(TERMS) if "/negotiate" in request.path else '{ "Response": "started" }'
        return Response(HTTPStatus.OK, "OK", Headers({"Content-Length": str(len(body))}), body.encode())

    with serve(handler, "127.0.0.1", 0, process_request=over_http) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_message_may_come_in_fragments() -> None:
    def handler(socket: ServerConnection) -> None:
        socket.send(json.dumps(INIT))
        number = json.loads(socket.recv())["I"]
        socket.send(json.dumps({"I": str(number)}))
        socket.send(iter(['{"C":"3","M":[', json.dumps(status("CallFailed")), "]}"]))
        for _ in socket:
            pass

    with web_socket_hub(handler) as url:
        assert [update.status for update in watch(url, "BZ1", transport="webSockets")] == ["CallFailed"]


def test_a_web_socket_that_the_service_closes_whenever_it_is_resumed_is_replaced() -> None:
    opened: list[str] = []

    def handler(socket: ServerConnection) -> None:
        assert socket.request is not None
        opened.append(socket.request.path.partition("?")[0])
        if opened[-1].endswith("/reconnect"):
            return
        socket.send(json.dumps(INIT))
        number = json.loads(socket.recv())["I"]
        socket.send(json.dumps({"I": str(number)}))
        socket.send(json.dumps(JOINED))
        if len(opened) > 1:
            socket.send(json.dumps(says(status("CallFailed"))))
            socket.recv()

    with web_socket_hub(handler) as url:
        assert [
            str(update.status) for update in watch(url, "BZ1", transport="webSockets", timeouts=HASTY)
        ] == ["CallFailed"]
    assert opened == [f"/signalr/{command}" for command in ("connect", "reconnect", "reconnect", "connect")]


def test_a_hub_that_is_not_there_answers_nothing() -> None:
    def handler(socket: ServerConnection) -> None:
        socket.send(json.dumps(INIT))
        for _ in socket:
            socket.send("{}")

    with web_socket_hub(handler) as url:
        began = time.monotonic()
        with pytest.raises(errors.RequestTimeout, match="the hub did not reply"):
            list(watch(url, "BZ1", transport="webSockets", timeouts=EventTimeouts(reply=0.3)))
        assert time.monotonic() - began < 10
