"""Rules, and the flags they raise."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import EVERY_GRADE, cut_points_of
from datareview.records.models import Domain, Measure, Student
from teams.directory.models import School
from teams.lib.models import PublicModel


class Reasoned(models.Model):
    """A row with a sentence that Collab composed: ``reason`` in the school's language, ``reasons`` in each by its code."""

    reason = models.CharField(max_length=400)
    reasons = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def said(self) -> str:
        """The sentence in the reader's language."""
        return str(self.reasons.get(get_language() or "", self.reason))


class Rule(PublicModel):
    """One version of a condition with cut points for some grades, on or off. Rules cannot refer to demographics.

    ``was_on`` is the ``is_on`` to return to if this version is undone; an earlier version is itself always off.
    """

    class Kind(models.TextChoices):
        """What a rule judges; `datareview.flags.cut_points` and `conditions` have the settings of each kind."""

        ATTENDANCE = "attendance", _("Share of days absent")
        BEHAVIOR = "behavior", _("Incidents and suspensions")
        COURSE = "course", _("Course grades")
        BENCHMARK = "benchmark", _("Benchmark level")
        GROWTH = "growth", _("Growth compared with expected")
        CONDITIONS = "conditions", _("Conditions of this school")
        SCORECARD = "scorecard", _("Scorecard learned here")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="rules")
    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True)
    parameters = models.JSONField(default=dict)
    source = models.CharField(max_length=200, blank=True)
    lowest_grade = models.SmallIntegerField(default=EVERY_GRADE[0])
    highest_grade = models.SmallIntegerField(default=EVERY_GRADE[1])
    is_on = models.BooleanField(default=True)
    was_on = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("rule")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "key", "version"], name="rule_version_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cut_points(self) -> dict[str, Any]:
        """All cut points of the rule, with defaults for those not set; of a school's own rule, its conditions."""
        return cut_points_of(self.kind, self.parameters)

    @property
    def is_for_every_grade(self) -> bool:
        """Whether the rule judges all students, also those without a grade."""
        return (self.lowest_grade, self.highest_grade) == EVERY_GRADE

    def covers(self, grade: int | None) -> bool:
        """Whether the rule judges students of ``grade``."""
        if self.is_for_every_grade:
            return True
        return grade is not None and self.lowest_grade <= grade <= self.highest_grade


class Severity(models.IntegerChoices):
    """The urgency of a flag: watch from the first cut point, act from the second, severe from the third."""

    WATCH = 1, _("Watch")
    ACT = 2, _("Act")
    SEVERE = 3, _("Urgent")


class Flag(PublicModel, Reasoned):
    """A rule met by a student, with severity, evidence and dates.

    A pending flag was seen once and opens when seen again (hysteresis). Only open flags are shown.
    """

    class State(models.TextChoices):
        """Pending until seen twice; resolved when clear twice and past the margin."""

        PENDING = "pending", _("Seen once")
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="flags")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="flags")
    domain = models.CharField(max_length=12, choices=Domain)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.WATCH)
    evidence = models.JSONField(default=dict)
    history = models.JSONField(default=list)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    opened_on = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("flag")
        ordering = ["-severity", "first_seen_on"]
        indexes = [models.Index(fields=["state", "severity"], name="flag_state_severity")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "rule"], condition=~Q(state="resolved"), name="flag_one_unresolved"
            )
        ]

    def __str__(self) -> str:
        return self.said
