"""Reports: for spreadsheets, which must run nothing, for programs, and as a picture."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from buzzeasy_soap.ledger import Campaign, Decision, Ledger, NewCampaign, NewEntry, State
from buzzeasy_soap.ledger.files import read_table
from buzzeasy_soap.ledger.picture import picture
from buzzeasy_soap.ledger.report import write_csv, write_json
from buzzeasy_soap.ledger.schema import CALLBACKS
from buzzeasy_soap.models import CallbackRequest

TRAPS = ("=1+1", "@SUM(A1)", "-2+3", "+cmd|' /C calc'!A0", "\tx", "+", "+44 7700\n=1")
NINE = 1_491_897_600.0  # 2017-04-11, 9:00 in London


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "callbacks.db") as ledger:
        yield ledger


def load(ledger: Ledger, *names: str) -> Campaign:
    requests = [
        CallbackRequest("RequestCallWhenAvailable", name, f"+4477009{n:05d}", 1, fields=(name, None))
        for n, name in enumerate(names)
    ]
    return ledger.book.load(NewCampaign("list", "Europe/London"), map(NewEntry, requests))


def settle(
    ledger: Ledger, number: int, state: State, at: float, status: str | None = None, **more: object
) -> None:
    with ledger.book.engine.begin() as connection:
        values = {"state": state, "settled_at": at, "call_status": status, **more}
        connection.execute(CALLBACKS.update().where(CALLBACKS.c.id == number).values(**values))


def rows(ledger: Ledger, campaign: Campaign) -> list[dict[str, str]]:
    out = io.StringIO()
    write_csv(ledger.book, campaign, out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_no_text_in_a_csv_is_a_formula_and_numbers_stay_numbers(ledger: Ledger) -> None:
    campaign = load(ledger, *TRAPS, "Ada")
    found = rows(ledger, campaign)
    for trap, row in zip(TRAPS, found, strict=False):
        assert row["name"] == row["field1"] == f"'{trap}"
    assert found[-1]["name"] == "Ada"
    assert [row["phone_no"] for row in found] == [f"+4477009{n:05d}" for n in range(len(found))]
    cells = [cell for row in found for cell in row.values()]
    assert not [
        cell
        for cell in cells
        if cell[:1] in ("=", "@", "-", "\t") or (cell[:1] == "+" and not cell[1:].isdigit())
    ]


def test_a_csv_says_what_became_of_each_and_who_decided(ledger: Ledger, tmp_path: Path) -> None:
    campaign = load(ledger, "Ada", "Bob", "Eve")
    settle(ledger, 1, State.PLACED, NINE, "CallSucceeded", confirmation_code="BZ1")
    settle(ledger, 2, State.REFUSED, NINE, result_code=-1, error="InBlackList")
    settle(ledger, 3, State.UNKNOWN, NINE, reference="r" * 20)
    ledger.book.decide(3, Decision.DROP, "Grace")
    first, second, third = rows(ledger, campaign)
    assert (first["state"], first["confirmation_code"], first["call_status"]) == (
        "placed",
        "BZ1",
        "CallSucceeded",
    )
    assert first["settled_at"] == "2017-04-11 09:00:00+01:00"
    assert (second["state"], second["result_code"]) == ("refused", "-1")  # a number: no formula
    assert (third["state"], third["decision"], third["decided_by"]) == ("unknown", "drop", "Grace")
    with (tmp_path / "report.csv").open("w", newline="") as out:
        write_csv(ledger.book, campaign, out)
    assert "phone_no" in read_table(tmp_path / "report.csv").columns  # and can be loaded again


def test_json_has_all_of_it(ledger: Ledger) -> None:
    campaign = load(ledger, "Ada", "Bob")
    settle(ledger, 2, State.UNKNOWN, NINE, reference="r" * 20)
    ledger.book.decide(2, Decision.PLACED, "Grace")
    out = io.StringIO()
    write_json(ledger.book, campaign, out)
    told = json.loads(out.getvalue())
    assert (told["campaign"]["name"], told["tally"]["counts"]["placed"]) == ("list", 1)
    assert [each["request"]["name"] for each in told["callbacks"]] == ["Ada", "Bob"]
    assert told["callbacks"][0]["decided"] is None
    assert told["callbacks"][1]["decided"] | {"at": None} == {
        "id": 2,
        "decision": "placed",
        "who": "Grace",
        "at": None,
    }


def drawn(ledger: Ledger, campaign: Campaign) -> tuple[str, list[tuple[str, float]]]:
    """The words of the picture, and the kinds and heights of its columns from left to right."""
    svg = etree.fromstring(picture(ledger.book, campaign))
    texts = " | ".join(svg.xpath("//*[local-name()='text']/text()"))
    found = [
        (rect.get("class"), float(rect.get("height")))
        for rect in svg.xpath("//*[local-name()='rect']")
        if float(rect.get("y")) < 300
    ]
    return texts, found


def test_a_picture_before_anything_is_settled(ledger: Ledger) -> None:
    texts, columns = drawn(ledger, load(ledger, "<Ada> & co"))
    assert "Nothing is settled yet." in texts and "1 callback, 1 to go" in texts
    assert columns == []


def test_a_picture_shows_when_what_was_settled(ledger: Ledger) -> None:
    campaign = load(ledger, *["Ada"] * 9)
    for number in range(1, 5):
        settle(ledger, number, State.PLACED, NINE + 5, "CallSucceeded" if number < 3 else None)
    settle(ledger, 5, State.REFUSED, NINE + 6, result_code=5)
    settle(ledger, 6, State.PLACED, NINE + 3000, "CallFailed")
    settle(ledger, 7, State.UNKNOWN, NINE + 3000)
    settle(ledger, 8, State.PENDING, NINE + 3000)  # it was tried, and goes on
    texts, columns = drawn(ledger, campaign)
    assert "9 callbacks, 2 to go; 11 Apr 2017 09:00 to 09:50 BST" in texts
    assert "settled in each minute" in texts and "| 09:00 |" in texts
    for said in ("placed 5", "refused 1", "unknown 1", "reached 2", "failed 1", "not over 2"):
        assert said in texts
    unit = columns[1][1]
    assert [(kind, round(height / unit)) for kind, height in columns] == [
        ("placed", 4), ("refused", 1), ("placed", 1), ("unknown", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0.5, 3, 400, 4000])
def test_a_picture_of_any_length_has_at_most_sixty_columns(ledger: Ledger, days: float) -> None:
    campaign = load(ledger, *["Ada"] * 200)
    for number in range(1, 201):
        settle(ledger, number, State.PLACED, NINE + number * days * 86400 / 200)
    _, columns = drawn(ledger, campaign)
    assert 10 < len(columns) <= 61
