"""`buzzeasy contract`."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from buzzeasy_soap.cli.errors import REFUSED
from buzzeasy_soap.cli.output import print_json, say
from buzzeasy_soap.cli.run import Debug, Json, plain_errors
from buzzeasy_soap.cli.tables import draw, table

if TYPE_CHECKING:
    from buzzeasy_soap.wire.operation import Operation
    from buzzeasy_soap.wire.shapes import Member

contract = typer.Typer(help="Show the contract that this client is generated from.")


@contract.command("show")
def show(json: Json = False) -> None:
    """Show services, operations, parameters, types, and the hashes of the documents.

    Example: buzzeasy contract show --json
    """
    services = list(_services())
    if json:
        print_json(services)
        return
    for service in services:
        draw(f"{service['service']} ({service['port_type']})", style="bold")
        operations = [
            (
                operation["operation"],
                _signature([*operation["parameters"], *operation["headers"]]),
                operation["result"] and operation["result"]["type"],
            )
            for operation in service["operations"]
        ]
        draw(table(("Operation", "Parameters", "Result"), operations))
        draw(table(("Type", "Members"), ((n, _signature(m)) for n, m in service["types"].items())))
        draw(table(("Document", "SHA-256"), service["documents"].items()))
        say()


@contract.command("fetch")
def fetch(
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Folder to write to; made if it is not there.")
    ],
    callback_url: Annotated[
        str | None, typer.Option(help="RequestCallbackService; default: BUZZEASY_CALLBACK_URL.")
    ] = None,
    info_url: Annotated[str | None, typer.Option(help="BuzzMeInfo; default: BUZZEASY_INFO_URL.")] = None,
    debug: Debug = False,
) -> None:
    """Fetch the service's own WSDLs, and say whether this package works over them.

    Writes each WSDL with all that it imports, its origin and hashes. Use them with --wsdl DIR,
    BUZZEASY_WSDL=DIR or BuzzeasyClient(wsdl=DIR). Exit status 0 where every operation works, else 1.

    Example: buzzeasy contract fetch --callback-url https://host/Service.svc --to service-wsdl
    """
    from buzzeasy_soap.cli.fetching import fetched_to

    with plain_errors(debug=debug, calls=False):
        given = {"callback_url": callback_url, "info_url": info_url}
        addresses = {
            name: address or os.environ.get(f"BUZZEASY_{name.upper()}", "") for name, address in given.items()
        }
        fits = fetched_to(to, addresses, os.environ.get("BUZZEASY_CA_BUNDLE") or None)
    if not fits:
        raise typer.Exit(REFUSED)


def _services() -> Iterator[dict[str, Any]]:
    from buzzeasy_soap.contract import SERVICES

    for service in SERVICES.values():
        types: dict[str, list[dict[str, object]]] = {}
        yield {
            "service": service.name,
            "port_type": service.port_type,
            "operations": [
                {
                    "operation": operation.name,
                    "soap_action": operation.soap_action,
                    "parameters": _members(operation.request.shape.fields, types),
                    "headers": _members([header.member for header in operation.request_headers], types),
                    "result": _result(operation, types),
                }
                for operation in service.operations.values()
            ],
            "types": types,
            "documents": dict(service.documents),
        }


def _result(
    operation: "Operation[Any, Any]", types: dict[str, list[dict[str, object]]]
) -> dict[str, object] | None:
    """The member of the response that holds the result; None for an operation without one."""
    members = _members(operation.response.shape.members, types)
    fields = [member.field for member in operation.response.shape.members]
    return None if operation.result is None else members[fields.index(operation.result)]


def _members(
    described: "Iterable[Member]", types: dict[str, list[dict[str, object]]]
) -> list[dict[str, object]]:
    """A record's members; records nested in them, and those that extend these, are added to `types`."""
    members: list[dict[str, object]] = []
    for member in described:
        if member.shape is not None:
            kinds = {kind.type.rpartition("}")[2]: kind for kind in member.shape.kinds.values()}
            for name, shape in ({member.type: member.shape} | kinds).items():
                if name not in types:
                    types[name] = []
                    types[name] = _members(shape.fields, types)
        members.append(
            {
                "name": member.name,
                "type": member.type + ("[]" if member.repeated else ""),
                "optional": member.optional,
                "nillable": member.nillable,
            }
        )
    return members


def _signature(members: list[dict[str, object]]) -> str:
    """Members in the style of a signature: `?` marks nillable ones, `=` optional ones."""
    return ", ".join(
        f"{member['name']}: {member['type']}{'?' if member['nillable'] else ''}"
        f"{' =' if member['optional'] else ''}"
        for member in members
    )
