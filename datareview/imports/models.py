"""Files on their way into the record: uploaded, checked whole, applied at once, undone at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.models import PublicModel


class Import(PublicModel):
    """One file and what became of it.

    ``columns`` is the header as read; ``mapping`` says which column is what (see services/imports.py);
    ``counts`` the rows new, changed, same, with problems; ``fingerprint`` of the header finds the mapping
    that was used for such a file before; ``digest`` of the content finds the same file loaded twice.
    """

    class Kind(models.TextChoices):
        """What one row of the file is about."""

        STUDENTS = "students", _("Students")
        SCORES = "scores", _("Scores")
        ATTENDANCE = "attendance", _("Daily attendance")

    class State(models.TextChoices):
        """Checking and applying are work under way; nothing is written before ``applied``."""

        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    # Where a file is again when its work failed for good.
    BEFORE = {State.CHECKING: State.UPLOADED, State.APPLYING: State.CHECKED, State.UNDOING: State.APPLIED}

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    file = models.FileField(upload_to="imports/%Y/%m/")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["school", "fingerprint"], name="import_fingerprint")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("datareview:import-detail", args=[self.uuid])

    @property
    def standing(self) -> str:
        """The state; the one before where a worker's job on it failed, so that it can be tried again."""
        has_failed = self.job is not None and self.job.state == Job.State.FAILED
        return self.BEFORE.get(Import.State(self.state), self.state) if has_failed else self.state


class ImportProblem(models.Model):
    """A kind of trouble in a file: where it was first seen, how often, with what value, and what to do."""

    class Severity(models.TextChoices):
        """An error keeps its row out; a warning lets it in."""

        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=400)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.ERROR)

    class Meta:
        verbose_name = _("import problem")
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return self.message


class ImportChange(models.Model):
    """What applying did to one row of the record, so that it can be undone exactly.

    ``table`` names the model; ``before`` is null where the row was new.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        verbose_name = _("import change")
        constraints = [models.UniqueConstraint(fields=["of_import", "table", "row_id"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
