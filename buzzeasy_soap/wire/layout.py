"""Where WCF declares namespaces, and what it calls their prefixes: what is written and what is read as text agree.

    <s:Envelope xmlns:s="…"><s:Body>
      <Wrapper xmlns="the wrapper's own">
        <Result xmlns:a="its members'" xmlns:i="…XMLSchema-instance">
          <a:Member>…

The wrapper's own namespace is the default one. An element that holds a record declares what that record's
members have and nothing around it has declared, and XMLSchema-instance, whether or not anything is nil.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrs import frozen

from buzzeasy_soap.wire.envelope import ENVELOPE_START
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.shapes import Shape
from buzzeasy_soap.wire.xsd import XSI, namespace

HEAD: Final = f"{ENVELOPE_START}<s:Body>"
TAIL: Final = "</s:Body></s:Envelope>"
XSI_DECLARATION: Final = f' xmlns:i="{XSI}"'
_BODY_DEPTH: Final = 2


NamePrefix: TypeAlias = Callable[[int, int, int], str]
"""Names a prefix: of an element at a depth, its nth one, after so many in scope."""


def dotnet_prefix(depth: int, number: int, declared: int) -> str:  # noqa: ARG001 - Mono's needs them
    """The prefix of .NET: `a` for the first one in scope, then `b`."""
    return "abcdefgh"[declared] if declared < len("abcdefgh") else f"n{declared}"


def mono_prefix(depth: int, number: int, declared: int) -> str:  # noqa: ARG001 - .NET's needs it
    """The prefix of Mono: `d4p1` for the first of an element at depth 4."""
    return f"d{depth}p{number}"


@frozen
class Scope:
    """What is declared at a place in an envelope."""

    prefix: NamePrefix
    depth: int
    names: Mapping[str, str]
    """What stands before a local name, `a:` or nothing, by namespace."""
    declared: int = 0

    def name(self, tag: str) -> str:
        """An element's name as it stands here."""
        return self.names[namespace(tag)] + tag.rpartition("}")[2]

    @property
    def has_nil(self) -> bool:
        """Whether XMLSchema-instance is declared."""
        return XSI in self.names

    def inside(self, shape: Shape[Any], *, nil: bool, says_type: bool = False) -> tuple["Scope", str]:
        """The scope within an element of this one that holds a record, and what that element declares for it.

        `nil` says whether that includes XMLSchema-instance, `says_type` whether the type's namespace.
        """
        depth, names, number = self.depth + 1, dict(self.names), 0
        tags = [*_tags(shape), *([shape.type] if says_type else [])]
        for uri in sorted({namespace(tag) for tag in tags} - self.names.keys()):
            number += 1
            names[uri] = f"{self.prefix(depth, number, self.declared + number - 1)}:"
        if nil:
            names[XSI] = "i:"
        scope = Scope(self.prefix, depth, names, self.declared + number)
        return scope, "".join(_declaration(uri, name) for uri, name in names.items() if uri not in self.names)


def around(message: Message[Any], prefix: NamePrefix) -> tuple[str, str, Scope]:
    """A message's wrapper: its name, what it declares for itself, and the scope around its record."""
    own = namespace(message.tag)
    # A default namespace would hold for members and types that have none.
    needs_prefix = own and any(not namespace(tag) for tag in _all_names(message.shape))
    names = {"": "", own: "q:" if needs_prefix else ""}
    scope = Scope(prefix, _BODY_DEPTH, names)
    return scope.name(message.tag), _declaration(own, names[own]) if own else "", scope


def wrapper(message: Message[Any], prefix: NamePrefix) -> tuple[str, str, Scope]:
    """A message's wrapper: its name, what it declares, and the scope within."""
    name, own, scope = around(message, prefix)
    scope, declarations = scope.inside(message.shape, nil=False)
    return name, own + declarations, scope


def _declaration(uri: str, name: str) -> str:
    return f' xmlns{":" if name else ""}{name.rstrip(":")}="{escaped(uri)}"'


def escaped(text: str) -> str:
    """A text as it stands in an element or an attribute."""
    # A carriage return must go as a reference: XML reads a bare one as a line feed.
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
    )


def _tags(shape: Shape[Any]) -> Iterator[str]:
    """The names of a shape's members, as far as the contract names them."""
    return (member.tag for member in shape.members if not member.is_wildcard)


def _all_names(shape: Shape[Any]) -> Iterator[str]:
    """The names of all members that a shape reaches, and of the types that say theirs."""
    seen: set[int] = set()
    waiting = [shape]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield from _tags(each)
        yield from each.kinds
        waiting += [member.shape for member in each.members if member.shape is not None]
        waiting += each.kinds.values()
