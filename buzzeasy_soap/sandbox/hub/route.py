"""The hub's addresses below `/signalr`, over HTTP and WebSocket."""

import asyncio
import json
import logging
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl

from attrs import frozen
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from buzzeasy_soap.sandbox.hub.connections import Client, Clients
from buzzeasy_soap.sandbox.hub.invocations import NotForUs, hubs, invoke
from buzzeasy_soap.sandbox.hub.settings import HubSettings, protocol_version
from buzzeasy_soap.sandbox.hub.streams import Feed, follow_event_source, follow_poll, follow_web_socket
from buzzeasy_soap.sandbox.hub.topics import Stream, Topics
from buzzeasy_soap.sandbox.schema import DatabaseUnusable
from buzzeasy_soap.sandbox.service import CallbackService

PATH: Final = "/signalr"
_LOGGER: Final = logging.getLogger("buzzeasy_soap.sandbox")
_JSON: Final = "application/json; charset=UTF-8"
_MOST_A_FRAME: Final = 10
_MOST_A_POLL: Final = 5_000
_TRANSPORTS: Final = ("webSockets", "serverSentEvents", "longPolling")


@frozen
class Reply:
    """A complete reply. Like the reference's, errors are plain text without a content type."""

    status: int = 200
    body: str = ""
    content_type: str | None = None


class _Declined(Exception):
    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.reply = Reply(status, text)


class HubRoute(BaseRoute):
    """Everything below `/signalr`; paths are not case-sensitive."""

    def __init__(self, service: CallbackService, settings: HubSettings = HubSettings()) -> None:
        self._settings = settings
        self._clients = Clients(
            Topics(service.events, service.events_of), remember=settings.disconnect_timeout
        )
        self._ending: asyncio.Task[None] | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for the hub."""
        path = scope.get("path", "").lower()
        mine = scope["type"] in ("http", "websocket") and (path == PATH or path.startswith(PATH + "/"))
        return (Match.FULL if mine else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one stream until it ends."""
        headers = _headers(scope)
        if scope["type"] == "http" and scope["app"].state.closing.is_set():
            # Otherwise clients would stay with this server while their connections live.
            headers["connection"] = "close"
        streaming = False

        async def noted_send(message: Message) -> None:
            nonlocal streaming
            streaming = True
            await send(message)

        try:
            reply = await self._serve(scope, receive, noted_send, headers)
        except _Declined as declined:
            reply = declined.reply
        except DatabaseUnusable as error:
            _LOGGER.error("the hub failed: %s", error)  # noqa: TRY400 - the message says it all
            reply = None if streaming else Reply(500, str(error))
        except NotForUs as error:
            reply = Reply(500, str(error))
        if reply is not None:
            kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
            if reply.content_type:
                headers = {**headers, "content-type": reply.content_type}
            body = reply.body.encode(errors="replace")  # it may quote half of a surrogate pair
            headers = {**headers, "content-length": str(len(body))}
            await send({"type": f"{kind}.start", "status": reply.status, "headers": _raw(headers)})
            await send({"type": f"{kind}.body", "body": body})
            if scope["type"] == "websocket":
                # uvicorn logs an error if we return before the refused connection is closed.
                await asyncio.sleep(0.01)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]
    ) -> Reply | None:
        """The reply, or None if a stream was served instead."""
        if scope.get("method") == "OPTIONS":
            return Reply()
        path: str = scope["path"]
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if "callback" in query:
            raise _Declined(403)  # JSONP, which is off by default in the reference
        match path.rpartition("/")[2].lower():
            case "negotiate":
                return Reply(200, self._negotiate(path, query.get("clientProtocol")), _JSON)
            case "ping":
                return Reply(200, '{ "Response": "pong" }', _JSON)
            case command:
                pass
        transport = query.get("transport", "")
        client = self._client(transport, query.get("connectionToken"))
        listens = bool(hubs(query.get("connectionData")))
        match command:
            case "start":
                return Reply(200, '{ "Response": "started" }', _JSON)
            case "abort":
                self._clients.abort(client)
                return Reply()
            case "send":
                form = await _form(scope, receive)
                return Reply(200, self._invoke(client, form.get("data", "")), _JSON)
        if (transport == "webSockets") != (scope["type"] == "websocket"):
            raise _Declined(400, "Not a valid web socket request.")
        position = query if "messageId" in query else {**await _form(scope, receive), **query}
        stream = self._clients.begin(
            client, message_id=position.get("messageId"), groups_token=position.get("groupsToken")
        )
        self._end_in_time(stream, scope["app"].state.closing)
        try:
            feed = self._feed(client, stream, transport, listens=listens)
            await self._follow(feed, client, transport, receive, send, headers, is_new=command == "connect")
        finally:
            self._clients.finish(client, stream)
        return None

    def _feed(self, client: Client, stream: Stream, transport: str, *, listens: bool) -> Feed:
        limit = _MOST_A_POLL if transport == "longPolling" else _MOST_A_FRAME
        limited = transport == "longPolling" or self._settings.keep_alive is None
        return Feed(
            stream,
            # A client that named no hub gets no hub messages.
            take=lambda: self._clients.take(client, stream, limit) if listens else None,
            cursor=lambda: self._clients.cursor(stream),
            keep_alive=self._settings.keep_alive,
            until=asyncio.get_running_loop().time() + self._settings.connection_timeout if limited else None,
        )

    async def _follow(
        self,
        feed: Feed,
        client: Client,
        transport: str,
        receive: Receive,
        send: Send,
        headers: Mapping[str, str],
        *,
        is_new: bool,
    ) -> None:
        def invoked(data: str) -> None:
            with suppress(NotForUs):  # Like the reference, send no reply over a WebSocket.
                feed.reply(self._invoke(client, data))

        match transport:
            case "webSockets":
                await follow_web_socket(feed, receive, send, _raw(headers), is_new=is_new, on_text=invoked)
            case "serverSentEvents":
                await follow_event_source(feed, receive, send, _raw(headers), is_new=is_new)
            case _:
                await follow_poll(feed, receive, send, _raw(headers), is_new=is_new)

    def _end_in_time(self, stream: Stream, closing: asyncio.Event) -> None:
        """Make sure that a stream ends when the server shuts down, since shutdown waits for all streams."""
        if closing.is_set():
            stream.end()
        elif self._ending is None:

            async def end() -> None:
                await closing.wait()
                self._clients.end_all()

            self._ending = asyncio.create_task(end())

    def _negotiate(self, path: str, asked: str | None) -> str:
        settings, connection_id = self._settings, str(uuid.uuid4())
        return json.dumps(
            {
                "Url": path.removesuffix("/negotiate"),
                "ConnectionToken": self._clients.new_token(connection_id),
                "ConnectionId": connection_id,
                "KeepAliveTimeout": None if settings.keep_alive is None else 2 * settings.keep_alive,
                "DisconnectTimeout": settings.disconnect_timeout,
                "ConnectionTimeout": settings.connection_timeout,
                "TryWebSockets": True,
                "ProtocolVersion": protocol_version(asked),
                "TransportConnectTimeout": settings.transport_connect_timeout,
                "LongPollDelay": 0.0,
            }
        )

    def _client(self, transport: str, token: str | None) -> Client:
        if transport not in _TRANSPORTS:
            raise _Declined(400, "Protocol error: Unknown transport.")
        if not token:
            raise _Declined(400, "Protocol error: Missing connection token.")
        client = self._clients.find(token)
        if client is None:
            raise _Declined(400, "The ConnectionId is in the incorrect format.")
        return client

    def _invoke(self, client: Client, data: str) -> str:
        """Run an invocation of the hub and return its result as JSON. Raises NotForUs."""
        return json.dumps(invoke(data, lambda code: self._clients.join(client, code)))


def _headers(scope: Scope) -> dict[str, str]:
    """Headers of every reply, including errors. Like the reference app, they let any origin read, with credentials."""
    headers = {"x-content-type-options": "nosniff"}
    asked = Headers(scope=scope)
    if origin := asked.get("origin"):
        headers |= {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "vary": "Origin",
        }
        if scope.get("method") == "OPTIONS":
            headers |= {
                "access-control-allow-methods": asked.get("access-control-request-method", "GET, POST"),
                "access-control-allow-headers": asked.get("access-control-request-headers", "*"),
            }
    return headers


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


async def _form(scope: Scope, receive: Receive) -> dict[str, str]:
    if scope["type"] != "http" or scope["method"] != "POST":
        return {}
    body = await Request(scope, receive).body()
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
