"""Redaction finds a secret in whatever way it is written, and takes its time over nothing."""

import html
import json
import logging
import re
import time
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from buzzeasy_soap import Secret, ServiceFault
from buzzeasy_soap.contract import request_callback_service as contract
from buzzeasy_soap.wire.bindings.soap import SoapBinding
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.redaction import excerpt, guard_logs, redact, redact_places, without_traceback
from tests.security.leaks import Password, everything_logged
from tests.support.scripted import fault_bytes


@frozen
class Request:
    password: Secret


ENCODINGS = {
    "as it is": str,
    "XML": escape,
    "HTML": html.escape,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON by .NET": lambda text: (
        json.dumps(text)[1:-1].replace("&", r"\u0026").replace("<", r"\u003C").replace("/", r"\/")
    ),
    "query": quote,
    "query, all of it": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "folded": lambda text: " ".join(text.split()),
}
letters = st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_characters="\x7f") | st.sampled_from(
    "&<>\"'%+/\\é; #\U0001f600"
)
encodings = st.sampled_from(sorted(ENCODINGS))


between = st.lists(letters, min_size=1, max_size=12).map("".join)


@settings(deadline=None)
@given(between, encodings, encodings)
def test_a_secret_is_found_however_it_is_written(between, inner, outer) -> None:
    password = Password(("Kx9zQ", "Wv7pJ"), between)
    text = ENCODINGS[outer](ENCODINGS[inner](str(password)))
    assert redact(f"[{text}]", Request(Secret(str(password)))) == "[***]"


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0xC0, max_codepoint=0xFF) | st.sampled_from("&<;a"), min_size=1))
def test_a_secret_is_found_where_it_was_read_in_the_wrong_encoding(between) -> None:
    password = Password(("Kx9zQ", "Wv7pJ"), between)
    for text in (
        str(password).encode().decode("latin-1"),
        str(password).encode("latin-1").decode("utf-8", "replace"),
        escape(str(password).encode("latin-1").decode("utf-8", "replace")),
    ):
        assert redact(f"[{text}]", Request(Secret(str(password)))) == "[***]"


@settings(deadline=None)
@given(
    between,
    st.sampled_from(["as it is", "XML", "JSON", "query", "repr"]),
    st.data(),
)
def test_a_secret_that_is_cut_off_is_found(between, encoding, data) -> None:
    password = Password(("Kx9zQ", "Wv7pJ"), between)
    whole = ENCODINGS[encoding](str(password))
    cut = data.draw(st.integers(5, len(whole)))
    assert not password.shows_in(redact(f"[{whole[:cut]}", Request(Secret(str(password)))))


PLACES = {
    "element": "<password>{}</password>",
    "element with a prefix": '<a:password xsi:type="x">{}</a:password>',
    "element that never ends": "<tem:password>{}",
    "CDATA": "<password><![CDATA[{}]]></password>",
    "WS-Security": '<wsse:Password Type="text">{}</wsse:Password>',
    "JSON": '{{"name": "x", "password": "{}"}}',
    "JSON in JSON": '{{"body": "{{\\"password\\": \\"{}\\"}}"}}',
    "JSON that never ends": '{{"password":"{}',
    "a dict of Python": "{{'password': '{}'}}",
    "a query": "GET /rest/GetCallDataByPin?pin=1&password={}&companyId=1",
    "a form": "password={}",
    "an attribute": '<user password="{}"/>',
    "an attribute in single quotes": "<user password='{}'/>",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_what_stands_where_a_password_stands_is_not_shown(place) -> None:
    shown = redact_places(place.format("hunter2"))
    assert "hunter2" not in shown
    assert "***" in shown
    assert redact_places(place.format("hunter2").replace("assword", "assphrase")) != shown


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_secret_of_a_name_is_not_shown_where_a_password_would_not_be(place) -> None:
    text = re.sub("password", "Session.Token", place, flags=re.IGNORECASE).format("hunter2")
    assert "hunter2" in redact_places(text)
    assert "hunter2" not in redact_places(text, ["session.token"])
    assert redact_places(text, ["session-token"]) == text


def test_a_number_as_a_password_is_not_shown() -> None:
    assert redact_places('{"password": 271828, "company": 1}') == '{"password": ***, "company": 1}'


def test_an_excerpt_leaves_no_half_of_a_secret() -> None:
    request = Request(Secret("Kx9zQWv7pJ" * 40))
    body = b"Kx9zQWv7pJ" * 40 * 100
    assert "Kx9" not in excerpt(body, request)
    assert excerpt("<p>Kx9zQ</p>".encode("utf-16"), Request(Secret("Kx9zQ"))) == "<p>***</p>"
    assert excerpt("<p>Kx9zQé</p>".encode("utf-16-le"), Request(Secret("Kx9zQé"))) == "<p>***</p>"


HOSTILE = ["\\", "&", "&amp;", "%25", "\ufffd", '"password":"', "<password>", "hunt%", "hunt", " ", "' "]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_the_search_take_its_time(text) -> None:
    """Sixteen times the text takes sixteen times the work, give or take; 256 times would be quadratic."""
    requests = [Request(Secret(each)) for each in ('hunter"\\"\\\'é2', '"\\"\\"\\"', "éééé", "&amp;&amp;")]

    def seconds(size: int) -> float:
        began = time.thread_time()
        for request in requests:
            redact(text * (size // len(text)), request)
        return time.thread_time() - began

    seconds(1000)
    assert seconds(256_000) < 80 * max(seconds(16_000), 0.002)


# Logs ---------------------------------------------------------------------------------------------


def test_a_guarded_logger_shows_no_password_and_is_otherwise_as_it_was() -> None:
    logger = logging.getLogger("tests.guarded")
    guard_logs("tests.guarded")
    guard_logs("tests.guarded")
    assert len(logger.filters) == 1
    with everything_logged() as log:
        logger.debug('"%s %s"', "GET", "/rest/x?password=hunter2&pin=1")
        logger.warning("bad headers: %s", ValueError("hunter2"))
        logger.info("%d of %d", 1, 2)
        logger.info("%(name)s", {"name": "password=hunter2"})
        said = "hunter2"  # not in the line that raises, which a traceback quotes
        try:
            raise RuntimeError(said)
        except RuntimeError:
            logger.exception("it broke")
    assert "hunter2" not in "\n".join(log.texts)
    said = log.texts[::2]
    assert said[:4] == [
        '"GET /rest/x?password=***&pin=1"',
        "bad headers: ValueError",
        "1 of 2",
        "password=***",
    ]
    assert "test_redaction.py" in said[4] and "RuntimeError" in said[4]


def test_a_bare_error_has_nothing_below_it() -> None:
    with pytest.raises(ValueError, match="told") as caught:
        try:
            raise KeyError("hunter2")
        except KeyError as below:
            raise ValueError("told") from below
    error = caught.value
    assert without_traceback(error) is error
    assert (error.__cause__, error.__context__, error.__traceback__) == (None, None, None)


@pytest.mark.parametrize("filler", ["\N{REPLACEMENT CHARACTER}", "&amp;", "\\", "т", "%25"])
@pytest.mark.parametrize("password", ["тайна-секрет", "пароль" * 8, "&&&&"])
def test_a_fault_of_megabytes_takes_no_time_and_shows_nothing(filler: str, password: str) -> None:
    text = f"no company with {escape(password)} {filler * 1_000_000}"
    reply = HttpResponse(500, {"content-type": "text/xml"}, fault_bytes("Client", text))
    request = contract.RequestCallWhenAvailable(password=Secret(password))
    began = time.process_time()
    with pytest.raises(ServiceFault) as caught:
        SoapBinding().decode(contract.REQUEST_CALL_WHEN_AVAILABLE, request, reply)
    assert time.process_time() - began < 3
    assert caught.value.reason.startswith("no company with *** ")


@pytest.mark.parametrize(
    "text",
    [
        "<a:PassWord>hunter2</a:PassWord>",
        "<pa\u017f\u017fword>hunter2</pa\u017f\u017fword>",  # long s, which `re` takes for s in any case
        "{'PASSWORD': 'hunter2'}",
        '{"Password" : "hunter2"}',
        '{\\"pa\u017fsword\\": \\"hunter2\\"}',
        "/rest/X?PASSWORD=hunter2&a=1",
    ],
)
def test_a_place_is_found_in_any_case(text: str) -> None:
    assert "hunter2" not in redact_places(text)
