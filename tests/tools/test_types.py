"""The code that each addition regenerates into type-checks, and so does the adapter on it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from buzzeasy_soap.description.documents import read_documents
from generate import generate
from tests.contracts.features import documents_of
from tests.contracts.mutations import ADDITION, MUTATIONS
from tests.contracts.shapes import SHAPES, shape

USES = {
    "known_types_at_large": """
def words(order: Order) -> str:
    match order:
        case Express(by=by) | Rush(by=by):
            return f"{order.number} by {by}"
        case _:
            return f"{order.number}"

def all_numbers(reply: PlaceOrderResponse) -> list[int]:
    items = reply.place_order_result
    return [item.number for item in items.item if item] if items else []

def place(proxy: OrdersProxy) -> PlaceOrderResponse:
    return proxy.place_order(PlaceOrder(order=Rush(number=1), item=SignedBook(number=2, by="Ada")))
""",
    "known_types_open": """
import datetime as dt

from buzzeasy_soap.wire.opaque import Xml

def place(proxy: OrdersProxy, trace: Xml) -> int | None:
    book = SignedBook(number=1, by="a", by_2="b", pages=3, on=dt.date(2026, 3, 1), any=(trace,), value=trace)
    reply = proxy.place_order(PlaceOrder(item=book), ticket=DayTicket(id=1, any=trace), trace=trace)
    found: Xml | None = TRACE_HEADER.of(reply)
    ticket = TICKET_HEADER.of(reply)
    return ticket.id if ticket is not None and found == trace else reply.page
""",
    "headers_at_large": """
from buzzeasy_soap.wire.redaction import Secret

def place(proxy: OrdersProxy) -> int | None:
    auth = AuthHeader(username="ada", password=Secret("p"))
    reply = proxy.place_order(PlaceOrder(order=Order(number=1)), session=Session(id=1), auth_header=auth)
    session = SESSION_HEADER.of(reply)
    return session.id if session is not None else reply.place_order_result

async def place_too(proxy: AsyncOrdersProxy) -> PlaceOrderResponse:
    request = PlaceOrder(order=Order(number=1))
    await proxy.place_order(request)  # type: ignore[call-arg]
    return await proxy.place_order(request, session=Renewed(id=1, times=2), request_header="x")
""",
}
"""What a user writes on a generated contract; mypy finds the one mistake."""
pytestmark = pytest.mark.checkout
ROOT = Path(__file__).resolve().parents[2]


def packages(folder: Path) -> list[str]:
    """A copy of the generated package and the adapter for each addition, and the other shapes."""
    [info] = [documents for documents in read_documents() if documents.name == "BuzzMeInfo"]
    adapter = (ROOT / "buzzeasy_soap" / "mapping" / "calls.py").read_text(encoding="utf-8")
    names = []
    for mutation in MUTATIONS:
        if mutation.severity is ADDITION and not mutation.refused:
            names.append(mutation.name)
            _write(folder / mutation.name, generate([info, mutation.after()]))
            (folder / mutation.name / "calls.py").write_text(
                adapter.replace("from buzzeasy_soap.contract import", f"from {mutation.name} import"),
                encoding="utf-8",
            )
    for key in SHAPES:
        names.append(f"shape_{key}")
        _write(folder / f"shape_{key}", generate([shape(key).documents]))
    for key, use in USES.items():
        names.append(f"feature_{key}")
        _write(folder / f"feature_{key}", generate([documents_of(key)]))
        (folder / f"feature_{key}" / "use.py").write_text(
            f"from feature_{key}.orders import *\n{use}", encoding="utf-8"
        )
    return names


def _write(folder: Path, sources: dict[str, str]) -> None:
    folder.mkdir()
    for name, source in sources.items():
        text = source.replace("from buzzeasy_soap.contract import", f"from {folder.name} import")
        (folder / name).write_text(text, encoding="utf-8")


def test_every_addition_and_shape_type_checks(tmp_path: Path) -> None:
    names = packages(tmp_path)
    assert len(names) >= 15
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    options = ["--strict", "--no-incremental", *(option for name in names for option in ("-p", name))]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]
