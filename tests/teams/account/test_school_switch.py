"""Switching between schools."""

import pytest

from teams.directory.models import Role, School, Staff
from tests.conftest import START


def test_switching_shows_the_other_school(cast, as_user):
    Staff.objects.create(user=cast.ana, school=cast.other_school, role=Role.TEACHER, starts_on=START)
    client = as_user(cast.ana)
    client.post("/schools/switch/", {"school": cast.other_school.uuid})
    assert client.get("/").wsgi_request.school == cast.other_school


def test_a_school_where_the_user_does_not_work_is_not_found(cast, as_user):
    assert as_user(cast.ana).post("/schools/switch/", {"school": cast.other_school.uuid}).status_code == 404


def test_an_invalid_school_is_not_found(cast, as_user):
    assert as_user(cast.ana).post("/schools/switch/", {"school": "x"}).status_code == 404


@pytest.fixture
def ana(cast):
    """Teaches at both schools."""
    Staff.objects.create(user=cast.ana, school=cast.other_school, role=Role.TEACHER, starts_on=START)
    return cast.ana


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda cast: "/students/", "/students/"),
        (lambda cast: "/protocols/", "/protocols/"),
        (lambda cast: cast.maya.get_absolute_url(), "/students/"),
        (lambda cast: cast.meeting.get_absolute_url(), "/meetings/"),
        (lambda cast: cast.plan.get_absolute_url(), "/plans/"),
        (lambda cast: "/", "/"),
        (lambda cast: "/nowhere/", "/"),
        (lambda cast: "https://evil.example/students/", "/"),
        (lambda cast: "//evil.example/students/", "/"),
        (lambda cast: "", "/"),
    ],
)
def test_the_same_kind_of_page_opens_at_the_other_school(cast, ana, as_user, before, after):
    sent = {"school": cast.other_school.uuid, "next": before(cast)}
    assert as_user(ana).post("/schools/switch/", sent).headers["Location"] == after


def test_with_fewer_abilities_there_only_what_is_open_there_opens(cast, as_user):
    Staff.objects.create(user=cast.ada, school=cast.other_school, role=Role.TEACHER, starts_on=START)
    client = as_user(cast.ada)
    for before, after in {"/imports/": "/", "/school/edit/": "/", "/data/": "/data/"}.items():
        sent = {"school": cast.other_school.uuid, "next": before}
        assert client.post("/schools/switch/", sent).headers["Location"] == after, before
        assert client.get(after).status_code == 200
        client.post("/schools/switch/", {"school": cast.school.uuid})


def test_the_menu_sends_the_page(cast, ana, as_user):
    page = as_user(ana).get("/students/").content.decode()
    assert '<input type="hidden" name="next" value="/students/">' in page


def test_a_role_at_another_school_never_changes_the_active_school(cast, as_user):
    client = as_user(cast.ana)
    assert client.get("/").wsgi_request.school == cast.school
    first = School.objects.create(name="Aardvark Elementary")
    Staff.objects.create(user=cast.ana, school=first, role=Role.TEACHER, starts_on=START)
    assert client.get("/").wsgi_request.school == cast.school
    assert as_user(cast.ana).get("/").wsgi_request.school == cast.school
