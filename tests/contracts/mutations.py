"""The real contract changed in one way each, with the class that the change must get.

MUTATIONS                every one
.severity .place         what the comparison must say, and where
.refused                 what the generator must name, where it cannot take it
.usable                  what an addition adds: a class, one of its fields, a value for it
"""

import re
from collections.abc import Callable
from typing import Any

from attrs import frozen

from buzzeasy_soap.description.diff import Severity
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.wire.opaque import Xml
from tests.contracts.drafts import Draft

BREAKING, ADDITION, NEUTRAL = Severity

AVAILABLE = '<xs:element minOccurs="0" name="Available" type="xs:boolean"/>'
NAME = '<xs:element minOccurs="0" name="name" nillable="true" type="xs:string"/>'
COMPANY = '<xs:element minOccurs="0" name="company" type="xs:int"/>'
PASSWORD = '<xs:element minOccurs="0" name="password" nillable="true" type="xs:string"/>'
RESULT_CODE = '<xs:element minOccurs="0" name="ResultCode" type="xs:int"/>'
TIME_TO = '<xs:element minOccurs="0" name="TimeTo" nillable="true" type="xs:string"/>'
SEQUENCE = "<xs:sequence>"
TICKET = (
    '<xs:element name="Ticket"><xs:complexType><xs:sequence><xs:element minOccurs="0" name="number" type="xs:int"/>'
    "</xs:sequence></xs:complexType></xs:element>"
)
DATA = "http://schemas.datacontract.org/2004/07/RequestCallbackService"


@frozen
class Mutation:
    apply: Callable[[Draft], None]
    severity: Severity | None
    """None where nothing of the meaning changes."""
    place: str
    refused: str | None
    usable: tuple[str, str, Any] | None
    base: Callable[[Draft], None] | None

    @property
    def name(self) -> str:
        return self.apply.__name__

    def before(self) -> DocumentSet:
        """The real contract, or what the mutation's base makes of it."""
        draft = Draft.of_the_real()
        if self.base:
            self.base(draft)
        return draft.documents()

    def after(self) -> DocumentSet:
        draft = Draft.of_the_real()
        if self.base:
            self.base(draft)
        self.apply(draft)
        return draft.documents()


MUTATIONS: list[Mutation] = []
MOVED = {
    "soap_action_changed", "contract_namespace_changed", "parameters_reordered", "parameters_unqualified",
    "members_reordered", "bare_style",
}  # fmt: skip
"""Neutral for who regenerates, though a client of the old names is not understood."""


def mutation(
    severity: Severity | None,
    place: str = "",
    *,
    refused: str | None = None,
    usable: tuple[str, str, Any] | None = None,
    base: Callable[[Draft], None] | None = None,
) -> Callable[[Callable[[Draft], None]], Callable[[Draft], None]]:
    def note(apply: Callable[[Draft], None]) -> Callable[[Draft], None]:
        MUTATIONS.append(Mutation(apply, severity, place, refused, usable, base))
        return apply

    return note


# Breaking: operations.


@mutation(BREAKING, "UpdateEWTRecord")
def operation_gone(draft: Draft) -> None:
    draft.drop("wsdl", r'<wsdl:operation name="UpdateEWTRecord">\s*<wsdl:input wsaw.*?</wsdl:operation>')
    draft.drop("wsdl", r'<wsdl:operation name="UpdateEWTRecord">\s*<soap:operation.*?</wsdl:operation>')


@mutation(BREAKING, "GetAvailableTimes")
def operation_renamed(draft: Draft) -> None:
    draft.edit("wsdl", '"GetAvailableTimes"', '"GetFreeTimes"', 0)
    draft.edit("wsdl", 'tns:GetAvailableTimes"', 'tns:GetFreeTimes"')
    draft.edit("messages", 'name="GetAvailableTimes"', 'name="GetFreeTimes"')


@mutation(NEUTRAL, "UpdateEWTRecord")
def soap_action_changed(draft: Draft) -> None:
    draft.edit("wsdl", 'soapAction="http://tempuri.org/IService/UpdateEWTRecord"', 'soapAction="urn:ewt"')


@mutation(BREAKING, "UpdateEWTRecord", refused="RPC style")
def style_rpc(draft: Draft) -> None:
    action = 'soapAction="http://tempuri.org/IService/UpdateEWTRecord" style='
    draft.edit("wsdl", f'{action}"document"', f'{action}"rpc"')


@mutation(BREAKING, "GetAvailableTimes", refused="use encoded")
def use_encoded(draft: Draft) -> None:
    block = re.compile(r'(<soap:operation soapAction="\S+GetAvailableTimes".*?)literal', re.DOTALL)
    draft.wsdl = block.sub(r"\1encoded", draft.wsdl, count=1)


@mutation(BREAKING, "UpdateEWTRecord")
def one_way(draft: Draft) -> None:
    draft.drop("wsdl", r'<wsdl:output [^>]*message="tns:IService_UpdateEWTRecord_OutputMessage"/>')
    draft.wsdl = re.sub(
        r'(<soap:operation soapAction="\S+UpdateEWTRecord".*?)<wsdl:output>.*?</wsdl:output>',
        r"\1",
        draft.wsdl,
        count=1,
        flags=re.DOTALL,
    )


def _header(draft: Draft, required: str = "") -> None:
    draft.edit("messages", "</xs:schema>", f"{TICKET}</xs:schema>")
    draft.edit(
        "wsdl",
        "<wsdl:portType",
        '<wsdl:message name="Ticket"><wsdl:part name="ticket" element="tns:Ticket"/></wsdl:message>'
        "<wsdl:portType",
    )
    draft.wsdl = re.sub(
        r'(<soap:operation soapAction="\S+UpdateEWTRecord".*?<soap:body use="literal"/>)',
        rf'\1<soap:header message="tns:Ticket" part="ticket" use="literal"{required}/>',
        draft.wsdl,
        count=1,
        flags=re.DOTALL,
    )


@mutation(ADDITION, "UpdateEWTRecord.Ticket", usable=("Ticket", "number", 7))
def soap_header(draft: Draft) -> None:
    _header(draft)


@mutation(BREAKING, "UpdateEWTRecord.Ticket")
def soap_header_must_be_sent(draft: Draft) -> None:
    _header(draft, ' wsdl:required="true"')


@mutation(NEUTRAL, "UpdateEWTRecord")
def bare_style(draft: Draft) -> None:
    draft.edit("wsdl", 'element="tns:UpdateEWTRecord"', 'element="tns:EWTUpdate"')
    draft.edit("messages", 'name="UpdateEWTRecord"', 'name="EWTUpdate"')


# Breaking: the service.


@mutation(NEUTRAL, "RequestCallbackService")
def contract_namespace_changed(draft: Draft) -> None:
    for part in ("wsdl", "messages"):
        draft.edit(part, '"http://tempuri.org/"', '"http://callbacks.example/"', 0)


@mutation(BREAKING, "TimeSlot")
def data_namespace_changed(draft: Draft) -> None:
    for part in ("wsdl", "messages", "data"):
        draft.edit(part, DATA, f"{DATA}.V2", 0)


@mutation(BREAKING, "RequestCallbackService")
def binding_is_soap_12(draft: Draft) -> None:
    draft.edit("wsdl", "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/")


@mutation(BREAKING, "RequestCallbackService")
def binding_transport_changed(draft: Draft) -> None:
    draft.edit("wsdl", "http://schemas.xmlsoap.org/soap/http", "http://schemas.xmlsoap.org/soap/smtp")


# Breaking: parameters.


@mutation(BREAKING, "RequestCallSchedule.region")
def parameter_gone(draft: Draft) -> None:
    draft.message(
        "RequestCallSchedule",
        '<xs:element minOccurs="0" name="region" nillable="true" type="xs:string"/>',
        "",
    )


@mutation(BREAKING, "RequestCallSchedule.timeslot")
def parameter_renamed(draft: Draft) -> None:
    draft.message("RequestCallSchedule", 'name="timeslot"', 'name="timeSlotId"')


@mutation(BREAKING, "RequestCallSchedule.timeslot")
def parameter_type_changed(draft: Draft) -> None:
    draft.message("RequestCallSchedule", 'name="timeslot" type="xs:int"', 'name="timeslot" type="xs:string"')


@mutation(BREAKING, "UpdateEWTRecord.ewt")
def parameter_widened_to_long(draft: Draft) -> None:
    draft.message("UpdateEWTRecord", 'name="ewt" type="xs:int"', 'name="ewt" type="xs:long"')


@mutation(NEUTRAL, "GetAvailableTimes")
def parameters_reordered(draft: Draft) -> None:
    draft.message("GetAvailableTimes", COMPANY, "<!---->")
    draft.message("GetAvailableTimes", SEQUENCE, SEQUENCE + COMPANY)


@mutation(BREAKING, "RequestCallSchedule.company")
def optional_parameter_made_required(draft: Draft) -> None:
    draft.message("RequestCallSchedule", COMPANY, '<xs:element name="company" type="xs:int"/>')


@mutation(BREAKING, "UpdateEWTRecord.probeReason")
def new_required_parameter(draft: Draft) -> None:
    draft.message("UpdateEWTRecord", PASSWORD, f'{PASSWORD}<xs:element name="probeReason" type="xs:string"/>')


@mutation(BREAKING, "RequestCallSchedule.name")
def parameter_no_longer_nillable(draft: Draft) -> None:
    draft.message("RequestCallSchedule", 'name="name" nillable="true"', 'name="name"')


@mutation(BREAKING, "RequestCallSchedule.name")
def parameter_repeats(draft: Draft) -> None:
    draft.message(
        "RequestCallSchedule", 'minOccurs="0" name="name"', 'minOccurs="0" maxOccurs="5" name="name"'
    )


@mutation(NEUTRAL, "GetAvailableTimes.company")
def parameters_unqualified(draft: Draft) -> None:
    draft.edit("messages", 'elementFormDefault="qualified"', 'elementFormDefault="unqualified"')


# Breaking: what is answered.


@mutation(BREAKING, "GetEWTByServiceIDResponse.GetEWTByServiceIDResult")
def result_may_be_nil(draft: Draft) -> None:
    draft.message("GetEWTByServiceIDResponse", 'type="xs:int"', 'nillable="true" type="xs:int"')


@mutation(BREAKING, "UpdateEWTRecordResponse.UpdateEWTRecordResult")
def result_type_changed(draft: Draft) -> None:
    draft.message("UpdateEWTRecordResponse", "xs:boolean", "xs:int")


@mutation(BREAKING, "GetAvailableTimesResponse.GetAvailableTimesResult")
def result_is_another_record(draft: Draft) -> None:
    draft.message("GetAvailableTimesResponse", "q2:ArrayOfTimeSlot", "q2:ResponseMessage")


@mutation(BREAKING, "ResponseMessage.ConfirmationCode")
def member_gone(draft: Draft) -> None:
    draft.type(
        "ResponseMessage",
        '<xs:element minOccurs="0" name="ConfirmationCode" nillable="true" type="xs:string"/>',
        "",
    )


@mutation(BREAKING, "TimeSlot.TimeSlotID")
def member_renamed(draft: Draft) -> None:
    draft.type("TimeSlot", "TimeSlotID", "Id")


@mutation(BREAKING, "TimeSlot.TimeFrom")
def member_type_changed(draft: Draft) -> None:
    draft.type(
        "TimeSlot", 'name="TimeFrom" nillable="true" type="xs:string"', 'name="TimeFrom" type="xs:dateTime"'
    )


@mutation(NEUTRAL, "TimeSlot")
def members_reordered(draft: Draft) -> None:
    draft.type("TimeSlot", AVAILABLE, "")
    draft.type("TimeSlot", TIME_TO, TIME_TO + AVAILABLE)


@mutation(BREAKING, "ArrayOfTimeSlot.TimeSlot")
def array_no_longer_repeats(draft: Draft) -> None:
    draft.type("ArrayOfTimeSlot", ' maxOccurs="unbounded"', "")


@mutation(BREAKING, "ArrayOfTimeSlot.TimeSlot")
def record_renamed(draft: Draft) -> None:
    draft.edit("data", 'TimeSlot"', 'Slot"', 0)
    draft.edit("data", 'ArrayOfSlot"', 'ArrayOfTimeSlot"', 0)
    draft.edit(
        "data",
        'name="Slot" nillable="true" type="tns:Slot"/>\n    </xs',
        'name="TimeSlot" nillable="true" type="tns:Slot"/>\n    </xs',
    )


# Breaking, and refused by the generator.


def _in_time_slot(draft: Draft, old: str, new: str) -> None:
    draft.type("TimeSlot", old, new)


@mutation(BREAKING, "TimeSlot", refused="xs:choice")
def choice(draft: Draft) -> None:
    _in_time_slot(draft, SEQUENCE, "<xs:choice>")
    _in_time_slot(draft, "</xs:sequence>", "</xs:choice>")


@mutation(BREAKING, "TimeSlot", refused="xs:choice")
def choice_in_sequence(draft: Draft) -> None:
    _in_time_slot(draft, TIME_TO, f"<xs:choice>{TIME_TO}</xs:choice>")


@mutation(BREAKING, "TimeSlot", refused="xs:all")
def all_group(draft: Draft) -> None:
    _in_time_slot(draft, SEQUENCE, "<xs:all>")
    _in_time_slot(draft, "</xs:sequence>", "</xs:all>")


@mutation(BREAKING, "TimeSlot", refused="a sequence in a sequence")
def sequence_in_sequence(draft: Draft) -> None:
    _in_time_slot(draft, TIME_TO, f"<xs:sequence>{TIME_TO}</xs:sequence>")


@mutation(BREAKING, "TimeSlot", refused="a sequence that repeats")
def repeated_sequence(draft: Draft) -> None:
    _in_time_slot(draft, SEQUENCE, '<xs:sequence maxOccurs="unbounded">')


@mutation(BREAKING, "TimeSlot", refused="xs:group")
def model_group(draft: Draft) -> None:
    draft.add_data(f'<xs:group name="Ends"><xs:sequence>{TIME_TO}</xs:sequence></xs:group>')
    _in_time_slot(draft, TIME_TO, '<xs:group ref="tns:Ends"/>')


@mutation(ADDITION, "TimeSlot.kind", usable=("TimeSlot", "kind", "early"))
def attribute(draft: Draft) -> None:
    _in_time_slot(draft, "</xs:sequence>", '</xs:sequence><xs:attribute name="kind" type="xs:string"/>')


def _kinds_of_attribute(draft: Draft) -> None:
    draft.add_data(
        '<xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="A"/>'
        "</xs:restriction></xs:simpleType>"
    )
    _in_time_slot(draft, "</xs:sequence>", '</xs:sequence><xs:attribute name="kind" type="tns:Kind"/>')


@mutation(ADDITION, "Kind", base=_kinds_of_attribute, usable=("TimeSlot", "kind", "B"))
def attribute_value(draft: Draft) -> None:
    draft.edit(
        "data", '<xs:enumeration value="A"/>', '<xs:enumeration value="A"/><xs:enumeration value="B"/>'
    )


@mutation(ADDITION, "TimeSlot.any", usable=("TimeSlot", "any", Xml('<Extra xmlns="urn:else">1</Extra>')))
def wildcard(draft: Draft) -> None:
    _in_time_slot(draft, TIME_TO, f'{TIME_TO}<xs:any minOccurs="0" namespace="##other"/>')


@mutation(BREAKING, "TimeSlot", refused="mixed content")
def mixed_content(draft: Draft) -> None:
    draft.edit("data", '<xs:complexType name="TimeSlot">', '<xs:complexType name="TimeSlot" mixed="true">')


@mutation(BREAKING, "TimeSlot", refused="an abstract type")
def abstract_type(draft: Draft) -> None:
    draft.edit("data", '<xs:complexType name="TimeSlot">', '<xs:complexType name="TimeSlot" abstract="true">')


@mutation(BREAKING, "TimeSlot.Available")
def any_type(draft: Draft) -> None:
    _in_time_slot(draft, 'type="xs:boolean"', 'type="xs:anyType"')


@mutation(BREAKING, "TimeSlot.TimeSlotID", refused="xs:gYear")
def unhandled_simple_type(draft: Draft) -> None:
    _in_time_slot(draft, 'type="xs:int"', 'type="xs:gYear"')


@mutation(BREAKING, "TimeSlot.Available")
def list_type(draft: Draft) -> None:
    draft.add_data('<xs:simpleType name="Days"><xs:list itemType="xs:string"/></xs:simpleType>')
    _in_time_slot(draft, 'type="xs:boolean"', 'type="tns:Days"')


@mutation(BREAKING, "TimeSlot.Available", refused="xs:union")
def union_type(draft: Draft) -> None:
    draft.add_data('<xs:simpleType name="Either"><xs:union memberTypes="xs:int xs:string"/></xs:simpleType>')
    _in_time_slot(draft, 'type="xs:boolean"', 'type="tns:Either"')


@mutation(BREAKING, "TimeSlot.Available", refused="simple content")
def simple_content(draft: Draft) -> None:
    draft.add_data(
        '<xs:complexType name="Flag"><xs:simpleContent><xs:extension base="xs:boolean">'
        '<xs:attribute name="why" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>'
    )
    _in_time_slot(draft, 'type="xs:boolean"', 'type="tns:Flag"')


@mutation(BREAKING, "TimeSlot", refused="a substitution group")
def substitution_group(draft: Draft) -> None:
    draft.add_data(
        '<xs:element name="Note" type="xs:string"/>'
        '<xs:element name="LongNote" type="xs:string" substitutionGroup="tns:Note"/>'
    )
    _in_time_slot(draft, TIME_TO, f'{TIME_TO}<xs:element ref="tns:Note" minOccurs="0"/>')


@mutation(BREAKING, "TimeSlot.TimeSlotID")
def enumeration_of_numbers(draft: Draft) -> None:
    draft.add_data(
        '<xs:simpleType name="Three"><xs:restriction base="xs:int"><xs:enumeration value="1"/>'
        '<xs:enumeration value="3"/></xs:restriction></xs:simpleType>'
    )
    _in_time_slot(draft, 'name="TimeSlotID" type="xs:int"', 'name="TimeSlotID" type="tns:Three"')


# Additions: the codecs take them, the type checker too, and they are usable.

CANCEL = (
    '<xs:element minOccurs="0" name="confirmationCode" nillable="true" type="xs:string"/>'
    + COMPANY
    + PASSWORD
)


@mutation(ADDITION, "ProbeCancel", usable=("ProbeCancel", "confirmation_code", "BZ1004"))
def new_operation(draft: Draft) -> None:
    draft.add_operation("ProbeCancel", CANCEL)


@mutation(ADDITION, "Service", usable=("ServiceTempuriOrg", "confirmation_code", "BZ1004"))
def new_operation_with_an_awkward_name(draft: Draft) -> None:
    draft.add_operation("Service", CANCEL)


@mutation(ADDITION, "ProbeRating", usable=("ProbeRatingResponse", "comment", "thanks"))
def new_operation_with_an_out_parameter(draft: Draft) -> None:
    draft.add_operation("ProbeRating", CANCEL)
    draft.message(
        "ProbeRatingResponse",
        "</xs:sequence>",
        '<xs:element minOccurs="0" name="comment" nillable="true" type="xs:string"/></xs:sequence>',
    )


@mutation(ADDITION, "ProbePing", usable=("ProbePing", "company", 1))
def new_operation_without_a_result(draft: Draft) -> None:
    draft.add_operation("ProbePing", COMPANY)
    draft.message(
        "ProbePingResponse", '<xs:element minOccurs="0" name="ProbePingResult" type="xs:boolean"/>', ""
    )


@mutation(
    ADDITION,
    "RequestCallWhenAvailable.probePriority",
    usable=("RequestCallWhenAvailable", "probe_priority", 3),
)
def new_optional_parameter(draft: Draft) -> None:
    draft.message(
        "RequestCallWhenAvailable",
        "</xs:sequence>",
        '<xs:element minOccurs="0" name="probePriority" type="xs:int"/></xs:sequence>',
    )


@mutation(ADDITION, "RequestCallSchedule.field", usable=("RequestCallSchedule", "field", "x"))
def new_optional_parameter_in_the_middle(draft: Draft) -> None:
    draft.message(
        "RequestCallSchedule",
        COMPANY,
        f'<xs:element minOccurs="0" name="field" nillable="true" type="xs:string"/>{COMPANY}',
    )


@mutation(ADDITION, "TimeSlot.ProbeQueue", usable=("TimeSlot", "probe_queue", "Sales"))
def new_optional_member(draft: Draft) -> None:
    draft.type(
        "TimeSlot",
        AVAILABLE,
        f'{AVAILABLE}<xs:element minOccurs="0" name="ProbeQueue" nillable="true" type="xs:string"/>',
    )


@mutation(ADDITION, "ResponseMessage.ProbeAttempts", usable=("ResponseMessage", "probe_attempts", 2))
def new_member_that_is_always_answered(draft: Draft) -> None:
    draft.type(
        "ResponseMessage", RESULT_CODE, f'{RESULT_CODE}<xs:element name="ProbeAttempts" type="xs:int"/>'
    )


@mutation(ADDITION, "TimeSlot.ProbeGrade", usable=("TimeSlot", "probe_grade", "Gold"))
def new_enumeration(draft: Draft) -> None:
    draft.add_data(
        '<xs:simpleType name="ProbeGrade"><xs:restriction base="xs:string"><xs:enumeration value="Gold"/>'
        '<xs:enumeration value="Silver &amp; &quot;more&quot;"/></xs:restriction></xs:simpleType>'
    )
    draft.type(
        "TimeSlot",
        AVAILABLE,
        f'{AVAILABLE}<xs:element minOccurs="0" name="ProbeGrade" type="tns:ProbeGrade"/>',
    )


@mutation(ADDITION, "TimeSlot.ProbeTags", usable=("TimeSlot", "probe_tags", None))
def new_array_of_primitives(draft: Draft) -> None:
    draft.add_data(
        '<xs:complexType name="ArrayOfint"><xs:sequence><xs:element minOccurs="0" maxOccurs="unbounded" '
        'name="int" type="xs:int"/></xs:sequence></xs:complexType>'
    )
    draft.type(
        "TimeSlot",
        TIME_TO,
        f'<xs:element minOccurs="0" name="ProbeTags" nillable="true" type="tns:ArrayOfint"/>{TIME_TO}',
    )


@mutation(ADDITION, "TimeSlot.ProbeNext", usable=("TimeSlot", "probe_next", None))
def new_member_of_its_own_type(draft: Draft) -> None:
    draft.type(
        "TimeSlot",
        TIME_TO,
        f'<xs:element minOccurs="0" name="ProbeNext" nillable="true" type="tns:TimeSlot"/>{TIME_TO}',
    )


@mutation(ADDITION, "RequestCallSchedule", usable=("ProbeFault", "reason", "full"))
def new_typed_fault(draft: Draft) -> None:
    draft.add_data(
        '<xs:complexType name="ProbeFault"><xs:sequence><xs:element minOccurs="0" name="Reason" '
        'nillable="true" type="xs:string"/></xs:sequence></xs:complexType>'
        '<xs:element name="ProbeFault" nillable="true" type="tns:ProbeFault"/>'
    )
    draft.edit(
        "wsdl",
        "<wsdl:portType",
        '<wsdl:message name="ProbeFault"><wsdl:part name="detail" element="f:ProbeFault" '
        f'xmlns:f="{DATA}"/></wsdl:message><wsdl:portType',
    )
    draft.wsdl = draft.wsdl.replace(
        'message="tns:IService_RequestCallSchedule_OutputMessage"/>',
        'message="tns:IService_RequestCallSchedule_OutputMessage"/>'
        '<wsdl:fault name="ProbeFault" message="tns:ProbeFault"/>',
    )
    draft.wsdl = re.sub(
        r'(<soap:operation soapAction="\S+RequestCallSchedule".*?</wsdl:output>)',
        r'\1<wsdl:fault name="ProbeFault"><soap:fault name="ProbeFault" use="literal"/></wsdl:fault>',
        draft.wsdl,
        flags=re.DOTALL,
    )


@mutation(ADDITION, "GetEWTByServiceID.companyID", usable=("GetEWTByServiceID", "company_id", 7))
def parameter_may_be_nil(draft: Draft) -> None:
    draft.message("GetEWTByServiceID", 'name="companyID"', 'name="companyID" nillable="true"')


@mutation(ADDITION, "ProbeGrade", usable=("TimeSlot", "probe_grade", "Bronze"), base=new_enumeration)
def enumeration_value_added(draft: Draft) -> None:
    draft.edit(
        "data",
        '<xs:enumeration value="Gold"/>',
        '<xs:enumeration value="Bronze"/><xs:enumeration value="Gold"/>',
    )


@mutation(BREAKING, "ProbeGrade", base=new_enumeration)
def enumeration_value_gone(draft: Draft) -> None:
    draft.edit("data", '<xs:enumeration value="Gold"/>', "")


@mutation(BREAKING, "RequestCallSchedule", base=new_typed_fault)
def typed_fault_gone(draft: Draft) -> None:
    draft.edit("wsdl", '<wsdl:fault name="ProbeFault" message="tns:ProbeFault"/>', "")
    draft.edit(
        "wsdl",
        '<wsdl:fault name="ProbeFault"><soap:fault name="ProbeFault" use="literal"/></wsdl:fault>',
        "",
    )


@mutation(BREAKING, "ProbeFault.Reason", base=new_typed_fault)
def typed_fault_changed(draft: Draft) -> None:
    draft.type("ProbeFault", "xs:string", "xs:int")


# Neutral.


@mutation(NEUTRAL, "RequestCallbackService")
def address_moved(draft: Draft) -> None:
    draft.edit("wsdl", "https://testservice.buzzeasy.com/", "https://callbacks.example/")


@mutation(NEUTRAL, "UpdateEWTRecord")
def operation_documented(draft: Draft) -> None:
    draft.edit(
        "wsdl",
        '<wsdl:operation name="UpdateEWTRecord">',
        '<wsdl:operation name="UpdateEWTRecord"><wsdl:documentation>Sets the EWT.</wsdl:documentation>',
    )


@mutation(NEUTRAL, "TimeSlot.Available")
def member_documented(draft: Draft) -> None:
    note = "<xs:annotation><xs:documentation>Always true.</xs:documentation></xs:annotation>"
    draft.type("TimeSlot", AVAILABLE, f"{AVAILABLE[:-2]}>{note}</xs:element>")


@mutation(NEUTRAL, "ResponseMessage.ResultCode")
def member_is_always_answered(draft: Draft) -> None:
    draft.type("ResponseMessage", RESULT_CODE, '<xs:element name="ResultCode" type="xs:int"/>')


@mutation(NEUTRAL, "RequestCallbackService")
def port_type_renamed(draft: Draft) -> None:
    draft.edit("wsdl", 'name="IService"', 'name="ICallbacks"')
    draft.edit("wsdl", 'type="tns:IService"', 'type="tns:ICallbacks"')


# Nothing at all.


@mutation(None)
def prefixes_moved(draft: Draft) -> None:
    for part in ("messages", "data"):
        setattr(
            draft, part, getattr(draft, part).replace("xs:", "schema:").replace("xmlns:xs=", "xmlns:schema=")
        )
    draft.edit("messages", "q1:", "other:", 0)
    draft.edit("messages", "xmlns:q1", "xmlns:other")


@mutation(None)
def comments_added(draft: Draft) -> None:
    for part in ("wsdl", "messages", "data"):
        setattr(
            draft,
            part,
            getattr(draft, part)
            .replace("><", "><!-- here --><")
            .replace(">\n", "><!-- x -->\n", 40)
            .replace("?><!-- x -->", "?>"),
        )


@mutation(None)
def definitions_reordered(draft: Draft) -> None:
    types = re.findall(
        r"  <xs:complexType name.*?</xs:complexType>\n  <xs:element [^\n]*\n", draft.data, re.DOTALL
    )
    assert len(types) >= 3
    draft.data = draft.data.replace("".join(types), "".join(reversed(types)))
    operations = re.findall(
        r'    <wsdl:operation name="\w+">\n      <soap:.*?</wsdl:operation>\n', draft.wsdl, re.DOTALL
    )
    assert len(operations) >= 6
    draft.wsdl = draft.wsdl.replace("".join(operations), "".join(reversed(operations)))


@mutation(None)
def anonymous_type_named(draft: Draft) -> None:
    found = re.search(
        r'<xs:element name="UpdateEWTRecord">\s*<xs:complexType>(.*?)</xs:complexType>\s*</xs:element>',
        draft.messages,
        re.DOTALL,
    )
    assert found
    draft.messages = draft.messages.replace(
        found[0],
        '<xs:element name="UpdateEWTRecord" type="tns:UpdateEWTRecord"/>'
        f'<xs:complexType name="UpdateEWTRecord">{found[1]}</xs:complexType>',
    )


@mutation(None)
def a_type_that_nobody_uses(draft: Draft) -> None:
    draft.add_data(
        '<xs:complexType name="Spare"><xs:choice><xs:element name="a" type="xs:anyType"/></xs:choice></xs:complexType>'
    )
