"""Abilities by role."""

import re
from pathlib import Path

import pytest

from teams.access.permissions import ABILITIES, abilities_at, can, roles_of, teams_visible_to
from teams.directory.models import Role
from tests.conftest import TODAY

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
    import datetime as dt

    cast.staff.cora.ends_on = TODAY - dt.timedelta(days=1)
    cast.staff.cora.save()
    assert roles_of(cast.cora) == {}


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
