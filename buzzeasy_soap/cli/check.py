"""`buzzeasy check`: checks whether a live endpoint behaves as this client expects."""

import datetime as dt
import email.utils
import secrets
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import attrs
import typer
from lxml import etree

from buzzeasy_soap import (
    TLS,
    AuthenticationFailed,
    BuzzeasyClient,
    BuzzeasyError,
    Endpoints,
    RawResponse,
)
from buzzeasy_soap.cli.clock import service_now
from buzzeasy_soap.cli.errors import REFUSED
from buzzeasy_soap.cli.output import OutputLost, counted, print_json
from buzzeasy_soap.cli.run import Debug, Json, Protocol, Queue, Wsdl, environment, plain_errors
from buzzeasy_soap.cli.tables import draw, table
from buzzeasy_soap.cli.words import in_words_of_command
from buzzeasy_soap.clients.environment import Variables, from_environment

MAX_SKEW = 60.0
"""Maximum clock skew in seconds; with more, slot times would be wrong."""
EXPIRES_SOON = dt.timedelta(days=14)
"""The check fails if the certificate expires within this time."""


@attrs.frozen
class Finding:
    """The result of one check."""

    name: str
    result: Literal["ok", "failed", "skipped"]
    detail: str
    seconds: float = 0.0


def check(
    place_test_call: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="Also place one real callback to this number, in E.164 format."),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the findings as JUnit XML to this file.")] = None,
    queue: Queue = None,
    protocol: Protocol = None,
    wsdl: Wsdl = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Check the configured endpoint: reachability, TLS, contract, replies, clock and latency.

    Read-only unless --place-test-call is given. Exit status 0 if all checks pass, 1 otherwise.

    Example: buzzeasy check --json --junit report.xml
    """
    with plain_errors(debug=debug, json=json):
        settings = from_environment(Variables(environment(protocol, queue, wsdl)), {})
        findings = list(_findings(settings, place_test_call))
    if json:
        print_json(findings)
    else:
        rows = [(f.name, f.result, f.detail, f"{f.seconds * 1000:.0f} ms") for f in findings]
        draw(table(("Check", "Result", "Detail", "Took"), rows))
    if junit is not None:
        _write_junit(junit, findings)
    if any(finding.result == "failed" for finding in findings):
        raise typer.Exit(REFUSED)


def _findings(settings: dict[str, Any], test_number: str | None) -> Iterator[Finding]:
    endpoints: Endpoints = settings["endpoints"]
    tls = settings.get("tls", TLS())
    for name, url in (("callback", endpoints.callback_url), ("info", endpoints.info_url)):
        reached = _measured(f"{name} endpoint: reachable", partial(_reach, url, tls))
        yield reached
        if reached.result == "failed":
            return
    yield from _contract(endpoints, tls, has_wsdl="wsdl" in settings)
    replies: list[tuple[float, RawResponse[Any]]] = []
    with BuzzeasyClient(**settings) as client:
        for operation, call in _calls(client, test_number):
            yield _measured(f"{operation}: reply decodes", partial(_decode, call, replies))
    with BuzzeasyClient(**{**settings, "password": secrets.token_urlsafe()}) as stranger:
        yield _measured("wrong password: -1", partial(_refused, stranger))
    yield _clock(replies)
    yield _latency([seconds for seconds, _ in replies])


def _measured(name: str, look: Callable[[], str]) -> Finding:
    """Run a check: its return value becomes the detail, an error a failure."""
    started = time.monotonic()
    try:
        return Finding(name, "ok", look(), time.monotonic() - started)
    except (BuzzeasyError, OSError) as error:
        text = in_words_of_command(error) if isinstance(error, BuzzeasyError) else str(error)
        detail = f"{type(error).__name__}: {text}"
        return Finding(name, "failed", detail, time.monotonic() - started)


def _reach(url: str, tls: TLS) -> str:
    from buzzeasy_soap.wire.transports.tls import ssl_context

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or (443 if secure else 80)), timeout=5) as sock:
        if not secure:
            return "connected; no TLS"
        with ssl_context(tls).wrap_socket(sock, server_hostname=parts.hostname) as wrapped:
            certificate = wrapped.getpeercert() or {}
            version = wrapped.version()
    ends = email.utils.parsedate_to_datetime(_as_date(str(certificate["notAfter"])))
    if ends - dt.datetime.now(dt.UTC) < EXPIRES_SOON:
        raise BuzzeasyError(f"the certificate expires on {ends:%d %b %Y}")
    return f"{version}, certificate valid until {ends:%d %b %Y}"


def _as_date(not_after: str) -> str:
    """Convert `Jun  1 12:00:00 2027 GMT` to an e-mail date."""
    month, day, clock, year, _ = not_after.split()
    return f"{day} {month} {year} {clock} +0000"


def _contract(endpoints: Endpoints, tls: TLS, *, has_wsdl: bool) -> Iterator[Finding]:
    from buzzeasy_soap.cli.fetching import judge
    from buzzeasy_soap.description.documents import read_documents
    from buzzeasy_soap.description.download import document_getter

    get = document_getter(verify=True if tls.ca_bundle is None else str(tls.ca_bundle))
    for documents in read_documents():
        name = f"{documents.name}: contract"
        started = time.monotonic()
        try:
            judgment = judge(documents, getattr(endpoints, documents.endpoint), get)
        except BuzzeasyError as error:
            yield Finding(name, "skipped", f"no WSDL to compare: {error}", time.monotonic() - started)
            continue
        seconds = time.monotonic() - started
        if judgment.problems:
            detail = "; ".join(f"{problem.place}: {problem.text}" for problem in judgment.problems)
            yield Finding(name, "failed", f"does not fit this package: {detail}", seconds)
        elif judgment.on_the_wire and not has_wsdl:
            detail = "; ".join(judgment.on_the_wire)
            way_on = "This package works over it: buzzeasy contract fetch --to service-wsdl, then --wsdl service-wsdl"
            yield Finding(name, "failed", f"differs on the wire: {detail}. {way_on}", seconds)
        else:
            more = f"more operations: {', '.join(judgment.more)}" if judgment.more else ""
            yield Finding(name, "ok", more or "as cached", seconds)


def _calls(
    client: BuzzeasyClient, test_number: str | None
) -> Iterator[tuple[str, Callable[[], RawResponse[Any]]]]:
    raw, now = client.with_raw_response, service_now()
    yield "GetEWTByServiceID", raw.get_ewt_by_service_id
    yield "GetAvailableTimes", partial(raw.get_available_times, now)
    yield "GetNextThreeTimeSlots", partial(raw.get_next_three_time_slots, now)
    # Ofcom reserves this number for drama, so nobody has it.
    yield "GetCallDataByNumber", partial(raw.get_call_data_by_number, "+447700900000")
    yield "GetCallDataByPin", partial(raw.get_call_data_by_pin, "0")
    if test_number is not None:
        yield "RequestCallWhenAvailable", partial(raw.request_call_when_available, "Test call", test_number)


def _decode(call: Callable[[], RawResponse[Any]], replies: list[tuple[float, RawResponse[Any]]]) -> str:
    started = time.monotonic()
    reply = call()
    replies.append((time.monotonic() - started, reply))
    value = reply.parse()
    slots = f", {counted(len(value), 'slot')}" if isinstance(value, tuple) else ""
    return f"HTTP {reply.status}{slots}"


def _refused(stranger: BuzzeasyClient) -> str:
    try:
        stranger.get_ewt_by_service_id()
    except AuthenticationFailed:
        return "refused, as expected"
    raise BuzzeasyError("a random password was accepted")


def _clock(replies: list[tuple[float, RawResponse[Any]]]) -> Finding:
    dates = [reply.headers["date"] for _, reply in replies if "date" in reply.headers]
    if not dates:
        return Finding("clock skew", "skipped", "no reply had a Date header")
    skew = abs(time.time() - email.utils.parsedate_to_datetime(dates[-1]).timestamp())
    return Finding("clock skew", "ok" if skew <= MAX_SKEW else "failed", f"{skew:.0f} s")


def _latency(seconds: list[float]) -> Finding:
    if not seconds:
        return Finding("latency", "skipped", "no replies")
    detail = f"median {statistics.median(seconds) * 1000:.0f} ms, maximum {max(seconds) * 1000:.0f} ms"
    return Finding("latency", "ok", detail)


def _write_junit(path: Path, findings: list[Finding]) -> None:
    try:
        path.write_bytes(_junit(findings))
    except OSError as error:
        raise OutputLost(OSError(error.errno, f"{path}: {error.strerror}")) from None


def _junit(findings: list[Finding]) -> bytes:
    failed = sum(finding.result == "failed" for finding in findings)
    skipped = sum(finding.result == "skipped" for finding in findings)
    suite = etree.Element(
        "testsuite",
        name="buzzeasy check",
        tests=str(len(findings)),
        failures=str(failed),
        skipped=str(skipped),
    )
    for finding in findings:
        case = etree.SubElement(
            suite, "testcase", name=finding.name, classname="buzzeasy.check", time=f"{finding.seconds:.3f}"
        )
        if finding.result == "ok":
            etree.SubElement(case, "system-out").text = finding.detail
        else:
            kind = "failure" if finding.result == "failed" else "skipped"
            etree.SubElement(case, kind, message=finding.detail)
    return etree.tostring(suite, xml_declaration=True, encoding="utf-8", pretty_print=True)
