"""`buzzeasy check` against a sandbox, and against what is none."""

import json

import pytest
from lxml import etree

from buzzeasy_soap import Endpoints
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.test_command import environment, run
from tests.support import scripted
from tests.support.scripted import ScriptedServer


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
