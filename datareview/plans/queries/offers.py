"""The strategies that are offered for a plan: those for its need and grade, with what worked here first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.flags.conditions import measure_keys
from datareview.flags.models import Flag, Rule
from datareview.plans.queries.worked import Worked, worked_of_month
from datareview.records.models import Domain, Measure, Section
from datareview.strategies.models import Strategy
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from datareview.flags.models import Candidate
    from teams.directory.models import School

UNKNOWN_SHARE = 0.75  # of the aim: where a strategy of which too little is known stands among the others
EVIDENCE = tuple(Strategy.Evidence.values)  # the best first
# Schools' own names of subjects, as the bank has them.
SUBJECTS = {
    **dict.fromkeys(("mathematics", "maths"), ("math",)),
    **dict.fromkeys(
        ("ela", "english", "english language arts", "language arts", "literacy"), ("reading", "writing")
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """What a plan is for: a domain and, if academic, subjects; of any subject if none is known."""

    domain: str
    subjects: frozenset[str] = frozenset()

    def is_met_by(self, strategy: Strategy) -> bool:
        """Whether ``strategy`` is for this domain, and for one of these subjects or any."""
        theirs = _standard([strategy.subject])
        return strategy.domain == self.domain and not (
            theirs and self.subjects and theirs.isdisjoint(self.subjects)
        )


@dataclass(frozen=True, slots=True)
class OfferedStrategies:
    """The strategies of a school, best first: those that are suggested, and the others by what they are for."""

    suggested: list[Strategy]
    other_grades: list[Strategy]
    other_needs: list[Strategy]

    def find(self, uuid: Any) -> Strategy | None:
        """The strategy with this public id."""
        everything = (*self.suggested, *self.other_grades, *self.other_needs)
        return next((one for one in everything if one.uuid == uuid), None)

    def choices(self) -> list[tuple[Any, Any]]:
        """Choices of a form's field: suggested ones first, then the others in groups."""
        found: list[tuple[Any, Any]] = [(str(one.uuid), one) for one in self.suggested]
        groups = ((_("For other grades"), self.other_grades), (_("For other needs"), self.other_needs))
        return found + [(name, [(str(one.uuid), one) for one in rows]) for name, rows in groups if rows]


def need_of(candidate: Candidate | None, measure: Measure | None) -> Need:
    """The need of a candidate, whom the reader may see, or of a plan on ``measure`` without one.

    The subjects are those of the measures and courses for which the candidate is flagged.
    """
    if candidate is None:
        return Need(measure.domain, _standard([measure.subject])) if measure else Need("")
    if candidate.domain != Domain.ACADEMIC:
        return Need(candidate.domain)
    subjects: list[str] = []
    for flag in candidate.flags.filter(state=Flag.State.OPEN).select_related("rule__measure"):
        rule = flag.rule
        if rule.measure:
            subjects.append(rule.measure.subject)
        elif rule.kind == Rule.Kind.COURSE:
            subjects += _subjects_of_courses(candidate, flag.evidence)
        elif keys := measure_keys(rule.parameters):
            measures = Measure.objects.filter(school=rule.school_id, key__in=keys)
            subjects += measures.values_list("subject", flat=True)
    return Need(candidate.domain, _standard(subjects))


def offered_strategies(school: School, need: Need, grades: Collection[int | None]) -> OfferedStrategies:
    """The strategies of ``school`` for new plans of students in ``grades``.

    Those that worked here come first, by the figures of the month, which the report of what works shows, too. Those of
    which too little is known stand among them as if they had gained three quarters of the aim, better evidence first.
    """
    rows: list[Any] = list(Strategy.objects.filter(school=school, is_retired=False))
    month = worked_of_month(school)
    for one in rows:
        one.here = (month.rows.get(one.pk) if month else None) or Worked()
        one.here_in_words = _here_in_words(one.here)
    offer = OfferedStrategies([], [], [])
    for one in sorted(rows, key=_place):
        if not need.is_met_by(one):
            offer.other_needs.append(one)
        elif grades and not any(_is_for_grade(one, grade) for grade in grades):
            offer.other_grades.append(one)
        else:
            offer.suggested.append(one)
    return offer


def _here_in_words(here: Worked) -> str:
    """What plans of a strategy gained here, with its interval and the number of plans."""
    if here.share is None:
        return _("Here: too few plans to say what it gains.")
    words = _("Here: %(share)s of the aim gained (%(low)s to %(high)s, %(n)s plans)")
    shares = [formats.percent(100 * one, 0) for one in here.share]
    said = words % {
        **dict(zip(("share", "low", "high"), shares, strict=True)),
        "n": formats.number(here.judged),
    }
    if here.beyond:
        beyond = formats.signed(round(100 * here.beyond[0]))
        said += _("; %(points)s points against similar students without it") % {"points": beyond}
    if here.ended:
        met = {"met": formats.number(here.met), "all": formats.number(here.ended)}
        said += _("; goal met in %(met)s of %(all)s that ended") % met
    return said + "."


def _place(strategy: Any) -> tuple[float, int, str]:
    share = strategy.here.share
    return (
        -(share[0] if share else UNKNOWN_SHARE),
        EVIDENCE.index(strategy.evidence_level),
        strategy.name.casefold(),
    )


def _is_for_grade(strategy: Strategy, grade: int | None) -> bool:
    """Whether the strategy is for ``grade``; any is if the grade is not known."""
    if grade is None:
        return True
    lowest, highest = strategy.lowest_grade, strategy.highest_grade
    return (lowest is None or lowest <= grade) and (highest is None or grade <= highest)


def _subjects_of_courses(candidate: Candidate, evidence: dict[str, Any]) -> list[str]:
    """The subjects of the sections that a course flag names."""
    named = [*evidence.get("failing", []), evidence.get("dropped") or evidence.get("lowest")]
    names = {pair[0] for pair in named if pair}
    rows = Section.objects.filter(enrollments__student=candidate.student_id, name__in=names)
    return list(rows.values_list("subject", flat=True).distinct())


def _standard(subjects: Iterable[str]) -> frozenset[str]:
    words = (subject.strip().casefold() for subject in subjects)
    return frozenset(one for word in words if word for one in SUBJECTS.get(word, (word,)))
