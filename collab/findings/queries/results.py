"""The results of the assessment that an agenda item is about, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.findings.models import ResultsPrediction, ShownResults
from collab.findings.queries.predictions import are_waiting, guesses_about, state_of, waiting_results
from collab.meetings.models import Meeting
from collab.protocols.models import Shows
from datareview.assessments.models import ClassShare
from datareview.assessments.permissions import assessments_visible_to, may_edit_assessment
from datareview.assessments.queries import response_frame
from datareview.looks.queries import state_in_words, with_state
from datareview.records.models import Assessment
from datareview.shared_results.queries import own_classes, team_summary
from teams.lib.hidden_names import are_hidden, real_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from collab.agendas.models import AgendaItem
    from collab.agendas.queries.items import ItemsFor
    from collab.findings.queries.predictions import Guesses, StandardGuess, WaitingResults
    from datareview.records.models import Section
    from datareview.regrouping.models import Regrouping
    from datareview.results.frames.standards import StandardResult
    from datareview.shared_results.frames import OpenedClass, TeamSummary
    from teams.directory.models import User

EVERYTHING = "all"  # of the results, on their own item
MOST_AT_A_STEP = 3  # assessments that a step shows


@dataclass(frozen=True, slots=True)
class ItemResults:
    """The results on one item. ``summary`` is the team's, the same for all; None if none were kept or they wait.

    ``part`` is what is shown of them (`Shows`; ``EVERYTHING`` on their own item). ``waits_for`` are predictions that
    have to be made first, and ``guesses`` those that were made. ``own`` are the reader's own classes, which nobody else
    sees. ``may_open`` says whether the reader may open the page of the assessment, ``may_enter`` whether they may enter
    answers. ``frozen_at`` is set in minutes.
    """

    item: AgendaItem
    assessment: Assessment
    summary: TeamSummary | None
    own: list[tuple[Section, OpenedClass]]
    may_open: bool
    may_enter: bool
    frozen_at: dt.datetime | None = None
    part: str = EVERYTHING
    waits_for: WaitingResults | None = None
    guesses: Guesses | None = None
    groups: tuple[Regrouping, ...] = ()

    @property
    def lines(
        self,
    ) -> list[tuple[StandardResult, list[tuple[OpenedClass, StandardResult]], StandardGuess | None]]:
        """Each standard with the classes that are open, and with what people expected."""
        if self.summary is None:
            return []
        return [
            (result, opened, self.guesses.on(result.standard.code) if self.guesses else None)
            for result, opened in self.summary.lines
        ]


def results_shown_at(user: User, item: AgendaItem, agenda: ItemsFor) -> list[ItemResults]:
    """The results that ``item`` shows in the room: its own, or those on the agenda if it is a step that shows them."""
    meeting = agenda.meeting
    if item.topic.assessment_id:
        own = results_on(user, item, meeting)
        return [own] if own else []
    if not item.shows:
        return []
    about = [one for one in agenda.readable if one.topic.assessment_id][:MOST_AT_A_STEP]
    found = (results_on(user, one, meeting, part=item.shows) for one in about)
    return [one for one in found if one]


def results_on(
    user: User, item: AgendaItem, meeting: Meeting, *, part: str = EVERYTHING
) -> ItemResults | None:
    """The results on ``item``, which the user may read, from today's answers; None if it is about no assessment.

    Results that wait for predictions are not computed: none of them leaves the server. In a closed meeting they are those
    that were frozen.
    """
    if meeting.state == Meeting.State.CLOSED:
        return frozen_results(user, [item]).get(item.pk)
    assessment = assessment_of(item)
    if assessment is None or assessment.deleted_at:
        return None
    may_open = assessments_visible_to(user).filter(pk=assessment.pk).exists()
    may_enter = may_open and may_edit_assessment(user, assessment)
    state = state_of(item)
    if are_waiting(state, assessment, meeting):
        waits = waiting_results(user, item, meeting)
        return ItemResults(item, assessment, None, [], may_open, may_enter, part=part, waits_for=waits)
    frame = response_frame(assessment)
    summary = team_summary(assessment, frame)
    wants_groups = may_enter and part in (EVERYTHING, Shows.GROUPS)
    return ItemResults(
        item=item,
        assessment=assessment,
        summary=summary if may_open else _closed(summary, set()),
        own=own_classes(user, assessment, frame) if may_open and not are_hidden() else [],
        may_open=may_open,
        may_enter=may_enter,
        part=part,
        guesses=guesses_about(user, summary, item.results_predictions.all()),
        groups=tuple(assessment.regroupings.select_related("standard")) if wants_groups else (),
    )


def frozen_results(user: User, items: Collection[AgendaItem]) -> dict[int, ItemResults]:
    """The results that were frozen on ``items``, by item, in a few queries.

    A class whose teacher has closed it since is left out, as are all classes for who may not see the assessment.
    """
    about = [item for item in items if item.topic.assessment_id]
    if not about:
        return {}
    rows = ShownResults.objects.filter(item__in=about, frozen_at__isnull=False)
    found = list(rows.select_related("item__topic__assessment__team"))
    theirs = {row.item.topic.assessment_id for row in found if row.item.topic.assessment_id}
    predictions = _predictions(found)
    visible = set(assessments_visible_to(user).filter(pk__in=theirs).values_list("pk", flat=True))
    opened = _opened(theirs)
    results = {}
    for row in found:
        assessment = row.item.topic.assessment
        if assessment is None:
            continue
        may_open = assessment.pk in visible
        summary = _closed(frozen_summary(row), opened.get(assessment.pk, set()) if may_open else set())
        results[row.item_id] = ItemResults(
            item=row.item,
            assessment=assessment,
            summary=summary,
            own=[],
            may_open=may_open,
            may_enter=False,
            frozen_at=row.frozen_at,
            guesses=guesses_about(user, summary, predictions.get(row.item_id, [])) if summary else None,
        )
    return results


def summary_without_classes(items: Collection[AgendaItem]) -> dict[int, TeamSummary]:
    """The results that were frozen on ``items``, by item, without any class: what all staff may read."""
    from dataclasses import replace

    about = [item for item in items if item.topic.assessment_id]
    found = {}
    for row in ShownResults.objects.filter(item__in=about).exclude(frozen=None) if about else ():
        summary = frozen_summary(row)
        if summary and summary.is_shown:
            found[row.item_id] = replace(summary, opened=(), classes_in=(), classes_out=())
    return found


def frozen_summary(row: ShownResults) -> TeamSummary | None:
    """What was kept of the results; None if nothing was."""
    from datareview.shared_results.frames import summary_from_json

    return None if row.frozen is None else summary_from_json(row.frozen)


def summary_to_freeze(assessment: Assessment) -> TeamSummary:
    """The results as they are kept: with real names."""
    with real_names():
        return team_summary(assessment)


def results_in_words(items: Collection[AgendaItem]) -> dict[int, str]:
    """How far the results on ``items`` are, in a sentence, by item; in one query."""
    about = {item.pk: item.topic.assessment_id for item in items if item.topic.assessment_id}
    if not about:
        return {}
    rows = with_state(Assessment.objects.filter(pk__in=about.values(), deleted_at=None))
    words = {row.pk: state_in_words(row) for row in rows}
    return {pk: words[assessment] for pk, assessment in about.items() if assessment in words}


def assessment_of(item: AgendaItem) -> Assessment | None:
    """The assessment that ``item`` is about."""
    return item.topic.assessment


def _predictions(rows: Collection[ShownResults]) -> dict[int, list[ResultsPrediction]]:
    """The predictions of the results on items, by item."""
    found: dict[int, list[ResultsPrediction]] = {}
    for one in ResultsPrediction.objects.filter(item__in=[row.item_id for row in rows]):
        found.setdefault(one.item_id, []).append(one)
    return found


def _opened(assessments: Collection[int]) -> dict[int, set[str]]:
    """The classes that are open now, by assessment."""
    found: dict[int, set[str]] = {}
    rows = ClassShare.objects.filter(assessment__in=assessments, closed_at=None)
    for pk, section in rows.values_list("assessment_id", "section__uuid"):
        found.setdefault(pk, set()).add(str(section))
    return found


def _closed(summary: TeamSummary | None, opened: set[str]) -> TeamSummary | None:
    from datareview.shared_results.frames import without_classes

    return None if summary is None else without_classes(summary, but=opened)
