"""What to say where a library of an extra is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from buzzeasy_soap.errors import ConfigurationError


@contextmanager
def extra(name: str, *libraries: str) -> Iterator[None]:
    """Around the imports of an extra: a missing library becomes a ConfigurationError that says what to do."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in libraries:
            raise
        raise ConfigurationError(f'this needs {missing}: pip install "buzzeasy-soap[{name}]"') from None
