"""The SVG: well-formed, without inline styles, lines broken at gaps, names where they matter."""

import datetime as dt
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from datareview.charts import svg
from datareview.charts.marks import runs
from datareview.charts.spec import Band, Chart, Line, Series
from teams.lib import formats

WIDTHS = [(760, 260), (360, 240), (340, 180)]


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_every_kind_is_well_formed(any_chart, width, height):
    root = ET.fromstring(svg.render(any_chart, width=width, height=height))
    assert root.attrib["viewBox"].split()[2] == str(width)
    assert root.attrib["aria-label"] == any_chart.sentence


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_nothing_is_drawn_outside_the_box(any_chart, width, height):
    root = ET.fromstring(svg.render(any_chart, width=width, height=height))
    for mark in root.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("cx", width), ("cy", height)):
            assert -0.5 <= float(mark.attrib.get(name, 0)) <= most + 0.5, (mark.tag, name)


def test_there_is_no_inline_style_for_the_content_policy_to_refuse(any_chart):
    assert "style=" not in svg.render(any_chart)


def test_the_same_chart_gives_the_same_bytes(any_chart):
    assert svg.render(any_chart) == svg.render(Chart.from_json(any_chart.to_json()))


def test_a_name_cannot_bring_markup():
    chart = Chart('"><script>', "<b>", series=[Series("points", "<i>", ("a",), (1,))], x_kind="category")
    drawn = svg.render(chart)
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_a_line_breaks_at_a_gap_and_at_a_missing_value(progress):
    assert runs(progress.series[2]) == [[0, 1], [3, 4]]


def test_a_goal_line_spans_any_gap(progress):
    assert runs(progress.series[1]) == [[0, 1]]


def test_named_students_can_be_reached_by_keyboard(slope):
    root = ET.fromstring(svg.render(slope))
    stops = [mark.attrib["aria-label"] for mark in root.iter() if mark.attrib.get("tabindex") == "0"]
    assert stops == ["Maya O: Fall 62, Winter 74", "Jonas W: Fall 70, Winter 75"]
    assert root.attrib["role"] == "group"


def test_a_drawing_without_stops_is_one_image(progress):
    assert ET.fromstring(svg.render(progress)).attrib["role"] == "img"


def test_counts_are_inside_their_segments(levels):
    texts = [mark.text for mark in ET.fromstring(svg.render(levels)).iter() if mark.tag == "text"]
    assert texts[-12:] == ["Fall", "2", "3", "4", "1", None, "Winter", "1", "2", "4", "3", None]


@pytest.mark.parametrize(
    ("band", "line", "key"), [("at or above", "benchmark", "at or above"), ("", "at 3", "at 3")]
)
def test_an_edge_is_named_once(band, line, key):
    series = Series("points", "a", ("Fall", "Winter"), (1, 5))
    marks = {"bands": [Band(3, None, band)], "lines": [Line("y", 3, line, role="benchmark")]}
    drawn = ET.fromstring(svg.render(Chart("t", "s", x_kind="category", series=[series], **marks)))
    texts = [mark.text for mark in drawn.iter("text")]
    assert [text for text in texts if text in {"at or above", "benchmark", "at 3"}] == [key]


def test_a_flow_counts_each_level_before_and_after(moves):
    texts = [mark.text for mark in ET.fromstring(svg.render(moves)).iter() if mark.tag == "text"]
    assert texts == ["Below", "At", "Above", "Fall", "5", "3", "2", "Winter", "4", "5", "1"]


def test_points_of_the_same_class_are_beside_each_other_at_the_same_places_every_day(classes):
    root = ET.fromstring(svg.render(classes))
    places = [float(mark.attrib["cx"]) for mark in root.iter("circle")]
    assert len(set(places)) == len(places) == 6
    assert svg.render(classes) == svg.render(Chart.from_json(classes.to_json()))


def test_a_day_without_a_value_has_no_square(calendar):
    titles = [mark.text for mark in ET.fromstring(svg.render(calendar)).iter("title")]
    days = [formats.short_day(dt.date(2026, *day)) for day in ((9, 7), (9, 14), (9, 21), (10, 26))]
    squares = zip(("Many", "Many", "Few", "Few"), days, (12, 14, 1, 2), strict=True)
    assert titles == [f"{level}, {day}: {value}" for level, day, value in squares]


def test_a_hidden_group_has_a_reason_and_no_point(gaps):
    root = ET.fromstring(svg.render(gaps))
    assert "fewer than 10" in [mark.text for mark in root.iter("text")]
    assert len(list(root.iter("circle"))) == 2


def test_hundreds_of_points_are_one_path_at_the_same_places():
    values = [float(n % 17) for n in range(200)]
    many = Chart("t", "s", x_kind="number", series=[Series("points", "a", values, values)])
    drawn = ET.fromstring(svg.render(many))
    assert not list(drawn.iter("circle"))
    (dots,) = [mark for mark in drawn.iter("path") if mark.attrib.get("stroke-linecap") == "round"]
    assert dots.attrib["d"].count("M") == 200
    few = ET.fromstring(svg.render(replace(many, series=[Series("points", "a", values[:20], values[:20])])))
    first = next(few.iter("circle")).attrib
    assert dots.attrib["d"].startswith(f"M{first['cx']} {first['cy']}h0")
