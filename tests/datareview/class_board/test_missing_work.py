"""Work that is not handed in: noted by the class's teacher, handed in after all, and counted in the list of students."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.class_board.services import hand_in, note_missing_work
from datareview.records.models import CourseGrade, Student
from datareview.sections.models import MissingWork
from datareview.sections.queries.missing_work import missing_work_of
from teams.lib.errors import DomainError
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db


def note(cast, *students, who="ana", title="Reading log", due_on=TODAY):
    return note_missing_work(
        cast.section, actor=getattr(cast, who), title=title, due_on=due_on, students=students
    )


def counts(cast):
    return missing_work_of(Student.objects.all(), TODAY)


def test_a_teacher_notes_it_once_and_the_page_and_the_list_say_so(cast, as_user):
    assert (note(cast, cast.maya, cast.jonas), note(cast, cast.maya)) == (2, 0)
    assert counts(cast) == {cast.maya.pk: 1, cast.jonas.pk: 1}
    assert "Reading log" in as_user(cast.cora).get(cast.maya.get_absolute_url()).content.decode()
    work = MissingWork.objects.get(enrollment__student=cast.maya)
    hand_in(work, actor=cast.ana, is_handed_in=True)
    assert counts(cast) == {cast.jonas.pk: 1}
    assert "Reading log" not in as_user(cast.cora).get(cast.maya.get_absolute_url()).content.decode()
    page = as_user(cast.ana).get("/students/?sort=missing").content.decode()
    assert page.index(str(cast.jonas)) < page.index(str(cast.maya))


def test_only_who_teaches_the_class_notes_work_of_its_students(cast):
    for who in ("tom", "cora", "gil"):
        with pytest.raises(PermissionDenied):
            note(cast, cast.maya, who=who)
    with pytest.raises(DomainError, match="no longer in this class"):
        note(cast, cast.ines)
    with pytest.raises(DomainError, match="until today"):
        note(cast, cast.maya, due_on=TODAY + dt.timedelta(days=1))


def test_what_a_file_says_of_a_section_counts_instead_of_what_was_noted(cast):
    note(cast, cast.maya)
    seat = cast.section.enrollments.get(student=cast.maya)
    for days, missing in ((9, 7), (2, 3)):
        day = TODAY - dt.timedelta(days=days)
        CourseGrade.objects.create(enrollment=seat, as_of=day, percent=70, missing=missing)
    assert counts(cast) == {cast.maya.pk: 3}
