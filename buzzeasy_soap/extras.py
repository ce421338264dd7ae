"""The error message for a missing optional dependency."""

from collections.abc import Iterator
from contextlib import contextmanager

from buzzeasy_soap.errors import ConfigurationError


@contextmanager
def extra(name: str, *libraries: str) -> Iterator[None]:
    """Wrap the imports of an extra: if a library is missing, raise a ConfigurationError that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in libraries:
            raise
        raise ConfigurationError(f'{missing} is not installed: pip install "buzzeasy-soap[{name}]"') from None
