"""Imports of files, their problems, and their changes to stored data."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.recipes.models import FileRecipe
from datareview.recognition.kinds import FileKind
from datareview.records.models import Assessment
from teams.directory.models import School, Team
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

SECOND = "second-student"  # the code of a new student who seems to be here under another number
STAFF = "staff"  # what `Import.guesses` calls that the file is a list of staff, which another page loads
SET = "set"  # what `Import.guesses` calls the names of the files in a set
MANY_SECONDS = 3  # so many of a file are a reason to ask


class Import(PublicModel):
    """One file to import, with its state and counts.

    ``columns`` is the header. ``mapping`` assigns columns to fields (see services/files.py), and ``recipe`` is the
    remembered form of file by which it was matched. ``counts`` has the numbers of rows new, changed, same, and with
    problems. ``digest`` is of the content, to find the same file loaded twice. ``writing_since`` is set while some of
    its rows are written or undone and not all. ``first_rows`` has the cells of the first rows as read, ``guesses`` what
    the columns seem to be for each kind, the summary of a class list (services/reading.py), and the names of the files
    in a set (services/sets.py), of which each is ``part_of``. ``first_changes`` has what the first rows would change
    (services/examples.py). ``way`` is what a person said about how to read the file (`teams.tables.ways`), and ``as_read``
    how it was read, as `Table.as_read` has it, with the ``days`` of its first dates. ``team`` is set if
    one of its members brought the answers of an ``assessment``: then nobody else sees the file. ``assessment`` is the
    one for which the file was brought, and later the one that has its answers.
    """

    Kind = FileKind

    class State(models.TextChoices):
        """While reading, checking, applying and undoing a job is running."""

        READING = "reading", _("Being read")
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    # The state to return to if the job fails.
    BEFORE = {
        State.READING: State.FAILED,
        State.CHECKING: State.UPLOADED,
        State.APPLYING: State.CHECKED,
        State.UNDOING: State.APPLIED,
    }

    UNDOABLE_FOR = dt.timedelta(days=366)

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    file = models.FileField(upload_to="imports/%Y/%m/")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    first_rows = models.JSONField(default=list)
    guesses = models.JSONField(default=dict)
    first_changes = models.JSONField(default=list)
    way = models.JSONField(default=dict)
    as_read = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="answer_files"
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.SET_NULL, null=True, blank=True, related_name="answer_files"
    )
    part_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts"
    )
    recipe = models.ForeignKey(
        FileRecipe, on_delete=models.SET_NULL, null=True, blank=True, related_name="files"
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    writing_since = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("datareview:import-detail", self.uuid)

    @property
    def check_stamp(self) -> str:
        """Which check the stored result is of; empty before the first."""
        return self.checked_at.isoformat() if self.checked_at else ""

    @property
    def is_set(self) -> bool:
        """Whether the file is a set of files, and divided into them."""
        return SET in self.guesses

    @property
    def seconds(self) -> int:
        """How many new students have the name and grade of students here; 0 for a few, as there are namesakes."""
        many: int = self.counts.get("problems", {}).get(SECOND, 0)
        return many if many >= MANY_SECONDS else 0

    @property
    def saves_nothing(self) -> bool:
        """Whether the check left out all rows, each for a problem."""
        counts = self.counts
        return bool(counts.get("problems")) and not any(counts[name] for name in ("new", "changed", "same"))

    @property
    def is_undoable(self) -> bool:
        """Whether the file is applied, since no more than a year."""
        is_recent = self.applied_at is None or clock.now() - self.applied_at <= self.UNDOABLE_FOR
        return self.state == self.State.APPLIED and is_recent

    @property
    def status(self) -> str:
        """The state in words. A file that was read, and could not be checked as it is matched, asks something."""
        if self.state == self.State.FAILED and self.columns:
            return str(_("Asks something"))
        return self.get_state_display()

    @property
    def standing(self) -> str:
        """The state, or the previous one if its job failed, so that it can be retried."""
        has_failed = self.job is not None and self.job.state == Job.State.FAILED
        return self.BEFORE.get(Import.State(self.state), self.state) if has_failed else self.state


class ImportProblem(models.Model):
    """A problem in a row of a file: position, value, and how to correct it."""

    class Severity(models.TextChoices):
        """Rows with an error are not imported; rows with a warning are."""

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
    """The change of one stored row by an import, for an exact undo.

    ``table`` names the model; ``before`` is null if the row was new. New scores and attendance marks have none: their
    ``imported_by`` is enough. ``line`` is the row of the file.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("import change")
        constraints = [models.UniqueConstraint(fields=["of_import", "table", "row_id"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
