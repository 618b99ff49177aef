"""Two people of one name are told apart wherever people are chosen."""

import pytest
from django.urls import reverse

from teams.directory.models import Staff, Team
from teams.directory.queries.names import distinct_names


@pytest.fixture
def twin(cast):
    """A second Ana Ruiz of the same school, without a title or a team."""
    ana = cast.ana
    user = type(ana).objects.create_user(
        "ana.b@lincoln.test", first_name=ana.first_name, last_name=ana.last_name
    )
    return Staff.objects.create(user=user, school=cast.school, role="teacher")


def named(*people):
    return list(distinct_names(people).values())


def test_a_name_that_nobody_shares_stays_alone(cast, django_assert_num_queries):
    people = list(Staff.objects.filter(school=cast.school).select_related("user"))
    with django_assert_num_queries(0):
        assert distinct_names(people) == {one.pk: str(one) for one in people}


def test_a_title_tells_apart_else_a_team_else_the_email(cast, twin):
    ana = cast.staff.ana
    ana.title = ""
    team = Team.objects.filter(members__staff=ana).get()
    assert named(ana, twin) == [f"{ana}, {team.name}", f"{ana}, ana.b@lincoln.test"]
    ana.title = "Reading teacher"
    assert named(ana, twin) == [f"{ana}, Reading teacher", f"{ana}, ana.b@lincoln.test"]
    twin.title = "Reading teacher"  # tells nobody apart
    assert named(ana, twin) == [f"{ana}, {team.name}", f"{ana}, ana.b@lincoln.test"]


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("ana", "collab:poll-new"),
        ("ada", "collab:finder-show"),
        ("ada", "datareview:section-detail"),
        ("ada", "teams:substitute-name"),
        ("cora", "collab:observation-new"),
        ("cora", "datareview:plan-start"),
    ],
)
def test_the_pages_that_choose_people_tell_them_apart(cast, twin, as_user, person, address):
    places = {
        "datareview:section-detail": [cast.section.uuid],
        "teams:substitute-name": [cast.staff.tom.uuid],
    }
    query = {"student": cast.jonas.uuid} if address == "datareview:plan-start" else {}
    page = as_user(getattr(cast, person)).get(reverse(address, args=places.get(address, [])), query)
    assert (page.status_code, "ana.b@lincoln.test" in page.content.decode()) == (200, True)
