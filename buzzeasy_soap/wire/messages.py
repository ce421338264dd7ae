"""What a binding hands to a transport, and gets from it: HTTP as plain values."""

from collections.abc import Mapping

from attrs import field, frozen

from buzzeasy_soap.wire.redaction import Secret


@frozen
class HttpRequest:
    """One HTTP request. Its repr shows no headers, body or query: they can hold a password."""

    method: str
    url: str = field(repr=lambda url: repr(url.partition("?")[0]))
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@frozen
class HttpResponse:
    """One HTTP response, its body whole and decoded from any content encoding."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By lower-case name."""
    body: bytes = field(repr=False)
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    """What the client's `headers` and its proxy's address held: a reply may quote it, no error may show it."""
