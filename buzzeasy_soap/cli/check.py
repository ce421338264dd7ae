"""`buzzeasy check`: checks whether a live endpoint behaves as this client expects."""

import base64
import datetime as dt
import email.utils
import http.client
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

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
from buzzeasy_soap.cli.output import OutputLost, counted, print_json, printable
from buzzeasy_soap.cli.run import Debug, Json, Protocol, Queue, Wsdl, environment, plain_errors
from buzzeasy_soap.cli.tables import draw, table
from buzzeasy_soap.cli.words import in_words_of_command
from buzzeasy_soap.clients.environment import Variables, from_environment
from buzzeasy_soap.wire.proxies import Proxies, shown_proxy

MAX_SKEW = 60.0
"""Maximum clock skew in seconds; with more, slot times would be wrong."""
EXPIRES_SOON = dt.timedelta(days=14)
"""The check fails if the certificate expires within this time."""


@attrs.frozen
class Finding:
    """The result of one check."""

    name: str
    result: Literal["ok", "failed", "skipped"]
    detail: str = attrs.field(converter=printable)
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
    proxies = Proxies.of_environment()
    for name, url in (("callback", endpoints.callback_url), ("info", endpoints.info_url)):
        reached = _measured(f"{name} endpoint: reachable", partial(_reach, url, tls, proxies))
        yield reached
        if reached.result == "failed":
            return
    yield from _contract(endpoints, tls, proxies, has_wsdl="wsdl" in settings)
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
    except (BuzzeasyError, OSError, http.client.HTTPException) as error:
        text = in_words_of_command(error) if isinstance(error, BuzzeasyError) else str(error)
        detail = " ".join(f"{type(error).__name__}: {text}".split())
        return Finding(name, "failed", detail, time.monotonic() - started)


def _reach(url: str, tls: TLS, proxies: Proxies) -> str:
    proxy = proxies.for_url(url)
    if proxy is not None and not proxy.startswith("http://"):
        return f"left to the calls: the proxy is {urlsplit(proxy).scheme}"
    through = "" if proxy is None else f" through the proxy {shown_proxy(proxy)}"
    with closing(_connection(url, tls, proxy)) as connection:
        connection.connect()
        if not isinstance(connection, http.client.HTTPSConnection):
            return f"connected{through}; no TLS"
        certificate = connection.sock.getpeercert() or {}
        version = connection.sock.version()
    ends = email.utils.parsedate_to_datetime(_as_date(str(certificate["notAfter"])))
    if ends - dt.datetime.now(dt.UTC) < EXPIRES_SOON:
        raise BuzzeasyError(f"the certificate expires on {ends:%d %b %Y}")
    return f"{version}{through}, certificate valid until {ends:%d %b %Y}"


def _connection(url: str, tls: TLS, proxy: str | None) -> http.client.HTTPConnection:
    """A connection to an endpoint, or to its proxy, which tunnels TLS."""
    from buzzeasy_soap.wire.transports.tls import ssl_context

    parts, at = urlsplit(url), urlsplit(proxy or url)
    host, port = at.hostname or "", at.port or (443 if at.scheme == "https" else 80)
    if parts.scheme != "https":
        return http.client.HTTPConnection(host, port, timeout=5)
    connection = http.client.HTTPSConnection(host, port, timeout=5, context=ssl_context(tls))
    if proxy is not None:
        account = ":".join(unquote(each or "") for each in (at.username, at.password))
        basic = f"Basic {base64.b64encode(account.encode()).decode()}"
        headers = {} if at.username is None else {"Proxy-Authorization": basic}
        connection.set_tunnel(parts.hostname or "", parts.port or 443, headers)
    return connection


def _as_date(not_after: str) -> str:
    """Convert `Jun  1 12:00:00 2027 GMT` to an e-mail date."""
    month, day, clock, year, _ = not_after.split()
    return f"{day} {month} {year} {clock} +0000"


def _contract(endpoints: Endpoints, tls: TLS, proxies: Proxies, *, has_wsdl: bool) -> Iterator[Finding]:
    from buzzeasy_soap.cli.fetching import judge
    from buzzeasy_soap.description.documents import read_documents
    from buzzeasy_soap.description.download import document_getter
    from buzzeasy_soap.description.fetch import NotPublished

    verify = True if tls.ca_bundle is None else str(tls.ca_bundle)
    get = document_getter(verify=verify, proxy_for=proxies.for_url)
    for documents in read_documents():
        name = f"{documents.name}: contract"
        address = getattr(endpoints, documents.endpoint, None)
        if address is None:
            continue  # a service that is new: `wsdl/contract.toml` gives it no setting yet
        started = time.monotonic()
        try:
            judgment = judge(documents, address, get)
        except NotPublished as error:
            yield Finding(name, "skipped", f"no WSDL to compare: {error}", time.monotonic() - started)
            continue
        except BuzzeasyError as error:
            yield Finding(name, "failed", str(error), time.monotonic() - started)
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
        if judgment.demands:
            yield Finding(f"{documents.name}: policy", "failed", judgment.demands)


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
    seconds = time.monotonic() - started
    value = reply.parse()
    replies.append((seconds, reply))  # not before: what cannot be read may be anybody's page
    slots = f", {counted(len(value), 'slot')}" if isinstance(value, tuple) else ""
    return f"HTTP {reply.status}{slots}"


def _refused(stranger: BuzzeasyClient) -> str:
    try:
        stranger.get_ewt_by_service_id()
    except AuthenticationFailed:
        return "refused, as expected"
    raise BuzzeasyError("a random password was accepted")


def _clock(replies: list[tuple[float, RawResponse[Any]]]) -> Finding:
    dates = []
    for _, reply in replies:
        with suppress(ValueError):  # a header that is no date
            dates.append(email.utils.parsedate_to_datetime(reply.headers.get("date", "")))
    if not dates:
        return Finding("clock skew", "skipped", "no reply that can be read had a Date header")
    skew = abs(time.time() - dates[-1].timestamp())
    return Finding("clock skew", "ok" if skew <= MAX_SKEW else "failed", f"{skew:.0f} s")


def _latency(seconds: list[float]) -> Finding:
    if not seconds:
        return Finding("latency", "skipped", "no reply that can be read")
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
