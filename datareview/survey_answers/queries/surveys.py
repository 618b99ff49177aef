"""The list of surveys, a survey with its questions, and who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.records.models import Enrollment, Student
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.surveys.models import AskedStudent, Survey, SurveyAnswer, SurveyConsent, SurveyFollowUp
from datareview.surveys.permissions import (
    answers_readable_by,
    asked_visible_to,
    follow_ups_visible_to,
    may_make,
    runs_survey,
    sections_of_teacher,
    students_to_ask,
    surveys_visible_to,
)
from teams.access.scope import scope_of
from teams.lib import formats

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from datareview.records.models import Section
    from datareview.surveys.models import SurveyQuestion
    from teams.directory.models import School, User

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey in the list: how many of the students whom the reader sees are asked, answered, and declined."""

    survey: Survey
    state: str
    asked: int
    answered: int

    @property
    def words(self) -> str:
        """How far it is, in words."""
        if self.state == Survey.State.DRAFT:
            return _("Not opened yet")
        return _("%(answered)s of %(asked)s answered") % {
            "answered": formats.number(self.answered),
            "asked": formats.number(self.asked),
        }


@dataclass(frozen=True, slots=True)
class SurveyList:
    """The page of all surveys; ``to_fill`` wait for the reader's answers about students, ``talks`` for a talk."""

    page: Page
    rows: list[SurveyRow]
    to_fill: list[SurveyRow]
    talks: list[SurveyFollowUp]
    may_make: bool


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A student who is asked, with the answers that the reader may open."""

    asked: AskedStudent
    answer: SurveyAnswer | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A survey; ``asked``, ``answered`` and ``declined`` count the students whom the reader sees, or all if anonymous."""

    survey: Survey
    state: str
    questions: list[SurveyQuestion]
    runs: bool
    to_ask: int
    asked: int
    answered: int
    declined: int
    talks: list[SurveyFollowUp]
    sections: list[Section]

    @property
    def finding(self) -> str:
        """The page's first sentence: how far it is."""
        if self.state == Survey.State.DRAFT:
            return ngettext(
                "A draft: %(n)s student would be asked.",
                "A draft: %(n)s students would be asked.",
                self.to_ask,
            ) % {"n": formats.number(self.to_ask)}
        words = _("%(answered)s of %(asked)s have answered.") % {
            "answered": formats.number(self.answered),
            "asked": formats.number(self.asked),
        }
        waiting = sum(1 for one in self.talks if one.done_at is None)
        if not waiting:
            return words
        more = ngettext("%(n)s talk waits.", "%(n)s talks wait.", waiting) % {"n": formats.number(waiting)}
        return f"{words} {more}"


def surveys_page(user: User, school: School, page: int | str = 1) -> SurveyList:
    """The surveys at ``school`` that the user may see, open ones first by date; a constant number of queries."""
    found = Paginator(surveys_visible_to(user).filter(school=school), A_PAGE).get_page(page)
    rows = _rows(user, list(found))
    waiting = surveys_waiting(user, school)
    return SurveyList(found, rows, waiting.to_fill, waiting.talks, may_make(user, school))


@dataclass(frozen=True, slots=True)
class SurveysWaiting:
    """What waits for a person: talks by day, and surveys about their students."""

    talks: list[SurveyFollowUp]
    to_fill: list[SurveyRow]

    def __len__(self) -> int:
        return len(self.talks) + len(self.to_fill)


def surveys_waiting(user: User, school: School) -> SurveysWaiting:
    """What waits for ``user`` at ``school``; one query, and one more if a talk waits."""
    rows = _waiting(user, school)
    to_fill = [one for one in rows if one.answered < one.asked and one.state == Survey.State.OPEN]
    has_talks = any(one.survey.talks for one in rows)  # type: ignore[attr-defined]
    return SurveysWaiting(talks_waiting(user, school) if has_talks else [], to_fill)


def _waiting(user: User, school: School) -> list[SurveyRow]:
    """Surveys that were opened, with how many students of the user's sections they ask teachers about, and ``talks``."""
    by_teachers = Q(respondent=Survey.Respondent.TEACHER, closed_at=None)
    mine = Enrollment.objects.on(school.today()).filter(section__in=sections_of_teacher(user, school))
    taught = Q(asked__student__in=mine.values("student")) & by_teachers
    talks = SurveyFollowUp.objects.filter(
        answer__survey=OuterRef("pk"), done_at=None, person__in=scope_of(user).employed_ids
    )
    rows = Survey.objects.filter(school=school, opened_at__isnull=False).annotate(
        talks=Exists(talks),
        all_asked=Count("asked", filter=taught, distinct=True),
        all_answered=Count("asked", filter=taught & Q(asked__is_answered=True), distinct=True),
    )
    found = rows.filter(Q(talks=True) | Q(all_asked__gt=F("all_answered"))).select_related("school")
    return [SurveyRow(one, one.state, one.all_asked, one.all_answered) for one in found]


def talks_waiting(user: User, school: School) -> list[SurveyFollowUp]:
    """Talks that the user is named for and that nobody has noted as done, by day."""
    rows = follow_ups_visible_to(user).filter(
        answer__survey__school=school, done_at=None, person__in=scope_of(user).employed_ids
    )
    return list(rows.order_by("due_on", "pk"))


def _rows(user: User, surveys: list[Survey]) -> list[SurveyRow]:
    seen = AskedStudent.objects.filter(survey__in=surveys)
    seen = seen.filter(Q(survey__is_anonymous=True) | Q(student__in=students_visible_to(user)))
    done = Count("pk", filter=Q(is_answered=True))
    found = seen.order_by().values_list("survey").annotate(asked=Count("pk"), answered=done)
    counts = {pk: (asked, answered) for pk, asked, answered in found}
    return [SurveyRow(one, one.state, *counts.get(one.pk, (0, 0))) for one in surveys]


def survey_page(user: User, survey: Survey) -> SurveyPage:
    """The page of ``survey``, which the user may see."""
    may_run = runs_survey(user, survey)
    rows = survey.asked.all() if survey.is_anonymous else asked_visible_to(user, survey)
    counts = rows.aggregate(
        n=Count("pk"),
        done=Count("pk", filter=Q(is_answered=True)),
        declined=Count("pk", filter=Q(is_declined=True)),
    )
    talks = follow_ups_visible_to(user).filter(answer__survey=survey)
    return SurveyPage(
        survey=survey,
        state=survey.state,
        questions=list(survey.questions.all()),
        runs=may_run,
        to_ask=students_to_ask(survey).count() if survey.opened_at is None else 0,
        asked=counts["n"],
        answered=counts["done"],
        declined=counts["declined"],
        talks=list(talks.order_by("done_at", "due_on", "pk")),
        sections=list(sections_of_teacher(user, survey.school)),
    )


def asked_lines(
    user: User, survey: Survey, *, section: UUID | None = None, page: int | str = 1
) -> tuple[Page, list[AskedLine]]:
    """Students asked whom the user sees, those without answers first; of one section if its id is given."""
    rows = asked_visible_to(user, survey).select_related("student__school")
    if section:
        here = Enrollment.objects.on(survey.school.today()).filter(section__uuid=section)
        rows = rows.filter(student__in=here.values("student"))
    rows = rows.order_by("is_answered", *by_name("student__"), "pk")
    found = Paginator(rows, 60).get_page(page)
    readable = answers_readable_by(user).filter(survey=survey, student__in=[one.student_id for one in found])
    answers = {one.student_id: one for one in readable}
    return found, [
        AskedLine(one, answers.get(one.student_id), is_own=_is_own(answers.get(one.student_id), user))
        for one in found
    ]


def _is_own(answer: SurveyAnswer | None, user: User) -> bool:
    return answer is not None and answer.entered_by_id == user.pk


def next_asked(user: User, survey: Survey, section: UUID | None = None) -> AskedStudent | None:
    """The next student about whom nobody has answered, of those whom the user sees (in a section)."""
    rows = asked_visible_to(user, survey).filter(is_answered=False)
    if section:
        here = Enrollment.objects.on(survey.school.today()).filter(section__uuid=section)
        rows = rows.filter(student__in=here.values("student"))
    return rows.select_related("student").order_by(*by_name("student__"), "pk").first()


def consent_rows(user: User, survey: Survey, grade: int | None) -> list[tuple[Student, bool | None]]:
    """Students whom ``survey`` may ask and the user sees, with what their families said; of one grade."""
    rows = students_to_ask(survey).filter(pk__in=students_visible_to(user).values("pk"))
    if grade is not None:
        rows = rows.filter(grade=grade)
    theirs = Prefetch("survey_consents", SurveyConsent.objects.filter(survey=survey), to_attr="said")
    found = rows.order_by("grade", *by_name(), "pk").select_related("school").prefetch_related(theirs)
    return [(one, one.said[0].is_given if one.said else None) for one in found]


def grades_asked(survey: Survey) -> list[int]:
    """The grades of the students whom ``survey`` may ask."""
    rows = students_to_ask(survey).exclude(grade=None).order_by("grade")
    return [one for one in rows.values_list("grade", flat=True).distinct() if one is not None]


def answers_of_student(user: User, student: Student) -> QuerySet[SurveyAnswer]:
    """The named answers about ``student`` that the user may read, newest first."""
    return answers_readable_by(user).filter(student=student)


def asked_by_code(code: str) -> AskedStudent | None:
    """Who is asked with this code, as typed; None if nobody is."""
    rows = AskedStudent.objects.select_related("survey__school", "student").filter(
        survey__opened_at__isnull=False
    )
    wanted = rows.filter(code=code.strip().upper().replace("-", "").replace(" ", ""))
    return wanted.exclude(survey__respondent=Survey.Respondent.TEACHER).first()


def slips_of(user: User, survey: Survey) -> list[AskedStudent]:
    """Who has not answered, of the students whom the user sees."""
    rows = asked_visible_to(user, survey).filter(is_answered=False, is_declined=False)
    rows = rows.select_related("student")
    return list(rows.order_by("student__grade", *by_name("student__"), "pk"))


def teacher_answer_of(user: User, asked: AskedStudent) -> SurveyAnswer | None:
    """The stored answers of a teacher about a student that the user may read; None if there are none."""
    return answers_readable_by(user).filter(survey=asked.survey_id, student=asked.student_id).first()


def talk_of(answer: SurveyAnswer) -> SurveyFollowUp | None:
    """The talk that ``answer`` asks for, if it does."""
    return SurveyFollowUp.objects.filter(answer=answer).select_related("person__user", "done_by").first()
