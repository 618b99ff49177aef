"""Files of daily attendance: with a mark for each day, and of absences only."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from datareview.checking.services.attendance import LONGEST
from datareview.imports.services import files
from datareview.loading.services.undoing import undo_job
from datareview.records.models import AttendanceDay, Student
from datareview.records.queries.enrolled_days import enrolled_school_days
from teams.directory.models import Holiday
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.factories.imports import Quiet, check, load, upload

MARKS = {"student": "student_id", "day": "date", "mark": "mark"}


@pytest.fixture
def week(cast):
    """Monday to Friday of a week in the past, without a holiday; only the cast's three students are enrolled."""
    Holiday.objects.all().delete()
    monday = cast.school.today() - dt.timedelta(days=cast.school.today().weekday() + 7)
    Student.objects.filter(school=cast.school).update(entered_on=monday - dt.timedelta(days=30))
    return [monday + dt.timedelta(days=n) for n in range(5)]


def text(*rows):
    return "\n".join(["student_id,date,mark", *(f"{number},{day},{mark}" for number, day, mark in rows)])


def mapping(**options):
    return {"columns": MARKS, "options": options}


def marks(student):
    return dict(student.attendance.order_by("day").values_list("day", "mark"))


def test_absences_only_are_asked_about_and_never_become_days_of_nothing_but_absences(cast, week):
    row = upload(cast, text(("1001", week[1], "A"), ("1002", week[3], "E")), "absences.csv")
    with pytest.raises(
        DomainError, match="Most marks in this file are absences, and only 22% of the school days"
    ):
        check(cast, row)
    row.refresh_from_db()
    assert (row.state, AttendanceDay.objects.count()) == ("failed", 0)


def test_the_days_present_of_the_school_come_from_its_calendar(cast, week):
    Holiday.objects.create(school=cast.school, name="Snow", starts_on=week[2], ends_on=week[2])
    Student.objects.filter(local_id="1003").update(entered_on=week[3])
    row = load(
        cast,
        text(("1001", week[1], "A"), ("1002", week[3], "E")),
        "absences.csv",
        mapping(absences="school", covers_from=week[0].isoformat(), covers_until=week[4].isoformat()),
    )
    assert (row.counts["new"], row.counts["filled"], row.counts["changed"]) == (10, 8, 0)
    open_days = [week[0], week[1], week[3], week[4]]
    assert marks(cast.maya) == dict.fromkeys(open_days, "present") | {week[1]: "unexcused"}
    late = Student.objects.get(school=cast.school, local_id="1003")
    assert marks(late) == {week[3]: "present", week[4]: "present"}
    assert not cast.leak.attendance.exists()
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    assert not AttendanceDay.objects.exists()


def test_a_day_whose_mark_is_left_out_does_not_become_a_day_present(cast, week):
    rows = [("1001", week[0], "A"), ("1001", week[1], "SUS"), ("1001", week[2], "A"), ("1001", week[2], "E")]
    row = load(cast, text(*rows, ("1001", week[4], "")), "a.csv", mapping(absences="named"))
    assert (row.counts["new"], row.counts["filled"]) == (2, 1)
    assert marks(cast.maya) == {week[0]: "unexcused", week[3]: "present"}


def test_rows_without_a_mark_are_days_present_where_a_system_writes_only_codes(cast, week):
    rows = [("1001", day, "UNX" if day == week[1] else "") for day in week]
    rows += [("1002", day, "") for day in week]
    with pytest.raises(DomainError, match="Most rows of this file have no mark"):
        check(cast, upload(cast, text(*rows), "a.csv"), mapping())
    with pytest.raises(DomainError, match="Most rows of this file have no mark"):
        check(cast, upload(cast, text(*rows), "b.csv"), mapping(absences="all"))
    row = load(cast, text(*rows), "c.csv", mapping(absences="named"))
    assert (row.counts["new"], row.counts["filled"]) == (10, 9)
    assert marks(cast.maya) == dict.fromkeys(week, "present") | {week[1]: "unexcused"}
    other = Student.objects.get(school=cast.school, local_id="1002")
    assert marks(other) == dict.fromkeys(week, "present")


def test_a_mark_on_a_weekend_or_a_holiday_is_kept_with_a_warning(cast, week):
    Holiday.objects.create(school=cast.school, name="Snow", starts_on=week[2], ends_on=week[2])
    sunday = week[0] - dt.timedelta(days=1)
    rows = [("1001", sunday, "A"), ("1001", week[0], "P"), ("1001", week[1], "P"), ("1001", week[2], "P")]
    row = load(cast, text(*rows), "a.csv", mapping())
    found = row.problems.values_list("code", "severity", "value").order_by("pk")
    assert [*found] == [("no-school", "warning", str(sunday)), ("no-school", "warning", str(week[2]))]
    assert marks(cast.maya) == {
        sunday: "unexcused",
        week[0]: "present",
        week[1]: "present",
        week[2]: "present",
    }


def test_only_students_whom_the_file_names_were_present_if_it_is_about_them(cast, week):
    row = load(cast, text(("1001", week[0], "A"), ("1001", week[4], "T")), "a.csv", mapping(absences="named"))
    assert row.counts["filled"] == 3
    assert marks(cast.maya) == dict.fromkeys(week, "present") | {week[0]: "unexcused", week[4]: "tardy"}
    assert AttendanceDay.objects.exclude(student=cast.maya).count() == 0


def test_what_is_stored_stays_where_a_file_of_absences_says_nothing(cast, week):
    cast.maya.attendance.create(day=week[2], mark="excused")
    cast.maya.attendance.create(day=week[3], mark="present")
    row = load(cast, text(("1001", week[0], "A"), ("1001", week[3], "U")), "a.csv", mapping(absences="named"))
    assert (row.counts["new"], row.counts["changed"], row.counts["filled"]) == (2, 1, 1)
    assert marks(cast.maya) == {
        week[0]: "unexcused",
        week[1]: "present",
        week[2]: "excused",
        week[3]: "unexcused",
    }


def test_a_child_who_was_absent_every_day_is_no_file_of_absences(cast, week):
    every = [("1001", day, "A") for day in week]
    row = load(cast, text(*every), "a.csv", mapping(absences="all"))
    assert (row.counts["new"], row.counts.get("filled")) == (5, None)
    row = upload(cast, text(("1001", week[0], "A"), ("1001", week[4], "A")), "b.csv")
    with pytest.raises(DomainError, match="Only 40% of the school days of the students in this file"):
        check(cast, row, mapping(absences="all"))


def test_a_file_with_a_mark_for_each_day_is_asked_nothing(cast, week):
    numbers = Student.objects.filter(school=cast.school).values_list("local_id", flat=True)
    row = load(cast, text(*((number, week[0], "A") for number in numbers)), "strike.csv")
    assert (row.state, row.counts["new"]) == ("applied", 3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"covers_from": 1, "covers_until": 0}, "before the first"),
        ({"covers_until": 60}, "in the future"),
        ({"covers_from": -LONGEST.days - 30}, "more than a year"),
    ],
)
def test_the_days_that_a_file_covers_are_possible(cast, week, options, sentence):
    days = {name: (week[1] + dt.timedelta(days=n)).isoformat() for name, n in options.items()}
    row = upload(cast, text(("1001", week[1], "A")), "a.csv")
    with pytest.raises(DomainError, match=sentence):
        check(cast, row, mapping(absences="school", **days))


def test_what_was_answered_is_asked_no_more_and_the_days_covered_are_asked_again(cast, week):
    days = {"covers_from": week[0].isoformat(), "covers_until": week[4].isoformat()}
    load(cast, text(("1001", week[1], "A")), "a.csv", mapping(absences="school", **days))
    row = upload(cast, text(("1002", week[2], "A")), "b.csv")
    assert row.mapping["options"] == {"absences": "school"}


def test_the_page_asks_in_its_form_and_shows_how_many_days_were_computed(cast, week, as_user):
    row = upload(cast, text(("1001", week[1], "A"), ("1001", week[4], "E")), "absences.csv")
    client = as_user(cast.ada)
    assert "Days without a row" in client.get(row.get_absolute_url()).content.decode()
    data = {"kind": "attendance", "absences": "named", "covers_from": week[0].isoformat()}
    data |= {f"column_{name}": column for name, column in MARKS.items()}
    client.post(reverse("datareview:import-check", args=[row.uuid]), data)
    row.refresh_from_db()
    assert row.mapping["options"] == {"missing": [], "absences": "named", "covers_from": week[0].isoformat()}


def test_days_of_students_who_left_or_came_back_are_those_of_their_stays(cast, week):
    cast.maya.stays.create(entered_on=None, left_on=week[0])
    Student.objects.filter(pk=cast.maya.pk).update(entered_on=week[3])
    Student.objects.filter(local_id="1002").update(status="left", left_on=None)
    Student.objects.filter(local_id="1003").update(status="left", left_on=week[1])
    ids, days = enrolled_school_days(cast.school, week[0], week[4])
    third = Student.objects.get(school=cast.school, local_id="1003").pk
    assert sorted(zip(ids.tolist(), days.tolist(), strict=True)) == sorted(
        [
            (cast.maya.pk, week[0]),
            (cast.maya.pk, week[3]),
            (cast.maya.pk, week[4]),
            (third, week[0]),
            (third, week[1]),
        ]
    )
