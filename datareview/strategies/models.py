"""Strategies: what a school does for students who need more."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Domain
from teams.directory.models import School
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Strategy(PublicModel):
    """A strategy in the school's bank: for whom, what to do, dosage, materials, fidelity, evidence, words for families.

    ``what_to_do`` and ``fidelity`` have one step per line. ``key`` is that of the starting strategy it came from.
    ``subject`` is that of an academic need, in the words of measures; empty if it helps in any.
    """

    class Evidence(models.TextChoices):
        """How good the evidence is, in the tiers of the Every Student Succeeds Act."""

        STRONG = "strong", _("Strong")
        MODERATE = "moderate", _("Moderate")
        PROMISING = "promising", _("Promising")
        RATIONALE = "rationale", _("A rationale only")
        UNKNOWN = "", _("Not known")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="strategies")
    key = models.SlugField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    domain = models.CharField(max_length=12, choices=Domain)
    subject = models.CharField(max_length=40, blank=True)
    tier = models.PositiveSmallIntegerField(default=2)
    lowest_grade = models.SmallIntegerField(null=True, blank=True)
    highest_grade = models.SmallIntegerField(null=True, blank=True)
    for_whom = models.CharField(max_length=200, blank=True)
    what_to_do = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=20)
    sessions_per_week = models.PositiveSmallIntegerField(default=3)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    group_size = models.CharField(max_length=40, blank=True)
    materials = models.CharField(max_length=300, blank=True)
    fidelity = models.TextField(blank=True)
    evidence_level = models.CharField(max_length=10, choices=Evidence, blank=True)
    evidence = models.CharField(max_length=400, blank=True)
    family_en = models.TextField(blank=True)
    family_es = models.TextField(blank=True)
    is_retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["domain", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="strategy_name_unique"),
            models.UniqueConstraint(
                fields=["school", "key"], condition=~Q(key=""), name="strategy_key_unique"
            ),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=3), name="strategy_tier_1_to_3"),
            models.CheckConstraint(
                condition=Q(lowest_grade=None)
                | Q(highest_grade=None)
                | Q(lowest_grade__lte=F("highest_grade")),
                name="strategy_grades_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("datareview:strategy-detail", self.uuid)

    @property
    def steps(self) -> list[str]:
        """What to do, step by step."""
        return [line.strip() for line in self.what_to_do.splitlines() if line.strip()]

    @property
    def further_steps(self) -> int:
        """The number of steps after the first."""
        return max(len(self.steps) - 1, 0)

    @property
    def checks(self) -> list[str]:
        """What someone who watches a session checks."""
        return [line.strip() for line in self.fidelity.splitlines() if line.strip()]
