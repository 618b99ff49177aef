"""Files of a set are checked, loaded and undone together."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from datareview.file_sets.queries import files_in_set, set_parts, stamp_of
from datareview.file_sets.services.starting import start_set
from datareview.file_sets.services.working import check_set_job, load_set_job, undo_set_job
from datareview.imports.models import Import
from datareview.imports.services.files import discard_import, start_apply
from datareview.loading.services.applying import apply_job
from datareview.recipes.models import FileRecipe
from datareview.records.models import CourseGrade, Enrollment, Incident, Score, Section, Student
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, check, scores

WORK = {"check": check_set_job, "load": load_set_job, "undo": undo_set_job}


@pytest.fixture
def post(cast, as_user):
    """Upload several files at once, and let the worker check them. Returns the set."""

    def send(**texts):
        files = [ContentFile(text.encode(), name=name.replace("__", ".")) for name, text in texts.items()]
        answer = as_user(cast.ada).post(reverse("datareview:import-list"), {"file": files})
        assert answer.status_code == 302
        row = Import.objects.get(part_of=None, school=cast.school, name=f"{len(files)} files.zip")
        work(row)
        return row

    return send


def work(row):
    """Let the worker do the job of a set."""
    row.refresh_from_db()
    WORK[row.job.kind.removeprefix("datareview.").removesuffix("_set")](row.job, Quiet())
    Job.objects.filter(pk=row.job_id).update(state="done")
    row.refresh_from_db()


def do(cast, row, what):
    start_set(row, actor=cast.ada, do=what, seen=stamp_of(files_in_set(row)))
    work(row)
    return told(row)


def told(row):
    return [
        (part.row.kind, part.row.state, part.row.counts.get("new"), part.out, part.need)
        for part in set_parts(row)
    ]


def texts(cast):
    begin = cast.school.years.get(
        starts_on__lte=cast.school.today(), ends_on__gte=cast.school.today()
    ).starts_on
    day = cast.school.today()
    return {  # in an order in which none could be loaded
        "a_grades__csv": f"student_id,section,date,percent\n5001,X1,{day},88\n5002,X1,{day},91\n",
        "b_scores__csv": scores(cast, "5001,{day},70,orf", "5002,{day},71,orf"),
        "c_enrollment__csv": f"student_id,section,starts_on\n5001,X1,{begin}\n5002,X1,{begin}\n",
        "d_sections__csv": "section,name,grade\nX1,Reading X,4\n",
        "e_students__csv": "student_id,first_name,last_name,grade\n5001,Ana,Ruiz,4\n5002,Bo,Lee,4\n",
    }


def test_files_chosen_at_once_are_checked_as_if_those_before_were_loaded_then_loaded_and_undone(cast, post):
    row = post(**texts(cast))
    ready = [
        ("students", "checked", 2, 0, ""),
        ("sections", "checked", 1, 0, ""),
        ("enrollment", "checked", 2, 0, ""),
        ("course_grades", "checked", 2, 0, ""),
        ("scores", "checked", 2, 0, ""),
    ]
    assert told(row) == ready
    assert not Student.objects.filter(local_id__in=["5001", "5002"]).exists()
    assert do(cast, row, "load") == [(kind, "applied", *rest) for kind, _state, *rest in ready]
    assert "b scores" in FileRecipe.objects.values_list("name", flat=True)
    grades = CourseGrade.objects.filter(enrollment__section__local_id="X1").order_by("percent")
    assert list(grades.values_list("percent", flat=True)) == [88, 91]
    assert Score.objects.filter(student__local_id__in=["5001", "5002"]).count() == 2
    assert [one[1] for one in do(cast, row, "undo")] == ["undone"] * 5
    assert not Student.objects.filter(local_id__in=["5001", "5002"]).exists()
    assert not Section.objects.filter(local_id="X1").exists()


def test_loading_stops_before_the_first_file_that_asks_something_and_goes_on_behind_it(cast, post):
    there = [
        Student(school=cast.school, local_id=str(n), first_name=f"N{n}", grade=4) for n in range(6000, 6030)
    ]
    Student.objects.bulk_create(there)
    renamed = "\n".join(f"{one.local_id},Renamed,4" for one in there)
    found = texts(cast) | {
        "e_students__csv": f"student_id,first_name,grade\n5001,Ana,4\n5002,Bo,4\n{renamed}\n"
    }
    row = post(**found)
    assert told(row)[0] == ("students", "checked", 2, 0, "30 stored values would change.")
    assert [one[1] for one in do(cast, row, "load")] == ["checked"] * 5
    first = files_in_set(row)[0]
    start_apply(first, actor=cast.ada, confirm=True)
    apply_job(Job(payload={"import": first.pk}), Quiet())
    assert [one[1] for one in do(cast, row, "load")] == ["applied"] * 5
    assert Enrollment.objects.filter(section__local_id="X1").count() == 2


def test_what_is_not_recognized_stays_out_and_says_so(cast, post):
    row = post(students__csv=texts(cast)["e_students__csv"], menu__csv="dish,price\nsoup,4\nbread,2\n")
    out = ("", "uploaded", None, 0, "Not recognized. Say what its rows are about, or it stays out.")
    assert told(row) == [("students", "checked", 2, 0, ""), out]
    assert do(cast, row, "load") == [("students", "applied", 2, 0, ""), out]


def test_only_the_results_that_were_read_are_loaded(cast, post):
    row = post(**texts(cast))
    seen = stamp_of(files_in_set(row))
    part = files_in_set(row)[0]
    check(cast, part)
    with pytest.raises(DomainError, match="checked again"):
        start_set(row, actor=cast.ada, do="load", seen=seen)


def test_undoing_leaves_files_on_which_something_was_built_and_names_them(cast, post, as_user):
    row = post(**texts(cast))
    do(cast, row, "load")
    place = Enrollment.objects.get(student__local_id="5001")
    Incident.objects.create(student=place.student, day=cast.school.today(), kind="Fight")
    CourseGrade.objects.create(enrollment=place, as_of=place.starts_on, percent=80)
    states = [one[1] for one in do(cast, row, "undo")]
    assert states == ["applied", "applied", "applied", "undone", "undone"]  # a section, too, has who is in it
    text = " ".join(as_user(cast.ada).get(row.get_absolute_url(), follow=True).content.decode().split())
    assert "since: e_students.csv, d_sections.csv, c_enrollment.csv. The other files are undone." in text
    assert reverse("datareview:import-undo", args=[files_in_set(row)[0].uuid]) in text


def test_a_file_of_a_set_that_can_not_be_checked_asks_something(cast, post, as_user):
    day = "05/10/2026"
    row = post(**texts(cast) | {"b_scores__csv": f"student_id,date,score\n5001,{day},70\n5002,{day},71\n"})
    asking = set_parts(row)[-1]
    assert (asking.row.state, asking.row.status) == ("failed", "Asks something")
    text = as_user(cast.ada).get(row.get_absolute_url(), follow=True).content.decode()
    assert ("Asks something" in text, "Could not be read" in text) == (True, False)


def test_a_set_is_deleted_with_its_files(cast, post, as_user):
    row = post(**texts(cast))
    page = as_user(cast.ada).get(reverse("datareview:import-list")).content.decode()
    assert [name in page for name in ("5 files.zip", "e_students.csv")] == [True, False]
    discard_import(row, actor=cast.ada)
    assert not Import.objects.filter(school=cast.school, name__contains="5 files").exists()


def test_a_zip_is_uploaded_alone(cast, as_user):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.csv", "x")
    files = [ContentFile(data.getvalue(), name="a.zip"), ContentFile(b"a,b\n1,2\n", name="b.csv")]
    answer = as_user(cast.ada).post(reverse("datareview:import-list"), {"file": files})
    assert (answer.status_code, "Upload it alone" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("notes.pdf", b"%PDF", "notes.pdf: Collab reads"), ("none.csv", b"", "none.csv: The submitted file")],
)
def test_one_of_several_files_that_is_no_table_is_refused_by_its_name(cast, as_user, name, content, told):
    files = [ContentFile(content, name=name), ContentFile(b"a,b\n1,2\n", name="b.csv")]
    answer = as_user(cast.ada).post(reverse("datareview:import-list"), {"file": files})
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not Import.objects.exists()


def test_a_file_of_values_that_asks_something_waits_and_the_others_are_loaded(cast, post):
    found = texts(cast) | {"b_scores__csv": scores(cast, "5001,{day},70,never heard of")}
    row = post(**found)
    assert {kind: state for kind, state, *_rest in do(cast, row, "load")} == {
        "students": "applied",
        "sections": "applied",
        "enrollment": "applied",
        "course_grades": "applied",
        "scores": "checked",
    }
