"""Contracts generated and imported, and their schemas."""

import importlib.util
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import etree

from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import XSD
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import Reader
from buzzeasy_soap.wire.text import write_envelope
from generate import generate
from naming import snake_case

_COUNT = itertools.count()


def import_source(source: str, folder: Path) -> ModuleType:
    """A generated module, imported under a name of its own."""
    name = f"generated_contract_{next(_COUNT)}"
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generated_module(documents: DocumentSet, folder: Path) -> ModuleType:
    return import_source(generate([documents])[f"{snake_case(documents.name)}.py"], folder)


def messages(module: ModuleType) -> Iterator[Message[Any]]:
    """Every message of a generated module, faults included."""
    for operation in module.SERVICE.operations.values():
        answers = () if operation.one_way else (operation.response,)
        yield from (operation.request, *answers, *operation.faults)


def xml_schema(documents: DocumentSet, folder: Path) -> etree.XMLSchema:
    """The documents' schemas as lxml validates with them."""
    wrapper = etree.Element(f"{XSD}schema")
    count = 0
    for name, content in documents.content.items():
        (folder / name).write_bytes(content)
        root = etree.fromstring(content)
        inline = [] if root.tag == f"{XSD}schema" else list(root.iter(f"{XSD}schema"))
        for schema in inline or [root]:
            if schema.tag != f"{XSD}schema" or not schema.get("targetNamespace"):
                continue
            location = name
            if inline:
                location = f"{documents.name}.inline{count}.xsd"
                count += 1
                (folder / location).write_bytes(etree.tostring(schema))
            target = schema.get("targetNamespace")
            etree.SubElement(wrapper, f"{XSD}import", namespace=target, schemaLocation=location)
    path = folder / "all.xsd"
    path.write_bytes(etree.tostring(wrapper))
    return etree.XMLSchema(etree.parse(path))


def encoded(message: Message[Any], record: object) -> etree._Element:
    """A record as its message's element, over bytes and back as any peer would see it."""
    return body_of(parse(write_envelope(message, record)))


def decoded(message: Message[Any], element: etree._Element, reader: Reader) -> Any:
    return reader.read(message.shape, element)
