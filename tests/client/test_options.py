"""Every option of a client: checked where it is given, named in the error, and sent as it was meant."""

import asyncio
import datetime as dt
import secrets
import traceback
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buzzeasy_soap import (
    TLS,
    AsyncBuzzeasyClient,
    BuzzeasyClient,
    BuzzeasyError,
    ConfigurationError,
    Endpoints,
    Retry,
    Secret,
    Timeout,
)
from buzzeasy_soap.events import AsyncEventStream, EventStream, EventTimeouts, watch
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.transports import AiohttpTransport, RequestsTransport
from tests.security.leaks import shown_by, told_by
from tests.support import scripted
from tests.support.clients import KINDS, open_client
from tests.support.scripted import ScriptedServer
from tests.wire.test_transports import ANSWER, open_warm, place

ACCOUNT = {"endpoints": Endpoints.sandbox(1), "company": 1, "password": "P@ssword", "service_queue": 1}


async def coroutine_hook(_: object) -> None: ...


class Closes:
    def close(self) -> None: ...


WRONG = {
    "endpoints": ["http://127.0.0.1:8064", None, 5],
    "company": ["1", None, 1.0, True],
    "password": ["", None, 5, b"P@ssword"],
    "service_queue": ["1", 1.5, True],
    "protocol": ["SOAP", None, 5, ["soap"]],
    "engine": ["lxml", None, 5, object()],
    "wsdl": [5, b"wsdl", "/no/such/folder"],
    "transport": ["httpx", None, 5, object(), Closes()],
    "timeout": [None, 0, -1, "5", True, float("nan"), float("inf"), dt.timedelta(seconds=5), (1, 2)],
    "retry": [3, None, "3", 0, False],
    "timezone": [None, 5, "Mars"],
    "rest_dates": ["iso", None],
    "reference_field": [0, 11, "3", True],
    "max_reply_bytes": [0, "16", None, 1.5],
    "tls": ["/ca.pem", None, False, Path("/ca.pem")],
    "proxy": [
        *("http://me:a/b@proxy:1", "http://me:a?b@proxy:1", "http://me:a#b@proxy:1", "http://proxy:1/x"),
        *("socks5://proxy:1",),
        "",
        "ftp://proxy:1",
        "http://",
        5,
        b"http://proxy:1",
        "http://proxy:port",
    ],
    "headers": [
        "User-Agent: x",
        None,
        {"SOAPAction": "x"},
        {"content-type": "text/xml"},
        {"HOST": "x"},
        {"Content-Length": "1"},
        {"Bad Name": "x"},
        {"": "x"},
        {5: "x"},
        {"X-Key": 5},
        {"X-Key": ""},
        {"X-Key": " "},
        {"X-Key": "a\r\nHost: b"},
        {"X-Key": "é"},
        {"X-Key": "1", "x-key": "2"},
    ],
    "allow_insecure": ["false", 1, None],
    "hooks": [print, "print", None, [5], [coroutine_hook]],
}


@pytest.mark.parametrize("make", [BuzzeasyClient, AsyncBuzzeasyClient])
@pytest.mark.parametrize("option", WRONG)
def test_a_wrong_option_is_refused_by_name_in_the_constructor(make: Any, option: str) -> None:
    for value in WRONG[option]:
        with pytest.raises(ConfigurationError, match=option):
            make(**{**ACCOUNT, option: value})


def test_a_transport_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="transport"):
        BuzzeasyClient(**ACCOUNT, transport=AiohttpTransport())
    with pytest.raises(ConfigurationError, match="transport"):
        AsyncBuzzeasyClient(**ACCOUNT, transport=RequestsTransport())


@pytest.mark.parametrize("make", [BuzzeasyClient, AsyncBuzzeasyClient])
@pytest.mark.parametrize("option", ["timeout", "retry", "service_queue", "password"])
def test_a_wrong_option_of_a_view_is_refused_by_name(make: Any, option: str) -> None:
    client = make(**ACCOUNT)
    for value in WRONG[option]:
        if value is not None:
            with pytest.raises(ConfigurationError, match=option):
                client.with_options(**{option: value})


@pytest.mark.parametrize("stream", [EventStream, AsyncEventStream])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("transport", "sse"),
        ("timeouts", 5),
        ("tls", "/ca.pem"),
        ("proxy", 5),
        ("proxy", "socks5://proxy:1"),
        ("allow_insecure", "no"),
    ],
)
def test_a_wrong_option_of_a_stream_is_refused_by_name(stream: Any, option: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=option):
        stream("http://127.0.0.1:1", **{option: value})


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Timeout("5"), "total"),
        (lambda: Timeout(connect=None), "connect"),
        (lambda: EventTimeouts(reply=0), "reply"),
        (lambda: Retry("3"), "attempts"),
        (lambda: Retry(budget=-1), "budget"),
        (lambda: TLS(5), "certificate"),
        (lambda: TLS(ca_bundle="/no/such.pem"), "ca_bundle"),
        (lambda: next(watch("http://127.0.0.1:1", "BZ1", timeout="5")), "timeout"),
        (lambda: next(watch("http://127.0.0.1:1", "BZ1", timeout=-1)), "timeout"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(make: Callable[[], object], name: str) -> None:
    with pytest.raises(BuzzeasyError, match=name):
        make()


def test_a_number_is_a_timeout_in_all() -> None:
    assert Timeout(5) == Timeout(total=5)
    with (
        ScriptedServer((ANSWER, scripted.silence())) as server,
        open_warm("soap", server, 0.4) as client,
        pytest.raises(TimeoutError) as caught,
    ):
        place(client)
    assert caught.value.phase == "read"


@pytest.mark.parametrize("kind", KINDS)
def test_headers_go_out_with_each_request_and_are_not_shown(kind: str) -> None:
    key = secrets.token_hex(12)
    headers = {"User-Agent": "shop/2.1", "X-Api-Key": key, "ACCEPT": "text/xml"}
    records: list[object] = []
    echo = (
        lambda request: scripted.http(str(request.headers).encode(), status=502, content_type="text/html"),
    )

    def reply(sock: object, request: Any) -> bool:
        return echo[0](request)(sock, request)

    with (
        ScriptedServer((reply,)) as server,
        open_client(kind, server.endpoints, headers=headers, hooks=[records.append]) as client,
    ):
        with pytest.raises(BuzzeasyError) as caught:
            place(client)
        [request] = server.received
        assert request.headers["user-agent"] == "shop/2.1"
        assert request.headers["x-api-key"] == key
        assert request.headers["accept"] == "text/xml"
        inner = getattr(client, "_client", client)
        shown = [*told_by(caught.value), *map(repr, records), *shown_by(inner, inner._delivery.policy)]
    assert key not in str(shown)
    assert "***" in str(caught.value)
    assert "X-Api-Key" in repr(inner._delivery.policy)


@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-async", "rest", "rest-async"])
def test_every_request_goes_through_the_proxy_and_errors_show_no_more_than_its_host(kind: str) -> None:
    word = secrets.token_hex(12)
    with ScriptedServer((ANSWER, scripted.close())) as proxy:
        host = proxy.url.removeprefix("http://")
        elsewhere = Endpoints("http://buzzeasy.example/a.svc", "http://buzzeasy.example/b.svc")
        with open_client(
            kind, elsewhere, proxy=f"http://me:{word}@{host}", allow_insecure=True, retry=Retry(1)
        ) as client:
            if not kind.startswith("rest"):
                assert place(client).code == "BZ1"
            with pytest.raises(BuzzeasyError) as caught:
                place(client), place(client)
            inner = getattr(client, "_client", client)
            shown = [*told_by(caught.value), *shown_by(inner, inner._delivery.transport)]
        assert proxy.received[0].path.startswith("http://buzzeasy.example/a.svc")
    assert word not in str(shown)
    assert word not in repr(client)


def test_a_proxy_goes_to_a_transport_of_one_s_own() -> None:
    with pytest.raises(ConfigurationError, match="RequestsTransport"):
        BuzzeasyClient(**ACCOUNT, transport=RequestsTransport(), proxy="http://proxy:3128")


@pytest.mark.parametrize("kind", ["soap", "rest", "soap-zeep", "soap-async"])
def test_a_view_has_a_new_password_and_the_client_keeps_its_own(kind: str) -> None:
    with Sandbox() as sandbox, open_client(kind, Endpoints.sandbox(sandbox.port), password="old") as client:
        view = client.with_options(password="P@ssword")
        assert view.get_ewt_by_service_id() >= dt.timedelta()
        assert client.with_options(password=Secret("P@ssword")).get_ewt_by_service_id() >= dt.timedelta()
        with pytest.raises(BuzzeasyError):
            client.get_ewt_by_service_id()


# The environment -------------------------------------------------------------------------------------

ENVIRONMENT = {
    "BUZZEASY_CALLBACK_URL": "http://127.0.0.1:1/a.svc",
    "BUZZEASY_INFO_URL": "http://127.0.0.1:1/b.svc",
    "BUZZEASY_COMPANY": "1",
}


@pytest.mark.parametrize("make", [BuzzeasyClient, AsyncBuzzeasyClient])
def test_the_password_can_stand_in_a_file(make: Any, tmp_path: Path) -> None:
    word = secrets.token_hex(12)
    file = tmp_path / "password"
    for text, password in ((word, word), (f"{word}\n", word), (f" {word} \r\n", f" {word} ")):
        file.write_text(text, newline="")
        client = make.from_env(ENVIRONMENT | {"BUZZEASY_PASSWORD_FILE": str(file)})
        assert client._adapter.password == Secret(password)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", None])
def test_a_password_file_that_holds_none_is_refused_by_name(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="BUZZEASY_PASSWORD_FILE"):
        BuzzeasyClient.from_env(ENVIRONMENT | {"BUZZEASY_PASSWORD_FILE": str(file)})


def test_two_passwords_are_refused() -> None:
    both = {"BUZZEASY_PASSWORD": "x", "BUZZEASY_PASSWORD_FILE": "/x"}
    with pytest.raises(ConfigurationError, match="not both"):
        BuzzeasyClient.from_env(ENVIRONMENT | both)


def test_options_stand_beside_the_environment_and_override_it() -> None:
    records: list[object] = []
    transport = RequestsTransport()
    variables = ENVIRONMENT | {"BUZZEASY_TIMEOUT": "7"}
    client = BuzzeasyClient.from_env(
        variables, password="x", reference_field=3, hooks=[records.append], transport=transport, timeout=5
    )
    assert client._delivery.policy.timeout == Timeout(5)
    assert client._adapter.reference_field == 3
    assert asyncio.run(_closed(AsyncBuzzeasyClient.from_env(variables, password="x"))).timeout == Timeout(7)
    assert BuzzeasyClient.from_env({**variables, "BUZZEASY_TIMEOUT": "x"}, password="x", timeout=1)
    with pytest.raises(ConfigurationError, match="BUZZEASY_COMPANY"):
        BuzzeasyClient.from_env({**variables, "BUZZEASY_COMPANY": "1_000"}, password="x")
    with pytest.raises(TypeError, match="colour"):
        BuzzeasyClient.from_env(variables, password="x", colour="red")


async def _closed(client: AsyncBuzzeasyClient) -> Any:
    await client.close()
    return client._delivery.policy


# Secrets in tracebacks -------------------------------------------------------------------------------

WORD = secrets.token_hex(12)
SECRETS = {"password": WORD, "proxy": f"http://me:{WORD}@127.0.0.1:1", "headers": {"X-Key": WORD}}
FAILING = {
    "another option": {"timeout": 0},
    "no proxy": {"proxy": f"ftp://me:{WORD}@127.0.0.1:1"},
    "no port": {"proxy": f"http://me:{WORD}@127.0.0.1:port"},
    "no header": {"headers": {"X-Key": f"{WORD}\n"}},
    "a reserved header": {"headers": {"Host": WORD}},
    "an own transport": {"transport": RequestsTransport()},
    "no transport": {"transport": "carrier pigeon"},
}


@pytest.mark.parametrize("make", [BuzzeasyClient, AsyncBuzzeasyClient])
@pytest.mark.parametrize("how", ["constructor", "from_env"])
@pytest.mark.parametrize("case", FAILING)
def test_a_client_that_cannot_be_made_shows_no_secret(make: Any, how: str, case: str) -> None:
    options = {**SECRETS, **FAILING[case]}
    with pytest.raises(ConfigurationError) as caught:
        if how == "constructor":
            make(endpoints=Endpoints.sandbox(1), company=1, **options)
        else:
            make.from_env(ENVIRONMENT, **options)
    assert WORD not in "".join(told_by(caught.value))


@pytest.mark.parametrize("make", [BuzzeasyClient, AsyncBuzzeasyClient])
def test_a_view_that_cannot_be_made_shows_no_secret(make: Any) -> None:
    client = make(**ACCOUNT)
    with pytest.raises(ConfigurationError) as caught:
        client.with_options(password=WORD, timeout=0)
    assert WORD not in "".join(told_by(caught.value))


@pytest.mark.parametrize("stream", [EventStream, AsyncEventStream])
@pytest.mark.parametrize("scheme", ["ftp", "socks5"])
def test_a_stream_that_cannot_be_made_shows_no_secret(stream: Any, scheme: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stream("http://127.0.0.1:1", proxy=f"{scheme}://me:{WORD}@127.0.0.1:1")
    assert WORD not in "".join(told_by(caught.value))


# What a reply quotes of headers and proxies ----------------------------------------------------------

QUOTED = {
    "a bearer token": {"Authorization": f"Bearer {WORD}"},
    "basic credentials": {"Authorization": f"Basic {b64encode(f'me:{WORD}'.encode()).decode()}"},
}


@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-async", "rest"])
@pytest.mark.parametrize("case", QUOTED)
def test_no_error_quotes_a_part_of_a_header(kind: str, case: str) -> None:
    page = scripted.http(f"<html>token {WORD} of me:{WORD}</html>", status=403, content_type="text/html")
    with (
        ScriptedServer((page,)) as server,
        open_client(kind, server.endpoints, headers=QUOTED[case]) as client,
        pytest.raises(BuzzeasyError) as caught,
    ):
        place(client)
    assert WORD not in "".join(told_by(caught.value))


@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-async", "rest"])
def test_no_error_quotes_the_credentials_of_a_proxy(kind: str) -> None:
    pair = b64encode(f"me:{WORD}".encode()).decode()
    page = scripted.http(f"<html>denied: Basic {pair}, {WORD}</html>", status=403, content_type="text/html")
    elsewhere = Endpoints("http://buzzeasy.example/a.svc", "http://buzzeasy.example/b.svc")
    with ScriptedServer((page,)) as proxy:
        address = proxy.url.replace("http://", f"http://me:{WORD}@")
        with (
            open_client(kind, elsewhere, proxy=address, allow_insecure=True) as client,
            pytest.raises(BuzzeasyError) as caught,
        ):
            place(client)
    shown = "".join(told_by(caught.value))
    assert "denied" in shown and WORD not in shown and pair not in shown


def test_a_client_that_was_never_made_has_a_repr() -> None:
    with pytest.raises(ConfigurationError) as caught:
        BuzzeasyClient(**ACCOUNT | {"timeout": 0})
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "<BuzzeasyClient>" in "".join(frames.format())
