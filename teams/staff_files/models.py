"""Files of people that were uploaded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.checked_files.models import CheckedFile
from teams.lib.addresses import page_of


class StaffFile(CheckedFile):
    """A file of people. ``found`` has the first ``people`` too, and how many ``more`` there are."""

    file = models.FileField(upload_to="people/%Y/%m/")

    class Meta(CheckedFile.Meta):
        verbose_name = _("file of people")
        verbose_name_plural = _("files of people")

    def get_absolute_url(self) -> str:
        return page_of("teams:staff-file", self.uuid)
