"""A file of scores says which measures it adds, before it does."""

import pytest

from datareview.records.models import Measure
from tests.factories.imports import check, scores, today, upload


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
