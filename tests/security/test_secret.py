"""A Secret shows nothing of itself."""

import copy
import json
import pickle
import traceback

import attrs
import pytest

from buzzeasy_soap import Secret
from buzzeasy_soap.contract import request_callback_service as contract
from tests.security.leaks import Password, assert_hidden

PASSWORD = Password()
SECRET = Secret(str(PASSWORD))
RECORD = contract.UpdateEWTRecord(service_queue=1, ewt=1, company=1, password=SECRET)

SHOWN = {
    "repr": repr,
    "str": str,
    "f-string": lambda x: f"{x} {x!r} {x!s:>40}",
    "percent": lambda x: "%s %r" % (x, x),  # noqa: UP031 - the way of logging
    "format": lambda x: "{} {!r}".format(x, x),  # noqa: UP032
    "json by str": lambda x: json.dumps({"a": x}, default=str),
    "json by repr": lambda x: json.dumps(x, default=repr),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN.keys())
@pytest.mark.parametrize("thing", [SECRET, RECORD, [SECRET]], ids=["itself", "record", "list"])
def test_no_text_of_it_shows_the_password(show, thing) -> None:
    shown = show(thing)
    assert "***" in shown
    assert_hidden([PASSWORD], [shown])


REFUSED = {
    "pickle": pickle.dumps,
    "pickle of a record": lambda x: pickle.dumps([x]),
    "vars": vars,
    "its state": lambda x: x.__getstate__(),
    "json": json.dumps,
    "json by vars": lambda x: json.dumps(x, default=vars),
    "json by __dict__": lambda x: json.dumps(x, default=lambda each: each.__dict__),
    "json by slots": lambda x: json.dumps(
        x, default=lambda each: {slot: getattr(each, slot) for slot in each.__slots__}
    ),
    "a format of its own": lambda x: format(x, "40"),
    "bytes": bytes,
    "an iteration": list,
}


@pytest.mark.parametrize("take", REFUSED.values(), ids=REFUSED.keys())
def test_nothing_takes_it_apart(take) -> None:
    with pytest.raises((TypeError, AttributeError)) as caught:
        take(SECRET)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [f"{frame.locals}" for frame in shown.stack if "tests" not in frame.filename]
    assert_hidden([PASSWORD], [*frames, str(caught.value), repr(caught.value)])


def test_attrs_asdict_keeps_it_closed() -> None:
    assert attrs.asdict(RECORD)["password"] is SECRET
    assert_hidden([PASSWORD], [repr(attrs.asdict(RECORD)), repr(attrs.astuple(RECORD))])


def test_a_copy_is_itself_for_it_never_changes() -> None:
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy(SECRET) is SECRET
    assert copy.deepcopy(RECORD) == RECORD


def test_it_is_equal_by_its_value_alone() -> None:
    assert Secret(str(PASSWORD)) == SECRET
    assert hash(Secret(str(PASSWORD))) == hash(SECRET)
    assert Secret("x") != SECRET
    assert str(PASSWORD) != SECRET


def test_it_is_revealed_where_it_is_asked_for() -> None:
    assert SECRET.reveal() == str(PASSWORD)
