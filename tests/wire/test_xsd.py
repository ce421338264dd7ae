"""Reading and writing XML Schema values: strict where a value would be wrong, in both readers."""

import datetime as dt
import math
import re
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import zeep.xsd
from attrs import evolve, frozen
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from buzzeasy_soap.errors import InvalidRequest
from buzzeasy_soap.wire import xsd
from buzzeasy_soap.wire.envelope import body_of, parse
from buzzeasy_soap.wire.operation import Message
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER, Member, Reader, Record, Shape, unrecognised
from buzzeasy_soap.wire.simple_types import _ILLEGAL
from buzzeasy_soap.wire.text import text_of, write_envelope
from buzzeasy_soap.wire.xsd import NIL, InvalidValue
from tests.support.records import SIMPLE

READERS = pytest.mark.parametrize("reader", [BY_NAME, IN_ORDER], ids=["by name", "in order"])
NIL_ATTRIBUTE = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil'


def element(inner: str) -> etree._Element:
    return etree.fromstring(f"<r>{inner}</r>")


@frozen(kw_only=True)
class Things(Record):
    a: Any = None
    b: Any = None
    many: tuple[Any, ...] = ()
    inner: Any = None


def things(simple: xsd.Simple[Any] = xsd.INT, **changes: object) -> Shape[Things]:
    """A sequence a, b, many, inner; `changes` are of a and many."""
    shape, inner = Shape(Things), Shape(Things)
    inner.of(Member("a", "a", "int", xsd.INT))
    shape.of(
        evolve(Member("a", "a", simple.name, simple), **changes),
        Member("b", "b", "int", xsd.INT, nillable=True),
        evolve(Member("many", "many", "int", xsd.INT, most=None), **changes),
        Member("inner", "inner", "Things", shape=inner, nillable=True),
    )
    return shape


def read(inner: str, reader: Reader, tag: str = "a", simple: xsd.Simple[Any] = xsd.INT) -> Any:
    return getattr(reader.read(things(simple), element(inner)), tag)


WRONG = [
    (
        xsd.INT,
        ["", " ", "x", "1.0", "1e3", "2147483648", "-2147483649", "0x1", "1_000", "٣", "9" * 5000, "+-1"],
    ),
    (xsd.BYTE, ["128", "-129"]),
    (xsd.UNSIGNED_BYTE, ["-1", "256"]),
    (xsd.LONG, [str(2**63), str(-(2**63) - 1)]),
    (xsd.UNSIGNED_LONG, [str(2**64), "-1"]),
    (xsd.INTEGER, ["", "1.0", "9" * 500]),
    (xsd.POSITIVE_INTEGER, ["0", "-1"]),
    (xsd.NEGATIVE_INTEGER, ["0"]),
    (xsd.HEX_BINARY, ["a", "0g", "0a 0b"]),
    (xsd.list_of(xsd.INT), ["1 x", "1,2"]),
    (xsd.BOOLEAN, ["", "no", "True", "FALSE", "2", "yes", "0.0"]),
    (
        xsd.DATE_TIME,
        [
            "",
            "2017-04-11",
            "2017-04-11 09:00:00",
            "2017-02-30T09:00:00",
            "2017-04-11T24:00:01",
            "2017-04-11T25:00:00",
            "2017-04-11T09:00",
            "2017-04-11T09:00:00+15:00",
            "2017-04-11T09:00:00+01:60",
            "2017-04-11T09:00:00.",
            "0000-01-01T00:00:00",
            "9999-12-31T24:00:00",
            "11/04/2017",
            "2017-04-11T09:00:00z",
        ],
    ),
    (xsd.DATE, ["", "2017-02-30", "2017-4-1", "2017-04-11T00:00:00", "2017-04-11+15:00"]),
    (xsd.TIME, ["", "9:00:00", "09:00", "24:00:01", "09:60:00"]),
    (xsd.DURATION, ["", "P", "PT", "1D", "P1Y", "P1M", "P-1D", "PT1.S", "P1S", "P99999999999D", "-PT"]),
    (xsd.DECIMAL, ["", ".", "1e5", "1,5", "NaN", "INF", "9" * 500, "٣"]),
    (xsd.DOUBLE, ["", ".", "inf", "nan", "Infinity", "+INF", "1e", "0x1p3", "1e999999"]),
    (xsd.GUID, ["", "x", "{43afcd2a-c536-46f1-58df-82ae0f770eba}", "43afcd2ac53646f158df82ae0f770eba"]),
    (xsd.BASE64_BINARY, ["A", "AA=A", "####", "é"]),
]


@READERS
@pytest.mark.parametrize(("simple", "text"), [(simple, text) for simple, texts in WRONG for text in texts])
def test_a_value_that_is_wrong_is_refused(reader: Reader, simple: xsd.Simple[Any], text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read(f"<a>{text}</a>", reader, simple=simple)
    assert caught.value.member == "a"
    assert len(str(caught.value)) < 120


RIGHT = [
    (xsd.INT, " +7\n", 7),
    (xsd.INT, "-0", 0),
    (xsd.BOOLEAN, " 1 ", True),
    (xsd.BOOLEAN, "false", False),
    (xsd.DATE_TIME, "2017-04-11T09:00:00", dt.datetime(2017, 4, 11, 9)),
    (xsd.DATE_TIME, "2017-04-11T09:00:00.1234567Z", dt.datetime(2017, 4, 11, 9, 0, 0, 123456, dt.UTC)),
    (xsd.DATE_TIME, "2017-04-11T24:00:00", dt.datetime(2017, 4, 12)),
    (xsd.DATE_TIME, "0001-01-01T00:00:00", dt.datetime(1, 1, 1)),
    (
        xsd.DATE_TIME,
        "2017-04-11T09:00:00-05:30",
        dt.datetime(2017, 4, 11, 9, tzinfo=dt.timezone(-dt.timedelta(hours=5, minutes=30))),
    ),
    (xsd.DATE, "2017-04-11Z", dt.date(2017, 4, 11)),
    (xsd.TIME, "24:00:00", dt.time()),
    (xsd.TIME, "09:30:00.5+01:00", dt.time(9, 30, 0, 500000, dt.timezone(dt.timedelta(hours=1)))),
    (xsd.DURATION, "-P1DT2H3M4.5S", -dt.timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
    (xsd.DURATION, "P0Y0M1D", dt.timedelta(days=1)),
    (xsd.DURATION, "PT0S", dt.timedelta()),
    (xsd.DECIMAL, "+.50", Decimal("0.50")),
    (xsd.DOUBLE, "-1.5E+3", -1500.0),
    (xsd.DOUBLE, "-INF", -math.inf),
    (xsd.GUID, "43AFCD2A-C536-46F1-58DF-82AE0F770EBA", UUID("43afcd2a-c536-46f1-58df-82ae0f770eba")),
    (xsd.BASE64_BINARY, "aGVs\n bG8=", b"hello"),
    (xsd.ANY_URI, " https://a.example/ ", "https://a.example/"),
    (xsd.STRING, "  kept as it is\t", "  kept as it is\t"),
    (xsd.NORMALIZED_STRING, " a\tb\nc ", " a b c "),
    (xsd.TOKEN, " a\t b\n\nc ", "a b c"),
    (xsd.INTEGER, f" -{10**60}", -(10**60)),
    (xsd.NON_NEGATIVE_INTEGER, "+0", 0),
    (xsd.HEX_BINARY, " 0aFF\n", b"\n\xff"),
    (xsd.HEX_BINARY, "", b""),
    (xsd.list_of(xsd.INT), " 1\n 2\t3 ", (1, 2, 3)),
    (xsd.list_of(xsd.STRING), " ", ()),
    (xsd.STRING, "", ""),
]


@READERS
@pytest.mark.parametrize(("simple", "text", "value"), RIGHT)
def test_what_the_lexical_space_allows(
    reader: Reader, simple: xsd.Simple[Any], text: str, value: object
) -> None:
    assert read(f"<a>{text}</a>", reader, simple=simple) == value


@pytest.mark.parametrize("name", sorted(SIMPLE))
@given(data=st.data())
def test_each_simple_type_comes_back_the_same(name: str, data: st.DataObject) -> None:
    simple, value = xsd.SIMPLE_TYPES[name], data.draw(SIMPLE[name])
    assert simple.parse(simple.format(value)) == value


@pytest.mark.parametrize(("value", "text"), [(1e30, "1E+30"), (-5e-7, "-5E-07"), (0.5, "0.5")])
def test_an_exponent_is_written_as_zeep_writes_it(value: float, text: str) -> None:
    assert xsd.FLOAT.format(value) == zeep.xsd.Float().xmlvalue(value) == text
    assert xsd.DOUBLE.format(value) == zeep.xsd.Double().xmlvalue(value) == text.lower()


def test_not_a_number_comes_back() -> None:
    assert math.isnan(xsd.DOUBLE.parse(xsd.DOUBLE.format(math.nan)))


UNSENDABLE = [
    (xsd.STRING, "a\x00b", "U+0000"),
    (xsd.STRING, "\ud800", "U+D800"),
    (xsd.STRING, 5, "must be a str, not int"),
    (xsd.SECRET, "in the clear", "must be a Secret, not str"),
    (xsd.SECRET, Secret("a\x01"), "U+0001"),
    (xsd.BOOLEAN, 1, "must be a bool"),
    (xsd.INT, True, "must be an int, not bool"),
    (xsd.INT, 2**31, "must be between -2147483648 and 2147483647"),
    (xsd.INT, 1.0, "must be an int, not float"),
    (xsd.DATE_TIME, dt.date(2017, 4, 11), "a date without a time"),
    (xsd.DATE_TIME, dt.datetime(2017, 4, 11, tzinfo=dt.timezone(dt.timedelta(seconds=90))), "whole minutes"),
    (xsd.DATE, dt.datetime(2017, 4, 11), "must be a date"),
    (xsd.TIME, "09:00", "must be a time"),
    (xsd.DURATION, 5, "must be a timedelta"),
    (xsd.DECIMAL, Decimal("NaN"), "finite"),
    (xsd.DECIMAL, Decimal("1E+1000"), "100 digits"),
    (xsd.DECIMAL, 0.5, "must be a Decimal, not float"),
    (xsd.FLOAT, 1e300, "32 bits"),
    (xsd.DOUBLE, "1", "must be a float"),
    (xsd.GUID, "43afcd2a-c536-46f1-58df-82ae0f770eba", "must be a UUID"),
    (xsd.BASE64_BINARY, "text", "must be bytes"),
    (xsd.HEX_BINARY, "0a", "must be bytes"),
    (xsd.POSITIVE_INTEGER, 0, "must be 1 or more, not 0"),
    (xsd.NEGATIVE_INTEGER, 0, "must be -1 or less, not 0"),
    (xsd.list_of(xsd.INT), [1], "must be a tuple, not list"),
    (xsd.list_of(xsd.STRING), ("a b",), "no item that is empty or has white space"),
    (xsd.list_of(xsd.STRING), ("",), "no item that is empty or has white space"),
]


@pytest.mark.parametrize(("simple", "value", "told"), UNSENDABLE)
def test_what_cannot_be_sent_names_the_parameter(simple: xsd.Simple[Any], value: Any, told: str) -> None:
    with pytest.raises(InvalidRequest, match="the_parameter") as caught:
        text_of(value, simple, "the_parameter")
    assert told in str(caught.value)
    assert caught.value.parameter == "the_parameter"


class Grade(StrEnum):
    GOLD = "Gold"


def test_an_enumeration_is_open_to_what_comes_and_closed_to_what_goes() -> None:
    codec = xsd.open_enum(Grade)
    assert codec.parse("Gold") is Grade.GOLD
    later = codec.parse("Platinum")
    assert type(later) is str
    assert later == "Platinum"
    assert codec.format("Gold") == codec.format(Grade.GOLD) == "Gold"
    with pytest.raises(ValueError, match="must be one of Gold"):
        codec.format("Platinum")


def test_a_late_member_is_skipped_in_order_and_found_by_name() -> None:
    inner = "<b>2</b><a>1</a>"
    assert read(inner, BY_NAME) == 1
    assert read(inner, IN_ORDER) is None
    assert read(inner, IN_ORDER, "b") == 2


def test_an_item_after_a_later_member_is_skipped_in_order() -> None:
    inner = "<many>1</many><many>2</many><inner/>"
    for reader in (BY_NAME, IN_ORDER):
        assert read(inner, reader, "many") == (1, 2)
    late = "<many>1</many><inner/><many>2</many>"
    assert read(late, BY_NAME, "many") == (1, 2)
    assert read(late, IN_ORDER, "many") == (1,)


def test_a_nil_int_is_an_error_in_order_and_nothing_by_name() -> None:
    inner = f'<a {NIL_ATTRIBUTE}="true"/>'
    assert read(inner, BY_NAME) is None
    with pytest.raises(InvalidValue, match="a: may not be nil"):
        read(inner, IN_ORDER)


@READERS
@pytest.mark.parametrize("said", ["true", "1", " true "])
def test_nil_is_nil_where_the_schema_allows_it(reader: Reader, said: str) -> None:
    assert read(f'<b {NIL_ATTRIBUTE}="{said}">ignored</b>', reader, "b") is NIL


@READERS
def test_nil_false_is_a_value(reader: Reader) -> None:
    assert read(f'<a {NIL_ATTRIBUTE}="false">5</a>', reader) == 5


def test_a_duplicate_is_an_error_by_name_and_late_in_order() -> None:
    inner = "<a>1</a><a>2</a>"
    with pytest.raises(InvalidValue, match="a: stands more than once"):
        read(inner, BY_NAME)
    assert read(inner, IN_ORDER) == 1


@READERS
def test_elements_inside_a_simple_type_are_an_error(reader: Reader) -> None:
    with pytest.raises(InvalidValue, match="a: holds elements"):
        read("<a>1<b/></a>", reader)


@READERS
def test_comments_inside_text_are_read_past(reader: Reader) -> None:
    assert read("<a>1<!-- one --><?pi?>2</a>", reader) == 12
    assert read("<!-- before --><a>7</a><!-- after -->", reader) == 7


@READERS
def test_unknown_members_are_passed_over_and_noted(reader: Reader) -> None:
    record = reader.read(things(), element("<x/><a>1</a><y>text<a>5</a></y>"))
    assert record.a == 1
    assert unrecognised(record) == ("x", "y")
    assert unrecognised(reader.read(things(), element("<a>1</a>"))) == ()
    assert record == Things(a=1)


UNRECOGNISED = {
    "another name": "<inner><A>1</A></inner>",
    "another namespace": '<inner><a xmlns="urn:other">1</a></inner>',
    "text": "<inner>upstream timed out</inner>",
    "a reference": '<inner href="#1"/>',
}


@pytest.mark.parametrize("inner", UNRECOGNISED.values(), ids=UNRECOGNISED)
def test_a_record_of_which_nothing_is_known_is_not_an_empty_one(inner: str) -> None:
    with pytest.raises(InvalidValue, match="inner"):
        read(inner, BY_NAME, "inner")
    assert read(inner, IN_ORDER, "inner") == Things()


def test_a_list_holds_nothing_that_is_unknown() -> None:
    shape = Shape(Things)
    shape.of(Member("many", "many", "int", xsd.INT, most=None))
    assert BY_NAME.read(shape, element("")) == Things()
    with pytest.raises(InvalidValue, match="holds other"):
        BY_NAME.read(shape, element("<many>1</many><other>2</other>"))


@READERS
def test_a_required_member_must_be_there(reader: Reader) -> None:
    with pytest.raises(InvalidValue, match="a: is missing"):
        reader.read(things(least=1), element("<b>1</b><many>1</many>"))


@READERS
def test_items_that_may_not_be_nil(reader: Reader) -> None:
    inner = element(f'<many>1</many><many {NIL_ATTRIBUTE}="true"/>')
    assert reader.read(things(nillable=True), inner).many == (1, NIL)
    with pytest.raises(InvalidValue, match="many: may not be nil"):
        reader.read(things(), inner)


def written(record: Things, shape: Shape[Things]) -> etree._Element:
    return body_of(parse(write_envelope(Message("{urn:x}Wrapper", shape), record)))


def test_a_number_of_items_that_the_schema_does_not_allow() -> None:
    def with_many(values: tuple[int, ...], least: int, most: int | None) -> None:
        shape = Shape(Things)
        shape.of(Member("many", "many", "int", xsd.INT, least=least, most=most))
        written(Things(many=values), shape)

    with_many((1, 2), 1, 3)
    with pytest.raises(InvalidRequest, match="many must hold 1 to 3, not 0"):
        with_many((), 1, 3)
    with pytest.raises(InvalidRequest, match="many must hold 2 or more, not 1"):
        with_many((1,), 2, None)


def test_none_is_left_out_and_nil_is_said() -> None:
    parent = written(Things(b=NIL, many=(1,), inner=NIL), things())
    assert parent.tag == "{urn:x}Wrapper"
    assert [(child.tag, child.text, xsd.is_nil(child)) for child in parent] == [
        ("b", None, True),
        ("many", "1", False),
        ("inner", None, True),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_that_xml_can_carry_comes_back(text: str) -> None:
    assume(not re.search(_ILLEGAL, text))
    parent = written(Things(a=text), things(xsd.STRING))
    assert BY_NAME.read(things(xsd.STRING), parent).a == text
