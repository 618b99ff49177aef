"""Assessments whose results an agenda item can be about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.assessments.permissions import assessments_visible_to
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from datareview.records.models import Assessment
    from teams.directory.models import Team, User

MOST = 40


def assessments_to_discuss(user: User, team: Team) -> QuerySet[Assessment]:
    """The team's latest assessments that the user may see, up to `MOST`."""
    return _to_discuss(user, team.pk)


def assessment_choices(user: User, team: Team) -> list[Assessment]:
    """`assessments_to_discuss` as a list."""
    return prepared_rows(_to_discuss, reader_of(user), team.pk)


def _to_discuss(user: User, team_id: int) -> QuerySet[Assessment]:
    rows = assessments_visible_to(user).filter(team=team_id).order_by("-given_on", "-pk")
    return rows.filter(pk__in=rows.values("pk")[:MOST])


def may_choose_assessment(user: User, item: AgendaItem) -> bool:
    """Whether the user may choose the assessment of ``item``: one that people added, about none that they may not see."""
    topic = item.topic
    if topic.kind not in (topic.Kind.OTHER, topic.Kind.DATA):
        return False
    known = topic.assessment_id
    return known is None or assessments_to_discuss(user, topic.team).filter(pk=known).exists()
