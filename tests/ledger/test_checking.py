"""A list is checked as a whole: what each cell means, and that nobody rings twice."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzzeasy_soap import BuzzeasyClient, Endpoints
from buzzeasy_soap.errors import ConfigurationError, InvalidRequest
from buzzeasy_soap.ledger import NewEntry, cells
from buzzeasy_soap.ledger.checking import Listed, Problem
from buzzeasy_soap.ledger.files import read_table
from buzzeasy_soap.mapping.numbers import presented_numbers
from tests.ledger import office

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def client() -> Iterator[BuzzeasyClient]:
    """Of a service that is not there: a check sends nothing."""
    endpoints = Endpoints("http://127.0.0.1:1/a.svc", "http://127.0.0.1:1/b.svc")
    with BuzzeasyClient(
        endpoints=endpoints, company=1, password="P@ssword", service_queue=1, reference_field=10
    ) as client:
        yield client


def listed(client: BuzzeasyClient, tmp_path: Path, data: bytes | str, **options: object) -> Listed:
    path = tmp_path / "list"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return Listed.of(read_table(path), client, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [office.as_csv, office.as_workbook])
def test_a_list_as_an_office_makes_it(client: BuzzeasyClient, tmp_path: Path, make) -> None:
    found = listed(client, tmp_path, make(), columns=office.MAP, region="GB", date_format="%d/%m/%Y")
    checked = found.check()
    assert found.unused == ["Agent notes"]
    assert checked.problems == [
        Problem(6, "Phone number", "+447700900123 is in line 2 already"),
        Problem(8, "Phone number", "+447700900123 is in line 2 already"),
        Problem(9, "Phone number", "+447700900456 is in line 3 already"),
    ]
    assert checked.good == 5
    assert checked.first_mend is not None
    assert (checked.first_mend.found, checked.first_mend.read_as) == ("7700900789", "07700900789")
    entries = list(found.entries(checked))
    assert [(e.line, e.request.name, e.request.phone_no, e.request.fields[0]) for e in entries] == [
        (2, "Ada Lovelace", "07700900123", "1815"),
        (3, "Babbage; Charles", "+447700900456", "1822"),
        (5, "Grace Hopper", "07700900789", None),
        (7, "Nemo", "07700900105", "20000"),
        (10, "José Núñez", "00447700900321", None),
    ]
    assert entries[0].not_before == dt.datetime(2017, 4, 10, tzinfo=LONDON)
    assert entries[1].not_before is None


def test_the_same_list_read_otherwise_is_another(client: BuzzeasyClient, tmp_path: Path) -> None:
    text = "name;phone no;other\nAda;+447700900123;Bob\n"
    sources = [
        listed(client, tmp_path, text).source,
        listed(client, tmp_path, text + "\n").source,
        listed(client, tmp_path, text, region="GB").source,
        listed(client, tmp_path, text, columns={"name": "other"}).source,
        listed(client.with_options(service_queue=2), tmp_path, text).source,  # type: ignore[arg-type]
    ]
    assert len(set(sources)) == len(sources)
    assert listed(client, tmp_path, text).source == sources[0]


def one(client: BuzzeasyClient, tmp_path: Path, header: str, row: str, **options: object) -> NewEntry | str:
    found = listed(client, tmp_path, f"name;phone_no;{header}\nAda;+447700900123;{row}\n", **options)
    checked = found.check()
    if checked.problems:
        [problem] = checked.problems
        return f"{problem.column}: {problem.reason}"
    [entry] = found.entries(checked)
    return entry


def test_what_a_row_can_ask_for(client: BuzzeasyClient, tmp_path: Path) -> None:
    entry = one(
        client, tmp_path, "Service Queue;PRIORITY;not-before;Time slot;date;Field 2", "2;-3;2017-04-11 09:30;4;2017-04-12;x"
    )  # fmt: skip
    assert isinstance(entry, NewEntry)
    assert (entry.request.service_queue, entry.priority) == (2, -3)
    assert entry.not_before == dt.datetime(2017, 4, 11, 9, 30, tzinfo=LONDON)
    assert (entry.request.operation, entry.request.time_slot) == ("RequestCallSchedule", 4)
    assert entry.request.date == dt.date(2017, 4, 12)
    assert entry.request.fields[:3] == (None, "x", None)


@pytest.mark.parametrize(
    ("header", "row", "options", "said"),
    [
        ("priority", "high", {}, "priority: must be a whole number, not high"),
        ("priority", "2147483648", {}, "priority: must be a whole number, not 2147483648.0"),
        ("date", "2017-04-12", {}, "date: requires a time_slot"),
        ("time slot;date", "4;2017-04-12 09:00", {}, "date: must be a date without a time, not 2017-04-12 09:00"),
        ("not before", "25/11/2026", {}, ("not before: must be a date or a time, such as 2026-11-25 or 2026-11-25 09:30, "
         "not 25/11/2026; for other forms give date_format")),
        ("not before", "31/02/2026", {"date_format": "%d/%m/%Y"}, ("not before: must be a date or a time, such as "
         "2026-11-25 or 2026-11-25 09:30, or as %d/%m/%Y has it, not 31/02/2026")),
        ("region", "FR", {}, "region: must be one of GB, IE, or None"),
        ("field10", "x", {}, "fields: must not set field10, which is the client's reference_field"),
        ("field1", "a\x07b", {}, "field1: must not hold control characters"),
        ("service queue", "x", {}, "service queue: must be a whole number, not x"),
        ("field1", "a;b", {}, ": has more cells than the 3 columns of the first row"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_column(client, tmp_path, header, row, options, said) -> None:
    assert one(client, tmp_path, header, row, **options) == said


@pytest.mark.parametrize(
    ("header", "columns", "kind", "said"),
    [
        ("Customer;phone_no", {}, ConfigurationError, 'no column for name, only "Customer", "phone_no"'),
        ("name;phone no;Phone_No", {}, ConfigurationError, "2 columns called phone_no: rename all but one"),
        ("name;phone_no", {"field1": "Order"}, InvalidRequest, 'map names no column of the file: Order. It has "name"'),
        ("name;phone_no", {"fax": "name"}, InvalidRequest, "map must be of the form USE=COLUMN, where USE is one of name, "),
    ],
)  # fmt: skip
def test_columns_that_do_not_fit(client, tmp_path, header, columns, kind, said) -> None:
    with pytest.raises(kind, match=said):
        listed(client, tmp_path, f"{header}\nAda;+44;x\n", columns=columns)


@pytest.mark.parametrize(
    ("cell", "region", "read"),
    [
        ("+447700900123", None, "+447700900123"),
        ("'+447700900123", None, "+447700900123"),
        ("+447700900123.0", None, "+447700900123"),
        (447700900123.0, "GB", "+447700900123"),
        ("447700900123.0", "GB", "+447700900123"),
        ("7700 900123", "GB", "07700900123"),
        (353851234567, "IE", "+353851234567"),
        (851234567.0, "IE", "0851234567"),
        ("01632 960123", "GB", "01632 960123"),
        ("123", "GB", "123"),  # what it lost, if anything, is not certain: the service decides
    ],
)
def test_what_spreadsheets_do_to_numbers_is_mended_where_it_is_certain(cell, region, read) -> None:
    assert cells.phone_number(cell, region).replace(" ", "") == read.replace(" ", "")


@pytest.mark.parametrize(
    ("cell", "region", "said"),
    [
        (447700900123, None, "a spreadsheet drops the [+] and the 0 of numbers"),
        ("447700900123", None, "a spreadsheet drops the [+] and the 0 of numbers"),
        ("4.477E+11", "GB", "was shortened to 4.477E[+]11 by a spreadsheet: make the column a text there"),
        ("4,477E+11", "GB", "was shortened"),
        (4477009.5, "GB", "must be a phone number, not 4477009.5"),
        (-44.0, "GB", "must be a phone number"),
        (float("nan"), "GB", "must be a phone number"),
        (10**400, "GB", "must be a phone number"),
        (True, "GB", "must be a phone number, not True"),
    ],
)
def test_what_cannot_be_mended_is_refused(cell, region, said) -> None:
    with pytest.raises(InvalidRequest, match=said):
        cells.phone_number(cell, region)


NUMBERS = st.integers(7_000_000_000, 7_999_999_999).map(lambda n: f"+44{n}")
DAMAGE = st.sampled_from(
    [
        lambda n: n, lambda n: f"0{n[3:]}", lambda n: n[1:], lambda n: n[3:], lambda n: float(n), lambda n: float(n[3:]),
        lambda n: f"{n[1:]}.0", lambda n: f"{n}.0", lambda n: f"{n[:3]} (0){n[3:7]} {n[7:]}", lambda n: f"00{n[1:]}",
        lambda n: f"{float(n):.3E}", lambda n: int(n), lambda n: f"'{n}", lambda n: f"{n[3:]}.00",
    ]
)  # fmt: skip


@given(NUMBERS, DAMAGE)
def test_a_number_is_read_as_itself_or_not_at_all(client: BuzzeasyClient, number: str, damage) -> None:
    damaged = damage(number)
    if "E+" in str(damaged):
        with pytest.raises(InvalidRequest, match="shortened"):
            cells.phone_number(damaged, "GB")
        return
    request = client.callback_request("Ada", cells.phone_number(damaged, "GB"), region="GB")
    assert presented_numbers(request)[0] == number
