"""Undo gives back what was there: what the product computed never stands in its way, and what people built is named."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from collab.agendas.models import Topic
from collab.decisions.models import Decision, DecisionStudent
from datareview.disputes.models import Dispute
from datareview.flags.models import Candidate, Flag
from datareview.imports.models import Import, ImportChange
from datareview.imports.services import files
from datareview.loading.queries import built_on
from datareview.loading.services.undoing import undo_job
from datareview.progress.models import Review
from datareview.records.models import AttendanceDay, Incident, Score, Student
from datareview.trends.models import Trend
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, load, scores

pytestmark = pytest.mark.django_db
STUDENTS = "student_id,first_name,grade\n7777,New,4\n7778,Other,4\n"


def undo(cast, row, *, keep=False):
    files.start_undo(row, actor=cast.ada, keep=keep)
    row.refresh_from_db()
    undo_job(Job(payload=row.job.payload), Quiet())
    row.refresh_from_db()
    return row.state, row.counts["kept"]


def numbers(*numbers):
    return set(Student.objects.filter(local_id__in=numbers).values_list("local_id", flat=True))


def built(row):
    return {one.what: (one.many, [text for text, _url in one.rows]) for one in built_on(row)}


@pytest.fixture
def students(cast):
    """An applied file of two students, 7777 and 7778, and the first of them."""
    return load(cast, STUDENTS, kind="students"), Student.objects.get(local_id="7777")


@pytest.fixture
def orf(cast):
    """An applied file of scores of Maya and Jonas."""
    return load(cast, scores(cast, "1001,{day},70,orf", "1002,{day},71,orf"))


def test_flags_trends_and_candidates_whom_nobody_touched_do_not_stand_in_the_way(cast, students):
    row, new = students
    rule = Flag.objects.first().rule
    today = cast.school.today()
    flag = Flag.objects.create(
        student=new, rule=rule, first_seen_on=today, last_seen_on=today, reason="Absent", domain="attendance"
    )
    Candidate.objects.create(student=new, domain="attendance", reason="Absent", raised_on=today).flags.add(
        flag
    )
    Trend.objects.create(student=new, measure=cast.fluency, n=0, as_of=today, computed_at=clock.now())
    assert built(row) == {}
    assert undo(cast, row) == ("undone", 0)
    assert numbers("7777", "7778") == set()


def test_what_people_built_is_named_and_without_the_choice_nothing_is_undone(cast, students, as_user):
    row, new = students
    Incident.objects.create(student=new, day=cast.school.today(), kind="Fight")
    assert built(row) == {"incident": (1, ["New"])}
    page = as_user(cast.ada).get(reverse("datareview:import-undo", args=[row.uuid])).content.decode()
    assert f'href="{new.get_absolute_url()}"' in page
    with pytest.raises(DomainError, match="incidents"):
        undo(cast, row)
    row.refresh_from_db()
    assert (row.state, numbers("7777", "7778")) == ("applied", {"7777", "7778"})
    assert undo(cast, row, keep=True) == ("undone", 1)
    assert numbers("7777", "7778") == {"7777"}


def test_what_refers_to_a_measure_without_a_name_on_its_side_is_named_too(cast, orf):
    measure, today = orf_measure(), cast.school.today()
    ImportChange.objects.create(of_import=orf, table="measure", row_id=measure.pk, after={})
    Dispute.objects.create(
        student=cast.jonas,
        kind="score",
        measure=measure,
        day=today,
        value="70",
        what="Was absent",
        asked_by=cast.ana,
        asked_on=today,
        answer_by=today,
    )
    Score.objects.filter(measure=measure).exclude(imported_by=orf).delete()
    assert built(orf)["dispute"][0] == 1


def test_a_later_file_is_named_by_its_own_page(cast, students):
    row, _new = students
    later = load(cast, scores(cast, "7777,{day},70,orf"), name="later.csv")
    assert built(row) == {"score": (1, ["later.csv"])}
    assert [url for one in built_on(row) for _text, url in one.rows] == [later.get_absolute_url()]
    undo(cast, later)
    assert built(row) == {}


def test_a_plan_started_on_scores_keeps_the_scores_of_its_student_if_asked(cast, orf):
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(created_at=clock.now(), measure=orf_measure())
    assert set(built(orf)) == {"plan"}
    with pytest.raises(DomainError, match="plans"):
        undo(cast, orf)
    orf.refresh_from_db()
    assert undo(cast, orf, keep=True) == ("undone", 1)
    kept = Score.objects.filter(imported_by=orf).values_list("student", flat=True)
    assert list(kept) == [cast.maya.pk]


def orf_measure():
    return Score.objects.filter(imported_by__isnull=False).first().measure


def test_a_plan_from_before_the_file_was_not_built_on_it(cast, orf):
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(
        created_at=clock.now() - dt.timedelta(days=30), measure=orf_measure()
    )
    assert built(orf) == {}


def test_a_decision_about_attendance_keeps_the_days_of_its_student_if_asked(cast):
    AttendanceDay.objects.all().delete()
    day = cast.school.today()
    row = load(cast, f"student_id,date,status\n1001,{day},present\n1002,{day},present\n")
    about = Candidate.objects.filter(student=cast.maya, domain="attendance")
    about.update(state="watch", decided_at=clock.now(), decided_by=cast.cora)
    assert list(built(row)) == ["decision about a candidate"]
    assert undo(cast, row, keep=True) == ("undone", 1)
    assert list(AttendanceDay.objects.values_list("student", flat=True)) == [cast.maya.pk]


def test_agenda_items_reviews_and_measured_decisions_about_the_same_scores_are_named_with_links(cast, orf):
    measure = orf_measure()
    old = clock.now() - dt.timedelta(days=30)
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(created_at=old, measure=measure)
    Review.objects.filter(plan=cast.plan).delete()
    review = {
        "due_on": cast.school.today(),
        "decision": "continue",
        "reason": "It works",
        "decided_by": cast.cora,
    }
    Review.objects.create(plan=cast.plan, **review)
    Topic.objects.create(team=cast.team, title="Maya", plan=cast.plan)
    decision = Decision.objects.create(
        item=cast.meeting.items.first(),
        text="Read twice",
        measure=measure,
        decided_by=cast.ana,
        client_key=uuid.uuid4(),
    )
    DecisionStudent.objects.create(decision=decision, student=cast.maya)
    found = {one.what: one.rows for one in built_on(orf)}
    plan = cast.plan.get_absolute_url()
    assert found == {
        "review": [(str(cast.maya), plan)],
        "student of a decision": [(str(cast.maya), cast.maya.get_absolute_url())],
        "topic": [(str(cast.maya), plan)],
    }
    assert undo(cast, orf, keep=True) == ("undone", 1)


def test_a_file_can_be_undone_for_a_year(cast, orf, as_user):
    Import.objects.filter(pk=orf.pk).update(applied_at=clock.now() - dt.timedelta(days=360))
    orf.refresh_from_db()
    assert orf.is_undoable
    Import.objects.filter(pk=orf.pk).update(applied_at=clock.now() - dt.timedelta(days=370))
    with pytest.raises(DomainError, match="more than a year ago"):
        files.start_undo(orf, actor=cast.ada)
    page = as_user(cast.ada).get(reverse("datareview:import-undo", args=[orf.uuid])).content.decode()
    assert '<form class="stack-small"' not in page


def test_a_second_click_starts_no_second_job(cast, orf):
    first = files.start_undo(orf, actor=cast.ada, keep=True).job
    second = files.start_undo(orf, actor=cast.ada)
    assert (second.job, second.job.payload["keep"]) == (first, True)


def test_the_rest_of_a_failed_undo_keeps_what_was_to_be_kept(cast, students):
    row, new = students
    Incident.objects.create(student=new, day=cast.school.today(), kind="Fight")
    files.start_undo(row, actor=cast.ada, keep=True)
    row.refresh_from_db()
    Job.objects.filter(pk=row.job_id).update(state="failed")
    Import.objects.filter(pk=row.pk).update(writing_since=clock.now())
    again = files.start_undo_of_rest(row)
    undo_job(Job(payload=again.job.payload), Quiet())
    assert numbers("7777", "7778") == {"7777"}
