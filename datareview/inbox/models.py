"""How files come by themselves, and what became of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.imports.models import Import
from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.models import PublicModel


class Inbox(models.Model):
    """Whether a school's folder is watched: files in it are loaded in the name of ``watched_by``, None if it is not."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="inbox")
    watched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("inbox")

    def __str__(self) -> str:
        return str(self.school)


class UploadToken(PublicModel):
    """A secret with which a program uploads files in the name of ``made_by``. Only its ``digest`` is stored."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="upload_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("upload token")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Delivery(PublicModel):
    """A file that came by itself. ``changed_at`` is the file's own time, ``reason`` why it was stopped.

    ``token`` is that of the program that uploaded it, None if it lay in the folder. ``of_import`` is None if the file
    could not be stored, or has been deleted.
    """

    class State(models.TextChoices):
        """A file that is the same as the last one is not loaded again."""

        WAITING = "waiting", _("In progress")
        APPLIED = "applied", _("Applied")
        SAME = "same", _("The same as the last")
        STOPPED = "stopped", _("Stopped")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="deliveries")
    name = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    token = models.ForeignKey(UploadToken, on_delete=models.SET_NULL, null=True, blank=True)
    of_import = models.ForeignKey(
        Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("delivered file")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["school", "state"], name="delivery_state")]

    def __str__(self) -> str:
        return self.name
