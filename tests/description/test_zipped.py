"""The package in a zip file, as zipapp, pex and PyInstaller hold it: its documents are found there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys, urllib.request
import buzzeasy_soap
assert buzzeasy_soap.__file__.startswith(sys.argv[1] + "/"), buzzeasy_soap.__file__
from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.description.documents import read_documents
from buzzeasy_soap.sandbox import Sandbox

for documents in read_documents():
    assert not documents.mismatches()
    if documents.endpoint:
        print(documents.name)
with Sandbox() as sandbox:
    for engine in ("generated", "zeep"):
        with BuzzeasyClient(
            endpoints=Endpoints.sandbox(sandbox.port), company=1, password="P@ssword", service_queue=1, engine=engine,
        ) as client:
            print(client.request_call_when_available("Ada", "+447700900123").code)
    for path, text in (("/", "<html"), ("/console/app.js", "import"), ("/BuzzMeInfo/InfoService.svc?singleWsdl", "wsdl:")):
        assert text in urllib.request.urlopen(sandbox.url + path).read().decode()
"""


def run_from(zipped: Path, folder: Path) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(zipped)],
        cwd=folder, env={"PYTHONPATH": str(zipped), "PATH": ""}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


FOUND = "BuzzMeInfo\nRequestCallbackService\nBZ1001\nBZ1002\n"


@pytest.mark.timeout(300)
def test_a_wheel_that_is_not_unpacked(wheel: Path, tmp_path: Path) -> None:
    assert run_from(wheel, tmp_path) == FOUND


def test_a_checkout_s_folders_side_by_side(tmp_path: Path) -> None:
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in ("buzzeasy_soap", "wsdl"):
        shutil.copytree(ROOT / name, tmp_path / "app" / name, ignore=leave_out)
    zipped = Path(shutil.make_archive(str(tmp_path / "app"), "zip", tmp_path / "app"))
    shutil.rmtree(tmp_path / "app")
    assert run_from(zipped, tmp_path) == FOUND
