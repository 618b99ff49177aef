"""The team's results as they may be shown to all who see an assessment, at once, and one's own class beside them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from datareview.assessments.permissions import classes_of, classes_taught_by
from datareview.assessments.queries import response_frame
from datareview.looks.frames import NO_CLASS, NOTHING, SumReader
from datareview.looks.models import ResultsView
from datareview.looks.queries import Past, sum_of
from datareview.records.models import SectionTeacher
from datareview.results.queries.classes import TeamNumbers, class_states, numbers_for
from datareview.results.queries.shown import part_of, shown_answers
from teams.directory.models import Substitution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.assessments.queries import ResponseFrame
    from datareview.looks.frames import TeamSum
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
    numbers = shared_numbers(assessment, states, frame)
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
        seen=numbers.seen if is_shown else NOTHING,
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


def shared_numbers(assessment: Assessment, states: Iterable[ClassState], frame: ResponseFrame) -> TeamNumbers:
    """Over what the team's numbers may be shown to everyone, so that nobody closed follows for any reader.

    If those over all would give some away to somebody, the latest that everyone saw are shown again, or else the latest
    that anybody saw, with today's answers.
    """
    found = [one for one in states if one.entered]
    is_open = frozenset(one.section.pk for one in found if one.is_open)
    once_open = frozenset(one.section.pk for one in found if one.was_open)
    if all(one.is_open for one in found):
        is_open |= {NO_CLASS}
    pasts = _readers(assessment)
    taught = _taught(assessment)
    nobody = pasts[EVERYBODY]
    readers = [
        SumReader(is_open | taught.get(one, frozenset()), once_open | past.classes, past.sums)
        for one in pasts.keys() | taught.keys()
        for past in [pasts.get(one, nobody)]
    ]
    theirs = (one for past in pasts.values() for one in past.sums)
    shown = tuple(dict.fromkeys([*nobody.sums, *theirs]))
    return numbers_for(found, frame, readers, shown, once_open)


def _readers(assessment: Assessment) -> dict[int | None, Past]:
    """What each reader has seen: classes that they looked at, and the team's numbers.

    Of everybody else (None) it is what was shown to all in a meeting.
    """
    classes: dict[int | None, set[int]] = defaultdict(set)
    sums: dict[int | None, list[TeamSum]] = defaultdict(list)
    views = ResultsView.objects.filter(assessment=assessment).order_by("-at", "-pk")
    for viewer, seen, counted, students in views.values_list(
        "reader_id", "section_id", "counted", "students"
    ):
        if seen:
            classes[viewer].add(seen)
        if counted:
            sums[viewer].append(sum_of(counted, students))
    everybody = Past(frozenset(classes[EVERYBODY]), tuple(dict.fromkeys(sums[EVERYBODY])))
    found: dict[int | None, Past] = {EVERYBODY: everybody}
    for reader in (classes.keys() | sums.keys()) - {EVERYBODY}:
        shown = tuple(dict.fromkeys([*sums[reader], *everybody.sums]))
        found[reader] = Past(frozenset(classes[reader]) | everybody.classes, shown)
    return found


def _taught(assessment: Assessment) -> dict[int | None, frozenset[int]]:
    """The classes that each user teaches or taught, or in which they stand in."""
    found: dict[int | None, set[int]] = defaultdict(set)
    given = classes_of(assessment).values("pk")
    links = SectionTeacher.objects.filter(section__in=given)
    for teacher, taught in links.values_list("staff__user_id", "section_id"):
        found[teacher].add(taught)
    stands_in = Substitution.objects.filter(replaced__section_links__section__in=given)
    for substitute, taught in stands_in.values_list(
        "substitute__user_id", "replaced__section_links__section_id"
    ):
        found[substitute].add(taught)
    return {one: frozenset(many) for one, many in found.items()}
