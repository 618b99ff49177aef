"""Make a survey, change, open, close and give it again."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from datareview.measures.services.benchmarks import adopt_measures
from datareview.records.models import Measure
from datareview.runs.services.runs import start_trend_run
from datareview.surveys.library import BY_KEY
from datareview.surveys.models import AskedStudent, Survey, SurveyConsent, SurveyQuestion
from datareview.surveys.permissions import may_make, runs_survey, sections_to_ask, students_to_ask
from datareview.surveys.queries import scales_of
from datareview.surveys.scoring import span_of
from teams.access.permissions import can
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from datareview.records.models import Section
    from teams.directory.models import Staff, User


@dataclass(frozen=True, slots=True)
class SurveyValues:
    """What a person decides about a survey before it opens; see `Survey`."""

    title: str
    words: str = ""
    help_words: str = ""
    respondent: str = Survey.Respondent.STUDENT.value
    is_anonymous: bool = False
    consent: str = Survey.Consent.OUT.value
    domain: str = "wellbeing"
    scoring: str = Survey.Scoring.MEAN.value
    lowest_grade: int | None = None
    highest_grade: int | None = None
    section: Section | None = None
    follow_up_by: Staff | None = None
    follow_up_days: int = 1
    follow_up_from: float | None = None
    closes_on: dt.date | None = None
    source: str = ""
    license: str = ""


@transaction.atomic
def make_survey(school: School, values: SurveyValues, *, actor: User, instrument: str = "") -> Survey:
    """Make a draft, with the questions of ``instrument`` (a key of the library) if one is named."""
    if not may_make(actor, school):
        raise PermissionDenied
    _check(school, values, actor)
    survey = Survey.objects.create(school=school, made_by=actor, instrument=instrument, **_fields(values))
    if instrument:
        if instrument not in BY_KEY:
            raise DomainError(_("There is no such instrument."))
        SurveyQuestion.objects.bulk_create(
            SurveyQuestion(
                survey=survey,
                number=number,
                text=str(item.text),
                labels=[str(label) for label in item.labels],
                alerts=[] if values.is_anonymous else list(item.alerts),
                is_scored=item.is_scored,
                is_reversed=item.is_reversed,
            )
            for number, item in enumerate(BY_KEY[instrument].items, start=1)
        )
    record_event(actor, "made-survey", survey, school=school)
    return survey


@transaction.atomic
def edit_survey(survey: Survey, values: SurveyValues, *, actor: User, seen: int) -> Survey:
    """Change a survey. Once it is open only its words, last day and talks change: what people have read stays true."""
    survey = locked_survey(survey, actor)
    if seen != survey.version:
        raise StaleEdit(_("Someone changed this survey while you were writing."), current=survey.title)
    _check(survey.school, values, actor, is_open=survey.opened_at is not None)
    fields = _fields(values)
    if survey.opened_at:
        kept = ("help_words", "follow_up_by", "follow_up_days", "follow_up_from", "closes_on")
        fields = {name: fields[name] for name in kept}
        if survey.is_anonymous:
            fields |= {"follow_up_by": None, "follow_up_from": None}
    for name, value in fields.items():
        setattr(survey, name, value)
    survey.version += 1
    survey.save()
    record_event(actor, "edited-survey", survey, school=survey.school)
    return survey


@transaction.atomic
def open_survey(survey: Survey, *, actor: User) -> Survey:
    """Ask the students of the survey, but for those whose families said no, or have not said yes where that is needed."""
    survey = locked_draft(survey, actor)
    questions = list(survey.questions.all())
    if not questions:
        raise DomainError(_("Add the questions first."))
    if survey.closes_on and survey.closes_on < survey.school.today():
        raise DomainError(_("The last day to answer is over. Choose another one."))
    asking = any(one.alerts for one in questions) or survey.follow_up_from is not None
    if asking and not survey.follow_up_by_id and not survey.is_anonymous:
        raise DomainError(_("Some answers ask for a talk: say who talks with the child."))
    said = dict(survey.consents.values_list("student", "is_given"))
    students = list(students_to_ask(survey))
    if survey.consent == Survey.Consent.IN:
        students = [one for one in students if said.get(one.pk)]
    elif survey.consent == Survey.Consent.OUT:
        students = [one for one in students if said.get(one.pk, True)]
    if not students:
        raise DomainError(_("There is no one to ask. Look at the grades, and at what families said."))
    least = survey.school.min_group_size
    if survey.is_anonymous and len(students) < least:
        raise DomainError(
            _(
                "Fewer than %(n)s people would be asked: their answers could not be shown without telling who they are."
            )
            % {"n": formats.number(least)}
        )
    survey.measure = survey.measure or _measure_of(survey, actor)
    survey.opened_at, survey.closed_at = clock.now(), None
    survey.version += 1
    survey.save()
    AskedStudent.objects.bulk_create(
        [AskedStudent(survey=survey, student=one) for one in students], batch_size=500
    )
    record_event(actor, "opened-survey", survey, school=survey.school, asked=len(students))
    return survey


@transaction.atomic
def close_survey(survey: Survey, *, actor: User, is_closed: bool) -> Survey:
    """End a survey, or let people answer again. An anonymous one stays closed: its results have been seen."""
    survey = locked_survey(survey, actor)
    if survey.opened_at is None:
        raise DomainError(_("This survey has not been opened."))
    if not is_closed and survey.is_anonymous:
        raise DomainError(_("Results of an anonymous survey have been shown, so no answer can be added."))
    survey.closed_at = clock.now() if is_closed else None
    if not is_closed and survey.closes_on and survey.closes_on < survey.school.today():
        survey.closes_on = None
    survey.version += 1
    survey.save()
    if is_closed and survey.measure_id:
        ids = survey.answers.exclude(score=None).values_list("student", flat=True)
        start_trend_run(survey.school, actor=actor, trigger="score", student_ids=sorted(ids))
    record_event(actor, "closed-survey" if is_closed else "reopened-survey", survey, school=survey.school)
    return survey


@transaction.atomic
def give_again(survey: Survey, *, actor: User) -> Survey:
    """A draft with the same questions, measure, talks and consents."""
    found = locked_survey(survey, actor)
    again = Survey.objects.create(
        again_of=found,
        made_by=actor,
        school=found.school,
        measure=found.measure,
        instrument=found.instrument,
        **{name: getattr(found, name) for name in SurveyValues.__dataclass_fields__ if name != "closes_on"},
    )
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            survey=again,
            **{
                name: getattr(one, name)
                for name in ("number", "text", "labels", "is_scored", "is_reversed", "alerts")
            },
        )
        for one in found.questions.all()
    )
    SurveyConsent.objects.bulk_create(
        SurveyConsent(
            survey=again,
            student_id=one.student_id,
            is_given=one.is_given,
            said_on=one.said_on,
            written_by_id=one.written_by_id,
        )
        for one in found.consents.all()
    )
    record_event(actor, "made-survey", again, school=again.school)
    return again


@transaction.atomic
def remove_survey(survey: Survey, *, actor: User) -> None:
    """Delete a draft."""
    survey = locked_draft(survey, actor)
    record_event(actor, "removed-survey", survey, school=survey.school, detail={"title": survey.title})
    survey.delete()


def locked_survey(survey: Survey, actor: User) -> Survey:
    """Lock and return a survey that the actor runs."""
    rows = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("school", "measure")
    found = rows.get(pk=survey.pk)
    if not runs_survey(actor, found):
        raise PermissionDenied
    return found


def locked_draft(survey: Survey, actor: User) -> Survey:
    """Lock and return a draft that the actor runs; DomainError for a survey that is open."""
    found = locked_survey(survey, actor)
    if found.opened_at:
        raise DomainError(_("This survey is open: its questions stay as people see them."))
    return found


def _fields(values: SurveyValues) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(values, name) for name in SurveyValues.__dataclass_fields__}
    if values.is_anonymous:
        fields |= {"follow_up_by": None, "follow_up_from": None, "scoring": Survey.Scoring.NONE}
    if values.section:
        fields |= {"lowest_grade": None, "highest_grade": None}
    return fields


def _check(school: School, values: SurveyValues, actor: User, *, is_open: bool = False) -> None:
    if not values.title.strip():
        raise DomainError(_("Give the survey a title."))
    if is_open:
        return
    if values.section is None and not can(actor, "run_surveys", school):
        raise DomainError(_("Choose one of your classes."))
    if values.section and not sections_to_ask(actor, school).filter(pk=values.section.pk).exists():
        raise PermissionDenied
    if values.is_anonymous and values.respondent == Survey.Respondent.TEACHER:
        raise DomainError(_("Teachers answer about a student by name. Choose named answers."))
    if values.follow_up_by and values.follow_up_by.school_id != school.pk:
        raise PermissionDenied
    if (values.lowest_grade is None) != (values.highest_grade is None):
        raise DomainError(_("Say the lowest and the highest grade, or neither."))
    if values.lowest_grade is not None and values.lowest_grade > (values.highest_grade or 0):
        raise DomainError(_("The lowest grade is above the highest."))


def _measure_of(survey: Survey, actor: User) -> Measure | None:
    """The measure on which answers are scores: that of the instrument, or a new one. None without scores or names."""
    if survey.is_anonymous or survey.scoring == Survey.Scoring.NONE:
        return None
    scales = [one for one in scales_of(survey) if one.is_scored]
    if not scales:
        raise DomainError(_("No question counts for the score. Choose “No score”, or let one count."))
    is_sum = survey.scoring == Survey.Scoring.SUM
    if not is_sum and len({one.steps for one in scales}) > 1:
        raise DomainError(_("Questions that count for a mean need scales with as many answers."))
    preset = BY_KEY[survey.instrument].measure if survey.instrument in BY_KEY else ""
    low, high = span_of(scales, is_sum=is_sum)
    if preset:
        known = Measure.objects.filter(school=survey.school_id, key=preset).first()
        if known is None:
            if not can(actor, "edit_measures", survey.school):
                raise DomainError(
                    _("Its score has cut points, so the first time someone who edits measures opens it.")
                )
            known = adopt_measures(survey.school, [preset], actor=actor)[0]
        if (known.scale_min, known.scale_max) == (low, high):
            return known
    School.objects.select_for_update(no_key=True).get(pk=survey.school_id)
    rows = Measure.objects.filter(school=survey.school_id)
    name, key = survey.title[:110], f"survey-{survey.instrument or slugify(survey.title)[:40] or 'own'}"
    # The same instrument, in whichever class, is one measure.
    same = rows.filter(key=key, domain=survey.domain, scale_min=low, scale_max=high).first()
    if same and survey.instrument:
        return same
    if rows.filter(name__iexact=name).exists() or rows.filter(key=key).exists():
        number = rows.filter(key__startswith="survey-").count() + 2
        name, key = f"{name} ({number})", f"{key}-{number}"
    measure = Measure.objects.create(
        school=survey.school,
        key=key,
        name=name,
        domain=survey.domain,
        kind=Measure.Kind.OTHER,
        unit=_("points"),
        scale_min=low,
        scale_max=high,
        decimals=0 if is_sum else 1,
        source=survey.source or _("A survey of the school"),
    )
    record_event(actor, "added-measure", measure, school=survey.school)
    return measure
