"""A service's own WSDLs in a folder, as the documents of the services that they describe."""

from collections.abc import Iterable
from pathlib import Path

from buzzeasy_soap.description.documents import DocumentSet, undescribed
from buzzeasy_soap.description.download import address_of, document_getter, documents_beside
from buzzeasy_soap.description.fetch import Fetched, fetch
from buzzeasy_soap.description.load import NoSoapPort, SeveralPortTypes
from buzzeasy_soap.description.model import ServiceDescription, local_name
from buzzeasy_soap.description.source import service_names
from buzzeasy_soap.errors import ConfigurationError


def read_given(
    cached: Iterable[DocumentSet], path: Path
) -> dict[str, tuple[DocumentSet, ServiceDescription]]:
    """The documents of a WSDL, or of those in a folder, by the service of ours that each describes.

    A WSDL describes the service of whose operations it has the most, by their names. No document
    from elsewhere is read. Raises ConfigurationError where a WSDL cannot be read or none describes
    a service of ours.
    """
    files = sorted(path.glob("*.wsdl")) if path.is_dir() else [path]
    found: dict[str, tuple[DocumentSet, ServiceDescription]] = {}
    for service in cached:
        fetched = [_read(service, file) for file in files if file.is_file()]
        best = max(fetched, key=lambda each: _overlap(service, each[1]), default=None)
        if best is not None and best[1] is not None and _overlap(service, best[1]):
            found[service.name] = (best[0].documents, best[1])
    if not found:
        names = " or ".join(service.name for service in cached)
        raise ConfigurationError(
            f"wsdl={str(path)!r} holds no WSDL of {names}: `buzzeasy contract fetch` fetches them"
        )
    return found


def _documents(service: DocumentSet, file: Path) -> Fetched:
    """A WSDL with all that it imports. Raises ConfigurationError for an import from elsewhere."""
    address = address_of(str(file))
    fetched = fetch(service, address, document_getter(), beside=documents_beside(address))
    if fetched.notes:
        raise ConfigurationError(f"{file.name}: {'; '.join(fetched.notes)}")
    return fetched


def _read(service: DocumentSet, file: Path) -> tuple[Fetched, ServiceDescription | None]:
    fetched = _documents(service, file)
    try:
        return fetched, fetched.describe()
    except SeveralPortTypes as error:
        if error.known:
            raise ConfigurationError(
                f"{file.name} has two port types with operations of {service.name}, "
                f"{' and '.join(error.port_types)}: take out the one that is not meant"
            ) from None
        return fetched, None  # another service
    except NoSoapPort:
        return fetched, None  # one that another imports, or another service


def _overlap(service: DocumentSet, described: ServiceDescription | None) -> int:
    if described is None:
        return 0
    names = {operation.name.casefold() for operation in described.operations}
    return sum(name.casefold() in names for name in service.facts)


def find_service(path: Path, name: str) -> DocumentSet:
    """The documents of the WSDL, at a path or in a folder, that has a service of a name, whatever it holds.

    Raises ConfigurationError where none has, or several have another one each.
    """
    found: dict[str, DocumentSet] = {}
    others: set[str] = set()
    unread: list[str] = []
    for file in sorted(path.glob("*.wsdl")) if path.is_dir() else [path]:
        try:
            documents = _documents(undescribed(name), file).documents
            services = service_names(documents.content)
        except ConfigurationError as error:
            unread.append(str(error))
            continue
        others |= {local_name(each) for each in services}
        for each in services:
            if local_name(each) == name:
                found.setdefault(each, documents)
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        why = f"has several services {name}, {' and '.join(found)}: give the path of one WSDL"
    else:
        why = "; ".join((f"has no service {name}, but {', '.join(sorted(others)) or 'none'}", *unread))
    raise ConfigurationError(f"wsdl={str(path)!r} {why}")
