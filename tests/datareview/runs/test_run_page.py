"""The page of one run: its changes, a page of them at a time."""

import datetime as dt

import pytest
from django.urls import reverse

from datareview.flags.models import Change
from datareview.records.models import Student
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from teams.lib import clock


@pytest.fixture
def run(cast):
    run = run_trends_now(cast.school, as_of=cast.school.today())
    Change.objects.all().delete()
    return run


def _level_moved(run, student, measure, before=2, after=3):
    return Change.objects.create(
        run=run,
        student=student,
        measure=measure,
        kind=Change.Kind.LEVEL,
        before=before,
        after=after,
        seen_at=clock.now(),
    )


def test_a_level_that_moved_is_said_in_words(cast, run, as_user):
    _level_moved(run, cast.maya, cast.fluency)
    page = as_user(cast.cora).get(run.get_absolute_url()).text

    assert "Oral reading fluency: Below, now At benchmark" in page


def test_changes_are_paged_and_filtered_by_kind(cast, run, as_user):
    made = [
        Student(school=cast.school, first_name="Kim", last_name=f"K{n:03}", local_id=f"k{n}", grade=4)
        for n in range(31)
    ]
    for student in Student.objects.bulk_create(made):
        _level_moved(run, student, cast.fluency)
    client, address = as_user(cast.cora), run.get_absolute_url()
    first, second = (client.get(address, {"kind": "level", "page": page}).text for page in (1, 2))

    assert [page.count("Kim K0") for page in (first, second)] == [30, 1]
    assert "1–30 of 31" in first
    assert "None of this kind." in client.get(address, {"kind": "opened"}).text
    assert "1–30 of 31" in client.get(address, {"kind": "nonsense", "page": "x"}).text


def test_last_computed_is_the_newest_run(cast, as_user):
    TrendRun.objects.all().delete()
    for ago in (1, 9, 4):
        made = clock.now() - dt.timedelta(days=ago)
        row = TrendRun.objects.create(
            school=cast.school,
            trigger="request",
            as_of=made.date(),
            finished_at=made,
            counts={"trends": 10 + ago},
        )
        TrendRun.objects.filter(pk=row.pk).update(created_at=made)
    page = as_user(cast.cora).get(reverse("datareview:run-list")).content.decode()
    assert "Trends: 11." in " ".join(page.split())


def test_a_run_without_changes_says_so(cast, run, as_user):
    page = as_user(cast.cora).get(run.get_absolute_url()).text

    assert "No flags opened or cleared, and no level moved." in page
    assert "<select" not in page
