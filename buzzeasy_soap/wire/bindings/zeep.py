"""SOAP 1.1 by zeep itself, over the cached WSDL or another, with the user's plugins and WS-Security."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from attrs import evolve
from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.wsdl.bindings import Soap11Binding

from buzzeasy_soap.description.diff import Severity
from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.download import address_of, document_getter
from buzzeasy_soap.description.fetch import compare_documents, fetch
from buzzeasy_soap.description.load import load_wsdl
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.bindings.soap import read_body, read_envelope, read_response, soap_request
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Message, Operation
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.text import text_of
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")
Req = TypeVar("Req")
Resp = TypeVar("Resp")

_HOLDS_SECRET: Final = re.compile("pass(word|phrase)|secret|token|api_?key", re.IGNORECASE)


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
        self._shapes: dict[str, Shape[Any]] = {}
        self._plugins = tuple(plugins)
        self._wsse = wsse
        self._secrets = tuple(_secrets_of(each) for each in (wsse, *plugins) if each is not None)

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest, or ConfigurationError where a plugin fails."""
        declared = self._operation(operation)
        envelope: Any = declared.create(**to_zeep(operation.request.shape, request)).content
        headers: dict[str, str] = {}
        try:
            for plugin in self._plugins:
                changed = plugin.egress(envelope, headers, declared, {"address": endpoint})
                envelope, headers = changed or (envelope, headers)
            if self._wsse is not None:
                envelope, headers = self._wsse.apply(envelope, headers)
            body = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code, whatever it raises
            raise ConfigurationError(
                f"a zeep plugin or WS-Security failed on the request ({type(error).__name__})"
            ) from None
        http = soap_request(endpoint, declared.soapaction, body)
        return HttpRequest(http.method, http.url, {**http.headers, **headers}, http.body)

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a response envelope. Raises ServiceFault or ProtocolError."""
        declared = self._operation(operation)
        reply = Reply(response, request, tuple(secret for found in self._secrets for secret in found))
        envelope = self._ingress(reply, read_envelope(reply), declared)
        element = read_body(reply, envelope, operation.faults)
        return read_response(reply, element, Message(declared.output.body.qname.text, self._shape(operation)))

    def _ingress(self, reply: Reply, envelope: Any, declared: Any) -> Any:
        """The envelope as WS-Security and the plugins leave it, in zeep's order."""
        try:
            if self._wsse is not None:
                self._wsse.verify(envelope)
            for plugin in self._plugins:
                changed = plugin.ingress(envelope, reply.response.headers, declared)
                envelope, _ = changed or (envelope, None)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code, whatever it raises
            reply.fail(f"a zeep plugin or WS-Security failed on the reply ({type(error).__name__}: {error})")
        if not isinstance(envelope, etree._Element):  # noqa: SLF001 - lxml has no public name for it
            reply.fail("a zeep plugin returned no envelope")
        return envelope

    def _shape(self, operation: Operation[Any, Resp]) -> Shape[Resp]:
        """The response's shape, under the names that zeep reads in the WSDL."""
        if operation.name not in self._shapes:
            declared = self._operation(operation).output.body.type
            self._shapes[operation.name] = _along(declared, operation.response.shape, {})
        return self._shapes[operation.name]

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


def to_zeep(shape: Shape[Any], record: object) -> dict[str, Any]:
    """A record as zeep's arguments: by wire names, without None, nil where it says NIL.

    Raises InvalidRequest.
    """
    arguments: dict[str, Any] = {}
    for member in shape.members:
        value = getattr(record, member.field)
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            arguments[member.name] = [_argument(each, member) for each in value]
        else:
            arguments[member.name] = _argument(value, member)
    return arguments


def _argument(value: Any, member: Member) -> Any:
    if value is NIL:
        return zeep_xsd.Nil
    if member.shape is not None:
        return to_zeep(member.shape, value)
    assert member.simple is not None
    text = text_of(value, member.simple, member.field)
    return text if isinstance(value, Secret) else value


def _along(declared: Any, known: Shape[R], made: dict[int, Shape[Any]]) -> Shape[R]:
    """A shape under the names that zeep's type declares."""
    if id(known) in made:
        return made[id(known)]
    shape = made[id(known)] = Shape(known.record)
    children = {child.name: child for _, child in declared.elements}
    shape.of(
        *(
            evolve(
                member,
                tag=children[member.name].qname.text,
                shape=member.shape and _along(children[member.name].type, member.shape, made),
            )
            for member in known.members
            if member.name in children
        )
    )
    return shape


def _secrets_of(thing: object, depth: int = 2) -> tuple[Secret, ...]:
    """The passwords and keys that a plugin or a WS-Security object holds."""
    found: list[Secret] = []
    for name, value in getattr(thing, "__dict__", {}).items():
        if isinstance(value, str) and value and _HOLDS_SECRET.search(name):
            found.append(Secret(value))
        elif depth and isinstance(value, list | tuple):
            found += (secret for each in value for secret in _secrets_of(each, depth - 1))
    return tuple(found)
