"""Common formative assessments: what a team asks, who sat it, and what each student answered."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from datareview.records.models.sections import Section
from datareview.records.models.students import Student
from teams.directory.models import School, Team
from teams.lib import clock, formats
from teams.lib.models import PublicModel


class Standard(PublicModel):
    """A learning standard as the school uses it, with its code in its framework.

    ``identifier`` is that of the published framework (a CASE item), blank if somebody typed the standard.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="standards")
    framework = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    statement = models.CharField(max_length=1000)
    grades = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    identifier = models.CharField(max_length=60, blank=True)
    is_retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("standard")
        ordering = ["framework", "code"]
        constraints = [
            models.UniqueConstraint(fields=["school", "framework", "code"], name="standard_code_unique")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def words(self) -> str:
        """The statement; empty if the standard was added by its code alone."""
        return "" if self.statement == self.code else self.statement


class Assessment(PublicModel):
    """A common assessment that a team gives on a day, to all its students or to those of ``sections``.

    ``again_of`` is the assessment whose standards this one checks again. ``mastery`` is the share of a standard's points
    from which a student counts as secure. ``version`` counts the changes of the assessment and its items. A deleted one
    (``deleted_at``) keeps its answers, is shown to nobody and counts nowhere, and can be restored. ``holds_answers`` says
    whether there are `HeldAnswer`s.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="assessments")
    title = models.CharField(max_length=120)
    given_on = models.DateField()
    sections = models.ManyToManyField(Section, related_name="assessments", blank=True)
    again_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="checked_again"
    )
    mastery = models.FloatField(default=0.8, validators=[MinValueValidator(0.1), MaxValueValidator(1.0)])
    note = models.TextField(blank=True, max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)
    holds_answers = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "title", "given_on"], condition=Q(deleted_at=None), name="assessment_once"
            ),
            models.CheckConstraint(
                condition=Q(mastery__gt=0, mastery__lte=1), name="assessment_mastery_share"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("datareview:assessment-detail", args=[self.uuid])


class AssessmentItem(models.Model):
    """One item: what is asked, on which standard, for how many points, and the key of a choice.

    A ``TOTAL`` is the points of several items together, as from results by standard or by student: each point is an item.
    A dropped item keeps its answers and counts nowhere. ``options`` holds the texts of the choices A, B, C, … in order.
    """

    class Kind(models.TextChoices):
        """How an item is answered."""

        CHOICE = "choice", _("Choice with a key")
        POINTS = "points", _("Points")
        RUBRIC = "rubric", _("A rubric's level")
        TOTAL = "total", _("Points of several items together")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHOICE)
    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    max_points = models.FloatField(default=1)
    key = models.CharField(max_length=8, blank=True)
    prompt = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=list, blank=True)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("assessment item")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="item_number_unique"),
            models.CheckConstraint(condition=Q(max_points__gt=0), name="item_points_positive"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def parts(self) -> int:
        """How many items it stands for; `items_in` counts the same in a query."""
        return int(self.max_points) if self.kind == self.Kind.TOTAL else 1

    def points_of(self, choice: str) -> float:
        """The points for ``choice``: all if it is the key, else none."""
        return self.max_points if choice == self.key else 0.0


class KeyChange(models.Model):
    """A former key or a former number of points of an item, kept when the team corrects it after answers are in."""

    item = models.ForeignKey(AssessmentItem, on_delete=models.CASCADE, related_name="key_changes")
    former_key = models.CharField(max_length=8, blank=True)
    former_max_points = models.FloatField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("former key")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.former_key or formats.number(self.former_max_points)


class Sitting(models.Model):
    """A student who sat an assessment, or was absent. A student without a row has not been entered.

    ``section`` is the class in which the student sat it: a student who moves later stays in that class's results.
    ``is_released`` once the student was in the team's numbers that somebody saw to whom the class is closed.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sittings")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="sittings")
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="sittings"
    )
    is_absent = models.BooleanField(default=False)
    is_released = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sitting")
        constraints = [models.UniqueConstraint(fields=["assessment", "student"], name="sitting_once")]

    def __str__(self) -> str:
        return str(self.student)


class ItemResponse(models.Model):
    """One answer. An item left blank by a student who sat the test is a response with 0 points and an empty choice.

    An item without a response has not been entered. ``points`` of a choice follow from the key.
    """

    item = models.ForeignKey(AssessmentItem, on_delete=models.CASCADE, related_name="responses")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="responses")
    points = models.FloatField()
    choice = models.CharField(max_length=8, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("response")
        constraints = [models.UniqueConstraint(fields=["item", "student"], name="response_once")]

    def __str__(self) -> str:
        return formats.number(self.points)


class HeldAnswer(models.Model):
    """What an answer was when people saw it in the team's numbers, to whom the class is closed.

    These numbers have it until enough others were corrected as well. ``section`` is the class in which the student sat it.
    """

    item = models.ForeignKey(AssessmentItem, on_delete=models.CASCADE, related_name="held")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    points = models.FloatField()
    choice = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name = _("former answer")
        constraints = [models.UniqueConstraint(fields=["item", "student"], name="held_answer_once")]

    def __str__(self) -> str:
        return formats.number(self.points)
