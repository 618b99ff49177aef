"""Release the figures of flags by group for a term that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.flag_audit.models import FlagRelease
from datareview.flag_audit.queries.groups import figures_by_group, figures_to_keep
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.flag_audit.queries.groups import Whole
    from teams.directory.models import User


@transaction.atomic
def release_flag_figures(school: School, whole: Whole, *, actor: User) -> FlagRelease:
    """Release the figures of a term that is over (one of `wholes_of`); a second release returns the first.

    They stay as they are: later ones would give away the students about whom something was decided since.
    """
    require_ability(actor, "see_school", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    known = FlagRelease.objects.filter(school=school, since=whole.since, until=whole.until).first()
    if known:
        return known
    if FlagRelease.objects.filter(school=school, since__lte=whole.until, until__gte=whole.since).exists():
        raise DomainError(
            _(
                "Figures of some of these days are released already. A second time they would give students away."
            )
        )
    figures = figures_by_group(school, whole.since, whole.until, school.min_group_size)
    if not any(one.category for one in figures):
        raise DomainError(_("No group of students is recorded for these days."))
    release = FlagRelease.objects.create(
        school=school,
        since=whole.since,
        until=whole.until,
        least=school.min_group_size,
        rows=figures_to_keep(figures),
        released_by=actor,
    )
    record_event(actor, "released-flag-figures", release, school=school)
    return release
