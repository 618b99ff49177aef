"""The steps from an empty school to its first meeting, each as a line: what there is, what is missing, one link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.queries.facts import setup_facts
from collab.setup.queries.terms import usual_terms
from teams.lib import formats
from teams.schools.queries import school_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.setup.queries.facts import SetupFacts
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One line of the list.

    ``there`` says what the school has, and ``missing`` what is missing or odd. A step that ``can_wait`` is not needed
    for the first meeting. ``minutes`` is how long it takes about.
    """

    title: str
    there: str
    url_name: str
    is_done: bool
    missing: tuple[str, ...] = ()
    can_wait: bool = False
    minutes: int = 5

    @property
    def url(self) -> str:
        """The page where it is done; empty if this version has none."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class WorksAlready:
    """Something that people can use already, with its page."""

    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The list, and what works already. ``next`` is the first step that is needed and not done."""

    steps: list[SetupStep]
    works: list[WorksAlready]

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
    return SetupPage([step(facts) for step in STEPS], _works_already(facts))


def _say(sentence: str, n: int) -> str:
    """The sentence with its number."""
    return sentence % {"n": formats.number(n)}


def _lines(*lines: tuple[object, str]) -> tuple[str, ...]:
    """The sentences whose condition holds."""
    return tuple(sentence for holds, sentence in lines if holds)


def _school(facts: SetupFacts) -> SetupStep:
    school = facts.school
    there = f"{school_in_words(school)}."
    every_grade = (school.lowest_grade, school.highest_grade) == (0, 12)
    missing = _lines((every_grade, _("Every grade from K to 12: choose those you have")))
    return SetupStep(_("School"), there, "teams:school-edit", is_done=True, missing=missing, minutes=1)


def _year(facts: SetupFacts) -> SetupStep:
    if facts.year is None:
        return SetupStep(
            _("Year and terms"),
            _("School days, terms and holidays: meetings skip the days without school."),
            "teams:calendar-show",
            is_done=False,
            missing=(_("No school year includes today"),),
        )
    terms = [(term.starts_on, term.ends_on) for term in facts.terms]
    there = _("%(year)s (%(days)s) with %(terms)s and %(holidays)s.") % {
        "year": facts.year,
        "days": formats.days(facts.year.starts_on, facts.year.ends_on),
        "terms": _say(ngettext("%(n)s term", "%(n)s terms", len(terms)), len(terms)),
        "holidays": _say(
            ngettext("%(n)s holiday ahead", "%(n)s holidays ahead", facts.counts.holidays),
            facts.counts.holidays,
        ),
    }
    missing = _lines(
        (terms == usual_terms(facts.today), _("The dates are a suggestion: check them")),
        (not facts.counts.holidays, _("No holidays yet: meetings would be planned on them")),
    )
    return SetupStep(_("Year and terms"), there, "teams:calendar-show", is_done=True, missing=missing)


def _bells(facts: SetupFacts) -> SetupStep:
    n = facts.counts.periods
    there = (
        _say(ngettext("%(n)s period in the bell schedule.", "%(n)s periods in the bell schedule.", n), n)
        if n
        else _(
            "The periods of a day show when people are free. Without them, teams meet at any time you type."
        )
    )
    return SetupStep(_("Bell schedule"), there, "teams:bells-show", is_done=n > 0, can_wait=True, minutes=10)


def _people(facts: SetupFacts) -> SetupStep:
    counts = facts.counts
    there = _say(ngettext("%(n)s person works here", "%(n)s people work here", counts.staff), counts.staff)
    if counts.never_signed_in:
        never = _say(
            ngettext("%(n)s never signed in", "%(n)s never signed in", counts.never_signed_in),
            counts.never_signed_in,
        )
        there = _("%(people)s, %(never)s") % {"people": there, "never": never}
    missing = _lines(
        (not counts.joiners, _("No one can be in a team yet: add teachers, specialists or leaders")),
    )
    return SetupStep(_("People"), f"{there}.", "teams:person-list", counts.joiners > 0, missing, minutes=10)


def _teams(facts: SetupFacts) -> SetupStep:
    counts = facts.counts
    there = (
        _say(ngettext("%(n)s team.", "%(n)s teams.", counts.teams), counts.teams)
        if counts.teams
        else _("Who meets about which students, and who leads the meetings.")
    )
    missing = _lines(
        (not counts.teams, _("No team yet")),
        (
            counts.teams_without_lead,
            _say(
                ngettext("%(n)s team has no lead", "%(n)s teams have no lead", counts.teams_without_lead),
                counts.teams_without_lead,
            ),
        ),
        (
            counts.teams and counts.without_team,
            _say(
                ngettext("%(n)s person is in no team", "%(n)s people are in no team", counts.without_team),
                counts.without_team,
            ),
        ),
    )
    return SetupStep(_("Teams"), there, "collab:team-list", bool(counts.teams and facts.leads), missing)


def _roster(facts: SetupFacts) -> SetupStep:
    counts = facts.counts
    there = (
        _("%(students)s in %(sections)s.")
        % {
            "students": _say(ngettext("%(n)s student", "%(n)s students", counts.students), counts.students),
            "sections": _say(ngettext("%(n)s section", "%(n)s sections", counts.sections), counts.sections),
        }
        if counts.students
        else _("From a file of your student information system, or one by one.")
    )
    missing = _lines(
        (not counts.students, _("No students yet")),
        (
            counts.sections and counts.without_section,
            _say(
                ngettext(
                    "%(n)s student is in no section",
                    "%(n)s students are in no section",
                    counts.without_section,
                ),
                counts.without_section,
            ),
        ),
        (
            counts.without_teacher,
            _say(
                ngettext(
                    "%(n)s section has no teacher", "%(n)s sections have no teacher", counts.without_teacher
                ),
                counts.without_teacher,
            ),
        ),
    )
    name = "datareview:student-list" if counts.students else "datareview:import-list"
    return SetupStep(_("Students and sections"), there, name, counts.students > 0, missing, minutes=10)


def _measures(facts: SetupFacts) -> SetupStep:
    counts = facts.counts
    there = (
        _say(
            ngettext(
                "%(n)s measure besides attendance and incidents.",
                "%(n)s measures besides attendance and incidents.",
                counts.measures,
            ),
            counts.measures,
        )
        if counts.measures
        else _("Attendance and incidents are here. Add the tests and checks that you follow.")
    )
    bare = counts.measures - counts.with_benchmarks
    missing = _lines(
        (
            bare,
            _say(
                ngettext("%(n)s measure has no benchmarks", "%(n)s measures have no benchmarks", bare), bare
            ),
        ),
        (counts.measures and not counts.has_scores, _("No scores yet: load a file")),
        (not counts.has_attendance, _("No attendance yet: load a file")),
    )
    return SetupStep(
        _("Measures and benchmarks"),
        there,
        "datareview:measure-list",
        counts.measures > 0,
        missing,
        can_wait=True,
        minutes=10,
    )


def _rules(facts: SetupFacts) -> SetupStep:
    n = facts.counts.rules
    there = (
        _say(ngettext("%(n)s rule is on.", "%(n)s rules are on.", n), n)
        if n
        else _("Rules bring students to the teams’ attention. Try each one on your data first.")
    )
    return SetupStep(_("Rules"), there, "datareview:rule-list", n > 0, can_wait=True)


def _strategies(facts: SetupFacts) -> SetupStep:
    n = facts.counts.strategies
    there = (
        _say(ngettext("%(n)s strategy to choose from.", "%(n)s strategies to choose from.", n), n)
        if n
        else _("What your school does for students who need more. A plan starts from a strategy.")
    )
    return SetupStep(_("Strategies"), there, "datareview:strategy-list", n > 0, can_wait=True)


def _mail(facts: SetupFacts) -> SetupStep:
    n = facts.counts.unsent
    there = (
        _("This server sends email.")
        if facts.has_mail_server
        else _("No email server is set up: links for people are shown to you instead.")
    )
    waiting = _say(ngettext("%(n)s email waits to be sent", "%(n)s emails wait to be sent", n), n)
    missing = _lines((facts.has_mail_server and n, waiting))
    return SetupStep(_("Email"), there, "teams:mail-list", facts.has_mail_server, missing, can_wait=True)


def _sign_in(facts: SetupFacts) -> SetupStep:
    counts, demanded = facts.counts, facts.school.demands_second_factor
    if demanded:
        there = _("Everyone signs in in two steps.")
    elif counts.second_factors:
        there = _say(
            ngettext(
                "With a password; %(n)s person also uses a second step.",
                "With a password; %(n)s people also use a second step.",
                counts.second_factors,
            ),
            counts.second_factors,
        )
    else:
        there = _("With a password.")
    lacking = counts.staff - counts.second_factors
    missing = _lines(
        (
            demanded and lacking,
            _say(
                ngettext(
                    "%(n)s person has not set up a second step",
                    "%(n)s people have not set up a second step",
                    lacking,
                ),
                lacking,
            ),
        )
    )
    return SetupStep(_("Sign-in"), there, "teams:sign-in-edit", is_done=True, missing=missing, can_wait=True)


def _meeting(facts: SetupFacts) -> SetupStep:
    n = facts.counts.meetings
    title = _("The first meeting")
    if n:
        there = _say(
            ngettext("%(n)s meeting is in the calendar.", "%(n)s meetings are in the calendar.", n), n
        )
        return SetupStep(title, there, "collab:meeting-list", is_done=True)
    if facts.may_plan:
        return SetupStep(title, _("Plan one, or a term of them."), "collab:series-new", is_done=False)
    if facts.leads:
        names = ", ".join(str(lead) for lead in facts.leads)
        there = _("A lead or a coordinator plans it: %(names)s.") % {"names": names}
    else:
        there = _("A team’s lead or a coordinator plans it.")
    return SetupStep(title, there, "collab:meeting-list", is_done=False)


# In the order in which most schools do them; the first meeting is last.
STEPS: tuple[Callable[[SetupFacts], SetupStep], ...] = (
    _school,
    _year,
    _bells,
    _people,
    _teams,
    _roster,
    _measures,
    _rules,
    _strategies,
    _mail,
    _sign_in,
    _meeting,
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
