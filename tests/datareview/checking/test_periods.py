"""Attendance by period makes one mark of a day, by the rule that was chosen."""

import pytest

from datareview.imports.forms.files import MappingForm, initial_of
from datareview.records.models import AttendanceDay
from teams.lib.errors import DomainError
from tests.factories.imports import check, load, today, upload

COLUMNS = {"student": "student_id", "day": "date", "mark": "mark", "period": "period"}


def periods(cast, **marks):
    """A file with the marks of each student's periods, one letter for each; "-" is no row."""
    lines = ["student_id,date,period,mark"]
    for student, letters in marks.items():
        lines += [
            f"{student[1:]},{today(cast)},{n},{mark}" for n, mark in enumerate(letters, 1) if mark != "-"
        ]
    return "\n".join(lines) + "\n"


def by(rule, **options):
    return {"columns": COLUMNS, "options": {"day_rule": rule, "absences": "all", **options}}


def loaded(cast, text, mapping):
    row = load(cast, text, kind="attendance", mapping=mapping)
    found = AttendanceDay.objects.filter(imported_by=row).order_by("student__local_id")
    return row, [mark for _student, mark in found.values_list("student__local_id", "mark")]


def told(row):
    """The problems; today may be a day without school."""
    return {code: many for code, many in row.counts["problems"].items() if code != "no-school"}


@pytest.mark.parametrize(
    ("rule", "marks"),
    [
        # Maya was absent in two of four periods, Jonas in one, Ines was late once.
        ("half", ["unexcused", "partial", "tardy"]),
        ("all", ["partial", "partial", "tardy"]),
        ("any", ["unexcused", "excused", "tardy"]),
        ("first", ["excused", "present", "tardy"]),
    ],
)
def test_each_rule_makes_its_own_mark_and_is_said(cast, rule, marks):
    text = periods(cast, s1001="EUPP", s1002="PPEP", s1003="TPPP")
    row, found = loaded(cast, text, by(rule))
    assert found == marks
    assert [note for note in row.counts["notes"] if note.startswith("The day’s mark comes from its periods:")]
    assert (row.counts["rows"], row.counts["new"], told(row)) == (12, 3, {})


def test_an_absence_is_excused_if_all_its_periods_are(cast):
    _row, found = loaded(cast, periods(cast, s1001="EEPP", s1002="EEUE", s1003="PPPP"), by("half"))
    assert found == ["excused", "unexcused", "present"]


def test_a_day_of_half_marks_alone_is_no_absence(cast):
    codes = {"codes": {"mark": {"H": "partial"}}}
    _row, found = loaded(cast, periods(cast, s1001="HHHH", s1002="HHUU"), by("half", periods=4) | codes)
    assert found == ["partial", "unexcused"]


def test_nobody_is_absent_for_a_day_by_a_period_before_the_rule_is_chosen(cast):
    with pytest.raises(DomainError, match="Each row of this file is a period"):
        check(
            cast, upload(cast, periods(cast, s1001="UPPP")), {"columns": COLUMNS, "options": {}}, "attendance"
        )


@pytest.mark.parametrize(
    ("name", "is_whole"), [("HR", True), (" Homeroom ", True), ("1", False), ("AM", False)]
)
def test_the_only_period_is_the_day_if_it_is_called_so(cast, name, is_whole):
    text = f"student_id,date,period,mark\n1001,{today(cast)},{name},U\n1002,{today(cast)},{name},P\n"
    mapping = {"columns": COLUMNS, "options": {"absences": "all"}}
    if is_whole:
        assert loaded(cast, text, mapping)[1] == ["unexcused", "present"]
        return
    with pytest.raises(DomainError, match="Each row of this file is a period"):
        check(cast, upload(cast, text), mapping, "attendance")


def test_homeroom_beside_other_periods_is_one_of_them(cast):
    text = f"student_id,date,period,mark\n1001,{today(cast)},HR,U\n1001,{today(cast)},1,P\n"
    with pytest.raises(DomainError, match="Each row of this file is a period"):
        check(cast, upload(cast, text), {"columns": COLUMNS, "options": {}}, "attendance")


def test_a_file_of_absent_periods_only_needs_the_number_of_periods(cast):
    text = periods(cast, s1001="U---", s1002="UUU-")
    with pytest.raises(DomainError, match="how many periods a school day has"):
        check(cast, upload(cast, text), by("half", absences="named"), "attendance")
    _row, found = loaded(cast, text, by("half", periods=4, absences="named"))
    assert found == ["partial", "unexcused"]


def test_two_marks_of_one_period_are_a_problem(cast):
    text = periods(cast, s1001="PPPP", s1002="PPPP") + f"1002,{today(cast)},2,U\n"
    row, found = loaded(cast, text, by("any"))
    assert (found, told(row)) == (["present", "present"], {"contradiction": 2})


def test_the_column_is_recognized_and_the_rule_remembered(cast):
    row, _found = loaded(cast, periods(cast, s1001="UPPP", s1002="PPPP"), by("any"))
    later = upload(cast, periods(cast, s1001="PPPP", s1002="PPPU"))
    assert (later.recipe, later.mapping["columns"]) == (row.recipe, COLUMNS)
    start = initial_of(later, "attendance")
    form = MappingForm({"kind": "attendance", **start}, row=later, kind="attendance")
    assert form.is_valid(), form.errors
    assert (form.mapping()["options"]["day_rule"], form.mapping()["columns"]) == ("any", COLUMNS)
