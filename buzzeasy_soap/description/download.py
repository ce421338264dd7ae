"""Getting a contract's documents from the web or from files, for `fetch`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from buzzeasy_soap.description.fetch import Get, NotPublished
from buzzeasy_soap.errors import ConfigurationError

MOST_BYTES: Final = 8 * 2**20


def address_of(source: str) -> str:
    """A URL as it is, a path as a file address."""
    return source if urlsplit(source).scheme in ("http", "https", "file") else Path(source).resolve().as_uri()


def documents_beside(address: str) -> tuple[str, ...]:
    """The addresses of the WSDLs and schemas in a file's folder, in the order of their numbers."""
    if urlsplit(address).scheme != "file":
        return ()
    folder = _path(address).parent
    names = (each.name for each in folder.glob("*") if each.suffix.lower() in (".wsdl", ".xsd"))
    return tuple((folder / name).as_uri() for name in sorted(names, key=lambda name: (len(name), name)))


def _path(address: str) -> Path:
    return Path(url2pathname(urlsplit(address).path))


def document_getter(
    *,
    connect: float = 5,
    read: float = 30,
    most_bytes: int = MOST_BYTES,
    verify: bool | str = True,
    proxy_for: Callable[[str], str | None] = lambda _: None,
) -> Get:
    """A function that gets a document from an http, https or file address.

    `connect` and `read` in seconds; `proxy_for` answers the proxy for an address. No redirect is
    followed, and a document over `most_bytes` is cut off while it is read. It raises
    ConfigurationError, naming the address: NotPublished for an address that says it has none.
    """
    import requests

    def from_web(address: str) -> bytes:
        try:
            with requests.get(
                address,
                timeout=(connect, read),
                stream=True,
                allow_redirects=False,
                verify=verify,
                # None, so that requests looks for no proxy by itself.
                proxies=dict.fromkeys(("http", "https", "all"), proxy_for(address)),  # type: ignore[arg-type]
            ) as response:
                if response.is_redirect:
                    to = response.headers.get("location", "elsewhere")
                    raise NotPublished(f"{address} redirects to {to}, which is not followed")
                if response.status_code != 200:
                    kind = NotPublished if 400 <= response.status_code < 500 else ConfigurationError
                    raise kind(f"{address} answers HTTP {response.status_code}")
                data = bytearray()
                for chunk in response.iter_content(2**16):
                    data += chunk
                    if len(data) > most_bytes:
                        raise ConfigurationError(f"{address} answers more than {most_bytes} bytes")
                return bytes(data)
        except requests.RequestException as error:
            raise ConfigurationError(f"{address} cannot be had: {type(error).__name__}") from None

    def from_file(address: str) -> bytes:
        path = _path(address)
        try:
            if path.stat().st_size > most_bytes:
                raise ConfigurationError(f"{path} holds more than {most_bytes} bytes")
            return path.read_bytes()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigurationError(f"{path} cannot be read: {why}") from None

    return lambda address: (from_file if urlsplit(address).scheme == "file" else from_web)(address)
