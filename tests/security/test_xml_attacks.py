"""XML that is made to harm: client and sandbox refuse it, in bounded time and memory, touching nothing else."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from buzzeasy_soap import BuzzeasyError, ProtocolError, Retry
from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.contract import buzz_me_info as info
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.bindings.zeep import ZeepBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.redaction import Secret
from tests.support.clients import open_client
from tests.support.scripted import ScriptedServer, http

OPERATION = info.GET_CALL_DATA_BY_PIN
REQUEST = info.GetCallDataByPin(pin="1", company_id=1, password=Secret("x"))
CANARY = "the canary sings"
CLEAR_PEAK = Path("/proc/self/clear_refs")
SECONDS, MEGABYTES = 10, 160
"""Far above what is needed, far below what a bomb takes."""


def envelope(content: str = "", *, pin: str = "1", prolog: str = "", extra: str = "") -> str:
    """A message that both sides would take, were it not for what is put in it."""
    pin = f"<pin>{pin}</pin><companyId>1</companyId><password>P@ssword</password>"
    return (
        f'{prolog}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body{extra}>'
        f'<{{wrapper}} xmlns="http://tempuri.org/">{content or pin}</{{wrapper}}></s:Body></s:Envelope>'
    )


def dtd(subset: str, pin: str = "&a;") -> Callable[[str, int], str]:
    def attack(canary: str, port: int) -> str:
        told = subset.replace("CANARY", canary).replace("PORT", str(port))
        return envelope(pin=pin, prolog=f"<!DOCTYPE Envelope {told}>")

    return attack


def plain(text: str) -> Callable[[str, int], str]:
    return lambda *_: text


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ATTACKS: dict[str, Callable[[str, int], str]] = {
    "billion laughs": dtd(f'[<!ENTITY l0 "ha">{LAUGHS}]', "&l11;"),
    "quadratic blow-up": dtd(f'[<!ENTITY a "{"x" * 50_000}">]', "&a;" * 20_000),
    "entity that calls itself": dtd('[<!ENTITY a "&b;"><!ENTITY b "&a;">]'),
    "external entity, file": dtd('[<!ENTITY a SYSTEM "file://CANARY">]'),
    "external entity, path": dtd('[<!ENTITY a SYSTEM "CANARY">]'),
    "external entity, http": dtd('[<!ENTITY a SYSTEM "http://127.0.0.1:PORT/a">]'),
    "external entity, ftp": dtd('[<!ENTITY a SYSTEM "ftp://127.0.0.1:PORT/a">]'),
    "parameter entity": dtd('[<!ENTITY % a SYSTEM "http://127.0.0.1:PORT/a"> %a;]', "1"),
    "parameter entity, file": dtd('[<!ENTITY % a SYSTEM "file://CANARY"> %a;]', "1"),
    "internal DTD": dtd("[<!ELEMENT pin ANY>]", "1"),
    "empty DTD": dtd("", "1"),
    "external DTD, http": dtd('SYSTEM "http://127.0.0.1:PORT/a.dtd"', "1"),
    "external DTD, file": dtd('SYSTEM "file://CANARY"', "1"),
    "public DTD": dtd('PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1:PORT/a.dtd"', "&nbsp;"),
    "unknown entity": plain(envelope(pin="&nosuch;")),
    "deep nesting": plain(envelope("<a>" * 100_000)),
    "deep nesting that ends": plain(envelope("<a>" * 20_000 + "</a>" * 20_000)),
    "huge attribute": plain(envelope(extra=f' a="{"x" * (11 * 2**20)}"')),
    "huge text": plain(envelope(pin="x" * (11 * 2**20))),
    "huge name": plain(envelope(f"<{'a' * (11 * 2**20)}/>")),
    "many attributes": plain(envelope(extra=" ".join(["", *(f'a{n:x}=""' for n in range(600_000))]))),
    "many elements": plain(envelope("<a/>" * 3_000_000)),
    "many namespaces": plain(envelope(extra=" ".join(["", *(f'xmlns:a{n:x}="u"' for n in range(600_000))]))),
    "many instructions": plain(envelope("<?a b?>" * 600_000)),
    "processing instruction": plain(envelope(pin="1<?php echo?>")),
    "instruction before": lambda canary, port: envelope(
        prolog=f'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:{port}/a.xsl"?>'
    ),
    "two roots": plain(envelope() + "<a/>"),
    "same attribute twice": plain(envelope(extra=' a="1" a="1"')),
    "undeclared prefix": plain(envelope("<x:pin>1</x:pin>")),
    "null reference": plain(envelope(pin="&#0;")),
    "control reference": plain(envelope(pin="&#x1f;")),
    "XInclude": lambda canary, port: envelope(
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>'
    ),
}
_DECLARED = '<?xml version="1.0" encoding="{}"?>'
LIES: dict[str, bytes] = {
    "UTF-16 said, UTF-8 sent": envelope(prolog=_DECLARED.format("utf-16")).encode(),
    "UTF-16 said behind a mark, UTF-8 sent": envelope(prolog=_DECLARED.format("utf-16")).encode("utf-8-sig"),
    "UTF-8 said, UTF-16 sent": envelope(prolog=_DECLARED.format("utf-8")).encode("utf-16"),
    "UTF-8 said, Latin-1 sent": envelope(pin="é", prolog=_DECLARED.format("utf-8")).encode("latin-1"),
    "ASCII said, UTF-8 sent": envelope(pin="é", prolog=_DECLARED.format("us-ascii")).encode(),
    "UTF-7": _DECLARED.format("utf-7").encode() + envelope(pin="+AGg-").encode(),
    "UTF-7 with a DTD": _DECLARED.format("utf-7").encode()
    + "<!DOCTYPE a [<!ENTITY a 'x'>]>".encode("utf-7")
    + envelope().encode(),
    "UTF-32": envelope(prolog=_DECLARED.format("utf-32")).encode("utf-32"),
    "EBCDIC": envelope(prolog=_DECLARED.format("cp037")).encode("cp037"),
    "unknown": envelope(prolog=_DECLARED.format("x-no-such")).encode(),
    "no name": envelope(prolog=_DECLARED.format("")).encode(),
    "null bytes": envelope(pin="\x00").encode(),
    "null bytes at the end": envelope().encode() + b"\x00" * 100,
    "bad UTF-8": envelope(pin="é").encode().replace(b"\xc3\xa9", b"\xc3("),
    "overlong UTF-8": envelope(pin="é").encode().replace(b"\xc3\xa9", b"\xc0\xbc"),
    "surrogates in UTF-8": envelope(pin="\ud800").encode(errors="surrogatepass"),
    "half a UTF-16 unit": envelope().encode("utf-16")[:-1] + b"",
}


@pytest.fixture(scope="module")
def canary(tmp_path_factory) -> Path:
    """A file whose last reading is long ago."""
    path = tmp_path_factory.mktemp("canary") / "canary.txt"
    path.write_text(CANARY, encoding="utf-8")
    os.utime(path, (0, path.stat().st_mtime))
    return path


@pytest.fixture(scope="module")
def trap() -> Iterator[socket.socket]:
    """A port that nobody has a reason to connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


BINDINGS = {"generated": SoapBinding, "zeep": ZeepBinding}


@pytest.fixture(scope="module", params=BINDINGS)
def binding(request):
    return BINDINGS[request.param]()


PYTHON = str(Path(os.__file__).parent)  # it may import a codec
_watching = False
_touched: list[str] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    looked_for = ("open", "socket.connect", "socket.getaddrinfo", "urllib.Request")
    if _watching and event in looked_for and not str(arguments[0]).startswith(PYTHON):
        _touched.append(f"{event} {arguments[:2]}")


sys.addaudithook(_audit)  # it cannot be taken away again: it looks only when told to


@contextmanager
def nothing_touched(canary: Path, trap: socket.socket) -> Iterator[None]:
    """Fails where a file was opened, a name resolved or a connection made: by Python, or by libxml2."""
    global _watching
    _touched.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _touched == []
    assert canary.stat().st_atime == 0
    with pytest.raises(BlockingIOError):
        trap.accept()


@contextmanager
def bounded() -> Iterator[None]:
    """Fails where it took long, or the process grew much at its peak."""
    if CLEAR_PEAK.exists():  # on Linux; elsewhere time alone is looked at
        CLEAR_PEAK.write_text("5", encoding="ascii")
    before, began = _peak(), time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS
    assert _peak() - before < MEGABYTES * 1024


def _peak() -> int:
    """Kilobytes, at the most."""
    if not CLEAR_PEAK.exists():
        return 0
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def test_the_canary_can_sing(tmp_path) -> None:
    """Else the tests with it show nothing."""
    path = tmp_path / "canary.txt"
    path.write_text(CANARY, encoding="utf-8")
    os.utime(path, (0, path.stat().st_mtime))
    path.read_bytes()
    if path.stat().st_atime == 0:
        pytest.skip("this file system does not note when a file is read")


def message(attack: str, wrapper: str, canary: Path, trap: socket.socket) -> bytes:
    told = LIES.get(attack) or ATTACKS[attack](str(canary), trap.getsockname()[1]).encode()
    return told.replace(b"{wrapper}", wrapper.encode())


@pytest.mark.parametrize("attack", [*ATTACKS, *LIES])
def test_the_client_refuses(attack, binding, canary, trap) -> None:
    body = message(attack, "GetCallDataByPinResponse", canary, trap)
    response = HttpResponse(200, {"content-type": "text/xml; charset=utf-8"}, body)
    with bounded(), nothing_touched(canary, trap), pytest.raises(ProtocolError) as caught:
        binding.decode(OPERATION, REQUEST, response)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("charset", ["utf-7", "utf-32", "x-no-such", "utf-16", "a\x00b", "*", "idna", "hex"])
def test_the_client_refuses_a_charset_that_lies(charset, binding) -> None:
    body = envelope("<GetCallDataByPinResult/>").replace("{wrapper}", "GetCallDataByPinResponse")
    headers = {"content-type": f"text/xml; charset={charset}"}
    with pytest.raises(ProtocolError):
        binding.decode(OPERATION, REQUEST, HttpResponse(200, headers, body.encode()))


@pytest.mark.parametrize("attack", ["billion laughs", "external entity, http", "many elements", "UTF-7"])
@pytest.mark.parametrize("kind", ["soap", "soap-curl", "soap-zeep", "soap-async"])
def test_the_client_refuses_over_its_socket(attack, kind, canary, trap) -> None:
    body = message(attack, "GetCallDataByPinResponse", canary, trap)
    with ScriptedServer((http(body),)) as server:
        with open_client(kind, server.endpoints, retry=Retry(attempts=1)) as client:
            with bounded(), pytest.raises(BuzzeasyError):
                client.get_call_data_by_pin("1")
    with pytest.raises(BlockingIOError):
        trap.accept()


@pytest.mark.parametrize("attack", [*ATTACKS, *LIES])
def test_the_sandbox_refuses(attack, sandbox, canary, trap) -> None:
    body = message(attack, "GetCallDataByPin", canary, trap)
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": OPERATION.soap_action}
    with bounded():
        reply = requests.post(sandbox.url + SERVICES["BuzzMeInfo"].path, body, headers=headers, timeout=60)
    refused = {413} if len(body) > 2**20 else {400, 500}
    assert reply.status_code in (refused if attack != "XInclude" else {200})  # one more unknown member
    assert "InternalServiceFault" not in reply.text  # the service did not break down over it
    assert CANARY not in reply.text
    assert canary.stat().st_atime == 0
    with pytest.raises(BlockingIOError):
        trap.accept()


def test_without_an_attack_it_would_be_taken(sandbox, binding) -> None:
    """So each of them is refused for what was put in it."""
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": OPERATION.soap_action}
    body = envelope().replace("{wrapper}", "GetCallDataByPin")
    for data in (body.encode(), body.encode("utf-16")):
        reply = requests.post(sandbox.url + SERVICES["BuzzMeInfo"].path, data, headers=headers, timeout=60)
        assert reply.status_code == 200
    told = envelope("<GetCallDataByPinResult/>").replace("{wrapper}", "GetCallDataByPinResponse")
    response = HttpResponse(200, {"content-type": "text/xml"}, told.encode())
    assert binding.decode(OPERATION, REQUEST, response).get_call_data_by_pin_result is not None
