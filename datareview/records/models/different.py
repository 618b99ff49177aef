"""Pairs of records that look alike and belong to two students."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Student
from teams.lib.models import PublicModel


class DifferentStudents(PublicModel):
    """Two students of one school of whom somebody said that they are two people, so that no one is asked again."""

    first = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("pair of different students")
        verbose_name_plural = _("pairs of different students")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Least("first", "second"), Greatest("first", "second"), name="different_students_once_a_pair"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="different_students_are_two"),
        ]

    def __str__(self) -> str:
        return f"{self.first}, {self.second}"
