"""Base model with a public id, which does not reveal the number of rows."""

import uuid

from django.db import models

from teams.lib import clock


class PublicModel(models.Model):
    """A row with a URL: ``uuid`` is public, ``id`` never leaves the server."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True
