"""The page of a school: what it changes, what it refuses, and two people at once."""

import pytest

from teams.audit.models import AuditEvent
from teams.directory.models import School
from teams.schools.queries import school_fingerprint


def typed(school, **changes):
    return {
        "seen": school_fingerprint(school),
        "name": school.name,
        "time_zone": school.time_zone,
        "language": school.language,
        "lowest_grade": school.lowest_grade,
        "highest_grade": school.highest_grade,
        "min_group_size": school.min_group_size,
        **changes,
    }


def test_name_zone_language_and_grades_are_changed_and_recorded(cast, as_user):
    data = typed(
        cast.school,
        name="Lincoln School",
        time_zone="America/Denver",
        language="es",
        lowest_grade=3,
        highest_grade=8,
        min_group_size=20,
    )
    assert as_user(cast.ada).post("/school/edit/", data).status_code == 302
    school = School.objects.get(pk=cast.school.pk)
    assert (school.name, school.time_zone, school.language) == ("Lincoln School", "America/Denver", "es")
    assert (school.lowest_grade, school.highest_grade, school.min_group_size) == (3, 8, 20)
    assert AuditEvent.objects.get(verb="changed-school").actor == cast.ada


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "Roosevelt Elementary"}, "name", "already exists"),
        ({"name": "x" * 121}, "name", "at most 120"),
        ({"name": " "}, "name", "required"),
        (
            {"lowest_grade": 6, "highest_grade": 5},
            "lowest_grade",
            "The lowest grade is above the highest one.",
        ),
        ({"min_group_size": 4}, "min_group_size", "greater than or equal to 5"),
        ({"min_group_size": 31}, "min_group_size", "less than or equal to 30"),
        ({"lowest_grade": 13}, "lowest_grade", "not one of the available choices"),
        ({"time_zone": "Mars/Base"}, "time_zone", "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, as_user, changes, field, sentence):
    page = as_user(cast.ada).post("/school/edit/", typed(cast.school, **changes))
    assert page.status_code == 422
    assert any(sentence in error for error in page.context["form"].errors[field])
    for name, value in changes.items():
        assert page.context["form"][name].value() == str(value)
    assert School.objects.get(pk=cast.school.pk).name == cast.school.name


def test_a_zone_without_a_place_is_kept(cast, as_user):
    School.objects.filter(pk=cast.school.pk).update(time_zone="UTC")
    client, school = as_user(cast.ada), School.objects.get(pk=cast.school.pk)
    assert '<option value="UTC" selected>' in client.get("/school/edit/").content.decode()
    assert client.post("/school/edit/", typed(school, name="Renamed")).status_code == 302
    school.refresh_from_db()
    assert (school.name, school.time_zone) == ("Renamed", "UTC")


def test_of_two_changes_at_once_the_second_shows_the_first_and_may_replace_it(cast, as_user):
    client, mine = as_user(cast.ada), typed(cast.school, name="Mine")
    client.post("/school/edit/", typed(cast.school, name="Theirs"))
    page = client.post("/school/edit/", mine)
    assert page.status_code == 422
    assert (
        "Theirs, grades K to 5, America/Chicago, English, groups of 10 students and more"
        in page.content.decode()
    )
    assert page.context["form"]["name"].value() == "Mine"
    again = {**mine, "seen": page.context["form"]["seen"].value()}
    assert client.post("/school/edit/", again).status_code == 302
    assert School.objects.get(pk=cast.school.pk).name == "Mine"
