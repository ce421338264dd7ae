"""The TLS context that the transports share."""

import ssl

from buzzeasy_soap.config import TLS
from buzzeasy_soap.errors import ConfigurationError


def ssl_context(tls: TLS) -> ssl.SSLContext:
    """A context that verifies the service's certificate and name; no setting turns that off."""
    try:
        context = ssl.create_default_context(cafile=None if tls.ca_bundle is None else str(tls.ca_bundle))
        if tls.client_certificate is not None:
            context.load_cert_chain(tls.client_certificate, tls.client_key)
    except (ssl.SSLError, OSError) as error:
        reason = getattr(error, "reason", None) or error.strerror or "unreadable"
        raise ConfigurationError(f"the certificates of tls= cannot be used: {reason}") from None
    return context
