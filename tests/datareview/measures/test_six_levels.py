"""A measure with six levels, in the school's words, on every page that speaks of levels."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from datareview.flags.models import Flag, Severity
from datareview.measures.queries.benchmarks import cut_columns
from datareview.measures.services.benchmarks import NewBenchmark, benchmarks_fingerprint, set_benchmarks
from datareview.measures.services.measures import NewMeasure, make_measures, measure_fingerprint
from datareview.records.models import Measure, Score
from datareview.records.queries.windows import school_windows
from datareview.rules.services.rules import adopt_preset
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import Trend
from teams.lib.errors import DomainError

WORDS = ("Novice", "Emerging", "Nearing", "Meeting", "Exceeding", "Soaring")
CUTS = {"well_below": 10, "below": 20, "at": 30, "above": 40, "well_above": 50}


def on(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def science(cast):
    """A measure with a benchmark in today's window, on which Maya is at the lowest level and Jonas at the highest."""
    (measure,) = make_measures(
        cast.school, [NewMeasure("Science", scale_max=60, decimals=0, level_names=WORDS)], actor=cast.ada
    )
    today = cast.school.today()
    window = school_windows(cast.school.pk).key_on(today)
    set_benchmarks(measure, [NewBenchmark(4, window, **CUTS)], actor=cast.ada)
    for student, value in ((cast.maya, 9), (cast.jonas, 50)):
        Score.objects.create(student=student, measure=measure, taken_on=today, value=value)
    run_trends_now(cast.school, as_of=today)
    return measure


def test_levels_are_named_and_cut_on_the_pages(cast, as_user):
    ada = as_user(cast.ada)
    levels = {f"level_{place}": name for place, name in enumerate(WORDS, start=1)} | {"first_at": 4}
    form = ada.get("/measures/new/").context["form"]
    initial = {name: form[name].initial for name in form.fields}
    described = {name: "" if value is None else value for name, value in initial.items()}
    described |= {"name": "Science", **levels}
    refused = ada.post("/measures/new/", described | {"level_5": ""})
    assert (
        refused.status_code,
        "Name the levels in order, without an empty one between them." in on(refused),
    ) == (422, True)
    ada.post("/measures/new/", described)
    measure = Measure.objects.get(name="Science")
    assert measure.words_of_levels == dict(enumerate(WORDS))
    page = ada.get(f"/measures/{measure.uuid}/benchmarks/")
    assert page.context["form"].headings == [*WORDS[1:], "Expected growth a week"]
    cells = {f"cell_4_fall_{name}": str(cut) for name, cut in CUTS.items()}
    seen = {"seen": benchmarks_fingerprint(measure)}
    wrong = ada.post(f"/measures/{measure.uuid}/benchmarks/", seen | cells | {"cell_4_fall_well_above": "39"})
    assert "Grade 4, Fall, Soaring: 39 must be above 40, the cut point before it." in on(wrong)
    ada.post(f"/measures/{measure.uuid}/benchmarks/", seen | cells)
    (row,) = measure.benchmarks.values(*CUTS)
    assert row == CUTS
    fewer = described | {"level_6": "", "seen": measure_fingerprint(measure)}
    refused = ada.post(f"/measures/{measure.uuid}/edit/", fewer)
    assert "With benchmarks, the number of levels can’t change." in on(refused)


@pytest.mark.parametrize(
    "names", [("", "", "Nearing", "Meeting", "", "Soaring"), ("Novice", "", "Nearing", "Meeting", "", "")]
)
def test_a_gap_between_levels_is_refused(cast, names):
    with pytest.raises(DomainError, match="without an empty one between"):
        make_measures(cast.school, [NewMeasure("Science", level_names=names)], actor=cast.ada)


def test_a_student_list_and_page_name_the_level(cast, science, as_user):
    assert dict(Trend.objects.filter(measure=science).values_list("student", "benchmark_level")) == {
        cast.maya.pk: 0,
        cast.jonas.pk: 5,
    }
    ana = as_user(cast.ana)
    chips = re.findall(r'level-chip level-(\d)">.*?</svg>\s*(\w+)', on(ana.get("/students/")))
    assert {chip for chip in chips if chip[1] in WORDS} == {("1", "Novice"), ("4", "Soaring")}
    for student, chip in ((cast.maya, ("1", "Novice")), (cast.jonas, ("4", "Soaring"))):
        page = on(ana.get(reverse("datareview:student-measures", args=[student.uuid])))
        assert chip in re.findall(r'level-chip level-(\d)">.*?</svg>\s*(\w+)', page)


def test_data_counts_each_level_and_opens_its_students(cast, science, as_user):
    ana = as_user(cast.ana)
    lines = ana.get("/data/").context["board"].lines
    (line,) = [one for one in lines if one.measure == science]
    assert [(one.name, one.css, one.count) for one in line.levels] == [
        ("Novice", "level-1", 1),
        ("Emerging", "level-1", 0),
        ("Nearing", "level-2", 0),
        ("Meeting", "level-3", 0),
        ("Exceeding", "level-4", 0),
        ("Soaring", "level-4", 1),
    ]
    assert line.share.text == "50%"
    opened = {
        one.name: [row.student for row in ana.get(one.url.partition("#")[0]).context["page"].table.page]
        for one in line.levels
        if one.url
    }
    assert opened == {"Novice": [cast.maya], "Soaring": [cast.jonas]}
    drawing = ana.get(line.url.partition("#")[0]).context["page"].drawing.chart
    assert [series.name for series in drawing.series] == list(WORDS)
    assert [list(series.y) for series in drawing.series] == [[1], [0], [0], [0], [0], [1]]


def test_the_lowest_level_is_for_acting(cast, science):
    adopt_preset(cast.school, "below-benchmark", measure=science, actor=cast.ada)
    run_trends_now(cast.school, as_of=cast.school.today())
    flag = Flag.objects.get(rule__measure=science)
    assert (flag.student, flag.severity) == (cast.maya, Severity.ACT)


@pytest.mark.parametrize(("first_at", "lowest"), [(2, 2), (3, 1), (4, 0), (5, -1), (6, -2)])
def test_the_benchmark_is_anywhere_among_six_levels(cast, as_user, first_at, lowest):
    """As in WIDA's six levels, of which a school may call only the last one enough."""
    ada = as_user(cast.ada)
    form = ada.get("/measures/new/").context["form"]
    described = {name: form[name].initial or "" for name in form.fields} | {"scale_min": 0, "decimals": 0}
    described |= {f"level_{place}": name for place, name in enumerate(WORDS, start=1)}
    ada.post("/measures/new/", described | {"name": "Speaking", "first_at": first_at, "scale_max": 60})
    measure = Measure.objects.get(name="Speaking")
    assert measure.words_of_levels == dict(enumerate(WORDS, start=lowest))
    edited = ada.get(f"/measures/{measure.uuid}/edit/").context["form"]
    assert [edited[f"level_{place}"].initial for place in range(1, 7)] == list(WORDS)
    assert edited["first_at"].initial == first_at
    window = school_windows(cast.school.pk).key_on(cast.school.today())
    columns = cut_columns(measure)
    assert (len(columns), columns[first_at - 2]) == (5, "at")
    cuts = dict(zip(columns, (10, 20, 30, 40, 50), strict=True))
    set_benchmarks(measure, [NewBenchmark(4, window, **cuts)], actor=cast.ada)
    for student, value in ((cast.maya, 9), (cast.jonas, 50), (cast.ines, 30)):
        Score.objects.create(student=student, measure=measure, taken_on=cast.school.today(), value=value)
    run_trends_now(cast.school, as_of=cast.school.today())
    levels = dict(Trend.objects.filter(measure=measure).values_list("student__first_name", "benchmark_level"))
    assert levels == {"Maya": lowest, "Ines": lowest + 3, "Jonas": lowest + 5}
    ana = as_user(cast.ana)
    (line,) = [one for one in ana.get("/data/").context["board"].lines if one.measure == measure]
    assert [(one.name, one.count) for one in line.levels] == [
        (name, int(name in ("Novice", "Meeting", "Soaring"))) for name in WORDS
    ]
    assert line.share.text == ("67%" if first_at <= 4 else "33%")
    opened = {
        one.name: [str(row.student) for row in ana.get(one.url.partition("#")[0]).context["page"].table.page]
        for one in line.levels
        if one.url
    }
    assert opened == {"Novice": [str(cast.maya)], "Meeting": [str(cast.ines)], "Soaring": [str(cast.jonas)]}
