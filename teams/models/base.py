"""What every row with an address has: a public id that says nothing about how many there are."""

import uuid

from django.db import models


class PublicModel(models.Model):
    """A row that is reached by address: ``uuid`` is public, ``id`` never leaves the server."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
