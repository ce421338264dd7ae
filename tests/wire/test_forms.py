"""Quick equals slow, or says nothing: what is read as text is what lxml reads, and only that."""

import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buzzeasy_soap.contract import SERVICES
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.description.load import describe
from buzzeasy_soap.wire import forms
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.layout import dotnet_prefix
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.rebinding import Contract
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import BY_NAME, Member, Record, Shape, unrecognised
from buzzeasy_soap.wire.simple_types import DATE_TIME, INT, SECRET, SIMPLE_TYPES, STRING, Simple
from buzzeasy_soap.wire.text import write_envelope
from tests.contracts.mutations import MUTATIONS
from tests.support.records import Values

OPERATIONS = {name: o for service in SERVICES.values() for name, o in service.operations.items()}
MONO = [
    (name, body.encode())
    for line in (Path(__file__).parent / "replies" / "wcf_on_mono.txt").read_text("ascii").splitlines()
    for name, _, body in [line.partition(" ")]
]
examples = settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def as_dotnet(reply: bytes) -> bytes:
    """What .NET writes where Mono has written this."""
    text = reply.decode().removeprefix('<?xml version="1.0" encoding="utf-8"?>').replace(" />", "/>")
    text = re.sub(r'( xmlns:d4p1="[^"]*")( i:nil="true")', r"\2\1", text)
    return text.replace("xmlns:d4p1", "xmlns:a").replace("d4p1:", "a:").encode()


def as_mono(reply: bytes) -> bytes:
    """What Mono writes where .NET has written this."""
    text = reply.decode().replace("xmlns:a", "xmlns:d4p1").replace("<a:", "<d4p1:").replace("</a:", "</d4p1:")
    return b'<?xml version="1.0" encoding="utf-8"?>' + text.replace("/>", " />").encode()


def as_document(reply: bytes) -> bytes:
    """Call data of the document's two tables: none of the other one's members."""
    absent = "TimeCalled|serviceQueue" if b"ByNumber" in reply else "ScheduledTime|serviceQueueName"
    member = rf"<\w+:(?:{absent})(?:>[^<]*</\w+:(?:{absent})>| i:nil=\"true\" ?/>)"
    return re.sub(member.encode(), b"", reply)


def by_lxml(message: Message[Any], data: bytes) -> Any:
    element = body_of(parse(data, "utf-8"))
    assert element.tag == message.tag
    return BY_NAME.read(message.shape, element)


def whole(record: Any) -> Any:
    """All that a record holds, types included: True is not 1, and a Secret not its text."""
    if attrs.has(type(record)):
        members = [whole(getattr(record, field.name)) for field in attrs.fields(type(record))]
        return type(record), unrecognised(record), members
    return [whole(each) for each in record] if isinstance(record, tuple) else (type(record), record)


def obeys_the_law(message: Message[Any], data: bytes) -> bool:
    """Whether it was read as text; if so, lxml reads the same."""
    quick = forms.read(message, data)
    assert quick is None or whole(quick) == whole(by_lxml(message, data))
    return quick is not None


# What is read quickly ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layout", [bytes, as_dotnet, as_document, lambda reply: as_dotnet(as_document(reply))]
)
def test_replies_recorded_from_wcf_are_read_as_text(layout: Any) -> None:
    read = [obeys_the_law(OPERATIONS[name].response, layout(body)) for name, body in MONO]
    assert len(read) == 20
    assert all(read)


def test_what_our_own_sandbox_writes_is_read_as_text() -> None:
    slots = contract.ArrayOfTimeSlot(
        time_slot=(contract.TimeSlot(available=True, time_from="a", time_slot_id=1, time_to=""),) * 3
    )
    for result in (slots, contract.ArrayOfTimeSlot()):
        record = contract.GetAvailableTimesResponse(get_available_times_result=result)
        message = contract.GET_AVAILABLE_TIMES.response
        assert obeys_the_law(message, write_envelope(message, record))


def test_slots_may_be_set_without_a_constructor() -> None:
    for service in SERVICES.values():
        for operation in service.operations.values():
            for message in (operation.request, operation.response):
                record = message.record
                assert not any(field.converter or field.validator for field in attrs.fields(record))
                assert not hasattr(record, "__attrs_post_init__")


# The law ------------------------------------------------------------------------------------------


def contracts() -> dict[str, Contract]:
    """The packaged contract, and what services could make of it."""
    found = {"packaged": Contract({})}
    for name, bound in [("itself", read_documents()), *((m.name, [m.after()]) for m in MUTATIONS)]:
        try:
            found[name] = Contract({documents.name: describe(documents) for documents in bound})
        except Exception:  # a contract that cannot be read is no contract
            continue
    return found


def responses() -> dict[str, Message[Any]]:
    """Each response that stands on the wire in a way of its own."""
    found: dict[str, tuple[str, Message[Any]]] = {}
    for name, bound in contracts().items():
        for key, operation in OPERATIONS.items():
            rebound = bound.rebound(operation).operation
            form = rebound and forms._form(rebound.response, dotnet_prefix)
            if rebound and form:
                found.setdefault(form[0].pattern, (f"{name} {key}", rebound.response))
    return dict(found.values())


RESPONSES = responses()
LAYOUTS = st.sampled_from([bytes, as_mono])
PLAIN = {**Values().simple, "string": st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))}
PIECES = st.sampled_from(
    [
        b"", b" ", b"\t", b"\r", b"\x00", b"\x7f", b"\xc3\xa9", b"\xff", b"\xef\xbb\xbf", b"&amp;", b"&#65;", b"&x;",
        b"]]>", b"<!-- -->", b"<?x?>", b"<![CDATA[x]]>", b"<!DOCTYPE x>", b"/>", b"</", b"<", b">", b"a:", b"i:",
        b' i:nil="true"', b' i:nil="1"', b' i:nil="false"', b' xmlns:a="urn:x"', b' xmlns:a=""', b' xmlns="urn:x"',
        b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"', b"<a:New>1</a:New>", b"<s:Fault/>", b"-", b"+1", b"00",
        b"2147483648", b"9999999999", b"true", b"1", b"0", b"TRUE", b' x="1"', b' href="#1"',
    ]
)  # fmt: skip


@pytest.mark.parametrize("message", RESPONSES.values(), ids=RESPONSES)
@examples
@given(data=st.data())
def test_any_reply_that_the_schema_allows(message: Message[Any], data: st.DataObject) -> None:
    record = data.draw(Values().records(message.shape) | Values(simple=PLAIN).records(message.shape))
    obeys_the_law(message, data.draw(LAYOUTS)(write_envelope(message, record)))


@pytest.mark.parametrize("message", RESPONSES.values(), ids=RESPONSES)
@examples
@given(data=st.data())
def test_any_reply_with_something_changed(message: Message[Any], data: st.DataObject) -> None:
    record = data.draw(Values(simple=PLAIN).records(message.shape))
    reply = data.draw(LAYOUTS)(write_envelope(message, record))
    for _ in range(data.draw(st.integers(1, 3))):
        reply = changed(data, reply)
    quick = forms.read(message, reply)
    if quick is not None:
        assert whole(quick) == whole(by_lxml(message, reply))


def changed(data: st.DataObject, reply: bytes) -> bytes:
    """A reply with a piece of it put in, taken out, doubled or moved; the places are where tags meet texts."""
    places = [match.start() for match in re.finditer(rb"[<>\" ]|(?<=[<>\"])", reply)] + [len(reply)]
    start, end, to = sorted(data.draw(st.sampled_from(places)) for _ in range(3))
    match data.draw(st.sampled_from(["put", "put", "cut", "double", "move"])):
        case "put":
            return reply[:start] + data.draw(PIECES | st.binary(max_size=2)) + reply[start:]
        case "cut":
            return reply[:start] + reply[end:]
        case "double":
            return reply[:end] + reply[start:end] + reply[end:]
    return reply[:start] + reply[end:to] + reply[start:end] + reply[to:]


# Types, limits, and what says nothing ---------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Held(Record):
    value: Any = None


def form_of(simple: Simple[Any]) -> Message[Any]:
    shape: Shape[Any] = Shape(Held)
    shape.of(Member("value", "{urn:x}Value", simple.name, simple=simple, nillable=True))
    return Message("{urn:x}Reply", shape)


def said(text: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<Reply xmlns="urn:x"><Value>{text}</Value></Reply></s:Body></s:Envelope>'
    ).encode()


@pytest.mark.parametrize("simple", [*SIMPLE_TYPES.values(), SECRET], ids=lambda simple: simple.name)
@examples
@given(data=st.data())
def test_every_type_is_read_alike(simple: Simple[Any], data: st.DataObject) -> None:
    values = Values().simple[simple.name]
    text = data.draw(
        values.map(lambda value: simple.format(Secret(value) if simple is SECRET else value))
        | st.sampled_from(["", " ", "1", " 1 ", "-0", "007", "+5", "2147483648", "true", "TRUE", "1e5", "x"])
    )
    message = form_of(simple)
    quick = forms.read(message, said(text.replace("&", "&amp;").replace("<", "&lt;")))
    if quick is not None:
        assert whole(quick) == whole(by_lxml(message, said(text)))


def test_a_secret_stays_one_and_a_moment_becomes_one() -> None:
    secret, moment = (
        forms.read(form_of(SECRET), said("x")),
        forms.read(form_of(DATE_TIME), said("2017-04-11T09:00:00")),
    )
    assert secret == Held(value=Secret("x"))
    assert moment == Held(value=dt.datetime(2017, 4, 11, 9))


def test_what_is_too_large_for_libxml2_is_left_to_it() -> None:
    text = "x" * 10_000_001
    assert forms.read(form_of(STRING), said(text)) is None
    assert forms.read(form_of(STRING), said(text[:1000])) == Held(value=text[:1000])


def test_the_limit_of_elements_holds() -> None:
    message = contract.GET_AVAILABLE_TIMES.response
    slot = contract.TimeSlot(available=True, time_from="", time_slot_id=1, time_to="")
    envelope = [
        write_envelope(
            message,
            contract.GetAvailableTimesResponse(
                get_available_times_result=contract.ArrayOfTimeSlot(time_slot=(slot,) * count)
            ),
        )
        for count in (40_000, 60_000)
    ]
    assert forms.read(message, envelope[0]) is not None
    assert forms.read(message, envelope[1]) is None


def test_a_member_that_is_passed_over_may_be_there_or_not() -> None:
    shape: Shape[Any] = Shape(Held)
    shape.of(
        Member("", "{urn:x}Position", "int", simple=STRING, most=None),
        Member("value", "{urn:x}Value", "int", simple=INT),
    )
    message = Message("{urn:x}Reply", shape)
    for position in ("", "<Position>3</Position>"):
        reply = said("7").replace(b"<Value>", f"{position}<Value>".encode())
        assert obeys_the_law(message, reply)
    assert forms.read(message, reply.replace(b">3<", b"><x/><")) is None


def test_a_wrapper_that_is_called_fault_is_a_fault() -> None:
    message = Message("{urn:x}Fault", form_of(INT).shape)
    assert forms.read(message, said("1").replace(b"Reply", b"Fault")) is None


def test_a_record_that_holds_itself_and_a_list_of_lists_are_left_to_lxml() -> None:
    cycle: Shape[Any] = Shape(Held)
    cycle.of(Member("value", "{urn:x}Value", "Held", shape=cycle, nillable=True))
    inner, outer = Shape(Held), Shape(Held)
    inner.of(Member("value", "{urn:x}Inner", "int", simple=INT, most=None))
    outer.of(Member("value", "{urn:x}Outer", "Inner", shape=inner, most=None))
    for shape in (cycle, outer):
        message = Message("{urn:x}Reply", shape)
        empty = write_envelope(message, Held(value=None if shape is cycle else ()))
        assert forms.read(message, empty) is None


@pytest.mark.parametrize(
    ("status", "content_type", "quick"),
    [
        (200, "text/xml; charset=utf-8", True),
        (200, 'TEXT/XML; charset="UTF-8"', True),
        (200, "text/xml", True),
        (200, "text/xml; charset=utf-16", False),
        (200, "application/soap+xml; charset=utf-8", False),
        (500, "text/xml; charset=utf-8", False),
        (302, "text/xml; charset=utf-8", False),
    ],
)
def test_only_a_success_in_utf_8_is_read_as_text(
    status: int, content_type: str, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    read = forms.read
    monkeypatch.setattr(forms, "read", lambda *given: asked.append(True) or read(*given))
    name, body = MONO[0]
    response = HttpResponse(status, {"content-type": content_type}, body)
    request = OPERATIONS[name].request.record()
    try:
        SoapBinding().decode(OPERATIONS[name], request, response)
    except Exception:
        assert not quick
    assert bool(asked) is quick
