"""Figures of groups about flags that a school has released."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib.models import PublicModel


class FlagRelease(PublicModel):
    """Figures of flags by group, of a term or year (``since`` to ``until``), as they were released, for good.

    ``rows`` are `queries.groups.GroupFigures` as dicts: what is hidden is not stored. Figures that changed with each
    decision would give away the student whom it was about.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="flag_releases")
    since = models.DateField()
    until = models.DateField()
    rows = models.JSONField(default=list)
    least = models.PositiveSmallIntegerField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("released figures of flags")
        verbose_name_plural = _("released figures of flags")
        ordering = ["-until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "since"], name="flag_release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.since}-{self.until}"
