"""`tools/regenerate.py` as a developer runs it, on a copy of the tree, against a service that serves."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.contracts.drafts import REAL, Draft
from tests.contracts.features import HERE as FEATURES
from tests.contracts.mutations import MUTATIONS
from tests.contracts.shapes import HERE

pytestmark = pytest.mark.checkout
ROOT = Path(__file__).resolve().parents[2]
IGNORED = shutil.ignore_patterns("__pycache__", "*.sqlite")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the tool reads and writes."""
    for folder in ("buzzeasy_soap", "tools", "wsdl"):
        shutil.copytree(ROOT / folder, tmp_path / "tree" / folder, ignore=IGNORED)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "tree")
    return tmp_path / "tree"


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/regenerate.py", *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def content(tree: Path) -> dict[str, bytes]:
    """Every file that the tool may write."""
    return {
        str(path.relative_to(tree)): path.read_bytes()
        for folder in ("wsdl", "buzzeasy_soap/contract")
        for path in sorted((tree / folder).rglob("*"))
        if path.is_file()
    }


# --check.


def test_check_passes_where_all_belongs_together(tree: Path) -> None:
    checked = run(tree, "--check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("file", "edit", "told"),
    [
        ("wsdl/BuzzMeInfo.wsdl", b"<!-- x -->", "wsdl/BuzzMeInfo.wsdl is not what contract.toml's SHA-256"),
        ("wsdl/BuzzMeInfo.xsd2.xsd", b"\n", "wsdl/BuzzMeInfo.xsd2.xsd is not what contract.toml's SHA-256"),
        ("buzzeasy_soap/contract/buzz_me_info.py", b"\n# x\n", "contract/buzz_me_info.py does not belong"),
        ("buzzeasy_soap/contract/__init__.py", b"\n", "contract/__init__.py does not belong"),
        ("buzzeasy_soap/contract/stray.py", b"", "contract/stray.py does not belong"),
        ("buzzeasy_soap/contract/notes.txt", b"x", "contract/notes.txt does not belong"),
        ("wsdl/Stray.xsd", b"<x/>", "wsdl/Stray.xsd is not listed"),
    ],
)
def test_check_fails_on_each_kind_of_mismatch(tree: Path, file: str, edit: bytes, told: str) -> None:
    with (tree / file).open("ab") as handle:
        handle.write(edit)
    checked = run(tree, "--check")
    assert checked.returncode == 1
    assert told in checked.stderr
    assert len(checked.stderr.splitlines()) == 1


def test_check_fails_on_a_wrong_hash_and_on_a_missing_file(tree: Path) -> None:
    listing = tree / "wsdl" / "contract.toml"
    digest = REAL.sha256["RequestCallbackService.xsd0.xsd"]
    listing.write_text(listing.read_text().replace(digest, "0" * 64))
    assert "RequestCallbackService.xsd0.xsd is not what" in run(tree, "--check").stderr
    assert run(tree).returncode == 1
    listing.write_text(listing.read_text().replace("0" * 64, digest))
    (tree / "buzzeasy_soap" / "contract" / "buzz_me_info.py").unlink()
    assert "buzz_me_info.py does not belong" in run(tree, "--check").stderr
    (tree / "wsdl" / "BuzzMeInfo.xsd0.xsd").unlink()
    checked = run(tree, "--check")
    assert checked.returncode == 1
    assert "BuzzMeInfo.xsd0.xsd, which is not there" in checked.stderr


def test_regenerating_what_is_there_writes_the_same_bytes_and_no_stray_file(tree: Path) -> None:
    before = content(tree)
    (tree / "buzzeasy_soap" / "contract" / "stray.py").write_text("")
    assert run(tree).returncode == 0
    assert content(tree) == before
    assert sorted(path.name for path in tree.iterdir()) == [
        "buzzeasy_soap",
        "pyproject.toml",
        "tools",
        "wsdl",
    ]


# --from.


class Published:
    """A service on loopback that answers ?wsdl and ?xsd=… with what it is told to."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        published = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                published.asked.append(self.path)
                missing = (404, "text/html", b"<html>none</html>")
                status, kind, body = published.pages.get(self.path, missing)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if 300 <= status < 400:
                    self.send_header("Location", body.decode())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}/Service.svc"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def publish(self, documents: Mapping[str, bytes]) -> str:
        """Serve them as WCF does; answers the address of the WSDL."""
        self.pages.clear()
        self.asked.clear()
        for name, body in documents.items():
            query = "wsdl" if name.endswith(".wsdl") else f"xsd={name.split('.')[1]}"
            for other in documents:
                if other.endswith(".xsd"):
                    there = f"{self.base}?xsd={other.split('.')[1]}"
                    body = body.replace(f'"{other}"'.encode(), f'"{there}"'.encode())
            self.pages[f"/Service.svc?{query}"] = (200, "text/xml; charset=utf-8", body)
        return f"{self.base}?wsdl"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def published() -> Iterator[Published]:
    service = Published()
    yield service
    service.close()


def after(name: str) -> Mapping[str, bytes]:
    return next(mutation for mutation in MUTATIONS if mutation.name == name).after().content


def test_an_unchanged_contract_exits_0_and_records_where_it_came_from(
    tree: Path, published: Published
) -> None:
    address = published.publish(REAL.content)
    ran = run(tree, "--from", address)
    assert ran.returncode == 0, ran.stderr
    assert "no change of meaning" in ran.stdout
    entries = tomllib.loads((tree / "wsdl" / "contract.toml").read_text())["document"]
    assert [entry["name"] for entry in entries] == ["BuzzMeInfo", "RequestCallbackService"]
    assert entries[1]["origin"] == address
    assert entries[1]["secrets"] == ["password"]
    assert list(entries[1]["sha256"]) == list(REAL.sha256)
    assert entries[0]["origin"] == "rebuilt from Buzzeasy Callback API"
    assert run(tree, "--check").returncode == 0
    assert published.base.encode() not in b"".join(
        body for name, body in content(tree).items() if name.endswith((".xsd", ".wsdl"))
    )
    again = content(tree)
    assert run(tree, "--from", address).returncode == 0
    assert content(tree) == again


def test_additions_exit_1_and_draft_the_changelog(tree: Path, published: Published) -> None:
    ran = run(tree, "--from", published.publish(after("new_operation")), "--dry-run")
    assert ran.returncode == 1
    assert "addition  ProbeCancel  a new operation (confirmationCode: string" in ran.stdout
    assert "Nothing was written." in ran.stdout


def test_json_says_the_same_to_a_machine(tree: Path, published: Published) -> None:
    before = content(tree)
    address = published.publish(after("parameter_renamed"))
    ran = run(tree, "--from", address, "--json", "--dry-run")
    assert ran.returncode == 2
    told = json.loads(ran.stdout)
    assert (told["service"], told["origin"], told["severity"], told["written"]) == (
        "RequestCallbackService",
        address,
        "breaking",
        False,
    )
    assert told["changes"][0] == {
        "severity": "breaking",
        "place": "RequestCallbackService.RequestCallSchedule.timeslot",
        "text": "it is gone",
    }
    assert content(tree) == before


@pytest.mark.slow  # mypy twice over the whole package, from nothing: `make contract`
def test_a_breaking_change_leads_the_developer(tree: Path, published: Published) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *command], cwd=tree, check=True, capture_output=True)
    models = tree / "buzzeasy_soap" / "models.py"
    assert "    id: int\n" in models.read_text()
    models.write_text(models.read_text().replace("    id: int\n", "    slot_id: int\n", 1))
    draft = Draft.of_the_real()
    draft.message("RequestCallSchedule", 'name="timeslot"', 'name="slot"')
    draft.type("TimeSlot", "TimeSlotID", "Id")
    ran = run(tree, "--from", published.publish(draft.documents().content))
    assert ran.returncode == 2, ran.stderr
    assert "breaking  RequestCallSchedule.timeslot  it is gone" in ran.stdout
    assert "request_call_schedule sends timeslot, which RequestCallSchedule does not take" in ran.stdout
    assert "time_slots uses TimeSlotID of TimeSlot, which is gone" in ran.stdout
    assert "models.py: TimeSlot.id: Public object was removed" in ran.stdout
    assert "time_slot_id: Public object was removed" not in ran.stdout  # the generated package is private
    assert "- **Breaking:** `TimeSlot.TimeSlotID`: it is gone." in ran.stdout
    assert "- `RequestCallSchedule.slot`: new, int." in ran.stdout
    assert run(tree, "--check").returncode == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("refused", "xs:choice is not handled by the generated code"),
        ("missing", "?xsd=xsd2 answers HTTP 404"),
        ("html", "which answers an HTML page: left out"),
        ("redirect", "redirects to https://elsewhere.example/, which is not followed"),
        ("truncated", "is not XML that can be read"),
        ("huge", "answers more than 8388608 bytes"),
        ("no page", "does not answer a WSDL; try"),
    ],
)
def test_where_anything_fails_nothing_is_written(
    tree: Path, published: Published, spoil: str, told: str
) -> None:
    before = content(tree)
    address = published.publish(after("choice") if spoil == "refused" else REAL.content)
    key = "/Service.svc?xsd=xsd2"
    match spoil:
        case "missing":
            del published.pages[key]
        case "html":
            published.pages[key] = (200, "text/html", b"<!DOCTYPE html><html/>")
        case "redirect":
            published.pages[key] = (302, "text/html", b"https://elsewhere.example/")
        case "truncated":
            published.pages[key] = (200, "text/xml", published.pages[key][2][:300])
        case "huge":
            published.pages[key] = (200, "text/xml", b" " * (8 * 2**20 + 1))
        case "no page":
            published.pages["/Service.svc"] = (200, "text/html", b"<html>Service</html>")
            address = published.base
    ran = run(tree, "--from", address)
    assert ran.returncode == 3, ran.stdout
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
    assert content(tree) == before
    assert not list(tree.glob(".regenerate-*"))


def test_another_host_is_named_and_not_asked(tree: Path, published: Published) -> None:
    address = published.publish(REAL.content)
    elsewhere = published.base.replace("127.0.0.1", "localhost")
    for path, (status, kind, body) in published.pages.items():
        moved = body.replace(f"{published.base}?xsd=xsd2".encode(), f"{elsewhere}?xsd=xsd2".encode())
        published.pages[path] = (status, kind, moved)
    ran = run(tree, "--from", address)
    assert ran.returncode == 3
    assert "is on another host (--allow-host localhost:" in ran.stderr
    assert "/Service.svc?xsd=xsd2" not in published.asked
    ran = run(tree, "--from", address, "--allow-host", "localhost", "--dry-run")
    assert ran.returncode == 0, ran.stderr


def test_a_service_that_is_not_known_needs_a_name(tree: Path) -> None:
    source = str(HERE / "typed" / "Reservations.wsdl")
    ran = run(tree, "--from", source)
    assert ran.returncode == 3
    assert "say with --service which it is, BuzzMeInfo or RequestCallbackService" in ran.stderr
    ran = run(tree, "--from", source, "--service", "Reservations")
    assert ran.returncode == 1, ran.stderr
    assert "addition  Reservations  a new service" in ran.stdout
    assert (tree / "buzzeasy_soap" / "contract" / "reservations.py").is_file()
    entries = tomllib.loads((tree / "wsdl" / "contract.toml").read_text())["document"]
    assert entries[2]["origin"] == "Reservations.wsdl"
    assert "undecided: Reserve" in ran.stdout


def test_a_new_service_breaks_no_command(tree: Path) -> None:
    """It has no path and no setting for its address yet, and one of its operations answers nothing."""
    ran = run(tree, "--from", str(FEATURES / "void.wsdl"), "--service", "Orders")
    assert ran.returncode == 1, ran.stderr
    program = """
import os
from buzzeasy_soap.cli.app import app
from buzzeasy_soap.sandbox import Sandbox
with Sandbox() as sandbox:
    paths = {"CALLBACK": "RequestCallbackService/Service.svc", "INFO": "BuzzMeInfo/InfoService.svc"}
    os.environ |= {f"BUZZEASY_{name}_URL": f"{sandbox.url}/{path}" for name, path in paths.items()}
    os.environ |= {"BUZZEASY_COMPANY": "1", "BUZZEASY_PASSWORD": "P@ssword", "BUZZEASY_SERVICE_QUEUE": "1"}
    for arguments in (["contract", "show"], ["contract", "show", "--json"], ["check"]):
        try:
            app(arguments)
        except SystemExit as ended:
            print("exit", ended.code)
"""
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stderr == ""
    assert shown.stdout.count("exit 0") == 3
    assert "PlaceOrder │ order: Order" in shown.stdout
    assert '"result": null' in shown.stdout


BODIES = {
    "one_way": "<order><Number>1</Number></order>",
    "any_type": "<order><Number>1</Number><Note>any</Note></order>",
    "attributes": '<order Number="n"><Number>1</Number></order>',
    "dataset": "<order><Number>1</Number></order>",
    "request_of_a_simple_type": "A",
    "request_of_any_type": "any",
    "wildcards": '<order><Number>1</Number><s xmlns="http://www.w3.org/2001/XMLSchema"/><x xmlns=""/></order>',
}


def test_the_sandbox_starts_with_operations_of_any_kind_and_answers_them_with_a_fault(tree: Path) -> None:
    names = {f"Orders{n}": feature for n, feature in enumerate(BODIES)}
    for name, feature in names.items():
        assert run(tree, "--from", str(FEATURES / f"{feature}.wsdl"), "--service", name).returncode == 1
    listing = tree / "wsdl" / "contract.toml"
    text = listing.read_text()
    for name in names:  # as a developer decides it
        text = re.sub(rf'(name = "{name}"\n(?:.+\n)*?path = )""', rf'\1"/{name}/Service.svc"', text)
    listing.write_text(text)
    assert run(tree).returncode == 0
    program = f"""
import requests
from buzzeasy_soap.sandbox import Sandbox
from buzzeasy_soap.cli.app import app
envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'
headers = {{"Content-Type": "text/xml", "SOAPAction": "urn:orders/PlaceOrder"}}
with Sandbox() as sandbox:
    for name, body in { ({name: BODIES[feature] for name, feature in names.items()})!r}.items():
        element = f'<PlaceOrder xmlns="urn:orders">{{body}}</PlaceOrder>'
        url = f"{{sandbox.url}}/{{name}}/Service.svc"
        answer = requests.post(url, envelope % element, headers=headers)
        print(name, answer.status_code, "InternalServiceFault" in answer.text)
        assert requests.get(f"{{url}}?wsdl").status_code == 200
try:
    app(["contract", "show"])
except SystemExit as ended:
    print("exit", ended.code)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in ran.stdout.splitlines() if line.startswith("Orders") and "True" in line] == [
        f"{name} 500 True" for name in names
    ], ran.stdout + ran.stderr
    assert "exit 0" in ran.stdout


def test_one_of_several_port_types_is_chosen_once(tree: Path) -> None:
    source = str(FEATURES / "two_port_types.wsdl")
    ran = run(tree, "--from", source, "--service", "Stock")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "more than one port type, {urn:orders}IOrders and {urn:orders}IStock: --port-type" in ran.stderr
    assert run(tree, "--from", source, "--service", "Stock", "--port-type", "IStock").returncode == 1
    assert "COUNT: Final" in (tree / "buzzeasy_soap" / "contract" / "stock.py").read_text()
    assert run(tree, "--from", source, "--service", "Stock").returncode == 0
    assert run(tree).returncode == 0


def test_what_nobody_has_decided_is_named_until_somebody_does(tree: Path) -> None:
    run(tree, "--from", str(HERE / "typed" / "Reservations.wsdl"), "--service", "Reservations")
    generated = (tree / "buzzeasy_soap" / "contract" / "reservations.py").read_text()
    assert "repeatable" not in generated and "rest_method" not in generated  # the safe values
    checked = run(tree, "--check")
    assert checked.returncode == 1
    assert "nobody has decided yet about Find of Reservations" in checked.stderr
    listing = tree / "wsdl" / "contract.toml"
    decided = "[document.operations.Find]\nrepeatable = true\n\n[document.operations.Measure]\n\n[document.operations.Reserve]\n"
    listing.write_text(f"{listing.read_text()}\n{decided}")
    assert run(tree).returncode == 0
    assert run(tree, "--check").returncode == 0
    generated = (tree / "buzzeasy_soap" / "contract" / "reservations.py").read_text()
    assert generated.count("repeatable=True") == 1


def test_a_fact_that_there_is_not_is_refused_by_name(tree: Path) -> None:
    listing = tree / "wsdl" / "contract.toml"
    listing.write_text(listing.read_text().replace("repeatable = true", "repeatabel = true", 1))
    checked = run(tree, "--check")
    assert checked.returncode == 1
    assert (
        "repeatabel, which is not one of repeatable, places_callback, rest_method, json_names"
        in checked.stderr
    )


@pytest.mark.parametrize(
    ("feature", "arguments", "told"),
    [
        ("choice", (), "xs:choice"),
        ("header_encoded", ("--dry-run",), "a SOAP header with use encoded"),
        ("truncated", (), "is not XML that can be read"),
        ("wrapped", ("--service", "my-service"), "my-service is no name for a service"),
        ("wrapped", ("--service", "../Orders"), "is no name for a service"),
        ("wrapped", ("--service", "requestCallbackService"), "would share the file"),
        ("wrapped", ("--service", "Buzz_MeInfo"), "would share the file buzz_me_info.py"),
    ],
)
def test_what_fails_exits_3_with_one_plain_line(
    tree: Path, feature: str, arguments: tuple[str, ...], told: str
) -> None:
    before = content(tree)
    ran = run(tree, "--from", str(FEATURES / f"{feature}.wsdl"), "--service", "Orders", "--json", *arguments)
    assert ran.returncode == 3, ran.stderr
    assert told in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert content(tree) == before


def test_a_fault_of_the_tool_s_own_is_no_addition(tree: Path) -> None:
    """A traceback's own status, 1, would say so."""
    with (tree / "tools" / "generate.py").open("a") as handle:
        handle.write("\nraise KeyError('x')\n")
    ran = run(tree, "--from", str(FEATURES / "wrapped.wsdl"), "--service", "Orders")
    assert ran.returncode == 3
    assert ran.stderr.startswith("KeyError: 'x' (generate.py:")


def test_what_cannot_be_imported_is_not_written(tree: Path) -> None:
    before = content(tree)
    module = tree / "tools" / "module.py"
    module.write_text(module.read_text().replace("SERVICE: Final = Service(", "SERVICE: Final = Servise("))
    ran = run(tree, "--from", str(FEATURES / "wrapped.wsdl"), "--service", "Orders")
    assert ran.returncode == 3
    assert "what is generated cannot be imported: NameError: name 'Servise' is not defined" in ran.stderr
    assert content(tree) == before


def test_wrong_arguments_exit_3(tree: Path) -> None:
    ran = run(tree, "--check", "--from", "x.wsdl")
    assert ran.returncode == 3
    assert "--check takes no --from" in ran.stderr
    assert run(tree, "--nonsense").returncode == 3


def test_a_write_that_fails_half_way_is_undone(tmp_path: Path) -> None:
    from contract_files import replace_folders

    first, second = tmp_path / "first", tmp_path / "missing" / "second"
    first.mkdir()
    (first / "old.txt").write_text("old")
    with pytest.raises(OSError, match="second"):
        replace_folders(tmp_path, {first: {"new.txt": b"new"}, second: {"new.txt": b"new"}})
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
    assert [path.name for path in first.iterdir()] == ["old.txt"]


def test_mypy_s_words_become_the_contract_s() -> None:
    from guidance import _told

    words = {"time_slot_id": "TimeSlotID", "UPDATE_EWT_RECORD": "UpdateEWTRecord", "ewt": "ewt"}
    told = {
        'Unexpected keyword argument "ewt" for "UpdateEWTRecord"; did you mean "wait"?': (
            "sends ewt, which UpdateEWTRecord does not take"
        ),
        'Missing named argument "reason" for "UpdateEWTRecord"': (
            "does not send reason, which UpdateEWTRecord requires"
        ),
        'Argument "ewt" to "UpdateEWTRecord" has incompatible type "int"; expected "str | None"': (
            "sends ewt of UpdateEWTRecord as int, where the contract has str | None"
        ),
        'Argument 1 to "_done" has incompatible type "int | None"; expected "bool | None"': (
            "reads int | None where _done expects bool | None"
        ),
        '"TimeSlot" has no attribute "time_slot_id"': "uses TimeSlotID of TimeSlot, which is gone",
        'Module has no attribute "UPDATE_EWT_RECORD"': "uses UpdateEWTRecord, which is gone",
        "Something else": "Something else",
    }
    assert {text: _told(text, words) for text in told} == told
