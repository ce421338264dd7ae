"""What the fault table needs: a service behind the faults, certificates, and a client around them."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from attrs import frozen

from buzzeasy_soap import TLS, BuzzeasyClient, Endpoints
from buzzeasy_soap.sandbox import Sandbox


@frozen
class Certificates:
    """Server contexts by what is right or wrong with them, and the authority that clients trust."""

    tls: TLS
    contexts: dict[str, ssl.SSLContext]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    trusted, unknown = trustme.CA(), trustme.CA()
    bundle: Path = tmp_path_factory.mktemp("tls") / "authority.pem"
    trusted.cert_pem.write_to_path(str(bundle))
    issued = {
        "trusted": trusted.issue_cert("localhost"),
        "of an unknown authority": unknown.issue_cert("localhost"),
        "of another name": trusted.issue_cert("buzzeasy.example"),
    }
    contexts = {}
    for name, certificate in issued.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[name])
    return Certificates(TLS(ca_bundle=bundle), contexts)


@pytest.fixture(scope="session")
def outside(running_sandbox: Sandbox) -> Iterator[BuzzeasyClient]:
    """A client of the service itself, past all faults."""
    endpoints = Endpoints.sandbox(running_sandbox.port)
    with BuzzeasyClient(endpoints=endpoints, company=1, password="P@ssword", service_queue=1) as client:
        yield client
