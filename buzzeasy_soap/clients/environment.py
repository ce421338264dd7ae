"""Reads a client's arguments from environment variables."""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from buzzeasy_soap.clients.endpoints import Endpoints
from buzzeasy_soap.config import TLS, Timeout
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.redaction import Secret


@frozen
class Variable:
    """An environment variable that this package reads."""

    name: str
    setting: str
    """The client's name for it, as its error messages have it."""
    help: str
    default: str = ""
    required: bool = False
    secret: bool = False


VARIABLES: Final = {
    variable.name: variable
    for variable in (
        Variable("BUZZEASY_CALLBACK_URL", "callback_url", "address of RequestCallbackService", required=True),
        Variable("BUZZEASY_INFO_URL", "info_url", "address of BuzzMeInfo", required=True),
        Variable("BUZZEASY_EVENTS_URL", "events_url", "address of the event service, without /signalr"),
        Variable("BUZZEASY_COMPANY", "company", "number of the company", required=True),
        Variable("BUZZEASY_PASSWORD", "password", "password of the company", required=True, secret=True),
        Variable("BUZZEASY_PASSWORD_FILE", "password", "file with the password, instead of the variable"),
        Variable("BUZZEASY_SERVICE_QUEUE", "service_queue", "number of the service queue"),
        Variable("BUZZEASY_PROTOCOL", "protocol", "soap or rest", "soap"),
        Variable("BUZZEASY_TIMEZONE", "timezone", "time zone of the service", "Europe/London"),
        Variable("BUZZEASY_REFERENCE_FIELD", "reference_field", "number of the field for a unique reference"),
        Variable("BUZZEASY_TIMEOUT", "timeout", "seconds that a call may take in all", "60"),
        Variable("BUZZEASY_WSDL", "wsdl", "folder with the service's own WSDLs", "the packaged contract"),
        Variable("BUZZEASY_CA_BUNDLE", "ca_bundle", "PEM file of authorities to trust", "the system's"),
        Variable(
            "BUZZEASY_LEDGER",
            "ledger",
            "file or postgresql:// address of campaigns",
            "callbacks.db",
            secret=True,
        ),
        Variable("BUZZEASY_ALLOW_INSECURE", "allow_insecure", "1 permits http:// to other machines", "0"),
    )
}
"""All of them, by name. Two with the same setting stand in for each other."""


@frozen
class Variables:
    """Environment variables. The repr, which tracebacks can show, hides their values."""

    _values: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str | None:
        """The value of one of VARIABLES, or None if it is unset or empty."""
        return self._values.get(VARIABLES[name].name) or None

    def required(self, name: str) -> str:
        """The value. Raises ConfigurationError if it is unset or empty."""
        value = self.get(name)
        if value is None:
            raise ConfigurationError(f"{name} is not set; `buzzeasy sandbox` prints settings to try")
        return value


def from_environment(variables: Variables, options: Mapping[str, Any]) -> dict[str, Any]:
    """A client's arguments: `options`, and what they leave out read from the `BUZZEASY_…` variables.

    Raises ConfigurationError, which names the variable or its setting.
    """
    arguments: dict[str, Any] = {}
    if "endpoints" not in options:
        arguments["endpoints"] = Endpoints(
            variables.required("BUZZEASY_CALLBACK_URL"),
            variables.required("BUZZEASY_INFO_URL"),
            variables.get("BUZZEASY_EVENTS_URL"),
        )
    if "company" not in options:
        arguments["company"] = _whole("BUZZEASY_COMPANY", variables.required("BUZZEASY_COMPANY"))
    if "password" not in options:
        arguments["password"] = _password(variables)
    for option, (name, read) in _OPTIONAL.items():
        if option not in options and (text := variables.get(name)):
            arguments[option] = read(name, text)
    return arguments | dict(options)


def _password(variables: Variables) -> Secret:
    path = variables.get("BUZZEASY_PASSWORD_FILE")
    if path is None:
        return Secret(variables.required("BUZZEASY_PASSWORD"))
    if variables.get("BUZZEASY_PASSWORD"):
        raise ConfigurationError("set BUZZEASY_PASSWORD or BUZZEASY_PASSWORD_FILE, not both")
    try:
        # In no local variable: a traceback could show it. Editors end a file with a newline.
        password = Secret(Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r"))
    except OSError as error:
        raise ConfigurationError(f"BUZZEASY_PASSWORD_FILE cannot be read: {error.strerror}") from None
    except ValueError:
        raise ConfigurationError("BUZZEASY_PASSWORD_FILE must hold a password in UTF-8") from None
    if not password.reveal():
        raise ConfigurationError("BUZZEASY_PASSWORD_FILE is empty")
    return password


def _as_it_is(_: str, text: str) -> str:
    return text


def _whole(name: str, text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,18}", text.strip(), re.ASCII):
        raise ConfigurationError(f"{name} must be a number")
    return int(text)


def _timeout(name: str, text: str) -> Timeout:
    try:
        seconds = float(text)
    except ValueError:
        raise ConfigurationError(f"{name} must be a number of seconds") from None
    if not 0 < seconds < math.inf:
        raise ConfigurationError(f"{name} must be a number of seconds greater than 0")
    return Timeout(total=seconds)


def _tls(_: str, text: str) -> TLS:
    return TLS(ca_bundle=text)


def _switch(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ConfigurationError(f"{name} must be 1 or 0")
    return text == "1"


_OPTIONAL: Final[Mapping[str, tuple[str, Callable[[str, str], object]]]] = {
    "service_queue": ("BUZZEASY_SERVICE_QUEUE", _whole),
    "protocol": ("BUZZEASY_PROTOCOL", _as_it_is),
    "timezone": ("BUZZEASY_TIMEZONE", _as_it_is),
    "reference_field": ("BUZZEASY_REFERENCE_FIELD", _whole),
    "wsdl": ("BUZZEASY_WSDL", _as_it_is),
    "timeout": ("BUZZEASY_TIMEOUT", _timeout),
    "tls": ("BUZZEASY_CA_BUNDLE", _tls),
    "allow_insecure": ("BUZZEASY_ALLOW_INSECURE", _switch),
}
"""By option: the variable, and how it is read."""
