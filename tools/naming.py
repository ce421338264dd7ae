"""What the contract's names are called in Python."""

import keyword
import re
from collections.abc import Iterable
from typing import Final

from buzzeasy_soap.description.model import (
    ComplexDescription,
    MemberDescription,
    MessageDescription,
    ServiceDescription,
    is_anonymous,
    local_name,
    namespace,
)

# What the body of a generated record refers to: a field of that name would hide it from the next.
_IN_RECORDS: Final = frozenset({"bool", "bytes", "dt", "float", "int", "str", "tuple"})


def snake_case(name: str) -> str:
    """`GetEWTByServiceID` as `get_ewt_by_service_id`."""
    words = re.sub(r"\W", "_", name)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words).lower()
    # attrs takes leading underscores off its arguments, so they come off here.
    snake = re.sub(r"__+", "_", snake).strip("_") or "value"
    if snake[0].isdigit():
        snake = f"value_{snake}"
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def attribute_name(name: str) -> str:
    """A record's field: snake_case that hides nothing that the record needs."""
    snake = snake_case(name)
    return f"{snake}_" if snake in _IN_RECORDS else snake


def class_name(name: str) -> str:
    """`TimeSlot` as it is, `time-slot` as `TimeSlot`."""
    words = [word for word in re.split(r"[\W_]+", name) if word]
    camel = "".join(f"{word[0].upper()}{word[1:]}" for word in words) or "Value"
    return f"Value{camel}" if camel[0].isdigit() else camel


def constant_name(name: str) -> str:
    """`GetEWTByServiceID` as `GET_EWT_BY_SERVICE_ID`."""
    return snake_case(name).rstrip("_").upper()


def last_segment(uri: str) -> str:
    """What tells a namespace from another: `BuzzMeInfo` of `http://…/2004/07/BuzzMeInfo`."""
    return (re.split(r"[/:]+", uri.rstrip("/:")) or [""])[-1]


class Names:
    """Names that are taken, so that each of a scope stands for one thing."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)

    def take(self, *preferred: str) -> str:
        """The first of `preferred` that is free, or the last with a number."""
        numbered = (f"{preferred[-1]}_{n}" for n in range(2, 1000))
        name = next(name for name in (*preferred, *numbered) if name not in self._taken)
        self._taken.add(name)
        return name


class ContractNames:
    """What one generated module calls everything in it.

    A name that is taken gets its namespace's last part as well, then a number; which comes first
    depends on the names alone, never on the order in which they were read.
    """

    def __init__(self, service: ServiceDescription, reserved: frozenset[str]) -> None:
        names = Names(reserved | {f"{service.name}Proxy", f"Async{service.name}Proxy"})
        records = [each for each in service.types.values() if isinstance(each, ComplexDescription)]
        headers = _headers_of(service)
        members = [member for record in records for member in record.members]
        held = {member.tag for member in members if not member.is_wildcard}
        tags = sorted(held | {header.tag for header in headers})
        wrappers = {message.tag for message in messages_of(service)}
        families = {record.name for record in records if is_of_a_family(service, record)}
        self.constants = {
            operation.name: names.take(constant_name(operation.name)) for operation in service.operations
        }
        """Of the operations, by name."""
        self.headers = {
            header: names.take(f"{constant_name(header.name.removesuffix('Header'))}_HEADER")
            for header in headers
        }
        """Of the SOAP headers."""
        fields = Names(frozenset({"request", "self"}))
        self.header_fields = {
            tag: fields.take(attribute_name(local_name(tag)), f"{attribute_name(local_name(tag))}_header")
            for tag in sorted({header.tag for header in headers})
        }
        """Of the SOAP headers, by tag: what a proxy's methods call them."""
        methods = Names()
        self.methods = {
            operation.name: methods.take(snake_case(operation.name)) for operation in service.operations
        }
        """Of the proxies, by the operation's name."""
        after = _called_after_operations(service)
        self.classes = {
            name: names.take(
                *_with_namespace(class_name(after.get(name) or local_name(name)), class_name(_last(name)))
            )
            for name in _in_order_of_claim(service)
        }
        """Of records and enumerations, by the type's name."""
        snakes = Names()
        self.snakes = {name: snakes.take(snake_case(plain)) for name, plain in self.classes.items()}
        """The ending of a class's constants: `EWT` and `Ewt` must not share one."""
        self.namespaces = {
            uri: names.take(f"_IN_{constant_name(last_segment(uri))}")
            for uri in sorted({namespace(tag) for tag in {*tags, *wrappers, *families}} - {""})
        }
        self.tags = {
            tag: names.take(
                *_with_namespace(f"_TAG_{constant_name(local_name(tag))}", f"_{constant_name(_last(tag))}")
            )
            for tag in tags
        }

    def codec(self, enumeration: str) -> str:
        """The constant that reads and writes an enumeration."""
        return f"_{constant_name(self.snakes[enumeration])}_CODEC"

    def shape(self, record: str) -> str:
        """The constant that says how a record stands on the wire."""
        return f"_{constant_name(self.snakes[record])}_SHAPE"


def is_of_a_family(service: ServiceDescription, record: ComplexDescription) -> bool:
    """It extends another type of the service, or others extend it: its name can stand in a message."""
    return bool(record.derived) or record.base in service.types


def _headers_of(service: ServiceDescription) -> list[MemberDescription]:
    """The SOAP headers of a service, in the order of their names; one that is also required somewhere is two."""
    found = {
        header
        for operation in service.operations
        for header in (*operation.request_headers, *operation.response_headers)
    }
    return sorted(found, key=lambda header: (header.tag, header.min_occurs))


def messages_of(service: ServiceDescription) -> Iterable[MessageDescription]:
    """Every message of a service, faults included."""
    for operation in service.operations:
        for message in (operation.request, operation.response, *operation.faults.values()):
            if message is not None:
                yield message


def _called_after_operations(service: ServiceDescription) -> dict[str, str]:
    """What the messages' types without names are called: after the operation, whatever the element is called."""
    called: dict[str, list[str]] = {}
    for operation in service.operations:
        for message, name in (
            (operation.request, operation.name),
            (operation.response, f"{operation.name}Response"),
        ):
            if message is not None and is_anonymous(message.type):
                called.setdefault(message.type, []).append(name)
    return {type_name: names[0] for type_name, names in called.items() if len(names) == 1}


def _in_order_of_claim(service: ServiceDescription) -> Iterable[str]:
    """The types that become classes; first the operations' own messages, whose names users know."""
    own = (
        message.type
        for operation in service.operations
        for message in (operation.request, operation.response)
        if message is not None
    )
    rest = (
        name
        for name, described in service.types.items()
        if isinstance(described, ComplexDescription) or described.is_enumeration
    )
    return dict.fromkeys((*own, *rest))


def _with_namespace(name: str, suffix: str) -> tuple[str, str]:
    return name, f"{name}{suffix}"


def _last(name: str) -> str:
    return last_segment(namespace(name))
