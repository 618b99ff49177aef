"""The report on paper: two pages, in the numbers of Data."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from datareview.cohorts.queries import cohort_of
from datareview.dashboards.queries.board import data_board
from datareview.flags.models import Candidate
from datareview.records.models import Measure, Score, Student
from datareview.reports.queries.kept import basis_of
from datareview.reports.queries.report import report_of
from datareview.reports.tasks import make_report
from datareview.runs.services.runs import run_trends_now
from teams.documents.makers import Wanted
from teams.documents.pdf import pdf_of
from tests.factories.imports import Quiet

SCHOOL = "school"


@pytest.fixture
def crowded(cast):
    """Two hundred fourth graders whose levels moved, each of whom waits for a decision, and eight measures."""
    day = cast.school.today()
    Measure.objects.filter(pk=cast.fluency.pk).update(sem=2)
    students = Student.objects.bulk_create(
        Student(
            school=cast.school, local_id=f"6{n:03}", first_name="Mate", last_name=f"Long Name {n:03}", grade=4
        )
        for n in range(200)
    )
    measures = [cast.fluency, *(_copy(cast.fluency, n) for n in range(7))]
    Score.objects.bulk_create(
        Score(student=student, measure=measure, taken_on=day - dt.timedelta(days=back), value=value)
        for n, student in enumerate(students)
        for measure in measures
        for back, value in ((40, 60 + n % 50), (1, 110 - n % 50))
    )
    run_trends_now(cast.school, as_of=day)
    Candidate.objects.bulk_create(
        Candidate(student=student, domain="attendance", reason=f"Absent {n} of 58 days.", raised_on=day)
        for n, student in enumerate(students)
    )
    return basis_of(cohort_of(cast.pia, cast.school, SCHOOL), day - dt.timedelta(days=28))


def _copy(measure, n):
    return Measure.objects.create(
        school=measure.school,
        key=f"other-{n}",
        name=f"Another measure {n}",
        unit="words a minute",
        domain=measure.domain,
    )


def test_the_report_of_a_school_has_two_pages(cast, crowded):
    options = {"of": SCHOOL, "since": crowded.since.isoformat()}
    html = make_report(Wanted(cast.pia, cast.school, options), Quiet())
    pages = PdfReader(io.BytesIO(pdf_of(html))).pages

    assert len(pages) == 2
    text = "\n".join(page.extract_text() for page in pages)
    assert "Another measure 6" in text
    assert "and 196 more" in text


def test_the_counts_are_those_of_data(cast, crowded):
    team = {"of": f"team:{cast.team.uuid}"}
    lines = data_board(cast.pia, cast.school, team).lines
    (line,) = [one for one in lines if one.measure.pk == cast.fluency.pk]
    basis = basis_of(cohort_of(cast.pia, cast.school, f"team:{cast.team.uuid}"), crowded.since)
    (row,) = [one for one in report_of(cast.pia, basis).measures if one.measure.pk == cast.fluency.pk]
    now = [one.count for one in line.levels]

    assert row.share_of == f"{sum(now[2:])} of {sum(now)} at or above benchmark"
    assert (row.missing, [one for one in line.notes if "without" in one.text]) == (0, [])


def test_decisions_are_counted_by_grade_for_the_school_only(cast, crowded, as_user):
    page = as_user(cast.pia).get("/reports/", {"of": SCHOOL}).text

    assert "Decisions by grade" in page
    assert "Decisions by grade" not in as_user(cast.ana).get("/reports/").text
