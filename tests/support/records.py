"""hypothesis strategies for the records of a contract: whatever its schema can say."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from buzzeasy_soap.wire.operation import members_of, record_of
from buzzeasy_soap.wire.redaction import Secret
from buzzeasy_soap.wire.xsd import NIL

xml_text = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r")
)
ints = st.integers(-(2**31), 2**31 - 1) | st.sampled_from([0, -1, 2**31 - 1, -(2**31)])
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
date_times = st.datetimes(timezones=st.none() | offsets)

_SIMPLE = {"string": xml_text, "int": ints, "boolean": st.booleans(), "dateTime": date_times}


def records(record: type[Any], *, filled: bool = False) -> st.SearchStrategy[Any]:
    """Records with each member absent, nil where it may be, or full; `filled` leaves none absent."""
    values = {}
    for field, member in members_of(record):
        inner = record_of(field)
        if inner is not None:
            present = records(inner)
        elif "Secret" in str(field.type):
            present = xml_text.map(Secret)
        else:
            present = _SIMPLE[member.type]
        if member.nillable:
            present |= st.just(NIL)
        if member.repeated:
            present = st.lists(present, max_size=4).map(tuple)
        elif member.optional and not filled:
            present |= st.none()
        values[field.name] = present
    return st.builds(record, **values)
