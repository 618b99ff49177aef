"""Reading tables: every encoding, delimiter and cell type gives the same rows; every damage gives a sentence."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile

import pytest
from openpyxl import Workbook

from teams.tables.headers import column_names
from teams.tables.limits import EmptyTable, Limits, TableTooLarge, UnreadableTable
from teams.tables.reading import read_table

LIMITS = Limits(most_bytes=100_000, most_rows=100)
TEXT = "id,name,score\n1001,Zoë Núñez,70\n1002,José Peña,\n"
ROWS = [["1001", "Zoë Núñez", "70"], ["1002", "José Peña", ""]]


def read(content, name="table.csv", limits=LIMITS):
    return read_table(content.encode() if isinstance(content, str) else content, name, limits)


def book(*rows, ending=".xlsx", sheets=("Scores",)):
    made = Workbook()
    made.active.title = sheets[0]
    for title in sheets[1:]:
        made.create_sheet(title)
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", ["Read as UTF-16 text."]),
        ("utf-16-le", ["Read as UTF-16 text."]),
        ("utf-16-be", ["Read as UTF-16 text."]),
        ("cp1252", ["Read as Windows text (cp1252). Check the words with accents: Zoë, Núñez, José, Peña."]),
    ],
)
def test_every_encoding_gives_the_same_rows(encoding, notes):
    table = read(TEXT.encode(encoding))
    assert (table.columns, table.rows, table.notes) == (["id", "name", "score"], ROWS, notes)


def test_of_many_words_with_accents_the_first_ten_are_named():
    words = [f"é{letter}" for letter in "abcdefghijklm"]
    (note,) = read(("name,x\n" + "".join(f"{word},1\n" for word in words)).encode("cp1252")).notes
    assert note.endswith(f"accents: {', '.join(words[:10])} and 3 more.")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_gives_the_same_rows(mark, end):
    table = read(TEXT.replace(",", mark).replace("\n", end))
    assert (table.columns, table.rows, len(table.notes)) == (["id", "name", "score"], ROWS, mark != ",")


def test_a_delimiter_inside_quotes_splits_nothing():
    table = read('"name, first, last";day;note\n"Ruiz, Ana";Mon;"says ""hi"";\nthen goes"\n')
    assert table.columns == ["name, first, last", "day", "note"]
    assert table.rows == [["Ruiz, Ana", "Mon", 'says "hi";\nthen goes']]


def test_one_column_is_a_table():
    assert read("student_id\n1001\n1002\n").rows == [["1001"], ["1002"]]


def test_cells_of_text_stay_as_they_are_but_for_spaces_around_them():
    assert read("id,score,day\n 0043 ,1.0,2026-01-05 \n").rows == [["0043", "1.0", "2026-01-05"]]


def test_cells_of_a_spreadsheet_are_text_as_people_write_it():
    content = book(
        ["id", "score", "day", "at", "text", "none"],
        [1001.0, 70.5, dt.date(2026, 1, 5), dt.datetime(2026, 1, 6, 8, 30), " 007 ", None],  # noqa: DTZ001 (as Excel stores it)
    )
    table = read(content, "table.xlsx")
    assert table.rows == [["1001", "70.5", "2026-01-05", "2026-01-06", "007", ""]]
    assert table.notes == []


def test_the_first_sheet_is_read_and_named():
    table = read(book(["id"], [1], sheets=("Scores", "Notes")), "table.xlsx")
    assert (table.rows, table.notes) == ([["1"]], ["The first sheet, “Scores”, was read."])


def test_rows_keep_their_number_in_the_file_whatever_is_blank():
    table = read("\n,,\nid,name\n\n1,Ana\n , \n2,Tom\n")
    assert (table.rows, table.lines) == ([["1", "Ana"], ["2", "Tom"]], [5, 7])


def test_blank_rows_of_a_spreadsheet_count_too():
    table = read(book([None], ["id", "name"], [None], [1, "Ana"]), "table.xlsx")
    assert (table.rows, table.lines) == ([["1", "Ana"]], [4])


def test_rows_with_another_number_of_cells_are_set_apart():
    table = read("id,name\n1,Ana\n2\n3,Tom,x\n")
    assert (table.rows, table.ragged) == ([["1", "Ana"]], [(3, ["2"]), (4, ["3", "Tom", "x"])])


def test_columns_have_unique_names():
    assert read("score,score,,score\n1,2,3,4\n").columns == ["score", "score (2)", "column 3", "score (3)"]


def test_two_thousand_equal_headers_are_named_without_comparing_each_with_each():
    compared = 0

    class Header(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        def strip(self):
            return self

        def split(self):
            return [self]

        def __getitem__(self, key):
            return self

    names = column_names([Header("score")] * 2_000)
    assert (names[0], names[1], names[-1]) == ("score", "score (2)", "score (2000)")
    assert compared < 10_000


def test_gzip_and_a_path(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(TEXT.encode(), mtime=0))
    assert read_table(path, "Table.CSV.GZ", LIMITS).rows == ROWS


def damaged_book():
    content = book(["id", "name"], [1, "Ana"])
    return content[: len(content) // 2]


def zip_of_something_else():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "hello")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "error", "sentence"),
    [
        (b"", "a.csv", EmptyTable, "The file is empty."),
        (b" \r\n\n", "a.csv", EmptyTable, "The file is empty."),
        (b"", "a.xlsx", EmptyTable, "The file is empty."),
        (gzip.compress(b"\n", mtime=0), "a.csv.gz", EmptyTable, "The file is empty."),
        (b"\xef\xbb\xbf\n", "a.csv", EmptyTable, "no rows under its header"),
        (b"id,name\n", "a.csv", EmptyTable, "no rows under its header"),
        (book(["id", "name"]), "a.xlsx", EmptyTable, "no rows under its header"),
        (book(), "a.xlsx", EmptyTable, "no rows under its header"),
        (book(["id"], [1]), "a.csv", UnreadableTable, "not a text file, whatever its name says"),
        (b"%PDF-1.7 and more", "a.csv", UnreadableTable, "not a text file, whatever its name says"),
        (b"id,na\x00me\n1,Ana\n", "a.csv", UnreadableTable, "not a text file, whatever its name says"),
        (TEXT.encode(), "a.csv.gz", UnreadableTable, "damaged or not a gzip file"),
        (
            gzip.compress(TEXT.encode(), mtime=0)[:-12],
            "a.csv.gz",
            UnreadableTable,
            "damaged or not a gzip file",
        ),
        (
            gzip.compress(TEXT.encode(), mtime=0)[:12] + b"\xff" * 20,
            "a.csv.gz",
            UnreadableTable,
            "damaged or not a gzip file",
        ),
        (damaged_book(), "a.xlsx", UnreadableTable, "This spreadsheet can’t be read"),
        (zip_of_something_else(), "a.xlsx", UnreadableTable, "This spreadsheet can’t be read"),
        (TEXT.encode(), "a.ods", UnreadableTable, "This spreadsheet can’t be read"),
        (TEXT.encode(), "a.xls", UnreadableTable, "This spreadsheet can’t be read"),
        (b"id\n" + b'"' + b"x" * 140_000, "a.csv", UnreadableTable, "field larger than field limit"),
        (b"id\n" + b"1\n" * 4, "a.csv", TableTooLarge, "more than 3 rows"),
        (book(["id"], [1], [2], [3], [4]), "a.xlsx", TableTooLarge, "more than 3 rows"),
        (b"id\n" + b"1" * 200_000, "a.csv", TableTooLarge, "larger than 0 MB"),
        (b"a," * 2_501 + b"\n1\n", "a.csv", TableTooLarge, "more than 2500 columns"),
        (gzip.compress(b"1" * 4_000_000, mtime=0), "a.csv.gz", TableTooLarge, "unpacks to more than 2 MB"),
    ],
    ids=lambda value: "file" if isinstance(value, bytes) else None,  # a workbook's bytes hold the time
)
def test_each_kind_of_unreadable_file_has_its_own_error_and_sentence(content, name, error, sentence):
    with pytest.raises(error, match=sentence):
        read(content, name, Limits(most_bytes=150_000, most_rows=3))
