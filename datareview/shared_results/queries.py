"""The team's results as they may be shown to all who see an assessment, at once, and one's own class beside them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from datareview.assessments.permissions import classes_of, classes_taught_by
from datareview.assessments.queries import response_frame
from datareview.looks.models import ResultsView
from datareview.records.models import SectionTeacher
from datareview.results.queries.classes import (
    Past,
    TeamNumbers,
    class_states,
    classes_of_leads,
    exposed_classes,
    may_be_counted,
)
from datareview.results.queries.shown import part_of, shown_answers
from teams.directory.models import Substitution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment, Section
    from datareview.results.frames.standards import StandardResult
    from datareview.results.queries.classes import ClassState
    from datareview.shared_results.frames import OpenedClass, TeamSummary
    from teams.directory.models import User

EVERYBODY = None


def team_summary(assessment: Assessment, frame: ResponseFrame | None = None) -> TeamSummary:
    """The team's results, over classes that give no closed class away to any reader, and the classes that are open."""
    from datareview.results.frames.items import item_results
    from datareview.results.frames.standards import standard_results
    from datareview.shared_results.frames import OpenedClass, TeamSummary

    frame = frame or response_frame(assessment)
    states = class_states(EVERYBODY, assessment, frame)
    numbers = shared_numbers(assessment, states)
    shown = shown_answers(frame, None, numbers, states)
    is_shown = shown is not None and len(shown.points) > 0
    standards = standard_results(frame.items, shown.points, assessment.mastery) if shown and is_shown else []
    items = item_results(frame.items, shown.points, shown.choices) if shown and is_shown else []
    return TeamSummary(
        mastery=assessment.mastery,
        given=shown.given if shown else 0,
        entered=len(shown.points) if shown else 0,
        absent=shown.absent if shown else 0,
        classes_in=tuple(str(one.section) for one in states if one.entered),
        classes_out=tuple(str(one.section) for one in states if not one.entered),
        is_shown=is_shown,
        hides=bool(numbers.hides),
        counted=(numbers.counted or frozenset()) if is_shown else frozenset(),
        standards=tuple(standards),
        items=tuple(items),
        opened=tuple(
            OpenedClass(
                str(one.section.uuid),
                f"{one.section}, {one.share.teacher}",
                one.words,
                tuple(_of_class(frame, one.section, assessment)),
            )
            for one in states
            if one.share and one.entered
        ),
    )


def own_classes(
    user: User, assessment: Assessment, frame: ResponseFrame
) -> list[tuple[Section, OpenedClass]]:
    """The classes of an assessment that the user teaches and of which answers are in, for their eyes only."""
    from datareview.shared_results.frames import OpenedClass

    sat = set(frame.section_of[frame.section_of.index.isin(frame.entered)].dropna())
    return [
        (one, OpenedClass(str(one.uuid), str(one), "", tuple(_of_class(frame, one, assessment))))
        for one in classes_taught_by(user, assessment).order_by("name", "pk")
        if one.pk in sat
    ]


def _of_class(frame: ResponseFrame, section: Section, assessment: Assessment) -> list[StandardResult]:
    from datareview.results.frames.standards import standard_results

    part = part_of(frame, {section.pk}, by_student=True, with_rest=False)
    return standard_results(frame.items, part.points, assessment.mastery)


def shared_numbers(assessment: Assessment, states: Iterable[ClassState]) -> TeamNumbers:
    """Over which classes the team's numbers may be shown to everyone, so that no closed class follows for any reader.

    If those over all classes would give one away to somebody, the latest that everyone saw are shown again, with
    today's answers.
    """
    found = [one for one in states if one.entered]
    sizes = {one.section.pk: one.entered for one in found}
    once_open = {one.section.pk for one in found if one.was_open}
    everything, waits = may_be_counted(found, once_open)
    readers, owners = _readers(assessment), classes_of_leads(found)
    first: set[int] = set()
    for number, candidate in enumerate([everything, *readers[EVERYBODY].sums]):
        exposed: set[int] = set()
        for past in readers.values():
            exposed |= exposed_classes(sizes, once_open | past.classes, [*past.sums, candidate], owners)
        if candidate and not exposed:
            return TeamNumbers(candidate, waits, ())
        first = exposed if number == 0 else first
    return TeamNumbers(None, waits, tuple(one.section for one in found if one.section.pk in first))


def _readers(assessment: Assessment) -> dict[int | None, Past]:
    """What each reader knows alone: classes that they teach, taught or looked at, and the sums that they have seen.

    Of everybody else (None) it is what was shown to all in a meeting.
    """
    classes: dict[int | None, set[int]] = defaultdict(set)
    sums: dict[int | None, list[frozenset[int]]] = defaultdict(list)
    views = ResultsView.objects.filter(assessment=assessment).order_by("-at", "-pk")
    for viewer, seen, counted in views.values_list("reader_id", "section_id", "counted"):
        if seen:
            classes[viewer].add(seen)
        if counted:
            sums[viewer].append(frozenset(counted))
    given = classes_of(assessment).values("pk")
    links = SectionTeacher.objects.filter(section__in=given)
    for teacher, taught in links.values_list("staff__user_id", "section_id"):
        classes[teacher].add(taught)
    stands_in = Substitution.objects.filter(replaced__section_links__section__in=given)
    for substitute, taught in stands_in.values_list(
        "substitute__user_id", "replaced__section_links__section_id"
    ):
        classes[substitute].add(taught)
    everybody = Past(frozenset(classes[EVERYBODY]), tuple(dict.fromkeys(sums[EVERYBODY])))
    found: dict[int | None, Past] = {EVERYBODY: everybody}
    for reader in (classes.keys() | sums.keys()) - {EVERYBODY}:
        shown = tuple(dict.fromkeys([*sums[reader], *everybody.sums]))
        found[reader] = Past(frozenset(classes[reader]) | everybody.classes, shown)
    return found
