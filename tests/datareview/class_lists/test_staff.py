"""A list of staff that is uploaded under Imports is loaded by the page of people, with nothing chosen twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from datareview.imports.models import STAFF, Import
from teams.staff_files.models import StaffFile
from tests.factories.imports import upload

pytestmark = pytest.mark.django_db
STAFF_LIST = (
    "Last Name,First Name,Email Address,Job Title,Employee ID\nVega,Sol,sol@lincoln.org,Math teacher,90\n"
)


def test_a_list_of_staff_is_recognized_and_handed_over(cast, as_user):
    row = upload(cast, STAFF_LIST, "staff.csv")
    assert (row.kind, row.guesses[STAFF]) == ("", True)
    page = as_user(cast.ada)
    assert "Load it as people" in page.get(row.get_absolute_url()).content.decode()
    answer = page.post(reverse("datareview:import-staff", args=[row.uuid]))
    people = StaffFile.objects.get(school=cast.school, name="staff.csv")
    assert (answer.url, people.state) == (people.get_absolute_url(), "checking")
    with people.file.open("rb") as file:
        assert file.read() == STAFF_LIST.encode()
    assert not Import.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "text",
    [
        "student_id,first_name,last_name,email,role\n5001,Ana,Ruiz,ana@pupils.org,student\n",
        "Student ID,Guardian,Email,Title\n1001,Eva,eva@home.org,Mrs\n",
        "Email,Score\na@b.org,4\n",
    ],
)
def test_other_files_with_addresses_are_no_list_of_staff(cast, text):
    assert STAFF not in upload(cast, text, "file.csv").guesses
