"""Add and edit a student; leaving and returning."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from datareview.roster.services import students as roster
from datareview.roster.services.leaving import settle_plan
from datareview.roster.services.students import StudentValues, student_version
from teams.audit.models import AuditDetail, AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import START, TODAY

pytestmark = pytest.mark.django_db

MAYA = StudentValues("1001", "Maya", "Okafor", grade=4, entered_on=START)


def edit(cast, **changes):
    return roster.edit_student(
        cast.maya, actor=cast.ada, values=replace(MAYA, **changes), seen=student_version(cast.maya)
    )


def test_a_student_is_added_without_spaces_around_the_words(cast):
    values = StudentValues(" 0042 ", " Nia ", "Cole", preferred_name="Ni", grade=3, home_language="so")
    student = roster.add_student(cast.school, actor=cast.ada, values=values)
    student.refresh_from_db()
    assert StudentValues.of(student) == StudentValues("0042", "Nia", "Cole", "Ni", 3, "so")
    assert (str(student), student.status) == ("Ni Cole", "active")


def test_only_administrators_of_the_school_edit_students(cast):
    for user in (cast.ana, cast.sol, cast.cora, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            roster.add_student(cast.school, actor=user, values=StudentValues("7"))
        with pytest.raises(PermissionDenied):
            roster.edit_student(cast.maya, actor=user, values=MAYA, seen=student_version(cast.maya))
        with pytest.raises(PermissionDenied):
            roster.mark_left(cast.maya, actor=user, left_on=TODAY)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (StudentValues("  "), "Enter the student’s number"),
        (StudentValues("1001"), "Maya Okafor already has the number 1001"),
        (StudentValues("7", grade=13), "Choose a grade"),
        (StudentValues("7", entered_on=TODAY + dt.timedelta(days=400)), "Check the year"),
    ],
)
def test_a_student_who_cannot_be_is_refused(cast, values, sentence):
    before = Student.objects.count()
    with pytest.raises(DomainError, match=sentence):
        roster.add_students(cast.school, actor=cast.ada, rows=[StudentValues("8"), values])
    assert Student.objects.count() == before


def test_the_same_number_twice_is_refused(cast):
    with pytest.raises(DomainError, match="there twice"):
        roster.add_students(cast.school, actor=cast.ada, rows=[StudentValues("8"), StudentValues("8 ")])


@pytest.mark.sweep
def test_three_thousand_students_take_as_many_queries_as_batches(cast):
    rows = [StudentValues(f"9{number:04}", "N", str(number), grade=2) for number in range(3000)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        roster.add_students(cast.school, actor=cast.ada, rows=rows)
    assert (Student.objects.filter(local_id__startswith="9").count(), len(few) < 60) == (3000, True)


def test_an_edit_keeps_the_text_in_the_erasable_part_of_the_log(cast):
    edit(cast, preferred_name="May", grade=5)
    event = AuditEvent.objects.get(verb="edited-student")
    assert (event.data, event.detail.data) == ({}, {"preferred_name": ["", "May"], "grade": ["4", "5"]})
    cast.maya.refresh_from_db()
    assert (cast.maya.preferred_name, cast.maya.grade, str(cast.maya)) == ("May", 5, "May Okafor")


def test_an_edit_that_changes_nothing_is_not_logged(cast):
    edit(cast)
    assert not AuditEvent.objects.filter(verb="edited-student").exists()


def test_of_two_edits_at_once_the_second_sees_the_first(cast):
    seen = student_version(cast.maya)
    edit(cast, last_name="Obi")
    with pytest.raises(StaleEdit) as stale:
        roster.edit_student(cast.maya, actor=cast.ada, values=MAYA, seen=seen)
    assert stale.value.current == f"1001, Maya Obi, {START}, 4"
    assert Student.objects.get(pk=cast.maya.pk).last_name == "Obi"


def test_the_number_of_another_student_is_refused(cast):
    with pytest.raises(DomainError, match="Jonas Weber already has the number 1002"):
        edit(cast, local_id="1002")


def test_who_leaves_is_taught_until_the_last_day(cast):
    day = TODAY - dt.timedelta(days=3)
    later = cast.other_section.enrollments.create(student=cast.maya, starts_on=TODAY)
    roster.mark_left(cast.maya, actor=cast.ada, left_on=day)
    cast.maya.refresh_from_db()
    assert (cast.maya.status, cast.maya.left_on) == ("left", day)
    assert list(cast.maya.enrollments.values_list("section__name", "ends_on")) == [("4A", day)]
    assert not cast.maya.enrollments.filter(pk=later.pk).exists()
    assert cast.jonas.enrollments.get().ends_on is None


def test_a_wrong_last_day_is_corrected(cast):
    first, second = TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=2)
    for day in (first, second):
        roster.mark_left(cast.maya, actor=cast.ada, left_on=day)
    assert cast.maya.enrollments.get().ends_on == second


def test_a_student_who_never_left_goes_on(cast):
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY)
    roster.undo_leaving(cast.maya, actor=cast.ada)
    cast.maya.refresh_from_db()
    assert (cast.maya.status, cast.maya.left_on) == ("active", None)
    assert (cast.maya.enrollments.get().ends_on, cast.maya.stays.count()) == (None, 0)


def test_a_student_who_never_left_has_the_same_enrollments_again(cast):
    """Planned ends and enrollments that had not begun come back; what ended that day by itself stays ended."""
    days = [START + dt.timedelta(days=n) for n in (1, 2)]
    rows = cast.other_section.enrollments
    rows.create(student=cast.maya, starts_on=days[0], ends_on=TODAY)
    rows.create(student=cast.maya, starts_on=days[1], ends_on=TODAY + dt.timedelta(days=30))
    rows.create(student=cast.maya, starts_on=TODAY + dt.timedelta(days=40))
    rows.create(
        student=cast.maya,
        starts_on=TODAY + dt.timedelta(days=50),
        ends_on=TODAY + dt.timedelta(days=60),
    )

    def dates():
        found = cast.maya.enrollments.order_by("section__name", "starts_on")
        return list(found.values_list("section__name", "starts_on", "ends_on"))

    before = dates()
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY - dt.timedelta(days=3))
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY)
    assert [end for _section, _start, end in dates()] == [TODAY] * 3
    roster.undo_leaving(cast.maya, actor=cast.ada)
    assert dates() == before


def test_who_returns_keeps_the_earlier_stay(cast):
    left, back = TODAY - dt.timedelta(days=30), TODAY
    roster.mark_left(cast.maya, actor=cast.ada, left_on=left)
    with pytest.raises(DomainError, match="must be after the last one"):
        roster.mark_returned(cast.maya, actor=cast.ada, entered_on=left)
    roster.mark_returned(cast.maya, actor=cast.ada, entered_on=back, grade=5)
    cast.maya.refresh_from_db()
    assert (cast.maya.status, cast.maya.entered_on, cast.maya.left_on, cast.maya.grade) == (
        "active",
        back,
        None,
        5,
    )
    assert list(cast.maya.stays.values_list("entered_on", "left_on")) == [(START, left)]
    assert cast.maya.enrollments.get().ends_on == left


@pytest.mark.parametrize("days", [-100, 1])
def test_a_last_day_that_cannot_be_is_refused(cast, days):
    with pytest.raises(DomainError):
        roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY + dt.timedelta(days=days))
    assert Student.objects.get(pk=cast.maya.pk).status == "active"


def test_a_plan_of_a_student_who_left_waits_until_someone_ends_or_keeps_it(cast):
    with pytest.raises(DomainError, match="is enrolled"):
        settle_plan(cast.plan, actor=cast.cora, keep_until=None)
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY - dt.timedelta(days=2))
    cast.plan.refresh_from_db()
    assert cast.plan.state == "active"
    until = TODAY + dt.timedelta(days=20)
    settle_plan(cast.plan, actor=cast.cora, keep_until=until)
    cast.plan.refresh_from_db()
    assert (cast.plan.state, cast.plan.review_on) == ("active", until)
    settle_plan(cast.plan, actor=cast.ada, keep_until=None)
    cast.plan.refresh_from_db()
    assert (cast.plan.state, cast.plan.outcome, cast.plan.ended_on) == (
        "ended",
        "moved",
        TODAY - dt.timedelta(days=2),
    )
    with pytest.raises(DomainError, match="already ended"):
        settle_plan(cast.plan, actor=cast.ada, keep_until=None)


@pytest.mark.parametrize("name", ["ana", "pia", "zed"])
def test_nobody_else_decides_about_a_plan_of_a_student_who_left(cast, name):
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY)
    with pytest.raises(PermissionDenied):
        settle_plan(cast.plan, actor=getattr(cast, name), keep_until=None)


def test_a_teacher_no_longer_sees_who_left_the_section(cast):
    assert cast.maya in students_visible_to(cast.ana)
    cast.maya.grade = 5
    cast.maya.save()  # no student of the team's grade
    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY - dt.timedelta(days=1))
    assert cast.maya not in students_visible_to(cast.ana)


def test_the_details_of_edits_go_with_the_student(cast):
    edit(cast, preferred_name="May")
    assert AuditDetail.objects.count() == 1
    from datareview.privacy.services.erasure import erase_student

    roster.mark_left(cast.maya, actor=cast.ada, left_on=TODAY - dt.timedelta(days=9))
    roster.mark_returned(cast.maya, actor=cast.ada, entered_on=TODAY)
    cast.maya.refresh_from_db()
    erase_student(cast.maya, actor=cast.ada)
    assert AuditDetail.objects.count() == 0
