"""One client in a process of its own: `client.py KIND ROOT`, then a line for each thing to do.

`check` answers `ok`; `small 200` and its like make so many calls, after one to warm up, and answer the CPU seconds
they took; `growth 200` makes small ones with none before. `client.py KIND ROOT start` makes one small call and ends;
`start-without-httpx` does so as if httpx were not installed.
"""

import asyncio
import datetime as dt
import os
import re
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

Call: TypeAlias = Callable[[Any], Any]
WSDL: Final = Path(__file__).parent.parent.parent / "wsdl" / "RequestCallbackService.wsdl"
SET_UP: Final = Path(__file__).parent / ".set-up"
"""Where other clients are generated and installed."""
APIROUTE: Final = SET_UP / "apiroute_client"
FIELDS: Final = [f"Value {number}" for number in range(1, 11)]
DAY: Final = dt.datetime(2017, 4, 11)  # noqa: DTZ001 - the service's own time
NAMES: Final = ("small", "slot", "slots1000", "slots10000")
BINDING: Final = "{http://tempuri.org/}BasicHttpBinding_IService"
ACCOUNT: Final[dict[str, Any]] = {"serviceQueue": 1, "company": 1, "password": "P@ssword"}
BOOKING: Final[dict[str, Any]] = {
    "name": "Ada Lovelace", "phoneNo": "+447700900123", **ACCOUNT, **{f"field{n}": v for n, v in enumerate(FIELDS, 1)},
}  # fmt: skip


def url(root: str, what: str) -> str:
    return f"{root}/{NAMES.index(what)}/Service.svc"


def ours(root: str, **options: Any) -> Call:
    from buzzeasy_soap import BuzzeasyClient, Endpoints

    def client(what: str) -> BuzzeasyClient:
        endpoints = Endpoints(url(root, what), url(root, what))
        return BuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1, **options)  # noqa: S106

    return _by_name(client, _book, lambda client: client.get_available_times(DAY))


def _book(client: Any) -> Any:
    return client.request_call_when_available("Ada Lovelace", "+447700900123", fields=FIELDS)


def ours_async(root: str) -> Call:
    from buzzeasy_soap import AsyncBuzzeasyClient, Endpoints

    def client(what: str) -> AsyncBuzzeasyClient:
        endpoints = Endpoints(url(root, what), url(root, what))
        return AsyncBuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1)  # noqa: S106

    return _by_name(client, _book, lambda client: client.get_available_times(DAY))


def zeep(root: str) -> Call:
    import zeep

    client = zeep.Client(str(WSDL))
    return _by_name(lambda what: client.create_service(BINDING, url(root, what)), _zeep_book, _zeep_slots)


def _zeep_book(service: Any) -> Any:
    return service.RequestCallWhenAvailable(**BOOKING)


def _zeep_slots(service: Any) -> Any:
    return service.GetAvailableTimes(requestedDate=DAY, **ACCOUNT)


def zeep_async(root: str) -> Call:
    import httpx
    import zeep
    from zeep.proxy import AsyncServiceProxy
    from zeep.transports import AsyncTransport

    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    http = httpx.AsyncClient(limits=limits, timeout=60)
    client = zeep.AsyncClient(str(WSDL), transport=AsyncTransport(client=http))

    def service(what: str) -> Any:
        return AsyncServiceProxy(client, client.wsdl.bindings[BINDING], address=url(root, what))

    return _by_name(service, _zeep_book, _zeep_slots)


def suds(root: str) -> Call:
    from suds.client import Client  # type: ignore[import-untyped, import-not-found, unused-ignore]

    def client(what: str) -> Any:
        return Client(WSDL.as_uri(), location=url(root, what), cache=None)

    def slots(client: Any) -> Any:
        return client.service.GetAvailableTimes(requestedDate=DAY, **ACCOUNT)

    return _by_name(client, lambda client: client.service.RequestCallWhenAvailable(**BOOKING), slots)


def apiroute(root: str) -> Call:
    """Over httpx, answers as dicts of texts."""
    sys.path.insert(0, str(SET_UP))
    from apiroute_client import (  # type: ignore[import-untyped, import-not-found, unused-ignore]
        ApirouteClientApi,
    )

    fields = {f"field{n}": v for n, v in enumerate(FIELDS, 1)}
    members = {"name": "Ada Lovelace", "phoneNo": "+447700900123", **ACCOUNT, **fields}

    def book(client: Any) -> Any:
        return client.request_call_when_available(body=members)

    def slots(client: Any) -> Any:
        return client.get_available_times(body={**ACCOUNT, "requestedDate": DAY.isoformat()})

    return _by_name(lambda what: ApirouteClientApi(base_url=url(root, what)), book, slots)


def by_hand(root: str) -> Call:
    """Requests and lxml, as one would write it by hand: no types, no checks."""
    import requests
    from lxml import etree

    session = requests.Session()
    ours = _encoded()
    data = "{http://schemas.datacontract.org/2004/07/RequestCallbackService}"

    def post(what: str) -> Any:
        action, body = ours[what == "small"]
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        response = session.post(url(root, what), data=body, headers=headers, timeout=30)
        response.raise_for_status()
        return etree.fromstring(response.content)

    def call(what: str) -> Any:
        reply = post(what)
        if what == "small":
            return reply.findtext(f".//{data}ConfirmationCode")
        return [
            {str(each.tag)[len(data) :]: each.text for each in slot} for slot in reply.iter(f"{data}TimeSlot")
        ]

    return call


class Wire:
    """The request's bytes on a kept socket, and the reply's: what no client can be quicker than."""

    def __init__(self, root: str) -> None:
        host, port = root.removeprefix("http://").partition("/")[0].split(":")
        self._host = host
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = _encoded()

    def call(self, path: str, what: str) -> bytes:
        """The body of a reply."""
        action, body = self._requests[what == "small"]
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: text/xml; charset=utf-8\r\n"
            f'SOAPAction: "{action}"\r\nContent-Length: {len(body)}\r\n\r\n'
        )
        self._socket.sendall(head.encode() + body)
        data = self._more(65_536)
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(65_536)
        match = re.search(rb"content-length: (\d+)", data, re.IGNORECASE)
        assert match
        parts, left = [data[end + 4 :]], int(match[1]) - len(data) + end + 4
        while left:
            parts.append(self._more(min(left, 1 << 20)))
            left -= len(parts[-1])
        return b"".join(parts)

    def _more(self, most: int) -> bytes:
        data = self._socket.recv(most)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def bare_socket(root: str) -> Call:
    wire = Wire(root)
    return lambda what: wire.call(url("", what), what)


def _encoded() -> dict[bool, tuple[str, bytes]]:
    """Both requests as text, for those who write them by hand: whether it is the booking, the action and the body."""

    def written(operation: str, members: dict[str, Any]) -> tuple[str, bytes]:
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in members.items())
        return f"http://tempuri.org/IService/{operation}", (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f'<{operation} xmlns="http://tempuri.org/">{inner}</{operation}></s:Body></s:Envelope>'
        ).encode()

    slots = {**ACCOUNT, "requestedDate": DAY.isoformat()}
    return {True: written("RequestCallWhenAvailable", BOOKING), False: written("GetAvailableTimes", slots)}


def _by_name(make: Callable[[str], Any], book: Call, slots: Call) -> Call:
    """Calls over a client for each address, made when it is first called."""
    clients: dict[str, Any] = {}

    def call(what: str) -> Any:
        if what not in clients:
            clients[what] = make(what)
        return (book if what == "small" else slots)(clients[what])

    return call


KINDS: Final[dict[str, Callable[[str], Call]]] = {
    "ours, curl": partial(ours, transport="curl"),
    "ours, requests": ours,
    "ours, engine zeep": partial(ours, engine="zeep"),
    "ours, aiohttp": ours_async,
    "zeep": zeep,
    "zeep, async": zeep_async,
    "suds-community": suds,
    "apiroute": apiroute,
    "requests + lxml": by_hand,
    "bare socket": bare_socket,
}
ASYNC: Final = ("ours, aiohttp", "zeep, async")


def texts(answer: Any) -> str:
    """All that an answer says, to look for the code or the last slot in."""
    return answer.decode() if isinstance(answer, bytes) else str(answer)


async def _many(call: Call, what: str, count: int, at_once: int) -> None:
    async def some(number: int) -> None:
        for _ in range(number):
            await call(what)

    await asyncio.gather(*(some(count // at_once) for _ in range(at_once)))


def asked(what: str, count: int, once: Call, many: Callable[[str, int], None]) -> str:
    """The answer to a line."""
    if what == "check":
        assert "BZ1004" in texts(once("small"))
        assert "9999" in texts(once("slots10000"))
        return "ok"
    if what != "growth":
        once(what.removesuffix("@1000"))
    started = time.process_time()
    many("small" if what == "growth" else what, count)
    return str(time.process_time() - started)


def main() -> None:
    sys.modules["opentelemetry"] = None  # type: ignore[assignment]  # where it is installed, ours would use it
    kind, root, *rest = sys.argv[1:]
    os.environ["NO_PROXY"] = "127.0.0.1"
    if rest == ["start-without-httpx"]:
        sys.modules["httpx"] = None  # type: ignore[assignment]
    call = KINDS[kind](root)
    loop = asyncio.new_event_loop() if kind in ASYNC else None
    once = call if loop is None else lambda what: loop.run_until_complete(call(what))
    if rest and rest[0].startswith("start"):
        once("small")
        return
    if rest:  # for callgrind, which sees the whole process
        for _ in range(int(rest[0])):
            once("small")
        os._exit(0)

    def many(what: str, count: int) -> None:
        if loop is not None:
            at_once = 1000 if what.endswith("@1000") else 1
            loop.run_until_complete(_many(call, what.removesuffix("@1000"), count, at_once))
        else:
            for _ in range(count):
                call(what)

    for line in sys.stdin:
        what, _, count = line.strip().partition(" ")
        print(asked(what, int(count or 0), once, many), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
