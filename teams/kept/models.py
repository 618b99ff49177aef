"""The number that changes with the settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SettingsRevision(models.Model):
    """Random numbers, one of which is another after each change of settings (`teams.schema.settings_tables`).

    What stands for the settings is their sum: a database session that changes settings writes a row of its own.
    """

    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("revision of the settings")

    def __str__(self) -> str:
        return str(self.number)
