"""Models of the sections area."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Enrollment
from teams.lib.models import PublicModel


class MissingWork(PublicModel):
    """A piece of work that a student has not handed in, as a teacher of the section noted it.

    ``handed_in_on`` is the day on which it came after all.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="missing_work")
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    handed_in_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("missing work")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "title", "due_on"], name="missing_work_once")
        ]

    def __str__(self) -> str:
        return self.title
