"""Files from outside: each way in which one can be wrong ends in a sentence, and nothing is half written."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from openpyxl import Workbook

from datareview.checking.services.checks import check_file
from datareview.imports.models import Import, ImportChange
from datareview.imports.services import files, reading
from datareview.loading.services import applying
from datareview.loading.services.applying import apply_job
from datareview.loading.services.undoing import undo_job
from datareview.recipes.models import FileRecipe
from datareview.records.models import Measure, Score, Student
from datareview.runs.models import TrendRun
from teams.jobs.models import Job
from teams.lib.csv_export import safe_cell
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, check, load, scores, today, upload, weekday

DATA = Path(__file__).parents[2] / "data"


def codes(row):
    return {problem.code for problem in row.problems.all()}


def test_a_file_of_scores_is_new_once_and_the_same_again(cast):
    first = load(cast, scores(cast, "1001,{day},70,orf", "1002,{day},103,orf"))
    assert (first.state, first.counts["new"], first.counts["same"]) == ("applied", 2, 0)
    assert Score.objects.filter(imported_by__isnull=False).count() == 2
    again = load(cast, scores(cast, "1001,{day},70,orf", "1002,{day},103,orf"))
    assert (again.counts["new"], again.counts["same"], again.changes.count()) == (0, 2, 0)
    assert again.digest == first.digest


def test_a_program_that_loads_a_file_at_once_reads_it_only_once(cast, monkeypatch):
    read, opened = reading.read_columns_apart, []

    def count(path, *rest):
        opened.append(path.name)
        return read(path, *rest)

    monkeypatch.setattr(reading, "read_columns_apart", count)
    with reading.read_once():
        first = load(cast, scores(cast, "1001,{day},70,orf"))
        second = load(cast, scores(cast, "1001,{day},75,orf"), confirm=True)
    assert [len(opened), len(set(opened))] == [2, 2]
    assert (first.counts["new"], second.counts["changed"]) == (1, 1)
    load(cast, scores(cast, "1001,{day},70,orf"), confirm=True)
    assert len(opened) == 5


def test_applying_starts_the_computation_of_trends(cast):
    load(cast, scores(cast, "1001,{day},70,orf"))
    assert TrendRun.objects.get().trigger == "import"


@pytest.mark.child
def test_undoing_restores_exactly_what_was_there(cast):
    load(cast, scores(cast, "1001,{day},70,orf"))
    second = load(cast, scores(cast, "1001,{day},75,orf", "1002,{day},103,orf"), confirm=True)
    assert list(
        Score.objects.filter(imported_by__isnull=False).order_by("value").values_list("value", flat=True)
    ) == [75, 103]
    files.start_undo(second, actor=cast.ada)
    undo_job(Job(payload={"import": second.pk}), Quiet())
    second.refresh_from_db()
    assert (second.state, second.counts["kept"]) == ("undone", 0)
    assert list(
        Score.objects.filter(imported_by__isnull=False).values_list("student__local_id", "value")
    ) == [("1001", 70)]
    assert not ImportChange.objects.filter(of_import=second).exists()


def test_each_bad_row_has_its_sentence_and_stays_out(cast):
    tomorrow = (cast.school.today() + dt.timedelta(days=1)).isoformat()
    row = load(
        cast,
        scores(
            cast,
            "1001,{day},70,orf",
            "9999,{day},70,orf",
            "1002,{day},9000,orf",
            "1002," + tomorrow + ",90,orf",
            "1002,1951-01-01,90,orf",
            "1003,{day},many,orf",
            "1003,someday,90,orf",
            "1001,{day},70,orf",
        ),
    )
    assert codes(row) == {
        "unknown-student",
        "off-scale",
        "future",
        "too-old",
        "no-number",
        "no-date",
        "double",
    }
    assert row.counts["new"] == 1
    problem = row.problems.get(code="off-scale")
    assert (problem.row, problem.value) == (4, "9000")
    assert "0 to 250" in problem.message


def test_rows_that_contradict_each_other_all_stay_out(cast):
    row = check(cast, upload(cast, scores(cast, "1001,{day},70,orf", "1001,{day},80,orf")))
    assert (codes(row), row.counts["new"]) == ({"contradiction"}, 0)


def test_a_file_whose_rows_are_all_left_out_is_not_applied(cast, as_user):
    row = check(cast, upload(cast, scores(cast, "9999,{day},70,orf")))
    page = as_user(cast.ada).get(row.get_absolute_url()).content.decode()
    assert "No row of this file can be saved." in page
    assert reverse("datareview:import-apply", args=[row.uuid]) not in page
    with pytest.raises(DomainError, match="No row of this file can be saved"):
        files.start_apply(row, actor=cast.ada)
    assert not FileRecipe.objects.exists()


def test_missing_is_missing_and_never_zero(cast):
    row = load(cast, scores(cast, "1001,{day},?,orf", "1002,{day},,orf", "1003,{day},NA,orf"))
    assert (codes(row), row.counts["new"], Score.objects.filter(imported_by__isnull=False).count()) == (
        set(),
        0,
        0,
    )


def test_a_students_number_of_another_school_is_unknown_here(cast):
    Student.objects.filter(pk=cast.maya.pk).update(local_id="2001")
    row = check(cast, upload(cast, scores(cast, "1001,{day},70,orf")))
    assert (codes(row), row.counts["new"]) == ({"unknown-student"}, 0)
    assert not Score.objects.filter(student=cast.leak).exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"student_id,score\n", "header.csv", "no rows"),
        (b"PK\x03\x04 and more", "sheet.csv", "not a text file"),
        (b"\x00\x01\x02\x03", "binary.csv", "not a text file"),
        (b"not a sheet", "sheet.xlsx", "damaged"),
        (b"not gzip", "scores.csv.gz", "not a gzip"),
    ],
)
def test_a_file_that_is_no_table_fails_with_a_sentence_on_its_page(cast, as_user, content, name, sentence):
    with pytest.raises(DomainError, match=sentence):
        upload(cast, content, name)
    row = Import.objects.get()
    assert (row.state, row.columns) == ("failed", [])
    page = as_user(cast.ada).get(row.get_absolute_url()).content.decode()
    assert sentence in page
    assert "Match the columns" not in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"), [(b"", "empty.csv", "empty"), (b"text", "scores.pdf", "CSV, TSV")]
)
def test_a_file_that_cannot_be_a_table_is_not_stored(cast, content, name, sentence):
    with pytest.raises(DomainError, match=sentence):
        upload(cast, content, name)
    assert not Import.objects.exists()


def test_an_upload_only_stores_the_bytes_and_the_page_waits_for_the_worker(cast, as_user, monkeypatch):
    def opened(*args):
        raise AssertionError("The web process opened the file.")

    monkeypatch.setattr(reading, "read_columns_apart", opened)
    client = as_user(cast.ada)
    file = ContentFile(b"student_id,score\n1001,7\n", "marks.csv")
    answer = client.post(reverse("datareview:import-list"), {"file": file})
    row = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert (row.state, row.job.kind, row.job.state) == ("reading", "datareview.read_import", "queued")
    with row.file.open("rb") as stored:
        assert stored.read() == b"student_id,score\n1001,7\n"
    page = client.get(row.get_absolute_url()).content.decode()
    assert f'id="job-{row.job.uuid}"' in page
    assert "Match the columns" not in page


def test_an_upload_whose_row_cannot_be_saved_leaves_no_file(cast, monkeypatch, settings, tmp_path):
    def broken(*args, **kwargs):
        raise RuntimeError("no disk")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(files, "record_event", broken)
    with pytest.raises(RuntimeError, match="no disk"):
        upload(cast, scores(cast, "1001,{day},70,orf"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not Import.objects.exists()


@pytest.mark.child
def test_a_file_that_exhausts_its_reader_fails_with_the_limit_and_can_be_replaced(cast, settings, as_user):
    settings.UPLOAD_MAX_MEMORY = 200 * 2**20
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "student_id", 1
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(DomainError, match="needs more than 200 MB of memory"):
        upload(cast, content.getvalue(), "far.xlsx")
    page = as_user(cast.ada).get(Import.objects.get().get_absolute_url()).content.decode()
    assert "needs more than 200 MB of memory" in page
    assert "Upload another file" in page


def test_a_reading_that_was_lost_says_so(cast, as_user):
    row = upload(cast, scores(cast, "1001,{day},70,orf"))
    Job.objects.filter(pk=row.job_id).update(state="failed", error="This was tried five times.")
    Import.objects.filter(pk=row.pk).update(state="reading", columns=[])
    page = as_user(cast.ada).get(row.get_absolute_url()).content.decode()
    assert "This was tried five times." in page
    assert "Upload another file" in page


def test_a_file_that_another_one_overtook_is_checked_again(cast, monkeypatch):
    """The second file was checked before the first one was applied: its row is the same then, not new."""
    first = check(cast, upload(cast, scores(cast, "1001,{day},70,orf")))
    second = check(cast, upload(cast, scores(cast, "1001,{day},70,orf", "1002,{day},80,orf")))
    files.start_apply(first, actor=cast.ada)
    files.start_apply(second, actor=cast.ada)
    checked = []

    def check_and_be_overtaken(row):
        checked.append(row)
        found = check_file(row)
        if checked == [second]:
            apply_job(Job(payload={"import": first.pk}), Quiet())
        return found

    monkeypatch.setattr(applying, "check_file", check_and_be_overtaken)
    apply_job(Job(payload={"import": second.pk}), Quiet())
    second.refresh_from_db()
    assert checked == [second, first, second]
    assert (second.counts["new"], second.counts["same"]) == (1, 1)
    assert Score.objects.filter(imported_by__isnull=False).count() == 2


def test_bombs_are_refused_before_they_unpack(cast, settings):
    settings.UPLOAD_MAX_BYTES = 20_000
    with pytest.raises(DomainError, match="unpacks"):
        upload(cast, gzip.compress(b"0," * 1_000_000), "bomb.csv.gz")
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000_000)
    with pytest.raises(DomainError, match="unpacks"):
        upload(cast, sheet.getvalue(), "bomb.xlsx")


def test_limits_of_size_and_rows(cast, settings):
    settings.UPLOAD_MAX_ROWS = 2
    with pytest.raises(DomainError, match="more than 2 rows"):
        upload(cast, scores(cast, "1001,{day},1,orf", "1002,{day},1,orf", "1003,{day},1,orf"))
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(DomainError, match="the limit is"):
        upload(cast, "student_id,score\n1,2\n")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_other_encodings_are_read_and_reported(cast, encoding):
    text = "student_id,first_name,last_name,grade\n5001,Zoë,Núñez,4\n"
    row = load(cast, text.encode(encoding), "students.csv")
    assert str(Student.objects.get(local_id="5001")) == "Zoë Núñez"
    assert bool(row.counts["notes"]) is (encoding != "utf-8-sig")


def test_excels_semicolons_and_decimal_commas(cast):
    row = load(cast, f"student_id;date;score;measure\n1001;{today(cast)};70,5;orf\n")
    assert Score.objects.get(imported_by__isnull=False).value == 70.5
    assert any("semicolons" in note for note in row.counts["notes"])


def test_blank_and_doubled_headers_get_names_and_ragged_rows_stay_out(cast):
    row = upload(cast, f"student_id,date,score,score,,measure\n1001,{today(cast)},70,1,x,orf\n1002,8\n")
    assert row.columns == ["student_id", "date", "score", "score (2)", "column 5", "measure"]
    assert codes(check(cast, row)) == {"ragged"}


def test_a_missing_column_is_named(cast):
    row = upload(cast, "student_id,date\n1001,2026-01-01\n")
    with pytest.raises(DomainError, match="Score"):
        files.start_check(
            row, actor=cast.ada, kind="scores", mapping={"columns": {"student": "student_id"}, "options": {}}
        )
    with pytest.raises(DomainError, match="no column “points”"):
        files.start_check(
            row,
            actor=cast.ada,
            kind="scores",
            mapping={"columns": {"student": "student_id", "value": "points"}, "options": {}},
        )


def test_the_column_of_student_numbers_is_found_by_its_values(cast):
    row = upload(
        cast, f"id,pupil,date,score,measure\n7,1001,{today(cast)},70,orf\n8,1002,{today(cast)},80,orf\n"
    )
    assert row.mapping["columns"]["student"] == "pupil"


def test_the_mapping_of_such_a_file_is_remembered(cast):
    mapping = {
        "columns": {"student": "student_id", "day": "date", "value": "score"},
        "options": {"measure_name": "Orf"},
    }
    load(cast, scores(cast, "1001,{day},70,orf"), mapping=mapping)
    assert upload(cast, scores(cast, "1002,{day},80,orf")).mapping == mapping


def test_many_changes_need_a_word_of_confirmation(cast):
    numbers = [f"60{n:02d}" for n in range(12)]
    load(cast, "student_id\n" + "\n".join(numbers), "students.csv")
    lines = [number + ",{day},50,orf" for number in numbers]
    load(cast, scores(cast, *lines))
    row = check(cast, upload(cast, scores(cast, *[line.replace("50", "51") for line in lines])))
    with pytest.raises(DomainError, match="12 stored values"):
        files.start_apply(row, actor=cast.ada)
    files.start_apply(row, actor=cast.ada, confirm=True)


def test_students_who_are_not_in_the_file_stay(cast):
    row = load(cast, "student_id,first_name,last_name,grade\n1001,Maya,Okafor,5\n", "students.csv")
    assert (row.counts["changed"], row.counts["absent"]) == (1, 2)
    assert Student.objects.filter(school=cast.school).count() == 3
    cast.maya.refresh_from_db()
    assert cast.maya.grade == 5


def test_two_files_at_once_the_second_is_checked_against_what_the_first_wrote(cast):
    rows = [check(cast, upload(cast, scores(cast, "1001,{day},70,orf"))) for _n in range(2)]
    for row in rows:
        files.start_apply(row, actor=cast.ada)
        apply_job(Job(payload={"import": row.pk}), Quiet())
        row.refresh_from_db()
    assert [(row.counts["new"], row.counts["same"]) for row in rows] == [(1, 0), (0, 1)]


def test_applying_twice_writes_once(cast):
    row = load(cast, scores(cast, "1001,{day},70,orf"))
    apply_job(Job(payload={"import": row.pk}), Quiet())
    assert Score.objects.filter(imported_by__isnull=False).count() == 1


def test_an_error_in_the_middle_leaves_nothing(cast, monkeypatch):
    row = check(cast, upload(cast, scores(cast, "1001,{day},70,orf", "1002,{day},80,orf")))
    files.start_apply(row, actor=cast.ada)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("datareview.loading.services.applying.start_trend_run", fail)
    with pytest.raises(OSError, match="disk full"):
        apply_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    assert (Score.objects.filter(imported_by__isnull=False).count(), row.state) == (0, "applying")


def test_daily_attendance(cast):
    row = load(
        cast,
        f"student_id,date,mark\n1001,{weekday(cast)},A\n1002,{weekday(cast)},P\n1003,{weekday(cast)},Q\n",
        "a.csv",
    )
    assert (row.kind, row.counts["new"], codes(row)) == ("attendance", 2, {"unknown-mark"})
    assert cast.maya.attendance.get().mark == "unexcused"


@pytest.mark.sweep
def test_the_open_universitys_students_and_marks(cast):
    students = load(
        cast,
        (DATA / "oulad_AAA_2013J_students.csv").read_bytes(),
        "oulad_students.csv",
        kind="students",
        mapping={"columns": {"student": "id_student"}, "options": {"grade": 4}},
    )
    assert (students.counts["new"], students.counts["problems"]) == (383, {})
    start = cast.school.today() - dt.timedelta(days=300)
    marks = load(
        cast,
        (DATA / "oulad_AAA_2013J_assessments.csv").read_bytes(),
        "oulad_assessments.csv",
        kind="scores",
        mapping={
            "columns": {"student": "id_student", "day": "date_submitted", "value": "score"},
            "options": {"day_zero": start.isoformat(), "measure_name": "Tutor-marked assignment"},
        },
    )
    lines = 1_633
    measure = Measure.objects.get(school=cast.school, name="Tutor-marked assignment")
    assert (measure.scale_min, measure.scale_max) == (0, 100)
    assert marks.row_count == lines
    known = marks.counts["new"] + sum(marks.counts["problems"].values())
    empty = sum(
        line.split(",")[4] in ("?", "")
        for line in (DATA / "oulad_AAA_2013J_assessments.csv").read_text().splitlines()[1:]
    )
    assert known + empty == lines
    assert marks.counts["new"] > 1_500


@pytest.mark.sweep
def test_online_science_with_numbers_like_43146_0_and_several_measures(cast):
    content = (DATA / "dataedu_online_science.csv.gz").read_bytes()
    students = load(
        cast,
        content,
        "science.csv.gz",
        kind="students",
        mapping={"columns": {"student": "student_id"}, "options": {"grade": 9}},
    )
    assert Student.objects.filter(school=cast.school, local_id="43146").exists()
    assert students.counts["problems"].keys() <= {"double"}
    row = load(
        cast,
        content,
        "science.csv.gz",
        kind="scores",
        mapping={
            "columns": {"student": "student_id"},
            "options": {"fixed_day": (cast.school.today() - dt.timedelta(days=30)).isoformat()},
            "measures": {
                "percentage_earned": "Science share earned",
                "FinalGradeCEMS": "Science final grade",
            },
        },
    )
    assert set(row.counts["problems"]) <= {"contradiction", "double"}
    shares = Measure.objects.get(school=cast.school, name="Science share earned")
    assert (shares.scale_max, shares.scores.count() > 300) == (1.0, True)


def test_only_who_loads_data_uploads(cast):
    for person in (cast.ana, cast.cora, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            files.upload_file(cast.school, actor=person, file=ContentFile(b"a,b\n1,2\n"), name="a.csv")


def test_problem_rows_can_be_taken_out_without_a_formula_in_them(cast, as_user):
    row = check(cast, upload(cast, scores(cast, "=HYPERLINK(1),{day},70,orf")))
    body = as_user(cast.ada).get(reverse("datareview:import-problems", args=[row.uuid])).content.decode()
    assert "'=HYPERLINK(1)" in body


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1 555", "'+1 555"),
        ("-5.5", "-5.5"),
        ("Maya", "Maya"),
        (None, ""),
    ],
)
def test_cells_are_never_formulas(value, safe):
    assert safe_cell(value) == safe


def test_a_file_without_entry_dates_makes_none_up(cast):
    """The day of the import is not the day on which a student entered the school."""
    load(
        cast,
        "student_id,first_name,last_name,grade,entry_date\n3001,Al,Iba,4,2024-09-03\n3002,Bo,Iba,4,\n",
        "a.csv",
    )
    load(cast, "student_id,first_name,last_name,grade\n3003,Cy,Iba,4\n", "b.csv")
    rows = Student.objects.filter(last_name="Iba").order_by("local_id")
    assert list(rows.values_list("entered_on", flat=True)) == [dt.date(2024, 9, 3), None, None]


def test_a_file_that_is_none_of_our_kinds_says_so_and_a_person_may_know_better(cast, as_user):
    row = upload(cast, "Recipe,Minutes,Cook\nSoup,20,1001\n", "kitchen.csv")
    assert (row.kind, row.mapping) == ("", {"columns": {}, "options": {}})
    client = as_user(cast.ada)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "none of the kinds of files" in page
    assert "Check the whole file" not in page
    assert "Check the whole file" in client.get(f"{row.get_absolute_url()}?kind=scores").content.decode()
    answer = client.post(reverse("datareview:import-check", args=[row.uuid]), {"kind": ""})
    assert (answer.status_code, Import.objects.get().state) == (422, "uploaded")
    with pytest.raises(DomainError, match="what each row"):
        files.start_check(row, actor=cast.ada, kind="", mapping=row.mapping)


def test_the_mapping_of_a_file_that_was_only_guessed_is_guessed_again(cast):
    text = f"a,date,score\n7001,{today(cast)},70\n7002,{today(cast)},80\n"
    assert "student" not in upload(cast, text, "first.csv").mapping["columns"]
    for number in ("7001", "7002"):
        Student.objects.create(school=cast.school, local_id=number)
    assert upload(cast, text, "second.csv").mapping["columns"]["student"] == "a"
