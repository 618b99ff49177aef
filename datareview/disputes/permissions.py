"""Who may dispute a value, see disputes and answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.disputes.models import Dispute
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can_at, schools_where
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def disputes_visible_to(user: User) -> QuerySet[Dispute]:
    """Disputes about students the user may see: those they opened or own, and all where they load data or triage."""
    schools = {*schools_where(user, "import_data"), *schools_where(user, "triage")}
    theirs = Q(asked_by=user) | Q(owner=user) | Q(student__school__in=schools)
    return Dispute.objects.filter(theirs, one_of(students_visible_to(user), "student"))


def disputes_to_answer(user: User) -> QuerySet[Dispute]:
    """Open disputes that wait for the user: of values they own; where they load data, those without an owner or late.

    An owner can leave, or no longer see the student.
    """
    left = Q(owner=None) | Q(answer_by__lt=clock.server_day())
    schools = schools_where(user, "import_data")
    return disputes_visible_to(user).filter(
        Q(owner=user) | left & Q(student__school__in=schools), state=Dispute.State.OPEN
    )


def may_answer(user: User, dispute: Dispute) -> bool:
    """Whether the user may answer: the value's owner, who loads data, and who decides about candidates."""
    school = dispute.student.school_id
    return (
        dispute.owner_id == user.pk or can_at(user, "import_data", school) or can_at(user, "triage", school)
    )
