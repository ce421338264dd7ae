"""Runs the sandbox: in the foreground for the command, in a thread for tests."""

import asyncio
import datetime as dt
import errno
import os
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self, TypeVar

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from buzzeasy_soap.config import check_type
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.sandbox import limits
from buzzeasy_soap.sandbox.app import Published, create_app
from buzzeasy_soap.sandbox.clock import ServiceClock
from buzzeasy_soap.sandbox.config import SandboxConfig
from buzzeasy_soap.sandbox.control import DescribedCall, describe, plan_fault
from buzzeasy_soap.sandbox.dispatcher import Dispatcher
from buzzeasy_soap.sandbox.faults import TRANSPORT
from buzzeasy_soap.sandbox.hosts import KnownHosts
from buzzeasy_soap.sandbox.hub import HubSettings
from buzzeasy_soap.sandbox.loop import ServiceLoop
from buzzeasy_soap.sandbox.service import CallbackService
from buzzeasy_soap.sandbox.store import Store
from buzzeasy_soap.wire.redaction import guard_logs

T = TypeVar("T")

_LONGEST_CLOSING: Final = 5
"""Seconds for open connections to end; then they are cut."""

_BACKLOG: Final = 256
"""Connections waiting to be accepted. When out of descriptors, asyncio retries this many times a second."""


def serve(
    config: SandboxConfig,
    *,
    host: str,
    port: int,
    speed: float,
    now: dt.datetime | None,
    database: Path | None,
    ready: Callable[[str], None],
    allow_hosts: Sequence[str] = (),
    wsdl: Path | None = None,
) -> None:
    """Run until SIGINT or SIGTERM; calls `ready` with the address once the sandbox is listening.

    Raises ConfigurationError if the address or the database cannot be used.
    """
    hosts = KnownHosts(host, allow_hosts)
    published = Published.of(wsdl)
    clock = ServiceClock(config.timezone, start=now, speed=speed)
    store = Store(database)
    try:
        dispatcher = Dispatcher(CallbackService(config, clock, store))
        with _listen(host, port) as listener:
            server = _Server(
                create_app(dispatcher, hosts, published=published), lambda: ready(_url(listener))
            )
            _run(server, listener, ServiceLoop())
    finally:
        store.close()


class Sandbox:
    """The whole service in this process, in a thread of its own, from construction until `close`.

    A naive `now` is in the service's zone; None is the time at the start, and seconds are real from
    there on. `allow_hosts` are host names to answer for beside this machine's own. `wsdl` is a folder
    with a service's own WSDLs: the sandbox then speaks that contract over SOAP. Raises
    ConfigurationError where the address or the database cannot be used.
    """

    def __init__(
        self,
        config: SandboxConfig | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
        now: dt.datetime | None = None,
        database: Path | None = None,
        allow_hosts: Sequence[str] = (),
        hub: HubSettings = HubSettings(),
        wsdl: str | os.PathLike[str] | None = None,
    ) -> None:
        self.config = SandboxConfig() if config is None else config
        check_type("config", self.config, SandboxConfig, "a SandboxConfig")
        check_type("port", port, int, "a number from 0 to 65535")
        check_type("speed", speed, (int, float), "a number greater than 0")
        check_type("now", now, (dt.datetime, type(None)), "a datetime or None")
        hosts = KnownHosts(host, allow_hosts)
        published = Published.of(None if wsdl is None else Path(wsdl))
        clock = ServiceClock(self.config.timezone, start=now, speed=speed)
        self._store = Store(database)
        try:
            self._dispatcher = Dispatcher(CallbackService(self.config, clock, self._store))
            self._listener = _listen(host, port)
        except BaseException:
            self._store.close()
            raise
        self.port: int = self._listener.getsockname()[1]
        self.url = _url(self._listener)
        started = threading.Event()
        self._server = _Server(create_app(self._dispatcher, hosts, hub, published), started.set)
        self._loop = ServiceLoop()
        self._thread = threading.Thread(
            target=self._run_until_closed, args=(started,), name="buzzeasy-sandbox", daemon=True
        )
        self._thread.start()
        started.wait()
        if not self._server.started:
            self.close()
            raise ConfigurationError("the sandbox did not start: see its log")

    def _run_until_closed(self, started: threading.Event) -> None:
        try:
            _run(self._server, self._listener, self._loop)
        finally:
            started.set()

    def advance(self, seconds: float) -> None:
        """Advance the service's clock and run all events that are due. Raises ValueError."""
        self._in_thread(lambda: self._dispatcher.service.advance(seconds))

    def calls(self) -> list[DescribedCall]:
        """All calls, oldest first, as returned by `GET /sandbox/calls`."""
        service = self._dispatcher.service
        return self._in_thread(lambda: [describe(*found, service) for found in service.calls()])

    def fail_next(self, operation: str, kind: str, *, times: int = 1, seconds: float | None = None) -> None:
        """Make the next `times` calls of an operation fail, like `POST /sandbox/faults`.

        Raises ValueError, which says what is allowed.
        """
        command = {"operation": operation, "kind": kind, "times": times, "seconds": seconds}
        self._in_thread(lambda: plan_fault(self._dispatcher, command))

    def reset(self) -> None:
        """Clear all state and restart the clock."""
        self._in_thread(self._dispatcher.reset)

    def close(self) -> None:
        """Stop the sandbox. Does nothing if it has already stopped."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _in_thread(self, action: Callable[[], T]) -> T:
        """Run `action` in the server's thread, which owns all of the state, and return its result."""

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result()


class _Server(uvicorn.Server):
    """uvicorn without its own logging."""

    def __init__(self, app: Starlette, on_ready: Callable[[], None]) -> None:
        guard_logs("uvicorn.asgi", "uvicorn.error")
        config = uvicorn.Config(
            app,
            http=_Protocol,
            lifespan="on",
            log_config=None,
            server_header=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=_LONGEST_CLOSING,
        )
        super().__init__(config)
        self._app = app
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.closing.set()
        await super().shutdown(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        # uvicorn's own handler raises the signal again later, which would kill the process.
        self.should_exit = True


class _Protocol(H11Protocol):
    """HTTP/1.1 with a time limit for requests and no access log, because REST queries contain passwords."""

    _deadline: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._cancel_deadline()

    def _start_deadline(self) -> None:
        """Close the connection if a request that has started is not complete in time."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._cancel_deadline()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(limits.LONGEST_RECEIVING, self.transport.abort)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_deadline()
        self.access_log = False
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {TRANSPORT: transport}
            await app(scope, receive, send)

        self.app = with_transport


def _run(server: _Server, listener: socket.socket, loop: ServiceLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(server.serve(sockets=[listener]))


def _listen(host: str, port: int) -> socket.socket:
    # Some resolvers accept larger numbers and drop the upper bits.
    if not 0 <= port <= 65_535:
        raise ConfigurationError(f"the port must be a number from 0 to 65535, not {port}")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Name the protocol, or asyncio leaves Nagle's algorithm on, which costs 40 ms per reply.
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise _cannot_listen(host, port, "no such address") from None
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error.strerror or "not possible", error.errno) from None
    return listener


def _cannot_listen(host: str, port: int, why: str, number: int | None = None) -> ConfigurationError:
    is_port = number in (errno.EADDRINUSE, errno.EACCES)
    advice = "port 0 picks a free one" if is_port else "the host must be a name or address of this machine"
    return ConfigurationError(f"the sandbox cannot listen on {_netloc(host, port)}: {why}; {advice}")


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{_netloc(host, port)}"


def _netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
