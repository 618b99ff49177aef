"""The number that changes with the settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SettingsRevision(models.Model):
    """One row: a random number, another one after each change of settings (`teams.schema.settings_tables`)."""

    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("revision of the settings")

    def __str__(self) -> str:
        return str(self.number)
