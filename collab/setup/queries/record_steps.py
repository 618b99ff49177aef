"""Steps about students and their data: sections, measures, rules and strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.queries.step import SetupStep, say_number, true_lines

if TYPE_CHECKING:
    from collab.setup.queries.facts import SetupFacts


def roster_step(facts: SetupFacts) -> SetupStep:
    """Students in sections with teachers."""
    counts = facts.counts
    there = (
        _("%(students)s in %(sections)s.")
        % {
            "students": say_number(
                ngettext("%(n)s student", "%(n)s students", counts.students), counts.students
            ),
            "sections": say_number(
                ngettext("%(n)s section", "%(n)s sections", counts.sections), counts.sections
            ),
        }
        if counts.students
        else _("One class list makes students, sections, teachers and grade teams. Or add them one by one.")
    )
    missing = true_lines(
        (not counts.students, _("No students yet")),
        (
            counts.sections and counts.without_section,
            say_number(
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
            say_number(
                ngettext(
                    "%(n)s section has no teacher", "%(n)s sections have no teacher", counts.without_teacher
                ),
                counts.without_teacher,
            ),
        ),
    )
    name = "datareview:student-list" if counts.students else "datareview:import-list"
    return SetupStep(_("Students and sections"), there, name, counts.students > 0, missing, minutes=10)


def measures_step(facts: SetupFacts) -> SetupStep:
    """Measures with benchmarks, scores and attendance."""
    counts = facts.counts
    there = (
        say_number(
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
    missing = true_lines(
        (
            bare,
            say_number(
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


def rules_step(facts: SetupFacts) -> SetupStep:
    """Rules that are on."""
    n = facts.counts.rules
    there = (
        say_number(ngettext("%(n)s rule is on.", "%(n)s rules are on.", n), n)
        if n
        else _("Rules bring students to the teams’ attention. Try each one on your data first.")
    )
    return SetupStep(_("Rules"), there, "datareview:rule-list", n > 0, can_wait=True)


def strategies_step(facts: SetupFacts) -> SetupStep:
    """Strategies for plans."""
    n = facts.counts.strategies
    there = (
        say_number(ngettext("%(n)s strategy to choose from.", "%(n)s strategies to choose from.", n), n)
        if n
        else _("What your school does for students who need more. A plan starts from a strategy.")
    )
    return SetupStep(_("Strategies"), there, "datareview:strategy-list", n > 0, can_wait=True)
