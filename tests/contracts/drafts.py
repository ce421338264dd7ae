"""The real contract as text that can be edited."""

import hashlib
import re
from collections.abc import Callable

from attrs import define, evolve

from buzzeasy_soap.description.documents import DocumentSet, read_documents

[REAL] = [documents for documents in read_documents() if documents.name == "RequestCallbackService"]
FILES = {
    "wsdl": "RequestCallbackService.wsdl",
    "messages": "RequestCallbackService.xsd0.xsd",
    "data": "RequestCallbackService.xsd2.xsd",
}


def with_content(documents: DocumentSet, content: dict[str, bytes]) -> DocumentSet:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    return evolve(documents, content=content, sha256=digests)


@define
class Draft:
    """An edit that changes nothing is an error: each edit says what it expects to find."""

    wsdl: str
    messages: str
    data: str

    @classmethod
    def of_the_real(cls) -> "Draft":
        return cls(**{part: REAL.content[name].decode() for part, name in FILES.items()})

    def documents(self) -> DocumentSet:
        edited = {name: getattr(self, part).encode() for part, name in FILES.items()}
        return with_content(REAL, {**REAL.content, **edited})

    def edit(self, part: str, old: str, new: str, count: int = 1) -> None:
        text = getattr(self, part)
        assert text.count(old) >= 1, f"{part} has no {old}"
        setattr(self, part, text.replace(old, new, count or -1))

    def _in(self, part: str, block: str, change: Callable[[str], str]) -> None:
        found = re.search(block, getattr(self, part), re.DOTALL)
        assert found, f"{part} has no {block}"
        changed = change(found[0])
        assert changed != found[0], f"nothing changed in {block}"
        setattr(self, part, getattr(self, part).replace(found[0], changed, 1))

    def message(self, name: str, old: str, new: str) -> None:
        """Edit a wrapper element."""
        self._in(
            "messages",
            rf'<xs:element name="{name}">.*?</xs:complexType>\s*</xs:element>',
            lambda text: text.replace(old, new, 1),
        )

    def type(self, name: str, old: str, new: str) -> None:
        """Edit a data type."""
        self._in(
            "data",
            rf'<xs:complexType name="{name}">.*?</xs:complexType>',
            lambda text: text.replace(old, new, 1),
        )

    def drop(self, part: str, pattern: str) -> None:
        self._in(part, pattern, lambda _: "")

    def add_operation(self, name: str, parameters: str, result: str = "xs:boolean") -> None:
        """A new operation as WCF publishes it; `parameters` are elements."""
        self.edit(
            "messages",
            "</xs:schema>",
            f"""<xs:element name="{name}"><xs:complexType><xs:sequence>{parameters}</xs:sequence></xs:complexType>
</xs:element><xs:element name="{name}Response"><xs:complexType><xs:sequence>
<xs:element minOccurs="0" name="{name}Result" type="{result}"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>""",
        )
        ends = (("Input", ""), ("Output", "Response"))
        messages = "".join(
            f"""<wsdl:message name="IService_{name}_{end}Message"><wsdl:part name="parameters"
element="tns:{name}{suffix}"/></wsdl:message>"""
            for end, suffix in ends
        )
        self.edit("wsdl", "<wsdl:portType", f"{messages}<wsdl:portType")
        self.edit(
            "wsdl",
            "</wsdl:portType>",
            f"""<wsdl:operation name="{name}">
<wsdl:input wsaw:Action="http://tempuri.org/IService/{name}" message="tns:IService_{name}_InputMessage"/>
<wsdl:output wsaw:Action="http://tempuri.org/IService/{name}Response"
 message="tns:IService_{name}_OutputMessage"/></wsdl:operation></wsdl:portType>""",
        )
        self.edit(
            "wsdl",
            "</wsdl:binding>",
            f"""<wsdl:operation name="{name}">
<soap:operation soapAction="http://tempuri.org/IService/{name}" style="document"/>
<wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
</wsdl:operation></wsdl:binding>""",
        )

    def add_data(self, xml: str) -> None:
        self.edit("data", "</xs:schema>", f"{xml}</xs:schema>")
