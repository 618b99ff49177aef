"""One-click sign-in exists only in a demo."""

import pytest

from teams.directory.models import User


@pytest.fixture
def teacher(db):
    return User.objects.create_user("teacher@demo.test", "demo")


def test_in_a_demo_one_click_signs_in(client, teacher, settings):
    settings.DEMO = True
    assert client.post("/demo/sign-in/teacher/").status_code == 302
    assert client.session["_auth_user_id"] == str(teacher.pk)


def test_outside_a_demo_it_does_not_exist(client, teacher):
    assert client.post("/demo/sign-in/teacher/").status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("person", ["stranger", "superuser"])
def test_one_click_sign_in_works_for_the_demos_people_only(client, teacher, settings, person):
    settings.DEMO = True
    User.objects.create_user(f"{person}@demo.test", "demo")
    assert client.post(f"/demo/sign-in/{person}/").status_code == 404
