"""The figures sent to the browser are valid for Plotly and look like the SVG."""

import json
from dataclasses import replace

import plotly.graph_objects as go

from datareview.charts.spec import Chart, Series
from datareview.plots.figures import figure
from teams.themes.colors import in_light


def test_plotly_knows_every_property(plotted_chart):
    made = json.loads(in_light(json.dumps(figure(plotted_chart))))
    go.Figure(data=made["data"], layout=made["layout"])  # raises for an unknown property or value


def test_it_is_json(plotted_chart):
    made = figure(plotted_chart)
    assert json.loads(json.dumps(made)) == made


def test_a_gap_is_a_gap(progress):
    line = next(
        trace for trace in figure(progress)["data"] if trace["mode"] == "lines" and trace["name"] == "Scores"
    )
    assert line["y"] == [62.0, 64.0, None, 66.0, 65.0]
    assert line["x"][2] is None


def test_hovering_shows_the_names(slope):
    assert figure(slope)["data"][0]["text"][1] == "Maya O 74"


def test_levels_are_shares_from_the_lowest(levels):
    layout = figure(levels)["layout"]
    assert (layout["barmode"], layout["barnorm"]) == ("stack", "percent")


def test_no_label_becomes_a_link(slope):
    evil = '<a href="https://evil.example">Maya</a>'
    made = json.dumps(figure(slope.with_texts(lambda text: f"{evil}{text}")))
    assert "Maya&lt;/a&gt;" in made
    assert "<" not in made


def test_points_and_bars_carry_the_pages_that_they_open(slope, levels):
    for chart in (slope, levels):
        links = [f"/students/{index}/" for index in range(len(chart.series[0].x))]
        linked = replace(chart, series=[replace(chart.series[0], links=links), *chart.series[1:]])
        first, *others = figure(linked)["data"]
        assert [one for one in first["customdata"] if one] == links
        assert all("customdata" not in one for one in others)


def test_a_ribbon_is_as_wide_as_its_students_and_opens_them(moves):
    linked = replace(moves, series=[replace(one, links=("", "/a/", "")) for one in moves.series])
    made = [trace for trace in figure(linked)["data"] if trace["type"] == "scatter"]
    found = {trace["text"]: (trace["x"][0], trace["x"][-1] - trace["x"][0]) for trace in made}
    assert found == {
        "Below → Below: 3": (0, 3),
        "Below → At: 2": (3, 2),
        "At → At: 3": (5, 3),
        "Above → Below: 1": (8, 1),
        "Above → Above: 1": (9, 1),
    }
    assert [trace["text"] for trace in made if "meta" in trace] == ["At → At: 3"]


def test_points_of_a_class_stand_above_its_name(classes):
    made = figure(classes)
    points = next(trace for trace in made["data"] if trace["mode"] == "markers")
    assert [round(x) for x in points["x"]] == [0, 0, 0, 0, 1, 1, 1]
    assert made["layout"]["xaxis"]["ticktext"] == ["4A", "Others"]


def test_ends_of_lines_have_the_names_of_the_drawing(slope):
    texts = [note["text"] for note in figure(slope)["layout"]["annotations"]]
    assert texts[-2:] == ["Maya O 74", "Jonas W 75"]


def test_points_are_selected_by_drawing_around_them_only_where_asked(classes, levels):
    linked = replace(classes, series=[replace(one, links=["/a/"] * len(one.x)) for one in classes.series])
    assert figure(linked)["layout"]["dragmode"] == "zoom"
    assert figure(linked, selects=True)["layout"]["dragmode"] == "lasso"
    assert figure(linked, selects=True)["config"]["modeBarButtonsToRemove"] == []
    assert figure(levels, selects=True)["layout"]["dragmode"] == "zoom"


def test_counts_have_the_color_that_is_read_on_their_level(levels):
    colors = [trace["insidetextfont"]["color"] for trace in figure(levels)["data"]]

    assert colors == [f"var(--on-level-{level})" for level in "1234"]


def test_an_axis_of_numbers_says_what_they_are():
    points = Series(kind="points", name="Students", x=[141.0, 160.0], y=[5.0, -2.0])
    chart = Chart(title="Growth", sentence="", x_label="score in fall", x_kind="number", series=[points])
    assert figure(chart)["layout"]["xaxis"]["title"]["text"] == "score in fall"
