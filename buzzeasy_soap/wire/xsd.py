"""XML Schema values as Python values; the simple types under the names that generated code uses."""

from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from buzzeasy_soap.wire.simple_types import (
    ANY_URI,
    BASE64_BINARY,
    BOOLEAN,
    BYTE,
    DATE,
    DATE_TIME,
    DECIMAL,
    DOUBLE,
    DURATION,
    FLOAT,
    GUID,
    HEX_BINARY,
    INT,
    INTEGER,
    LONG,
    NEGATIVE_INTEGER,
    NON_NEGATIVE_INTEGER,
    NON_POSITIVE_INTEGER,
    NORMALIZED_STRING,
    POSITIVE_INTEGER,
    SECRET,
    SHORT,
    SIMPLE_TYPES,
    STRING,
    TIME,
    TOKEN,
    UNSIGNED_BYTE,
    UNSIGNED_INT,
    UNSIGNED_LONG,
    UNSIGNED_SHORT,
    Simple,
    list_of,
    open_enum,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "ANY_URI",
    "BASE64_BINARY",
    "BOOLEAN",
    "BYTE",
    "DATE",
    "DATE_TIME",
    "DECIMAL",
    "DOUBLE",
    "DURATION",
    "FLOAT",
    "GUID",
    "HEX_BINARY",
    "INT",
    "INTEGER",
    "LONG",
    "NEGATIVE_INTEGER",
    "NIL",
    "NON_NEGATIVE_INTEGER",
    "NON_POSITIVE_INTEGER",
    "NORMALIZED_STRING",
    "POSITIVE_INTEGER",
    "SECRET",
    "SHORT",
    "SIMPLE_TYPES",
    "STRING",
    "TIME",
    "TOKEN",
    "UNSIGNED_BYTE",
    "UNSIGNED_INT",
    "UNSIGNED_LONG",
    "UNSIGNED_SHORT",
    "XSI",
    "InvalidValue",
    "Nil",
    "Simple",
    "is_nil",
    "list_of",
    "open_enum",
    "type_of",
]

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_XSI_NIL: Final = f"{{{XSI}}}nil"
_XSI_TYPE: Final = f"{{{XSI}}}type"


class _Nil(Enum):
    NIL = "nil"

    def __repr__(self) -> str:
        return "NIL"

    def __bool__(self) -> Literal[False]:
        return False


Nil: TypeAlias = Literal[_Nil.NIL]
NIL: Final = _Nil.NIL
"""A member that is there and says null, where None is a member that is left out."""


class InvalidValue(ValueError):
    """A message holds something that its schema does not allow; `.member` says where."""

    def __init__(self, member: str, problem: str) -> None:
        super().__init__(f"{member}: {problem}")
        self.member = member


def is_nil(element: "_Element") -> bool:
    """Whether an element says `xsi:nil`."""
    return element.get(_XSI_NIL, "").strip() in ("true", "1")


def type_of(element: "_Element") -> str:
    """The name of the type that an element says it has (`xsi:type`), in Clark notation; empty if it says none."""
    said = element.get(_XSI_TYPE, "").strip()
    if not said:
        return ""
    prefix, _, local = said.rpartition(":")
    uri = element.nsmap.get(prefix or None)
    return f"{{{uri}}}{local}" if uri else local


def namespace(tag: str) -> str:
    """The namespace of a name in Clark notation, empty where it has none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
