"""Names are in one order on every database and in Python."""

import pytest

from datareview.records.models import Student
from datareview.records.queries.order import by_name
from teams.directory.models import Staff
from teams.names.columns import name_key
from tests.conftest import student_of

LAST = [
    *(
        "de la Cruz",
        "De Leon",
        "Müller",
        "Muller",
        "MUÑOZ",
        "Munoz",
        "muñoz",
        "O'Brien",
        "Obrien",
        "O’Connor",
    ),
    *(
        "Ødegaard",
        "Østby",
        "Łukasik",
        "Smith-Jones",
        "Smith",
        "Smith Adams",
        "Zoë",
        "Zoe",
        "Åberg",
        "Ángel",
        "李",
        "",
    ),
]


@pytest.mark.django_db
def test_students_are_in_the_same_order_in_the_database_and_in_python(cast):
    Student.objects.all().delete()
    Student.objects.bulk_create(
        student_of(cast.school, f"{number:03}", "Ana", last, 4) for number, last in enumerate(LAST)
    )
    found = list(Student.objects.order_by(*by_name()))
    assert found == sorted(found, key=lambda one: one.sort_key)
    assert found == list(Student.objects.all())
    assert [one.last_name for one in found][:5] == ["", "Åberg", "Ángel", "de la Cruz", "De Leon"]
    names = [one.last_name for one in found]
    assert names.index("MUÑOZ") + 1 == names.index("Munoz") == names.index("muñoz") - 1
    assert names[-3:] == ["Zoë", "Zoe", "李"]
    assert list(Student.objects.order_by(*by_name()).reverse()) == found[::-1]


@pytest.mark.django_db
def test_staff_are_sorted_by_the_same_rule(cast):
    for staff, last in zip(
        (cast.staff.ana, cast.staff.tom, cast.staff.cora), ("Ñuñez", "Nunes", "Oz"), strict=True
    ):
        staff.user.last_name = last
        staff.user.save()
    three = [cast.staff.ana.pk, cast.staff.tom.pk, cast.staff.cora.pk]
    found = list(Staff.objects.filter(pk__in=three).select_related("user"))
    assert [one.user.last_name for one in found] == ["Nunes", "Ñuñez", "Oz"]


def test_a_key_has_only_plain_letters():
    assert name_key("Ñuñez-O’Ñill") == "nunez onill"
