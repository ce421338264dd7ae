"""The user's own zeep plugins and WS-Security, around envelopes on their way out and in."""

from collections.abc import Mapping
from typing import Any, Protocol

from attrs import field, frozen
from lxml import etree

from buzzeasy_soap.errors import BuzzeasyError, ConfigurationError
from buzzeasy_soap.wire.bindings.reply import Reply
from buzzeasy_soap.wire.redaction import Secret, names_a_secret


class Plugin(Protocol):
    """What zeep calls a plugin: a `zeep.Plugin`."""

    def egress(self, envelope: Any, http_headers: Any, operation: Any, binding_options: Any, /) -> Any: ...

    def ingress(self, envelope: Any, http_headers: Any, operation: Any, /) -> Any: ...


class WsSecurity(Protocol):
    """What zeep calls WSSE: `zeep.wsse.UsernameToken` and its kind."""

    def apply(self, envelope: Any, headers: Any, /) -> Any: ...

    def verify(self, envelope: Any, /) -> Any: ...


@frozen
class Extensions:
    """Plugins and WS-Security, which see every envelope. False where there is none."""

    plugins: tuple[Plugin, ...] = field(default=(), repr=False)
    wsse: WsSecurity | None = field(default=None, repr=False)
    _secrets: tuple[tuple[Secret, ...], ...] = field(init=False, repr=False)

    @_secrets.default
    def _find_secrets(self) -> tuple[tuple[Secret, ...], ...]:
        return tuple(_secrets_within(each) for each in (self.wsse, *self.plugins) if each is not None)

    def __bool__(self) -> bool:
        return self.wsse is not None or bool(self.plugins)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The passwords and keys that they hold."""
        return tuple(secret for found in self._secrets for secret in found)

    def outgoing(self, envelope: Any, declared: Any, endpoint: str) -> tuple[bytes, Mapping[str, str]]:
        """An envelope as the plugins and WS-Security leave it, and their HTTP headers.

        `declared` is zeep's operation. Raises ConfigurationError where one of them fails.
        """
        headers: dict[str, str] = {}
        try:
            for plugin in self.plugins:
                changed = plugin.egress(envelope, headers, declared, {"address": endpoint})
                envelope, headers = changed or (envelope, headers)
            if self.wsse is not None:
                envelope, headers = self.wsse.apply(envelope, headers)
            return etree.tostring(envelope, encoding="utf-8", xml_declaration=True), headers
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code, whatever it raises
            raise ConfigurationError(
                f"a zeep plugin or WS-Security failed on the request ({type(error).__name__})"
            ) from None

    def incoming(self, reply: Reply, envelope: Any, declared: Any) -> Any:
        """The envelope of a reply as WS-Security and the plugins leave it, in zeep's order.

        Raises ProtocolError where one of them fails.
        """
        try:
            if self.wsse is not None:
                self.wsse.verify(envelope)
            for plugin in self.plugins:
                changed = plugin.ingress(envelope, reply.response.headers, declared)
                envelope, _ = changed or (envelope, None)
        except BuzzeasyError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code, whatever it raises
            reply.fail(f"a zeep plugin or WS-Security failed on the reply ({type(error).__name__}: {error})")
        if not isinstance(envelope, etree._Element):  # noqa: SLF001 - lxml has no public name for it
            reply.fail("a zeep plugin returned no envelope")
        return envelope


def _secrets_within(thing: object, depth: int = 2) -> tuple[Secret, ...]:
    """The passwords and keys that a plugin or a WS-Security object holds."""
    found: list[Secret] = []
    for name, value in getattr(thing, "__dict__", {}).items():
        if isinstance(value, str) and value and names_a_secret(name):
            found.append(Secret(value))
        elif depth and isinstance(value, list | tuple):
            found += (secret for each in value for secret in _secrets_within(each, depth - 1))
    return tuple(found)
