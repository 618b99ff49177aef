"""Base model with a public id, which does not reveal the number of rows; forms that were sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.lib import clock


class PublicModel(models.Model):
    """A row with a URL: ``uuid`` is public, ``id`` never leaves the server."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class SentForm(models.Model):
    """A form that was sent: a hash of who sent what to where, and the page that followed."""

    key = models.CharField(max_length=64, unique=True)
    location = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("sent form")

    def __str__(self) -> str:
        return self.key
