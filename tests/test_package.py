"""The package as a whole: its public names, what importing it costs, its twins, its wheel."""

import email
import inspect
import os
import pickle
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import buzzeasy_soap
from buzzeasy_soap import (
    AsyncBuzzeasyClient,
    BuzzeasyClient,
    CallbackRejected,
    ProtocolError,
    ResultCode,
    transports,
)
from buzzeasy_soap.clients.aio import AsyncRawBuzzeasyClient
from buzzeasy_soap.clients.blocking import RawBuzzeasyClient

ROOT = Path(__file__).parent.parent
PACKAGE = Path(buzzeasy_soap.__file__).parent


def test_what_is_not_public_is_no_attribute() -> None:
    assert set(buzzeasy_soap.__all__) <= set(dir(buzzeasy_soap))
    assert set(transports.__all__) <= set(dir(transports))
    for module in (buzzeasy_soap, transports):
        with pytest.raises(AttributeError, match="no attribute 'Client'"):
            _ = module.Client


def test_the_version_is_the_package_s() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert buzzeasy_soap.__version__ == declared


def test_help_describes_every_option() -> None:
    options = set(inspect.signature(BuzzeasyClient).parameters)
    described = re.findall(r"^ *- ([\w, ]+): ", BuzzeasyClient.__doc__ or "", re.MULTILINE)
    assert {name for names in described for name in names.split(", ")} == options


@pytest.mark.parametrize(
    "module",
    ["buzzeasy_soap", "buzzeasy_soap.clients.blocking", "buzzeasy_soap.testing", "buzzeasy_soap.transports"],
)
def test_importing_costs_nothing_that_is_not_used(module) -> None:
    heavy = {"zeep", "requests", "aiohttp", "starlette", "typer", "rich", "pycurl", "sqlalchemy", "uvicorn"}
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not heavy & set(loaded.split())


@pytest.mark.parametrize(
    ("asynchronous", "blocking"),
    [(AsyncBuzzeasyClient, BuzzeasyClient), (AsyncRawBuzzeasyClient, RawBuzzeasyClient)],
)
def test_the_async_client_is_the_blocking_one_s_twin(asynchronous, blocking) -> None:
    def described(cls):
        return {
            _blocking(name): (
                _blocking(str(inspect.signature(member))) if callable(member) else None,
                " ".join(_blocking(inspect.getdoc(member) or "").split()),
            )
            for name, member in vars(cls).items()
            if not name.startswith("__") or name in ("__init__", "__aenter__", "__enter__")
        }

    assert described(asynchronous) == described(blocking)


def _blocking(text: str) -> str:
    text = re.sub(r"\bAsync(?=[A-Z])|\basync |\bawait ", "", text)
    return (
        re.sub(r"__a(enter|exit)__", r"__\1__", text)
        .replace("'aiohttp'", "'requests'")
        .replace("clients.aio.", "clients.blocking.")
        .replace("Literal['requests', 'curl']", "Literal['requests']")
    )


def test_errors_survive_pickling() -> None:
    rejected = CallbackRejected("no", result_code=ResultCode.OUT_OF_HOURS, confirmation_code="BZ1")
    for error in (rejected, ProtocolError("bad", status=502, excerpt="<html>")):
        error.operation = "RequestCallWhenAvailable"
        copy = pickle.loads(pickle.dumps(error))
        assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_generated_code_names_what_it_came_from() -> None:
    for path in (PACKAGE / "contract").glob("*.py"):
        assert re.search(r"Generated from wsdl/.*\bDo not edit\.", path.read_text(), re.DOTALL)


def test_only_generated_code_names_tags_and_namespaces_of_the_services() -> None:
    pattern = re.compile(r"tempuri|datacontract|\{http[^}]*\}[A-Z]\w+(Response|Result)")
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "contract":
            assert not pattern.search(path.read_text()), path


@pytest.mark.checkout
def test_the_wheel_carries_the_contract_and_its_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "buzzeasy_soap/py.typed" in names
    for path in (ROOT / "wsdl").iterdir():
        assert f"buzzeasy_soap/wsdl/{path.name}" in names
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]


@pytest.mark.checkout
def test_the_wheel_s_metadata_has_addresses_and_links_that_work_on_an_index(wheel: Path) -> None:
    [name] = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(zipfile.ZipFile(wheel).read(name))
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["metadata"]
    repository = configuration["hooks"]["custom"]["repository"]
    addresses = dict(line.split(", ") for line in metadata.get_all("Project-URL"))
    assert addresses.keys() == {"Repository", "Documentation", "Changes", "Issues"}
    assert all(address.startswith(repository) for address in addresses.values())
    links = re.findall(r"\]\(([^)]+)\)", str(metadata.get_payload()))
    files = [link.removeprefix(f"{repository}/blob/main/") for link in [*links, addresses["Documentation"]]]
    assert len(files) > 10
    assert [path for path in files if not (ROOT / path.partition("#")[0]).is_file()] == []
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert f"Programming Language :: Python :: {version}" in metadata.get_all("Classifier")


@pytest.mark.checkout
def test_the_wheel_works_where_the_source_is_not(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import buzzeasy_soap; from buzzeasy_soap.wire.bindings.zeep import ZeepBinding; ZeepBinding();"
        "print(buzzeasy_soap.__file__)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert ran.stdout.startswith(str(tmp_path))


@pytest.mark.checkout
def test_the_contract_s_bytes_survive_a_checkout_on_windows() -> None:
    attributes = (ROOT / ".gitattributes").read_text().split("\n")
    assert "wsdl/** -text" in attributes
    assert "* text=auto eol=lf" in attributes


def test_run_time_dependencies_are_few() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[>=;]", dependency)[0].strip() for dependency in project["dependencies"]}
    assert names == {"attrs", "lxml", "requests", "tzdata", "urllib3", "zeep"}
