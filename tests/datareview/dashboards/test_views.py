"""The dashboard's page."""

import datetime as dt
import re
from statistics import median

from django.urls import reverse

from collab.agendas.queries.exhibits import chart_choices
from datareview.dashboards.queries.dashboards import dashboard_of
from datareview.records.models import Benchmark, BenchmarkWindow, Score, Section
from tests.conftest import make_measure
from tests.factories.windows import let_winter_begin_today


def test_another_team_is_shown_to_htmx_too(cast, as_user):
    address = reverse("datareview:dashboard-show", query={"team": cast.team.uuid})
    answer = as_user(cast.ana).get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<main" in answer.content.decode()


def test_a_measure_without_benchmarks_has_a_panel_and_can_go_on_an_agenda(cast):
    Benchmark.objects.all().delete()
    year = cast.school.years.get()
    BenchmarkWindow.objects.create(year=year, key="fall", starts_on=year.starts_on, ends_on=year.ends_on)
    (panel,) = dashboard_of(cast.ana, cast.team).panels
    scores = Score.objects.filter(measure=cast.fluency).order_by("student", "taken_on")
    last = dict(scores.values_list("student", "value"))
    assert panel.view == "levels"
    assert f"median {median(last.values()):g} in Fall; no benchmark" in panel.chart.title
    charts = dict(chart_choices(cast.ana, cast.team))[str(cast.team)]
    assert [label for _key, label in charts][:1] == ["Oral reading fluency: levels now"]


def test_sections_of_last_year_are_not_offered(cast):
    assert [one.name for one in dashboard_of(cast.ana, cast.team).sections] == ["4A", "4B"]
    earlier = cast.school.years.create(name="Last year", starts_on="2020-09-01", ends_on="2021-06-30")
    Section.objects.filter(pk=cast.section.pk).update(year=earlier)
    assert [one.name for one in dashboard_of(cast.ana, cast.team).sections] == ["4B"]


def test_moves_say_between_which_windows_and_of_how_many(cast, as_user):
    """The benchmark is 94 in fall and 120 in winter, which begins today; Ines has a score in fall only."""
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    today = cast.school.today()
    for student, values in ((cast.maya, (96, 100)), (cast.jonas, (96, 121)), (cast.ines, (96,))):
        for value, back in zip(values, (20, 0), strict=False):
            taken_on = today - dt.timedelta(days=back)
            Score.objects.create(student=student, measure=cast.fluency, taken_on=taken_on, value=value)
    address = reverse("datareview:dashboard-show", query={"team": cast.team.uuid})
    page = re.sub(r"\s+", " ", as_user(cast.ana).get(address).content.decode())
    assert "From fall to winter, 0 moved up a level and 1 down, of 2 with a level in both" in page


def test_without_a_level_in_both_windows_no_moves_are_named(cast):
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    today = cast.school.today()
    for back in (20, 0):
        taken_on = today - dt.timedelta(days=back)
        Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=taken_on, value=96)
    Benchmark.objects.filter(measure=cast.fluency, window="fall").delete()
    (panel,) = dashboard_of(cast.ana, cast.team).panels
    assert (panel.compared, panel.moves) == (0, [])


def test_a_bar_opens_the_students_behind_it_in_order_of_score(cast, as_user):
    """The benchmark is 94 in fall: Maya and Jonas are below; Ines is at it, the stranger is of another school."""
    year = cast.school.years.get()
    BenchmarkWindow.objects.create(year=year, key="fall", starts_on=year.starts_on, ends_on=year.ends_on)
    Score.objects.all().delete()
    today = cast.school.today()
    for student, value in ((cast.maya, 90), (cast.jonas, 85), (cast.ines, 96), (cast.leak, 85)):
        measure = cast.fluency if student != cast.leak else make_measure(cast.other_school)
        Score.objects.create(student=student, measure=measure, taken_on=today, value=value)
    board = dashboard_of(cast.ana, cast.team)
    (panel,) = board.panels
    client = as_user(cast.ana)
    opened = {}
    for series in panel.chart.series:
        for link, count in zip(series.links, series.y, strict=True):
            assert bool(link) == bool(count)
            if link:
                page = client.get(link).context["page"]
                opened[page.level] = [row.student.first_name for row in page.rows]
                assert len(page.rows) == count
    assert opened == {2: ["Jonas", "Maya"], 3: ["Ines"]}
    low = next(link for series in panel.chart.series[:2] for link in series.links if link)
    by_name = client.get(f"{low}&sort=name").context["page"]
    assert [row.student.first_name for row in by_name.rows] == ["Maya", "Jonas"]
    assert by_name.with_plan == 1
    in_section = client.get(f"{low}&section={cast.other_section.uuid}").context["page"]
    assert in_section.rows == []


def test_a_level_that_does_not_exist_is_not_found(cast, as_user):
    start = {"team": cast.team.uuid, "measure": cast.fluency.uuid, "window": "fall", "level": 1}
    client = as_user(cast.ana)
    for wrong in (
        {"level": 5},
        {"level": "x"},
        {"window": "summer"},
        {"measure": "x"},
        {"team": cast.other_team.uuid},
    ):
        assert client.get(reverse("datareview:level-show", query=start | wrong)).status_code == 404
