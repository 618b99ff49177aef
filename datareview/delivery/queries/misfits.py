"""What speaks against learning in one group: grades far apart, and concerns about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.plans.services.several import NewPlan
    from datareview.records.models import Measure

NEAR = 1  # grades apart that learn in one group as a matter of course


def misfits_of(new: Sequence[NewPlan], measure: Measure, grades: Sequence[int | None]) -> list[str]:
    """Sentences about students who are far apart, with the ``grades`` of those in the group, or come for another need."""
    found = []
    known = [grade for grade in (*grades, *(one.student.grade for one in new)) if grade is not None]
    if known and max(known) - min(known) > NEAR:
        found.append(
            _("The group would have students from %(lowest)s to %(highest)s.")
            % {"lowest": grade_name(min(known)), "highest": grade_name(max(known))}
        )
    words = _("The concern about %(student)s is %(domain)s; the group is measured by %(measure)s.")
    return found + [
        words
        % {
            "student": one.student,
            "domain": one.candidate.get_domain_display().lower(),
            "measure": str(measure).rstrip("."),
        }
        for one in new
        if one.candidate and one.candidate.domain != measure.domain
    ]
