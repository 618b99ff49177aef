"""Record who looked at results."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datareview.looks.models import ResultsView
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.looks.frames import Seen
    from datareview.records.models import Assessment, Section
    from teams.directory.models import User

AGAIN_AFTER = dt.timedelta(hours=1)  # the same results before that are the same look


def record_results_view(
    assessment: Assessment, *, reader: User | None, section: Section | None, seen: Seen
) -> ResultsView | None:
    """Record that ``reader`` looked at a class (None: the team), beside the team's numbers over what was ``seen``.

    Without ``reader`` they were shown to everyone in a meeting, or kept in its minutes.

    The same results are recorded once an hour. Returns None if they were recorded already.
    """
    _release(assessment, seen)
    values = {
        "assessment": assessment,
        "reader": reader,
        "section": section,
        "counted": sorted(seen.counted),
        "students": sorted(seen.students),
    }
    if ResultsView.objects.filter(**values, at__gt=clock.now() - AGAIN_AFTER).exists():
        return None
    return ResultsView.objects.create(**values)


def record_team_views(shown: Mapping[Assessment, Seen], *, reader: User) -> None:
    """Record that ``reader`` looked at the team's numbers of each assessment; once an hour each."""
    recent = ResultsView.objects.filter(
        assessment__in=list(shown), reader=reader, section=None, at__gt=clock.now() - AGAIN_AFTER
    )
    known = {
        (pk, frozenset(counted), frozenset(students))
        for pk, counted, students in recent.values_list("assessment_id", "counted", "students")
    }
    for assessment, seen in shown.items():
        _release(assessment, seen)
    ResultsView.objects.bulk_create(
        ResultsView(
            assessment=one, reader=reader, counted=sorted(seen.counted), students=sorted(seen.students)
        )
        for one, seen in shown.items()
        if (one.pk, seen.counted, seen.students) not in known
    )


def _release(assessment: Assessment, seen: Seen) -> None:
    if seen.newly:
        assessment.sittings.filter(student__in=seen.newly).update(is_released=True)
