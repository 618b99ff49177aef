"""A student over the years: classes, levels by the year's own grade, days here, support, what was handed over."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.anecdotes.services.anecdotes import AnecdoteValues, write_anecdote
from datareview.records.models import AttendanceDay, Benchmark, Score, Section
from datareview.students.queries.years import years_of_student
from tests.conftest import START, TODAY

pytestmark = pytest.mark.django_db

YEAR = dt.timedelta(days=364)


def last_year(cast, back=1):
    """A class of grade 3 that Tom taught, with a score at its benchmark and ten days, one of them missed."""
    first = START - back * YEAR
    year = cast.school.years.create(
        name=f"Year {back}", starts_on=first, ends_on=first + dt.timedelta(days=280)
    )
    section = Section.objects.create(
        school=cast.school, year=year, local_id=f"old{back}", name="3B", grade=4 - back, is_core=True
    )
    section.teachers.add(cast.staff.tom)
    section.enrollments.create(student=cast.maya, starts_on=first, ends_on=year.ends_on)
    Score.objects.create(
        student=cast.maya, measure=cast.fluency, value=80, taken_on=first + dt.timedelta(days=60)
    )
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            student=cast.maya, day=first + dt.timedelta(days=n), mark="unexcused" if n == 3 else "present"
        )
        for n in range(10)
    )
    return year


def test_each_year_has_its_class_level_days_and_support(cast):
    cast.maya.entered_on = START - 3 * YEAR
    cast.maya.save()
    last_year(cast)
    for window in ("fall", "winter", "spring"):
        Benchmark.objects.create(measure=cast.fluency, grade=3, window=window, below=50, at=70, above=120)
    found = years_of_student(cast.cora, cast.maya)
    now, before = found.years
    assert [one.name for one in found.measures] == ["Oral reading fluency"]
    assert (now.year.name, now.grade, now.teachers, now.plans) == ("This year", 4, ["Ana R"], [cast.plan])
    assert (before.grade, before.teachers, before.days_here, before.plans) == (3, ["Tom B"], "90%", [])
    assert [(one.text, one.level) for one in before.scores] == [("80", 3)]
    assert now.scores[0].text == "68"


def test_a_year_with_nothing_on_record_is_left_out(cast):
    cast.school.years.create(name="Empty", starts_on=START - 2 * YEAR, ends_on=START - YEAR)
    assert [one.year.name for one in years_of_student(cast.cora, cast.maya).years] == ["This year"]


def test_what_is_handed_over_is_in_its_year_for_those_who_may_read_it(cast, as_user):
    note = AnecdoteValues("Reads best aloud", TODAY, is_handover=True)
    write_anecdote(cast.maya, actor=cast.ana, values=note)
    write_anecdote(cast.maya, actor=cast.ana, values=AnecdoteValues("Not this", TODAY))
    address = reverse("datareview:student-years", args=[cast.maya.uuid])
    page = as_user(cast.tom).get(address).content.decode()
    assert ("Reads best aloud" in page, "Not this" in page) == (True, False)
    write_anecdote(
        cast.jonas, actor=cast.ana, values=AnecdoteValues("Alone", TODAY, is_handover=True, sharing="me")
    )
    other = (
        as_user(cast.tom).get(reverse("datareview:student-years", args=[cast.jonas.uuid])).content.decode()
    )
    assert "Alone" not in other


def test_a_note_handed_over_in_the_holidays_is_in_the_year_that_ended(cast):
    last_year(cast, 1)
    last, this = cast.school.years.order_by("starts_on")
    day = last.ends_on + dt.timedelta(days=7)
    assert day < this.starts_on
    note = AnecdoteValues("Reads best aloud", day, is_handover=True)
    write_anecdote(cast.maya, actor=cast.ana, values=note)
    years = years_of_student(cast.cora, cast.maya).years
    assert [(one.year, len(one.handovers)) for one in years if one.handovers] == [(last, 1)]


def test_more_years_take_no_more_queries(cast, as_user):
    address = reverse("datareview:student-years", args=[cast.maya.uuid])
    cora, counts = as_user(cast.cora), []
    for back in (1, 2, 3):
        last_year(cast, back)
        cora.get(address)
        with CaptureQueriesContext(connection) as found:
            assert cora.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]
