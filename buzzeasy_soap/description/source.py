"""What zeep drops when it reads a contract, read from the documents themselves.

Documentation, the values of enumerations, abstract and mixed types, `use`, the binding's transport.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen
from lxml import etree
from lxml.etree import _Element

from buzzeasy_soap.description.model import FACETS, XSD, is_anonymous, local_name
from buzzeasy_soap.description.policies import demands, policies_by_id
from buzzeasy_soap.errors import ConfigurationError

_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP: Final = "{http://schemas.xmlsoap.org/wsdl/soap/}"
_FACETS: Final = frozenset(f"{XSD}{name}" for name in FACETS)
_SOAP_12: Final = "{http://schemas.xmlsoap.org/wsdl/soap12/}"


@frozen
class Source:
    """The drops, by the names that `model` gives types and members."""

    documentation: dict[tuple[str, ...], str] = field(factory=dict)
    """By type; by type and member; by `portType`, operation; by `service`."""
    facets: dict[str, dict[str, str]] = field(factory=dict)
    """By simple type: what it restricts besides its values."""
    bases: dict[str, str] = field(factory=dict)
    """The type that a complex type extends."""
    own: dict[str, list[str]] = field(factory=dict)
    """The members and (with @) attributes that a complex type has itself, not those of its base."""
    abstract: set[str] = field(factory=set)
    """The complex types that others must stand for."""
    wildcards: dict[str, list[str]] = field(factory=dict)
    """What a complex type has itself of wildcards: `*`, or `{namespace}*` for those of one namespace."""
    simple: dict[str, set[tuple[str, tuple[str, ...]]]] = field(factory=dict)
    """Of each simple type of a name, its base and what it enumerates; a named and an anonymous
    one may share a name."""
    traits: dict[str, list[str]] = field(factory=dict)
    """What the generated code does not handle of a complex type."""
    heads: set[str] = field(factory=set)
    """Elements that others may stand for."""
    uses: dict[str, list[tuple[str, str]]] = field(factory=dict)
    """By binding: each operation and its `use`."""
    parts: dict[tuple[str, str, str], list[str]] = field(factory=dict)
    """By binding, operation and `input` or `output`: the parts that its Body is, where it says so."""
    headers: dict[tuple[str, str, str], list[tuple[str, bool]]] = field(factory=dict)
    """By binding, operation and `input` or `output`: the `use` of each SOAP header, and whether it is required."""
    demands: dict[tuple[str, ...], set[tuple[str, str]]] = field(factory=dict)
    """By `binding` or `port`, and name: what policies ask for, and of which operation if of one."""
    transports: dict[str, str] = field(factory=dict)
    """By binding; empty for one that is not SOAP 1.1."""
    ports: dict[str, str] = field(factory=dict)
    """The binding of each port."""
    port_types: dict[str, dict[str, list[str]]] = field(factory=dict)
    """By port type: each operation and the names of its messages."""
    messages: dict[str, list[str]] = field(factory=dict)
    """By message: the elements that its parts are."""
    elements: set[str] = field(factory=set)
    """The global elements of all schemas."""
    is_soap_12: list[str] = field(factory=list)
    """The bindings that are SOAP 1.2."""

    def owner(self, name: str, member: str) -> str:
        """The type that a member of a complex type is declared in: itself, or one that it extends."""
        owner, seen = name, {name}
        while member not in self.own.get(owner, ()) and self.bases.get(owner, owner) not in seen:
            owner = self.bases[owner]
            seen.add(owner)
        return owner if member in self.own.get(owner, ()) else name

    def all_wildcards(self, name: str) -> list[str]:
        """The wildcards of a complex type, those of the types that it extends first."""
        found: list[str] = []
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            found = self.wildcards.get(name, []) + found
            name = self.bases.get(name, "")
        return found

    def derived(self, name: str) -> tuple[str, ...]:
        """The types with a name that extend a type, and those that extend them."""
        found: set[str] = set()
        before = -1
        while len(found) > before:
            before = len(found)
            found |= {each for each, base in self.bases.items() if base == name or base in found}
        return tuple(sorted(each for each in found - {name} if not is_anonymous(each)))

    def why_dropped(self, port_type: str, operation: str) -> str:
        """Why zeep leaves an operation of a binding out."""
        operations = self.port_types.get(port_type, {})
        if operation not in operations:
            return f"the port type {local_name(port_type)} has no such operation"
        for message in operations[operation]:
            if message not in self.messages:
                return f"its message {message} is not in the WSDL"
            for element in self.messages[message]:
                if element not in self.elements:
                    return (
                        f"its message {local_name(message)} is the element {element}, which is in no schema"
                    )
        return "a message of it has a part that is of no known type"

    def why_no_port(self) -> str:
        """Why zeep finds no port that is SOAP 1.1 over HTTP."""
        if not self.ports:
            return ": it has no service"
        for port, binding in self.ports.items():
            if binding not in self.transports:
                return f": the port {port} is of the binding {binding}, which is not there"
            if self.transports[binding]:
                return f": the port {port} goes over {self.transports[binding]}"
        return ", only SOAP 1.2" if self.is_soap_12 else ""


def parse_document(name: str, content: bytes) -> _Element:
    """The root of one document: no DTD, no entity, nothing from the network.

    Raises ConfigurationError.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ConfigurationError(f"{name} is not XML that can be read ({error.msg})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ConfigurationError(f"{name} holds a document type declaration")
    return root


def service_names(content: Mapping[str, bytes]) -> tuple[str, ...]:
    """The services that documents define, in Clark notation. Raises ConfigurationError."""
    roots = [parse_document(name, data) for name, data in sorted(content.items())]
    return tuple(
        f"{{{root.get('targetNamespace', '')}}}{service.get('name')}"
        for root in roots
        for service in root.iterfind(f"{_WSDL}service")
    )


def read_source(content: Mapping[str, bytes]) -> Source:
    """The drops of a WSDL and its schemas. Raises ConfigurationError."""
    source = Source()
    roots = {name: parse_document(name, data) for name, data in sorted(content.items())}
    includers = _includers(roots)
    for name, root in roots.items():
        for schema in root.iter(f"{XSD}schema"):
            own = schema.get("targetNamespace")
            # A schema without a namespace of its own is in that of each that includes it.
            for target in [own] if own else sorted(includers.get(name, {""})):
                _read_schema(schema, target, source)
        _read_definitions(root, source)
        _read_demands(root, policies_by_id(roots), source)
    return source


def _includers(roots: Mapping[str, _Element]) -> dict[str, set[str]]:
    """The namespaces that a file is included into, by its name."""
    found: dict[str, set[str]] = {}
    before = -1
    while sum(map(len, found.values())) > before:  # again, for what is included by what is included
        before = sum(map(len, found.values()))
        for name, root in roots.items():
            for schema in root.iter(f"{XSD}schema"):
                own = schema.get("targetNamespace")
                targets = {own} if own else found.get(name, set())
                for include in schema.iterfind(f"{XSD}include"):
                    found.setdefault(include.get("schemaLocation", ""), set()).update(targets)
    return found


def _read_schema(schema: _Element, target: str, source: Source) -> None:
    prefix = f"{{{target}}}" if target else ""
    for attribute in schema.iter(f"{XSD}attribute"):
        for simple in attribute.iterchildren(f"{XSD}simpleType"):
            _read_simple(simple, f"{prefix}{attribute.get('name')}", source)
    for child in schema:
        if child.tag == f"{XSD}element":
            source.elements.add(f"{prefix}{child.get('name')}")
        if child.tag == f"{XSD}element":
            _read_element(child, f"{prefix}/{child.get('name')}", prefix, source)
        elif child.tag == f"{XSD}complexType":
            _read_complex(child, f"{prefix}{child.get('name')}", prefix, source)
        elif child.tag == f"{XSD}simpleType":
            _read_simple(child, f"{prefix}{child.get('name')}", source)


def _read_element(element: _Element, path: str, prefix: str, source: Source) -> None:
    """An element's anonymous type, if it has one; its path is the type's name."""
    head = element.get("substitutionGroup")
    if head:
        source.heads.add(_in_namespace(_resolved(element, head), prefix))
    for child in element:
        if child.tag == f"{XSD}complexType":
            _read_complex(child, path, prefix, source)
        elif child.tag == f"{XSD}simpleType":
            # zeep names an anonymous simple type by its element, in the schema's namespace.
            _read_simple(child, f"{prefix}{element.get('name')}", source)


def _read_complex(node: _Element, path: str, prefix: str, source: Source) -> None:
    _note(source, (path,), node)
    if _is_true(node.get("abstract")):
        source.abstract.add(path)
    if any(_is_true(each.get("mixed")) for each in (node, *node.iterchildren(f"{XSD}complexContent"))):
        source.traits.setdefault(path, []).append("mixed content")
    extension = node.find(f"{XSD}complexContent/{XSD}extension")
    if extension is not None:
        source.bases[path] = _in_namespace(_resolved(extension, extension.get("base", "")), prefix)
    for attribute in _own(node, "attribute"):
        name = attribute.get("name") or attribute.get("ref", "").rpartition(":")[2]
        source.own.setdefault(path, []).append(f"@{name}")
    source.wildcards[path] = [_wildcard(each, prefix) for each in _own(node, "any")]
    for element in _own(node, "element"):
        name = element.get("name") or element.get("ref", "").rpartition(":")[2]
        source.own.setdefault(path, []).append(name)
        _note(source, (path, name), element)
        if element.get("fixed") is not None:
            source.traits.setdefault(path, []).append(f"a fixed value ({name})")
        _read_element(element, f"{path}/{name}", prefix, source)


def _wildcard(node: _Element, prefix: str) -> str:
    namespaces = node.get("namespace", "##any").split()
    if len(namespaces) != 1 or namespaces[0] in ("##any", "##other"):
        return "*"
    local = {"##targetNamespace": prefix, "##local": "{}"}
    return f"{local.get(namespaces[0], f'{{{namespaces[0]}}}') or '{}'}*"


def _own(node: _Element, kind: str) -> Iterator[_Element]:
    """The elements, attributes or wildcards of a complex type, not those of the anonymous types in it."""
    for child in node:
        if child.tag == f"{XSD}{kind}":
            yield child
        elif child.tag != f"{XSD}element" and isinstance(child.tag, str):
            yield from _own(child, kind)


def _read_simple(node: _Element, name: str, source: Source) -> None:
    _note(source, (name,), node)
    restriction = node.find(f"{XSD}restriction")
    if restriction is None:
        source.simple.setdefault(name, set()).add(("", ()))
        return
    values = (each.get("value", "") for each in restriction.iterfind(f"{XSD}enumeration"))
    base = _in_namespace(_resolved(restriction, restriction.get("base", "")), _prefix(name))
    source.simple.setdefault(name, set()).add((base, tuple(values)))
    facets = source.facets.setdefault(name, {})
    for each in restriction:
        if each.tag in _FACETS:
            local = etree.QName(each).localname
            # Patterns of one type are alternatives.
            facets[local] = " | ".join(filter(None, (facets.get(local), each.get("value"))))


def _resolved(node: _Element, name: str) -> str:
    """A prefixed name in Clark notation."""
    prefix, _, local = name.rpartition(":")
    namespace = node.nsmap.get(prefix or None)
    return f"{{{namespace}}}{local}" if namespace else local


def _prefix(name: str) -> str:
    namespace, brace, _ = name.rpartition("}")
    return f"{namespace}{brace}"


def _in_namespace(name: str, prefix: str) -> str:
    """A name that has no namespace of its own, in that of the schema: it may be an included one's."""
    return name if name.startswith("{") else f"{prefix}{name}"


def _read_definitions(root: _Element, source: Source) -> None:
    prefix = f"{{{root.get('targetNamespace', '')}}}".replace("{}", "")
    for port_type in root.iterfind(f"{_WSDL}portType"):
        for operation in port_type.iterfind(f"{_WSDL}operation"):
            key = (f"{prefix}{port_type.get('name')}", operation.get("name", ""))
            _note(source, key, operation)
            messages = (_resolved(each, each.get("message", "")) for each in operation.iterfind(f"{_WSDL}*"))
            source.port_types.setdefault(key[0], {})[key[1]] = [name for name in messages if name]
    for message in root.iterfind(f"{_WSDL}message"):
        source.messages[f"{prefix}{message.get('name')}"] = [
            _resolved(part, part.get("element", ""))
            for part in message.iterfind(f"{_WSDL}part")
            if part.get("element")
        ]
    for service in root.iterfind(f"{_WSDL}service"):
        _note(source, ("service", service.get("name", "")), service)
        for port in service.iterfind(f"{_WSDL}port"):
            source.ports[port.get("name", "")] = _resolved(port, port.get("binding", ""))
    _read_bindings(root, prefix, source)


def _read_bindings(root: _Element, prefix: str, source: Source) -> None:
    for binding in root.iterfind(f"{_WSDL}binding"):
        name = f"{prefix}{binding.get('name')}"
        soap = binding.find(f"{_SOAP}binding")
        source.transports[name] = "" if soap is None else soap.get("transport", "")
        if binding.find(f"{_SOAP_12}binding") is not None:
            source.is_soap_12.append(name)
        source.uses[name] = [
            (operation.get("name", ""), _use(operation))
            for operation in binding.iterfind(f"{_WSDL}operation")
        ]
        for operation in binding.iterfind(f"{_WSDL}operation"):
            for way in ("input", "output"):
                body = operation.find(f"{_WSDL}{way}/{_SOAP}body")
                if body is not None and body.get("parts") is not None:
                    source.parts[name, operation.get("name", ""), way] = body.get("parts", "").split()
                source.headers[name, operation.get("name", ""), way] = [
                    (header.get("use", "literal"), _is_true(header.get(f"{_WSDL}required")))
                    for header in operation.iterfind(f"{_WSDL}{way}/{_SOAP}header")
                ]


def _read_demands(root: _Element, policies: Mapping[str, _Element], source: Source) -> None:
    prefix = f"{{{root.get('targetNamespace', '')}}}".replace("{}", "")
    for binding in root.iterfind(f"{_WSDL}binding"):
        found = source.demands.setdefault(("binding", f"{prefix}{binding.get('name')}"), set())
        found |= {("", what) for what in demands(binding, policies)}
        for operation in binding.iterfind(f"{_WSDL}operation"):
            for node in (operation, *operation.iterfind(f"{_WSDL}*")):
                found |= {(operation.get("name", ""), what) for what in demands(node, policies)}
    for service in root.iterfind(f"{_WSDL}service"):
        for port in service.iterfind(f"{_WSDL}port"):
            found = source.demands.setdefault(("port", service.get("name", ""), port.get("name", "")), set())
            found |= {("", what) for node in (service, port) for what in demands(node, policies)}


def _use(operation: _Element) -> str:
    uses = {body.get("use", "literal") for body in operation.iterfind(f"{_WSDL}*/{_SOAP}body")}
    return "encoded" if "encoded" in uses else "literal"


def _note(source: Source, key: tuple[str, ...], node: _Element) -> None:
    text = " ".join("".join(map(str, each.itertext())) for each in _documentation(node)).split()
    if text:
        source.documentation[key] = " ".join(text)


def _documentation(node: _Element) -> Iterable[_Element]:
    yield from node.iterfind(f"{_WSDL}documentation")
    yield from node.iterfind(f"{XSD}annotation/{XSD}documentation")


def _is_true(text: str | None) -> bool:
    return (text or "").strip() in ("true", "1")
