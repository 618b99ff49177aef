"""Who did what, when. Rows are added, never changed or removed (a database trigger holds that)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib import clock


class AuditEvent(models.Model):
    """One change of state that somebody made: actor, verb, subject, and the ids that explain it.

    ``data`` never holds a student's name or any text about a student; it holds ids and counts.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_uuid = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit event")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_uuid"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}"
