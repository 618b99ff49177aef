"""Who may make surveys, hand out their links, and read what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from datareview.records.permissions import students_visible_to
from datareview.sections.permissions import sections_taught_by
from datareview.surveys.models import AskedStudent, Survey, SurveyAnswer, SurveyFollowUp, SurveyQuestion
from teams.access.permissions import can, can_at, schools_where
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User


def sections_of_teacher(user: User, school: School) -> QuerySet[Section]:
    """Sections at ``school`` that the user teaches today, also as a substitute."""
    return sections_taught_by(user, school.today()).filter(school=school)


def sections_to_ask(user: User, school: School) -> QuerySet[Section]:
    """Sections that the user may ask: all that are held for those who run surveys, else the own ones."""
    if not can(user, "run_surveys", school):
        return sections_of_teacher(user, school)
    links = SectionTeacher.objects.on(school.today()).filter(section__school=school)
    return Section.objects.filter(pk__in=links.values("section")).order_by("name", "pk")


def may_make(user: User, school: School) -> bool:
    """Whether the user may make surveys at ``school``: for the school, or of an own section."""
    return can(user, "run_surveys", school) or sections_of_teacher(user, school).exists()


def runs_survey(user: User, survey: Survey) -> bool:
    """Whether the user may change, open and close ``survey``: who made it, and who runs surveys at the school."""
    works_here = survey.school_id in {one.school_id for one in scope_of(user).employed}
    return can_at(user, "run_surveys", survey.school_id) or (works_here and survey.made_by_id == user.pk)


def _run_by(user: User, prefix: str = "") -> Q:
    """Surveys that `runs_survey` allows, as a Q on what refers to one by ``prefix``."""
    here = [one.school_id for one in scope_of(user).employed]
    return Q(**{f"{prefix}school__in": schools_where(user, "run_surveys")}) | Q(
        **{f"{prefix}made_by": user.pk, f"{prefix}school__in": here}
    )


def surveys_run_by(user: User) -> QuerySet[Survey]:
    """Surveys that the user may change, open and close."""
    return Survey.objects.filter(_run_by(user)).select_related(*_WITH)


def surveys_visible_to(user: User) -> QuerySet[Survey]:
    """Surveys that the user runs, and those that ask about a student whom they see."""
    asked = AskedStudent.objects.filter(student__in=students_visible_to(user)).values("survey")
    theirs = _run_by(user) | Q(opened_at__isnull=False, pk__in=asked)
    return Survey.objects.filter(theirs).select_related(*_WITH)


_WITH = ("school", "section", "measure", "follow_up_by__user", "made_by")


def questions_run_by(user: User) -> QuerySet[SurveyQuestion]:
    """Questions of surveys that the user may change."""
    return SurveyQuestion.objects.filter(_run_by(user, "survey__")).select_related("survey__school")


def asked_visible_to(user: User, survey: Survey) -> QuerySet[AskedStudent]:
    """Students asked in ``survey`` whom the user sees."""
    return AskedStudent.objects.filter(survey=survey, student__in=students_visible_to(user))


def answers_readable_by(user: User) -> QuerySet[SurveyAnswer]:
    """Answers with a name: of students whom the user sees, for who runs the survey or entered them; and for who talks.

    The person named for the talk reads them also if they don't see the student otherwise.
    """
    seen = Q(student__in=students_visible_to(user))
    may_read = _run_by(user, "survey__") | Q(entered_by=user.pk)
    named = Q(follow_up__person__in=scope_of(user).employed_ids)
    rows = SurveyAnswer.objects.filter(Q(student__isnull=False), (seen & may_read) | named)
    return rows.select_related("survey__school", "student__school", "entered_by", "follow_up__person__user")


def follow_ups_visible_to(user: User) -> QuerySet[SurveyFollowUp]:
    """Talks whose answers the user may read."""
    rows = SurveyFollowUp.objects.filter(answer__in=answers_readable_by(user))
    return rows.select_related("answer__student__school", "answer__survey__school", "person__user", "done_by")


def students_to_ask(survey: Survey) -> QuerySet[Student]:
    """Students at the school about whom ``survey`` asks, whatever their families said."""
    rows = Student.objects.filter(school=survey.school_id, status=Student.Status.ACTIVE)
    if survey.section_id:
        here = Enrollment.objects.on(survey.school.today()).filter(section=survey.section_id)
        return rows.filter(pk__in=here.values("student"))
    if survey.lowest_grade is not None and survey.highest_grade is not None:
        rows = rows.filter(grade__range=(survey.lowest_grade, survey.highest_grade))
    return rows
