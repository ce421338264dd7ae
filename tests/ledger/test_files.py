"""Lists in files, as people and programs write them."""

import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from buzzeasy_soap.errors import ConfigurationError
from buzzeasy_soap.ledger.files import Row, Table, read_table


def table(tmp_path: Path, data: bytes | str, name: str = "list") -> Table:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(path)


@pytest.mark.parametrize(
    "data",
    [
        b"name;phone\r\nZo\xc3\xab;+44\r\n",
        b"name,phone\nZo\xc3\xab,+44\n",
        b"name\tphone\nZo\xc3\xab\t+44",
        b'\xef\xbb\xbf"name";"phone"\r\n"Zo\xc3\xab";"+44"\r\n',
        "name\tphone\r\nZoë\t+44\r\n".encode("utf-16"),
        b"name;phone\rZo\xc3\xab;+44\r",
        b"\n\nname ; phone\n;\n Zo\xc3\xab ; +44 \n\n;;\n",
        b'{"name": "Zo\\u00eb", "phone": "+44"}\n',
        b'\n{"name": "Zo\xc3\xab"  ,  "phone": "+44"}',
    ],
)
def test_every_way_to_write_a_text_reads_the_same(tmp_path: Path, data: bytes) -> None:
    read = table(tmp_path, data)
    assert read.columns == ("name", "phone")
    assert [row.cells for row in read.rows()] == [["Zoë", "+44"]]
    assert read.notes == ()


def test_lines_are_where_rows_begin(tmp_path: Path) -> None:
    read = table(tmp_path, 'sep=;\nname;note\n\nAda;"two\nlines"\n;\nBob;x\n')
    assert [row.line for row in read.rows()] == [4, 7]
    assert [row.line for row in read.rows()] == [4, 7]  # as often as they are asked for


def test_an_old_windows_file_is_read_and_told(tmp_path: Path) -> None:
    read = table(tmp_path, b"name;phone\nJos\xe9;+44\n")
    assert [row.cells for row in read.rows()] == [["José", "+44"]]
    assert read.notes == ("line 2 is not in UTF-8: the file is read as Windows-1252",)


def test_a_row_that_is_too_long_is_a_problem_of_its_own(tmp_path: Path) -> None:
    rows = list(table(tmp_path, "a;b\n1;2;3\n4\n5;6;\n").rows())
    assert rows == [
        Row(2, problem="has more cells than the 2 columns of the first row"),
        Row(3, ["4", None]),
        Row(4, ["5", "6"]),
    ]


def test_a_line_that_is_not_json_is_a_problem_of_its_own(tmp_path: Path) -> None:
    rows = list(table(tmp_path, '{"a": 1}\n{"a": \n[1]\n{"b": [2]}\n{"a": null}\n{"b": true}\n').rows())
    assert rows == [
        Row(1, [1, None]),
        Row(2, problem="is not JSON"),
        Row(3, problem="is not a JSON object"),
        Row(4, problem="b must be a text or a number"),
        Row(6, [None, True]),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n ; \n", "the file is empty"),
        (b'name;phone\nAda;"+44\nBob;+45\n', "line 2: unexpected end of data"),
        (b"name;phone\nAda;\x81\xe9", "line 2 is neither in UTF-8 nor in Windows-1252"),
        (b"\xef\xbb\xbfname;phone\nAda;\xe9", "line 2 is not in utf-8-sig, as its first bytes say"),
        (b'[{"name": "Ada"}]', "a JSON array; JSON Lines has one object on each line"),
        (b"PK\x03\x04 and no more", "not a workbook that can be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"list: {said}"):
        list(table(tmp_path, data).rows())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.csv cannot be read: No such file"):
        read_table(tmp_path / "none.csv")


def test_a_workbook_keeps_numbers_dates_and_lines(tmp_path: Path) -> None:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in ([], [None, "Name", "Number", "When"], [None, "Ada", 447700900123, dt.datetime(2017, 4, 11, 9, 30)],
                [], [None, None, None, dt.date(2017, 4, 12)]):  # fmt: skip
        sheet.append(row)
    book.create_sheet("Other").append(["not", "this"])
    book.save(out)
    read = table(tmp_path, out.getvalue(), "any name")
    assert [name for name in read.columns if name] == ["Name", "Number", "When"]
    assert [(row.line, [cell for cell in row.cells if cell is not None]) for row in read.rows()] == [
        (3, ["Ada", 447700900123.0, dt.datetime(2017, 4, 11, 9, 30)]),
        (5, [dt.date(2017, 4, 12)]),
    ]
    assert read.notes == ("the sheet Sheet is read, the first of 2",)


def test_without_the_extra_a_workbook_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(ConfigurationError, match=r'pip install "buzzeasy-soap\[excel\]"'):
        table(tmp_path, b"PK\x03\x04")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(',;\t"\n'), max_size=8)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=2, max_size=5), st.sampled_from(",;\t"))
def test_any_csv_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    rows[0] = ["first", rows[0][1]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    read = table(tmp_path_factory.getbasetemp(), out.getvalue().encode("utf-8-sig"))
    plain = [[cell.strip() or None for cell in row] for row in rows]
    assert list(read.columns) == ["first", plain[0][1] or ""]
    assert [list(row.cells) for row in read.rows()] == [row for row in plain[1:] if any(row)]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), TEXTS | st.integers() | st.booleans(), max_size=3)))
def test_any_json_lines_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    data = "\n".join(map(json.dumps, [{"a": "first"}, *rows])).encode()
    read = table(tmp_path_factory.getbasetemp(), data)
    found = [
        {c: v for c, v in zip(read.columns, row.cells, strict=True) if v is not None} for row in read.rows()
    ]
    plain = [{k: v.strip() if isinstance(v, str) else v for k, v in row.items()} for row in rows]
    kept = [{k: v for k, v in row.items() if v != ""} for row in plain]
    assert found == [{"a": "first"}, *(row for row in kept if row)]
