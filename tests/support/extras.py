"""What each extra is for, as a program that works with that extra alone: `PORT` is a running sandbox's."""

from typing import Final

_CLIENT: Final = """
import sys
from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints
PORT = int(sys.argv[1])
ACCOUNT = {"endpoints": Endpoints.sandbox(PORT), "company": 1, "password": "P@ssword", "service_queue": 1}
ASKED = ("Ada", "+447700900123")
"""

NO_EXTRA: Final = f"""{_CLIENT}
for options in ({{}}, {{"engine": "zeep"}}, {{"protocol": "rest"}}):
    with BuzzeasyClient(**ACCOUNT, **options) as client:
        assert client.request_call_when_available(*ASKED).code.startswith("BZ")
"""

BY_EXTRA: Final = {
    "async": f"""{_CLIENT}
import asyncio
async def main():
    async with AsyncBuzzeasyClient(**ACCOUNT) as client:
        assert (await client.request_call_when_available(*ASKED)).code.startswith("BZ")
asyncio.run(main())
""",
    "cli": """
from buzzeasy_soap.cli import main
main(["contract", "show"])
""",
    "curl": f"""{_CLIENT}
with BuzzeasyClient(**ACCOUNT, transport="curl") as client:
    assert client.request_call_when_available(*ASKED).code.startswith("BZ")
""",
    "dbos": """
from buzzeasy_soap.ledger import dbos
""",
    "events": f"""{_CLIENT}
import buzzeasy_soap.events
with BuzzeasyClient(**ACCOUNT) as client:
    confirmation = client.request_call_when_available(*ASKED)
    assert next(iter(client.watch(confirmation))).confirmation_code == confirmation.code
""",
    "excel": """
from pathlib import Path
from buzzeasy_soap import ConfigurationError
from buzzeasy_soap.ledger.files import read_table
Path("list.xlsx").write_bytes(b"PK\\x03\\x04")
try:
    read_table("list.xlsx")
except ConfigurationError as error:
    if "not a workbook" not in str(error):  # it is calamine that says so
        raise
""",
    "ledger": f"""{_CLIENT}
from buzzeasy_soap.ledger import Ledger
with Ledger("ledger.sqlite") as ledger, BuzzeasyClient(**ACCOUNT, reference_field=10) as client:
    assert ledger.place(client, *ASKED, key="1") == ledger.place(client, *ASKED, key="1")
""",
    # No server of PostgreSQL's is here: that the port is closed was found by its driver.
    "postgres": """
from buzzeasy_soap import LedgerError
from buzzeasy_soap.ledger import Ledger
try:
    Ledger("postgresql://127.0.0.1:1/ledger")
except LedgerError:
    pass
else:
    raise AssertionError("nothing listens there")
""",
    "sandbox": """
from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.sandbox import Sandbox
with Sandbox() as sandbox, BuzzeasyClient(
    endpoints=Endpoints.sandbox(sandbox.port), company=1, password="P@ssword", service_queue=1
) as client:
    assert client.request_call_when_available("Ada", "+447700900123").code == "BZ1001"
""",
}
