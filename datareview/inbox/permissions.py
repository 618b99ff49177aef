"""Who sees and sets how files come by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.inbox.models import Delivery, UploadToken
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def tokens_visible_to(user: User) -> QuerySet[UploadToken]:
    """Tokens of schools where the user may load files."""
    return UploadToken.objects.filter(school_id__in=schools_where(user, "import_data"))


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """Files that came by themselves to schools where the user may load files."""
    return Delivery.objects.filter(school_id__in=schools_where(user, "import_data"))
