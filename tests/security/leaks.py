"""What comes out of a program, and looking for a password in it."""

import inspect
import logging
import secrets
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from attrs import field, frozen

TESTS = str(Path(__file__).parent.parent)
_SPECIAL = "&<>\"'%+/\\é ;#ß"


@frozen
class Password:
    """A password of tokens that no encoding changes, with what each one escapes between them."""

    tokens: tuple[str, ...] = field(factory=lambda: tuple(f"Zq{secrets.token_hex(6)}" for _ in range(3)))
    between: str = _SPECIAL

    def __str__(self) -> str:
        return self.between.join(self.tokens)

    def shows_in(self, text: str) -> bool:
        """Whether any part of it does, in an encoding that has letters as they are, UTF-16 too."""
        plain = text.replace("\x00", "").replace(r"\x00", "")
        return any(token in plain for token in self.tokens)


def assert_hidden(passwords: Iterable[Password], texts: Iterable[str]) -> None:
    for text in texts:
        for password in passwords:
            assert not password.shows_in(text), f"a password shows in: {text[:2000]}"


class Recorder(logging.Handler):
    """Keeps all that every logger says, at every level, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts += [self.format(record), repr(vars(record))]
        if record.exc_info and record.exc_info[1]:
            self.texts += told_by(record.exc_info[1])

    @property
    def loggers(self) -> set[str]:
        return {text.partition("'name': '")[2].partition("'")[0] for text in self.texts} - {""}


@contextmanager
def everything_logged() -> Iterator[Recorder]:
    """Logging at its most talkative, as a user could turn it on."""
    recorder = Recorder()
    # SQLAlchemy's logger has a level of its own.
    talkative = {logging.getLogger(name): logging.getLogger(name).level for name in ("", "sqlalchemy")}
    for logger in talkative:
        logger.setLevel(1)
    logging.getLogger().addHandler(recorder)
    try:
        yield recorder
    finally:
        logging.getLogger().removeHandler(recorder)
        for logger, level in talkative.items():
            logger.setLevel(level)


def told_by(error: BaseException) -> Iterator[str]:
    """All that an error shows: as text, by its attributes, and in a traceback with the locals of all frames.

    Frames of tests are left out, for they know the password.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield from (str(each), repr(each), repr(each.args), repr(vars(each)))
        yield from _locals_of(each.__traceback__)
        waiting += [each.__cause__, None if each.__suppress_context__ else each.__context__]
    yield "".join(traceback.format_exception(error))


def _locals_of(trace: TracebackType | None) -> Iterator[str]:
    for frame, _ in traceback.walk_tb(trace):
        if not frame.f_code.co_filename.startswith(TESTS):
            for name, value in frame.f_locals.items():
                with suppress(AttributeError):  # of what was not made whole
                    yield f"{name} in {frame.f_code.co_qualname}: {value!r}"


def shown_by(*things: object) -> Iterator[str]:
    """What reprs show of things and of what they are made of, two layers down."""
    for thing in things:
        yield from (repr(thing), str(thing), f"{thing}")
        for _, part in inspect.getmembers(thing, lambda part: not callable(part)):
            yield repr(part)
            yield from (repr(value) for value in getattr(part, "__dict__", {}).values())
