"""What a school remembers of the forms of its files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.recognition.kinds import FileKind
from teams.directory.models import School
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class FileRecipe(PublicModel):
    """How files with the same columns are matched at a school.

    ``columns`` is the header of the last such file, and ``fingerprint`` that of the set of its names. ``mapping`` is as
    `Import.mapping` has it, without what was said about one file only, and ``way`` as `Import.way` has it. ``used_at`` and
    ``used_by`` are of the last file that was applied with it.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="file_recipes")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=16, choices=FileKind)
    columns = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    way = models.JSONField(default=dict)
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("remembered form of file")
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "kind", "fingerprint"], name="recipe_once_a_header")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("datareview:recipe-edit", self.uuid)
