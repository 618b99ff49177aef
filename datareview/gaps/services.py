"""Release the figures of groups for a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.figures.queries.levels import PARTICIPATION
from datareview.gaps.models import GapRelease
from datareview.gaps.queries.release import count_groups, rows_to_release
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Measure
    from teams.directory.models import User


@transaction.atomic
def release_gaps(school: School, measure: Measure, window: ScoreWindow, *, actor: User) -> GapRelease:
    """Release a measure's figures for a window, once nearly everyone has a level or four weeks after it ended.

    A second release returns the first.

    They stay as they are: a later one, after a few more scores, would give away those students' results.
    """
    require_ability(actor, "see_school", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    known = GapRelease.objects.filter(measure=measure, window=window.key, year=window.year).first()
    if known:
        return known
    counted = count_groups(school, measure, window)
    if not counted.leveled:
        raise DomainError(_("No student has a level on this measure in this window."))
    if not counted.is_closed and counted.leveled < PARTICIPATION * counted.students:
        raise DomainError(
            _(
                "Only %(n)d of %(all)d students have a level yet. Release the figures once %(share)s have one, "
                "or four weeks after the window has ended."
            )
            % {
                "n": counted.leveled,
                "all": counted.students,
                "share": formats.percent(100 * PARTICIPATION, 0),
            }
        )
    release = GapRelease.objects.create(
        school=school,
        measure=measure,
        window=window.key,
        year=window.year,
        least=school.min_group_size,
        rows=rows_to_release(counted.counts, school.min_group_size),
        leveled=counted.leveled,
        students=counted.students,
        released_by=actor,
    )
    record_event(actor, "released-gaps", release, school=school, n=counted.leveled)
    return release
