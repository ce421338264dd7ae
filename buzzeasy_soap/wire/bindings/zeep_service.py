"""Any operation of any WSDL as zeep writes and reads it, over our delivery: zeep itself opens no connection."""

import copy
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Final, final

from attrs import field, frozen
from lxml import etree
from zeep.xsd import AnyObject, CompoundValue
from zeep.xsd.valueobjects import ArrayValue

from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError, InvalidRequest
from buzzeasy_soap.wire.bindings.plugins import Extensions
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.bindings.soap import log_headers, read_envelope, service_fault, soap_request
from buzzeasy_soap.wire.bindings.zeep import not_taken
from buzzeasy_soap.wire.envelope import Unreadable, body_in, fault_of
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import NO_HEADERS, AsyncInvoke, Invoke, Message, Operation
from buzzeasy_soap.wire.redaction import Secret, guard_logs, without_traceback
from buzzeasy_soap.wire.shapes import Shape

# zeep logs what it cannot read in a reply, and goes on.
_TALKATIVE: Final = ("zeep.xsd.types.simple", "zeep.xsd.types.any", "zeep.xsd.elements.attribute")


@frozen
class Arguments:
    """What an operation is called with. It shows nothing of it: some may be secret."""

    args: tuple[object, ...] = field(repr=False)
    kwargs: Mapping[str, object] = field(repr=False)


@frozen
class Written:
    """A request: the envelope that zeep made of some arguments, and the secrets in it."""

    envelope: Any = field(repr=False)
    secrets: tuple[Secret, ...] = field(repr=False)


@frozen
class Answer:
    """What zeep read in a reply."""

    value: object = field(repr=False)


_WRITTEN: Final = Message("", Shape(Written))
_ANSWER: Final = Message("", Shape(Answer))


@frozen
class ZeepPort:
    """A port of a WSDL: zeep's operations, as a binding of requests that are written and answers."""

    service: str
    operations: Mapping[str, Any] = field(repr=False)
    """Zeep's, by name."""
    schema: Any = field(repr=False)
    """Zeep's, of the WSDL."""
    extensions: Extensions = field(repr=False)
    secrets: tuple[str, ...]
    """The names of elements and attributes that no error may show, in any case."""
    name: str = "zeep"

    def __attrs_post_init__(self) -> None:
        guard_logs(*_TALKATIVE)

    def operation(self, name: str) -> Operation[Written, Answer]:
        """An operation by its name, which nobody repeats. Raises ConfigurationError."""
        if name not in self.operations:
            names = ", ".join(sorted(self.operations)) or "none"
            raise ConfigurationError(f"{self.service} has no operation {name!r}; it has {names}")
        action = self.operations[name].soapaction or ""
        return Operation(self.service, name, action, _WRITTEN, _ANSWER, None)

    def write(self, operation: Operation[Written, Answer], arguments: Arguments) -> Written:
        """The request of some arguments. Raises InvalidRequest, and whatever zeep does."""
        declared = self.operations[operation.name]
        if declared.input.body is None and (arguments.args or arguments.kwargs.keys() - {"_soapheaders"}):
            raise InvalidRequest(f"{operation.name} takes no arguments", parameter="arguments")
        given: list[Secret] = []
        envelope = declared.create(
            *[_revealed(each, given) for each in arguments.args],
            **{name: _revealed(each, given) for name, each in arguments.kwargs.items()},
        ).content
        return Written(envelope, (*given, *_named(envelope, self.secrets)))

    def encode(
        self,
        operation: Operation[Any, Any],
        request: Any,
        endpoint: str,
        headers: Mapping[str, object] = NO_HEADERS,  # noqa: ARG002 - they are in the envelope (_soapheaders)
    ) -> HttpRequest:
        """A POST of an envelope. Raises ConfigurationError where a plugin fails."""
        declared = self.operations[operation.name]
        body, http_headers = self.extensions.outgoing(request.envelope, declared, endpoint)
        http = soap_request(endpoint, operation.soap_action, body)
        return HttpRequest(http.method, http.url, {**http.headers, **http_headers}, http.body)

    def decode(self, operation: Operation[Any, Any], request: Any, response: HttpResponse) -> Any:
        """What zeep reads in a reply. Raises ServiceFault or ProtocolError."""
        declared = self.operations[operation.name]
        reply = Reply(response, request, self.extensions.secrets, self.secrets)
        if declared.output is None and response.status in (200, 202, 204) and not response.body.strip():
            return Answer(None)
        envelope = read_envelope(reply)
        if not self.extensions:  # which may understand any
            log_headers(operation, envelope)
        envelope = self.extensions.incoming(reply, envelope, declared)
        try:
            body = body_in(envelope)
        except Unreadable as error:
            reply.fail(f"the reply cannot be read: {error}")
        fault = next(filter(None, map(fault_of, body.iterchildren("*"))), None)
        if fault is not None:
            raise service_fault(reply, fault)
        if response.status != 200:
            reply.fail("the reply is neither a success nor a fault")
        _require_expected(reply, body, declared)
        try:
            return Answer(declared.process_reply(envelope))
        except Exception as error:  # noqa: BLE001 - zeep trips over odd replies in any way there is
            # Cut after redaction, so that no half of a secret is left at the end.
            told = reply.clean(str(error))[:200]
            reply.fail(f"zeep cannot read the reply ({type(error).__name__}: {told})")


def _require_expected(reply: Reply, body: Any, declared: Any) -> None:
    """Raise ProtocolError where a Body holds another element than the WSDL says: zeep would not look."""
    output = declared.output
    if output is None or output.body is None or output._is_body_wrapped:  # noqa: SLF001 - zeep says it nowhere else
        return
    found = [element.tag for element in body.iterchildren("*")]
    expected = output.body.qname
    if declared.style == "document":
        is_expected = found == [expected.text]
    else:  # whose element may have any name, as long as there is something in it
        names = (expected.localname, f"{declared.name}Response")
        is_expected = bool(found) and (len(body[0]) > 0 or etree.QName(body[0]).localname in names)
    if not is_expected:
        reply.fail(f"the Body holds {' and '.join(found) or 'nothing'}, not {expected.text}")


def _revealed(value: Any, given: list[Secret]) -> Any:
    """An argument with the secrets in it as zeep must have them; each is noted."""
    if isinstance(value, Secret):
        given.append(Secret(str(value.reveal())))
        return value.reveal()
    if isinstance(value, dict):
        return {key: _revealed(each, given) for key, each in value.items()}
    if isinstance(value, list | tuple):
        items = [_revealed(each, given) for each in value]
        return type(value)(items) if isinstance(value, ArrayValue) else items
    if isinstance(value, CompoundValue):
        value = copy.deepcopy(value)
        for name, each in value.__values__.items():
            value.__values__[name] = _revealed(each, given)
    elif isinstance(value, AnyObject):
        value = AnyObject(value.xsd_obj, _revealed(value.value, given))
    return value


def _named(envelope: Any, names: Sequence[str]) -> Iterator[Secret]:
    """The texts of the elements and attributes of these names."""
    wanted = {name.casefold() for name in names}
    for element in envelope.iter(etree.Element):
        if etree.QName(element).localname.casefold() in wanted:
            yield from (Secret(str(text)) for text in element.itertext() if text.strip())
        for name, value in element.attrib.items():
            if etree.QName(name).localname.casefold() in wanted and value.strip():
                yield Secret(str(value))


@frozen
class _Factory:
    """Makes values of a type or an element of zeep's."""

    name: str
    made_by: Any = field(repr=False)

    def __call__(self, /, *args: object, **kwargs: object) -> object:
        """A value. Raises InvalidRequest."""
        try:
            return self.made_by(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - zeep trips over odd arguments in any way there is
            problem = not_taken(self.name, error)
        del args, kwargs
        raise problem


@frozen(repr=False)
class _Call:
    """One operation, ready to be called; its repr is zeep's signature of it."""

    _port: ZeepPort
    _operation: Operation[Written, Answer]

    def _written(self, arguments: Arguments) -> Written:
        """The request. Raises InvalidRequest, without what zeep knows of the arguments."""
        try:
            return self._port.write(self._operation, arguments)
        except BuzzeasyError as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - zeep trips over odd arguments in any way there is
            problem = not_taken(self._operation.name, error)
        problem.operation = self._operation.name
        raise without_traceback(problem)

    def __repr__(self) -> str:
        try:
            return str(self._port.operations[self._operation.name])
        except Exception:  # noqa: BLE001 - zeep cannot show every type
            return self._operation.name


@final
@frozen(repr=False)
class _BlockingCall(_Call):
    _invoke: Invoke

    def __call__(self, /, *args: object, **kwargs: object) -> object:
        arguments = Arguments(args, kwargs)
        del args, kwargs  # a traceback would show them
        return self._invoke(self._operation, self._written(arguments)).value


@final
@frozen(repr=False)
class _AsyncCall(_Call):
    _invoke: AsyncInvoke

    async def __call__(self, /, *args: object, **kwargs: object) -> object:
        arguments = Arguments(args, kwargs)
        del args, kwargs  # a traceback would show them
        return (await self._invoke(self._operation, self._written(arguments))).value


@frozen(repr=False)
class _Service:
    _port: ZeepPort
    _address: str

    def get_type(self, name: str) -> Callable[..., object]:
        """A type of the WSDL, as `{namespace}Name`: called, it makes a value. As `zeep.Client.get_type`.

        Raises ConfigurationError where there is none.
        """
        return self._factory(name, "get_type")

    def get_element(self, name: str) -> Callable[..., object]:
        """An element of the WSDL, as `{namespace}Name`: called, it makes a value, as for `_soapheaders`.

        Raises ConfigurationError where there is none.
        """
        return self._factory(name, "get_element")

    def _factory(self, name: str, kind: str) -> Callable[..., object]:
        try:
            return _Factory(name, getattr(self._port.schema, kind)(name))
        except Exception:  # noqa: BLE001 - zeep says it in several ways
            raise ConfigurationError(f"the WSDL of {self._port.service} has no {name}") from None

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._port.operations})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._port.service} at {self._address}>"


@final
@frozen(repr=False)
class ZeepService(_Service):
    """A service as zeep sees it: its operations are called by attribute, or by `[name]`, as zeep's are.

    They take what zeep takes, `_soapheaders` too, and answer what zeep reads, None for a one-way
    operation. A str or a Secret may be given. The repr of an operation is zeep's signature of it.
    Raise ConfigurationError for an operation that is not there, InvalidRequest for arguments that zeep
    cannot write, and TransportError, ServiceFault and ProtocolError as the client's methods do.
    """

    _invoke: Invoke

    def __getitem__(self, name: str) -> Callable[..., object]:
        """The operation of a name. Raises ConfigurationError."""
        return _BlockingCall(self._port, self._port.operation(name), self._invoke)

    def __getattr__(self, name: str) -> Callable[..., object]:
        """The operation of a name. Raises ConfigurationError."""
        return self[_operation_name(name)]


@final
@frozen(repr=False)
class AsyncZeepService(_Service):
    """Like ZeepService; its operations are coroutines."""

    _invoke: AsyncInvoke

    def __getitem__(self, name: str) -> Callable[..., Coroutine[object, None, object]]:
        """The operation of a name. Raises ConfigurationError."""
        return _AsyncCall(self._port, self._port.operation(name), self._invoke)

    def __getattr__(self, name: str) -> Callable[..., Coroutine[object, None, object]]:
        """The operation of a name. Raises ConfigurationError."""
        return self[_operation_name(name)]


def _operation_name(name: str) -> str:
    if name.startswith("_"):  # what Python looks for, to copy or to show it
        raise AttributeError(name)
    return name
