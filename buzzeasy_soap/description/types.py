"""The types that a service's messages reach, as zeep reads them."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen

from buzzeasy_soap.description.model import (
    XSD,
    AttributeDescription,
    ComplexDescription,
    MemberDescription,
    SimpleDescription,
    TypeDescription,
    is_anonymous,
    local_name,
)
from buzzeasy_soap.description.source import Source

_BEYOND: Final = {
    "All": "xs:all",
    "Any": "a wildcard (xs:any)",
    "Choice": "xs:choice",
    "Element": "simple content",
    "Group": "xs:group",
    "Schema": "a schema inside a message (xs:schema, as .NET sends a DataSet)",
    "Sequence": "a sequence in a sequence",
}


@frozen
class Types:
    """The types that a service's messages reach."""

    schema: Any
    source: Source
    found: dict[str, TypeDescription] = field(factory=dict)

    def name_of(self, xsd_type: Any, path: str) -> str:
        """The name of a type, which is noted with all that it reaches; `path` if it is anonymous."""
        from zeep.xsd import AnySimpleType, ComplexType, ListType, UnionType

        if isinstance(xsd_type, ComplexType):
            return self._complex(xsd_type, path)
        if isinstance(xsd_type, (ListType, UnionType)):
            what = "xs:list" if isinstance(xsd_type, ListType) else "xs:union"
            self.found[path] = SimpleDescription(path, f"{XSD}anySimpleType", beyond=(what,))
            return path
        if not isinstance(xsd_type, AnySimpleType):
            return f"{XSD}anyType"
        name: str = xsd_type.qname.text
        if not name.startswith(XSD):
            self._simple(name, xsd_type)
        return name

    def _simple(self, name: str, xsd_type: Any) -> None:
        builtin: Any = next(
            each for each in type(xsd_type).__mro__ if each.__module__ == "zeep.xsd.types.builtins"
        )
        base = builtin._default_qname.text  # noqa: SLF001 - zeep says it nowhere else
        beyond = []
        if len(self.source.simple.get(name, ())) != 1:
            beyond.append("two simple types of one name")
        values = self._values(name)
        if values and base != f"{XSD}string":
            beyond.append(f"an enumeration of xs:{base.removeprefix(XSD)}")
        documentation = self.source.documentation.get((name,), "")
        self.found[name] = SimpleDescription(
            name, base, values, tuple(beyond), documentation, self._facets(name)
        )

    def _facets(self, name: str) -> dict[str, str]:
        """What a simple type restricts, and the types that it restricts do."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        while name not in seen and len(self.source.simple.get(name, ())) == 1:
            seen.add(name)
            found = {**self.source.facets.get(name, {}), **found}
            [(name, _)] = self.source.simple[name]
        return dict(sorted(found.items()))

    def _values(self, name: str) -> tuple[str, ...]:
        """What a simple type enumerates, or the type that it restricts does."""
        seen: set[str] = set()
        while name not in seen and len(self.source.simple.get(name, ())) == 1:
            seen.add(name)
            [(name, values)] = self.source.simple[name]
            if values:
                return values
        return ()

    def _complex(self, xsd_type: Any, path: str) -> str:
        from zeep.xsd import Element, Sequence

        name = path
        if xsd_type.is_global:
            # By name, for zeep keeps what extends in two states where types hold each other.
            name, xsd_type = xsd_type.qname.text, self.schema.get_type(xsd_type.qname)
        if name in self.found:
            return name
        self.found[name] = ComplexDescription(name, ())
        beyond = list(self.source.traits.get(name, ()))
        elements: list[tuple[Any, bool]] = []
        for _, indicator in xsd_type.elements_nested:
            if type(indicator) is not Sequence:
                beyond.append(_words(indicator))
            elif (indicator.min_occurs, indicator.max_occurs) != (1, 1):
                beyond.append("a sequence that repeats or may be left out")
            if type(indicator) is Sequence:
                beyond += [_words(each) for each in indicator if type(each) is not Element]
            elements += _elements(indicator)
        attributes = tuple(self._attributes(name, xsd_type))
        if attributes:
            required = any(attribute.required for attribute in attributes)
            beyond.append("a required attribute" if required else "attributes")
        tags = [element.qname.text for element, _ in elements]
        beyond += [f"the element {tag} twice" for tag in sorted(set(tags)) if tags.count(tag) > 1]
        beyond += [f"a substitution group ({tag})" for tag in tags if tag in self.source.heads]
        self.found[name] = ComplexDescription(
            name,
            tuple(self._member(name, element, may_be_left_out) for element, may_be_left_out in elements),
            tuple(dict.fromkeys(beyond)),
            self.source.documentation.get((name,), ""),
            attributes,
            self.source.derived(name),
            "" if is_anonymous(name) else self.source.bases.get(name, ""),
            name in self.source.abstract,
        )
        for derived in self.source.derived(name):
            self.name_of(self.schema.get_type(derived), derived)
        return name

    def _attributes(self, owner: str, xsd_type: Any) -> Iterator[AttributeDescription]:
        for _, attribute in xsd_type.attributes:
            if hasattr(attribute, "required"):  # else it is xs:anyAttribute
                tag, kind = attribute.qname.text, getattr(attribute.type, "qname", None)
                declared = self.source.owner(owner, f"@{local_name(tag)}")
                inherited = "" if declared == owner else declared
                yield AttributeDescription(tag, kind.text if kind else "", attribute.required, inherited)

    def _member(self, owner: str, element: Any, may_be_left_out: bool) -> MemberDescription:
        declared = self.source.owner(owner, element.name)
        path = path_of(element.qname.text) if element.is_global else f"{declared}/{element.name}"
        return MemberDescription(
            name=element.name,
            tag=element.qname.text,
            type=self.name_of(element.type, path),
            min_occurs=0 if may_be_left_out else element.min_occurs,
            max_occurs=None if element.max_occurs == "unbounded" else element.max_occurs,
            nillable=element.nillable,
            documentation=self.source.documentation.get((declared, element.name), ""),
            owner="" if declared == owner else declared,
        )


def _words(particle: Any) -> str:
    name = type(particle).__name__
    return _BEYOND.get(name, name)


def _elements(indicator: Any, may_be_left_out: bool = False) -> Iterator[tuple[Any, bool]]:
    """The elements of a group and of the groups in it, and whether they may be left out with it."""
    from zeep.xsd import Choice, Element

    if type(indicator) is Element:
        yield indicator, may_be_left_out
        return
    may_be_left_out = (
        may_be_left_out or isinstance(indicator, Choice) or getattr(indicator, "min_occurs", 1) == 0
    )
    for each in indicator if hasattr(indicator, "__iter__") else ():
        yield from _elements(each, may_be_left_out)


def path_of(tag: str) -> str:
    """The name of the anonymous type of a global element."""
    prefix, brace, local = tag.rpartition("}")
    return f"{prefix}{brace}/{local}"
