"""`buzzeasy check` against a sandbox, and against what is none."""

import base64
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import trustme
from click.testing import Result
from lxml import etree
from typer.testing import CliRunner

from buzzeasy_soap import Endpoints
from buzzeasy_soap.cli.app import app
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.conftest import Type
from tests.cli.test_command import environment, run
from tests.events.proxy import Proxy
from tests.support import scripted
from tests.support.scripted import Received, Reply, ScriptedServer
from tests.support.upstream import Upstream


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_sound_endpoint_passes_and_nothing_is_placed(
    endpoints, sandbox: Sandbox, tmp_path, protocol
) -> None:
    report = tmp_path / "report.xml"
    ran = run("check", "--json", "--junit", str(report), "--protocol", protocol, env=environment(endpoints))
    findings = {finding["name"]: finding for finding in json.loads(ran.stdout)}
    # The sandbox's clock stands in 2017, so only its Date header is the real time's.
    assert {f["result"] for f in findings.values()} == {"ok"}, findings
    assert ran.returncode == 0
    assert findings["RequestCallbackService: contract"]["detail"] == "as cached"
    assert sandbox.calls() == []
    suite = etree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == (str(len(findings)), "0")


def test_a_test_call_is_placed_where_asked_for(endpoints, sandbox: Sandbox) -> None:
    ran = run("check", "--place-test-call", "+447700900123", env=environment(endpoints))
    assert ran.returncode == 0, ran.stdout
    assert [call["phone_no"] for call in sandbox.calls()] == ["+447700900123"]


def test_wrong_credentials_fail_the_check(endpoints) -> None:
    ran = run("check", "--json", env=environment(endpoints, BUZZEASY_PASSWORD="wr0ng"))
    findings = {finding["name"]: finding for finding in json.loads(ran.stdout)}
    assert ran.returncode == 1
    assert findings["GetEWTByServiceID: reply decodes"]["result"] == "failed"
    assert "wr0ng" not in ran.stdout + ran.stderr


def test_an_endpoint_that_is_something_else_fails_the_check() -> None:
    page = scripted.http("<html>welcome</html>", content_type="text/html")
    with ScriptedServer((page,)) as server:
        ran = run("check", "--json", env=environment(server.endpoints))
    findings = {finding["name"]: finding for finding in json.loads(ran.stdout)}
    assert ran.returncode == 1
    assert findings["BuzzMeInfo: contract"]["result"] == "skipped"
    assert "text/html" in findings["GetCallDataByPin: reply decodes"]["detail"]


def test_an_endpoint_that_is_not_there_fails_the_check() -> None:
    with ScriptedServer((scripted.close(),)) as server:
        gone = Endpoints.sandbox(server.port)
    ran = run("check", env=environment(gone))
    assert ran.returncode == 1
    assert "refused" in ran.stdout


def other_port_types(text: str, *names: str) -> str:
    """A single WSDL with its port type, binding and port as often as there are names, under each."""
    blocks = {
        kind: re.search(rf"<wsdl:{kind} .*?</wsdl:{kind}>", text, re.DOTALL)[0]
        for kind in ("portType", "binding", "port")
    }
    for block in blocks.values():
        copies = (re.sub(r"IService(?=[\"])", name, block) for name in names)
        text = text.replace(block, "".join(copies))
    return text


PUBLISHED: dict[str, tuple[Callable[[str], str | Reply], int, str]] = {
    "as it is": (str, 0, "as cached"),
    "a second port type beside ours": (
        lambda text: other_port_types(text, "IService", "IOther"),
        0,
        "as cached",
    ),
    "other port types": (lambda text: other_port_types(text, "IThis", "IThat"), 1, "more than one port type"),
    "cut off": (lambda text: text[:3000], 1, "is not XML that can be read"),
    "SOAP 1.2": (lambda text: text.replace("wsdl/soap/", "wsdl/soap12/"), 1, "no SOAP 1.1 port over HTTP"),
    "an error": (lambda _: scripted.http("", status=500), 1, "answers HTTP 500"),
    "a page": (lambda _: scripted.http("<html>", content_type="text/html"), 0, "no WSDL to compare"),
    "text": (lambda _: scripted.http("none", content_type="text/plain"), 0, "no WSDL to compare"),
    "nothing": (lambda _: scripted.http("", status=404), 0, "no WSDL to compare"),
}


@pytest.mark.parametrize(("edit", "status", "told"), PUBLISHED.values(), ids=PUBLISHED)
def test_a_contract_that_cannot_be_read_fails_and_one_that_is_not_published_is_skipped(
    sandbox: Sandbox, edit: Callable[[str], str | Reply], status: int, told: str
) -> None:
    with requests.get(f"{sandbox.url}/RequestCallbackService/Service.svc?singleWsdl", timeout=10) as reply:
        published = edit(reply.text)
    with ScriptedServer((published_by(sandbox, published),)) as server:
        ran = checked(Endpoints.sandbox(server.port))
    assert ran.exit_code == status, ran.output
    [finding] = [
        each for each in json.loads(ran.stdout) if each["name"] == "RequestCallbackService: contract"
    ]
    assert finding["result"] == ("failed" if status else "skipped" if "no WSDL" in told else "ok")
    assert told in finding["detail"]


SECURED = """<wsp:Policy xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><sp:SupportingTokens
 xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"><wsp:Policy><sp:UsernameToken/></wsp:Policy>
</sp:SupportingTokens></wsp:Policy>"""
ADDRESSED = '<a:UsingAddressing xmlns:a="http://www.w3.org/2006/05/addressing/wsdl" wsdl:required="{}"/>'
DEMANDS = {
    "WS-Security": (
        lambda text: re.sub(r"(<wsdl:binding [^>]*>)", rf"\1{SECURED}", text),
        "its policy asks for WS-Security (SupportingTokens), which a plain call does not send",
    ),
    "WS-Security for one operation": (
        lambda text: re.sub(
            r'(<soap:operation soapAction="[^"]*/UpdateEWTRecord" [^>]*>)', rf"\1{SECURED}", text
        ),
        "its policy asks for WS-Security (SupportingTokens) for UpdateEWTRecord, which a plain call does not send",
    ),
    "WS-Addressing": (
        lambda text: re.sub(r"(<wsdl:binding [^>]*>)", rf"\1{ADDRESSED.format('true')}", text),
        "its policy asks for WS-Addressing, which a plain call does not send",
    ),
    "WS-Addressing if wanted": (
        lambda text: re.sub(r"(<wsdl:binding [^>]*>)", rf"\1{ADDRESSED.format('false')}", text),
        "",
    ),
}


@pytest.mark.parametrize(("edit", "told"), DEMANDS.values(), ids=DEMANDS)
def test_what_a_policy_asks_for_is_told(
    sandbox: Sandbox, tmp_path: Path, typed: Type, edit: Callable[[str], str], told: str
) -> None:
    with requests.get(f"{sandbox.url}/RequestCallbackService/Service.svc?singleWsdl", timeout=10) as reply:
        published = edit(reply.text)
    assert published != reply.text
    with ScriptedServer((published_by(sandbox, published),)) as server:
        endpoints = Endpoints.sandbox(server.port)
        ran = checked(endpoints)
        fetched = typed(
            "contract", "fetch", "--to", str(tmp_path), BUZZEASY_CALLBACK_URL=endpoints.callback_url
        )
    findings = {each["name"]: each for each in json.loads(ran.stdout)}
    finding = findings.get("RequestCallbackService: policy", {"detail": "", "result": "ok"})
    assert finding["detail"] == told
    assert (finding["result"], ran.exit_code, fetched.status) == (("failed", 1, 1) if told else ("ok", 0, 0))
    assert (f"does not fit: {told}" in " ".join(fetched.out.split())) == bool(told)
    assert ("This package works over it" in fetched.out.partition("RequestCallbackService from")[2]) != bool(
        told
    )


def published_by(sandbox: Sandbox, published: str | Reply) -> Reply:
    """The sandbox, whose RequestCallbackService publishes something else."""
    service = Upstream(sandbox.port)
    page = scripted.http(published) if isinstance(published, str) else published

    def answer(sock: socket.socket, request: Received) -> bool:
        is_asked = request.method == "GET" and request.path.startswith("/RequestCallbackService")
        return (page if is_asked else service.pass_on())(sock, request)

    return answer


def checked(endpoints: Endpoints, *arguments: str, **changes: str) -> Result:
    return CliRunner().invoke(app, ["check", "--json", *arguments], env=environment(endpoints, **changes))


def test_a_page_says_nothing_of_latency_and_clock() -> None:
    page = scripted.http("<html>welcome</html>", content_type="text/html", headers={"Date": "yesterday"})
    with ScriptedServer((page,)) as server:
        findings = {each["name"]: each for each in json.loads(checked(server.endpoints).stdout)}
    assert findings["latency"]["result"] == findings["clock skew"]["result"] == "skipped"


def test_control_characters_reach_neither_the_terminal_nor_the_report(tmp_path: Path) -> None:
    page = scripted.http("\x1b]0;gone\x07\x00\x9b2J", content_type="text/html")
    report = tmp_path / "report.xml"
    with ScriptedServer((page,)) as server:
        ran = run("check", "--junit", str(report), env=environment(server.endpoints))
    assert ran.returncode == 1, ran.stderr
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", ran.stdout + ran.stderr)
    assert etree.parse(report).getroot().get("failures") != "0"


def tunnel(port: int) -> Reply:
    """A proxy that leads to a port of this machine, whatever host is asked for."""

    def reply(sock: socket.socket, request: Received) -> bool:
        if request.method != "CONNECT":
            return False
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as there:
            back = threading.Thread(target=pump, args=(there, sock))
            back.start()
            pump(sock, there)
            back.join()
        return False

    return reply


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_everything_goes_through_the_client_s_proxy(tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("buzzeasy.invalid").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    here = Endpoints.sandbox(1)
    there = Endpoints(
        here.callback_url.replace("http://127.0.0.1:1", "https://buzzeasy.invalid"),
        here.info_url.replace("http://127.0.0.1:1", "https://buzzeasy.invalid"),
    )
    with (
        Sandbox(allow_hosts=["buzzeasy.invalid"]) as sandbox,
        Proxy(sandbox.port, context) as front,
        ScriptedServer((tunnel(front.port),)) as proxy,
    ):
        ran = checked(
            there,
            BUZZEASY_CA_BUNDLE=str(tmp_path / "ca.pem"),
            HTTPS_PROXY=f"http://ada:l%40ve@localhost:{proxy.port}",
        )
        findings = {each["name"]: each for each in json.loads(ran.stdout)}
        accounts = {request.headers.get("proxy-authorization") for request in proxy.received}
    assert ran.exit_code == 0, findings
    assert "through the proxy localhost:" in findings["callback endpoint: reachable"]["detail"]
    assert findings["RequestCallbackService: contract"]["detail"] == "as cached"
    assert accounts == {f"Basic {base64.b64encode(b'ada:l@ve').decode()}"}
    assert "l@ve" not in ran.output


def test_a_proxy_that_refuses_fails_the_check() -> None:
    with ScriptedServer((scripted.http("no", status=403, keep=False),)) as proxy:
        ran = checked(
            Endpoints("https://buzzeasy.invalid/a.svc", "https://buzzeasy.invalid/b.svc"),
            HTTPS_PROXY=proxy.url,
        )
    assert ran.exit_code == 1
    assert "403" in json.loads(ran.stdout)[0]["detail"]
