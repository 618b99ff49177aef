import pytest

from datareview.items.pasting import PastedItem, read_items, read_ranges


def short(items):
    return [(one.number, one.kind, one.key, one.points, one.code) for one in items]


KEYS = [(1, "choice", "C", None, ""), (2, "choice", "A", None, ""), (3, "choice", "B", None, "")]


@pytest.mark.parametrize(
    "text",
    [
        "C A B",
        "C\tA\tB",
        "CAB",
        "cab",
        "C,A,B",
        "C; A; B",
        "C\nA\nB",
        "\nC A B\n\n",
        "C\tA\tB\t\t\n",
        "1\t2\t3\nC\tA\tB",
        "Q1\tQ2\tQ3\nC\tA\tB",
        "1. C\n2. A\n3. B",
        "1) C\n2) A\n3) B",
        "Q1\tC\nQ2\tA\nQ3\tB",
    ],
)
def test_a_row_or_column_of_keys(text):
    assert (short(read_items(text)[0]), read_items(text)[1]) == (KEYS, [])


@pytest.mark.parametrize(
    "text",
    [
        "Item\tKey\tPoints\tStandard\n1\tC\t1\t4.NF.A.1\n2\t\t2,5\t4.NF.A.2\n3\t\t0-4\t",
        "Standard\tPts\tAnswer\tQ\n4.NF.A.1\t1\tc\t1\n4.NF.A.2\t2.5\t\t2\n\t0–4\t\tQ3",
        "Item,Key,Points,Standard\n1,C,1,4.NF.A.1\n2,,2.5,4.NF.A.2\n3.,,0-4,",
        "Pregunta;Clave;Puntos;Estándar\n1;C;1;4.NF.A.1\n2;;2,5;4.NF.A.2\n3;;0 - 4;",
        "1\tC\t1\t4.NF.A.1\n2\t\t2,5\t4.NF.A.2\n3\t\t0-4\t",
        "Item\t1\t2\t3\nKey\tC\t\t\nPoints\t1\t2.5\t0-4\nStandard\t4.NF.A.1\t4.NF.A.2",
    ],
)
def test_columns_in_any_order_with_or_without_headings_and_across(text):
    items, problems = read_items(text)
    assert problems == []
    assert short(items) == [
        (1, "choice", "C", 1.0, "4.NF.A.1"),
        (2, "points", "", 2.5, "4.NF.A.2"),
        (3, "rubric", "", 4.0, ""),
    ]


def test_keys_points_and_scales_in_one_row():
    assert short(read_items("C\tB\t2\t0-4")[0]) == [
        (1, "choice", "C", None, ""),
        (2, "choice", "B", None, ""),
        (3, "points", "", 2.0, ""),
        (4, "rubric", "", 4.0, ""),
    ]


@pytest.mark.parametrize("text", ["CABDCA22", "cabd ca 22", "CABD CA22", "CABD C A 2 2"])
def test_keys_written_together_with_points_behind_them(text):
    items, problems = read_items(text)
    assert [item.key or item.points for item in items] == ["C", "A", "B", "D", "C", "A", 2.0, 2.0]
    assert ([item.number for item in items], problems) == (list(range(1, 9)), [])


@pytest.mark.parametrize(("text", "keys"), [("AC B D", ["AC", "B", "D"]), ("ABC AB D", ["ABC", "AB", "D"])])
def test_several_letters_may_be_one_key(text, keys):
    assert [item.key for item in read_items(text.replace(" ", "\t"))[0]] == keys


def test_texts_and_choices():
    text = 'Item\tKey\tText\tA\tB\tC\n1\tB\t"1/4 + 2/4 = ?"\t3/4\t3/8\t\n5\tC\tWhich?\tx\t\tz'
    assert read_items(text)[0] == [
        PastedItem(1, key="B", prompt="1/4 + 2/4 = ?", options=("3/4", "3/8")),
        PastedItem(5, key="C", prompt="Which?", options=("x", "", "z")),
    ]


def test_kinds_are_named():
    text = "Item\tType\tPoints\n1\tMultiple choice\t1\n2\tRubric\t4\n3\tOpen\t2"
    assert [one.kind for one in read_items(text)[0]] == ["choice", "rubric", "points"]


def test_lines_that_cannot_be_read_are_said():
    items, problems = read_items("Item\tPoints\nfirst\t1\n2\tmany\n3\t1")
    assert short(items) == [(3, "points", "", 1.0, "")]
    assert problems == ["Line 1: “first” is no number of an item.", "Line 2: “many” is no number of points."]


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_nothing_is_no_item(text):
    assert read_items(text) == ([], [])


def test_a_whole_book_is_refused():
    assert read_items("A\n" * 401) == ([], ["These are more than 400 lines."])


@pytest.mark.parametrize(
    "text",
    [
        "1–2 4.NF.A.1, 3: RI 4.2",
        "1-2: 4.NF.A.1; 3 = RI 4.2",
        "1, 2: 4.NF.A.1\n3: RI 4.2",
        "1 – 2 4.NF.A.1\n3 RI 4.2\n",
    ],
)
def test_standards_by_range(text):
    assert read_ranges(text) == ({1: "4.NF.A.1", 2: "4.NF.A.1", 3: "RI 4.2"}, [])


@pytest.mark.parametrize(
    "text",
    [
        "1 to 3 RI 4.2, 5 and 6 A.1",
        "1 a 3: RI 4.2; 5 y 6 A.1",
        "Items 1-3 RI 4.2, items 5 to 6: A.1",
        "1 through 3 RI 4.2 5 & 6 A.1",
    ],
)
def test_ranges_in_words(text):
    assert read_ranges(text) == ({1: "RI 4.2", 2: "RI 4.2", 3: "RI 4.2", 5: "A.1", 6: "A.1"}, [])


def test_ranges_that_say_nothing_are_said():
    assert read_ranges("4.NF.A.1, 5-6") == ({}, ["“4.NF.A.1”: which items?", "Items 5, 6: which standard?"])
