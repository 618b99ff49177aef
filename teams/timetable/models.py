"""Timetable files that were uploaded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.checked_files.models import CheckedFile
from teams.lib.addresses import page_of


class TimetableFile(CheckedFile):
    """A timetable file. ``found`` has the first ``changes`` too; ``before`` the ``cells`` before and after."""

    file = models.FileField(upload_to="timetables/%Y/%m/")

    class Meta(CheckedFile.Meta):
        verbose_name = _("timetable file")

    def get_absolute_url(self) -> str:
        return page_of("teams:timetable-file", self.uuid)
