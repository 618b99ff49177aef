"""A file is read again as a person says, and the next one of its form like it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.imports.services.files import start_reading_again
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from datareview.loading.services.now import Quiet
from datareview.recipes.models import FileRecipe
from datareview.records.models import Student
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.factories.imports import check, load, upload

MAC = "student_id,first_name,last_name,grade\n1001,Maya,Nuñez,4\n"


def read_again(cast, row, **way):
    row = start_reading_again(row, actor=cast.ada, way=way)
    read_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def apply(cast, row):
    files.start_apply(check(cast, row), actor=cast.ada)
    apply_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def test_a_file_is_read_again_on_its_page_with_its_first_rows(cast, as_user):
    row = upload(cast, MAC.encode("mac-roman"), "students.csv")
    assert row.first_rows[0][2] == "Nu–ez"
    page = as_user(cast.ada)
    address = reverse("datareview:import-reading", args=[row.uuid])
    assert "Nu–ez" in page.get(address).content.decode()
    page.post(address, {"encoding": "mac-roman"})
    read_job(Job(payload={"import": row.pk}), Quiet())
    text = page.get(address).content.decode()
    assert ("Nuñez" in text, "Nu–ez" in text) == (True, False)


def test_what_was_said_is_remembered_for_the_next_file_of_the_form(cast):
    first = upload(cast, MAC.encode("mac-roman"), "students.csv")
    apply(cast, read_again(cast, first, encoding="mac-roman"))
    assert list(
        FileRecipe.objects.filter(school=cast.school, kind="students").values_list("way", flat=True)
    ) == [{"encoding": "mac-roman"}]
    later = upload(cast, MAC.replace("Maya", "Zoë").encode("mac-roman"), "students.csv")
    assert (later.first_rows[0][1:3], later.way) == (["Zoë", "Nuñez"], {"encoding": "mac-roman"})


def test_a_row_with_names_that_was_said_finds_the_form_again(cast):
    text = (
        "Report,of,all,students\nfor,the,office,only\nstudent_id,first_name,last_name,grade\n6001,Ann,Bo,4\n"
    )
    row = read_again(cast, upload(cast, text, "office.csv"), header=3)
    assert (row.columns[0], row.row_count) == ("student_id", 1)
    apply(cast, row)
    assert Student.objects.filter(school=cast.school, local_id="6001").exists()
    later = upload(cast, text.replace("6001", "6002"), "office.csv")
    assert (later.way, later.recipe, later.first_rows) == (
        {"header": 3},
        row.recipe,
        [["6002", "Ann", "Bo", "4"]],
    )


def test_files_without_names_of_columns_are_of_one_form_only_if_called_alike(cast):
    text = "1001,Maya,Okafor\n6001,Ann,Bo\n6002,Cy,Do\n"
    row = upload(cast, text, "office 1.csv")
    columns = dict(zip(("student", "first_name", "last_name"), row.columns, strict=True))
    row = load(cast, text, "office 1.csv", {"columns": columns, "options": {}}, "students")
    assert upload(cast, text, "office 2.csv").recipe == row.recipe
    assert upload(cast, text, "scores.csv").recipe is None


def test_an_applied_file_is_not_read_again(cast):
    row = load(cast, MAC, "students.csv")
    with pytest.raises(DomainError):
        start_reading_again(row, actor=cast.ada, way={"header": 0})
    assert Import.objects.get(pk=row.pk).way == {}
