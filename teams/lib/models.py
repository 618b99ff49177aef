"""What every row with an address has: a public id that says nothing about how many there are."""

import uuid

from django.db import models

from teams.lib import clock


class PublicModel(models.Model):
    """A row that is reached by address: ``uuid`` is public, ``id`` never leaves the server."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True
