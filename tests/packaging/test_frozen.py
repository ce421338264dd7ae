"""A program frozen by PyInstaller: every engine, transport and protocol finds what it needs, by the wheel's own hook."""

from pathlib import Path

import pytest

from buzzeasy_soap.sandbox import Sandbox
from tests.packaging.environments import environment, run

pytestmark = [pytest.mark.slow, pytest.mark.checkout, pytest.mark.timeout(600)]
PROGRAM = """
import asyncio, sys
import buzzeasy_soap
from buzzeasy_soap import AsyncBuzzeasyClient, BuzzeasyClient, Endpoints

assert getattr(sys, "frozen", False), "not frozen"
account = {"endpoints": Endpoints.sandbox(int(sys.argv[1])), "company": 1, "password": "P@ssword", "service_queue": 1}
asked = ("Ada", "+447700900123")
ways = [
    {"engine": engine, "protocol": protocol, "transport": transport}
    for engine, protocol in (("generated", "soap"), ("zeep", "soap"), ("generated", "rest"))
    for transport in ("requests", "curl")
]

for way in ways:
    with BuzzeasyClient(**account, **way) as client:
        confirmation = client.request_call_when_available(*asked)
        print(*way.values(), confirmation.code)

async def main():
    for protocol in ("soap", "rest"):
        async with AsyncBuzzeasyClient(**account, protocol=protocol, transport="aiohttp") as client:
            print(protocol, "aiohttp", (await client.request_call_when_available(*asked)).code)

asyncio.run(main())
print(buzzeasy_soap.__version__)
"""


def test_a_frozen_program_places_callbacks_by_every_way(
    wheel: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    python = environment(tmp_path / "venv", f"{wheel}[async,curl]", "pyinstaller>=6.16")
    (tmp_path / "program.py").write_text(PROGRAM)
    run(python, "-m", "PyInstaller", "--onedir", "--noconfirm", "program.py", cwd=tmp_path)
    printed = run(tmp_path / "dist" / "program" / "program", str(sandbox.port), cwd=tmp_path)
    *placed, version = printed.splitlines()
    assert [line.rpartition(" ")[0] for line in placed] == [
        "generated soap requests",
        "generated soap curl",
        "zeep soap requests",
        "zeep soap curl",
        "generated rest requests",
        "generated rest curl",
        "soap aiohttp",
        "rest aiohttp",
    ]
    assert len({line.rpartition(" ")[2] for line in placed}) == len(placed)
    assert version in wheel.name
