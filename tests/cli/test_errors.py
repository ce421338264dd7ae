"""Errors as a script and as a person gets them: JSON, one line, and the command's own words."""

import datetime as dt
import json
import re

import pytest
import typer

from buzzeasy_soap import (
    BuzzeasyError,
    CallbackRequest,
    ConfigurationError,
    ConnectFailed,
    Outcome,
    ProtocolError,
    ServiceFault,
)
from buzzeasy_soap.cli.run import plain_errors
from buzzeasy_soap.cli.words import in_words_of_command
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.wire.bindings.soap import OTHER_CONTRACT
from tests.cli.conftest import Type

NOWHERE = "http://127.0.0.1:1/a.svc"
TLS_NOWHERE = "https://127.0.0.1:1/a.svc"
PYTHON = re.compile(
    r"\b(\w+_url|allow_insecure|service_queue|ca_bundle|tls=|wsdl=|time_slot|ewt|None|str|int|timedelta|Timeout)\b"
)
JSON_COMMANDS = [
    ["request-call"], ["schedule-call"], ["slots"], ["next-slots"], ["ewt", "get"], ["ewt", "set"], ["call-data"],
    ["watch"], ["check"], ["contract", "show"], ["doctor"],
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "changes", "said"),
    [
        (["request-call", "A", "+447700900105"], {},
         {"error": "InBlackList", "result_code": 5, "outcome": "refused", "exit_status": 1,
          "operation": "RequestCallWhenAvailable", "confirmation_code": None}),
        (["request-call", "A", "+447700900199"], {},
         {"error": "ServiceFault", "code": "InternalServiceFault", "outcome": "unknown", "exit_status": 4}),
        (["ewt", "get"], {"BUZZEASY_PASSWORD": "wr0ng"},
         {"error": "AuthenticationFailed", "outcome": "refused", "exit_status": 1}),
        (["ewt", "get"], {"BUZZEASY_CALLBACK_URL": NOWHERE},
         {"error": "ConnectFailed", "phase": "connect", "outcome": "not_sent", "exit_status": 3}),
        (["schedule-call", "A", "+447700900123", "--slot", "99999999999", "--date", "2017-04-11"], {},
         {"error": "InvalidRequest", "parameter": "--slot", "outcome": "not_sent", "exit_status": 2}),
        (["check"], {"BUZZEASY_COMPANY": None},
         {"error": "ConfigurationError", "outcome": "not_sent", "exit_status": 2}),
        (["call-data", "--pin", "0"], {}, {"error": "NoSuchCall", "outcome": "refused", "exit_status": 1}),
        (["watch", "BZ9", "--timeout", "0.1"], {},
         {"error": "WatchStopped", "outcome": "unknown", "exit_status": 4}),
    ],
)  # fmt: skip
def test_an_error_is_json_where_json_was_asked_for(typed: Type, arguments, changes, said) -> None:
    status, out, err = typed(*arguments, "--json", **changes)
    error = json.loads(out)
    assert said.items() <= error.items()
    assert status == error["exit_status"]
    assert err.startswith(f"buzzeasy: {error['message']}")
    assert "wr0ng" not in out + err


def test_what_may_have_been_placed_is_in_the_json(typed: Type) -> None:
    out = typed("request-call", "Ada", "+447700900199", "--field", "Order 1815", "--json").out
    request = json.loads(out)["callback_request"]
    assert (request["name"], request["phone_no"], request["fields"][0]) == (
        "Ada",
        "+447700900199",
        "Order 1815",
    )
    assert "password" not in out


@pytest.mark.parametrize("command", JSON_COMMANDS, ids=" ".join)
def test_a_usage_error_is_json_too_and_one_line(typed: Type, command: list[str]) -> None:
    status, out, err = typed(*command, "--nonsense", "--json")
    assert status == 2
    assert {"error": "UsageError", "outcome": "not_sent", "exit_status": 2}.items() <= json.loads(out).items()
    assert len(err.splitlines()) == 1
    assert err.startswith("buzzeasy: ") and f"`buzzeasy {' '.join(command)} --help`" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "no such command 'nonsense'. See `buzzeasy --help`."),
        (["request-call", "Ada"], "missing argument 'phone_no'."),
        (["request-call", "Ada", "1", "--region", "US"], "'--region': 'US' is not one of 'GB', 'IE'."),
        (["ewt", "get", "--protocol", "soap12"], "'--protocol': 'soap12' is not one of 'soap', 'rest'."),
        (["ewt", "set", "-5"], "must be a whole number of minutes from 0 to 2147483647, not '-5'."),
        (["ewt", "set", "1.5"], "from 0 to 2147483647, not '1.5'."),
        (["ewt", "set", "2147483648"], "from 0 to 2147483647, not '2147483648'."),
        (["watch", "-5"], "A value that begins with a dash goes after --."),
        (["slots", "2017-13-01"], "must be a date or a time, such as 2017-04-11 or 2017-04-11T09:00, not '2017-13-01'."),
        (["schedule-call", "A", "1", "--slot", "1", "--date", "soon"], "must be a date, such as 2017-04-11, not 'soon'."),
        (["sandbox", "--now", "noon"], "must be a date or a time, such as 2017-04-11 or 2017-04-11T09:00, not 'noon'."),
    ],
)  # fmt: skip
def test_a_usage_error_says_what_is_allowed(typed: Type, arguments, said: str) -> None:
    status, out, err = typed(*arguments)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "changes", "named"),
    [
        (["ewt", "get"], {"BUZZEASY_CALLBACK_URL": "http://127.0.0.1/x"}, "BUZZEASY_CALLBACK_URL must end in .svc."),
        (["ewt", "get"], {"BUZZEASY_INFO_URL": "x"}, "BUZZEASY_INFO_URL must be an http:// or https:// address."),
        (["ewt", "get"], {"BUZZEASY_CALLBACK_URL": "http://other/x.svc"}, "or BUZZEASY_ALLOW_INSECURE=1."),
        (["ewt", "get"], {"BUZZEASY_ALLOW_INSECURE": "yes"}, "BUZZEASY_ALLOW_INSECURE must be 1 or 0."),
        (["ewt", "get"], {"BUZZEASY_COMPANY": "99999999999"}, "BUZZEASY_COMPANY must be"),
        (["ewt", "get"], {"BUZZEASY_PROTOCOL": "x"}, "BUZZEASY_PROTOCOL must be 'soap' or 'rest'."),
        (["ewt", "get"], {"BUZZEASY_TIMEZONE": "Mars"}, "BUZZEASY_TIMEZONE='Mars' is not a time zone"),
        (["ewt", "get"], {"BUZZEASY_TIMEOUT": "0"}, "BUZZEASY_TIMEOUT must be a number of seconds greater than 0."),
        (["ewt", "get"], {"BUZZEASY_CA_BUNDLE": "/none"}, "BUZZEASY_CA_BUNDLE: no such file: /none."),
        (["ewt", "get"], {"BUZZEASY_CA_BUNDLE": __file__, "BUZZEASY_CALLBACK_URL": TLS_NOWHERE},
         "the certificates of BUZZEASY_CA_BUNDLE cannot be used"),
        (["ewt", "get"], {"BUZZEASY_SERVICE_QUEUE": None}, "--queue is missing: give it, or set BUZZEASY_SERVICE_QUEUE."),
        (["ewt", "get", "--queue", "99999999999"], {}, "--queue (BUZZEASY_SERVICE_QUEUE) must be"),
        (["ewt", "get", "--wsdl", "/none"], {}, "--wsdl '/none' holds no WSDL"),
        (["ewt", "get"], {"BUZZEASY_CALLBACK_URL": NOWHERE}, "127.0.0.1:1 (BUZZEASY_CALLBACK_URL): no connection"),
        (["ewt", "get"], {"http_proxy": "x:y", "BUZZEASY_CALLBACK_URL": "http://other/x.svc",
                          "BUZZEASY_ALLOW_INSECURE": "1"}, "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY must be"),
        (["watch", "BZ1"], {"BUZZEASY_EVENTS_URL": None}, "BUZZEASY_EVENTS_URL is not set, and watch requires it."),
        (["watch", "BZ1"], {"BUZZEASY_EVENTS_URL": "http://h/signalr"}, "BUZZEASY_EVENTS_URL must be given without"),
        (["watch", "BZ1", "--timeout", "-1"], {}, "--timeout must be a number of seconds, 0 or more."),
        (["request-call", "A", "12"], {}, "or be given with its --region."),
        (["request-call", "A", "+447700900123", *["--field", "x"] * 11], {}, "--field must hold at most 10 values"),
        (["call-data", "--number", " "], {}, "--number must not be blank."),
        (["call-data", "--pin", " "], {}, "--pin must not be blank."),
        (["slots", "0001-01-01T00:00+14:00"], {}, "when is outside the years 1 to 9999"),
        (["sandbox", "--allow-host", "a b"], {}, "--allow-host: 'a b' is not a host name"),
        (["sandbox", "--wsdl", "/none"], {}, "--wsdl '/none' holds no WSDL"),
    ],
)  # fmt: skip
def test_a_message_names_options_and_variables(typed: Type, arguments, changes, named: str) -> None:
    _, out, err = typed(*arguments, **{"no_proxy": None, "NO_PROXY": None, **changes})
    assert (out, len(err.splitlines())) == ("", 1)
    assert named in err
    assert not PYTHON.search(err), err


def test_a_fault_about_the_contract_names_the_option() -> None:
    fault = ServiceFault(code="ActionNotSupported", reason="no such action.", hint=OTHER_CONTRACT)
    assert in_words_of_command(fault).endswith("says whether --wsdl DIR works.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ServiceFault(code="Client", reason="parameter service_queue is not known, see callback_url"),
         "Client: parameter service_queue is not known, see callback_url"),
        (ProtocolError("the reply is no XML. Is info_url right? It is https://h/callback_url.svc", excerpt=""),
         "the reply is no XML. Is BUZZEASY_INFO_URL right? It is https://h/callback_url.svc"),
        (ConfigurationError("ca_bundle: no such file: /ca_bundle/wsdl=x/none.pem"),
         "BUZZEASY_CA_BUNDLE: no such file: /ca_bundle/wsdl=x/none.pem"),
        (ConnectFailed("h:1 (callback_url): no connection: ca_bundle"),
         "h:1 (BUZZEASY_CALLBACK_URL): no connection: ca_bundle"),
        (ConfigurationError("wsdl='/wsdl=/callback_url' holds no WSDL"),
         "--wsdl '/wsdl=/callback_url' holds no WSDL"),
    ],
)  # fmt: skip
def test_what_is_quoted_and_paths_stay_as_they_are(error: BuzzeasyError, said: str) -> None:
    assert in_words_of_command(error) == said


def test_an_interrupt_is_json_too(capsys) -> None:
    interrupt = KeyboardInterrupt()
    interrupt.outcome = Outcome.UNKNOWN
    interrupt.callback_request = CallbackRequest(
        "RequestCallSchedule", "Ada", "+447700900123", 1, date=dt.date(2017, 4, 11)
    )
    with pytest.raises(typer.Exit) as caught, plain_errors(debug=False, json=True):
        raise interrupt
    said = json.loads(capsys.readouterr().out)
    assert (caught.value.exit_code, said["exit_status"], said["error"]) == (130, 130, "Interrupted")
    assert (said["outcome"], said["callback_request"]["date"]) == ("unknown", "2017-04-11")


def test_the_json_of_an_error_may_get_lost_without_its_status(typed: Type, monkeypatch) -> None:
    class Full:
        encoding = "utf-8"

        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...

        def fileno(self) -> int:
            raise OSError(9, "no descriptor")

    monkeypatch.setattr("sys.stdout", Full())
    status, _, err = typed("request-call", "A", "+447700900105", "--json")
    assert status == 1
    assert "No space left" in err and "black list" in err


def test_debug_leaves_the_status_and_the_json(typed: Type, sandbox: Sandbox) -> None:
    status, out, err = typed("request-call", "A", "+447700900199", "--json", "--debug")
    assert (status, json.loads(out)["outcome"]) == (4, "unknown")
    assert "Traceback" in err and err.splitlines()[-1].startswith("buzzeasy: ")
