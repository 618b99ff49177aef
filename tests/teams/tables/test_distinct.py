"""Columns that have each different text once are read as columns that have each row's."""

from __future__ import annotations

from array import array

import pandas as pd
import pytest

from teams.tables.columns import Columns, Places, TextColumn
from teams.tables.days import read_days
from teams.tables.distinct import as_categories, read_as_categories, read_distinct, same_texts, text_series
from teams.tables.numbers import read_numbers

CELLS = ["70", " 1,310", "x", "70", "", " 70 "]


def column_of(cells):
    places = Places()
    places.add(cells[:4])
    places.add(cells[4:])
    return places.column()


def test_spaces_around_a_text_do_not_make_it_another():
    assert column_of(CELLS) == TextColumn(["70", "1,310", "x", ""], array("i", [0, 1, 2, 0, 3, 0]))


def test_the_first_rows_of_a_table_by_columns():
    found = Columns({"a": column_of(CELLS), "b": column_of(CELLS)}, array("i", range(2, 8)), [], [])
    assert found.rows(2) == [["70", "70"], ["1,310", "1,310"]]
    assert [row[0] for row in found.table().rows] == [cell.strip() for cell in CELLS]


@pytest.mark.parametrize(
    "read",
    [
        read_numbers,
        lambda texts: read_days(texts).days,
        lambda texts: read_distinct(texts, lambda one: one.str.upper()),
    ],
)
def test_categories_are_read_as_texts_are(read):
    series = text_series(column_of(["3/4/2026", *CELLS, "13/4/2026"]))[1:]
    pd.testing.assert_series_equal(read(series), read(series.astype(str)))


def test_more_different_texts_than_a_byte_has_numbers():
    cells = [str(number) for number in range(300)]
    assert text_series(column_of(cells)).tolist() == cells


def test_columns_under_one_another_keep_their_texts():
    one, other = text_series(column_of(CELLS)), text_series(column_of(["x", "y"]))
    assert as_categories([one, other]).tolist() == [*one.tolist(), "x", "y"]
    assert same_texts(["b", "a", "b"], 2).tolist() == ["b", "b", "a", "a", "b", "b"]
    assert list(read_as_categories(other, lambda texts: texts.str.upper()).cat.categories) == ["X", "Y"]
