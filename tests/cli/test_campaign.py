"""`buzzeasy campaign`: a list is placed, each callback at most once, whatever happens meanwhile."""

import csv
import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from buzzeasy_soap import Endpoints
from buzzeasy_soap.ledger import Counts, Ledger, State
from buzzeasy_soap.ledger.schema import CALLBACKS
from buzzeasy_soap.sandbox import Sandbox
from tests.cli.conftest import Type
from tests.cli.test_command import BUZZEASY, environment
from tests.ledger import office

READ = [*office.MAPPED, "--region", "GB", "--date-format", "%d/%m/%Y"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(count: int, name: str = "list.csv") -> None:
    rows = "".join(f"Person {n};+4477001{n:05d}\n" for n in range(count))
    Path(name).write_text(f"name;phone_no\n{rows}", encoding="utf-8")


def counts(name: str = "list") -> Counts:
    with Ledger("callbacks.db") as ledger:
        return ledger.book.counts(ledger.book.campaign(name))


def started(endpoints: Endpoints, *words: str, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*BUZZEASY, "campaign", *words],
        env=environment(endpoints, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def eventually(told: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not told():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def placed_twice(sandbox: Sandbox) -> list[str]:
    return [number for number, times in Counter(c["phone_no"] for c in sandbox.calls()).items() if times > 1]


@pytest.mark.parametrize(
    ("make", "name"), [(office.as_csv, "outage.csv"), (office.as_workbook, "outage.xlsx")]
)
def test_a_list_as_an_office_makes_it(
    typed: Type, sandbox: Sandbox, make: Callable[[], bytes], name: str
) -> None:
    Path(name).write_bytes(make())
    refused = typed("campaign", "run", name, *READ)
    assert refused.status == 2
    assert "Not used: Agent notes." in refused.out
    assert "1 number had lost a + or 0" in refused.out or "2 numbers had lost" in refused.out
    for line, number, first in ((6, "+447700900123", 2), (8, "+447700900123", 2), (9, "+447700900456", 3)):
        assert re.search(rf"{line} +│ Phone number │ \{number} is in line {first} already", refused.out)
    assert refused.err == (
        "buzzeasy: 3 of 8 rows cannot be loaded. Nothing was loaded, and nothing sent: correct them, "
        "or leave them out by --skip-invalid.\n"
    )
    assert sandbox.calls() == [] and not Path("callbacks.db").exists()

    ran = typed("campaign", "run", name, *READ, "--skip-invalid")
    assert ran.status == 0, ran
    assert "Loaded 5 callbacks as the campaign outage." in ran.out
    assert "in black list (5): 1" in ran.out
    assert sorted(c["phone_no"] for c in sandbox.calls()) == [
        "+447700900123", "+447700900321", "+447700900456", "+447700900789",
    ]  # fmt: skip
    again = typed("campaign", "run", name, *READ, "--skip-invalid")
    assert again.status == 0 and "The campaign outage goes on." in again.out
    assert len(sandbox.calls()) == 4
    assert Path("callbacks.db").stat().st_mode & 0o777 == 0o600


def test_a_dry_run_does_nothing(typed: Type, sandbox: Sandbox) -> None:
    Path("outage.csv").write_bytes(office.as_csv())
    ran = typed("campaign", "run", "outage.csv", *READ, "--skip-invalid", "--dry-run")
    assert ran.status == 0
    assert "5 callbacks would be loaded. Nothing was loaded, and nothing sent." in ran.out
    told = json.loads(
        typed("campaign", "run", "outage.csv", *READ, "--skip-invalid", "--dry-run", "--json").out
    )
    assert told == {
        "callbacks": 5,
        "left_out": 3,
        "columns": {
            "name": "Customer",
            "phone_no": "Phone number",
            "field1": "Order no",
            "not_before": "Call after",
        },
    }
    assert typed("campaign", "run", "outage.csv", *READ, "--dry-run").status == 2
    assert os.listdir() == ["outage.csv"] and sandbox.calls() == []  # noqa: PTH208


def test_invalid_rows_as_json(typed: Type) -> None:
    Path("list.csv").write_text("name;phone_no\n;+447700900123\nBob;12\n", encoding="utf-8")
    ran = typed("campaign", "run", "list.csv", "--json")
    told = json.loads(ran.out)
    assert (ran.status, told["error"], told["outcome"], told["rows"]) == (2, "InvalidRows", "not_sent", 2)
    assert told["problems"] == [
        {"line": 2, "column": "name", "reason": "must not be blank"},
        {"line": 3, "column": "phone_no", "reason": "must be in E.164 format, such as +447700900123, or be given "
         "with its --region; a spreadsheet drops the + and the 0 of numbers"},
    ]  # fmt: skip


def test_more_invalid_rows_than_are_shown(typed: Type) -> None:
    Path("list.csv").write_text("name;phone_no\n" + "Bob;x\n" * 30, encoding="utf-8")
    ran = typed("campaign", "run", "list.csv")
    assert ran.out.count("must not contain letters") == 20 and "… and 10 more rows" in ran.out


@pytest.mark.posix
def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(endpoints: Endpoints, sandbox: Sandbox) -> None:
    write(60)
    process = started(endpoints, "run", "list.csv", "--rate", "20/s")
    eventually(lambda: len(sandbox.calls()) >= 10)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "buzzeasy: stopping: what is under way is waited for" in err and "Traceback" not in err
    found = counts()
    assert (found.claimed, found.unknown) == (0, 0)
    assert 10 <= found.placed == len(sandbox.calls()) < 60
    assert re.search(rf"to go +│ {found.pending}", out)

    process = started(endpoints, "run", "list.csv", "--rate", "1000/s")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "The campaign list goes on." in out
    assert counts() == Counts(placed=60)
    assert len(sandbox.calls()) == 60 and placed_twice(sandbox) == []


@pytest.mark.posix
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_ctrl_c_leaves_at_once_and_loses_nothing(
    endpoints: Endpoints, sandbox: Sandbox, typed: Type, second: signal.Signals
) -> None:
    write(3)
    sandbox.fail_next("RequestCallWhenAvailable", "delay", times=3, seconds=30)
    process = started(endpoints, "run", "list.csv", "--workers", "1")
    eventually(lambda: Path("callbacks.db").exists() and len(sandbox.calls()) == 1)
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=1)  # it waits for what is under way
    process.send_signal(second)
    _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert err.endswith("What was under way is looked up by the next run, and never sent again unasked.\n")
    assert counts() == Counts(claimed=1, pending=2)

    with Ledger("callbacks.db") as ledger, ledger.book.engine.begin() as connection:  # its lease passes
        connection.execute(
            CALLBACKS.update().where(CALLBACKS.c.state == State.CLAIMED).values(expires_at=1.0)
        )
    ran = typed("campaign", "reconcile", "list")
    assert ran.status == 0 and "Placed after all: 1. No call was found for: 0." in ran.out
    assert counts() == Counts(placed=1, pending=2)


def test_a_pause_from_elsewhere_stops_it_and_resume_lets_it_go_on(
    endpoints: Endpoints, sandbox: Sandbox, typed: Type
) -> None:
    write(60)
    process = started(endpoints, "run", "list.csv", "--rate", "20/s", "--json")
    eventually(lambda: len(sandbox.calls()) >= 5)
    assert typed("campaign", "pause", "list").out == "The campaign list is paused.\n"
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 3
    assert json.loads(out)["campaign"]["why"] == "a person has paused it"
    assert counts().claimed == 0
    stopped = typed("campaign", "work", "list")
    assert stopped.status == 3 and "Paused because: a person has paused it" in stopped.out
    placed = len(sandbox.calls())
    assert placed == counts().placed < 60

    resumed = typed("campaign", "resume", "list", "--rate", "3600/m")
    assert (
        resumed.out
        == "The campaign list may go on at 60/s: `buzzeasy campaign work list` places what is left.\n"
    )
    assert typed("campaign", "work", "list", "--json").status == 0
    assert len(sandbox.calls()) == 60 and placed_twice(sandbox) == []


def test_a_wrong_password_pauses_it_and_says_why(typed: Type, sandbox: Sandbox) -> None:
    write(50)
    ran = typed("campaign", "run", "list.csv", BUZZEASY_PASSWORD="wr0ng")
    assert ran.status == 3
    assert "Paused because: AuthenticationFailed: " in ran.out and "wr0ng" not in ran.out + ran.err
    assert counts() == Counts(pending=50) and sandbox.calls() == []
    assert typed("campaign", "run", "list.csv").status == 0  # the same command, corrected
    assert counts() == Counts(placed=50)


def test_a_service_that_is_down_pauses_it(typed: Type, sandbox: Sandbox) -> None:
    write(50)
    ran = typed("campaign", "run", "list.csv", BUZZEASY_CALLBACK_URL="http://127.0.0.1:1/Service.svc")
    assert ran.status == 3
    assert "calls in a row failed, the last with ConnectFailed" in ran.out
    assert counts() == Counts(pending=50)


def test_what_stays_unknown_is_for_a_person_to_decide(typed: Type, sandbox: Sandbox) -> None:
    Path("list.csv").write_text(
        "name;phone_no\nAda;+447700900123\nBob;+447700900199\nEve;+447700900199.0\n", encoding="utf-8"
    )
    assert typed("campaign", "run", "list.csv").status == 2  # the same number
    ran = typed("campaign", "run", "list.csv", "--skip-invalid")
    assert ran.status == 4
    assert re.search(r"2 +│ 3 +│ Bob +│ \+447700900199", ran.out)
    assert "For each: buzzeasy campaign decide ID send-again|placed|drop --by WHO" in ran.out
    assert typed("campaign", "reconcile", "list").status == 4

    again = typed("campaign", "decide", "2", "send-again", "--by", "Grace Hopper")
    assert again.out.startswith("Bob, +447700900199: send-again, decided by Grace Hopper.")
    with Ledger("callbacks.db") as ledger, ledger.book.engine.begin() as connection:
        connection.execute(CALLBACKS.update().where(CALLBACKS.c.id == 2).values(not_before=0.0))
    assert typed("campaign", "work", "list").status == 4
    told = json.loads(typed("campaign", "decide", "2", "drop", "--by", "Grace", "--json").out)
    assert (told["id"], told["state"]) == (2, "unknown")
    shown = typed("campaign", "status", "list")
    assert shown.status == 0 and "1 of them decided" in shown.out
    refused = typed("campaign", "decide", "1", "drop", "--by", "Grace")
    assert (
        refused.status == 2
        and refused.err == "buzzeasy: id must be of an unknown callback, and 1 is placed.\n"
    )
    typed("campaign", "report", "list", "--format", "csv", "-o", "report.csv")
    with Path("report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["decision"], row["decided_by"]) for row in rows] == [("", ""), ("drop", "Grace")]


def test_what_became_of_the_calls(typed: Type, sandbox: Sandbox) -> None:
    Path("list.csv").write_text("name;phone_no\nAda;+447700900123\nBob;+447700900202\n", encoding="utf-8")
    assert "calls: reached 0, failed 0, not over 2" in typed("campaign", "run", "list.csv", "--no-watch").out
    sandbox.advance(60)
    watched = typed("campaign", "watch", "list")
    assert watched.status == 0 and "calls: reached 1, failed 1, not over 0" in watched.out
    deaf = typed("campaign", "watch", "list", BUZZEASY_EVENTS_URL=None)
    assert deaf.status == 2 and "BUZZEASY_EVENTS_URL is not set" in deaf.err


def test_cancelled_for_good(typed: Type, sandbox: Sandbox) -> None:
    write(20)
    typed("campaign", "run", "list.csv", BUZZEASY_PASSWORD="wr0ng")
    asked = typed("campaign", "cancel", "list")
    assert (asked.status, asked.err) == (
        2,
        "buzzeasy: cancel asks first: give --yes where nobody can answer.\n",
    )
    assert counts().pending == 20
    assert typed("campaign", "cancel", "list", "--yes").out == "The campaign list is cancelled.\n"
    assert counts() == Counts(not_sent=20)
    for words in (("run", "list.csv"), ("resume", "list")):
        ran = typed("campaign", *words)
        assert ran.status == 2 and "the campaign list was cancelled" in ran.err
    assert typed("campaign", "work", "list").status == 3
    assert sandbox.calls() == []


@pytest.mark.posix
@pytest.mark.parametrize(
    ("answer", "said", "left"), [("n", "nothing was changed", 2), ("y", "is cancelled", 0)]
)
def test_on_a_terminal_cancel_asks(
    typed: Type, endpoints: Endpoints, answer: str, said: str, left: int
) -> None:
    import pty  # not on Windows

    write(2)
    typed("campaign", "run", "list.csv", BUZZEASY_PASSWORD="wr0ng")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    ran = subprocess.run(
        [*BUZZEASY, "campaign", "cancel", "list"],
        env=environment(endpoints), stdin=theirs, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    os.close(ours), os.close(theirs)
    assert ran.returncode == 0 and said in ran.stdout + ran.stderr
    assert "Never send the 2 callbacks that are left of list?" in ran.stderr
    assert counts().pending == left


def test_a_name_belongs_to_one_list(typed: Type, sandbox: Sandbox) -> None:
    write(2)
    assert typed("campaign", "run", "list.csv").status == 0
    write(3)
    ran = typed("campaign", "run", "list.csv")
    assert (
        ran.status == 2
        and "loaded from another file" in ran.err
        and "give this one a --name of its own" in ran.err
    )
    assert len(sandbox.calls()) == 2


def test_opening_hours_and_priority_are_kept(typed: Type, sandbox: Sandbox) -> None:
    Path("list.csv").write_text(
        "name;phone_no;priority\nAda;+447700900123;\nBob;+447700900124;5\nEve;+447700900125;9\n",
        encoding="utf-8",
    )
    hours = "Mon-Sun 00:00-24:00"
    assert typed("campaign", "run", "list.csv", "--hours", hours, "--workers", "1").status == 0
    assert [call["name"] for call in sandbox.calls()] == ["Eve", "Bob", "Ada"]
    assert f"list: done, as fast as it can, {hours}" in typed("campaign", "status", "list").out


@pytest.mark.posix
def test_outside_the_hours_it_waits_and_can_be_stopped(endpoints: Endpoints, sandbox: Sandbox) -> None:
    write(3)
    in_two_days = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).strftime("%a")
    process = started(endpoints, "run", "list.csv", "--hours", f"{in_two_days} 09:00-17:00")
    assert process.stderr is not None
    said = process.stderr.readline()
    assert re.search(
        r"^buzzeasy: placed 0, refused 0, unknown 0, 3 to go, waiting until \w{3} \d\d:\d\d$", said
    )
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.endswith("buzzeasy: interrupted. The same command goes on with what is left.\n")
    assert counts() == Counts(pending=3) and sandbox.calls() == []


def test_status_of_all(typed: Type, sandbox: Sandbox) -> None:
    for name in ("one", "two"):
        write(2, f"{name}.csv")
        typed("campaign", "run", f"{name}.csv", "--rate", "600/m")
    shown = typed("campaign", "status").out
    assert re.search(r"two +│ done +│ 10/s │ 2 +│ 0", shown)
    told = json.loads(typed("campaign", "status", "--json").out)
    assert [(each["campaign"]["name"], each["counts"]["placed"]) for each in told] == [("two", 2), ("one", 2)]


def test_reports_are_written_for_their_owner_alone(typed: Type, sandbox: Sandbox) -> None:
    write(2)
    typed("campaign", "run", "list.csv")
    for format in ("csv", "json", "svg"):
        ran = typed("campaign", "report", "list", "--format", format, "-o", f"report.{format}")
        assert ran.out == f"Written to report.{format}: 2 callbacks.\n"
        assert Path(f"report.{format}").stat().st_mode & 0o777 == 0o600
    assert Path("report.csv").read_bytes().startswith(b"\xef\xbb\xbfid,line,name")
    assert Path("report.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert json.loads(typed("campaign", "report", "list", "--json").out)["tally"]["counts"]["placed"] == 2
    assert typed("campaign", "report", "list").out.startswith("list: done")
    ran = typed("campaign", "report", "list", "--format", "csv", "-o", "none/report.csv")
    assert ran.status == 2 and "none/report.csv cannot be written: No such file" in ran.err


def test_old_callbacks_are_purged(typed: Type, sandbox: Sandbox) -> None:
    write(3)
    typed("campaign", "run", "list.csv")
    assert typed("campaign", "purge", "--older-than", "30d").out == "Deleted 0 callbacks.\n"
    with Ledger("callbacks.db") as ledger, ledger.book.engine.begin() as connection:
        connection.execute(CALLBACKS.update().where(CALLBACKS.c.id == 1).values(settled_at=1.0))
    assert json.loads(typed("campaign", "purge", "--older-than", "30d", "--json").out) == {"deleted": 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "none.csv"), "none.csv cannot be read: No such file or directory. Nothing was sent."),
        (("run", "list.csv", "--rate", "0/s"), "invalid value for '--rate': must be a number greater than 0, as in 20/s"),
        (("run", "list.csv", "--rate", "fast"), "not 'fast'"),
        (("run", "list.csv", "--hours", "Mon 9-17"), "invalid value for '--hours': 'Mon 9-17' does not look like"),
        (("run", "list.csv", "--map", "name"), "must be of the form phone_no=COLUMN, not 'name'"),
        (("run", "list.csv", "--map", "fax=name"), "--map must be of the form USE=COLUMN, where USE is one of name, "),
        (("run", "list.csv", "--map", "field1=Order"), '--map names no column of the file: Order. It has "name", "phone_no"'),
        (("run", "list.csv", "--workers", "0"), "invalid value for '--workers'"),
        (("run", "list.csv", "--ledger", "mysql://me:s3cret@h/x"), "the ledger must be a file's path"),
        (("status", "--ledger", "none.db"), "there is no ledger none.db: --ledger or BUZZEASY_LEDGER names another"),
        (("work", "list"), "there is no ledger callbacks.db"),
        (("purge", "--older-than", "soon"), "such as 30d, not 'soon'"),
        (("decide", "1", "maybe", "--by", "me"), "'maybe' is not one of"),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_what_is_allowed(typed: Type, words: tuple[str, ...], said: str) -> None:
    write(1)
    ran = typed("campaign", *words)
    assert ran.status == 2 and said in ran.err and "s3cret" not in ran.err
    assert ran.err.count("\n") == 1
    assert not Path("none.db").exists()


def test_credentials_in_the_address_are_not_shown(typed: Type) -> None:
    address = "postgresql://me:s3cret@127.0.0.1:1/x"
    ran = typed("campaign", "status", "--debug", BUZZEASY_LEDGER=address)
    assert ran.status == 3 and "the ledger's database: " in ran.err and "s3cret" not in ran.out + ran.err
    shown = typed("doctor", BUZZEASY_LEDGER=address).out
    assert re.search(r"BUZZEASY_LEDGER +│ ok +│ set, not shown", shown) and "s3cret" not in shown


def test_a_file_that_is_no_ledger(typed: Type) -> None:
    write(1)
    ran = typed("campaign", "status", "--ledger", "list.csv")
    assert ran.status == 3 and "file is not a database" in ran.err


@pytest.mark.parametrize(
    ("module", "extra"), [("sqlalchemy", "ledger"), ("python_calamine", "excel"), ("psycopg", "postgres")]
)
def test_a_missing_extra_says_what_to_install(endpoints: Endpoints, module: str, extra: str) -> None:
    Path("list.xlsx").write_bytes(office.as_workbook())
    ledger = "postgresql://127.0.0.1:1/x" if module == "psycopg" else "callbacks.db"
    code = (
        f"import sys; sys.modules['{module}'] = None; from buzzeasy_soap.cli import main; "
        f"main(['campaign', 'run', 'list.xlsx', '--ledger', '{ledger}', '--skip-invalid', *{READ}])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment(endpoints), capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 2
    assert ran.stderr == (
        f'buzzeasy: {module} is not installed: pip install "buzzeasy-soap[{extra}]". Nothing was sent.\n'
    )
