"""SOAP 1.1 by zeep itself, over the cached WSDL or another, with the user's plugins and WS-Security."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from lxml import etree
from zeep import xsd as zeep_xsd
from zeep.exceptions import ValidationError

from buzzeasy_soap.description.documents import DocumentSet, read_documents
from buzzeasy_soap.description.load import load_wsdl, port_of
from buzzeasy_soap.description.model import ServiceDescription
from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire.bindings.plugins import Extensions, Plugin, WsSecurity
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.bindings.soap import (
    log_headers,
    read_body,
    read_envelope,
    read_form,
    read_headers,
    read_response,
    soap_request,
)
from buzzeasy_soap.wire.envelope import ENVELOPE_START
from buzzeasy_soap.wire.messages import HttpRequest, HttpResponse
from buzzeasy_soap.wire.operation import NO_HEADERS, Operation
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import Member, Shape
from buzzeasy_soap.wire.text import kind_of, text_of, write_header
from buzzeasy_soap.wire.xsd import NIL

R = TypeVar("R")
Req = TypeVar("Req")
Resp = TypeVar("Resp")

_KEYWORD: Final = re.compile(r"unexpected keyword argument '([^']+)'")


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
        self.wsdl = wsdl
        self.extensions = Extensions(tuple(plugins), wsse)
        document_sets = {documents.name: documents for documents in read_documents()}
        given = _given(wsdl, document_sets.values())
        document_sets |= {name: documents for name, (documents, _) in given.items()}
        self.contract = Contract({name: described for name, (_, described) in given.items()})
        self._documents = document_sets
        # The cached documents of a service when it is first called: to load them takes as long as zeep's import.
        self._operations = {name: _declared(documents) for name, (documents, _) in given.items()}

    def encode(
        self,
        operation: Operation[Req, Resp],
        request: Req,
        endpoint: str,
        headers: Mapping[str, object] = NO_HEADERS,
    ) -> HttpRequest:
        """A POST of an envelope. Raises InvalidRequest, or ConfigurationError where a plugin fails."""
        bound, declared = self._bound(operation)
        if kind_of(bound.request.shape, request, "request") is not bound.request.shape:
            problem = "is of a type that extends the operation's own: zeep cannot say so in bare style"
            raise InvalidRequest(f"request {problem}", parameter="request")
        arguments = to_zeep(bound.request.shape, request, declared.binding.wsdl.types)
        is_element = bound.request.shape.of_element
        envelope = create(declared, *((tuple(arguments.values()), {}) if is_element else ((), arguments)))
        header = write_header(bound.request_headers, headers)
        if header:
            envelope.insert(0, etree.fromstring(f"{ENVELOPE_START}{header}</s:Envelope>")[0])
        body, http_headers = self.extensions.outgoing(envelope, declared, endpoint)
        http = soap_request(endpoint, declared.soapaction or "", body)
        return HttpRequest(http.method, http.url, {**http.headers, **http_headers}, http.body)

    def decode(self, operation: Operation[Req, Resp], request: Req, response: HttpResponse) -> Resp:
        """Read a response envelope. Raises ServiceFault or ProtocolError."""
        bound, declared = self._bound(operation)
        reply = Reply(response, request, self.extensions.secrets)
        if bound.one_way or not self.extensions:
            record = read_form(reply, bound.response)
            if record is not None:
                return record
        envelope = read_envelope(reply)
        if not self.extensions:  # which may understand any
            log_headers(bound, envelope)
        envelope = self.extensions.incoming(reply, envelope, declared)
        element = read_body(reply, envelope, bound.faults)
        record = read_response(reply, element, bound.response)
        read_headers(reply, bound, envelope, record)
        return record

    def _bound(self, operation: Operation[Req, Resp]) -> tuple[Operation[Req, Resp], Any]:
        """An operation under the names of the WSDL, and zeep's."""
        bound = self.contract.operation(operation)
        if operation.service not in self._operations:
            self._operations[operation.service] = _declared(self._documents[operation.service])
        declared = self._operations[operation.service]
        return bound, declared.get(operation.name) or declared[operation.name.casefold()]


def create(declared: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The envelope that zeep makes of an operation's arguments. Raises InvalidRequest."""
    try:
        return declared.create(*args, **kwargs).content
    except Exception as error:  # noqa: BLE001 - zeep trips over odd arguments in any way there is
        problem = not_taken(declared.name, error)
    raise problem  # not above: what zeep raised knows the arguments


def not_taken(what: str, error: Exception) -> InvalidRequest:
    """What zeep says of an argument, as far as it shows no value."""
    told = type(error).__name__
    parameter = ".".join(str(each) for each in getattr(error, "path", ())[1:])
    if isinstance(error, ValidationError | TypeError):
        told = str(getattr(error, "message", error)).partition("\n")[0].partition(". Signature")[0]
        named = _KEYWORD.search(told)
        parameter = parameter or (named[1] if named else "")
    return InvalidRequest(
        f"{parameter or 'the arguments'}: zeep cannot write {what} ({told})",
        parameter=parameter or "arguments",
    )


def _given(
    wsdl: str | os.PathLike[str] | None, known: Iterable[DocumentSet]
) -> dict[str, tuple[DocumentSet, ServiceDescription]]:
    if wsdl is None:
        return {}
    from buzzeasy_soap.description.given import read_given

    return read_given(known, Path(wsdl))


def _declared(documents: DocumentSet) -> Mapping[str, Any]:
    """Zeep's operations of a service's port, by their names and by those without regard to case."""
    operations = port_of(documents, load_wsdl(documents)).binding.all()
    for operation in operations.values():
        operation.abstract.wsa_action = None  # else zeep adds WS-Addressing unasked
    return {**{name.casefold(): operation for name, operation in operations.items()}, **operations}


def to_zeep(shape: Shape[Any], record: object, types: Any) -> dict[str, Any]:
    """A record as zeep's arguments: by wire names, without None, nil where it says NIL.

    `types` are zeep's own. Raises InvalidRequest.
    """
    arguments: dict[str, Any] = {}
    shape.require_sendable(record)
    for name, member in _zeep_names(shape):
        value = getattr(record, member.field) if member.field else None
        if value is None or (member.repeated and value == ()):
            if member.filler is not None:
                arguments[name] = zeep_xsd.Nil if member.filler is NIL else member.filler
            continue
        if member.repeated and isinstance(value, tuple):
            arguments[name] = [_argument(each, member, types) for each in value]
        else:
            arguments[name] = _argument(value, member, types)
    return arguments


def _zeep_names(shape: Shape[Any]) -> Iterator[tuple[str, Member]]:
    """The members and attributes by what zeep calls them."""
    yield from ((member.name, member) for member in shape.members)
    names = {member.name for member in shape.members}
    for attribute in shape.attributes:
        yield f"attr__{attribute.name}" if attribute.name in names else attribute.name, attribute


def _argument(value: Any, member: Member, types: Any) -> Any:
    if value is NIL:
        return zeep_xsd.Nil
    if member.shape is not None:
        shape = kind_of(member.shape, value, member.field)
        arguments = to_zeep(shape, value, types)
        return arguments if shape is member.shape else types.get_type(shape.type)(**arguments)
    if member.simple is None:
        # zeep writes no such element as it stands, and lxml, which it moves one with, mixes up prefixes.
        problem = f'{member.field} may hold anything, which engine="zeep" cannot send: use engine="generated"'
        raise InvalidRequest(problem, parameter=member.field)
    text = text_of(value, member.simple, member.field)
    return text if isinstance(value, Secret) else value
