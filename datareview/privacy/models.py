"""The disclosure log: who viewed or exported which students' records. Rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.lib import clock


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Disclosures by what they showed."""

    def of_student(self, pk: int, *merged: int) -> DisclosureQuerySet:
        """Disclosures of the student with this id, who may be erased since, or with the ids of records merged into it."""
        asked = Q(students__contains=f" {pk} ")
        for gone in merged:
            asked |= Q(students__contains=f" {gone} ")
        return self.filter(asked)


class Disclosure(models.Model):
    """One view of students' records: the reader, the page, the students, and for each the reason it was allowed.

    ``students`` are ids between spaces, in order. ``reasons`` maps a reason to its ids; "named" are students whose
    record the reader may not open, and whom a page about something else names. Ids refer to no row, so that a student
    can be erased while the fact stays that somebody's record was viewed.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)
    students = models.TextField()
    reasons = models.JSONField(default=dict)

    is_append_only = True

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["reader", "at"], name="disclosure_reader")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
