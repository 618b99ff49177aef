"""The grid of benchmarks: order, gaps, pasted blocks, and two people at once."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile

from datareview.measures.forms.benchmarks import NumberField
from datareview.measures.services.benchmarks import (
    BenchmarksRefused,
    NewBenchmark,
    benchmarks_fingerprint,
    set_benchmarks,
)
from datareview.records.models import Benchmark
from datareview.runs.models import TrendRun
from teams.audit.models import AuditEvent
from teams.lib.errors import StaleEdit

FALL = NewBenchmark(4, "fall", 94, 68, 125, 1.2)


def stored(measure):
    rows = Benchmark.objects.filter(measure=measure).order_by("grade", "window")
    return list(rows.values_list("grade", "window", "below", "at", "above", "growth_per_week"))


def test_benchmarks_are_replaced_as_a_whole(cast):
    new = [FALL, NewBenchmark(5, "fall", 121, 87, 153)]
    assert set_benchmarks(cast.fluency, new, actor=cast.ada) == 2
    assert stored(cast.fluency) == [(4, "fall", 68, 94, 125, 1.2), (5, "fall", 87, 121, 153, None)]
    event = AuditEvent.objects.get(verb="set-benchmarks")
    assert (event.actor, event.data) == (cast.ada, {"before": 3, "after": 2})
    set_benchmarks(cast.fluency, list(reversed(new)), actor=cast.cora)
    assert TrendRun.objects.count() == AuditEvent.objects.filter(verb="set-benchmarks").count() == 1


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (
            NewBenchmark(3, "winter", 90, None, 120),
            (3, "winter", "below"),
            "Grade 3, Winter, Below is empty.",
        ),
        (
            NewBenchmark(3, "winter", 90, 95, 120),
            (3, "winter", "at"),
            "Grade 3, Winter, At benchmark: 90 must be above 95, the cut point before it.",
        ),
        (
            NewBenchmark(3, "winter", 90, 80, 90),
            (3, "winter", "above"),
            "Grade 3, Winter, Above: 90 must be above 90, the cut point before it.",
        ),
        (
            NewBenchmark(3, "winter", 90, 80, 251),
            (3, "winter", "above"),
            "Grade 3, Winter, Above: 251 is outside the scale of 0 to 250.",
        ),
        (
            NewBenchmark(3, "summer", 90, 80, 100),
            (3, "summer", "at"),
            "Grade 3, summer: the school has no such window or grade.",
        ),
        (NewBenchmark(4, "fall", 94, 68, 125), (4, "fall", "at"), "Grade 4, Fall is given twice."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(cast, row, cell, sentence):
    before = stored(cast.fluency)
    with pytest.raises(BenchmarksRefused) as error:
        set_benchmarks(cast.fluency, [FALL, row], actor=cast.ada)
    assert error.value.cells == {cell: sentence}
    assert str(error.value) == sentence
    assert stored(cast.fluency) == before


def test_many_wrong_cells_are_counted(cast):
    rows = [NewBenchmark(grade, "fall", None) for grade in range(3)]
    with pytest.raises(BenchmarksRefused, match=r"And 4 more\.$") as error:
        set_benchmarks(cast.fluency, rows, actor=cast.ada)
    assert len(error.value.cells) == 9


def test_cut_points_fall_where_lower_is_better(cast):
    Benchmark.objects.all().delete()
    cast.fluency.higher_is_better = False
    cast.fluency.save()
    set_benchmarks(cast.fluency, [NewBenchmark(4, "fall", 50, 80, 20)], actor=cast.ada)
    with pytest.raises(BenchmarksRefused, match="must be below 50"):
        set_benchmarks(cast.fluency, [NewBenchmark(4, "fall", 50, 80, 60)], actor=cast.ada)


def test_a_measure_with_two_levels_has_one_cut_point(cast):
    cast.fluency.level_names = ["", "Not yet", "Secure", ""]
    cast.fluency.save()
    set_benchmarks(cast.fluency, [NewBenchmark(4, "fall", 50, 99, 1)], actor=cast.ada)
    assert stored(cast.fluency) == [(4, "fall", None, 50, None, None)]


@pytest.mark.parametrize("person", ["ana", "sol", "pia", "zed"])
def test_only_coordinator_and_administrator_set_benchmarks(cast, person):
    with pytest.raises(PermissionDenied):
        set_benchmarks(cast.fluency, [FALL], actor=getattr(cast, person))


def cells(seen, **values):
    return {"seen": seen, "source": "Ours", **{f"cell_{name}": text for name, text in values.items()}}


GRADE_4 = {"4_fall_below": "68", "4_fall_at": "94", "4_fall_above": "125"}


def test_the_page_keeps_the_grid_and_names_wrong_cells(cast, as_user):
    ada, address = as_user(cast.ada), f"/measures/{cast.fluency.uuid}/benchmarks/"
    page = ada.get(address).content.decode()
    assert 'name="cell_4_fall_at" value="94"' in page
    assert 'name="cell_0_spring_growth_per_week"' in page
    seen = benchmarks_fingerprint(cast.fluency)
    wrong = ada.post(address, cells(seen, **GRADE_4 | {"4_fall_at": "60"}))
    assert wrong.status_code == 422
    assert "Grade 4, Fall, At benchmark: 60 must be above 68" in wrong.content.decode()
    no_number = ada.post(address, cells(seen, **GRADE_4 | {"4_fall_at": "many"}))
    assert no_number.status_code == 422
    assert 'value="many"' in no_number.content.decode()
    assert len(stored(cast.fluency)) == 3
    assert ada.post(address, cells(seen, **GRADE_4 | {"4_fall_at": "94,5"})).status_code == 302
    assert stored(cast.fluency) == [(4, "fall", 68, 94.5, 125, None)]
    assert Benchmark.objects.get().source == "Ours"


@pytest.mark.parametrize(
    ("text", "low", "high", "value"),
    [
        ("94,5", 0, 250, 94.5),
        ("0,125", 0, 2000, 0.125),
        ("1,20", 0, 2000, 1.2),
        ("1,200", 100, 1600, 1200),  # 1.2 is outside
        ("1,200", 0, 250, 1.2),  # 1200 is outside
        ("1,200", 300, 850, 1200),  # both are outside, which the service says
        ("-1,200", -2000, -500, -1200),
        (" 1,200.5 ", 0, 2000, 1200.5),
        ("1,234,567", 0, 2_000_000, 1_234_567),
    ],
)
def test_commas_are_decimal_or_between_thousands(text, low, high, value):
    assert NumberField(low=low, high=high).clean(text) == value


@pytest.mark.parametrize("text", ["1.200,5", "1,2,3", ",", "1,200,30"])
def test_commas_in_other_places_are_no_number(text):
    with pytest.raises(ValidationError, match="Enter a number"):
        NumberField(low=0, high=2000).clean(text)


def test_a_number_that_can_be_read_in_two_ways_is_refused(cast, as_user):
    """The scale from 0 to 2000 contains both 1.2 and 1200."""
    cast.fluency.scale_max = 2000
    cast.fluency.save()
    address, seen = f"/measures/{cast.fluency.uuid}/benchmarks/", benchmarks_fingerprint(cast.fluency)
    before = stored(cast.fluency)
    refused = as_user(cast.ada).post(address, cells(seen, **GRADE_4 | {"4_fall_above": "1,200"}))
    assert refused.status_code == 422
    assert "“1,200” can be 1200 or 1.200. Type it without the comma." in refused.content.decode()
    assert stored(cast.fluency) == before


LONG = "Grade\tWindow\tBelow\tAt\tAbove\tGrowth\n4\tFall\t68\t94\t125\t1.2\nGrade 3\twinter\t79\t97\t137\n"
WIDE = "4;1;2;3;4;5;6;7;8;9"


@pytest.mark.parametrize(
    ("pasted", "values"),
    [
        (LONG, {"4_fall_at": "94", "4_fall_growth_per_week": "1.2", "3_winter_above": "137"}),
        (WIDE, {"4_fall_below": "1", "4_winter_at": "5", "4_spring_above": "9"}),
        ("k,fall,1,2,3", {"0_fall_at": "2"}),
    ],
)
def test_a_pasted_block_fills_cells_and_saves_nothing(cast, as_user, pasted, values):
    address = f"/measures/{cast.fluency.uuid}/benchmarks/"
    data = {**cells(benchmarks_fingerprint(cast.fluency)), "pasted": pasted, "fill": "1"}
    page = as_user(cast.ada).post(address, data)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Nothing is saved yet." in text
    for name, value in values.items():
        assert f'name="cell_{name}" value="{value}"' in text
    assert len(stored(cast.fluency)) == 3


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("4\tfall\t1\t2\t3\n11\tfall\t1\t2\t3", "Line 2: “11” is no grade of this grid."),
        ("4\t1\t2", "Line 1 needs a window after the grade, or 9 cut points in all."),
        ("hello", "Paste rows with a grade"),
        ("", "Paste rows with a grade"),
    ],
)
def test_a_block_that_cannot_be_read_fills_nothing(cast, as_user, pasted, words):
    address = f"/measures/{cast.fluency.uuid}/benchmarks/"
    data = {**cells(benchmarks_fingerprint(cast.fluency)), "pasted": pasted, "fill": "1"}
    page = as_user(cast.ada).post(address, data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Nothing is saved yet." not in page.content.decode()


def test_a_downloaded_grid_comes_back_as_a_file(cast, as_user):
    client, address = as_user(cast.ada), f"/measures/{cast.fluency.uuid}/benchmarks"
    grid = client.get(f"{address}.csv").content.decode("utf-8-sig")
    lines = grid.splitlines()
    assert lines[0].startswith("Grade,Window,")
    [row] = [number for number, line in enumerate(lines) if line.startswith("Grade 4,Winter,")]
    lines[row] = "Grade 4,Winter,70,96,,"
    data = {**cells(benchmarks_fingerprint(cast.fluency)), "fill": "1"}
    before = stored(cast.fluency)
    page = client.post(
        f"{address}/", {**data, "file": ContentFile("\r\n".join(lines).encode(), name="grid.csv")}
    )
    text = page.content.decode()
    assert f"{len(lines) - 1} rows filled. Nothing is saved yet." in text
    assert 'name="cell_4_winter_at" value="96"' in text
    assert 'name="cell_4_fall_at" value="94"' in text
    assert stored(cast.fluency) == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("grid.xlsx", b"not a sheet", "can’t be read"),
        ("grid.csv", b"Grade,Window,Below\n4,Fall,1\n11,Fall,1\n", "Line 3: “11” is no grade of this grid."),
        ("grid.csv", b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_fills_nothing(cast, as_user, name, content, words):
    data = {**cells(benchmarks_fingerprint(cast.fluency)), "fill": "1"}
    data["file"] = ContentFile(content, name=name)
    page = as_user(cast.ada).post(f"/measures/{cast.fluency.uuid}/benchmarks/", data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Nothing is saved yet." not in page.content.decode()


def test_two_people_at_one_grid_see_both_versions(cast, as_user):
    cora, address = as_user(cast.cora), f"/measures/{cast.fluency.uuid}/benchmarks/"
    seen = benchmarks_fingerprint(cast.fluency)
    set_benchmarks(cast.fluency, [FALL], actor=cast.ada, seen=seen)
    with pytest.raises(StaleEdit):
        set_benchmarks(cast.fluency, [], actor=cast.cora, seen=seen)
    refused = cora.post(address, cells(seen, **GRADE_4 | {"4_fall_at": "95"}))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Someone changed these benchmarks" in page
    assert "Grade 4, Fall, At benchmark: stored 94, typed 95" in page
    assert "Below: stored" not in page
    again = benchmarks_fingerprint(cast.fluency)
    assert f'value="{again}"' in page
    assert cora.post(address, cells(again, **GRADE_4 | {"4_fall_at": "95"})).status_code == 302
    assert stored(cast.fluency)[0][3] == 95
