"""Headers under a title or in two rows, rows that lack their last cells, and other habits of programs that write tables."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from teams.tables.limits import EmptyTable, Limits, TableTooLarge
from teams.tables.reading import read_table
from tests.properties import given, st

LIMITS = Limits(most_bytes=100_000, most_rows=100)


def read(content, name="table.csv"):
    return read_table(content.encode() if isinstance(content, str) else content, name, LIMITS)


def test_a_title_above_the_header_is_left_out_and_told():
    table = read("Lincoln Elementary\nPrinted 11/24/2026\n\nid,name,score\n1,Ana,70\n2,Tom,71\n3,Bo,72\n")
    assert table.columns == ["id", "name", "score"]
    assert (table.rows[0], table.lines) == (["1", "Ana", "70"], [5, 6, 7])
    assert table.notes == ["Left out above the columns’ names: “Lincoln Elementary Printed 11/24/2026”."]


def test_groups_above_a_header_tell_equal_names_apart():
    table = read(",,Fall,,Winter,\nid,name,Score,Level,Score,Level\n1,Ana,70,2,75,3\n2,Tom,71,2,80,3\n")
    assert table.columns == ["id", "name", "Fall Score", "Fall Level", "Winter Score", "Winter Level"]
    assert (len(table.rows), table.notes) == (2, [])


def test_a_header_in_two_full_rows_is_one():
    table = read("id,Fall,Fall,Winter,Winter\n,Score,Level,Score,Level\n1,70,2,75,3\n2,71,2,80,3\n")
    assert table.columns == ["id", "Fall Score", "Fall Level", "Winter Score", "Winter Level"]
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "name,Q,Q,Q,R,R,R\nAna,A,B,C,A,C,C\nTom,A,B,C,A,B,B\n",
        "id,score,score\n1,70,70\n2,71,71\n",
        "name,mark,mark\nAna,Yes,No\nTom,No,No\n",
    ],
)
def test_rows_of_values_under_repeated_names_are_no_header(text):
    assert len(read(text).rows) == 2


def test_a_table_of_one_column_and_one_of_few_rows_keep_their_first_row_as_header():
    assert read("id\n1\n2\n").columns == ["id"]
    assert read("id,name\n1,Ana\n").columns == ["id", "name"]
    with pytest.raises(EmptyTable):
        read("id,name\n")


def test_rows_that_lack_or_have_empty_cells_at_their_end_are_whole():
    table = read("id,name,score,note\n1,Ana,70\n2,Tom,71,,,\n3,Bo\n")
    assert table.rows == [["1", "Ana", "70", ""], ["2", "Tom", "71", ""], ["3", "Bo", "", ""]]
    assert read("id,name,score,note\n1,Ana,70,\nSee below\n").ragged == [(3, ["See below"])]


def test_line_breaks_in_a_header_are_spaces():
    assert read('id,"Reading\nScore"\n1,70\n').columns == ["id", "Reading Score"]


def test_quotes_with_a_backslash_are_quotes():
    text = 'id,name,score\n1,"O\\"Brien, Ana",70\n2,"Tom ""T"" Berg",71\n'
    assert read(text).rows == [["1", 'O"Brien, Ana', "70"], ["2", 'Tom "T" Berg', "71"]]
    assert read('id,path,x\n1,"C:\\data\\",70\n2,"b",71\n').rows[0] == ["1", "C:\\data\\", "70"]


def test_one_byte_of_another_encoding_leaves_all_accents_right():
    data = "id,name\n1,Zoë\n2,Núñez\n".encode() + b"3,Pe\xf1a\n"
    table = read(data)
    assert [name for _number, name in table.rows] == ["Zoë", "Núñez", "Peña"]
    assert table.notes == [
        "Some characters are not encoded like the others: ñ. Check the words that have them."
    ]


def test_a_zip_called_xls_is_measured_before_it_is_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000_000)
    with pytest.raises(TableTooLarge, match="unpacks to more than"):
        read(content.getvalue(), "sheet.xls")


def test_a_workbook_with_a_title_is_read_like_a_file():
    made = Workbook()
    for row in (["Report"], [None], ["id", "name", "score"], [1, "Ana", 70], [2, "Tom", 71], [3, "Bo", 72]):
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    table = read(content.getvalue(), "book.xlsx")
    assert (table.columns, len(table.rows)) == (["id", "name", "score"], 3)


_WORD = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=8)
_CELL = st.one_of(_WORD, st.integers(0, 9999).map(str), st.floats(0, 999, width=16).map(str))


@given(st.data())
def test_what_goes_in_comes_out_in_any_encoding_and_with_any_delimiter(data):
    names = data.draw(st.lists(_WORD, min_size=2, max_size=5, unique=True))
    cells = st.lists(_CELL, min_size=len(names), max_size=len(names))
    rows = data.draw(st.lists(cells, min_size=1, max_size=30))
    mark = data.draw(st.sampled_from(",;\t|"))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(mark.join(row) for row in [names, *rows]) + end
    table = read(text.encode(encoding))
    assert (table.columns, table.rows, table.ragged) == (names, rows, [])
