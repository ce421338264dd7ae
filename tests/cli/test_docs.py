"""docs/command.md and docs/campaigns.md show what the command prints."""

import re
from pathlib import Path

import pytest

from buzzeasy_soap.sandbox import Sandbox
from tests.cli.document import CAMPAIGNS, DOCUMENT, comparable, folder, prints, shown
from tests.cli.test_command import BARE, run
from tests.conftest import MORNING


@pytest.mark.parametrize("document", [DOCUMENT, CAMPAIGNS], ids=lambda path: path.name)
def test_the_document_shows_what_the_command_prints(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    # A sandbox of its own: confirmation codes count on, whatever is reset.
    with Sandbox(now=MORNING, speed=0.001) as sandbox, folder(text) as place:
        for command, said in shown(text):
            assert comparable(prints(command, sandbox, place)) == comparable(said), command


def test_demo_walks_through_all_eight_operations() -> None:
    ran = run("demo", env={**BARE, "COLUMNS": "100"})
    assert ran.returncode == 0, ran.stderr
    for title in (
        "UpdateEWTRecord", "GetEWTByServiceID", "RequestCallWhenAvailable", "GetCallDataByNumber", "GetAvailableTimes",
        "GetNextThreeTimeSlots", "RequestCallSchedule", "GetCallDataByPin", "A rejection", "A fault", "CallSucceeded",
    ):  # fmt: skip
        assert title in ran.stdout
    [said] = re.findall(
        r"\$ buzzeasy demo \| head -n 30\n((?:.*\n)*?)```", DOCUMENT.read_text(encoding="utf-8")
    )
    assert comparable("\n".join(ran.stdout.splitlines()[:30])) == comparable(said)
