"""Setting the dates of benchmark windows, by the service and on the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from datareview.measures.services.windows import NewWindow, fit_windows, set_windows, windows_fingerprint
from datareview.records.models import Benchmark, BenchmarkWindow, Measure, Score
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import Trend
from teams.audit.models import AuditEvent
from teams.directory.models import SchoolYear
from teams.lib.errors import DomainError, StaleEdit


@pytest.fixture
def year(cast):
    """The school year 2026/27, in which the trends of these tests are computed."""
    SchoolYear.objects.filter(school=cast.school).update(
        starts_on=dt.date(2026, 8, 24), ends_on=dt.date(2027, 6, 11)
    )
    return SchoolYear.objects.select_related("school").get(school=cast.school)


def window(name, starts_on, ends_on, key=""):
    return NewWindow(name, dt.date(*starts_on), dt.date(*ends_on), key)


AS_OF = dt.date(2026, 12, 1)
FALL = window("Fall", (2026, 8, 31), (2026, 9, 25), "fall")
MIDYEAR = window("Midyear", (2027, 1, 4), (2027, 1, 29), "winter")
SPRING = window("Spring", (2027, 4, 26), (2027, 5, 21), "spring")


def stored(year):
    return list(BenchmarkWindow.objects.filter(year=year).values_list("key", "name", "starts_on"))


def test_windows_are_replaced_in_order_with_the_school_s_names(cast, year):
    set_windows(year, [SPRING, FALL, MIDYEAR], actor=cast.ada)
    assert stored(year) == [
        ("fall", "", dt.date(2026, 8, 31)),
        ("winter", "Midyear", dt.date(2027, 1, 4)),
        ("spring", "", dt.date(2027, 4, 26)),
    ]
    event = AuditEvent.objects.get(verb="set-windows")
    assert (event.actor, event.data["windows"]["fall"]) == (cast.ada, "2026-08-31/2026-09-25")
    assert TrendRun.objects.get().requested_by == cast.ada
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.cora)
    assert (AuditEvent.objects.filter(verb="set-windows").count(), TrendRun.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (dt.date(2026, 9, 25), 3),  # the last day of the fall's window
        (dt.date(2026, 9, 26), 3),  # between two windows: the window before
        (dt.date(2026, 11, 20), 3),
    ],
)
def test_a_score_between_windows_is_judged_by_the_window_before(cast, year, day, level):
    """100 is at the fall's benchmark (94) and below the winter's (120)."""
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada)
    Score.objects.all().delete()
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=day, value=100)
    run_trends_now(cast.school, as_of=AS_OF)
    assert Trend.objects.get().benchmark_level == level


@pytest.mark.parametrize(("starts_on", "level"), [((2026, 11, 20), 2), ((2026, 11, 21), 3)])
def test_a_score_on_the_first_day_of_a_window_is_judged_by_it(cast, year, starts_on, level):
    winter = window("Winter", starts_on, (2027, 1, 29), "winter")
    set_windows(year, [FALL, winter, SPRING], actor=cast.ada)
    Score.objects.all().delete()
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=dt.date(2026, 11, 20), value=100)
    run_trends_now(cast.school, as_of=AS_OF)
    assert Trend.objects.get().benchmark_level == level


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "1 to 8 windows"),
        ([FALL, window("fall ", (2027, 1, 4), (2027, 1, 29))], "name of its own"),
        ([window("Fall", (2026, 9, 25), (2026, 9, 24))], "ends before it starts"),
        ([window("Fall", (2026, 8, 1), (2026, 8, 23))], "is outside This year"),
        ([FALL, window("Winter", (2026, 9, 25), (2027, 1, 29))], "Fall and Winter overlap"),
    ],
)
def test_impossible_windows_are_refused_and_nothing_is_kept(cast, year, windows, words):
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada)
    before = stored(year)
    with pytest.raises(DomainError, match=words):
        set_windows(year, windows, actor=cast.ada)
    assert stored(year) == before


def test_windows_that_touch_the_year_at_one_day_are_kept(cast, year):
    early = window("Early", (2026, 8, 1), (2026, 8, 24))
    set_windows(year, [early, FALL, MIDYEAR, SPRING], actor=cast.ada)
    assert stored(year)[0] == ("early", "Early", dt.date(2026, 8, 1))


def test_a_window_with_benchmarks_is_not_removed(cast, year):
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada)
    with pytest.raises(DomainError, match=r"benchmarks: Spring. .* of “Oral reading fluency”"):
        set_windows(year, [FALL, MIDYEAR], actor=cast.ada)
    Benchmark.objects.filter(window="spring").delete()
    set_windows(year, [FALL, MIDYEAR], actor=cast.ada)
    assert [key for key, *_rest in stored(year)] == ["fall", "winter"]


def own_windows():
    return [
        window("BOY", (2026, 8, 31), (2026, 9, 25)),
        window("MOY", (2027, 1, 4), (2027, 1, 29)),
        window("EOY", (2027, 4, 26), (2027, 5, 21)),
    ]


def test_usual_windows_with_benchmarks_are_not_replaced_but_renamed(cast, year):
    """The year has no windows of its own yet, so the usual fall, winter and spring count in it."""
    with pytest.raises(DomainError, match="benchmarks: Fall, Winter, Spring"):
        set_windows(year, own_windows(), actor=cast.ada)
    assert (stored(year), TrendRun.objects.count()) == ([], 0)
    keys = ("fall", "winter", "spring")
    renamed = [replace(one, key=key) for one, key in zip(own_windows(), keys, strict=True)]
    set_windows(year, renamed, actor=cast.ada)
    assert [(key, name) for key, name, _day in stored(year)] == [
        ("fall", "BOY"),
        ("winter", "MOY"),
        ("spring", "EOY"),
    ]


def test_windows_of_the_year_before_are_not_replaced_while_they_have_benchmarks(cast, year):
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada)
    later = SchoolYear.objects.create(
        school=cast.school, name="Next", starts_on=dt.date(2027, 8, 23), ends_on=dt.date(2028, 6, 9)
    )
    windows = [
        replace(one, starts_on=one.starts_on + dt.timedelta(364), ends_on=one.ends_on + dt.timedelta(364))
        for one in own_windows()
    ]
    with pytest.raises(DomainError, match="benchmarks: Fall, Midyear, Spring"):
        set_windows(later, windows, actor=cast.ada)
    Benchmark.objects.all().delete()
    set_windows(later, windows, actor=cast.ada)
    assert [key for key, *_rest in stored(later)] == ["boy", "moy", "eoy"]


def test_a_refusal_names_five_measures_and_counts_the_others(cast, year):
    for n in range(6):
        measure = Measure.objects.create(
            school=cast.school, key=f"m{n}", name=f"Check {n}", domain="academic"
        )
        Benchmark.objects.create(measure=measure, grade=4, window="spring", at=5)
    with pytest.raises(DomainError, match="“Check 0”, “Check 1”, “Check 2”, “Check 3”, “Check 4”, 2 others"):
        set_windows(year, [FALL, MIDYEAR], actor=cast.ada)


def test_another_person_s_windows_are_not_overwritten_unseen(cast, year):
    seen = windows_fingerprint(year)
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada, seen=seen)
    with pytest.raises(StaleEdit) as error:
        set_windows(year, [FALL], actor=cast.cora, seen=seen)
    assert error.value.current.startswith("Fall Aug 31")


@pytest.mark.parametrize("person", ["ana", "sol", "pia", "zed"])
def test_only_coordinator_and_administrator_set_windows(cast, year, person):
    with pytest.raises(PermissionDenied):
        set_windows(year, [FALL], actor=getattr(cast, person))


def posted(seen, *windows):
    rows = {}
    for place, one in enumerate(windows):
        for name in ("key", "name", "starts_on", "ends_on"):
            rows[f"windows-{place}-{name}"] = str(getattr(one, name))
    return {
        "seen": seen,
        "windows-TOTAL_FORMS": len(windows),
        "windows-INITIAL_FORMS": 0,
        **rows,
    }


def test_the_page_shows_usual_days_and_keeps_the_school_s_own(cast, year, as_user):
    ada = as_user(cast.ada)
    assert "usual days" in ada.get("/measures/windows/").content.decode()
    address = f"/measures/windows/{year.uuid}/"
    form = ada.get(address)
    assert [row.initial["key"] for row in form.context["windows"] if row.initial] == [
        "fall",
        "winter",
        "spring",
    ]
    seen = windows_fingerprint(year)
    assert ada.post(address, posted(seen, FALL, MIDYEAR, SPRING)).status_code == 302
    page = ada.get("/measures/windows/").content.decode()
    assert "usual days" not in page
    assert "Midyear: " in page


def test_a_stale_form_shows_both_versions_and_saves_the_second_time(cast, year, as_user):
    cora, address, seen = as_user(cast.cora), f"/measures/windows/{year.uuid}/", windows_fingerprint(year)
    set_windows(year, [FALL, MIDYEAR, SPRING], actor=cast.ada)
    late = window("Midyear", (2027, 1, 11), (2027, 2, 5), "winter")
    refused = cora.post(address, posted(seen, FALL, late, SPRING))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "It says now: “Fall Aug 31" in page
    assert 'value="2027-01-11"' in page
    again = windows_fingerprint(year)
    assert f'value="{again}"' in page
    assert cora.post(address, posted(again, FALL, late, SPRING)).status_code == 302
    assert stored(year)[1] == ("winter", "Midyear", dt.date(2027, 1, 11))


def test_a_school_without_a_year_is_led_to_its_calendar(cast, as_user):
    SchoolYear.objects.filter(school=cast.school).delete()
    page = as_user(cast.ada).get("/measures/windows/").content.decode()
    assert "no school year yet" in page
    assert "Add a school year" in page


LATE = window("Spring", (2027, 5, 24), (2027, 6, 25), "spring")


def test_a_window_half_outside_the_year_is_said_and_cut_with_one_click(cast, year, as_user):
    set_windows(year, [FALL, MIDYEAR, LATE], actor=cast.ada)
    cora = as_user(cast.cora)
    page = " ".join(cora.get("/measures/windows/").content.decode().split())
    assert "Some of these days are outside the school year" in page
    assert "Cut to the school year" in page
    assert cora.post(f"/measures/windows/{year.uuid}/fit/").status_code == 302
    spring = BenchmarkWindow.objects.get(year=year, key="spring")
    assert (spring.starts_on, spring.ends_on) == (dt.date(2027, 5, 24), year.ends_on)
    assert "outside the school year" not in cora.get("/measures/windows/").content.decode()


def test_a_window_wholly_outside_the_year_is_not_cut(cast, year, as_user):
    set_windows(year, [FALL, MIDYEAR, LATE], actor=cast.ada)
    year.ends_on = dt.date(2027, 5, 21)
    year.save()
    with pytest.raises(DomainError, match="Spring has no day in"):
        fit_windows(year, actor=cast.ada)
    page = as_user(cast.cora).get("/measures/windows/").content.decode()
    assert "Some of these days are outside the school year" in " ".join(page.split())
    assert "Cut to the school year" not in page
