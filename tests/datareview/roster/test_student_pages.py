"""Pages on which a student is edited."""

import re

import pytest
from django.urls import reverse

from datareview.privacy.models import Disclosure
from datareview.records.models import Student
from datareview.roster.services.students import StudentValues
from tests.conftest import TODAY, make_student

pytestmark = pytest.mark.django_db


def address(name, student):
    return reverse(f"datareview:{name}", args=[student.uuid])


def typed(page):
    """The values of the form for the student."""
    form = page.context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_a_stale_save_shows_the_other_version_and_saving_again_overwrites_it(cast, as_user):
    ada, edit = as_user(cast.ada), address("student-edit", cast.maya)
    data = typed(ada.get(edit))
    assert ada.post(edit, data | {"preferred_name": "May"}).status_code == 302
    stale = ada.post(edit, data | {"preferred_name": "Mai"})
    page = stale.content.decode()
    assert (stale.status_code, "May Okafor" in page, 'value="Mai"' in page) == (422, True, True)
    (seen,) = re.findall(r'name="seen" value="([^"]*)"[^>]*id="id_seen"', page)
    assert ada.post(edit, data | {"preferred_name": "Mai", "seen": seen}).status_code == 302
    assert Student.objects.get(pk=cast.maya.pk).preferred_name == "Mai"


def test_a_refused_form_keeps_what_was_typed(cast, as_user):
    answer = as_user(cast.ada).post(
        reverse("datareview:student-add"), {"local_id": "1001", "first_name": "Twice", "grade": "4"}
    )
    page = answer.content.decode()
    assert (answer.status_code, 'value="Twice"' in page, "already has the number 1001" in page) == (
        422,
        True,
        True,
    )
    assert Student.objects.filter(first_name="Twice").count() == 0


def test_a_refused_guardian_keeps_what_was_typed(cast, as_user):
    answer = as_user(cast.ada).post(
        address("guardian-add", cast.maya), {"name": "", "phone": "555-0102", "language": "en"}
    )
    assert (answer.status_code, 'value="555-0102"' in answer.content.decode()) == (422, True)
    assert cast.maya.guardians.count() == 0


def test_while_names_are_hidden_no_form_for_names_opens(cast, as_user):
    ada = as_user(cast.ada)
    ada.post(reverse("datareview:projector-switch"), {"next": "/"})
    answer = ada.get(address("student-edit", cast.maya))
    assert (answer.status_code, answer["Location"]) == (302, reverse("datareview:student-list"))
    ada.post(reverse("datareview:student-add"), {"local_id": "77", "first_name": "Student 1"})
    assert not Student.objects.filter(local_id="77").exists()


def test_opening_the_page_of_a_student_to_edit_is_a_disclosure(cast, as_user):
    as_user(cast.ada).get(address("student-edit", cast.maya))
    row = Disclosure.objects.of_student(cast.maya.pk).get()
    assert (row.reader, row.what) == (cast.ada, "student-edit")


def test_who_left_is_listed_with_what_is_open(cast, as_user):
    Student.objects.filter(pk__in=[cast.maya.pk, cast.jonas.pk]).update(status="left", left_on=TODAY)
    cora = as_user(cast.cora)
    everyone = cora.get(reverse("datareview:leaver-list"), {"sort": "name"}).context["page"]
    counts = [(str(one), one.plan_count, one.candidate_count) for one in everyone]
    assert counts == [("Maya Okafor", 1, 1), ("Jonas Weber", 0, 0)]
    only = cora.get(reverse("datareview:leaver-list"), {"show": "open"}).context["page"]
    assert [str(one) for one in only] == ["Maya Okafor"]
    matters = cora.get(address("student-matters", cast.maya)).content.decode()
    assert ("Repeated reading" in matters, "Absent 7 of 52 days" in matters) == (True, True)


def test_leavers_come_in_pages(cast, as_user):
    for number in range(60):
        make_student(cast.school, f"8{number:03}", "Gone", f"Child {number:03}", 4)
    Student.objects.filter(first_name="Gone").update(status="left", left_on=TODAY)
    page = as_user(cast.cora).get(reverse("datareview:leaver-list"), {"page": 2}).context["page"]
    assert (len(page), page.paginator.count) == (10, 60)


def test_a_preferred_name_finds_the_student(cast, as_user):
    Student.objects.filter(pk=cast.maya.pk).update(preferred_name="Bee")
    page = as_user(cast.ana).get(reverse("datareview:student-list"), {"q": "bee"}).content.decode()
    assert ("Bee Okafor" in page, "Weber" in page) == (True, False)


def test_long_words_are_kept(cast, as_user):
    long = "x" * 80
    as_user(cast.ada).post(
        reverse("datareview:student-add"), {"local_id": "9" * 40, "first_name": long, "last_name": long}
    )
    student = Student.objects.get(local_id="9" * 40)
    assert StudentValues.of(student) == StudentValues("9" * 40, long, long)
