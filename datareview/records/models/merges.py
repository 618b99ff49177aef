"""Two records of one student that were merged, with what is needed to undo it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models.students import Student
from teams.lib import clock
from teams.lib.models import PublicModel


class StudentMerge(PublicModel):
    """A merge of one student's record into another's; ``record`` has the rows that were moved, changed or removed.

    ``gone_uuid`` and ``gone_id`` are of the record that was merged; the logs of disclosures and changes keep them.
    """

    UNDOABLE_FOR = dt.timedelta(days=1)

    kept = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="merges")
    gone_uuid = models.UUIDField(db_index=True)
    gone_id = models.BigIntegerField()
    record = models.JSONField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merged student")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.kept)

    @property
    def is_undoable(self) -> bool:
        """Whether the merge can still be undone."""
        return self.undone_at is None and clock.now() - self.created_at < self.UNDOABLE_FOR
