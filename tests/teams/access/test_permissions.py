"""Abilities by role."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from teams.access.permissions import (
    ABILITIES,
    abilities_at,
    can,
    is_able,
    must_have_second_factor,
    roles_of,
    schools_where,
    staff_where,
    teams_visible_to,
    visible_teams,
)
from teams.directory.models import SECOND_ROLES, WITH_SECOND_ROLE, Role, Staff, Team
from tests.conftest import TODAY, make_team

README = Path(__file__).parents[3] / "README.md"


def test_each_person_has_the_abilities_of_their_role_at_their_school_only(cast):
    assert can(cast.cora, "triage", cast.school) is True
    assert can(cast.cora, "triage", cast.other_school) is False
    assert can(cast.ana, "triage", cast.school) is False
    assert can(cast.ada, "import_data", cast.school) is True
    assert can(cast.ada, "import_data", None) is False


def test_an_unknown_ability_is_a_programming_error(cast):
    with pytest.raises(KeyError):
        can(cast.ana, "fly", cast.school)
    with pytest.raises(AttributeError):
        _ = abilities_at(cast.ana, cast.school).fly


def test_a_role_ends_with_its_date(cast):
    cast.staff.cora.ends_on = TODAY - dt.timedelta(days=1)
    cast.staff.cora.save()
    assert roles_of(cast.cora) == {}


@pytest.mark.parametrize("person", ["ana", "gil", "cora", "pia", "ada", "zed"])
def test_the_teams_read_for_a_page_are_the_visible_ones_of_its_school_by_name(cast, person):
    archived = make_team(cast.school, "Archived", 5, [cast.staff.ana])
    Team.objects.filter(pk=archived.pk).update(is_active=False)
    user = getattr(cast, person)
    for school in (cast.school, cast.other_school):
        assert visible_teams(user, school) == list(teams_visible_to(user).filter(school=school))


def test_teams_visible_to_each_of_the_cast(cast):
    assert set(teams_visible_to(cast.ana)) == {cast.team}
    assert set(teams_visible_to(cast.gil)) == set()
    assert set(teams_visible_to(cast.pia)) == {cast.team}
    assert set(teams_visible_to(cast.zed)) == {cast.other_team}


def test_the_readme_shows_the_same_table():
    rows = re.findall(r"^\| `([a-z_]+)` \|(.+)\|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {
        ability: frozenset(role for role, cell in zip(Role, cells.split("|"), strict=True) if "✓" in cell)
        for ability, cells in rows
    }
    assert shown == ABILITIES


# Two roles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("main", WITH_SECOND_ROLE)
@pytest.mark.parametrize("second", SECOND_ROLES)
def test_two_roles_give_the_abilities_of_both_and_no_others(cast, main, second):
    if main == second:
        return
    cast.staff.ada.role, cast.staff.ada.also = main, second
    cast.staff.ada.save()
    expected = {ability for ability, roles in ABILITIES.items() if roles & {main, second}}
    assert abilities_at(cast.ada, cast.school).abilities == expected
    assert abilities_at(cast.ada, cast.other_school).abilities == set()
    for ability in ABILITIES:
        able = ability in expected
        assert (cast.school.pk in schools_where(cast.ada, ability)) == able
        assert staff_where(cast.school, ability).filter(pk=cast.staff.ada.pk).exists() == able
        assert is_able(cast.staff.ada, ability) == able


@pytest.mark.parametrize(
    ("main", "second"),
    [
        ("teacher", "administrator"),
        ("teacher", "coordinator"),
        ("coordinator", "teacher"),
        ("principal", "administrator"),
        ("principal", "principal"),
        ("administrator", "janitor"),
    ],
)
def test_the_database_refuses_other_pairs_of_roles(cast, main, second):
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.filter(pk=cast.staff.ada.pk).update(role=main, also=second)


def test_a_second_role_needs_the_second_factor_of_an_administrator_and_ends_with_the_date(cast, settings):
    settings.SECOND_FACTOR_FOR_ADMINISTRATORS = True
    Staff.objects.filter(pk=cast.staff.ada.pk).update(also="coordinator")
    assert must_have_second_factor(cast.ada) is True
    Staff.objects.filter(pk=cast.staff.ada.pk).update(ends_on=TODAY - dt.timedelta(days=1))
    assert roles_of(cast.ada) == {}
