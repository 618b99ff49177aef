"""Files from a watched folder: loaded as the last one of their form, or stopped with an email that says why."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from functools import partial

import pytest

from datareview.imports.models import Import
from datareview.imports.queries import reason_to_stop
from datareview.inbox.models import Delivery, Inbox
from datareview.inbox.queries import folder_of
from datareview.inbox.services.folder import take_files, watch_folders
from datareview.inbox.services.settings import watch_folder
from datareview.inbox.services.taking import take_delivery_job
from datareview.records.models import Score, Student
from teams.directory.models import Staff
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from tests.factories.imports import Quiet, load, scores, today


@pytest.fixture
def folder(cast, settings, tmp_path):
    """The watched folder of the cast's school."""
    settings.INBOX_DIR = tmp_path / "inbox"
    watch_folder(cast.school, actor=cast.ada, is_watched=True)
    found = folder_of(cast.school)
    found.mkdir(parents=True)
    return found


def put(folder, text, name="scores.csv", hours=0):
    """Put a file into the folder whose own time is ``hours`` after now."""
    path = folder / name
    path.write_text(text)
    then = (clock.now() + dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def work(cast):
    """Look twice, since a file is taken once it is unchanged, and do the jobs. Returns the last delivery."""
    watch_folders()
    watch_folders()
    for delivery in Delivery.objects.filter(state="waiting").order_by("pk"):
        take_delivery_job(Job(payload={"delivery": delivery.pk}), Quiet())
    return Delivery.objects.order_by("-pk").first()


def test_a_file_of_a_known_form_is_applied_and_leaves_the_folder(cast, folder):
    load(cast, scores(cast, "1001,{day},70,orf"))
    path = put(folder, scores(cast, "1002,{day},80,orf"))
    done = work(cast)
    assert (done.state, done.reason, done.of_import.state, done.token) == ("applied", "", "applied", None)
    assert cast.jonas.scores.filter(value=80, imported_by=done.of_import).count() == 1
    assert (path.exists(), done.of_import.uploaded_by) == (False, cast.ada)
    assert not Mail.objects.filter(kind="files").exists()


def test_a_file_is_taken_once_it_no_longer_changes(cast, folder):
    inbox = Inbox.objects.select_related("school", "watched_by").get()
    put(folder, "student_id")
    assert take_files(inbox) == 0
    put(folder, "student_id,date", hours=1)
    assert take_files(inbox) == 0
    assert take_files(inbox) == 1


def test_links_folders_and_hidden_files_are_left_alone(cast, folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("student_id\n1\n")
    (folder / "link.csv").symlink_to(secret)
    (folder / "more").mkdir()
    put(folder, "student_id", name=".part.csv")
    assert work(cast) is None
    assert sorted(path.name for path in folder.iterdir()) == [".part.csv", "link.csv", "more"]


def test_a_file_that_may_not_be_read_does_not_stop_the_next(cast, folder, monkeypatch):
    load(cast, scores(cast, "1001,{day},70,orf"))
    put(folder, scores(cast, "1002,{day},60,orf"), name="locked.csv", hours=-1)
    put(folder, scores(cast, "1002,{day},80,orf"))
    monkeypatch.setattr(os, "open", partial(open_unless_locked, os.open))
    assert work(cast).state == "applied"
    assert [path.name for path in folder.iterdir()] == ["locked.csv"]


def open_unless_locked(open_file, path, *rest, **more):
    if "locked" in str(path):
        raise PermissionError(path)
    return open_file(path, *rest, **more)


def test_files_with_long_names_that_begin_alike_are_all_taken(cast, folder):
    for ending in ("first", "second"):
        put(folder, "student_id", name=f"{'a' * 100} {ending}.csv")
    assert work(cast) is not None
    assert (Delivery.objects.count(), list(folder.iterdir())) == (2, [])


def test_a_form_that_nobody_has_matched_waits_and_administrators_are_emailed(cast, folder):
    put(folder, scores(cast, "1001,{day},70,orf"))
    done = work(cast)
    assert (done.state, done.of_import.state) == ("stopped", "uploaded")
    assert done.reason.startswith("Its columns are not those of a file that was loaded before.")
    mail = Mail.objects.get(kind="files")
    assert (mail.to, mail.school, mail.subject) == (
        cast.ada,
        cast.school,
        "A file was not loaded: scores.csv",
    )
    assert done.of_import.get_absolute_url() in mail.text
    assert not Score.objects.filter(imported_by=done.of_import).exists()


def test_a_file_older_than_the_last_one_is_not_loaded(cast, folder):
    load(cast, scores(cast, "1001,{day},70,orf"))
    put(folder, scores(cast, "1002,{day},80,orf"))
    assert work(cast).state == "applied"
    put(folder, scores(cast, "1002,{day},20,orf"), hours=-24)
    done = work(cast)
    assert (done.state, "a newer one of" in done.reason) == ("stopped", True)
    assert cast.jonas.scores.filter(value=80).count() == 1


def test_the_same_file_again_is_not_kept(cast, folder):
    load(cast, scores(cast, "1001,{day},70,orf"))
    for hours in (0, 24):
        put(folder, scores(cast, "1002,{day},80,orf"), hours=hours)
        done = work(cast)
    assert (done.state, done.of_import, Import.objects.count()) == ("same", None, 2)


def test_a_same_file_whose_work_was_cut_off_is_taken_up_again(cast, folder, monkeypatch):
    load(cast, scores(cast, "1001,{day},70,orf"))
    put(folder, scores(cast, "1002,{day},80,orf"))
    work(cast)
    put(folder, scores(cast, "1002,{day},80,orf"), hours=24)
    watch_folders()
    watch_folders()
    job = Job(payload={"delivery": Delivery.objects.get(state="waiting").pk})
    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "save", cut_off)
        with pytest.raises(ConnectionError):
            take_delivery_job(job, Quiet())
    take_delivery_job(job, Quiet())
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["applied", "same"]


def cut_off(*_args, **_more):
    raise ConnectionError


def test_many_changes_wait_for_a_person(cast, folder):
    day = today(cast)
    students = [Student(school=cast.school, local_id=str(5000 + n), first_name="A") for n in range(12)]
    Student.objects.bulk_create(students)
    head = "student_id,date,score,measure\n"
    load(cast, head + "".join(f"{one.local_id},{day},70,orf\n" for one in students))
    put(folder, head + "".join(f"{one.local_id},{day},1,orf\n" for one in students))
    done = work(cast)
    assert (done.state, done.reason, done.of_import.state) == (
        "stopped",
        "12 stored values would change.",
        "checked",
    )
    assert not Score.objects.filter(value=1).exists()


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"changed": 11, "same": 90}, "11 stored values would change."),
        ({"changed": 11, "same": 99}, ""),
        ({"changed": 10, "same": 0}, ""),
        ({"same": 80, "absent": 11}, "11 students of the school are not in it."),
        ({"same": 99, "absent": 11}, ""),
        ({"rows": 100, "problems": {"unknown-student": 11}}, "11 rows would stay out."),
        ({"rows": 100, "problems": {"unknown-student": 6, "off-scale": 5}}, "11 rows would stay out."),
        ({"rows": 110, "problems": {"unknown-student": 11}}, ""),
        ({"rows": 20, "problems": {"zeros": 11}}, ""),
        ({"needs_confirm": True, "changed": 1, "same": 99}, "1 stored values would change."),
    ],
)
def test_more_than_ten_rows_and_ten_percent_are_a_reason_to_stop(cast, counts, reason):
    row = Import.objects.create(school=cast.school, uploaded_by=cast.ada, name="x.csv")
    row.counts = {"changed": 0, "same": 0, "rows": 100, "problems": {}, "needs_confirm": False} | counts
    for code in row.counts["problems"]:
        severity = "warning" if code == "zeros" else "error"
        row.problems.create(row=2, code=code, message="x", severity=severity)
    assert reason_to_stop(row) == reason


def test_a_file_that_is_none_is_stopped_and_leaves_the_folder(cast, folder):
    path = put(folder, "hello", name="letter.pdf")
    done = work(cast)
    assert (done.state, done.of_import, path.exists()) == ("stopped", None, False)
    assert "Collab reads CSV, TSV and spreadsheets" in done.reason
    assert "/imports/inbox/" in Mail.objects.get(kind="files").text


def zip_in(folder, name="all.zip", hours=0, **texts):
    """Put a zip of CSV files into the folder: the same bytes for the same files and hours."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for one, text in texts.items():
            archive.writestr(zipfile.ZipInfo(f"{one}.csv", (2020, 1, 1, hours, 0, 0)), text)
    then = (clock.now() + dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))


STUDENTS = "student_id,first_name,last_name,grade\n5001,Ana,Ruiz,4\n"


def test_a_zip_of_known_forms_is_loaded_whole_or_not_at_all(cast, folder):
    zip_in(folder, students=STUDENTS, scores=scores(cast, "5001,{day},80,orf"))
    assert "all.zip: students.csv: Its columns are not those" in work(cast).reason
    students = Student.objects.filter(school=cast.school).values_list(
        "local_id", "first_name", "last_name", "grade"
    )
    everyone = "\n".join(",".join(map(str, one)) for one in students)
    load(cast, STUDENTS.split("\n", maxsplit=1)[0] + "\n" + everyone + "\n", "students.csv", confirm=True)
    load(cast, scores(cast, "1001,{day},70,orf"))
    bad = "".join(f"9{n:03},{{day}},80,orf\n" for n in range(20))
    zip_in(folder, hours=1, students=STUDENTS + everyone, scores=scores(cast, *bad.split()))
    stopped = work(cast)
    assert (stopped.state, stopped.reason) == ("stopped", "all.zip: scores.csv: 20 rows would stay out.")
    assert not Student.objects.filter(local_id="5001").exists()
    zip_in(folder, hours=2, students=STUDENTS + everyone, scores=scores(cast, "5001,{day},80,orf"))
    assert work(cast).state == "applied"
    assert Student.objects.get(local_id="5001").scores.get().value == 80
    zip_in(folder, hours=3, students=STUDENTS + everyone, scores=scores(cast, "5001,{day},80,orf"))
    assert work(cast).state == "applied"


def test_a_question_stops_the_file(cast, folder):
    year = cast.school.today().year - 1
    load(
        cast,
        f"student_id,when,score\n1001,{year}-01-15,70\n",
        mapping={
            "columns": {"student": "student_id", "day": "when", "value": "score"},
            "options": {"measure_name": cast.fluency.name},
        },
        kind="scores",
    )
    put(folder, f"student_id,when,score\n1001,02/03/{year},70\n1001,03/04/{year},71\n")
    done = work(cast)
    assert (done.state, "month or with the day first" in done.reason) == ("stopped", True)


def ambiguous(cast, score):
    """A file whose one date fits both ways and is past either way."""
    return f"student_id,when,score\n1001,02/03/{cast.school.today().year - 1},{score}\n"


def by_hand(cast, content, **options):
    columns = {"student": "student_id", "day": "when", "value": "score"}
    options = {"measure_name": cast.fluency.name, **options}
    return load(cast, content, mapping={"columns": columns, "options": options}, kind="scores")


@pytest.mark.parametrize(("shown", "month"), [("02/13", 2), ("13/02", 3)])
def test_dates_that_fit_both_ways_are_read_as_an_earlier_file_of_the_form_showed(cast, folder, shown, month):
    year = cast.school.today().year - 1
    by_hand(cast, f"student_id,when,score\n1001,{shown}/{year},70\n")
    by_hand(
        cast, f"student_id,when,score\n1001,{year}-05-05,60\n"
    )  # shows nothing, and makes nothing forgotten
    put(folder, ambiguous(cast, 71))
    assert (work(cast).state, cast.maya.scores.get(value=71).taken_on.month) == ("applied", month)


def test_the_file_itself_decides_against_what_earlier_ones_showed(cast, folder):
    year = cast.school.today().year - 1
    by_hand(cast, f"student_id,when,score\n1001,02/13/{year},70\n")
    put(folder, ambiguous(cast, 71) + f"1001,15/04/{year},72\n")
    work(cast)
    assert cast.maya.scores.get(value=71).taken_on.month == 3


def test_a_person_is_asked_again_about_dates_that_fit_both_ways(cast):
    by_hand(cast, f"student_id,when,score\n1001,02/13/{cast.school.today().year - 1},70\n")
    with pytest.raises(DomainError, match="with the month or with the day first"):
        by_hand(cast, ambiguous(cast, 71))


def test_what_stops_every_night_is_emailed_once_until_a_file_is_loaded(cast, folder):
    for night in range(3):
        put(
            folder,
            scores(cast, f"1001,{{day}},7{night},orf"),
            name=f"scores-2026-11-0{night}.csv",
            hours=night,
        )
        assert work(cast).state == "stopped"
    assert Mail.objects.filter(kind="files").count() == 1
    put(folder, scores(cast, "1001,{day},70,orf"), name="others.csv", hours=4)
    work(cast)
    assert Mail.objects.filter(kind="files").count() == 2
    load(cast, scores(cast, "1001,{day},70,orf"))
    put(folder, scores(cast, "1001,{day},71,orf"), name="scores-2026-11-05.csv", hours=5)
    assert work(cast).state == "applied"
    put(folder, "student_id,mood\n1001,good\n", name="scores-2026-11-06.csv", hours=6)
    work(cast)
    assert Mail.objects.filter(kind="files").count() == 3


def test_files_are_loaded_in_the_order_in_which_they_came(cast, folder):
    load(cast, scores(cast, "1001,{day},70,orf"))
    for name, score in (("a.csv", 71), ("b.csv", 72)):
        put(folder, scores(cast, f"1001,{{day}},{score},orf"), name=name, hours=score)
    watch_folders()
    watch_folders()
    first, second = Delivery.objects.order_by("pk")
    with pytest.raises(PostponedError, match="A file that came before"):
        take_delivery_job(Job(payload={"delivery": second.pk}), Quiet())
    for one in (first, second):
        assert take_delivery_job(Job(payload={"delivery": one.pk}), Quiet()) == {"state": "applied"}
    assert list(cast.maya.scores.filter(imported_by__isnull=False).values_list("value", flat=True)) == [72]


def test_nothing_is_taken_in_the_name_of_one_who_may_no_longer_load_files(cast, folder, as_user):
    put(folder, scores(cast, "1001,{day},70,orf"))
    Staff.objects.filter(user=cast.ada).update(role="teacher")
    assert work(cast) is None
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_is_no_longer_watched_is_left_alone(cast, folder):
    watch_folder(cast.school, actor=cast.ada, is_watched=False)
    put(folder, scores(cast, "1001,{day},70,orf"))
    assert work(cast) is None


def test_a_file_waits_while_another_is_written_and_is_done_once(cast, folder, monkeypatch):
    load(cast, scores(cast, "1001,{day},70,orf"))
    put(folder, scores(cast, "1002,{day},80,orf"))
    watch_folders()
    watch_folders()
    job = Job(payload={"delivery": Delivery.objects.get().pk})
    other = Import.objects.create(
        school=cast.school, uploaded_by=cast.ada, name="o.csv", state="applying", writing_since=clock.now()
    )
    with pytest.raises(PostponedError):
        take_delivery_job(job, Quiet())
    other.delete()
    assert take_delivery_job(job, Quiet()) == {"state": "applied"}
    assert take_delivery_job(job, Quiet()) == {}
    assert cast.jonas.scores.filter(value=80).count() == 1


def test_a_file_whose_work_failed_for_good_is_stopped(cast, folder):
    put(folder, scores(cast, "1001,{day},70,orf"))
    watch_folders()
    watch_folders()
    Job.objects.filter(kind="datareview.take_delivery").update(state="failed", error="No room on the disk.")
    watch_folders()
    assert Delivery.objects.get().reason == "No room on the disk."
    assert Mail.objects.filter(kind="files").count() == 1
