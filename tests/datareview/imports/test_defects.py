"""Valid but awkward files, work that fails midway, and undoing when others have worked since."""

import pytest

from datareview.checking.services import checking
from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.queries import import_page
from datareview.imports.services import files
from datareview.loading.services.undoing import undo_job
from datareview.records.models import Benchmark, Measure, Score, Student
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, check, load, scores, today, upload


@pytest.mark.parametrize(
    "name",
    ["line", "number", "student_id", "day", "measure", "value", "text", "name", "state", "stored", "row_id"],
)
def test_a_column_may_be_called_like_anything(cast, name):
    other = "learner" if name == "student_id" else "student_id"
    content = f"{other},{name},when,result\n1001,7,{today(cast)},70\n1002,8,{today(cast)},81\n"
    row = upload(cast, content)
    columns = {"student": other, "value": "result", "day": "when"}
    row = check(cast, row, {"columns": columns, "options": {"measure_name": "Orf"}}, "scores")
    assert (row.counts["new"], row.counts["problems"]) == (2, {})
    columns["value"] = name
    if name != "student_id":
        row = check(cast, row, {"columns": columns, "options": {"measure_name": "Orf"}}, "scores")
        assert row.counts["new"] == 2


def test_lines_are_counted_with_the_blank_ones_and_the_right_row_stays_out(cast):
    lines = ["student_id,date,score,measure", "", f"1001,{today(cast)},70,orf", "", "1002"]
    lines += [f"1003,{today(cast)},90,orf", f"9999,{today(cast)},90,orf"]
    row = check(cast, upload(cast, "\n".join(lines)))
    assert [(problem.code, problem.row) for problem in row.problems.all()] == [
        ("ragged", 5),
        ("unknown-student", 7),
    ]
    assert row.counts["new"] == 2


def test_headers_stay_apart_when_one_is_called_like_the_second_of_another(cast):
    row = upload(cast, "score,score,score (2)\n1,2,3\n")
    assert row.columns == ["score", "score (2)", "score (2) (2)"]


def test_every_kind_of_problem_is_shown_with_all_its_rows_counted(cast, monkeypatch):
    monkeypatch.setattr("teams.tables.problems.MOST_KEPT", 3)
    lines = [f"99{n},{today(cast)},70,orf" for n in range(20)]
    lines += ["1001,{day},nothing,orf", "1002,2999-01-01,70,orf"]
    row = check(cast, upload(cast, scores(cast, *lines)))
    problems = {problem.code: problem.many for problem in import_page(row, row.kind).problems}
    assert problems == {"unknown-student": 20, "no-number": 1, "future": 1}
    assert row.problems.filter(code="unknown-student").count() == 3


@pytest.mark.parametrize(
    ("state", "back"), [("checking", "uploaded"), ("applying", "checked"), ("undoing", "applied")]
)
def test_a_file_whose_work_failed_can_be_worked_on_again(cast, state, back):
    row = upload(cast, scores(cast, "1001,{day},70,orf"))
    job = Job.objects.create(kind="datareview.check_import", school=cast.school, state="failed", error="No.")
    Import.objects.filter(pk=row.pk).update(state=state, job=job)
    row.refresh_from_db()
    page = import_page(row, row.kind)
    assert (page.row.state, page.is_busy) == (back, False)
    if back == "checked":
        assert files.start_apply(row, actor=cast.ada).state == "applying"
    elif back == "applied":
        assert files.start_undo(row, actor=cast.ada).state == "undoing"
    else:
        check(cast, row)
        row.refresh_from_db()
        assert row.state == "checked"


def test_undoing_removes_the_measure_the_file_created_unless_it_is_used(cast):
    columns = {"student": "student_id", "day": "date", "value": "score", "measure": "measure"}
    mapping = {"columns": columns, "options": {"new_measures": True}}
    before = set(Measure.objects.values_list("pk", flat=True))
    row = load(cast, scores(cast, "1001,{day},70,new measure"), mapping=mapping)
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    assert set(Measure.objects.values_list("pk", flat=True)) == before
    row = load(cast, scores(cast, "1001,{day},71,new measure"), mapping=mapping)
    measure = Measure.objects.exclude(pk__in=before).get()
    Benchmark.objects.create(measure=measure, grade=4, window="fall", below=1, at=2, above=3)
    files.start_undo(row, actor=cast.ada, keep=True)
    undo_job(Job(payload={"import": row.pk, "keep": True}), Quiet())
    assert Measure.objects.filter(pk=measure.pk).exists()
    assert not Score.objects.filter(measure=measure).exists()


def test_new_students_who_have_been_worked_with_are_not_undone(cast):
    row = load(cast, "student_id,first_name,grade\n7777,New,4\n", kind="students")
    new = Student.objects.get(local_id="7777")
    new.incidents.create(day=cast.school.today(), kind="Fight")
    files.start_undo(row, actor=cast.ada)
    with pytest.raises(DomainError, match="incidents"):
        undo_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    assert (row.state, Student.objects.filter(pk=new.pk).exists()) == ("applied", True)
    new.incidents.all().delete()
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    assert not Student.objects.filter(pk=new.pk).exists()


def test_a_value_that_a_later_file_changed_stays_as_that_file_left_it(cast):
    first = load(cast, scores(cast, "1001,{day},70,orf"))
    load(cast, scores(cast, "1001,{day},75,orf"), confirm=True)
    files.start_undo(first, actor=cast.ada)
    undo_job(Job(payload={"import": first.pk}), Quiet())
    first.refresh_from_db()
    assert first.counts["kept"] >= 1
    assert Score.objects.get(imported_by__isnull=False).value == 75


def test_work_that_breaks_keeps_the_file_and_says_so(cast, monkeypatch):
    row = upload(cast, scores(cast, "1001,{day},70,orf"))
    files.start_check(row, actor=cast.ada, kind="scores", mapping=row.mapping)

    def broken(*args):
        raise RuntimeError("out of paper")

    monkeypatch.setattr(checking, "check_file", broken)
    from teams.jobs.services.jobs import run_job

    row.refresh_from_db()
    run_job(row.job_id, check_job)
    row = Import.objects.select_related("job").get(pk=row.pk)
    page = import_page(row, row.kind)
    assert (page.row.state, page.is_busy, page.job.state) == ("uploaded", False, "failed")
    assert "Nothing was left half done" in page.job.error


def test_long_headers_and_numbers_fit_the_database_or_stay_out(cast):
    name = "Percentage of standards met in reading informational text in window two"
    mapping = {"columns": {"student": "student_id", "day": "date"}, "options": {}, "measures": {name: name}}
    row = load(cast, f"student_id,date,{name}\n1001,{today(cast)},7\n", mapping=mapping, kind="scores")
    measure = Score.objects.get(imported_by=row).measure
    assert (measure.name, len(measure.key)) == (name, 60)
    students = f"student_id,first_name,last_name\n{'7' * 41},Ana,Ruiz\n{'7' * 40},Tom,Berg\n"
    row = load(cast, students, "students.csv")
    assert (row.counts["new"], row.counts["problems"]) == (1, {"long-number": 1})
