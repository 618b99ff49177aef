"""The steps from an empty school to its first meeting, each as a line: what there is, what is missing, one link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.queries.facts import setup_facts
from collab.setup.queries.record_steps import measures_step, roster_step, rules_step, strategies_step
from collab.setup.queries.school_steps import (
    bells_step,
    mail_step,
    meeting_step,
    people_step,
    school_step,
    sign_in_step,
    teams_step,
    year_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.setup.queries.facts import SetupFacts
    from collab.setup.queries.step import SetupStep
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class WorksAlready:
    """Something that people can use already, with its page."""

    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The list, and what works already. ``next`` is the first step that is needed and not done.

    ``lacks_usual``: the school has no holidays, bells, measures, rules or strategies, of which usual ones can be added.
    """

    steps: list[SetupStep]
    works: list[WorksAlready]
    lacks_usual: bool = False

    @property
    def done(self) -> int:
        """The number of steps that are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> SetupStep | None:
        """The step to do now: the first one that is needed, else the first that can wait."""
        left = sorted((step for step in self.steps if not step.is_done), key=lambda step: step.can_wait)
        return left[0] if left else None

    @property
    def needed(self) -> list[SetupStep]:
        """Steps without which no team can meet."""
        return [step for step in self.steps if not step.is_done and not step.can_wait]

    @property
    def minutes(self) -> int:
        """About how many minutes the steps that are left take."""
        return sum(step.minutes for step in self.steps if not step.is_done)

    @property
    def sentence(self) -> str:
        """The title: how far the school is, and whether teams can meet."""
        steps = ngettext(
            "%(done)s of %(n)s step is done.", "%(done)s of %(n)s steps are done.", len(self.steps)
        )
        told = steps % {"done": self.done, "n": len(self.steps)}
        last = self.steps[-1]
        if last.is_done:
            return _("%(steps)s Teams meet.") % {"steps": told}
        missing = [step.title for step in self.needed if step is not last]
        if not missing:
            return _("%(steps)s Teams can meet now.") % {"steps": told}
        return _("%(steps)s Teams can meet after “%(last)s”.") % {"steps": told, "last": missing[-1]}


def setup_page(user: User, school: School) -> SetupPage:
    """The list of ``school`` for ``user``, who sets it up."""
    facts = setup_facts(user, school)
    counts = facts.counts
    usual = (counts.holidays, counts.periods, counts.measures, counts.rules, counts.strategies)
    return SetupPage([step(facts) for step in STEPS], _works_already(facts), not all(usual))


# In the order in which most schools do them; the first meeting is last.
STEPS: tuple[Callable[[SetupFacts], SetupStep], ...] = (
    school_step,
    year_step,
    bells_step,
    roster_step,
    people_step,
    teams_step,
    measures_step,
    rules_step,
    strategies_step,
    mail_step,
    sign_in_step,
    meeting_step,
)


def _works_already(facts: SetupFacts) -> list[WorksAlready]:
    """What people can use with what the school has."""
    counts = facts.counts
    found = [
        (counts.students, _("Students"), _("can be found, with their data."), "datareview:student-list"),
        (
            counts.has_attendance,
            _("Attendance"),
            _("is shown and judged by your rules."),
            "datareview:dashboard-show",
        ),
        (counts.has_scores, _("Scores"), _("have trends and levels."), "datareview:dashboard-show"),
        (
            counts.teams,
            _("Teams"),
            _("have their page, their norms and their queue."),
            "collab:overview-show",
        ),
        (
            counts.rules and counts.students,
            _("Candidates"),
            _("are raised every night."),
            "datareview:rule-list",
        ),
        (counts.meetings, _("Meetings"), _("have agendas that gather what is due."), "collab:meeting-list"),
    ]
    return [WorksAlready(title, text, reverse(name)) for holds, title, text, name in found if holds]
