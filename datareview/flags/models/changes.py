"""Changes found by a run: flags opened or resolved, levels moved. Rows are never edited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.flags.models.flags import Flag
from datareview.records.models import Measure, Student


class Change(models.Model):
    """One change that users see from ``seen_at`` on.

    ``before`` and ``after`` are severities for flags (0 is none) and the numbers of levels for levels.
    """

    class Kind(models.TextChoices):
        """The kind of change."""

        FLAG_OPENED = "opened", _("Flag opened")
        FLAG_ROSE = "rose", _("Flag became more urgent")
        FLAG_RESOLVED = "resolved", _("Flag resolved")
        LEVEL = "level", _("Level moved")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, null=True, blank=True, related_name="changes")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    before = models.SmallIntegerField()
    after = models.SmallIntegerField()
    run = models.ForeignKey(
        "datareview.TrendRun", on_delete=models.SET_NULL, null=True, related_name="changes"
    )
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change")
        ordering = ["seen_at", "pk"]
        indexes = [models.Index(fields=["student", "seen_at"], name="change_student_time")]

    def __str__(self) -> str:
        return f"{self.student_id} {self.kind} {self.before} {self.after}"
