"""Writes `buzzeasy_soap/contract/` from what zeep reads in `wsdl/`: a pure function of it."""

import hashlib
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import NamedTuple

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.load import XSD, UnsupportedContract, describe
from buzzeasy_soap.description.model import (
    MemberDescription,
    OperationDescription,
    ServiceDescription,
    TypeDescription,
)


class Simple(NamedTuple):
    codec: str
    annotation: str


SIMPLE_TYPES = {
    "string": Simple("xsd.STRING", "str"),
    "int": Simple("xsd.INT", "int"),
    "boolean": Simple("xsd.BOOLEAN", "bool"),
    "dateTime": Simple("xsd.DATE_TIME", "datetime"),
}
SECRET = Simple("xsd.SECRET", "Secret")


def snake_case(name: str) -> str:
    """`GetEWTByServiceID` as `get_ewt_by_service_id`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def generate(document_sets: Iterable[DocumentSet]) -> dict[str, str]:
    """The generated package's files, by name.

    Raises UnsupportedContract, naming the place, for what cannot be generated.
    """
    modules: dict[str, str] = {}
    described = [(documents, describe(documents)) for documents in document_sets]
    for documents, service in described:
        modules[f"{snake_case(service.name)}.py"] = _formatted(_module(documents, service))
    modules["__init__.py"] = _formatted(_package([service for _, service in described]))
    return modules


def _formatted(source: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", "contract.py", "-"],
        input=source, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def _package(services: list[ServiceDescription]) -> str:
    modules = sorted(snake_case(service.name) for service in services)
    imports = "\n".join(f"from buzzeasy_soap.contract import {module}" for module in modules)
    return f'''"""The contract in Python: records, codecs, operations and typed proxies.

Generated from wsdl/ by tools/regenerate.py. Do not edit.
"""

from types import MappingProxyType
from typing import Final

{imports}
from buzzeasy_soap.wire.operation import Service

SERVICES: Final = MappingProxyType(
    {{service.name: service for service in ({", ".join(f"{m}.SERVICE" for m in modules)})}}
)
"""Each service by its name."""

__all__ = ["SERVICES", "Service", {", ".join(repr(module) for module in modules)}]
'''


def _module(documents: DocumentSet, service: ServiceDescription) -> str:
    types = sorted(service.types.values(), key=lambda described: local_name(described.name))
    names = [local_name(described.name) for described in types]
    for name in names:
        if names.count(name) > 1:
            raise UnsupportedContract(f"{documents.wsdl} has two types named {name}")
    digest = hashlib.sha256(documents.content[documents.wsdl]).hexdigest()
    operations = service.operations
    parts = [
        f'''"""The records, codecs, operations and proxies of {service.name}.

Generated from wsdl/{documents.wsdl} (sha256 {digest}). Do not edit.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from attrs import field, frozen
from lxml.etree import _Element

from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.operation import (
    AsyncInvoke, Invoke, Member, Message, Operation, Service,
)
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import Nil, Reader
''',
        *(_codec(described, documents.secrets) for described in _leaves_first(types)),
        *(_operation(operation, service) for operation in operations),
        _service(documents, service),
        _proxy(service, asynchronous=False),
        _proxy(service, asynchronous=True),
    ]
    source = "\n\n".join(parts)
    for unused, line in (
        ("datetime", "from datetime import datetime\n"),
        ("Secret", "from buzzeasy_soap.wire.redaction import Secret\n"),
    ):
        if not re.search(rf"\b{unused}\b", source.replace(line, "")):
            source = source.replace(line, "")
    return source


def _leaves_first(types: list[TypeDescription]) -> list[TypeDescription]:
    """Each type after those that it holds, so that a reader meets no name before its meaning."""
    by_name = {described.name: described for described in types}
    ordered: dict[str, TypeDescription] = {}

    def visit(described: TypeDescription) -> None:
        if described.name in ordered:
            return
        for member in described.members:
            if member.type in by_name and member.type != described.name:
                visit(by_name[member.type])
        ordered[described.name] = described

    for described in types:
        visit(described)
    return list(ordered.values())


def _simple(member: MemberDescription, secrets: frozenset[str]) -> Simple | None:
    """The simple type of a member, None where its type is a record."""
    if not member.type.startswith(XSD):
        return None
    simple = SIMPLE_TYPES.get(local_name(member.type))
    if simple is None or member.repeated:
        what = "a repeated simple type" if simple else f"xs:{local_name(member.type)}"
        raise UnsupportedContract(f"{member.tag}: {what} is not handled by the generated code")
    return SECRET if member.name in secrets else simple


def _codec(described: TypeDescription, secrets: frozenset[str]) -> str:
    name = local_name(described.name)
    snake = snake_case(name)
    constant = f"_{snake.upper()}_MEMBERS"
    fields, puts, gets = [], [], []
    for member in described.members:
        attribute = snake_case(member.name)
        simple = _simple(member, secrets)
        fields.append(_field(attribute, member, simple))
        target = f'element, "{member.tag}", value.{attribute}'
        source = f'members, "{member.tag}"'
        if simple:
            puts.append(f'xsd.put({target}, {simple.codec}, "{attribute}")')
            read = "nillable" if member.nillable else "value"
            gets.append(f"{attribute}=reader.{read}({source}, {simple.codec}.parse)")
        else:
            inner = snake_case(local_name(member.type))
            many = "s" if member.repeated else ""
            puts.append(f"xsd.put_record{many}({target}, encode_{inner})")
            gets.append(f"{attribute}=reader.record{many}({source}, decode_{inner})")
    tags = ", ".join(f'"{member.tag}": {member.repeated}' for member in described.members)
    return f'''
@frozen(kw_only=True)
class {name}:
    """`{name}` of {_namespace(described.name)}."""

{chr(10).join("    " + line for line in fields) or "    pass"}


{constant}: Final[Mapping[str, bool]] = MappingProxyType({{{tags}}})


def encode_{snake}(element: _Element, value: {name}) -> None:
    """Append the members of `value` to `element`."""
{chr(10).join("    " + line for line in puts) or "    pass"}


def decode_{snake}(element: _Element, reader: Reader) -> {name}:
    """Read the members of `element`. Raises xsd.InvalidValue."""
    members = reader.members(element, {constant})
    return {name}({", ".join(gets)})
'''


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0]


def _field(attribute: str, member: MemberDescription, simple: Simple | None) -> str:
    metadata = (
        f'metadata={{"member": Member("{member.name}", "{local_name(member.type)}", '
        f"optional={member.optional}, nillable={member.nillable}"
        + (", repeated=True" if member.repeated else "")
        + ")}"
    )
    kind = simple.annotation if simple else local_name(member.type)
    if member.repeated:
        annotation, default = f"tuple[{kind} | Nil, ...]", "()"
    else:
        nil = " | Nil" if member.nillable or not simple else ""
        annotation, default = f"{kind}{nil} | None", "None"
    return f"{attribute}: {annotation} = field(default={default}, {metadata})"


def _operation(operation: OperationDescription, service: ServiceDescription) -> str:
    request, response = local_name(operation.request), local_name(operation.response)
    results = service.types[operation.response].members
    if len(results) != 1:
        raise UnsupportedContract(
            f"{operation.name}: {len(results)} results where one is handled by the generated code"
        )
    return f'''
{snake_case(operation.name).upper()}: Final = Operation(
    service="{service.name}",
    name="{operation.name}",
    soap_action="{operation.soap_action}",
    request=Message({request}, "{operation.request}", encode_{snake_case(request)}, decode_{snake_case(request)}),
    response=Message({response}, "{operation.response}", encode_{snake_case(response)}, decode_{snake_case(response)}),
    result="{snake_case(results[0].name)}",
)
'''


def _service(documents: DocumentSet, service: ServiceDescription) -> str:
    hashes = ", ".join(f'"{name}": "{digest}"' for name, digest in documents.sha256.items())
    constants = ", ".join(snake_case(operation.name).upper() for operation in service.operations)
    return f'''
SERVICE: Final = Service(
    name="{service.name}",
    port_type="{local_name(service.port_type)}",
    documents=MappingProxyType({{{hashes}}}),
    operations=MappingProxyType({{operation.name: operation for operation in ({constants},)}}),
)
'''


def _proxy(service: ServiceDescription, *, asynchronous: bool) -> str:
    prefix, define, wait = ("Async", "async def", "await ") if asynchronous else ("", "def", "")
    methods = "".join(
        f'''
    {define} {snake_case(operation.name)}(
        self, request: {local_name(operation.request)}
    ) -> {local_name(operation.response)}:
        """Call {operation.name}."""
        return {wait}self._invoke({snake_case(operation.name).upper()}, request)
'''
        for operation in service.operations
    )
    return f'''
class {prefix}{service.name}Proxy:
    """{service.name}, one method an operation{", each a coroutine" if asynchronous else ""}."""

    def __init__(self, invoke: {prefix}Invoke) -> None:
        self._invoke = invoke
{methods}'''
