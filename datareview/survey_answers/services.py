"""Take answers by a link and from teachers, ask for the talks that they need, and write down what families said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from datareview.records.models import Score
from datareview.records.permissions import students_visible_to
from datareview.runs.services.runs import start_trend_run
from datareview.surveys.models import (
    AskedStudent,
    Survey,
    SurveyAnswer,
    SurveyConsent,
    SurveyFollowUp,
)
from datareview.surveys.permissions import asked_visible_to, follow_ups_visible_to, runs_survey
from datareview.surveys.queries import scales_of
from datareview.surveys.scoring import alarming, score_of
from datareview.surveys.services.surveys import locked_survey
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import User

    Answers = Mapping[int, int | str]  # the number of a question → the place of the answer, or a text

SOURCE = "survey"  # of scores


@transaction.atomic
def answer_survey(asked: AskedStudent, answers: Answers) -> None:
    """Take the answers of who has the link of ``asked``: once. Of an anonymous survey nothing says whose they are."""
    survey, asked = _locked(asked)
    if asked.is_answered:
        raise DomainError(_("These questions were answered already."))
    kept = _kept(survey, answers)
    if not kept:
        raise DomainError(_("Answer at least one question, or choose not to answer."))
    asked.is_answered, asked.is_declined = True, False
    asked.save(update_fields=["is_answered", "is_declined"])
    if survey.is_anonymous:
        # Not even the moment: it would tell who was at the device.
        when = survey.opened_at or survey.created_at
        SurveyAnswer.objects.create(survey=survey, answers=kept, created_at=when)
        return
    _store(survey, asked, kept, None)


@transaction.atomic
def decline_survey(asked: AskedStudent) -> None:
    """Note that who has the link does not want to answer."""
    _survey, asked = _locked(asked)
    if asked.is_answered:
        raise DomainError(_("These questions were answered already."))
    asked.is_declined = True
    asked.save(update_fields=["is_declined"])


@transaction.atomic
def answer_about(
    survey: Survey, asked: AskedStudent, answers: Answers, *, actor: User, seen: int
) -> SurveyAnswer:
    """Enter or change a teacher's answers about a student whom the actor sees.

    ``seen`` is the version of the answers on the page, 0 if there were none; another one raises StaleEdit.
    """
    if survey.is_by_link or not asked_visible_to(actor, survey).filter(pk=asked.pk).exists():
        raise PermissionDenied
    survey, asked = _locked(asked)
    stored = SurveyAnswer.objects.filter(survey=survey, student=asked.student_id).first()
    if (stored.version if stored else 0) != seen:
        raise StaleEdit(
            _("A colleague entered answers about this student in the meantime."), current=str(asked.student)
        )
    if stored and stored.entered_by_id != actor.pk and not runs_survey(actor, survey):
        raise DomainError(_("A colleague has answered about this student."))
    kept = _kept(survey, answers)
    if not kept:
        raise DomainError(_("Answer at least one question."))
    asked.is_answered, asked.is_declined = True, False
    asked.save(update_fields=["is_answered", "is_declined"])
    answer = _store(survey, asked, kept, actor)
    record_event(actor, "answered-survey", answer, school=survey.school, student=str(asked.student.uuid))
    return answer


@transaction.atomic
def record_consents(survey: Survey, said: Mapping[int, bool | None], *, actor: User) -> int:
    """Write down what families said, by the student's id (None: nothing yet). Returns how many changed.

    With a no, what was answered by name is deleted, with its score; who was not asked yet is asked
    once nothing speaks against it.
    """
    survey = locked_survey(survey, actor)
    seen = {one.pk: one for one in students_visible_to(actor).filter(pk__in=said, school=survey.school_id)}
    stored = {one.student_id: one for one in survey.consents.all()}
    today, changed = survey.school.today(), []
    for pk, is_given in said.items():
        before = stored[pk].is_given if pk in stored else None
        if pk in seen and before != is_given:
            changed.append(pk)
    SurveyConsent.objects.filter(survey=survey, student__in=changed).delete()
    SurveyConsent.objects.bulk_create(
        SurveyConsent(survey=survey, student_id=pk, is_given=bool(said[pk]), said_on=today, written_by=actor)
        for pk in changed
        if said[pk] is not None
    )
    stopped = [
        pk
        for pk in changed
        if said[pk] is False or (said[pk] is None and survey.consent == Survey.Consent.IN)
    ]
    _withdraw(survey, stopped, actor)
    if survey.opened_at and not survey.is_anonymous:
        known = set(survey.asked.values_list("student", flat=True))
        fresh = [pk for pk in changed if pk not in known and pk not in stopped and said[pk] is not False]
        AskedStudent.objects.bulk_create(AskedStudent(survey=survey, student_id=pk) for pk in fresh)
    if changed:
        record_event(actor, "recorded-consents", survey, school=survey.school, changed=len(changed))
    return len(changed)


def _withdraw(survey: Survey, student_ids: list[int], actor: User) -> None:
    """Ask these students no longer; delete their named answers and the scores of these."""
    if not student_ids:
        return
    answers = SurveyAnswer.objects.filter(survey=survey, student__in=student_ids, answered_on__isnull=False)
    days: list[Any] = list(answers.values_list("student", "answered_on"))
    for pk, day in days:
        Score.objects.filter(student=pk, measure=survey.measure_id, taken_on=day, source=SOURCE).delete()
    answers.delete()
    AskedStudent.objects.filter(survey=survey, student__in=student_ids).delete()
    if days and survey.measure_id:
        start_trend_run(
            survey.school, actor=actor, trigger="score", student_ids=sorted({pk for pk, _day in days})
        )


@transaction.atomic
def finish_follow_up(follow_up: SurveyFollowUp, *, actor: User, note: str) -> SurveyFollowUp:
    """Say that somebody talked with the child, or that it is to be done after all (again)."""
    if not follow_ups_visible_to(actor).filter(pk=follow_up.pk).exists():
        raise PermissionDenied
    rows = SurveyFollowUp.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("answer__student", "answer__survey__school").get(pk=follow_up.pk)
    if row.done_at:
        raise DomainError(_("This talk was noted already."))
    row.note, row.done_at, row.done_by = note.strip(), clock.now(), actor
    row.save(update_fields=["note", "done_at", "done_by"])
    record_event(actor, "finished-survey-talk", row, school=row.answer.survey.school)
    return row


@transaction.atomic
def reopen_follow_up(follow_up: SurveyFollowUp, *, actor: User) -> SurveyFollowUp:
    """Let a talk wait again; its note stays."""
    if not follow_ups_visible_to(actor).filter(pk=follow_up.pk).exists():
        raise PermissionDenied
    row = SurveyFollowUp.objects.select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)
    if row.done_at:
        row.done_at = row.done_by = None
        row.save(update_fields=["done_at", "done_by"])
        record_event(actor, "reopened-survey-talk", row, school=follow_up.answer.survey.school)
    return row


def _locked(asked: AskedStudent) -> tuple[Survey, AskedStudent]:
    """Lock the row of who is asked, with its survey, which must be open."""
    rows = AskedStudent.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related(
        "survey__school", "survey__measure", "survey__follow_up_by__user", "student"
    ).get(pk=asked.pk)
    if row.survey.state != Survey.State.OPEN:
        raise DomainError(_("This survey takes no answers now."))
    return row.survey, row


def _kept(survey: Survey, answers: Answers) -> dict[str, int | str]:
    """The answers to questions of the survey, without empty ones; DomainError for one that is not on its scale."""
    kept: dict[str, int | str] = {}
    for question in survey.questions.all():
        given = answers.get(question.number)
        if given is None or given == "":
            continue
        if question.labels and not (isinstance(given, int) and 0 <= given < len(question.labels)):
            raise DomainError(_("One of the answers is not on its scale."))
        kept[str(question.number)] = given if question.labels else str(given).strip()[:1000]
    return kept


def _store(
    survey: Survey, asked: AskedStudent, kept: dict[str, int | str], actor: User | None
) -> SurveyAnswer:
    """Store named answers, with their score on the survey's measure, and the talk that they ask for."""
    scales = scales_of(survey)
    places = {int(number): place for number, place in kept.items() if isinstance(place, int)}
    score = None
    if survey.scoring != Survey.Scoring.NONE:
        score = score_of(scales, places, is_sum=survey.scoring == Survey.Scoring.SUM)
    today = survey.school.today()
    answer, _is_new = SurveyAnswer.objects.get_or_create(
        survey=survey, student=asked.student, defaults={"answered_on": today}
    )
    answer.answers, answer.score, answer.entered_by = kept, score, actor
    answer.version += 1
    answer.save()
    _write_score(answer)
    numbers = alarming(scales, places)
    if numbers or _is_alarming(survey, score):
        _ask_for_talk(answer, numbers, today)
    return answer


def _write_score(answer: SurveyAnswer) -> None:
    survey = answer.survey
    if survey.measure_id is None or answer.student_id is None:
        return
    day: dict[str, Any] = {
        "student": answer.student,
        "measure_id": survey.measure_id,
        "taken_on": answer.answered_on,
        "source": SOURCE,
    }
    if answer.score is None:
        Score.objects.filter(**day).delete()
    else:
        Score.objects.update_or_create(**day, defaults={"value": round(answer.score, 2)})


def _is_alarming(survey: Survey, score: float | None) -> bool:
    """Whether the score is as bad as the survey says, by the direction of its measure."""
    if score is None or survey.follow_up_from is None or survey.measure is None:
        return False
    if survey.measure.higher_is_better:
        return score <= survey.follow_up_from
    return score >= survey.follow_up_from


def _ask_for_talk(answer: SurveyAnswer, numbers: list[int], today: dt.date) -> None:
    """Ask the named person to talk with the child, by email too, which says no name and no answer."""
    survey = answer.survey
    person = survey.follow_up_by
    if person is None:
        return
    due_on = today + dt.timedelta(days=survey.follow_up_days)
    row, is_new = SurveyFollowUp.objects.get_or_create(
        answer=answer, defaults={"person": person, "questions": numbers, "due_on": due_on}
    )
    if not is_new:
        is_new = bool(
            row.done_at and set(numbers) - set(row.questions)
        )  # another worry than was talked about
        if is_new:
            row.done_at, row.done_by, row.due_on = None, None, due_on
        row.questions = numbers
        row.save(update_fields=["questions", "done_at", "done_by", "due_on"])
    if not is_new:
        return
    with translation.override(language_of(person.user, survey.school)):
        queue_mail(
            person.user,
            kind=Mail.Kind.SURVEY,
            subject=_("A survey answer asks for a talk"),
            text=_(
                "An answer to “%(survey)s” asks you to talk with a student by %(day)s.\n\n"
                "Who it is and what was answered is here:\n%(address)s"
            )
            % {
                "survey": survey.title,
                "day": formats.day(due_on),
                "address": settings.SITE_URL + answer.get_absolute_url(),
            },
            dedupe_key=f"survey-talk:{row.uuid}:{answer.version}",
            school=survey.school,
            urgent=True,
        )
