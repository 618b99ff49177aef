"""Freeze results when a meeting closes, and record that everyone in it has seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem
from collab.findings.models import ShownResults
from collab.findings.queries.results import assessment_of, summary_to_freeze
from datareview.looks.services import record_results_view
from teams.lib import clock

if TYPE_CHECKING:
    from collab.findings.queries.results import ItemResults
    from collab.meetings.models import Meeting
    from datareview.records.models import Assessment, Section
    from datareview.shared_results.frames import TeamSummary
    from teams.directory.models import User


def record_look_in_meeting(results: ItemResults) -> None:
    """Record that the team's results were shown to everyone in a meeting."""
    if results.summary and results.summary.is_shown:
        _record(results.assessment, results.summary)


def record_own_look(results: ItemResults, *, actor: User) -> None:
    """Record what ``actor`` has seen of results: the team's and their own classes."""
    if results.summary is None or results.frozen_at:
        return
    for section, _result in results.own:
        _record(results.assessment, results.summary, reader=actor, section=section)
    if not results.own and results.summary.is_shown:
        _record(results.assessment, results.summary, reader=actor)


def _record(
    assessment: Assessment,
    summary: TeamSummary,
    *,
    reader: User | None = None,
    section: Section | None = None,
) -> None:
    record_results_view(assessment, reader=reader, section=section, seen=summary.seen)


def freeze_results(meeting: Meeting) -> None:
    """Freeze the results on the items of a locked meeting that were discussed. Everyone may read them from then on."""
    from datareview.shared_results.frames import summary_to_json

    done = meeting.items.filter(state=AgendaItem.State.DONE, topic__assessment__isnull=False)
    for item in done.select_related("topic__assessment__team__school"):
        assessment = assessment_of(item)
        row, _new = ShownResults.objects.get_or_create(item=item)
        if assessment is None or row.frozen_at:
            continue
        # A deleted assessment does not block closing; the minutes say that its results are gone.
        if assessment.deleted_at is None:
            summary = summary_to_freeze(assessment)
            row.frozen = summary_to_json(summary)
            if summary.is_shown:
                _record(assessment, summary)
        row.frozen_at = clock.now()
        row.save(update_fields=["frozen", "frozen_at"])


def unfreeze_results(meeting: Meeting) -> None:
    """Let the results on the items of a reopened meeting be those of today again."""
    ShownResults.objects.filter(item__meeting=meeting).update(frozen=None, frozen_at=None)


def carry_asking(meeting: Meeting) -> None:
    """Unreached items keep, in the next meeting, whether the team wants to predict their results first."""
    moved = ShownResults.objects.filter(item__meeting=meeting, item__state=AgendaItem.State.MOVED)
    for state in moved.exclude(predict_first=None).select_related("item"):
        waiting = AgendaItem.objects.filter(topic=state.item.topic_id, meeting=None).first()
        if waiting:
            asks = {"predict_first": state.predict_first}
            ShownResults.objects.get_or_create(item=waiting, defaults=asks)
