"""A reply as it came, beside what it means."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Generic, ParamSpec, TypeVar, cast

from attrs import field, frozen

P = ParamSpec("P")
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


def raw_method(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """A method of a view that answers RawResponses, under the types that it then has."""
    return cast(Callable[P, RawResponse[T]], method)


def async_raw_method(
    method: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]:
    """Like raw_method, for coroutines."""
    return cast(Callable[P, Coroutine[Any, Any, RawResponse[T]]], method)
