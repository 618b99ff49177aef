"""Common formative assessments: questions and students' answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Student
from teams.directory.models import Team
from teams.lib import formats
from teams.lib.models import PublicModel


class Standard(models.Model):
    """A learning standard, with its code in its framework."""

    framework = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    statement = models.CharField(max_length=400)

    class Meta:
        verbose_name = _("standard")
        ordering = ["framework", "code"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="standard_code_unique")]

    def __str__(self) -> str:
        return self.code


class Assessment(PublicModel):
    """A common assessment given by a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="assessments")
    title = models.CharField(max_length=120)
    given_on = models.DateField()

    class Meta:
        verbose_name = _("assessment")
        ordering = ["-given_on"]
        constraints = [models.UniqueConstraint(fields=["team", "title", "given_on"], name="assessment_once")]

    def __str__(self) -> str:
        return self.title


class AssessmentItem(models.Model):
    """One question, with its standard, key and points."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    standard = models.ForeignKey(Standard, on_delete=models.SET_NULL, null=True, blank=True)
    max_points = models.FloatField(default=1)
    key = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name = _("assessment item")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="item_number_unique")]

    def __str__(self) -> str:
        return str(self.number)


class ItemResponse(models.Model):
    """One answer. A blank on a submitted test is a response with 0 points and an empty choice."""

    item = models.ForeignKey(AssessmentItem, on_delete=models.CASCADE, related_name="responses")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="responses")
    points = models.FloatField()
    choice = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name = _("response")
        constraints = [models.UniqueConstraint(fields=["item", "student"], name="response_once")]

    def __str__(self) -> str:
        return formats.number(self.points)
