"""Record who looked at results."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datareview.looks.models import ResultsView
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.records.models import Assessment, Section
    from teams.directory.models import User

AGAIN_AFTER = dt.timedelta(hours=1)  # the same results before that are the same look


def record_results_view(
    assessment: Assessment, *, reader: User | None, section: Section | None, counted: Iterable[int]
) -> ResultsView | None:
    """Record that ``reader`` looked at a class (None: the team), beside the team's numbers over ``counted`` classes.

    Without ``reader`` they were shown to everyone in a meeting, or kept in its minutes.

    The same results are recorded once an hour. Returns None if they were recorded already.
    """
    values = {"assessment": assessment, "reader": reader, "section": section, "counted": sorted(counted)}
    if ResultsView.objects.filter(**values, at__gt=clock.now() - AGAIN_AFTER).exists():
        return None
    return ResultsView.objects.create(**values)


def record_team_views(counted: Mapping[Assessment, frozenset[int]], *, reader: User) -> None:
    """Record that ``reader`` looked at the team's numbers of each assessment over its classes; once an hour each."""
    recent = ResultsView.objects.filter(
        assessment__in=list(counted), reader=reader, section=None, at__gt=clock.now() - AGAIN_AFTER
    )
    known = {(pk, tuple(classes)) for pk, classes in recent.values_list("assessment_id", "counted")}
    ResultsView.objects.bulk_create(
        ResultsView(assessment=one, reader=reader, counted=sorted(classes))
        for one, classes in counted.items()
        if (one.pk, tuple(sorted(classes))) not in known
    )
