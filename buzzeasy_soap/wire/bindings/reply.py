"""What every binding looks at in a reply before it reads the body."""

from functools import lru_cache
from typing import Final, NoReturn
from urllib.parse import urlsplit

from attrs import frozen

from buzzeasy_soap.errors import ProtocolError
from buzzeasy_soap.wire.envelope import CONTENT_TYPE
from buzzeasy_soap.wire.messages import HttpResponse
from buzzeasy_soap.wire.redaction import Secret, excerpt, redact

LONGEST_TEXT: Final = 16_384
"""Characters of a fault's texts that are kept: to search megabytes for a secret takes seconds."""


@frozen
class Reply:
    """A response with the request that it answers, so that errors about it hold no secret."""

    response: HttpResponse
    request: object
    secrets: tuple[Secret, ...] = ()
    """What else was sent that no error may show."""
    secret_names: tuple[str, ...] = ()
    """The names of elements and attributes whose values no error may show, besides `password`."""

    def fail(self, problem: str) -> NoReturn:
        """Raise ProtocolError with the status and an excerpt."""
        raise ProtocolError(
            self.clean(problem),
            status=self.response.status,
            excerpt=excerpt(self.response.body, self.request, *self._others(), names=self.secret_names),
        ) from None  # what was being handled quotes the reply as it came

    def clean(self, text: str) -> str:
        """`text` without the request's secrets, and no more of it than an error needs."""
        kept = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
        return redact(kept, self.request, *self._others(), names=self.secret_names)

    def _others(self) -> tuple[Secret, ...]:
        return (*self.secrets, *self.response.secrets)

    def fail_redirect(self) -> None:
        """Raise ProtocolError for a redirect, naming no more than the host it leads to."""
        if 300 <= self.response.status < 400:
            try:
                host = urlsplit(self.response.headers.get("location", "")).hostname
            except ValueError:
                host = None
            self.fail(f"the service redirects to {host or 'elsewhere'}, which is not followed")

    def content_type(self) -> tuple[str, str | None]:
        """The media type in lower case, and the charset."""
        return _content_type(self.response.headers.get("content-type", ""))


@lru_cache(maxsize=16)
def _content_type(text: str) -> tuple[str, str | None]:
    if not text:
        return "", None
    if text == CONTENT_TYPE:  # what nearly every reply says: without `email`, which takes its time to import
        return "text/xml", "utf-8"
    from email.message import Message

    header = Message()
    header["content-type"] = text
    return header.get_content_type(), header.get_content_charset()
