"""Reads a client's arguments from environment variables."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen

from buzzeasy_soap.clients.endpoints import Endpoints
from buzzeasy_soap.config import TLS, Timeout
from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.wire.redaction import Secret

T = TypeVar("T")


@frozen
class Variables:
    """Environment variables. The repr, which tracebacks can show, hides their values."""

    _values: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str | None:
        """The value, or None if it is unset or empty."""
        return self._values.get(name) or None

    def required(self, name: str) -> str:
        """The value. Raises ConfigurationError if it is unset or empty."""
        value = self.get(name)
        if value is None:
            raise ConfigurationError(f"{name} is not set; `buzzeasy sandbox` prints settings to try")
        return value


def from_environment(variables: Variables, options: Mapping[str, Any]) -> dict[str, Any]:
    """A client's arguments: `options`, and what they leave out read from the `BUZZEASY_…` variables.

    Raises ConfigurationError, which names the variable.
    """
    arguments: dict[str, Any] = {}
    if "endpoints" not in options:
        arguments["endpoints"] = Endpoints(
            variables.required("BUZZEASY_CALLBACK_URL"),
            variables.required("BUZZEASY_INFO_URL"),
            variables.get("BUZZEASY_EVENTS_URL"),
        )
    if "company" not in options:
        arguments["company"] = _number("BUZZEASY_COMPANY", variables.required("BUZZEASY_COMPANY"), int)
    if "password" not in options:
        arguments["password"] = _password(variables)
    if service_queue := variables.get("BUZZEASY_SERVICE_QUEUE"):
        arguments["service_queue"] = _number("BUZZEASY_SERVICE_QUEUE", service_queue, int)
    if protocol := variables.get("BUZZEASY_PROTOCOL"):
        arguments["protocol"] = protocol
    if timezone := variables.get("BUZZEASY_TIMEZONE"):
        arguments["timezone"] = timezone
    if wsdl := variables.get("BUZZEASY_WSDL"):
        arguments["wsdl"] = wsdl
    if seconds := variables.get("BUZZEASY_TIMEOUT"):
        arguments["timeout"] = Timeout(total=_number("BUZZEASY_TIMEOUT", seconds, float))
    if ca_bundle := variables.get("BUZZEASY_CA_BUNDLE"):
        arguments["tls"] = TLS(ca_bundle=ca_bundle)
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


def _number(name: str, text: str, kind: Callable[[str], T]) -> T:
    try:
        return kind(text)
    except ValueError:
        raise ConfigurationError(f"{name} must be a number") from None
