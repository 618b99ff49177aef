"""Files of published frameworks of standards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class FrameworkFile(PublicModel):
    """A framework that someone uploaded, as it was read.

    ``items`` are the `FrameworkItem` of the file as lists. ``before`` is what applying it changed, to undo it: for each
    standard its id, the values before (None: it was added) and the values written.
    """

    class State(models.TextChoices):
        """A file that was undone can be applied again."""

        READ = "read", _("Read")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="framework_files")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=80, blank=True)
    items = models.JSONField(default=list)
    without_code = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.READ)
    before = models.JSONField(default=list)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file of standards")
        verbose_name_plural = _("files of standards")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title or self.name

    def get_absolute_url(self) -> str:
        return page_of("datareview:framework-detail", self.uuid)
