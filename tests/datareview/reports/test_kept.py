"""Figures are kept until what they come from changes; those of many students are computed by a worker first."""

import datetime as dt

import pytest
from django.core.cache import cache

from datareview.cohorts.queries import cohort_of
from datareview.records.models import Benchmark, Measure, Score, Student
from datareview.reports import services
from datareview.reports.queries import kept
from datareview.reports.queries.kept import are_kept, basis_of
from datareview.reports.tasks import prepare_report
from datareview.runs.models import TrendPart
from datareview.runs.services.runs import run_trends_now, start_trend_run
from teams.documents.models import Document
from teams.documents.tasks import make_document
from teams.jobs.models import Job
from teams.lib import clock
from tests.conftest import make_student

QUERY = {"of": "school"}
WAITS = 'hx-trigger="every 2s"'


@pytest.fixture(autouse=True)
def computed(cast, monkeypatch):
    """Trends of today, nothing kept yet; the days on which figures were computed."""
    run_trends_now(cast.school, as_of=cast.school.today())
    days, compute = [], kept.figures_of

    def figures_of(school, measures, students, since):
        days.append(since)
        return compute(school, measures, students, since)

    monkeypatch.setattr(kept, "figures_of", figures_of)
    cache.delete(basis(cast).key)
    return days


def basis(cast, days=28):
    cohort = cohort_of(cast.cora, cast.school, "school")
    return basis_of(cohort, cast.school.today() - dt.timedelta(days=days))


def test_figures_are_computed_once(cast, as_user, computed):
    first, second = (as_user(cast.cora).get("/reports/", QUERY).text for _time in range(2))

    assert computed == [basis(cast).since]
    assert first.count("Maya") == second.count("Maya") > 0


def test_who_sees_other_students_gets_other_figures(cast):
    of_ana = basis_of(cohort_of(cast.ana, cast.school, f"team:{cast.team.uuid}"), basis(cast).since)

    assert of_ana.key != basis(cast, days=27).key != basis(cast).key


@pytest.mark.parametrize("change", ["score", "benchmark", "student", "grade", "takers"])
def test_a_change_makes_new_figures(cast, change):
    before = basis(cast).key
    if change == "score":
        Score.objects.filter(student=cast.maya).update(value=99)
        run_trends_now(cast.school, as_of=cast.school.today())
    elif change == "benchmark":
        Benchmark.objects.update(at=3)
    elif change == "student":
        make_student(cast.school, "901", "New", "Here", 4)
    elif change == "takers":
        Measure.objects.filter(pk=cast.fluency.pk).update(lowest_grade=4)
    else:
        Student.objects.filter(pk=cast.maya.pk).update(grade=5)

    assert basis(cast).key != before


def test_while_new_data_are_computed_nothing_is_claimed(cast, as_user):
    run = start_trend_run(cast.school, actor=None, trigger="import")
    page = as_user(cast.cora).get("/reports/", QUERY).text

    assert "Trends are being computed" in page
    assert WAITS in page
    assert "Maya" not in page
    Job.objects.filter(pk__in=run.parts.values("job")).update(created_at=clock.now() - dt.timedelta(hours=1))
    assert "Maya" in as_user(cast.cora).get("/reports/", QUERY).text


def test_a_run_of_another_grade_does_not_wait(cast, as_user):
    run = start_trend_run(cast.school, actor=None, trigger="import")
    other = type(run.parts.get().scope).objects.create(school=cast.school, grade=9)
    TrendPart.objects.update(scope=other)

    assert "Maya" in as_user(cast.cora).get("/reports/", QUERY).text


def test_a_pdf_waits_for_new_data(cast, as_user):
    response = as_user(cast.cora).get("/reports/download/", QUERY)
    document = Document.objects.get(uuid=response["Location"].split("/")[2])
    start_trend_run(cast.school, actor=None, trigger="import")
    make_document(document.job_id)
    document.job.refresh_from_db()

    assert (document.job.state, document.job.attempt) == (Job.State.QUEUED, 0)


def test_figures_of_many_students_come_from_a_worker(cast, as_user, computed, monkeypatch):
    monkeypatch.setattr(services, "MANY", 2)
    client = as_user(cast.cora)
    pages = [client.get("/reports/", QUERY).text for _time in range(2)]
    (job,) = Job.objects.filter(kind=services.PREPARE)

    assert [(WAITS in page, "Maya" in page) for page in pages] == [(True, False)] * 2
    assert computed == []
    prepare_report(job.pk)
    assert are_kept(basis(cast))
    assert "Maya" in client.get("/reports/", QUERY).text
    assert computed == [basis(cast).since]


def test_without_a_worker_the_page_computes(cast, as_user, monkeypatch):
    monkeypatch.setattr(services, "MANY", 2)
    as_user(cast.cora).get("/reports/", QUERY)
    Job.objects.filter(kind=services.PREPARE).update(created_at=clock.now() - dt.timedelta(minutes=1))

    assert "Maya" in as_user(cast.cora).get("/reports/", QUERY).text


def test_without_a_cache_the_page_computes_after_the_worker_did(cast, as_user, monkeypatch):
    monkeypatch.setattr(services, "MANY", 2)
    as_user(cast.cora).get("/reports/", QUERY)
    prepare_report(Job.objects.get(kind=services.PREPARE).pk)
    cache.delete(basis(cast).key)

    assert "Maya" in as_user(cast.cora).get("/reports/", QUERY).text


def test_a_worker_computes_nothing_for_who_lost_the_role(cast, as_user, computed, monkeypatch):
    monkeypatch.setattr(services, "MANY", 2)
    as_user(cast.cora).get("/reports/", QUERY)
    cast.cora.staff_rows.update(ends_on=cast.school.today() - dt.timedelta(days=1))
    prepare_report(Job.objects.get(kind=services.PREPARE).pk)

    assert computed == []
