"""A file of scores says which measures it adds, before it does."""

import datetime as dt

import pytest
from django.urls import reverse

from datareview.checking.services.checking import check_job
from datareview.imports.services import files
from datareview.loading.services.applying import apply_job
from datareview.records.models import Measure, Score
from teams.jobs.models import Job
from tests.factories.imports import Quiet, check, scores, today, upload


@pytest.mark.parametrize(
    ("name", "is_told"), [("orf", False), ("Words Correct", True)], ids=["one that is here", "a new one"]
)
def test_measures_that_a_file_adds_are_named_with_those_here(cast, name, is_told):
    row = upload(cast, scores(cast, "1001,{day},70," + name))
    row.mapping["options"]["new_measures"] = True
    row.save()
    notes = check(cast, row).counts["notes"]
    here = Measure.objects.filter(school=cast.school, domain="academic", derived_from="", retired_on=None)
    names = ", ".join(sorted(here.values_list("name", flat=True)))
    told = [
        "Measures that this file adds, without benchmarks: Words Correct.",
        f"Here already: {names}. If the scores are of one of these, choose it instead.",
    ]
    assert [note for note in notes if note in told] == (told if is_told else [])
    assert any("adds" in note for note in notes) == is_told


def test_columns_with_scores_that_are_left_out_are_named(cast):
    day = today(cast)
    text = (
        "student_id,Subject,Diagnostic 1 Date,Diagnostic 1 Score,Diagnostic 2 Date,Diagnostic 2 Score,Score Band\n"
        f"1001,orf,{day},41,{day},52,low\n1002,orf,{day},43,{day},54,high\n"
    )
    columns = {
        "student": "student_id",
        "day": "Diagnostic 1 Date",
        "value": "Diagnostic 1 Score",
        "measure": "Subject",
    }
    row = check(cast, upload(cast, text), {"columns": columns, "options": {}}, "scores")
    assert (row.counts["new"], row.counts["notes"]) == (
        2,
        ["Columns with scores that are not loaded: Diagnostic 2 Score."],
    )


def test_a_column_for_each_date_is_one_measure_that_a_person_names(cast, as_user):
    row = upload(cast, "Student ID,9/8/2025,9/15/2025\n1001,61,64\n1002,70,\n")
    page = as_user(cast.ada)
    address = reverse("datareview:import-check", args=[row.uuid])
    typed = {"kind": "scores", "column_student": "Student ID", "wide": row.columns[1:], "own_days": "on"}
    typed["domain"] = "academic"
    refused = page.post(address, typed)
    assert (refused.status_code, "Name the measure" in refused.content.decode()) == (422, True)
    page.post(address, typed | {"prefix": "Weekly probe"})
    check_job(Job(payload={"import": row.pk}), Quiet())
    files.start_apply(row, actor=cast.ada)
    apply_job(Job(payload={"import": row.pk}), Quiet())
    found = Score.objects.filter(imported_by=row).order_by("student__local_id", "taken_on")
    assert list(found.values_list("student__local_id", "measure__name", "taken_on", "value")) == [
        ("1001", "Weekly probe", dt.date(2025, 9, 8), 61),
        ("1001", "Weekly probe", dt.date(2025, 9, 15), 64),
        ("1002", "Weekly probe", dt.date(2025, 9, 8), 70),
    ]
