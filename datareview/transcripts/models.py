"""Course grades of terms that are over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.lib import formats


class PastGrade(models.Model):
    """A student's grade in a course at the end of a term, such as "2025–26 S1", with percent, letter or both."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="past_grades")
    course = models.CharField(_("course"), max_length=120)
    term = models.CharField(_("term"), max_length=60)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    letter = models.CharField(max_length=12, blank=True)
    credits = models.DecimalField(_("credits"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("grade of an earlier term")
        verbose_name_plural = _("grades of earlier terms")
        ordering = ["-ended_on", "-term", "course"]
        constraints = [
            models.UniqueConstraint(fields=["student", "course", "term"], name="past_grade_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=False) | ~Q(letter=""), name="past_grade_has_a_grade"
            ),
        ]

    def __str__(self) -> str:
        percent = formats.percent(float(self.percent), 0) if self.percent is not None else ""
        return f"{self.letter} {percent}".strip()
