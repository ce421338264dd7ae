"""Clients of every kind behind one blocking face, so that one test speaks for them all."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from buzzeasy_soap import TLS, AsyncBuzzeasyClient, BuzzeasyClient, Endpoints
from buzzeasy_soap.wire.transports.requests import RequestsTransport

# The combinations of protocol, engine, transport and I/O style.
KINDS = {
    "soap": {},
    "soap-curl": {"transport": "curl"},
    "soap-zeep": {"engine": "zeep"},
    "soap-async": {"asynchronous": True},
    "rest": {"protocol": "rest"},
    "rest-curl": {"protocol": "rest", "transport": "curl"},
    "rest-async": {"protocol": "rest", "asynchronous": True},
}


def _session(tls: TLS, adapter: type[requests.adapters.BaseAdapter] | None = None) -> RequestsTransport:
    session = requests.Session()
    if adapter is not None:
        session.mount("http://", adapter())
        session.mount("https://", adapter())
    return RequestsTransport(session=session, tls=tls)


class LegacyTls(requests.adapters.HTTPAdapter):
    """What users mount to reach a server of old: it is not ours, and marks no phase."""


# The ways of sending that only differ in who opens the connection.
SESSIONS = {"soap-session": _session, "soap-foreign": lambda tls: _session(tls, LegacyTls)}


class Blocking:
    """An AsyncBuzzeasyClient on a loop of its own, whose methods block."""

    def __init__(self, **arguments: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = AsyncBuzzeasyClient(**arguments)

    def with_options(self, **options: Any) -> "Blocking":
        view = object.__new__(Blocking)
        view._loop, view._client = self._loop, self._client.with_options(**options)
        return view

    def __getattr__(self, name: str) -> Callable[..., Any]:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        def call(*args: Any, **kwargs: Any) -> Any:
            result = attribute(*args, **kwargs)
            return self._loop.run_until_complete(result) if asyncio.iscoroutine(result) else result

        return call

    def close_transport(self, transport: Any) -> None:
        """Close a transport that the client was given, on its loop."""
        self._loop.run_until_complete(transport.close())

    def end(self) -> None:
        """Close the client, and not the loop."""
        self._loop.run_until_complete(self._client.close())

    def close(self) -> None:
        self._loop.run_until_complete(self._client.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


@contextmanager
def open_client(kind: str, endpoints: Endpoints, **arguments: Any) -> Iterator[Any]:
    """A client of a kind, with the sandbox's own account unless told otherwise."""
    options = {"company": 1, "password": "P@ssword", "service_queue": 1, **KINDS.get(kind, {}), **arguments}
    if kind in SESSIONS:
        options["transport"] = SESSIONS[kind](arguments.get("tls", TLS()))
    make = Blocking if options.pop("asynchronous", False) else BuzzeasyClient
    client = make(endpoints=endpoints, **options)
    try:
        yield client
    finally:
        client.close()
        if kind in SESSIONS:
            options["transport"].close()
