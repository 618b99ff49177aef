"""Steps about the school: its year, people and teams, email and sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.queries.step import SetupStep, say_number, true_lines
from collab.setup.queries.terms import usual_terms
from teams.lib import formats
from teams.schools.queries import school_in_words

if TYPE_CHECKING:
    from collab.setup.queries.facts import SetupFacts


def school_step(facts: SetupFacts) -> SetupStep:
    """Name, grades, time zone and language."""
    school = facts.school
    there = f"{school_in_words(school)}."
    every_grade = (school.lowest_grade, school.highest_grade) == (0, 12)
    missing = true_lines((every_grade, _("Every grade from K to 12: choose those you have")))
    return SetupStep(_("School"), there, "teams:school-edit", is_done=True, missing=missing, minutes=1)


def year_step(facts: SetupFacts) -> SetupStep:
    """The current school year with its terms and holidays."""
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
        "terms": say_number(ngettext("%(n)s term", "%(n)s terms", len(terms)), len(terms)),
        "holidays": say_number(
            ngettext("%(n)s holiday ahead", "%(n)s holidays ahead", facts.counts.holidays),
            facts.counts.holidays,
        ),
    }
    missing = true_lines(
        (terms == usual_terms(facts.today), _("The dates are a suggestion: check them")),
        (not facts.counts.holidays, _("No holidays yet: meetings would be planned on them")),
    )
    return SetupStep(_("Year and terms"), there, "teams:calendar-show", is_done=True, missing=missing)


def bells_step(facts: SetupFacts) -> SetupStep:
    """Periods of the bell schedule."""
    n = facts.counts.periods
    there = (
        say_number(
            ngettext("%(n)s period in the bell schedule.", "%(n)s periods in the bell schedule.", n), n
        )
        if n
        else _(
            "The periods of a day show when people are free. Without them, teams meet at any time you type."
        )
    )
    return SetupStep(_("Bell schedule"), there, "teams:bells-show", is_done=n > 0, can_wait=True, minutes=10)


def people_step(facts: SetupFacts) -> SetupStep:
    """People who work here."""
    counts = facts.counts
    there = say_number(
        ngettext("%(n)s person works here", "%(n)s people work here", counts.staff), counts.staff
    )
    if counts.never_signed_in:
        never = say_number(
            ngettext("%(n)s never signed in", "%(n)s never signed in", counts.never_signed_in),
            counts.never_signed_in,
        )
        there = _("%(people)s, %(never)s") % {"people": there, "never": never}
    missing = true_lines(
        (not counts.joiners, _("No one can be in a team yet: add teachers, specialists or leaders")),
    )
    return SetupStep(_("People"), f"{there}.", "teams:person-list", counts.joiners > 0, missing, minutes=10)


def teams_step(facts: SetupFacts) -> SetupStep:
    """Teams with leads and members."""
    counts = facts.counts
    there = (
        say_number(ngettext("%(n)s team.", "%(n)s teams.", counts.teams), counts.teams)
        if counts.teams
        else _("Who meets about which students, and who leads the meetings.")
    )
    missing = true_lines(
        (not counts.teams, _("No team yet")),
        (
            counts.teams_without_lead,
            say_number(
                ngettext("%(n)s team has no lead", "%(n)s teams have no lead", counts.teams_without_lead),
                counts.teams_without_lead,
            ),
        ),
        (
            counts.without_grades,
            say_number(
                ngettext(
                    "%(n)s grade team has no grades, so it sees no students",
                    "%(n)s grade teams have no grades, so they see no students",
                    counts.without_grades,
                ),
                counts.without_grades,
            ),
        ),
        (
            counts.teams and counts.without_team,
            say_number(
                ngettext("%(n)s person is in no team", "%(n)s people are in no team", counts.without_team),
                counts.without_team,
            ),
        ),
    )
    return SetupStep(_("Teams"), there, "collab:team-list", bool(counts.teams and facts.leads), missing)


def mail_step(facts: SetupFacts) -> SetupStep:
    """The email server."""
    n = facts.counts.unsent
    there = (
        _("This server sends email.")
        if facts.has_mail_server
        else _("No email server is set up: links for people are shown to you instead.")
    )
    waiting = say_number(ngettext("%(n)s email waits to be sent", "%(n)s emails wait to be sent", n), n)
    missing = true_lines((facts.has_mail_server and n, waiting))
    return SetupStep(_("Email"), there, "teams:mail-list", facts.has_mail_server, missing, can_wait=True)


def sign_in_step(facts: SetupFacts) -> SetupStep:
    """Passwords and second steps."""
    counts, demanded = facts.counts, facts.school.demands_second_factor
    if demanded:
        there = _("Everyone signs in in two steps.")
    elif counts.second_factors:
        there = say_number(
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
    missing = true_lines(
        (
            demanded and lacking,
            say_number(
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


def meeting_step(facts: SetupFacts) -> SetupStep:
    """The first meeting in the calendar."""
    n = facts.counts.meetings
    title = _("The first meeting")
    if n:
        there = say_number(
            ngettext("%(n)s meeting is in the calendar.", "%(n)s meetings are in the calendar.", n), n
        )
        return SetupStep(title, there, "collab:meeting-list", is_done=True)
    if facts.may_plan:
        return SetupStep(title, _("Plan one, or a term of them."), "collab:series-new", is_done=False)
    if facts.leads:
        names = ", ".join(str(lead) for lead in facts.leads)
        there = _("A lead or a coordinator plans it: %(names)s.") % {"names": names}
        return SetupStep(title, there, "", is_done=False)  # the reader has no page to do it
    there = _(
        "A team’s lead or a coordinator plans it. To do it yourself, choose the second role Coordinator on your own page"
        " under People."
    )
    return SetupStep(title, there, "teams:person-list", is_done=False)
