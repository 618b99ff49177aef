"""Files of people that were uploaded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class StaffFile(PublicModel):
    """A file of people that a worker checks, applies and undoes.

    ``found`` is the result of the check: numbers of ``rows``, ``new``, ``changed`` and ``same``; the first ``people`` and
    ``problems``, and how many of each are not in it. ``before`` is what applying changed, to undo it.
    """

    class State(models.TextChoices):
        """While checking, applying and undoing a job is running."""

        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff_files")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    file = models.FileField(upload_to="people/%Y/%m/")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    found = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("file of people")
        verbose_name_plural = _("files of people")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("teams:staff-file", self.uuid)

    @property
    def standing(self) -> str:
        """The state, or the one to go on from if its job failed."""
        states = self.State
        before = {
            states.CHECKING: states.FAILED,
            states.APPLYING: states.CHECKED,
            states.UNDOING: states.APPLIED,
        }
        has_failed = self.job is not None and self.job.state == Job.State.FAILED
        return before.get(states(self.state), self.state) if has_failed else self.state
