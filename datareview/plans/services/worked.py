"""Keep what worked here once a month, so that nothing can be learned of one student from week to week."""

from __future__ import annotations

from dataclasses import asdict

from datareview.plans.models import Plan, WorkedRelease
from datareview.plans.queries.worked import Worked, released, what_worked, worked_of_month
from teams.directory.models import School
from teams.jobs.services.batches import run_each

KEEP = "datareview.keep_worked"


def keep_worked(school: School) -> WorkedRelease:
    """The figures of this month; counted now if there are none yet, and the same for the rest of the month."""
    day = school.today().replace(day=1)
    known = WorkedRelease.objects.filter(school=school, day=day).first()
    if known:
        return known
    last = worked_of_month(school)
    plans = Plan.objects.filter(student__school=school).exclude(state=Plan.State.DRAFT)
    rows = {
        pk: asdict(released(new, last.rows.get(pk, Worked()) if last else Worked()))
        for pk, new in what_worked(school, plans).items()
    }
    kept, _is_new = WorkedRelease.objects.get_or_create(school=school, day=day, defaults={"rows": rows})
    return kept


def keep_worked_everywhere() -> None:
    """Keep the figures of each school that has none for this month."""

    def keep(school: School) -> int:
        keep_worked(school)
        return 1

    run_each(KEEP, School.objects.all(), keep, about=lambda school: school)
