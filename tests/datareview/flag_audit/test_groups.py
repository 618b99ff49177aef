"""Flags by group: released once for a term that is over, without what would give a student away."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flag_audit.models import FlagRelease
from datareview.flag_audit.queries.groups import figures_by_group, wholes_of
from datareview.flag_audit.services import release_flag_figures
from datareview.flags.models import Candidate, Flag, Rule
from datareview.outcomes.queries.asking import releases_of
from datareview.records.models import Domain, Student, Subgroup
from teams.directory.models import Term
from teams.lib.errors import DomainError
from tests.conftest import START, TODAY, student_of

UNTIL = START + dt.timedelta(days=60)


@pytest.fixture
def term(cast):
    """A term that is over, in which 30 of 90 learners and 20 of 110 others were flagged, two thirds of them rightly."""
    year = cast.school.years.get()
    Student.objects.filter(school=cast.school).delete()
    Term.objects.filter(year=year).delete()
    made = Student.objects.bulk_create(
        student_of(cast.school, f"b{number}", "Kim", str(number), 4) for number in range(200)
    )
    Subgroup.objects.bulk_create(
        Subgroup(student=one, category="language", group="Learner" if number < 90 else "Fluent")
        for number, one in enumerate(made)
    )
    rule = Rule.objects.create(school=cast.school, key="x", name="Absences", kind="attendance")
    flagged = [*made[:30], *made[90:110]]
    opened = START + dt.timedelta(days=10)
    seen = {"state": "open", "first_seen_on": opened, "last_seen_on": opened, "opened_on": opened}
    flags = Flag.objects.bulk_create(
        Flag(student=one, rule=rule, domain=Domain.ATTENDANCE, reason="x", **seen) for one in flagged
    )
    for number, flag in enumerate(flags):
        candidate = Candidate.objects.create(
            student=flag.student, domain=Domain.ATTENDANCE, state="no_action" if number % 3 == 2 else "plan", reason="x",
            raised_on=opened, decided_by=cast.cora,
            decided_at=cast.school.at(opened + dt.timedelta(days=30 if number % 2 else 3), dt.time(9)),
        )  # fmt: skip
        candidate.flags.add(flag)
    cast.made = made
    return Term.objects.create(year=year, name="Fall", starts_on=START, ends_on=UNTIL)


def figures(cast, least=10):
    return {(one.category, one.group): one for one in figures_by_group(cast.school, START, UNTIL, least)}


def test_counts_by_group_are_those_of_the_rows(cast, term):
    """Of the learners' 30 flags 15 were decided soon and 20 acted on; of the others' 20, 10 and 14."""
    found = figures(cast, least=5)
    counts = {key: (one.n, one.flagged, one.soon, one.needs, one.shown) for key, one in found.items()}
    # Every need is one that a flag showed: all alike, which is not shown of groups.
    assert counts == {
        ("", ""): (200, 50, None, 34, None),
        ("language", "Fluent"): (110, 20, None, 14, None),
        ("language", "Learner"): (90, 30, None, 20, None),
    }


def test_who_left_on_the_last_day_was_enrolled_at_the_end_and_who_left_before_was_not(cast, term):
    for day, many in ((UNTIL, 200), (UNTIL - dt.timedelta(days=1), 199)):
        Student.objects.filter(pk=cast.made[150].pk).update(status="left", left_on=day)
        assert figures(cast)["", ""].n == many


def test_flags_that_only_watch_are_not_counted(cast, term):
    rule = Rule.objects.get(key="x")
    seen = {"state": "open", "first_seen_on": START, "last_seen_on": START, "opened_on": START}
    Flag.objects.bulk_create(
        Flag(student=one, rule=rule, domain=Domain.ATTENDANCE, reason="x", severity=1, **seen)
        for one in cast.made[40:60]
    )
    assert figures(cast, least=5)["language", "Learner"].flagged == 30


def test_small_groups_are_hidden_with_what_would_give_them_away(cast, term):
    Subgroup.objects.filter(student__in=cast.made[:6]).update(group="Newcomer")
    found = figures(cast)
    assert [(key[1], one.n) for key, one in found.items()] == [
        ("", 200),
        ("Fluent", 110),
        ("Learner", None),
        ("Newcomer", None),
    ]


def test_a_release_stays_and_is_shown_with_the_ratio(cast, term, as_user):
    (whole,) = wholes_of(cast.school)
    release = release_flag_figures(cast.school, whole, actor=cast.pia)
    Flag.objects.all().delete()
    again = release_flag_figures(cast.school, whole, actor=cast.cora)
    ((name, (table,)),) = releases_of(cast.school).tables
    assert (again, name, releases_of(cast.school).open) == (release, "Fall, This year", [])
    # 30/90 against 20/110
    assert {row.cells[0]: row.cells[1:4] for row in table.rows} == {
        "Fluent": ("110", "18% (12% to 26%)", "0.5 (0.3 to 0.9)"),
        "Learner": ("90", "33% (24% to 44%)", "1.8 (1.1 to 3.0)"),
        "Everyone": ("200", "25% (20% to 31%)", "–"),
    }
    assert "1.8 (1.1 to 3.0)" in as_user(cast.cora).get("/reports/outcomes/flags/").text


def test_days_are_released_once(cast, term):
    FlagRelease.objects.create(school=cast.school, since=UNTIL, until=TODAY, least=10)
    (whole,) = wholes_of(cast.school)
    with pytest.raises(DomainError):
        release_flag_figures(cast.school, whole, actor=cast.pia)
    with pytest.raises(PermissionDenied):
        release_flag_figures(cast.school, whole, actor=cast.sol)
    assert releases_of(cast.school).open == []


def test_a_term_that_goes_on_cannot_be_released(cast, term):
    Term.objects.filter(pk=term.pk).update(ends_on=TODAY)
    assert wholes_of(cast.school) == []


def test_a_term_before_the_school_had_students_is_not_offered(cast, term):
    cast.school.students.update(entered_on=UNTIL + dt.timedelta(days=1))
    assert wholes_of(cast.school) == []


def test_without_groups_nothing_is_released(cast, term):
    Subgroup.objects.all().delete()
    with pytest.raises(DomainError):
        release_flag_figures(cast.school, wholes_of(cast.school)[0], actor=cast.pia)
    assert not FlagRelease.objects.exists()
