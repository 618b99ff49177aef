"""Surveys, who is asked, their answers, the consent of families, and the talks that an answer asks for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Domain, Measure, Section, Student
from teams.directory.models import School, Staff
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another
CODE_LENGTH = 10


def new_code() -> str:
    """A code of 49 random bits that a child can type."""
    return "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))


class Survey(PublicModel):
    """Questions that are asked once, of the students in ``grades`` or of one ``section``.

    Given again it is a new survey (``again_of``) with the same ``measure``, on which each named answer is a score. An
    anonymous one has no measure and no follow-up. ``follow_up_by`` talks with a child whose answer asks for it, or whose
    score is ``follow_up_from`` or worse. ``version`` counts the changes of the survey and its questions.
    """

    class Respondent(models.TextChoices):
        """Who answers the questions about a student."""

        STUDENT = "student", _("Students about themselves")
        TEACHER = "teacher", _("Teachers about each student")
        FAMILY = "family", _("Families about their child")

    class Consent(models.TextChoices):
        """What a family has to say before a student is asked."""

        NONE = "none", _("No consent needed")
        OUT = "out", _("Families hear of it, and may say no")
        IN = "in", _("Only with a family’s yes")

    class Scoring(models.TextChoices):
        """How the answers of one person become one number."""

        NONE = "none", _("No score")
        MEAN = "mean", _("The mean of the answers, counted from 1")
        SUM = "sum", _("The sum of the answers, counted from 0")

    class State(models.TextChoices):
        """Where a survey stands."""

        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="surveys")
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=1000, blank=True)
    help_words = models.CharField(max_length=400, blank=True)
    respondent = models.CharField(max_length=8, choices=Respondent, default=Respondent.STUDENT)
    is_anonymous = models.BooleanField(default=False)
    consent = models.CharField(max_length=5, choices=Consent, default=Consent.OUT)
    domain = models.CharField(max_length=12, choices=Domain, default=Domain.WELLBEING)
    scoring = models.CharField(max_length=5, choices=Scoring, default=Scoring.MEAN)
    instrument = models.SlugField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)
    license = models.CharField(max_length=200, blank=True)
    measure = models.ForeignKey(
        Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="surveys"
    )
    lowest_grade = models.SmallIntegerField(null=True, blank=True)
    highest_grade = models.SmallIntegerField(null=True, blank=True)
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="surveys"
    )
    follow_up_by = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="surveys_followed_up"
    )
    follow_up_days = models.PositiveSmallIntegerField(default=1)
    follow_up_from = models.FloatField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    again_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="given_again"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("survey")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(measure=None, follow_up_by=None),
                name="survey_anonymous_without_names",
            ),
            models.CheckConstraint(
                condition=Q(lowest_grade=None) | Q(lowest_grade__lte=F("highest_grade")),
                name="survey_grades_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("datareview:survey-detail", self.uuid)

    def state_on(self, today: dt.date) -> State:
        """Draft, open or closed as of ``today`` at the school; the last day is one to answer."""
        if self.opened_at is None:
            return self.State.DRAFT
        is_over = self.closes_on is not None and self.closes_on < today
        return self.State.CLOSED if self.closed_at or is_over else self.State.OPEN

    @property
    def state(self) -> State:
        """Where it stands today."""
        return self.state_on(self.school.today())

    @property
    def is_by_link(self) -> bool:
        """Whether people without an account answer it."""
        return self.respondent != self.Respondent.TEACHER


class SurveyQuestion(PublicModel):
    """A question with a scale (``labels``, the lowest first) or, without labels, a text.

    The score leaves out questions without ``is_scored``; ``is_reversed`` counts answers the other way round. ``alerts``
    are the places of answers (0 is the first label) that ask for a talk with the child.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    labels = models.JSONField(default=list, blank=True)
    is_scored = models.BooleanField(default=True)
    is_reversed = models.BooleanField(default=False)
    alerts = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("question of a survey")
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return page_of("datareview:survey-question-edit", self.uuid)


class AskedStudent(PublicModel):
    """A student about whom a survey asks. ``code`` is in the address of the page that takes the answers.

    ``is_answered`` has no date and refers to no answer: nothing leads from a student to an anonymous answer.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="asked")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="surveys_asked")
    code = models.CharField(max_length=12, unique=True, default=new_code)
    is_answered = models.BooleanField(default=False)
    is_declined = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("student asked in a survey")
        constraints = [models.UniqueConstraint(fields=["survey", "student"], name="asked_once_a_survey")]

    def __str__(self) -> str:
        return str(self.student)


class SurveyAnswer(PublicModel):
    """The answers of one person. An anonymous one has neither student nor day, and is never shown alone or in its order.

    ``answers`` maps the number of a question to the place of the answer on its scale, or to a text.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="answers")
    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, null=True, blank=True, related_name="survey_answers"
    )
    answers = models.JSONField(default=dict)
    score = models.FloatField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("answers to a survey")
        ordering = ["-answered_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "student"], name="survey_answered_once")]

    def __str__(self) -> str:
        return str(self.student or self.survey)

    def get_absolute_url(self) -> str:
        return page_of("datareview:survey-answer-read", self.uuid)


class SurveyConsent(models.Model):
    """What a family said about a survey: yes or no, who said it, and who wrote it down."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="consents")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="survey_consents")
    is_given = models.BooleanField()
    said_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("consent to a survey")
        constraints = [models.UniqueConstraint(fields=["survey", "student"], name="consent_once_a_survey")]

    def __str__(self) -> str:
        return str(self.student)


class SurveyFollowUp(PublicModel):
    """A talk with a child that an answer asks for, by a named person, until a day.

    ``questions`` are the numbers of the questions whose answers ask for it, empty if it is the score.
    """

    answer = models.OneToOneField(SurveyAnswer, on_delete=models.CASCADE, related_name="follow_up")
    person = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="survey_follow_ups")
    questions = models.JSONField(default=list)
    due_on = models.DateField()
    note = models.CharField(max_length=400, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("talk after a survey")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return str(self.answer)

    def get_absolute_url(self) -> str:
        return self.answer.get_absolute_url()
