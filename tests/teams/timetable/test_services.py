"""Changing the timetable cell by cell, and from a file that is checked before anything is written."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from openpyxl import Workbook

from teams.checked_files import services as checked_files
from teams.directory.models import Duty, Period, Role
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from teams.timetable.kind import TIMETABLES
from teams.timetable.models import TimetableFile
from teams.timetable.queries import grid_of
from teams.timetable.services import apply_timetable, check_timetable, set_duty
from tests.conftest import make_staff
from tests.factories.timetables import apply_file, check_file, lines_in, undo_file, upload_timetable

FILE = b"""Teacher;Day;Period;Type;Course
ana@lincoln.test;1;P1;teaching;Reading 4A
"Berg, Tom";Mon;P1;Free;
Tom Berg;Mon;P2;;Math 4B
Nobody Here;Mon;P1;free;
Nobody Here;Mon;P2;free;
Ana Ruiz;Sun;P1;free;
Ana Ruiz;Mon;P2;asleep;
"""


@pytest.fixture
def with_periods(cast):
    for number, name in enumerate(("P1", "P2")):
        Period.objects.create(
            school=cast.school,
            name=name,
            cycle_day=0,
            starts_at=dt.time(8 + number),
            ends_at=dt.time(9 + number),
        )
    return cast


def duties():
    return sorted(Duty.objects.values_list("staff__user__first_name", "period__name", "kind", "label"))


def test_a_file_is_checked_whole_and_nothing_is_written(with_periods):
    check = check_timetable(with_periods.school, lines_in(FILE))
    assert (len(check.new), len(check.changed), check.same, duties()) == (3, 0, 0, [])
    found = [(problem.value, problem.first_row, problem.rows) for problem in check.problems]
    assert found == [("Nobody Here", 5, 2), ("Sun P1", 7, 1), ("asleep", 8, 1)]


def test_applying_twice_changes_nothing_and_people_not_in_the_file_keep_theirs(with_periods):
    sol = with_periods.staff.sol
    Duty.objects.create(staff=sol, period=Period.objects.get(name="P1"), kind="duty", label="Yard")
    lines = lines_in(FILE)
    assert len(apply_timetable(with_periods.school, lines, actor=with_periods.ada).new) == 3
    again = apply_timetable(with_periods.school, lines, actor=with_periods.ada)
    assert (again.new, again.changed, again.same) == ([], [], 3)
    assert duties() == [
        ("Ana", "P1", "teaching", "Reading 4A"),
        ("Sol", "P1", "duty", "Yard"),
        ("Tom", "P1", "free", ""),
        ("Tom", "P2", "teaching", "Math 4B"),
    ]


def test_a_spreadsheet_gives_the_same_result(with_periods):
    book = Workbook()
    for row in (["staff", "day", "period", "kind", "label"], ["ana@lincoln.test", 1, "P1", "duty", "Hall"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    check = check_timetable(with_periods.school, lines_in(content.getvalue(), "x.xlsx"))
    assert [(duty.staff, duty.kind, duty.label) for duty in check.new] == [
        (with_periods.staff.ana, "duty", "Hall")
    ]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "x.csv", "empty"),
        (b"a,b\n1,2\n", "x.csv", "no column for staff, day, period. It has: a, b"),
        (b"PK\x03\x04rubbish", "x.xlsx", "can’t be read"),
        (b"\x00\x01\x02", "x.csv", "not a text file"),
    ],
)
def test_a_file_that_is_no_timetable_is_refused_with_a_sentence(content, name, sentence):
    with pytest.raises(DomainError, match=sentence):
        lines_in(content, name)


def test_a_row_that_ends_early_lacks_only_its_last_columns():
    lines = lines_in(b"staff,day,period,kind,label\nAna,1,P1\nTom,1,P1,free,Hall,x\nSol,1,P2,free,\n", "x")
    assert [(line.number, line.staff, line.kind, line.label) for line in lines] == [
        (2, "Ana", "", ""),
        (3, "Tom", "free", "Hall"),
        (4, "Sol", "free", ""),
    ]


def test_a_cell_with_two_values_is_a_problem_and_the_first_counts(with_periods):
    content = FILE.replace(b"Tom Berg;Mon;P2;;Math 4B", b"Berg, Tom;Mon;P1;;Math")
    check = check_timetable(
        with_periods.school, lines_in(content.replace(b"Berg, Tom;Mon;P1;;", b"Tom Berg;Mon;P1;;"), "x")
    )
    assert ("given twice, with different values", 4) in [
        (problem.message, problem.first_row) for problem in check.problems
    ]


def test_two_people_of_one_name_are_a_problem_and_the_address_says_who_is_meant(with_periods):
    other = make_staff("Tom", "Berg", with_periods.other_school, Role.TEACHER)
    other.school = with_periods.school
    other.save()
    content = f"staff,day,period,kind\nTom Berg,1,P1,free\n{other.user.email},1,P1,free\n".encode()
    check = check_timetable(with_periods.school, lines_in(content, "x.csv"))
    assert [(problem.value, problem.first_row) for problem in check.problems] == [("Tom Berg", 2)]
    assert "Write the email address" in check.problems[0].message
    assert [duty.staff for duty in check.new] == [other]


def test_cells_are_set_changed_and_cleared_by_users_who_may(with_periods, as_user):
    one = Period.objects.get(name="P1")
    client = as_user(with_periods.cora)
    data = {"staff": str(with_periods.staff.tom.uuid), "period": one.pk, "kind": "teaching", "label": " 4B "}
    answer = client.post("/timetable/cell/", data, HTTP_ACCEPT="application/json")
    assert answer.json() == {"kind": "teaching", "label": "4B"}
    assert (
        client.post(
            "/timetable/cell/", {**data, "kind": "asleep"}, HTTP_ACCEPT="application/json"
        ).status_code
        == 422
    )
    assert client.post("/timetable/cell/", {**data, "kind": "free", "label": ""}).status_code == 302
    assert duties() == [("Tom", "P1", "free", "")]
    client.post("/timetable/cell/", {**data, "kind": ""})
    assert duties() == []
    assert as_user(with_periods.ana).post("/timetable/cell/", data).status_code == 403
    with pytest.raises(DomainError, match="doesn’t work at this school"):
        set_duty(one, actor=with_periods.cora, staff=with_periods.staff.zed, kind="free")


def test_an_upload_only_stores_the_bytes_then_a_worker_checks_and_applies(with_periods, as_user, monkeypatch):
    client = as_user(with_periods.ada)
    answer = client.post("/timetable/load/", {"file": ContentFile(FILE, "timetable.csv")})
    row = TimetableFile.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert (row.state, row.found, row.job.kind) == ("checking", {}, "teams.check_timetable")
    assert f'id="job-{row.job.uuid}"' in client.get(row.get_absolute_url()).content.decode()
    checked_files.check_file(TIMETABLES, row.job, None)
    Job.objects.filter(pk=row.job_id).update(state="done")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "3 new, 0 changed, 0 unchanged" in page
    assert "Nobody Here" in page
    assert "Apply" in page
    assert duties() == []
    assert client.post(f"{row.get_absolute_url()}apply/").status_code == 302
    row.refresh_from_db()
    assert (row.state, duties()) == ("applying", [])
    checked_files.apply_file(TIMETABLES, row.job, None)
    Job.objects.filter(pk=row.job_id).update(state="done")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "The timetable has been changed." in page
    assert len(duties()) == 3
    grid = grid_of(with_periods.school)
    assert [period.name for period in grid.day.periods] == ["P1", "P2"]


def test_changes_are_shown_before_they_are_applied(with_periods, as_user):
    Duty.objects.create(
        staff=with_periods.staff.tom, period=Period.objects.get(name="P1"), kind="duty", label="Yard"
    )
    row = check_file(with_periods, FILE)
    assert row.found["changes"] == [
        {"staff": "Tom Berg", "period": "P1", "before": "Duty Yard", "after": "Free"}
    ]
    assert "Duty Yard → Free" in as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    row = apply_file(with_periods, row)
    assert (row.state, row.found["changed"]) == ("applied", 1)
    assert ("Tom", "P1", "free", "") in duties()


def test_undoing_a_file_restores_what_it_changed_and_leaves_what_was_changed_since(with_periods, as_user):
    one, two = Period.objects.order_by("starts_at")
    Duty.objects.create(staff=with_periods.staff.tom, period=one, kind="duty", label="Yard")
    row = apply_file(with_periods, check_file(with_periods, FILE))
    assert ("Tom", "P1", "free", "") in duties()
    set_duty(two, actor=with_periods.ada, staff=with_periods.staff.tom, kind="duty", label="Bus")
    Job.objects.filter(pk=row.job_id).update(state="done")
    assert (
        f"{row.get_absolute_url()}undo/"
        in as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    )
    row = undo_file(with_periods, row)
    assert duties() == [("Tom", "P1", "duty", "Yard"), ("Tom", "P2", "duty", "Bus")]
    assert (row.state, row.found["kept"]) == ("undone", 1)
    Job.objects.filter(pk=row.job_id).update(state="done")
    page = as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    assert "One cell was changed again since and stays." in page
    checked_files.undo_file(TIMETABLES, row.job, None)
    assert duties() == [("Tom", "P1", "duty", "Yard"), ("Tom", "P2", "duty", "Bus")]


def test_a_file_applied_before_its_changes_were_kept_cannot_be_undone(with_periods, as_user):
    row = apply_file(with_periods, check_file(with_periods, FILE))
    Job.objects.filter(pk=row.job_id).update(state="done")
    type(row).objects.update(before={})
    page = as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    assert f"{row.get_absolute_url()}undo/" not in page
    with pytest.raises(DomainError, match="nothing to undo"):
        checked_files.undo_later(TIMETABLES, row, actor=with_periods.ada)


@pytest.mark.sweep
def test_a_file_of_four_megabytes_is_checked_and_applied(with_periods):
    row = b"ana@lincoln.test,1,P1,free," + b"x" * 80 + b"\n"
    content = b"staff,day,period,kind,label\n" + row * (4_000_000 // len(row))
    apply_file(with_periods, check_file(with_periods, content))
    assert duties() == [("Ana", "P1", "free", "x" * 80)]


def test_only_the_first_problems_are_kept_and_the_others_counted(with_periods, as_user):
    lines = "".join(f"nobody {n},1,P1,free\n" for n in range(60))
    row = check_file(with_periods, f"staff,day,period,kind\n{lines}".encode())
    assert (len(row.found["problems"]), row.found["unshown"]) == (50, 10)
    assert "And 10 more problems." in as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()


@pytest.mark.child
def test_a_workbook_that_exhausts_its_reader_fails_with_the_limit(with_periods, as_user):
    """1.4 kB whose last cell is at the far corner."""
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "staff", 1
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(DomainError, match="more than 512 MB of memory"):
        check_file(with_periods, content.getvalue(), "far.xlsx")
    row = TimetableFile.objects.get()
    assert row.state == "failed"
    page = as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    assert "more than 512 MB of memory" in page
    assert "Apply" not in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"x" * (5 * 2**20 + 1), "x.csv", "larger than 5 MB"),
        (b"text", "x.pdf", "Save the timetable as CSV"),
        (b"", "x.csv", "empty"),
    ],
)
def test_a_file_that_cannot_be_a_timetable_is_not_stored(with_periods, as_user, content, name, sentence):
    page = as_user(with_periods.ada).post("/timetable/load/", {"file": ContentFile(content, name)})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not TimetableFile.objects.exists()


def test_a_file_is_applied_only_after_its_check_by_who_may_and_once(with_periods):
    row = upload_timetable(with_periods, FILE)
    with pytest.raises(DomainError, match="Check the file before you apply it"):
        checked_files.apply_later(TIMETABLES, row, actor=with_periods.ada)
    checked_files.check_file(TIMETABLES, row.job, None)
    with pytest.raises(PermissionDenied):
        checked_files.apply_later(TIMETABLES, row, actor=with_periods.ana)
    first = checked_files.apply_later(TIMETABLES, row, actor=with_periods.ada)
    assert checked_files.apply_later(TIMETABLES, row, actor=with_periods.ada).job == first.job


def test_a_check_that_was_lost_says_so(with_periods, as_user):
    row = upload_timetable(with_periods, FILE)
    Job.objects.filter(pk=row.job_id).update(state="failed", error="This was tried five times.")
    page = as_user(with_periods.ada).get(row.get_absolute_url()).content.decode()
    assert "This was tried five times." in page
    assert "Another file" in page
