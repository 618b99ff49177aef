"""A chart's description: strict, plain, and the same after JSON."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from datareview.charts.spec import Band, Chart, Line, Series, Table


def test_a_chart_survives_json(any_chart):
    assert Chart.from_json(json.loads(json.dumps(any_chart.to_json()))) == any_chart


def test_json_is_the_same_for_the_same_chart(any_chart):
    again = Chart.from_json(any_chart.to_json())
    assert json.dumps(again.to_json()) == json.dumps(any_chart.to_json())


def test_numbers_of_any_library_become_plain():
    series = Series("line", "a", pd.to_datetime(["2026-09-07", "2026-09-14"]), np.array([1, np.nan]))
    assert series.x == (dt.date(2026, 9, 7), dt.date(2026, 9, 14))
    assert series.y == (1.0, None)


def test_a_level_line_in_a_chart_of_dates_stays_a_number():
    chart = Chart("t", "s", lines=[Line("y", 120), Line("x", dt.date(2026, 9, 7))])
    assert [line.at for line in Chart.from_json(chart.to_json()).lines] == [120.0, dt.date(2026, 9, 7)]


def test_different_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Series("line", "a", ("Fall",), (1, 2))


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="unknown role"):
        Series("line", "a", ("Fall",), (1,), role="pink")


def test_another_version_is_refused():
    with pytest.raises(ValueError, match="version"):
        Chart.from_json({"version": 2})


def test_missing_cells_and_days_are_plain_in_a_table():
    table = Table(("a", "b"), [(None, dt.date(2026, 9, 7)), (np.float64(1.5), np.int64(2))])
    assert table.rows == ((None, "2026-09-07"), (1.5, 2.0))


def test_an_empty_chart_knows_that_it_is_empty():
    assert Chart("t", "s", series=[Series("line", "a", ("Fall",), (None,))], bands=[Band(1, 2)]).is_empty


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "students/"]
)
def test_a_chart_leads_to_pages_of_this_site_only(link):
    with pytest.raises(ValueError, match="not a page of this site"):
        Series("points", "a", ("Fall",), (1,), links=(link,))
    with pytest.raises(ValueError, match="not a page of this site"):
        Table(("a",), [("b",)], links=((link,),))


def test_pages_of_points_and_cells_are_kept_and_older_charts_have_none():
    chart = Chart(
        "t",
        "s",
        x_kind="category",
        series=[Series("bars", "a", ("Fall",), (1,), links=("/data/",))],
        table=Table(("a",), [("b",)], links=(("/data/",),)),
    )
    plain = json.loads(json.dumps(chart.to_json()))
    again = Chart.from_json(plain)
    assert (again.series[0].links, again.table.links) == (("/data/",), (("/data/",),))
    del plain["series"][0]["links"], plain["table"]["links"]
    older = Chart.from_json(plain)
    assert (older.series[0].links, older.table.links) == ((), ())
