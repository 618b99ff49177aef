"""What all files have in common that a worker checks, applies and undoes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.models import PublicModel


class CheckedFile(PublicModel):
    """An uploaded file and where it stands.

    ``found`` is the result of the check: numbers of ``rows``, ``new``, ``changed`` and ``same``; the first ``problems``,
    and how many are ``unshown``. ``before`` is what applying changed, to undo it.
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

    file: Any  # each kind has its own folder

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    found = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Each kind has a page."""
        raise NotImplementedError

    @property
    def is_busy(self) -> bool:
        """Whether a job checks, applies or undoes the file."""
        return self.standing in (self.State.CHECKING, self.State.APPLYING, self.State.UNDOING)

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

    @property
    def may_apply(self) -> bool:
        """Whether the file was checked and changes something."""
        return self.standing == self.State.CHECKED and bool(self.found["new"] or self.found["changed"])

    @property
    def may_undo(self) -> bool:
        """Whether the file was applied, and what that changed is known."""
        return self.standing == self.State.APPLIED and bool(self.before)
