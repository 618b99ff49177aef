"""Pages of the roster and of sections, at two widths, with long names."""

import pytest
from django.urls import reverse

from datareview.records.models import Student
from tests.conftest import TODAY, make_student
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_pages_of_the_roster_are_readable(cast, open_page):
    long = "Maximiliana-Konstantinopolitana" * 2
    other = make_student(cast.school, "01001", "Maya", "Okafor", 4)
    make_student(cast.school, "9" * 40, long, long, 4)
    cast.maya.guardians.create(name=long, relation="aunt", custody_note="Call the office first")
    cast.school.group_names.create(category="Program", group="Band")
    cast.maya.subgroups.create(category="Program", group="Band")
    Student.objects.filter(pk=cast.jonas.pk).update(status="left", left_on=TODAY)
    page = open_page(cast.ada)
    for name, arguments in [
        ("student-list", []),
        ("student-add", []),
        ("student-edit", [cast.maya.uuid]),
        ("student-edit", [cast.jonas.uuid]),
        ("student-detail", [cast.maya.uuid]),
        ("guardian-edit", [cast.maya.guardians.get().uuid]),
        ("guardian-list", []),
        ("group-list", []),
        ("group-detail", [cast.school.group_names.get().pk]),
        ("leaver-list", []),
        ("student-matters", [cast.jonas.uuid]),
        ("merge-list", []),
        ("student-merge", [cast.maya.uuid, other.uuid]),
        ("section-list", []),
        ("section-detail", [cast.section.uuid]),
        ("section-edit", [cast.section.uuid]),
        ("section-enroll", [cast.section.uuid]),
        ("section-roll", []),
        ("unplaced-list", []),
    ]:
        answer = page.goto(reverse(f"datareview:{name}", args=arguments))
        assert (name, answer.status) == (name, 200)
        check(page)
