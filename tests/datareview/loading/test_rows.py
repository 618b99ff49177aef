"""Rows that are written without objects have the values that were given."""

from __future__ import annotations

from datareview.loading.rows import insert_rows, save_fields
from datareview.records.models import Score
from teams.lib import clock


def test_texts_and_missing_values_are_inserted_as_they_are(cast):
    before = cast.maya.scores.first()
    day, text = cast.school.today(), "a\tb\\c\nd\\N"
    columns = {
        "student_id": [cast.maya.pk, cast.jonas.pk],
        "measure_id": [before.measure_id] * 2,
        "taken_on": [day.isoformat()] * 2,
        "value": [1.5, 2.0],
        "line": [None, 3],
    }
    insert_rows(Score, columns, source=text, recorded_at=clock.now())
    rows = Score.objects.filter(source=text).order_by("value")
    assert list(rows.values_list("student", "taken_on", "value", "line")) == [
        (cast.maya.pk, day, 1.5, None),
        (cast.jonas.pk, day, 2.0, 3),
    ]


def test_only_the_named_fields_are_saved(cast):
    cast.maya.first_name, cast.maya.last_name, cast.jonas.first_name = "New", "Other", "Also"
    last = type(cast.maya).objects.get(pk=cast.maya.pk).last_name
    save_fields([cast.maya, cast.jonas], ["first_name"])
    cast.maya.refresh_from_db()
    cast.jonas.refresh_from_db()
    assert (cast.maya.first_name, cast.maya.last_name, cast.jonas.first_name) == ("New", last, "Also")
