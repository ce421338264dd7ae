"""`buzzeasy contract`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from buzzeasy_soap.cli.output import draw, print_json, say, table
from buzzeasy_soap.cli.run import Json

if TYPE_CHECKING:
    from buzzeasy_soap.wire.shapes import Shape

contract = typer.Typer(help="Show the contract that this client is generated from.", no_args_is_help=True)


@contract.callback()
def _group() -> None:
    """Show the contract that this client is generated from."""


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
            (operation["operation"], _signature(operation["parameters"]), operation["result"]["type"])
            for operation in service["operations"]
        ]
        draw(table(("Operation", "Parameters", "Result"), operations))
        draw(table(("Type", "Members"), ((n, _signature(m)) for n, m in service["types"].items())))
        draw(table(("Document", "SHA-256"), service["documents"].items()))
        say()


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
                    "parameters": _members(operation.request.shape, types),
                    "result": _members(operation.response.shape, types)[0],
                }
                for operation in service.operations.values()
            ],
            "types": types,
            "documents": dict(service.documents),
        }


def _members(shape: "Shape[Any]", types: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    """A record's members; records nested in them are added to `types`."""
    members: list[dict[str, object]] = []
    for member in shape.members:
        if member.shape is not None and member.type not in types:
            types[member.type] = []
            types[member.type] = _members(member.shape, types)
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
