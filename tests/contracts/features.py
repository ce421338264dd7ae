"""What becomes of a WSDL for each feature of WSDL and XML Schema: one small contract each, in `features/`."""

from pathlib import Path
from typing import Final

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.download import address_of, document_getter, documents_beside
from buzzeasy_soap.description.fetch import Fetched, fetch
from tests.contracts.shapes import template

HERE: Final = Path(__file__).parent / "features"
GENERATED: Final = ""

FEATURES: Final[dict[str, str]] = {
    # As .NET publishes them.
    "wrapped": GENERATED,
    "void": GENERATED,
    "extension": GENERATED,
    "fault_of_a_record": GENERATED,
    "fault_of_a_simple_type": GENERATED,
    "bare": GENERATED,
    "request_of_a_simple_type": GENERATED,
    "response_of_a_simple_type": GENERATED,
    "nillable_simple_types": GENERATED,
    "request_of_any_type": GENERATED,
    "any_type": GENERATED,
    "header": GENERATED,
    "header_in_the_reply": GENERATED,
    "header_in_its_message": GENERATED,
    "headers_at_large": GENERATED,
    "header_encoded": "a SOAP header with use encoded (Ticket)",
    "header_of_a_type": "a SOAP header that is a type and no element (ticket)",
    "header_of_any_type": GENERATED,
    "header_nowhere": "No definition '{urn:orders}Tickets' in 'messages' found",
    "wildcard": GENERATED,
    "wildcards": GENERATED,
    "wildcards_inherited": GENERATED,
    "mixed": GENERATED,
    "one_way": GENERATED,
    "attributes": GENERATED,
    "simple_types": GENERATED,
    "dotnet": GENERATED,
    "data_table": GENERATED,
    "known_types": GENERATED,
    "known_types_at_large": GENERATED,
    "known_types_bare": GENERATED,
    "known_types_with_attributes": GENERATED,
    "known_types_open": GENERATED,
    "extension_without_a_name": GENERATED,
    "abstract_alone": "Order: an abstract type that nothing extends",
    "dataset": GENERATED,
    # Documents that lie elsewhere, beside, or nowhere.
    "svcutil/Orders": GENERATED,
    "svcutil_split/Orders": GENERATED,
    "svcutil_metadata/Orders": GENERATED,
    "chameleon/Orders": GENERATED,
    "xml_namespace": GENERATED,
    "xml_namespace_without_location": GENERATED,
    "schema_of_schemas": GENERATED,
    "soap_encoding_imported": GENERATED,
    "schema_elsewhere": "is on another host (--allow-host stock.example follows it): left out",
    "truncated": "truncated.wsdl is not XML that can be read",
    # Ports.
    "no_address": GENERATED,
    "empty_port_type": GENERATED,
    "no_operations": GENERATED,
    "two_port_types": "more than one port type, {urn:orders}IOrders and {urn:orders}IStock",
    "soap_12_only": "has no SOAP 1.1 port over HTTP, only SOAP 1.2",
    "over_mail": "the port Orders goes over http://schemas.xmlsoap.org/soap/smtp",
    "no_service": "has no SOAP 1.1 port over HTTP: it has no service",
    # Names that lead nowhere.
    "binding_nowhere": "the port Orders is of the binding {urn:orders}Order, which is not there",
    "port_type_nowhere": "No definition '{urn:orders}IOrder' in 'port_types' found",
    "operation_nowhere": "the port type IOrders has no such operation",
    "message_nowhere": "its message {urn:orders}Inn is not in the WSDL",
    "element_nowhere": "its message In is the element {urn:orders}PlaceOrders, which is in no schema",
    "type_nowhere": "Unable to resolve type {urn:orders}Orders",
    "prefix_nowhere": "No namespace defined for 'odd'",
    # What stays with zeep.
    "choice": "xs:choice",
    "all": "xs:all",
    "simple_content": "simple content",
    "rpc": "RPC style",
    "encoded": "RPC style",
    "overloaded": "an overloaded operation",
    "notification": "an operation that the service calls",
    "empty_request": "an empty request",
    "several_parts": "a request of several parts",
    "part_of_a_type": "a request that is a type and no element",
}
"""What the refusal says, by the file's name."""


def feature(name: str, service: str = "Orders") -> Fetched:
    """The contract of a feature, fetched from its file."""
    address = address_of(str(HERE / f"{name}.wsdl"))
    return fetch(template(service), address, document_getter(), beside=documents_beside(address))


def documents_of(name: str) -> DocumentSet:
    return feature(name).documents
