"""Switching between schools."""

from teams.directory.models import Role, Staff
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
