"""SOAP 1.1 by zeep itself, over the cached WSDL or another, with the user's plugins and WS-Security."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import zeep.exceptions
from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.wsdl.bindings import Soap11Binding

from buzzeasy_soap.description.diff import Severity
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.fetch import compare_documents, fetch
from buzzeasy_soap.description.get import address_of, document_getter
from buzzeasy_soap.description.load import load_wsdl
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.bindings.soap import read_envelope, soap_request
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Member, Operation, members_of, record_of
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import BY_NAME, NIL, InvalidValue, Reader, required, text_of

Req = TypeVar("Req")
Resp = TypeVar("Resp")


class Plugin(Protocol):
    """What zeep calls a plugin: a `zeep.Plugin`."""

    def egress(self, envelope: Any, http_headers: Any, operation: Any, binding_options: Any, /) -> Any: ...

    def ingress(self, envelope: Any, http_headers: Any, operation: Any, /) -> Any: ...


class WsSecurity(Protocol):
    """What zeep calls WSSE: `zeep.wsse.UsernameToken` and its kind."""

    def apply(self, envelope: Any, headers: Any, /) -> Any: ...

    def verify(self, envelope: Any, /) -> Any: ...


class ZeepBinding:
    """SOAP 1.1 by zeep.

    zeep loads the WSDL, builds the envelope and runs the plugins and WS-Security; the reply is read
    along zeep's types, though not by its deserializer, which shows a nil record as an object of
    Nones, an empty text as None and a bad value as None. `wsdl` is a folder with a service's WSDL
    and its schemas, or the WSDL in it; a service that is not found there is taken from the cached
    contract. WS-Addressing headers are added by `plugins=[zeep.wsa.WsAddressingPlugin()]`, not by
    the WSDL's `wsaw:Action`.

    Raises ConfigurationError for a WSDL that cannot be read, imports what is not in its folder, or
    breaks with the cached contract.
    """

    name: Final = "zeep"

    def __init__(
        self,
        *,
        wsdl: str | os.PathLike[str] | None = None,
        plugins: Sequence[Plugin] = (),
        wsse: WsSecurity | None = None,
    ) -> None:
        document_sets = read_documents()
        if wsdl is not None:
            document_sets = _with_given(document_sets, Path(wsdl))
        self._operations: dict[str, Mapping[str, Any]] = {
            documents.name: _operations(documents) for documents in document_sets
        }
        self._plugins = tuple(plugins)
        self._wsse = wsse

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest."""
        declared = self._operation(operation)
        serialized = declared.create(**to_zeep(request))
        envelope: Any = serialized.content
        headers: dict[str, str] = {}
        for plugin in self._plugins:
            changed = plugin.egress(envelope, headers, declared, {"address": endpoint})
            envelope, headers = changed or (envelope, headers)
        if self._wsse is not None:
            envelope, headers = self._wsse.apply(envelope, headers)
        body = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        http = soap_request(endpoint, declared.soapaction, body)
        return HttpRequest(http.method, http.url, {**http.headers, **headers}, http.body)

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a response envelope. Raises ServiceFault or ProtocolError."""
        declared = self._operation(operation)
        reply = Reply(response, request)
        element = read_envelope(reply, operation.faults)
        root = element.getroottree().getroot()
        if self._wsse is not None:
            try:
                self._wsse.verify(root)
            except zeep.exceptions.Error as error:
                reply.refuse(f"the reply does not pass WS-Security ({error})")
        for plugin in self._plugins:
            plugin.ingress(root, response.headers, declared)
        expected = declared.output.body
        if element.tag != expected.qname.text:
            reply.refuse(f"the Body holds {element.tag}, not {expected.qname.text}")
        try:
            record = _read(element, expected.type, operation.response.record)
        except InvalidValue as error:
            reply.refuse(f"the reply is not what the contract says: {error}")
        if operation.result is not None and getattr(record, operation.result) is None:
            reply.refuse(f"the reply holds no result of {operation.name}")
        return record

    def _operation(self, operation: Operation[Any, Any]) -> Any:
        try:
            return self._operations[operation.service][operation.name]
        except KeyError:
            raise ConfigurationError(f"the WSDL has no operation {operation.name}") from None


def _with_given(cached: Sequence[DocumentSet], path: Path) -> tuple[DocumentSet, ...]:
    """The cached documents, with those of the WSDLs that are given in their place.

    Raises ConfigurationError where none is given, or one breaks with the contract.
    """
    folder, names = (path, None) if path.is_dir() else (path.parent, {path.name})
    document_sets = tuple(
        _given(documents, folder / documents.wsdl)
        if (folder / documents.wsdl).is_file() and (names is None or documents.wsdl in names)
        else documents
        for documents in cached
    )
    if document_sets == tuple(cached):
        known = " or ".join(documents.wsdl for documents in cached)
        raise ConfigurationError(f"wsdl={str(path)!r} is no {known}, nor a folder with one")
    return document_sets


def _given(cached: DocumentSet, path: Path) -> DocumentSet:
    fetched = fetch(cached, address_of(str(path)), document_getter())
    if fetched.notes:
        raise ConfigurationError(f"{path.name}: {'; '.join(fetched.notes)}")
    changes = compare_documents(cached, fetched.documents)
    breaking = [str(change) for change in changes if change.severity is Severity.BREAKING]
    if breaking:
        raise ConfigurationError(
            f"{path.name} breaks with the contract of this client: {'; '.join(breaking)}"
        )
    return fetched.documents


def _operations(documents: DocumentSet) -> Mapping[str, Any]:
    services = load_wsdl(documents).services.values()
    bindings = [port.binding for service in services for port in service.ports.values()]
    operations = {
        name: operation
        for binding in bindings
        if isinstance(binding, Soap11Binding)
        for name, operation in binding._operations.items()  # noqa: SLF001 - zeep has no public way
    }
    for operation in operations.values():
        operation.abstract.wsa_action = None  # else zeep adds WS-Addressing unasked
    return operations


def to_zeep(record: object) -> dict[str, Any]:
    """A record as zeep's arguments: by wire names, without None, nil where it says NIL.

    Raises InvalidRequest.
    """
    arguments: dict[str, Any] = {}
    for field, member in members_of(type(record)):
        value = getattr(record, field.name)
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            arguments[member.name] = [_argument(each, field.name, member) for each in value]
        else:
            arguments[member.name] = _argument(value, field.name, member)
    return arguments


def _argument(value: Any, parameter: str, member: Member) -> Any:
    if value is NIL:
        return zeep_xsd.Nil
    if member.simple is None:
        return to_zeep(value)
    text = text_of(value, member.simple, parameter)
    return text if isinstance(value, Secret) else value


def _read(element: etree._Element, declared: Any, record: type[Resp]) -> Resp:
    """An element as a record, by the names that zeep's type declares; what it lacks is None."""
    by_name = {child.name: child for _, child in declared.elements}
    tags = {child.qname.text: child.accepts_multiple for child in by_name.values()}
    members = BY_NAME.members(element, tags)
    values: dict[str, Any] = {}
    for field, member in members_of(record):
        child = by_name.get(member.name)
        if child is None:
            continue
        tag, inner = child.qname.text, record_of(field)
        if inner is not None:
            read = BY_NAME.records if member.repeated else BY_NAME.record
            value = read(members, tag, _reading(child.type, inner))
        elif member.simple is not None:
            read_simple = BY_NAME.nillables if member.repeated else BY_NAME.nillable
            value = read_simple(members, tag, member.simple.parse)
        if value is NIL and not member.nillable:
            value = None
        values[field.name] = value if member.optional else required(value, tag)
    return record(**values)


def _reading(declared: Any, record: type[Resp]) -> Callable[[etree._Element, Reader], Resp]:
    return lambda element, _: _read(element, declared, record)
