"""Set after how many days a school's data are stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.freshness.models import MOST, FreshnessLimits
from datareview.freshness.queries import SOURCES, forget_freshness, limits_of, limits_version
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def set_freshness_limits(school: School, *, actor: User, seen: str, **days: int) -> bool:
    """Set the limits by source, in days. Returns whether they changed.

    Raises StaleEdit if ``seen`` is not the version stored now, DomainError if a limit is out of range.
    """
    require_ability(actor, "import_data", school)
    if {*days} != {*SOURCES} or not all(1 <= limit <= MOST for limit in days.values()):
        raise DomainError(_("Each limit is a number of days from 1 to %(most)d.") % {"most": MOST})
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    before = limits_of(school)
    if seen != limits_version(before):
        theirs = ", ".join(f"{SOURCES[source]}: {limit}" for source, limit in before.items())
        raise StaleEdit(
            _("Someone changed this while you were working. Theirs: %(theirs)s. Saving replaces theirs.")
            % {"theirs": theirs},
            current=theirs,
        )
    if days == before:
        return False
    FreshnessLimits.objects.update_or_create(school=school, defaults=days)
    record_event(actor, "freshness-limits-changed", school, school=school, before=before, after=days)
    transaction.on_commit(lambda: forget_freshness(school))
    return True
