"""The client's protocol without a socket: addresses, frames, and when to act next."""

import json
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzzeasy_soap.errors import ProtocolError
from buzzeasy_soap.events.protocol import Action, Connection, Due, HubCall

TERMS = {
    "Url": "/signalr",
    "ConnectionToken": "a+b/c==",
    "ConnectionId": "5e1b",
    "KeepAliveTimeout": 20.0,
    "DisconnectTimeout": 30.0,
    "ConnectionTimeout": 110.0,
    "TryWebSockets": True,
    "ProtocolVersion": "1.4",
    "TransportConnectTimeout": 5.0,
    "LongPollDelay": 0.0,
}


def negotiated(now: float = 0.0, **others: object) -> Connection:
    connection = Connection("http://127.0.0.1:8064", ["NotifyMe"])
    connection.negotiated(json.dumps({**TERMS, **others}), now)
    return connection


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_negotiating_asks_for_1_4_and_names_the_hub_in_lower_case() -> None:
    url = Connection("http://127.0.0.1:8064/", ["NotifyMe"]).negotiate_url()
    assert url.startswith("http://127.0.0.1:8064/signalr/negotiate?")
    assert query(url) == {"clientProtocol": "1.4", "connectionData": '[{"name":"notifyme"}]'}


def test_tokens_are_percent_encoded() -> None:
    connection = negotiated()
    connection.receive('{"C":"d-1 2","G":"g+/=","M":[]}', 0)
    url = connection.reconnect_url("serverSentEvents")
    assert "connectionToken=a%2Bb%2Fc%3D%3D" in url
    assert "groupsToken=g%2B%2F%3D" in url
    assert "messageId=d-1%202" in url


def test_a_web_socket_has_an_address_of_its_own_kind() -> None:
    assert negotiated().connect_url("webSockets").startswith("ws://127.0.0.1:8064/signalr/connect?")
    secure = Connection("https://example.com/x", ["NotifyMe"])
    secure.negotiated(json.dumps(TERMS), 0)
    assert secure.connect_url("webSockets").startswith("wss://example.com/x/signalr/connect?")
    assert secure.start_url("webSockets").startswith("https://example.com/x/signalr/start?")


def test_the_last_message_id_and_groups_token_go_with_each_resumption() -> None:
    connection = negotiated()
    for frame in ('{"C":"1","S":1,"M":[]}', '{"C":"2","G":"g1","M":[]}', '{"C":"3","G":"g2","M":[]}', "{}"):
        connection.receive(frame, 0)
    for url in (connection.poll_url(), connection.reconnect_url("webSockets")):
        assert query(url)["messageId"] == "3"
        assert query(url)["groupsToken"] == "g2"
    assert "messageId" not in query(connection.connect_url("longPolling"))


def test_without_a_groups_token_resuming_would_hear_nothing() -> None:
    connection = negotiated()
    connection.receive('{"C":"1","S":1,"M":[]}', 0)
    assert not connection.can_resume
    connection.receive('{"C":"2","G":"g","M":[]}', 0)
    assert connection.can_resume
    connection.negotiated(json.dumps(TERMS), 0)
    assert not connection.can_resume


def test_invocations_are_numbered_and_results_come_back_as_text() -> None:
    connection = negotiated()
    connection.invocation("NotifyMe", "Subscribe", "BZ1")
    number, text = connection.invocation("NotifyMe", "Subscribe", "BZ2")
    assert json.loads(text) == {"H": "notifyme", "M": "Subscribe", "A": ["BZ2"], "I": 1}
    result = connection.receive('{"I":"1"}', 0).result
    assert result is not None
    assert result.id == number
    assert result.error is None


def test_errors_of_the_hub() -> None:
    result = negotiated().receive('{"I":"4","H":true,"E":"hub boom","D":{"code":42}}', 0).result
    assert result is not None
    assert (result.error, result.is_hub_exception, result.error_data) == ("hub boom", True, {"code": 42})


def test_calls_are_read_and_progress_is_skipped() -> None:
    frame = negotiated().receive(
        '{"C":"1","M":[{"I":"P|9","P":{"I":"9","D":10}},{"H":"NotifyMe","M":"updateStatus","A":["BZ1","X"],"S":{}}]}',
        0,
    )
    assert frame.calls == (HubCall("NotifyMe", "updateStatus", ("BZ1", "X")),)
    assert frame.calls[0].is_to("NOTIFYME", "UpdateStatus")


@pytest.mark.parametrize(
    ("version", "is_fine"),
    [
        ("1.2", True),
        ("1.4", True),
        ("2.0", True),
        ("1.1", False),
        ("2.1", False),
        ("x", False),
        (None, False),
    ],
)
def test_versions_that_we_speak(version: str | None, is_fine: bool) -> None:
    if is_fine:
        negotiated(ProtocolVersion=version)
    else:
        with pytest.raises(ProtocolError):
            negotiated(ProtocolVersion=version)


def test_the_connection_token_is_not_shown() -> None:
    assert "a+b" not in repr(negotiated().terms)
    with pytest.raises(ProtocolError) as caught:
        negotiated(KeepAliveTimeout="soon")
    assert "a+b" not in str(caught.value)


# When to act next


def test_silence_is_counted_from_the_last_message() -> None:
    connection = negotiated(now=100.0)
    assert connection.due("serverSentEvents", 100.0) == Due(120.0, Action.RECONNECT)
    connection.receive("{}", 115.0)
    assert connection.due("serverSentEvents", 100.0) == Due(135.0, Action.RECONNECT)


def test_without_keep_alives_silence_is_the_connection_timeout_and_some() -> None:
    assert negotiated(KeepAliveTimeout=None).due("webSockets", 0.0) == Due(120.0, Action.RECONNECT)


def test_a_poll_may_be_silent_for_as_long_as_the_service_holds_it() -> None:
    assert negotiated().due("longPolling", 50.0) == Due(170.0, Action.RECONNECT)


def test_a_ping_is_due_every_five_minutes() -> None:
    connection = negotiated()
    connection.receive("{}", 295.0)
    assert connection.due("webSockets", 0.0) == Due(300.0, Action.PING)
    connection.pinged(300.0)
    connection.receive("{}", 590.0)
    assert connection.due("webSockets", 0.0) == Due(600.0, Action.PING)


def test_giving_up_counts_from_the_first_loss_until_recovered() -> None:
    connection = negotiated()
    connection.lost(10.0)
    connection.lost(25.0)
    assert connection.give_up_at == 40.0
    assert connection.due("webSockets", 39.0) == Due(40.0, Action.GIVE_UP)
    connection.receive("{}", 30.0)
    assert connection.give_up_at == 40.0
    connection.recovered()
    assert connection.give_up_at is None


# Whatever comes

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
frames = st.dictionaries(
    st.sampled_from(["C", "S", "T", "G", "L", "M", "I", "R", "E", "H", "D"]), json_values
)
calls = st.builds(
    HubCall, hub=st.text(), method=st.text(), arguments=st.lists(st.text() | st.integers()).map(tuple)
)


@given(st.text() | st.binary() | json_values.map(json.dumps) | frames.map(json.dumps))
def test_any_message_is_read_or_refused(text: str | bytes) -> None:
    connection = negotiated()
    with suppress(ProtocolError):
        connection.receive(text, 0)
    connection.poll_url()


@given(st.text() | st.dictionaries(st.sampled_from(sorted(TERMS)), json_values).map(json.dumps))
def test_any_terms_are_read_or_refused(text: str) -> None:
    connection = Connection("http://127.0.0.1", ["NotifyMe"])
    try:
        terms = connection.negotiated(text, 0)
    except ProtocolError:
        return
    assert terms.connection_token
    assert terms.disconnect_timeout > 0


def test_a_message_of_great_depth_is_refused() -> None:
    with pytest.raises(ProtocolError):
        negotiated().receive("[" * 200_000, 0)


@given(st.lists(calls), st.none() | st.text(min_size=1), st.none() | st.text(min_size=1))
def test_what_a_server_writes_is_what_is_read(
    sent: list[HubCall], cursor: str | None, groups: str | None
) -> None:
    items = [{"H": call.hub, "M": call.method, "A": list(call.arguments)} for call in sent]
    members = {"C": cursor, "G": groups, "M": items}
    connection = negotiated()
    frame = connection.receive(json.dumps({k: v for k, v in members.items() if v is not None}), 0)
    assert list(frame.calls) == sent
    assert query(connection.poll_url()).get("groupsToken") == groups
