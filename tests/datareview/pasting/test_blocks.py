"""Which rows and columns of a pasted block are what."""

from types import SimpleNamespace

import pytest

from datareview.pasting.blocks import MOST_ROWS, read_block
from teams.lib.errors import DomainError

CHOICES = [
    SimpleNamespace(number=n, kind="choice", key=key, max_points=1, options=[])
    for n, key in enumerate("CAB", start=1)
]
POINTS = [SimpleNamespace(number=n, kind="points", key="", max_points=3, options=[]) for n in (1, 2)]


def read(text, items=CHOICES, **more):
    table = read_block(text, items, **more)
    return [(row.names, list(row.cells.values())) for row in table.rows]


def test_names_and_answers_are_told_apart_with_tabs_semicolons_and_commas():
    expected = [(["Aguilar, Thea"], ["C", "A", "B"]), (["Weber"], ["", "-", "x"])]
    assert read("Aguilar, Thea\tC\tA\tB\r\nWeber\t\t-\tx\r\n") == expected
    assert read("Aguilar, Thea;C;A;B\nWeber;;-;x") == expected
    assert read('"Aguilar, Thea",C,A,B\nWeber,,-,x') == expected


def test_several_columns_may_name_the_students():
    rows = read("1001\tAguilar\tThea\tC\tA\tB\n1002\tWeber\tJonas\tC\tA\tB")
    assert [names for names, _cells in rows] == [["1001", "Aguilar", "Thea"], ["1002", "Weber", "Jonas"]]


def test_numbers_of_students_are_not_points():
    assert read("1001\t3\t1,5\n1002\t0\t½", POINTS) == [(["1001"], ["3", "1,5"]), (["1002"], ["0", "½"])]


@pytest.mark.parametrize(
    "head", ["Name\tQ3\tQ1\tTotal", "Student name\tItem 3\tItem 1\tTotal", "\t3\t1\tTotal"]
)
def test_a_header_places_the_columns(head):
    table = read_block(f"{head}\nThea\tB\tC\t2\n", CHOICES)
    assert ([row.cells for row in table.rows], table.missing, table.left_out) == (
        [{3: "B", 1: "C"}],
        [2],
        ["Total"],
    )


@pytest.mark.parametrize("key", ["Right answer\tC\tA\tB", "KEY\tC\tA\tB", "\tC\tA\tB", "Clave\tC\tA\tB"])
def test_a_row_of_keys_is_nobody(key):
    table = read_block(f"Name\t1\t2\t3\n{key}\nThea\tC\tA\tB", CHOICES)
    assert ([row.names for row in table.rows], table.has_key, table.has_header) == ([["Thea"]], True, True)


def test_words_over_the_names_are_no_student():
    assert read("Student\t\t\t\nThea\tC\tA\tB") == [(["Thea"], ["C", "A", "B"])]


def test_of_a_column_too_many_the_last_is_left_out_until_another_is_chosen():
    text = "Thea\tA\tC\tA\tB\nKai\tA\tC\tA\tB"
    table = read_block(text, CHOICES)
    assert (table.left_out, [place for place, _heading in table.spare]) == (["5"], [1, 2, 3, 4])
    assert read(text)[0] == (["Thea"], ["A", "C", "A"])
    assert read(text, without=1)[0] == (["Thea"], ["C", "A", "B"])
    assert read(text, without=99)[0] == (["Thea"], ["A", "C", "A"])


def test_short_rows_leave_items_without_a_column():
    table = read_block("Thea\tC\nKai\tA", CHOICES)
    assert (table.missing, [row.cells for row in table.rows]) == ([2, 3], [{1: "C"}, {1: "A"}])


def test_rows_keyed_in_from_a_sheet():
    assert read("12K CAB\n\n3b c.-\n") == [(["12K"], ["C", "A", "B"]), (["3B"], ["c", "", "-"])]
    assert read("12K 1,5 3", POINTS) == [(["12K"], ["1,5", "3"])]
    with pytest.raises(DomainError, match="Row 12K: 4 answers for 3 items"):
        read("12K CABA")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste the rows first"),
        ("\n\t\n", "Paste the rows first"),
        ("C\tA\tB", "No column names the students"),
        ("Name\t1\t2\t3", "no row with a student"),
        ("Thea\tC\n" * (MOST_ROWS + 1), "too much at once"),
        ("x" * 400_000, "too much at once"),
        ("Thea" + "\tC" * 400, "too much at once"),
    ],
)
def test_what_is_no_class_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(DomainError, match=sentence):
        read(text)


@pytest.mark.parametrize("head", ["", "Name\t1\t2\t3\n", "Name\t1\t2\t3\t\t\n"])
def test_a_row_with_an_answer_too_many_is_told_from_a_column_too_many(head):
    rows = "Thea\tC\tA\tB\nAnn\tC\tA\tB\nLeo\tC\tC\tA\tB\nMia\tA\tA\tA\tmoved in May\t"
    table = read_block(head + rows, CHOICES)
    assert [(row.names, row.too_many) for row in table.rows] == [
        (["Thea"], ()),
        (["Ann"], ()),
        (["Leo"], ("C", "C", "A", "B")),
        (["Mia"], ()),
    ]
    assert (table.spare, table.left_out) == ([], [])


def test_a_column_without_a_heading_that_most_rows_have_is_no_item():
    table = read_block("Name\t1\t2\t3\t\nThea\tC\tA\tB\t3\nLeo\tC\tA\tB\t3", CHOICES)
    assert (table.left_out, [row.too_many for row in table.rows]) == (["5"], [(), ()])


def test_letters_in_one_cell_are_answers_of_several_items():
    mixed = [*CHOICES, SimpleNamespace(number=4, kind="points", key="", max_points=3, options=[])]
    assert read("Thea Aguilar\tcab\t1,5\nLeo\tC-.\t3\nMia\tCABD\t2", mixed) == [
        (["Thea Aguilar"], ["c", "a", "b", "1,5"]),
        (["Leo"], ["C", "-", "", "3"]),
        (["Mia"], ["CABD", "", "", "2"]),
    ]
    assert read("Abe\tC\tA\tB\nBea\tC\tA\tB") == [(["Abe"], ["C", "A", "B"]), (["Bea"], ["C", "A", "B"])]
