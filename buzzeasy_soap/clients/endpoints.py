"""The addresses of the services."""

from urllib.parse import urlsplit

from attrs import field, frozen

from buzzeasy_soap.config import check_events_url, check_secure, http_url
from buzzeasy_soap.errors import ConfigurationError


def _events_url(value: str | None) -> str | None:
    return None if value is None else check_events_url(value)


def _callback_url(value: str) -> str:
    return _service_url("callback_url", value)


def _info_url(value: str) -> str:
    return _service_url("info_url", value)


def _service_url(name: str, value: object) -> str:
    url = http_url(name, value)
    if not urlsplit(url).path.endswith(".svc"):
        raise ConfigurationError(f"{name} must end in .svc")
    return url


@frozen
class Endpoints:
    """The addresses of the services. The address in the WSDL is never used."""

    callback_url: str = field(converter=_callback_url)
    """Address of RequestCallbackService; ends in `.svc`."""
    info_url: str = field(converter=_info_url)
    """Address of BuzzMeInfo; ends in `.svc`."""
    events_url: str | None = field(default=None, converter=_events_url)
    """Address of the event service, without `/signalr`; None if there is none."""

    @classmethod
    def test(cls) -> "Endpoints":
        """The two test addresses given in the document, which has none for events.

        Source: Buzzeasy Callback API, "REST URL".
        """
        return cls._at(
            callback_url="https://testservice.buzzeasy.com", info_url="https://testinfo.buzzeasy.com"
        )

    @classmethod
    def sandbox(cls, port: int = 8064) -> "Endpoints":
        """The addresses of `buzzeasy sandbox` on this machine."""
        base = f"http://127.0.0.1:{port}"
        return cls._at(callback_url=base, info_url=base, events_url=base)

    @classmethod
    def _at(cls, events_url: str | None = None, **hosts: str) -> "Endpoints":
        """The services' standard paths on these hosts."""
        from buzzeasy_soap.contract import SERVICES  # here because it is slow to import

        paths = {service.endpoint: service.path for service in SERVICES.values()}
        return cls(**{name: f"{host}{paths[name]}" for name, host in hosts.items()}, events_url=events_url)

    def require_secure(self) -> None:
        """Raise ConfigurationError if an `http://` address is not on this machine."""
        for name in ("callback_url", "info_url", "events_url"):
            url = getattr(self, name)
            if url is not None:
                check_secure(name, url)
