"""What came of teaching groups when their standard was checked again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.assessments.permissions import assessments_visible_to
from datareview.assessments.queries import response_frame
from datareview.regrouping.queries.points import standard_points
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.analysis.retest import SelectedGain
    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment
    from datareview.regrouping.models import RegroupedGroup, Regrouping
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one group, or of those in no group (``group`` None): counts secure before and after, and the gain.

    ``before`` and ``after`` are mean shares of the points, 0 to 1, and so is the ``gain``. Both are None, and ``hidden``
    says why, where points of students whose classes are closed to the reader would follow: of fewer than five, or of one
    who was moved after the means were there.
    """

    group: RegroupedGroup | None
    n: int
    gone: int
    secure_before: int
    secure_after: int
    before: float | None
    after: float | None
    gain: SelectedGain
    hidden: str = ""

    @property
    def counts(self) -> str:
        """How many of the group are secure now: "3 of 8 are secure now, 0 before."."""
        return ngettext(
            "%(after)s of %(n)s student is secure now, %(before)s before.",
            "%(after)s of %(n)s students are secure now, %(before)s before.",
            self.n,
        ) % {
            "after": formats.number(self.secure_after),
            "n": formats.number(self.n),
            "before": formats.number(self.secure_before),
        }

    @property
    def before_in_words(self) -> str:
        """The mean before: "20%"; empty without anyone who took both."""
        return "" if self.before is None else formats.percent(100 * self.before, 0)

    @property
    def after_in_words(self) -> str:
        """The mean after, as `before_in_words`."""
        return "" if self.after is None else formats.percent(100 * self.after, 0)

    @property
    def words(self) -> str:
        """How the gain compares with that of all students with such first scores, in percentage points."""
        gain = self.gain
        if self.hidden:
            return self.hidden
        if gain.beyond is None or gain.expected is None or gain.low is None or gain.high is None:
            return _("Too few to say.")
        values = {
            "expected": formats.signed(100 * gain.expected, 0),
            "beyond": formats.signed(100 * gain.beyond, 0),
            "low": formats.signed(100 * gain.low, 0),
            "high": formats.signed(100 * gain.high, 0),
        }
        if gain.low > 0:
            found = _(
                "More than students with such scores gained in all groups together (%(expected)s percentage"
                " points): %(beyond)s beyond it, %(low)s to %(high)s."
            )
        elif gain.high < 0:
            found = _(
                "Less than students with such scores gained in all groups together (%(expected)s percentage"
                " points): %(beyond)s from it, %(low)s to %(high)s."
            )
        else:
            found = _(
                "Not clearly different from what students with such scores gained in all groups together"
                " (%(expected)s percentage points): %(low)s to %(high)s beyond it."
            )
        return found % values


@dataclass(frozen=True, slots=True)
class CheckedAgain:
    """A later assessment of the same standard, with what came of each group."""

    assessment: Assessment
    outcomes: list[Outcome]


def checks_of(
    user: User,
    regrouping: Regrouping,
    first: ResponseFrame,
    groups: list[RegroupedGroup],
    group_of: dict[int, int],
    is_open: Collection[int],
) -> list[CheckedAgain]:
    """Later assessments that check this one again and have results on the standard, in order of their day.

    ``is_open`` are the students of classes whose results are open to the user.
    """
    later = assessments_visible_to(user).filter(again_of=regrouping.assessment).order_by("given_on", "pk")
    return [
        CheckedAgain(one, outcomes)
        for one in later
        if (outcomes := _outcomes(regrouping, first, response_frame(one), one, groups, group_of, is_open))
    ]


def _outcomes(
    regrouping: Regrouping,
    first: ResponseFrame,
    second: ResponseFrame,
    again: Assessment,
    groups: list[RegroupedGroup],
    group_of: dict[int, int],
    is_open: Collection[int],
) -> list[Outcome]:
    """What came of each group; empty if the later assessment has no results on the standard."""
    import pandas as pd

    from datareview.analysis.mastery import ROUNDING
    from datareview.analysis.retest import selected_gain
    from datareview.looks.rows import LEAST_CLOSED

    standard = regrouping.standard_id
    before = standard_points(first, standard)["share"]
    after = standard_points(second, standard)["share"].reindex(before.index)
    both = before.notna() & after.notna()
    if not both.any():
        return []
    correlation = before[both].corr(after[both]) if both.sum() > 2 else math.nan
    mean, mean_after = before[both].mean(), after[both].mean()
    of = pd.Series(group_of, dtype="float64").reindex(before.index)
    cuts = (regrouping.assessment.mastery - ROUNDING, again.mastery - ROUNDING)
    found = []
    for group in [*groups, None]:
        mine = (of == group.pk) if group else of.isna()
        pairs = mine & both
        x, y = before[pairs], after[pairs]
        n = int(pairs.sum())
        closed = len(set(x.index) - set(is_open))
        hidden = ""
        if closed and (group or regrouping).is_changed_late:
            hidden = _("Means are not shown: someone was moved after the check again was entered.")
        elif 0 < closed < LEAST_CLOSED:
            hidden = _("Means are not shown: fewer than five are of classes that are closed to you.")
        gone = int((mine & before.notna() & after.isna()).sum())
        if not n and not gone:
            continue
        found.append(
            Outcome(
                group,
                n,
                gone,
                int((x >= cuts[0]).sum()),
                int((y >= cuts[1]).sum()),
                float(x.mean()) if n and not hidden else None,
                float(y.mean()) if n and not hidden else None,
                selected_gain(x.to_numpy(), y.to_numpy(), mean, correlation, mean_after=mean_after),
                hidden,
            )
        )
    return found
