"""Classes that teachers opened to their team, and the standards that a team calls essential."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Assessment, Section, Standard
from teams.directory.models import SchoolYear, Staff, Team, Term
from teams.lib import clock
from teams.lib.models import PublicModel


class ClassShare(PublicModel):
    """A class's results that one of its teachers opened to everyone who sees the assessment, and how it was taught.

    ``closed_at`` is set if the teacher closed them again; reopening clears it. It is also set while ``is_waiting``: the
    teacher wants to open the class, but with it alone another class could be worked out. It opens with another one.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="class_shares")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="class_shares")
    teacher = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="class_shares")
    words = models.TextField(blank=True, max_length=1000)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_waiting = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("opened class")
        verbose_name_plural = _("opened classes")
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section"], name="class_share_once"),
            models.CheckConstraint(
                condition=Q(is_waiting=False) | Q(closed_at__isnull=False), name="class_share_waits_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}, {self.teacher}"


class EssentialStandard(PublicModel):
    """A standard that every student of a team must master in a school year: when it is taught, and when it is checked.

    ``term`` is None if it belongs to the whole year. ``mastery`` is the share of points from which a student counts
    as secure. ``levels`` are the team's words for the levels 4, 3, 2, 1 and 0, in this order; empty without such words.
    """

    LEVELS = (4, 3, 2, 1, 0)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="essential_standards")
    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="essential_standards")
    term = models.ForeignKey(
        Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="essential_standards"
    )
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="essential_for")
    taught_from = models.DateField(null=True, blank=True)
    taught_to = models.DateField(null=True, blank=True)
    check_on = models.DateField(null=True, blank=True)
    mastery = models.FloatField(default=0.8, validators=[MinValueValidator(0.1), MaxValueValidator(1.0)])
    levels = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("essential standard")
        ordering = ["taught_from", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "year", "standard"], name="essential_standard_once"),
            models.CheckConstraint(
                condition=Q(mastery__gt=0, mastery__lte=1), name="essential_standard_mastery_share"
            ),
            models.CheckConstraint(
                condition=Q(taught_from=None) | Q(taught_to=None) | Q(taught_from__lte=F("taught_to")),
                name="essential_standard_days_ordered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.standard)
