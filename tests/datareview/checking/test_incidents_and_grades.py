"""Files of incidents and of course grades: checked by row, applied, loaded again, undone."""

import datetime as dt
from decimal import Decimal

import pytest

from datareview.imports.models import ImportChange
from datareview.imports.services import files
from datareview.loading.services.undoing import undo_job
from datareview.privacy.services.erasure import erase_student
from datareview.records.models import CourseGrade, Incident
from datareview.runs.models import TrendRun
from teams.jobs.models import Job
from tests.conftest import TODAY
from tests.factories.imports import Quiet, load

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
INCIDENTS = (
    "student_id,date,incident_type,severity,location,time,action taken,days suspended\n"
    f"1001,{TODAY},Disruption,minor,Hallway,10:05,none,\n"
    f"1001,{TODAY},Fight,Level 3,Cafeteria,12:10 PM,OSS,2.5\n"
    f"1002,{TODAY - DAY},Phone,,,,,\n"
)
GRADES = (
    "student_id,section,as_of,percent,letter\n"
    f"1001,4A,{TODAY - DAY},88.5,B+\n"
    f"1001,4A,{TODAY},91 %,A\n"
    f"1002,4A,{TODAY},64,\n"
)


def undo(cast, row):
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def counts(row):
    return row.kind, row.state, row.counts["new"], row.counts["changed"], row.counts["same"]


def told(row):
    return [(one.row, one.value, one.code) for one in row.problems.order_by("row", "pk")]


def incidents():
    names = ("student__local_id", "day", "time", "kind", "severity", "place", "consequence", "days")
    return list(Incident.objects.order_by("student__local_id", "kind").values_list(*names))


def grades():
    names = ("enrollment__student__local_id", "enrollment__section__name", "as_of", "percent", "letter")
    return list(CourseGrade.objects.order_by("enrollment__student__local_id", "as_of").values_list(*names))


def test_a_file_of_incidents_is_new_once_and_the_same_again(cast):
    row = load(cast, INCIDENTS, "referrals.csv")
    assert (counts(row), told(row)) == (("incidents", "applied", 3, 0, 0), [])
    expected = [
        ("1001", TODAY, dt.time(10, 5), "Disruption", "minor", "Hallway", "none", None),
        ("1001", TODAY, dt.time(12, 10), "Fight", "major", "Cafeteria", "oss", Decimal("2.5")),
        ("1002", TODAY - DAY, None, "Phone", "minor", "", "none", None),
    ]
    assert incidents() == expected
    assert counts(load(cast, INCIDENTS, "referrals.csv")) == ("incidents", "applied", 0, 0, 3)
    assert incidents() == expected


def test_undoing_a_file_of_incidents_restores_what_was_there(cast):
    first = load(cast, INCIDENTS, "referrals.csv")
    before = incidents()
    second = load(cast, INCIDENTS.replace("OSS,2.5", "ISS,1").replace("Hallway", "Gym"), "referrals.csv")
    assert counts(second) == ("incidents", "applied", 0, 2, 1)
    undo(cast, second)
    assert incidents() == before
    undo(cast, first)
    assert (incidents(), first.counts["kept"]) == ([], 0)


def test_incidents_and_grades_start_the_computation_of_flags_for_their_students(cast):
    TrendRun.objects.all().delete()
    for text, name in ((INCIDENTS, "referrals.csv"), (GRADES, "grades.csv")):
        row = load(cast, text, name)
        assert [run.trigger for run in TrendRun.objects.all()] == ["import"]
        TrendRun.objects.all().delete()
        undo(cast, row)
        assert [run.trigger for run in TrendRun.objects.all()] == ["import"]
        TrendRun.objects.all().delete()


def test_undoing_knows_nothing_more_of_an_erased_students_incidents_and_grades(cast):
    load(cast, INCIDENTS, "referrals.csv")
    load(cast, GRADES, "grades.csv")
    erase_student(cast.maya, actor=cast.ada)
    jonas = {("incident", cast.jonas.incidents.get().pk), ("coursegrade", CourseGrade.objects.get().pk)}
    assert set(ImportChange.objects.values_list("table", "row_id")) == jonas


def test_each_bad_row_of_incidents_has_its_sentence_and_stays_out(cast):
    later = TODAY + DAY
    row = load(
        cast,
        "student_id,date,incident_type,severity,time,consequence,days\n"
        f"9999,{TODAY},Phone,,,,\n"
        f"1001,{later},Phone,,,,\n"
        f"1001,{TODAY},,,,,\n"
        f"1001,{TODAY},Phone,awful,,,\n"
        f"1001,{TODAY},Phone,,26:00,,\n"
        f"1001,{TODAY},Phone,,,suspension,\n"
        f"1001,{TODAY},Phone,,,ISS,many\n"
        f"1002,{TODAY},Ran,minor,,,\n"
        f"1002,{TODAY},Ran,major,,,\n",
        kind="incidents",
        mapping={
            "columns": {
                "student": "student_id",
                "day": "date",
                "kind": "incident_type",
                "severity": "severity",
                "time": "time",
                "consequence": "consequence",
                "days": "days",
            },
            "options": {},
        },
    )
    assert told(row) == [
        (2, "9999", "unknown-student"),
        (3, later.isoformat(), "future"),
        (4, "", "empty"),
        (5, "awful", "unknown-severity"),
        (6, "26:00", "no-time"),
        (7, "suspension", "unknown-consequence"),
        (8, "many", "no-number"),
        (9, "minor|None|None", "contradiction"),
        (10, "major|None|None", "contradiction"),
    ]
    assert incidents() == []


def test_a_row_without_a_time_is_about_the_one_incident_of_that_kind_and_day(cast):
    stored = cast.maya.incidents.create(day=TODAY, time=dt.time(9, 30), kind="Phone", place="Gym")
    row = load(cast, f"student_id,incident_date,incident_type,severity\n1001,{TODAY},phone,major\n", "r.csv")
    assert counts(row) == ("incidents", "applied", 0, 1, 0)
    stored.refresh_from_db()
    assert (stored.kind, stored.severity, stored.place) == ("Phone", "major", "Gym")


def test_a_file_of_course_grades_is_new_once_the_same_again_and_undone(cast):
    row = load(cast, GRADES, "grades.csv")
    assert (counts(row), told(row)) == (("course_grades", "applied", 3, 0, 0), [])
    expected = [
        ("1001", "4A", TODAY - DAY, Decimal("88.50"), "B+"),
        ("1001", "4A", TODAY, Decimal("91.00"), "A"),
        ("1002", "4A", TODAY, Decimal("64.00"), ""),
    ]
    assert grades() == expected
    assert counts(load(cast, GRADES, "grades.csv")) == ("course_grades", "applied", 0, 0, 3)
    changed = load(cast, GRADES.replace("88.5,B+", "70,C"), "grades.csv")
    assert counts(changed) == ("course_grades", "applied", 0, 1, 2)
    undo(cast, changed)
    assert grades() == expected
    undo(cast, row)
    assert grades() == []


def test_each_bad_row_of_grades_has_its_sentence_and_stays_out(cast):
    early = cast.section.year.starts_on - DAY
    row = load(
        cast,
        "student_id,section,as_of,percent,letter\n"
        f"1001,9Z,{TODAY},80,\n"
        f"1001,4B,{TODAY},80,\n"
        f"1001,4A,{early},80,\n"
        f"1001,4A,{TODAY},B+,\n"
        f"1001,4A,{TODAY},,\n"
        f"1001,4A,{TODAY},850,\n"
        f"1001,4A,{TODAY},85,Passed\n",
        "grades.csv",
        kind="course_grades",
        mapping={
            "columns": {name: name for name in ("section", "percent", "letter")}
            | {"student": "student_id", "day": "as_of"},
            "options": {},
        },
    )
    assert told(row) == [
        (2, "9Z", "unknown-section"),
        (3, "4B", "not-enrolled"),
        (4, "4A", "not-enrolled"),
        (5, "B+", "no-number"),
        (6, "", "no-grade"),
        (7, "850", "no-number"),
        (8, "Passed", "no-letter"),
    ]
    assert grades() == []


def test_a_file_of_course_grades_without_dates_takes_one_for_all(cast):
    row = load(
        cast,
        "student_id,section,percent\n1001,4A,80\n",
        "grades.csv",
        mapping={
            "columns": {"student": "student_id", "section": "section", "percent": "percent"},
            "options": {"fixed_day": TODAY.isoformat()},
        },
    )
    assert counts(row)[1:] == ("applied", 1, 0, 0)
    assert grades() == [("1001", "4A", TODAY, Decimal("80.00"), "")]
