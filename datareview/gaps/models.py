"""Figures of groups that a school has released."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Measure
from teams.directory.models import School
from teams.lib.models import PublicModel


class GapRelease(PublicModel):
    """The figures of one measure in one window of a school year, as they were released, for good.

    ``rows`` are `queries.release.ReleasedRow` as dicts: what is hidden is not stored. Figures that changed with each new
    score would give away the student who was added.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="gap_releases")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="gap_releases")
    window = models.SlugField(max_length=20)
    year = models.PositiveSmallIntegerField()
    rows = models.JSONField(default=list)
    least = models.PositiveSmallIntegerField()
    leveled = models.PositiveIntegerField(
        null=True
    )  # students with a level; None in releases that did not keep it
    students = models.PositiveIntegerField(null=True)  # of so many in the grades that were tested
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("released gap")
        verbose_name_plural = _("released gaps")
        ordering = ["-created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["measure", "window", "year"], name="gap_release_once")]

    def __str__(self) -> str:
        return f"{self.window}-{self.year}"
