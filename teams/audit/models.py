"""The audit log: who did what, when. A database trigger rejects changes to its rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib import clock


class AuditEvent(models.Model):
    """One change made by a user: actor, verb, subject, and the ids that explain it.

    ``data`` contains only ids, counts and dates. Typed text and students' figures are stored separately, in an
    `AuditDetail`.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_uuid = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)

    is_append_only = True

    class Meta:
        verbose_name = _("audit event")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_uuid"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}"


class AuditDetail(models.Model):
    """The text or figures of an event, such as a retracted text. It can be erased."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="detail")
    data = models.JSONField()

    class Meta:
        verbose_name = _("audit detail")

    def __str__(self) -> str:
        return str(self.event)
