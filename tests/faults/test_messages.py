"""What an error says: which of the two services, through which proxy, and what to change."""

import contextlib
from collections.abc import Iterator

import pytest

from buzzeasy_soap import TLS, BuzzeasyError, Endpoints, Outcome, Retry
from tests.faults.conftest import Certificates
from tests.faults.faults import speak_plainly
from tests.support import scripted
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import OWN, place

ALL = [*OWN, "rest", "rest-async"]
ONCE = {"retry": Retry(1), "allow_insecure": True}


def error_of(call, client) -> BuzzeasyError:
    with pytest.raises(BuzzeasyError) as caught:
        call(client)
    return caught.value


@pytest.mark.parametrize("kind", ALL)
def test_a_refused_connection_names_the_host_and_the_setting(kind: str) -> None:
    endpoints = Endpoints("http://127.0.0.1:1/a.svc", "http://127.0.0.1:2/b.svc")
    with open_client(kind, endpoints, **ONCE) as client:
        assert str(error_of(place, client)).startswith("127.0.0.1:1 (callback_url): no connection: ")
        found = error_of(lambda c: c.get_call_data_by_pin("1"), client)
        assert str(found).startswith("127.0.0.1:2 (info_url): no connection: ")


@pytest.mark.parametrize("kind", ALL)
def test_a_lost_or_late_reply_names_them_too(kind: str) -> None:
    with ScriptedServer((scripted.close(), scripted.silence())) as server:
        with open_client(kind, server.endpoints, **ONCE, timeout=0.3) as client:
            for _ in range(2):
                assert "(callback_url): " in str(error_of(place, client))


@pytest.mark.parametrize("kind", ALL)
def test_a_proxy_that_was_used_is_named(kind: str) -> None:
    endpoints = Endpoints("http://buzzeasy.example/a.svc", "http://buzzeasy.example/b.svc")
    options = {} if kind == "soap-session" else {"proxy": "http://127.0.0.1:1"}
    with proxy_of_environment() if not options else contextlib.nullcontext():
        with open_client(kind, endpoints, **ONCE, **options) as client:
            shown = str(error_of(place, client))
    assert shown.startswith("buzzeasy.example (callback_url) through the proxy 127.0.0.1:1: ")


@contextlib.contextmanager
def proxy_of_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("http_proxy", "http://127.0.0.1:1")
        patch.setenv("no_proxy", "")
        yield


@pytest.mark.parametrize("kind", OWN)
def test_a_private_authority_says_how_to_trust_it(kind: str, certificates: Certificates) -> None:
    for name, hinted in (("trusted", True), ("of another name", False)):
        with ScriptedServer((scripted.close(),), tls=certificates.contexts[name]) as server:
            endpoints = Endpoints(*[f"https://localhost:{server.port}/S.svc"] * 2)
            tls = TLS() if hinted else certificates.tls
            with open_client(kind, endpoints, **ONCE, tls=tls) as client:
                error = error_of(place, client)
        assert error.outcome is Outcome.NOT_SENT
        assert ("BUZZEASY_CA_BUNDLE" in str(error) and "TLS(ca_bundle=" in str(error)) == hinted, str(error)


@pytest.mark.parametrize("kind", OWN)
def test_https_to_a_port_without_tls_says_so(kind: str) -> None:
    with ScriptedServer((scripted.close(),), before_reading=speak_plainly) as server:
        endpoints = Endpoints(*[f"https://localhost:{server.port}/S.svc"] * 2)
        with open_client(kind, endpoints, **ONCE) as client:
            assert "does not speak TLS" in str(error_of(place, client))


@pytest.mark.parametrize("kind", ALL)
def test_a_404_hints_at_the_address_and_leaves_the_outcome_unknown(kind: str) -> None:
    page = scripted.http(b"<html>no such page</html>", status=404, content_type="text/html")
    with ScriptedServer((page,)) as server, open_client(kind, server.endpoints, **ONCE) as client:
        error = error_of(place, client)
        assert f"Is callback_url right? It is {server.endpoints.callback_url}" in str(error)
    assert error.outcome is Outcome.UNKNOWN
    assert error.callback_request is not None
