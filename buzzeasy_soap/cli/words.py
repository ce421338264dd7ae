"""Error messages in the command's words: its options and environment variables, not Python's names."""

import re
from collections.abc import Mapping
from typing import Final

from buzzeasy_soap.clients.environment import VARIABLES
from buzzeasy_soap.errors import (
    BuzzeasyError,
    ConfigurationError,
    InvalidRequest,
    ProtocolError,
    ServiceFault,
    TransportError,
)

_PARAMETERS: Final[Mapping[str, str]] = {
    "confirmation_code": "code",
    "date": "--date",
    "ewt": "minutes",
    "fields": "--field",
    "map": "--map",
    "opening_hours": "--hours",
    "pin": "--pin",
    "presented_number": "--number",
    "rate": "--rate",
    "region": "--region",
    "requested_date": "when",
    "service_queue": "--queue",
    "time": "when",
    "time_slot": "--slot",
    "timeout": "--timeout",
}
"""The command's names for the clients' parameters; others are called the same."""

_SETTINGS: Final[Mapping[str, str]] = {
    **{variable.setting: name for name, variable in reversed(VARIABLES.items())},
    "service_queue": "--queue (BUZZEASY_SERVICE_QUEUE)",
    "wsdl": "--wsdl",
}
"""The command's names for the clients' settings; of two variables, the first."""

_NAMES: Final = "|".join(_SETTINGS)
# Only where a message of ours has a setting: the rest may be a path, or what somebody else said.
_AT_THE_START: Final = re.compile(rf"^({_NAMES})( |:|=)")
_AFTER_A_HOST: Final = re.compile(rf"^(\S+ \()({_NAMES})(?=\))")
_IN_THE_QUESTION: Final = re.compile(rf"(\. Is )({_NAMES})(?= right\? It is \S+$)")

_STARTS: Final = {"wsdl=": "--wsdl ", "allow_hosts: ": "--allow-host: "}
_PHRASES: Final = (
    ("pass it to the client or to the call", "give it, or set BUZZEASY_SERVICE_QUEUE"),
    ("allow_insecure=True", "BUZZEASY_ALLOW_INSECURE=1"),
    ("set TLS(ca_bundle=...) or BUZZEASY_CA_BUNDLE", "set BUZZEASY_CA_BUNDLE"),
    ("the certificates of tls=", "the certificates of BUZZEASY_CA_BUNDLE"),
    ("set proxy= to another one", "set HTTPS_PROXY to another one"),
    ("the proxy must be", "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY must be"),
    ("given with its region", "given with its --region"),
    ("password must be a non-empty str", "password must not be empty"),
    ("port 0 picks", "--port 0 picks"),
    ("the host must be", "--host must be"),
    ("for other forms give date_format", "for other forms give --date-format"),
    ("which is the client's reference_field", "which is the --reference-field"),
    ("be given with its region", "be given with its --region"),
    ("name it by map, as in", "name it, as in --map"),
    (": give this one a name of its own", ": give this one a --name of its own"),
    (", or None", ""),
)


def in_words_of_command(error: BuzzeasyError) -> str:
    """The message of an error on one line, with the command's names in it."""
    text = " ".join(str(error).split()).replace("whether wsdl=DIR works", "whether --wsdl DIR works")
    text = _IN_THE_QUESTION.sub(lambda match: match[1] + _SETTINGS[match[2]], text)
    if isinstance(error, ServiceFault | ProtocolError):  # those quote the service
        return text
    text = reason_in_words(text)
    if isinstance(error, InvalidRequest):
        return re.sub(rf"^{re.escape(error.parameter)}\b", parameter_of_command(error.parameter), text)
    if isinstance(error, TransportError):
        return _AFTER_A_HOST.sub(lambda match: match[1] + _SETTINGS[match[2]], text)
    if not isinstance(error, ConfigurationError):
        return text
    for python, ours in _STARTS.items():
        if text.startswith(python):
            return ours + text.removeprefix(python)
    return _AT_THE_START.sub(lambda match: _SETTINGS[match[1]] + match[2], text)


def reason_in_words(reason: str) -> str:
    """What is wrong with a row of a list, with the command's names in it."""
    for python, ours in _PHRASES:
        reason = reason.replace(python, ours)
    return reason


def parameter_of_command(parameter: str) -> str:
    """The option or argument that gives a client's parameter."""
    return _PARAMETERS.get(parameter, parameter)
