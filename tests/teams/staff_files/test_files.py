"""People from a file: rows, what they would change, applying and undoing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from teams.audit.models import AuditEvent
from teams.checked_files.services import apply_later, stored_upload, undo_later
from teams.directory.models import Staff, TeamMember, User
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.staff_files.files import LIMITS, staff_lines_of
from teams.staff_files.kind import PEOPLE
from teams.staff_files.queries import plan_of
from teams.tables.reading import read_table
from tests.factories import checked_files

HEADER = "First name,Last name,E-mail,Role,Staff ID,Title,Teams\n"
NEW = "Nora,Lee,nora@lincoln.test,specialist,77,,Grade 4\n"


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def lines(text):
    return staff_lines_of(read_table(text.encode(), "people.csv", LIMITS))


def address(cast, name):
    return getattr(cast.staff, name).user.email


def upload(cast, text, actor=None):
    return checked_files.check(PEOPLE, cast, text.encode(), "people.csv", actor)


def apply(cast, row):
    return checked_files.apply(PEOPLE, cast, row)


def undo(cast, row):
    return checked_files.undo(PEOPLE, cast, row)


@pytest.mark.parametrize(
    ("header", "cells", "found"),
    [
        ("First name,Last name,Email", "Ana,Ruiz,A@X.org", ("Ana", "Ruiz", "a@x.org")),
        ("Nombre;Apellidos;Correo", "Ana;Ruiz López;a@x.org", ("Ana", "Ruiz López", "a@x.org")),
        ("Name,E-mail", '"Ruiz, Ana",a@x.org', ("Ana", "Ruiz", "a@x.org")),
        ("E-mail address\tFull name", "a@x.org\tAna Ruiz", ("Ana", "Ruiz", "a@x.org")),
        ("Email,Role", "ana.ruiz@x.org,teacher", ("Ana", "Ruiz", "ana.ruiz@x.org")),
    ],
)
def test_columns_are_found_by_many_names(header, cells, found):
    (line,) = lines(f"{header}\n{cells}\n")
    assert (line.first_name, line.last_name, line.email) == found


def test_a_file_without_addresses_is_refused():
    with pytest.raises(DomainError, match="no column for email"):
        lines("Role,Room\nteacher,4\n")


def test_teams_are_separated_by_semicolons_or_lines():
    (line,) = lines('Name,Email,Teams\nAna Ruiz,a@x.org,"Grade 4; Data team|Care"\n')
    assert line.teams == ("Grade 4", "Data team", "Care")


def test_the_plan_says_what_each_row_would_do(cast):
    text = (
        HEADER
        + NEW
        + f"Tom,Berg,{address(cast, 'tom')},specialist,9,Reading,\n"
        + f"Ana,Ruiz,{address(cast, 'ana')},teacher,,,Grade 4\n"
        + f"Gil,Hart,{address(cast, 'gil')},,,,grade 4\n"
    )
    plan = plan_of(cast.school, lines(text))
    assert [row.in_words for row in plan.new] == ["new, Specialist; joins Grade 4"]
    assert [(str(row.staff), row.in_words) for row in plan.changed] == [
        ("Tom Berg", "role: Teacher → Specialist; title: – → Reading; staff id: – → 9"),
        ("Gil Hart", "joins Grade 4"),
    ]
    assert (plan.same, plan.problems) == (1, [])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Nora,Lee,,,,,", "There is no email address."),
        (",,12@lincoln.test,,,,", "The name is missing."),
        ("Nora,Lee,nora@lincoln.test,wizard,,,", "“wizard” is not a role."),
        ("Nora,Lee,nora@lincoln.test,,,,Chess", "There is no team “Chess”. Add it first."),
        (f"Nora,Lee,nora@lincoln.test,,{'1' * 41},,", "The staff id is too long."),
        (f"{'N' * 151},Lee,nora@lincoln.test,,,,", "The name is too long."),
        (f"Nora,Lee,nora@lincoln.test,,,{'t' * 81},", "The title is too long."),
    ],
)
def test_a_row_with_a_problem_is_left_out_and_named(cast, row, problem):
    plan = plan_of(cast.school, lines(HEADER + row + "\n" + NEW))
    assert len(plan.new) == 1
    ((number, _value, why),) = plan.problems
    assert number == 2
    assert why.startswith(problem)


def test_one_address_twice_and_a_taken_staff_id_are_left_out(cast):
    cast.staff.tom.local_id = "5"
    cast.staff.tom.save()
    again = "Nora,Leigh,NORA@lincoln.test,,,,\n"
    taken = "Ned,Ash,ned@lincoln.test,,5,,\n" + "Ned,Oak,ned2@lincoln.test,,77,,\n"
    plan = plan_of(cast.school, lines(HEADER + NEW + again + taken))
    assert [row.person.last_name for row in plan.new] == ["Lee"]
    assert plan.problems == [
        (3, "nora@lincoln.test", "nora@lincoln.test is in the list twice."),
        (4, "ned@lincoln.test", "The staff id 5 is someone else’s."),
        (5, "ned2@lincoln.test", "The staff id 77 is someone else’s."),
    ]


def test_people_of_another_school_are_new_here_and_keep_what_they_are_there(cast):
    text = HEADER + f"Zed,Stone,{address(cast, 'zed')},coordinator,,,\n"
    (row,) = plan_of(cast.school, lines(text)).new
    assert row.staff is None
    assert cast.staff.zed.role == "teacher"


def test_a_file_is_checked_applied_and_undone(cast, folder):
    text = (
        HEADER
        + NEW
        + f"Tom,Berg,{address(cast, 'tom')},specialist,9,Reading,\n"
        + f"Gil,Hart,{address(cast, 'gil')},,,,Grade 4\n"
    )
    row = upload(cast, text)
    assert (row.state, row.found["new"], row.found["changed"]) == ("checked", 1, 2)
    assert not User.objects.filter(email="nora@lincoln.test").exists()
    row = apply(cast, row)
    nora, tom = Staff.objects.get(user__email="nora@lincoln.test"), Staff.objects.get(pk=cast.staff.tom.pk)
    assert (nora.role, nora.local_id) == ("specialist", "77")
    assert (tom.role, tom.title, tom.local_id) == ("specialist", "Reading", "9")
    team = TeamMember.objects.active().filter(team=cast.team)
    assert set(team.values_list("staff__user__first_name", flat=True)) == {"Ana", "Tom", "Nora", "Gil"}
    assert apply(cast, row).state == "applied"
    row = undo(cast, row)
    tom.refresh_from_db()
    assert (tom.role, tom.title, tom.local_id) == ("teacher", "", "")
    assert set(team.values_list("staff__user__first_name", flat=True)) == {"Ana", "Tom"}
    assert not Staff.objects.active(cast.school.today()).filter(pk=nora.pk).exists()
    assert (row.state, row.found["staying"]) == ("undone", [])
    assert [
        event.actor
        for event in AuditEvent.objects.filter(verb__in=["applied-staff-file", "undid-staff-file"])
    ] == [cast.ada] * 2
    assert undo(cast, row).state == "undone"


def test_undoing_leaves_what_was_changed_since_and_who_signed_in(cast, folder):
    row = apply(cast, upload(cast, HEADER + NEW + f"Tom,Berg,{address(cast, 'tom')},,9,Reading,\n"))
    Staff.objects.filter(pk=cast.staff.tom.pk).update(title="Math")
    User.objects.filter(email="nora@lincoln.test").update(last_login=clock.now())
    row = undo(cast, row)
    tom = Staff.objects.get(pk=cast.staff.tom.pk)
    assert (tom.title, tom.local_id) == ("Math", "")
    assert row.found["staying"] == ["Nora Lee"]
    assert Staff.objects.active(cast.school.today()).filter(user__email="nora@lincoln.test").exists()


def test_a_file_that_leaves_no_administrator_changes_nothing(cast, folder):
    User.objects.filter(pk=cast.ada.pk).update(last_login=clock.now())
    row = upload(cast, HEADER + NEW + f"Ada,Cole,{address(cast, 'ada')},teacher,,,\n")
    with pytest.raises(DomainError, match="needs an administrator"):
        apply(cast, row)
    row.refresh_from_db()
    assert row.state == "checked"
    assert "needs an administrator" in row.error
    assert not User.objects.filter(email="nora@lincoln.test").exists()


def test_only_who_edits_people_checks_applies_and_undoes(cast, folder):
    row = upload(cast, HEADER + NEW)
    with pytest.raises(PermissionDenied):
        upload(cast, HEADER + NEW, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        apply_later(PEOPLE, row, actor=cast.ana)
    with pytest.raises(DomainError, match="nothing to undo"):
        undo_later(PEOPLE, row, actor=cast.ada)
    with pytest.raises(PermissionDenied):
        undo_later(PEOPLE, row, actor=cast.cora)


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [("a.pdf", 10, "Save the list as CSV"), ("a.csv", 2**21 + 1, "larger than 2 MB")],
)
def test_other_files_are_refused(cast, folder, name, size, words):
    file = ContentFile(b"x" * size, name=name)
    with (
        pytest.raises(DomainError, match=words),
        stored_upload(PEOPLE, cast.school, actor=cast.ada, file=file, name=name),
    ):
        pass


def test_a_file_that_changes_nothing_or_cannot_be_read_says_so(cast, folder):
    row = upload(cast, HEADER + f"Tom,Berg,{address(cast, 'tom')},teacher,,,\n")
    assert (row.found["same"], row.found["new"]) == (1, 0)
    with pytest.raises(DomainError, match="No row in this file changes anything"):
        apply(cast, row)
    with pytest.raises(DomainError, match="no column for email"):
        upload(cast, "Role,Room\nteacher,4\n")


def test_the_pages_show_rows_before_and_after(cast, folder, as_user):
    ada = as_user(cast.ada)
    assert ada.get("/people/add/").content.decode().count("/people/file/") == 1
    assert ada.post("/people/file/", {"file": ContentFile(b"x", "a.pdf")}).status_code == 422
    row = upload(cast, HEADER + NEW + "Ned,Ash,,,,,\n")
    page = ada.get(row.get_absolute_url()).content.decode()
    assert "new, Specialist; joins Grade 4" in page
    assert "There is no email address." in page
    assert "Nothing is saved yet." in page
    assert "Undo" not in page
    page = ada.get(apply(cast, row).get_absolute_url()).content.decode()
    assert "The people have been added and changed. No one was invited." in page
    assert "people.csv" in ada.get("/people/file/").content.decode()
    assert "This has been undone." in ada.get(undo(cast, row).get_absolute_url()).content.decode()


@pytest.mark.sweep
def test_a_file_of_hundreds_of_people_takes_few_queries(cast, folder, django_assert_max_num_queries):
    many = "".join(f"P{n},Q{n},p{n}@lincoln.test,teacher,n{n},,Grade 4\n" for n in range(300))
    row = upload(cast, HEADER + many)
    assert (row.found["new"], len(row.found["people"]), row.found["more"]) == (300, 200, 100)
    with django_assert_max_num_queries(120):
        apply(cast, row)
