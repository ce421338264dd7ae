"""Raw HTTP replies that can be parsed on request."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Generic, ParamSpec, TypeVar, cast

from attrs import field, frozen

P = ParamSpec("P")
T = TypeVar("T")


@frozen
class RawResponse(Generic[T]):
    """An HTTP reply of the service; `parse` gives its meaning."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Keyed by lower-case name."""
    body: bytes = field(repr=False)
    _parse: Callable[[], T] = field(repr=False)

    def parse(self) -> T:
        """Return or raise what the method does without `with_raw_response`."""
        return self._parse()


def raw_method(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """Give a method of a view that returns RawResponses its actual type."""
    return cast(Callable[P, RawResponse[T]], method)


def async_raw_method(
    method: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]:
    """Like raw_method, for coroutines."""
    return cast(Callable[P, Coroutine[Any, Any, RawResponse[T]]], method)
