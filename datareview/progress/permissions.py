"""Whose reviews of plans may be undone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.plans.permissions import plans_visible_to
from datareview.progress.models import Review
from teams.access.conditions import one_of
from teams.lib import clock

if TYPE_CHECKING:
    from datareview.progress.models import ReviewQuerySet
    from teams.directory.models import User

OWN = dt.timedelta(days=1)  # for so long a provider can undo the end by which the student left their list


def reviews_visible_to(user: User) -> ReviewQuerySet:
    """Reviews of the plans the user may see, and those they decided in the last day."""
    own = Q(decided_by=user, created_at__gte=clock.now() - OWN)
    return Review.objects.filter(own | Q(one_of(plans_visible_to(user), "plan")))
