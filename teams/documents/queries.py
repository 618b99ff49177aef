"""Documents that a user may download."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from teams.documents.models import Document
from teams.lib import clock
from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User

KEPT = dt.timedelta(days=1)


def documents_of(user: User) -> QuerySet[Document]:
    """Documents that the user requested in the last day; while names are hidden, only those that hide them."""
    rows = Document.objects.filter(owner=user, created_at__gt=clock.now() - KEPT)
    return rows.filter(hides_names=True) if are_hidden() else rows
