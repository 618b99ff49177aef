"""Which plans would be judged otherwise by other cut points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.plans.permissions import plans_visible_to
from datareview.progress.queries.caseload import plan_rows
from datareview.progress.queries.progress import progress_of_plans
from teams.directory.queries.days import closed_days

if TYPE_CHECKING:
    from datareview.analysis.verdicts import Cuts
    from datareview.plans.models import Plan
    from datareview.progress.queries.progress import Progress
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A plan with its progress by the cut points of today, and by others."""

    plan: Plan
    before: Progress
    after: Progress


@dataclass(frozen=True, slots=True)
class CutsTrial:
    """What other cut points would change: the plans, of how many that run, and the numbers by label before and after."""

    changes: list[VerdictChange]
    total: int
    tallies: list[tuple[str, int, int]]


def try_cuts(user: User, school: School, cuts: Cuts) -> CutsTrial:
    """The school's running plans that ``cuts`` would judge otherwise; a constant number of queries."""
    today = school.today()
    running = plans_visible_to(user).running().filter(student__school=school)
    rows = plan_rows(running, user, today)
    points = {row.plan.pk: row.points for row in rows}
    after = progress_of_plans(
        [row.plan for row in rows], points, today, closed_days([school.pk]), cuts={school.pk: cuts}
    )
    pairs = [(row.progress, new) for row, new in zip(rows, after, strict=True)]
    labels = list(dict.fromkeys(one.label for pair in pairs for one in pair))
    return CutsTrial(
        changes=[
            VerdictChange(row.plan, before, new)
            for row, (before, new) in zip(rows, pairs, strict=True)
            if before.label != new.label
        ],
        total=len(rows),
        tallies=[
            (
                label,
                sum(before.label == label for before, _new in pairs),
                sum(new.label == label for _before, new in pairs),
            )
            for label in labels
        ],
    )
