"""A reply as it came, beside what it means."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from attrs import field, frozen

T = TypeVar("T")


@frozen
class RawResponse(Generic[T]):
    """An HTTP reply of the service, and what it means on request."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By lower-case name."""
    body: bytes = field(repr=False)
    _parse: Callable[[], T] = field(repr=False)

    def parse(self) -> T:
        """What the method without `with_raw_response` answers or raises."""
        return self._parse()
