"""SOAP 1.1 by zeep itself, over the cached WSDL or another, with the user's plugins and WS-Security."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.wsdl.bindings import Soap11Binding

from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.load import load_wsdl
from buzzeasy_soap.description.model import ServiceDescription
from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.bindings.soap import (
    log_headers,
    read_body,
    read_envelope,
    read_form,
    read_response,
    soap_request,
)
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import Operation
from buzzeasy_soap.wire.rebinding import Contract
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

    Raises ConfigurationError for a WSDL that cannot be read or that imports what is not in its folder.
    An operation that does not fit this package raises ConfigurationError when it is called.
    """

    name: Final = "zeep"

    def __init__(
        self,
        *,
        wsdl: str | os.PathLike[str] | None = None,
        plugins: Sequence[Plugin] = (),
        wsse: WsSecurity | None = None,
    ) -> None:
        document_sets = {documents.name: documents for documents in read_documents()}
        given = _given(wsdl, document_sets.values())
        document_sets |= {name: documents for name, (documents, _) in given.items()}
        self.contract = Contract({name: described for name, (_, described) in given.items()})
        self._documents = document_sets
        # The cached documents of a service when it is first called: to load them takes as long as zeep's import.
        self._operations = {name: _declared(documents) for name, (documents, _) in given.items()}
        self._plugins = tuple(plugins)
        self._wsse = wsse
        self._secrets = tuple(_secrets_within(each) for each in (wsse, *plugins) if each is not None)

    def encode(self, operation: Operation[Req, Resp], request: Req, endpoint: str) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest, or ConfigurationError where a plugin fails."""
        bound, declared = self._bound(operation)
        envelope: Any = declared.create(**to_zeep(bound.request.shape, request)).content
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
        bound, declared = self._bound(operation)
        reply = Reply(response, request, tuple(secret for found in self._secrets for secret in found))
        if self._wsse is None and not self._plugins:
            record = read_form(reply, bound.response)
            if record is not None:
                return record
        envelope = read_envelope(reply)
        if self._wsse is None and not self._plugins:  # which may understand any
            log_headers(operation, envelope)
        envelope = self._ingress(reply, envelope, declared)
        element = read_body(reply, envelope, bound.faults)
        return read_response(reply, element, bound.response)

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

    def _bound(self, operation: Operation[Req, Resp]) -> tuple[Operation[Req, Resp], Any]:
        """An operation under the names of the WSDL, and zeep's."""
        bound = self.contract.operation(operation)
        if operation.service not in self._operations:
            self._operations[operation.service] = _declared(self._documents[operation.service])
        return bound, self._operations[operation.service][operation.name.casefold()]


def _given(
    wsdl: str | os.PathLike[str] | None, known: Iterable[DocumentSet]
) -> dict[str, tuple[DocumentSet, ServiceDescription]]:
    if wsdl is None:
        return {}
    from buzzeasy_soap.description.given import read_given

    return read_given(known, Path(wsdl))


def _declared(documents: DocumentSet) -> Mapping[str, Any]:
    """Zeep's operations of a WSDL, by their names without regard to case."""
    services = load_wsdl(documents).services.values()
    bindings = [port.binding for service in services for port in service.ports.values()]
    operations = {
        name.casefold(): operation
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
    shape.require_sendable(record)
    for member in shape.members:
        value = getattr(record, member.field) if member.field else None
        if value is None or value == ():
            if member.filler is not None:
                arguments[member.name] = zeep_xsd.Nil if member.filler is NIL else member.filler
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


def _secrets_within(thing: object, depth: int = 2) -> tuple[Secret, ...]:
    """The passwords and keys that a plugin or a WS-Security object holds."""
    found: list[Secret] = []
    for name, value in getattr(thing, "__dict__", {}).items():
        if isinstance(value, str) and value and _HOLDS_SECRET.search(name):
            found.append(Secret(value))
        elif depth and isinstance(value, list | tuple):
            found += (secret for each in value for secret in _secrets_within(each, depth - 1))
    return tuple(found)
