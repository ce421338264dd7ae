"""The sandbox's settings and companies, and reading them from a TOML file."""

import hmac
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import field, frozen

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.opening_hours import OpeningHours
from buzzeasy_soap.sandbox.phone import is_e164
from buzzeasy_soap.wire.redaction import Secret

T = TypeVar("T")

RestStyle: TypeAlias = Literal["bare", "wrapped"]

PUBLISHED_PASSWORDS: Final = frozenset({"P@ssword", "Password", "Secret2"})
"""Passwords that are published in the provider's document or in these docs and may be shown."""


def _secret(value: str | Secret) -> Secret:
    secret = Secret.of(value)
    if not isinstance(secret.reveal(), str) or not secret.reveal():
        raise ConfigurationError("password must be a non-empty str")
    return secret


def _secrets(values: Iterable[str | Secret]) -> tuple[Secret, ...]:
    return tuple(map(_secret, [values] if isinstance(values, str) else values))


def _hours(value: OpeningHours | str | None) -> OpeningHours | None:
    if not isinstance(value, str):
        return value
    try:
        return OpeningHours.parse(value)
    except ValueError as error:
        raise ConfigurationError(f"opening_hours: {error}") from None


def _optional_numbers(value: Iterable[str] | None) -> frozenset[str] | None:
    return None if value is None else _numbers(value)


def _numbers(value: Iterable[str]) -> frozenset[str]:
    try:
        return _number_list([value] if isinstance(value, str) else list(value))
    except ValueError as error:
        raise ConfigurationError(f"white_list and black_list: {error}") from None


@frozen
class Company:
    """A customer of the platform: its credentials, queues and rules."""

    password: Secret = field(converter=_secret)
    """The password that the sandbox itself uses and prints; may be given as a str."""
    queues: Mapping[int, str]
    """Names of the service queues by id."""
    opening_hours: OpeningHours | None = field(default=None, converter=_hours)
    """None means always open; may be given as text, such as `Mon-Fri 08:00-18:00`."""
    white_list: frozenset[str] | None = field(default=None, converter=_optional_numbers)
    """The only numbers that can be called, in E.164 format; None allows all."""
    black_list: frozenset[str] = field(default=frozenset(), converter=_numbers)
    """Numbers that are never called, in E.164 format."""
    field_names: Mapping[int, str] = field(factory=dict)
    """Names of the ten fields by number; a missing one is `field1` and so on."""
    also_accepts: tuple[Secret, ...] = field(default=(), converter=_secrets)
    """More passwords; each may be given as a str."""

    def accepts(self, password: Secret) -> bool:
        """Whether a password is one of the company's."""
        given = _bytes(password)
        known = (self.password, *self.also_accepts)
        # Compare with all of them, each in constant time.
        return sum(hmac.compare_digest(_bytes(one), given) for one in known) > 0

    @property
    def published_password(self) -> str | None:
        """The password if it is published and may be shown, otherwise None."""
        password = self.password.reveal()
        return password if password in PUBLISHED_PASSWORDS else None

    def field_name(self, number: int) -> str:
        """The name of field 1 to 10."""
        return self.field_names.get(number, f"field{number}")


def _bytes(password: Secret) -> bytes:
    return password.reveal().encode(errors="surrogatepass")


def _default_companies() -> dict[int, Company]:
    return {
        1: Company(
            password=Secret("P@ssword"),
            also_accepts=(Secret("Password"),),
            queues={1: "Sales", 2: "Support"},
        ),
        2: Company(password=Secret("Secret2"), queues={3: "Service"}),
    }


@frozen
class SandboxConfig:
    """Settings of a sandbox."""

    companies: Mapping[int, Company] = field(factory=_default_companies)
    """Companies by id."""
    timezone: ZoneInfo = field(default=ZoneInfo("Europe/London"))
    """The service's time zone, used for slots, opening hours and all times in replies."""
    rest_style: RestStyle = "bare"
    """Whether REST replies are bare or wrapped in `{"…Result": …}`."""

    @classmethod
    def from_toml(cls, path: Path) -> "SandboxConfig":
        """Read a config file. Raises ConfigurationError, which names the file and the key."""
        # Not in a local variable: a traceback could show the passwords.
        try:
            return _config(_Table(tomllib.loads(path.read_text(encoding="utf-8")), ""))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path} cannot be read: {getattr(error, 'strerror', error)}") from None
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise ConfigurationError(f"{path}: {error}") from None


class _Table:
    """A TOML table whose values are read by key. Raises ValueError, which names the key."""

    def __init__(self, values: Mapping[str, object], place: str) -> None:
        self._values = values
        self._place = place
        self._asked: set[str] = set()

    def get(self, key: str, read: Callable[[object], T], default: T) -> T:
        self._asked.add(key)
        return self.required(key, read) if key in self._values else default

    def required(self, key: str, read: Callable[[object], T]) -> T:
        self._asked.add(key)
        if key not in self._values:
            raise ValueError(f"{self._place}{key} is missing")
        try:
            return read(self._values[key])
        except ValueError as error:
            raise ValueError(f"{self._place}{key}: {error}") from None

    def tables(self, key: str) -> dict[int, "_Table"]:
        numbered: Mapping[int, Mapping[str, object]] = self.get(key, _numbered(_mapping), {})
        return {number: _Table(table, f"{self._place}{key}.{number}.") for number, table in numbered.items()}

    def refuse_others(self) -> None:
        for key in sorted(self._values.keys() - self._asked):
            raise ValueError(f"unknown key {self._place}{key}; known keys: {', '.join(sorted(self._asked))}")


def _config(table: _Table) -> SandboxConfig:
    defaults = SandboxConfig()
    companies = {number: _company(company) for number, company in table.tables("company").items()}
    config = SandboxConfig(
        companies=companies or defaults.companies,
        timezone=table.get("timezone", _zone, defaults.timezone),
        rest_style=table.get("rest_style", _rest_style, defaults.rest_style),
    )
    table.refuse_others()
    return config


def _company(table: _Table) -> Company:
    first, *others = table.required("password", _passwords)
    company = Company(
        password=first,
        also_accepts=tuple(others),
        queues=table.required("queues", _numbered(_require_text)),
        opening_hours=table.get("opening_hours", _opening_hours, None),
        white_list=table.get("white_list", _number_list, None),
        black_list=table.get("black_list", _number_list, frozenset[str]()),
        field_names=table.get("field_names", _field_names, {}),
    )
    table.refuse_others()
    return company


def _require_text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a non-empty string")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("must be a table")
    return cast("dict[str, object]", value)


def _numbered(read: Callable[[object], T]) -> Callable[[object], Mapping[int, T]]:
    def numbered(value: object) -> Mapping[int, T]:
        table = _mapping(value)
        for key in table:
            if not re.fullmatch("[0-9]{1,9}", key, re.ASCII):
                raise ValueError(f"{key!r} is not a number")
        return {int(key): read(item) for key, item in table.items()}

    return numbered


def _passwords(value: object) -> list[Secret]:
    passwords = value if isinstance(value, list) else [value]
    if not passwords:
        raise ValueError("must contain at least one password")
    return [Secret(_require_text(password)) for password in passwords]


def _number_list(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError("must be a list of phone numbers")
    for number in value:
        if not isinstance(number, str) or not is_e164(number):
            raise ValueError(f'{number!r} is not a number in E.164 format, such as "+447700900123"')
    return frozenset(value)


def _field_names(value: object) -> Mapping[int, str]:
    names = _numbered(_require_text)(value)
    for number in names:
        if not 1 <= number <= 10:
            raise ValueError(f"{number} is not a field number from 1 to 10")
    return names


def _opening_hours(value: object) -> OpeningHours | None:
    return OpeningHours.parse(_require_text(value))


def _zone(value: object) -> ZoneInfo:
    name = _require_text(value)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone") from None


def _rest_style(value: object) -> RestStyle:
    if value == "bare":
        return "bare"
    if value == "wrapped":
        return "wrapped"
    raise ValueError('must be "bare" or "wrapped"')
