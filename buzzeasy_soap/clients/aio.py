"""The asyncio client. tools/unasync.py generates `blocking.py` from this file."""

from __future__ import annotations  # so that help() shows types as they are written here

import datetime as dt
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast
from zoneinfo import ZoneInfo

from attrs import evolve

from buzzeasy_soap.clients.endpoints import Endpoints
from buzzeasy_soap.clients.environment import Variables, from_environment
from buzzeasy_soap.clients.options import (
    AsyncClientOptions,
    AsyncTransportChoice,
    EngineChoice,
    ProtocolName,
    RestDates,
    assemble,
    change_account,
    change_policy,
    hide_secrets,
    open_async_transport,
)
from buzzeasy_soap.clients.raw import RawResponse, async_raw_method
from buzzeasy_soap.config import TLS, Retry, Timeout
from buzzeasy_soap.contract.buzz_me_info import AsyncBuzzMeInfoProxy
from buzzeasy_soap.contract.request_callback_service import AsyncRequestCallbackServiceProxy
from buzzeasy_soap.enums import ReconciliationState, Region
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.mapping.calls import PreparedCall
from buzzeasy_soap.mapping.numbers import presented_numbers
from buzzeasy_soap.models import (
    CallbackRequest,
    CallData,
    CallUpdate,
    Confirmation,
    Reconciliation,
    TimeSlot,
)
from buzzeasy_soap.wire.delivery import AsyncDelivery
from buzzeasy_soap.wire.exchange import AsyncTransport
from buzzeasy_soap.wire.headers import hide_headers
from buzzeasy_soap.wire.policy import Hook
from buzzeasy_soap.wire.redaction import Secret, hidden

if TYPE_CHECKING:
    from buzzeasy_soap.events import AsyncEventStream
    from buzzeasy_soap.wire.bindings.zeep_service import AsyncZeepService

T = TypeVar("T")


class AsyncBuzzeasyClient:
    """A client for the Buzzeasy callback platform.

        async with AsyncBuzzeasyClient(
            endpoints=Endpoints.sandbox(), company=1, password="P@ssword", service_queue=1
        ) as buzzeasy:
            await buzzeasy.request_call_when_available("Ada Lovelace", "+447700900123")

    Every method raises ConfigurationError or InvalidRequest before anything is sent, TransportError
    if no complete reply arrives, ServiceFault for a fault, and ProtocolError for a reply that
    violates the contract. `error.outcome` says whether the operation was carried out.

    The account, supplied by Buzzeasy:

    - endpoints: addresses of the services.
    - company, password: credentials of the company.
    - service_queue: the default; a queue passed to a method overrides it.

    The wire:

    - protocol: "soap" or "rest".
    - engine: "generated", "zeep" or a ZeepBinding. zeep speaks SOAP only.
    - wsdl: path of the service's own WSDL, or of a folder of WSDLs; None uses the packaged contract.
    - timezone: the service's time zone. Returned datetimes are aware, aware arguments are converted
      to it, and naive ones are taken to be in it.
    - rest_dates: "document" or "wcf", how dates are written in REST requests.
    - reference_field: number of the field, 1 to 10, that carries a unique reference in each request
      for a callback, for `reconcile`.

    Delivery:

    - transport: the name of a transport, or one of your own.
    - timeout: a Timeout, or a number of seconds for the whole call.
    - retry: the retry policy of operations that are safe to repeat.
    - max_reply_bytes: maximum size of a reply.
    - tls: certificates.
    - proxy: address of the proxy for all requests; None uses the environment's proxies.
    - headers: sent with each SOAP and REST request. Their values are treated as secrets.
    - allow_insecure: permit http:// to other machines.
    - hooks: called with an ExchangeRecord after each attempt.

    Raises ConfigurationError, which names the option.
    """

    def __init__(
        self,
        *,
        endpoints: Endpoints,
        company: int,
        password: str | Secret,
        service_queue: int | None = None,
        protocol: ProtocolName = "soap",
        engine: EngineChoice = "generated",
        wsdl: str | os.PathLike[str] | None = None,
        transport: AsyncTransportChoice = "aiohttp",
        timeout: Timeout | float = Timeout(),
        retry: Retry = Retry(),
        timezone: str = "Europe/London",
        rest_dates: RestDates = "document",
        reference_field: int | None = None,
        max_reply_bytes: int = 16 * 2**20,
        tls: TLS = TLS(),
        proxy: str | Secret | None = None,
        headers: Mapping[str, str | Secret] = MappingProxyType({}),
        allow_insecure: bool = False,
        hooks: Sequence[Hook] = (),
    ) -> None:
        password = Secret.of(password)
        proxy = hidden(proxy)
        hidden_headers = hide_headers(headers)
        del headers
        parts = assemble(
            endpoints=endpoints,
            company=company,
            password=password,
            service_queue=service_queue,
            protocol=protocol,
            engine=engine,
            wsdl=wsdl,
            timeout=timeout,
            retry=retry,
            timezone=timezone,
            rest_dates=rest_dates,
            reference_field=reference_field,
            max_reply_bytes=max_reply_bytes,
            headers=hidden_headers,
            allow_insecure=allow_insecure,
            hooks=hooks,
        )
        opened = open_async_transport(transport, tls, proxy)
        self._endpoints = endpoints
        self._tls = tls
        self._proxy = proxy
        self._allow_insecure = allow_insecure
        self._wsdl = parts.wsdl
        self._adapter = parts.adapter
        self._delivery = AsyncDelivery(parts.binding, parts.endpoints, parts.policy, opened)
        self._transport: AsyncTransport | None = opened

    @classmethod
    def from_env(
        cls, environ: Mapping[str, str] | None = None, **options: Unpack[AsyncClientOptions]
    ) -> AsyncBuzzeasyClient:
        """Create a client from the `BUZZEASY_…` environment variables.

        Reads BUZZEASY_CALLBACK_URL, BUZZEASY_INFO_URL, BUZZEASY_EVENTS_URL, BUZZEASY_COMPANY,
        BUZZEASY_PASSWORD or BUZZEASY_PASSWORD_FILE, BUZZEASY_WSDL, BUZZEASY_SERVICE_QUEUE,
        BUZZEASY_PROTOCOL, BUZZEASY_TIMEZONE, BUZZEASY_REFERENCE_FIELD, BUZZEASY_TIMEOUT (total, in
        seconds), BUZZEASY_CA_BUNDLE and BUZZEASY_ALLOW_INSECURE (1 or 0). `options` are the constructor's and override the variables.

        Raises ConfigurationError, which names the variable.
        """
        hide_secrets(options)
        variables = Variables(os.environ if environ is None else environ)
        del environ  # a traceback would show it
        return cls(**from_environment(variables, options))

    async def request_call_when_available(
        self,
        name: str,
        phone_no: str,
        *,
        region: Region | str | None = None,
        fields: Sequence[str | None] = (),
        service_queue: int | None = None,
        reference: str | None = None,
    ) -> Confirmation:
        """Request a callback as soon as an agent is free. Never sent twice.

        `name` must not be blank. `phone_no` must be in E.164 format (`+447700900123`) unless `region` is
        given; spaces, hyphens, dots, brackets and a `(0)` after the country code are removed, while
        letters and extensions are refused. `fields` holds up to ten strings, sent as field1 to field10.
        `reference` is sent in the client's `reference_field`: at least 16 letters, digits and hyphens;
        if None, the client generates one.

        Raises CallbackRejected or AuthenticationFailed if the service rejects the request. After any
        error with `outcome` UNKNOWN, the callback may have been placed.

        Source: Buzzeasy Callback API, "RequestCallWhenAvailable".
        """
        return await self._run(
            self._adapter.request_call_when_available(
                name, phone_no, region, fields, service_queue, reference
            )
        )

    async def request_call_schedule(
        self,
        name: str,
        phone_no: str,
        *,
        time_slot: TimeSlot | int,
        date: dt.date | None = None,
        region: Region | str | None = None,
        fields: Sequence[str | None] = (),
        service_queue: int | None = None,
        reference: str | None = None,
    ) -> Confirmation:
        """Request a callback in a time slot. Never sent twice.

        `time_slot` is one returned by the service, or its id together with `date`, its day in the
        service's time zone. The other parameters are those of `request_call_when_available`.

        Raises OutOfHours if the slot is full, past or unknown, and the errors of
        `request_call_when_available`.

        Source: Buzzeasy Callback API, "RequestCallSchedule".
        """
        return await self._run(
            self._adapter.request_call_schedule(
                name, phone_no, time_slot, date, region, fields, service_queue, reference
            )
        )

    def callback_request(
        self,
        name: str,
        phone_no: str,
        *,
        time_slot: TimeSlot | int | None = None,
        date: dt.date | None = None,
        region: Region | str | None = None,
        fields: Sequence[str | None] = (),
        service_queue: int | None = None,
        reference: str | None = None,
    ) -> CallbackRequest:
        """Check the parameters of a request for a callback and return it, without sending anything.

        The parameters are those of `request_call_schedule`, or, without `time_slot` and `date`, of
        `request_call_when_available`. The phone number is in the form in which it would be sent.

        Raises InvalidRequest, which names the parameter.
        """
        return self._adapter.check_callback(
            name, phone_no, time_slot, date, region, fields, service_queue, reference
        )

    async def request_callback(self, request: CallbackRequest) -> Confirmation:
        """Request the callback that a CallbackRequest describes: from `callback_request`, or an error.

        Never sent twice by itself. If the outcome of an earlier request is unknown, `reconcile` it
        first: this method does request it again. Raises the errors of `request_call_schedule`.
        """
        return await self._run(self._adapter.request_callback(request))

    async def get_available_times(
        self, requested_date: dt.datetime | dt.date, *, service_queue: int | None = None
    ) -> tuple[TimeSlot, ...]:
        """Return the day's time slots after a given time, in the service's order.

        `requested_date` is aware, or naive and in the service's time zone; a date is the whole day. The
        slots' times are aware.

        Raises RequestRefused if the service returns no list.

        Source: Buzzeasy Callback API, "GetAvailableTimes".
        """
        return await self._run(self._adapter.get_available_times(requested_date, service_queue))

    async def get_next_three_time_slots(
        self, time: dt.datetime | dt.date, *, service_queue: int | None = None
    ) -> tuple[TimeSlot, ...]:
        """Return the next time slots after a given time, up to three.

        `time` is aware, or naive and in the service's time zone; a date is its midnight. The slots'
        times are aware.

        Raises RequestRefused if the service returns no list.

        Source: Buzzeasy Callback API, "GetNextThreeTimeslots".
        """
        return await self._run(self._adapter.get_next_three_time_slots(time, service_queue))

    async def update_ewt_record(self, ewt: int | dt.timedelta, *, service_queue: int | None = None) -> None:
        """Set the expected waiting time of a service queue, in whole minutes.

        `ewt` is a number of minutes or a timedelta of whole minutes, from 0 to 2**31 - 1 minutes.

        Raises RequestRefused if the service returns false.

        Source: Buzzeasy Callback API, "UpdateEWTRecord".
        """
        return await self._run(self._adapter.update_ewt_record(ewt, service_queue))

    async def get_ewt_by_service_id(self, *, service_queue: int | None = None) -> dt.timedelta:
        """Return the expected waiting time of a service queue.

        Raises AuthenticationFailed if the service returns -1.

        Source: Buzzeasy Callback API, "GetEWTByServiceID".
        """
        return await self._run(self._adapter.get_ewt_by_service_id(service_queue))

    async def get_call_data_by_number(self, presented_number: str) -> CallData | None:
        """Return the screen pop data of a call, looked up by its presented number (CLI).

        Returns None if the service has no such call or does not accept the credentials: it does not
        say which.

        Source: Buzzeasy Callback API, "GetCallDataByNumber".
        """
        return await self._run(self._adapter.get_call_data_by_number(presented_number))

    async def get_call_data_by_pin(self, pin: str) -> CallData | None:
        """Return the screen pop data of a call, looked up by its PIN.

        Returns None if the service has no such call or does not accept the credentials: it does not
        say which.

        Source: Buzzeasy Callback API, "GetCallDataByPin".
        """
        return await self._run(self._adapter.get_call_data_by_pin(pin))

    def watch(
        self,
        confirmation: Confirmation | str,
        *,
        timeout: float | None = None,
    ) -> AsyncIterator[CallUpdate]:
        """Iterate over the progress updates of a call.

        Ends after the final status, when the service closes the connection, or after `timeout`
        seconds. Past updates come first if the service repeats them, as the sandbox does. Leaving
        the loop unsubscribes.

        Raises ConfigurationError if the endpoints have no events_url, and EventStreamLost if the
        connection breaks and cannot be resumed.

        Source: Buzzeasy Callback API, "Event Notification Service".
        """
        if self._endpoints.events_url is None:
            raise ConfigurationError("events_url is not set, and watch requires it")
        from buzzeasy_soap.events import watch_async

        return watch_async(
            self._endpoints.events_url,
            confirmation.code if isinstance(confirmation, Confirmation) else confirmation,
            timeout=timeout,
            tls=self._tls,
            proxy=self._proxy,
            allow_insecure=self._allow_insecure,
        )

    @property
    def has_events(self) -> bool:
        """Whether the endpoints have an events_url."""
        return self._endpoints.events_url is not None

    def event_stream(self) -> AsyncEventStream:
        """A stream of the progress of any number of calls, over one connection, with this client's settings.

        Close it when it is no longer needed. Raises ConfigurationError if the endpoints have no events_url.
        """
        if self._endpoints.events_url is None:
            raise ConfigurationError("events_url is not set, and event_stream requires it")
        from buzzeasy_soap.events import AsyncEventStream

        return AsyncEventStream(
            self._endpoints.events_url, tls=self._tls, proxy=self._proxy, allow_insecure=self._allow_insecure
        )

    async def reconcile(self, error: BaseException | CallbackRequest) -> Reconciliation:
        """Look for a callback whose outcome is unknown. Never requests one.

        `error` is an error whose `callback_request` is set, or that request itself. Looks up the
        number with GetCallDataByNumber, in every form that a queue may present, and compares the
        reference sent in the client's `reference_field`. PLACED is certain; NOT_FOUND is not: the
        request may still be on its way, the call may be over, or a newer call from the same number
        may hide it.

        Raises InvalidRequest for an error without `callback_request`, and ConfigurationError if the
        request had no reference.

        Source: Buzzeasy Callback API, "GetCallDataByNumber".
        """
        asked = self._adapter.to_reconcile(error)
        found = Reconciliation(ReconciliationState.NOT_FOUND, None)
        for number in presented_numbers(asked):
            found = self._adapter.reconciliation(asked, await self.get_call_data_by_number(number))
            if found.state is ReconciliationState.PLACED:
                break
        return found

    def with_options(
        self,
        *,
        timeout: Timeout | float | None = None,
        retry: Retry | None = None,
        service_queue: int | None = None,
        password: str | Secret | None = None,
        before_sending: Callable[[], None] | None = None,
    ) -> AsyncBuzzeasyClient:
        """Return a view of this client with other options: it shares the connections and never closes them.

        None keeps an option. `before_sending` is called before each attempt, and again at the last
        moment before its first byte is sent; a BuzzeasyError that it raises ends the call, unsent.

        Raises ConfigurationError.
        """
        password = hidden(password)
        view = object.__new__(type(self))
        view._endpoints = self._endpoints
        view._tls = self._tls
        view._proxy = self._proxy
        view._allow_insecure = self._allow_insecure
        view._wsdl = self._wsdl
        view._adapter = change_account(self._adapter, service_queue, password)
        view._delivery = evolve(
            self._delivery, policy=change_policy(self._delivery.policy, timeout, retry, before_sending)
        )
        view._transport = None
        return view

    @property
    def timezone(self) -> ZoneInfo:
        """The service's time zone."""
        return self._adapter.timezone

    @property
    def timeout(self) -> Timeout:
        """The limits of a call."""
        return self._delivery.policy.timeout

    @property
    def with_raw_response(self) -> AsyncRawBuzzeasyClient:
        """The eight operations, returning RawResponses."""
        return AsyncRawBuzzeasyClient(self)

    @property
    def request_callback_service(self) -> AsyncRequestCallbackServiceProxy:
        """The generated proxy of RequestCallbackService: takes and returns the contract's records."""
        return AsyncRequestCallbackServiceProxy(self._delivery)

    @property
    def buzz_me_info(self) -> AsyncBuzzMeInfoProxy:
        """The generated proxy of BuzzMeInfo: takes and returns the contract's records."""
        return AsyncBuzzMeInfoProxy(self._delivery)

    def zeep(
        self,
        service: str,
        *,
        port: str | None = None,
        wsdl: str | os.PathLike[str] | None = None,
        address: str | None = None,
        secrets: Sequence[str] = (),
    ) -> AsyncZeepService:
        """Return zeep's view of a service, for operations that this package does not generate.

        Its operations take and return what zeep's do, over this client's transport, deadline, proxies,
        headers and hooks, and its ZeepBinding's plugins and WS-Security. They are never sent twice, and
        raise this package's errors. The replies are as zeep reads them, with its known faults: a number
        or a date that cannot be read is None, a nil record an object of Nones, an empty string None.

        - service: RequestCallbackService, BuzzMeInfo, or the name of a service in `wsdl`.
        - port: the name of its port; needed only if it has ports of several port types.
        - wsdl: path of a WSDL, or of a folder of WSDLs; None uses the client's. SOAP 1.1 only.
        - address: where the service is. None uses the client's endpoints, which have the first two
          services; the address in the WSDL is never used.
        - secrets: names of elements and attributes, in requests and replies, whose values no log or
          error may show; `password` is always one.

        Reads the WSDL each time, so keep what it returns. A callback requested this way has no
        `callback_request` for `reconcile`. Raises ConfigurationError.
        """
        from buzzeasy_soap.clients.zeep_ports import find_port
        from buzzeasy_soap.wire.bindings.zeep_service import AsyncZeepService

        found, endpoint = find_port(
            service,
            port=port,
            address=address,
            wsdl=wsdl,
            clients_wsdl=self._wsdl,
            secrets=secrets,
            binding=self._delivery.binding,
            endpoints=self._delivery.endpoints,
            allow_insecure=self._allow_insecure,
        )
        delivery = evolve(self._delivery, binding=found, endpoints={service: endpoint})
        return AsyncZeepService(found, endpoint.url, delivery)

    async def close(self) -> None:
        """Close the client and its connections. Later calls, including those of views, raise ConfigurationError.

        A transport that you passed in stays open. Closing a view does nothing.
        """
        if self._transport is not None:
            await self._transport.close()

    async def __aenter__(self) -> AsyncBuzzeasyClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        if "_adapter" not in vars(self):  # its constructor has failed, and a traceback shows it
            return "<AsyncBuzzeasyClient>"
        return f"<AsyncBuzzeasyClient company={self._adapter.company} {self._endpoints.callback_url}>"

    async def _run(self, call: PreparedCall[Any, Any, T]) -> T:
        try:
            return call.answer(await self._delivery(call.operation, call.request, call.headers))
        except BuzzeasyError:
            raise
        except BaseException as error:
            call.interrupted(error)
            raise


class AsyncRawBuzzeasyClient:
    """The eight operations, returning RawResponses whose `parse()` gives the usual result.

    The methods have the same parameters as AsyncBuzzeasyClient's. They raise only if no reply
    arrives; `parse()` raises the error that a reply means.
    """

    def __init__(self, client: AsyncBuzzeasyClient) -> None:
        view = object.__new__(_AsyncAnswersRaw)
        view.__dict__.update(client.__dict__)
        self.request_call_when_available = async_raw_method(view.request_call_when_available)
        self.request_call_schedule = async_raw_method(view.request_call_schedule)
        self.get_available_times = async_raw_method(view.get_available_times)
        self.get_next_three_time_slots = async_raw_method(view.get_next_three_time_slots)
        self.update_ewt_record = async_raw_method(view.update_ewt_record)
        self.get_ewt_by_service_id = async_raw_method(view.get_ewt_by_service_id)
        self.get_call_data_by_number = async_raw_method(view.get_call_data_by_number)
        self.get_call_data_by_pin = async_raw_method(view.get_call_data_by_pin)


class _AsyncAnswersRaw(AsyncBuzzeasyClient):
    """A view of a client whose methods return RawResponses; `async_raw_method` gives them their types."""

    async def _run(self, call: PreparedCall[Any, Any, T]) -> T:
        decoded = await self._delivery.deliver(call.operation, call.request, call.headers)
        reply = decoded.response
        raw = RawResponse(reply.status, reply.headers, reply.body, lambda: call.answer(decoded.value()))
        return cast(T, raw)
