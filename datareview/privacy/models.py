"""The disclosure log: who viewed or exported which student's record. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.lib import clock


class Disclosure(models.Model):
    """One access to one student's record: the reader, the page, and the reason it was allowed."""

    at = models.DateTimeField(default=clock.now, editable=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="disclosures")
    what = models.CharField(max_length=60)
    why = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("disclosure")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["student", "at"], name="disclosure_student")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
