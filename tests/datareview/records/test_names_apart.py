"""Students of one name have their numbers after it wherever pages name them."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from datareview.records.models import Student
from teams.lib.hidden_names import hidden_by
from teams.lib.request_cache import request_cache


@pytest.fixture
def two(cast):
    """Maya, and Jonas who prefers to be called like her."""
    Student.objects.filter(pk=cast.jonas.pk).update(
        preferred_name=cast.maya.first_name, last_name=cast.maya.last_name
    )
    return Student.objects.get(pk=cast.maya.pk), Student.objects.get(pk=cast.jonas.pk)


def test_students_of_one_name_have_their_numbers_on_a_page_until_one_is_renamed(cast, as_user, two):
    name, client = cast.maya.full_name, as_user(cast.cora)
    page = client.get("/students/").content.decode()
    assert all(f"{name} ({one.local_id})" in page for one in two)
    Student.objects.filter(pk=cast.jonas.pk).update(preferred_name="")
    page = client.get("/students/").content.decode()
    assert name in page
    assert f"{name} (" not in page


def test_files_keep_names_and_numbers_in_columns_of_their_own(cast, as_user, two):
    lines = (
        as_user(cast.cora).get(reverse("datareview:student-export")).content.decode("utf-8-sig").splitlines()
    )
    rows = {tuple(line.split(",")[:2]) for line in lines[1:]}
    assert {(one.local_id, one.full_name) for one in two} <= rows


def test_students_of_another_school_or_without_a_name_are_no_namesakes(cast):
    Student.objects.filter(school=cast.maya.school).update(first_name="", last_name="", preferred_name="")
    Student.objects.exclude(school=cast.maya.school).update(first_name="Al", last_name="Li")
    Student.objects.filter(pk=cast.maya.pk).update(first_name="Al", last_name="Li")
    with request_cache():
        assert [one.number_apart for one in Student.objects.all()] == [""] * Student.objects.count()


def test_hidden_names_and_names_in_files_have_no_number(two):
    maya, jonas = two
    with request_cache(), hidden_by(SimpleNamespace(alias_of=lambda pk: f"Student {pk}", hide=str)):
        assert (str(maya), maya.number_apart) == (f"Student {maya.pk}", "")
    with request_cache():
        assert maya.full_name == jonas.full_name
        assert str(maya) == f"{maya.full_name} ({maya.local_id})"
        assert maya.name == maya.full_name
    assert str(maya) == maya.full_name  # a job asks for no names
