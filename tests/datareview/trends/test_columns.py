"""Bulk reading and writing of columns, equal on every database."""

import datetime as dt

import numpy as np
import pytest
from django.db.models import F

from datareview.records.models import Score, Student
from datareview.trends.columns import read_columns, upsert_columns
from datareview.trends.models import Trend
from teams.lib import clock

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 2, 29).toordinal()


def write(student, measure, **columns):
    rows = {"student_id": np.array([student.pk]), "measure_id": np.array([measure.pk])}
    rows |= {"status": np.array([1.0]), "n": np.array([7.0]), "has_outlier": np.array([0.0])}
    rows |= {name: np.array([value]) for name, value in columns.items()}
    stamp = {"as_of": dt.date(2024, 3, 1), "method_version": "1", "computed_at": clock.now()}
    texts = {"status": ("it's", "ok")}
    upsert_columns(Trend, rows, unique=("student", "measure"), texts=texts, stamp=stamp)


def test_numbers_days_truths_texts_and_gaps_arrive_as_they_left(cast):
    write(
        cast.maya,
        cast.fluency,
        slope=0.1 + 0.2,
        first_on=DAY,
        last_on=np.nan,
        has_outlier=1,
        percentile=np.nan,
    )
    row = Trend.objects.get()
    assert (row.student, row.measure, row.status, row.n) == (cast.maya, cast.fluency, "ok", 7)
    assert (row.slope, row.has_outlier, row.percentile) == (0.1 + 0.2, True, None)
    assert (row.first_on, row.last_on, row.as_of) == (dt.date(2024, 2, 29), None, dt.date(2024, 3, 1))
    found = read_columns(Trend.objects.all(), "student_id", "slope", "first_on", "last_on", "has_outlier")
    assert {name: column.tolist() for name, column in found.items() if name != "last_on"} == {
        "student_id": [cast.maya.pk],
        "slope": [0.1 + 0.2],
        "first_on": [DAY],
        "has_outlier": [1],
    }
    assert np.isnan(found["last_on"]).all()


def test_a_second_writing_changes_the_row_and_adds_none(cast):
    write(cast.maya, cast.fluency, slope=1.0)
    known = Trend.objects.get().pk
    write(cast.maya, cast.fluency, slope=np.nan, status=0)
    row = Trend.objects.get()
    assert (row.pk, row.slope, row.status) == (known, None, "it's")


def test_twice_in_one_transaction_and_nothing_at_all(cast):
    write(cast.maya, cast.fluency, slope=1.0)
    write(cast.jonas, cast.fluency, slope=2.0)
    upsert_columns(Trend, {"slope": np.empty(0)}, unique=("student",), texts={}, stamp={})
    assert sorted(Trend.objects.values_list("slope", flat=True)) == [1.0, 2.0]


def test_every_row_is_read_once_however_they_are_packed(cast):
    first = dt.date(1999, 12, 31)
    Score.objects.all().delete()
    Score.objects.bulk_create(
        Score(student=cast.maya, measure=cast.fluency, value=n / 3, taken_on=first + dt.timedelta(days=n))
        for n in range(5000)
    )
    found = read_columns(Score.objects.filter(student=cast.maya), "id", "taken_on", "value")
    order = np.argsort(found["taken_on"])
    assert found["taken_on"][order].tolist() == [first.toordinal() + n for n in range(5000)]
    assert found["value"][order].tolist() == [n / 3 for n in range(5000)]


def test_annotations_are_read_and_no_rows_are_no_numbers(cast):
    rows = Score.objects.filter(student=cast.ines).annotate(twice=F("value") * 2)
    assert sorted(read_columns(rows, "id", "twice")["twice"].tolist()) == [220, 224, 226]
    assert read_columns(Student.objects.none(), "id")["id"].tolist() == []
    assert read_columns(Score.objects.filter(value__gt=9999), "id", "value")["value"].tolist() == []
