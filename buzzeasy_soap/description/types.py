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
    "Choice": "xs:choice",
    "Element": "simple content",
    "Group": "xs:group",
    "Sequence": "a sequence in a sequence",
}

_ELEMENTS: Final = ("Any", "Element", "Schema")
"""What zeep calls the particles that are members."""


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
            is_open = self._is_open(xsd_type.qname.text if xsd_type.is_global else path, xsd_type)
            return f"{XSD}anyType" if is_open else self._complex(xsd_type, path)
        if isinstance(xsd_type, ListType):
            items = self.name_of(xsd_type.item_type, f"{path}/item")
            self.found[path] = SimpleDescription(path, f"{XSD}anySimpleType", items=items)
            return path
        if isinstance(xsd_type, UnionType):
            self.found[path] = SimpleDescription(path, f"{XSD}anySimpleType", beyond=("xs:union",))
            return path
        if not isinstance(xsd_type, AnySimpleType) or type(xsd_type) is AnySimpleType:
            return f"{XSD}anyType"
        name: str = xsd_type.qname.text
        if not name.startswith(XSD):
            self._simple(name, xsd_type)
        return name

    def _is_open(self, name: str, xsd_type: Any) -> bool:
        """Whether a type says nothing of its content: mixed, and any elements."""
        is_mixed = "mixed content" in self.source.traits.get(name, ()) and name not in self.source.bases
        return is_mixed and all(_kind(each) == "Any" for _, each in xsd_type.elements)

    def of_element(self, element: Any) -> str:
        """The name of the record that stands for a message whose element has no members."""
        path = path_of(element.qname.text)
        member = MemberDescription(
            name="value",
            tag=element.qname.text,
            type=self.name_of(element.type, path),
            min_occurs=1,
            max_occurs=1,
            nillable=element.nillable,
        )
        # Not the path itself: that names the element's type, if it is anonymous, wherever else the element stands.
        prefix, slash, local = path.rpartition("/")
        name = f"{prefix}{slash}{slash}{local}"
        self.found[name] = ComplexDescription(name, (member,), of_element=True)
        return name

    def _simple(self, name: str, xsd_type: Any) -> None:
        builtin: Any = next(
            each for each in type(xsd_type).__mro__ if each.__module__ == "zeep.xsd.types.builtins"
        )
        base = builtin._default_qname.text  # noqa: SLF001 - zeep says it nowhere else
        documentation = self.source.documentation.get((name,), "")
        self.found[name] = SimpleDescription(
            name, base, self._values(name), documentation=documentation, facets=self._facets(name)
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
        """What a simple type enumerates, or the type that it restricts does; nothing where two have its name."""
        seen: set[str] = set()
        while name not in seen and len(self.source.simple.get(name, ())) == 1:
            seen.add(name)
            [(name, values)] = self.source.simple[name]
            if values:
                return values
        return ()

    def _complex(self, xsd_type: Any, path: str) -> str:
        from zeep.xsd import Sequence

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
                beyond += [_words(each) for each in indicator if _kind(each) not in _ELEMENTS]
            elements += _elements(indicator)
        attributes = tuple(self._attributes(name, xsd_type))
        members = self._members(name, elements)
        tags = [member.tag for member in members if not member.is_wildcard]
        beyond += [f"the element {tag} twice" for tag in sorted(set(tags)) if tags.count(tag) > 1]
        beyond += [f"a substitution group ({tag})" for tag in tags if tag in self.source.heads]
        self.found[name] = ComplexDescription(
            name,
            members,
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
                tag = attribute.qname.text
                declared = self.source.owner(owner, f"@{local_name(tag)}")
                kind = self.name_of(attribute.type, f"{owner}/@{local_name(tag)}")
                inherited = "" if declared == owner else declared
                yield AttributeDescription(tag, kind, attribute.required, inherited)

    def _members(self, owner: str, elements: list[tuple[Any, bool]]) -> tuple[MemberDescription, ...]:
        tags = self.source.all_wildcards(owner)
        count = sum(_kind(element) == "Any" for element, _ in elements)
        if len(tags) != count:  # some stand in groups, out of the source's sight
            tags = ["*"] * count
        members: list[MemberDescription] = []
        wildcards = iter(enumerate(tags, 1))
        for element, may_be_left_out in elements:
            match _kind(element):
                case "Any":
                    number, tag = next(wildcards)
                    name = "any" if number == 1 else f"any{number}"
                    members.append(_opaque(name, tag, element, may_be_left_out))
                case "Schema":
                    members.append(_opaque("schema", f"{XSD}schema", element, may_be_left_out))
                case _:
                    members.append(self._member(owner, element, may_be_left_out))
        return tuple(members)

    def _member(self, owner: str, element: Any, may_be_left_out: bool) -> MemberDescription:
        declared = self.source.owner(owner, element.name)
        path = path_of(element.qname.text) if element.is_global else f"{declared}/{element.name}"
        return MemberDescription(
            name=element.name,
            tag=element.qname.text,
            type=self.name_of(element.type, path),
            **_bounds(element, may_be_left_out),
            nillable=element.nillable,
            documentation=self.source.documentation.get((declared, element.name), ""),
            owner="" if declared == owner else declared,
        )


def _opaque(name: str, tag: str, element: Any, may_be_left_out: bool) -> MemberDescription:
    """A member that is kept as it stands."""
    bounds = _bounds(element, may_be_left_out)
    return MemberDescription(name=name, tag=tag, type=f"{XSD}anyType", **bounds, nillable=False)


def _bounds(element: Any, may_be_left_out: bool) -> dict[str, Any]:
    """How often an element stands; zeep knows no bounds of a schema in a message."""
    most = getattr(element, "max_occurs", 1)
    return {
        "min_occurs": 0 if may_be_left_out else getattr(element, "min_occurs", 1),
        "max_occurs": None if most == "unbounded" else most,
    }


def _kind(particle: Any) -> str:
    return type(particle).__name__


def _words(particle: Any) -> str:
    name = _kind(particle)
    return _BEYOND.get(name, name)


def _elements(indicator: Any, may_be_left_out: bool = False) -> Iterator[tuple[Any, bool]]:
    """The elements of a group and of the groups in it, and whether they may be left out with it."""
    from zeep.xsd import Choice

    if _kind(indicator) in _ELEMENTS:
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
