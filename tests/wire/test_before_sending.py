"""`before_sending`: the last word before a byte leaves, over every transport."""

import pytest

from buzzeasy_soap import ConfigurationError, Confirmation, LeaseExpired, Outcome, Retry
from tests.support import scripted
from tests.support.clients import KINDS, SESSIONS, open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, place

every_way = pytest.mark.parametrize(
    "kind", [kind for kind in [*KINDS, *SESSIONS] if not kind.startswith("rest")]
)


class Gate:
    """Lets a number of checks pass, and none after."""

    def __init__(self, passing: int) -> None:
        self.passing, self.asked = passing, 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked > self.passing:
            raise LeaseExpired("too late")


@every_way
@pytest.mark.parametrize("warm", [False, True], ids=["a new connection", "a kept one"])
def test_what_it_raises_stops_the_call_unsent(kind: str, warm: bool) -> None:
    with ScriptedServer((ANSWER,)) as server, open_client(kind, server.endpoints) as client:
        if warm:
            place(client)
        gate = Gate(1000)
        assert place(client.with_options(before_sending=gate)) == Confirmation("BZ1")
        checks, sent = gate.asked, len(server.received)
        assert checks >= 2
        for passing in range(checks):
            with pytest.raises(LeaseExpired) as caught:
                place(client.with_options(before_sending=Gate(passing)))
            assert caught.value.outcome is Outcome.NOT_SENT
            assert caught.value.callback_request is None
            assert caught.value.operation == "RequestCallWhenAvailable"
        assert len(server.received) == sent
        assert place(client) == Confirmation("BZ1")


@every_way
def test_it_is_asked_before_each_attempt(kind: str) -> None:
    """A read that is repeated asks again: the time between two attempts counts too."""
    with ScriptedServer((scripted.close(),)) as server, open_client(kind, server.endpoints) as client:
        gate = Gate(1000)
        with pytest.raises(Exception, match=r"lost|closed"):
            client.with_options(before_sending=gate, retry=Retry(attempts=1)).get_ewt_by_service_id()
        each = gate.asked
        with pytest.raises(LeaseExpired):
            client.with_options(
                before_sending=Gate(each), retry=Retry(first_wait=0.01)
            ).get_ewt_by_service_id()
        assert len(server.received) == 2


@pytest.mark.parametrize("kind", ["soap", "soap-async"])
@pytest.mark.parametrize("wrong", ["now", 5])
def test_only_a_callable_is_taken(kind: str, wrong: object, endpoints) -> None:
    with open_client(kind, endpoints) as client, pytest.raises(ConfigurationError, match="before_sending"):
        client.with_options(before_sending=wrong)
