"""The links of the navigation bar, by person."""

from pathlib import Path

import pytest

from teams.access.permissions import abilities_at
from teams.navigation import PLACES, account_menu_for, links_for


def labels(user, school, path="/"):
    return [str(link.label) for link in links_for(abilities_at(user, school), path)]


def test_a_teacher_finds_neither_the_school_nor_imports(cast):
    found = labels(cast.ana, cast.school)
    assert found[0] == "Home"
    assert not {"School", "Imports", "Candidates"} & set(found)


def test_an_administrator_finds_imports(cast):
    assert {"School", "Imports"} <= set(labels(cast.ada, cast.school))


def test_the_link_of_the_current_page_is_marked(cast):
    links = links_for(abilities_at(cast.cora, cast.school), "/school/")
    assert [str(link.label) for link in links if link.is_current] == ["School"]


@pytest.mark.sweep
def test_every_link_answers(cast, as_user):
    client = as_user(cast.cora)
    for link in links_for(abilities_at(cast.cora, cast.school), "/"):
        assert client.get(link.url).status_code == 200, link.url


def test_there_is_no_school_switch_for_a_single_school(cast):
    assert account_menu_for(cast.ana).schools == ()


@pytest.mark.parametrize("place", PLACES)
def test_links_have_an_icon_of_the_sprite(place):
    sprite = Path("static/vendor/icons/icons.svg").read_text()
    assert f'id="{place.icon}"' in sprite
