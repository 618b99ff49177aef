"""How a person corrects the way in which a file is read, and what is found without one: widths, tables, ends, no header."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from openpyxl import Workbook

from teams.tables.limits import EmptyTable, Limits
from teams.tables.reading import read_table
from teams.tables.ways import Way, way_of
from tests.properties import given, st

LIMITS = Limits(most_bytes=100_000, most_rows=100)
TWO = "Room 1\nid,score\n1,70\n2,71\n\nRoom 2\nwho,points\n3,5\n4,6\n5,7\n"
FIXED = "1001  Ana Ruiz   70\n1002  Bo Li      71\n1003  Cy Young    5\n"


def read(content, name="table.csv", **way):
    return read_table(content.encode() if isinstance(content, str) else content, name, LIMITS, Way(**way))


def workbook(*sheets, merge=""):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_what_a_person_says_of_an_encoding_counts():
    table = read("número;José\n1;2\n".encode("cp850"), encoding="cp850")
    assert (table.columns, table.as_read["encoding"]) == (["número", "José"], "cp850")


def test_what_a_person_says_of_the_delimiter_counts():
    table = read("a;b,c\n1;2,3\n", delimiter=",")
    assert (table.columns, table.rows) == (["a;b", "c"], [["1;2", "3"]])


def test_fixed_widths_are_found_or_said():
    found = read(FIXED)
    assert found.rows == [["1001", "Ana Ruiz", "70"], ["1002", "Bo Li", "71"], ["1003", "Cy Young", "5"]]
    assert found.as_read["widths"] == [1, 7, 18]
    said = read("id  name\n1   A B\n", delimiter="fixed", widths=(1, 5), header=1)
    assert (said.columns, said.rows) == (["id", "name"], [["1", "A B"]])


def test_a_file_without_names_of_columns_loses_no_row():
    table = read("1001,Ana,2026-11-24\n1002,Bo,2026-11-23\n1003,Cy,2026-11-20\n")
    assert table.columns == ["column 1", "column 2", "column 3"]
    assert (len(table.rows), table.lines[0], table.as_read["header"]) == (3, 1, 0)
    assert read("a,b\n1,2\n", header=0).rows == [["a", "b"], ["1", "2"]]


def test_the_row_with_the_names_is_the_one_that_a_person_says():
    text = "x,y\nFall,Fall\nid,score\n1,70\n"
    assert read(text, header=3, header_rows=1).columns == ["id", "score"]
    assert read("x,y,y\n,Fall,Winter\nid,score,score\n1,7,8\n", header=3).columns == [
        "id",
        "Fall score",
        "Winter score",
    ]
    assert read(text, header=99).columns == read(text).columns  # the next file may be shorter


def test_the_largest_of_several_tables_is_read_and_another_one_if_said():
    table = read(TWO)
    assert (table.columns, table.lines, table.as_read["tables"]) == (
        ["who", "points"],
        [8, 9, 10],
        ["id · score", "who · points"],
    )
    assert table.notes[0] == "The file has several tables. The one with “who · points” was read."
    first = read(TWO, table=1)
    assert (first.columns, first.rows) == (["id", "score"], [["1", "70"], ["2", "71"]])


def test_tables_side_by_side_are_one_unless_said():
    text = "id,score,,id,points\n1,70,,3,5\n2,71,,4,6\n,,,5,7\n"
    assert read(text).columns == ["id", "score", "column 3", "id (2)", "points"]
    right = read(text, table=3)
    assert (right.columns, right.rows) == (["id", "points"], [["3", "5"], ["4", "6"], ["5", "7"]])


def test_blank_rows_and_a_header_on_each_page_are_one_table():
    table = read("id,score\n1,70\n\nid,score\n2,71\n\n3,72\n")
    assert (table.rows, "tables" in table.as_read) == ([["1", "70"], ["2", "71"], ["3", "72"]], False)


@pytest.mark.parametrize(
    "end",
    [
        "Total,,213",
        "Class average:,,71.0",
        "Total: 3,,",
        "Number of students = 3,,",
        "Printed 3/4/2026 by Ana",
    ],
)
def test_totals_below_a_table_are_no_rows_and_are_told(end):
    table = read(f"id,name,score\n1,Ana,70\n2,Tom,71\n3,Bo,72\n{end}\n")
    assert (len(table.rows), table.ragged, len(table.notes)) == (3, [], 1)
    assert table.notes[0].startswith("Left out below the table: “")


def test_a_student_called_like_a_total_stays():
    assert len(read("last,first,score\nLi,Bo,70\nSum,Lee,71\n").rows) == 2


def test_no_row_after_the_last_one_is_read():
    assert read("id,score\n1,70\n2,71\n9,99\n", last=3).rows == [["1", "70"], ["2", "71"]]


def test_the_first_sheet_with_a_table_is_read_or_the_one_that_is_said():
    data = workbook(
        ("Read me", [["Exported for Lincoln"]]),
        ("Data", [["id", "score"], [1, 70]]),
        ("B", [["a", "b"], [1, 2]]),
    )
    table = read(data, "book.xlsx")
    assert (table.columns, table.as_read["sheet"]) == (["id", "score"], "Data")
    assert table.notes == ["The sheet “Data” was read."]
    assert read(data, "book.xlsx", sheet="B").columns == ["a", "b"]
    assert read(data, "book.xlsx", sheet="gone").columns == ["id", "score"]


def test_cells_that_are_merged_downwards_count_for_each_row():
    rows = [["class", "id"], ["7A", 1], [None, 2], [None, 3]]
    assert read(workbook(("A", rows), merge="A2:A4"), "book.xlsx").rows == [
        ["7A", "1"],
        ["7A", "2"],
        ["7A", "3"],
    ]


@given(
    st.builds(
        Way,
        st.sampled_from(["", "cp1250", "utf-8"]),
        st.sampled_from(["", ";", "fixed"]),
        st.lists(st.integers(1, 90), max_size=4).map(tuple),
        st.text(max_size=5),
        st.integers(0, 4),
        st.none() | st.integers(0, 30),
        st.integers(0, 2),
        st.integers(0, 30),
    )
)
def test_any_way_is_stored_as_it_is_and_reads_any_table_or_says_why(way):
    assert way_of(way.stored()) == way
    with suppress(EmptyTable):
        table = read_table(TWO.encode(), "table.csv", LIMITS, way)
        assert {len(row) for row in table.rows} <= {len(table.columns)}
