"""Codes of a file are explained once, value by value, and remembered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from datareview.imports.models import Import
from datareview.imports.queries import asked_codes
from datareview.imports.services import files
from datareview.privacy.services.erasure import erase_student
from datareview.recipes.forms.codes import code_fields
from datareview.recipes.models import FileRecipe
from datareview.records.models import Score, Student
from tests.factories.imports import check, load, scores, today, upload, weekday


def post(client, row, **data):
    """Send the form of a file as a browser would: what it shows, and ``data``."""
    page = client.get(row.get_absolute_url())
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in shown.items() if value not in (None, "", False, [])}
    answer = client.post(
        reverse("datareview:import-check", args=[row.uuid]),
        shown | {"kind": row.kind, "domain": "academic"} | data,
    )
    row.refresh_from_db()
    return answer


def field_of(row, text):
    fields = code_fields(asked_codes(row, row.kind), {}, [])
    return next(name for name, field in fields.items() if f"“{text}”" in str(field.label))


def marks(cast):
    days = {"1001": "P", "1002": "UNX2", "1003": "Q7"}
    return "\n".join(
        ["student_id,date,mark", *(f"{number},{weekday(cast)},{mark}" for number, mark in days.items())]
    )


def test_a_mark_is_explained_and_the_next_file_knows_it(cast, as_user):
    row = check(
        cast, upload(cast, marks(cast), "a.csv"), {**MARKS, "options": {"absences": "all"}}, "attendance"
    )
    assert row.counts["codes"] == [["mark", "Q7", 1], ["mark", "UNX2", 1]]
    client = as_user(cast.ada)
    chosen = {field_of(row, "UNX2"): "unexcused", field_of(row, "Q7"): "-"}
    assert post(client, row, **chosen).status_code == 302
    assert row.mapping["codes"] == {"mark": {"UNX2": "unexcused", "Q7": "-"}}
    Import.objects.filter(pk=row.pk).update(state="checked")
    row = check(cast, Import.objects.get(pk=row.pk))
    files.start_apply(row, actor=cast.ada)  # the form is remembered
    Import.objects.filter(pk=row.pk).update(state="undone")
    assert (row.counts["new"], row.counts["problems"], row.counts["codes"]) == (2, {}, [])
    assert field_of(row, "UNX2")  # still shown, to be changed
    later = load(cast, marks(cast), "b.csv")
    assert (later.mapping["codes"]["mark"]["UNX2"], later.counts["new"]) == ("unexcused", 2)
    assert cast.jonas.attendance.get().mark == "unexcused"


MARKS = {"columns": {"student": "student_id", "day": "date", "mark": "mark"}}


def test_words_of_scores_are_numbers_or_no_score(cast):
    mapping = {
        "columns": {"student": "student_id", "day": "date", "value": "score", "measure": "measure"},
        "options": {},
        "codes": {"value": {"BR": "-", "Meets": "3", "90 - 95": "92.5"}},
    }
    lines = ["1001,{day},Meets,orf", "1002,{day},BR,orf", "1003,{day},90 - 95,orf"]
    row = load(cast, scores(cast, *lines), mapping=mapping)
    assert (row.counts["new"], row.counts["problems"]) == (2, {})
    found = Score.objects.filter(imported_by=row).order_by("student__local_id")
    assert list(found.values_list("student__local_id", "value")) == [("1001", 3.0), ("1003", 92.5)]


def test_codes_of_scores_in_several_columns_are_replaced_in_each(cast):
    day = today(cast)
    mapping = {
        "columns": {"student": "student_id", "day": "date"},
        "measures": {"math": "Math", "reading": "Reading"},
        "options": {},
        "codes": {"value": {"low": "1"}},
    }
    row = load(
        cast,
        f"student_id,date,math,reading\n1001,{day},low,2\n1002,{day},3,low\n",
        mapping=mapping,
        kind="scores",
    )
    assert (row.counts["new"], row.counts["problems"]) == (4, {})


def test_a_vendors_name_of_a_measure_is_one_of_the_schools(cast, as_user):
    row = check(cast, upload(cast, scores(cast, "1001,{day},70,Rdg Flu 7")))
    assert row.counts["codes"] == [["measure", "Rdg Flu 7", 1]]
    answer = post(as_user(cast.ada), row, **{field_of(row, "Rdg Flu 7"): cast.fluency.name})
    assert answer.status_code == 302, answer.context["form"].errors
    assert row.mapping["codes"] == {"measure": {"Rdg Flu 7": cast.fluency.name}}
    Import.objects.filter(pk=row.pk).update(state="checked")
    row = check(cast, Import.objects.get(pk=row.pk))
    assert (row.counts["new"], row.counts["problems"]) == (1, {})


def test_grades_and_incidents_are_explained_too(cast):
    students = "student_id,first_name,last_name,grade\n1001,Maya,Okafor,Phoenix\n"
    columns = {name: name for name in ("first_name", "last_name", "grade")} | {"student": "student_id"}
    mapping = {"columns": columns, "options": {}, "codes": {"grade": {"Phoenix": "5"}}}
    row = load(cast, students, "s.csv", mapping, "students")
    assert Student.objects.get(pk=cast.maya.pk).grade == 5
    assert (row.counts["changed"], row.counts["problems"]) == (1, {})
    columns = {
        "student": "student_id",
        "day": "date",
        "kind": "what",
        "severity": "level",
        "consequence": "then",
    }
    text = f"student_id,date,what,level,then\n1001,{today(cast)},Fight,Class C,ADM7\n"
    row = check(cast, upload(cast, text, "i.csv"), {"columns": columns, "options": {}}, "incidents")
    assert row.counts["codes"] == [["severity", "Class C", 1]]
    codes = {"severity": {"Class C": "major"}, "consequence": {"ADM7": "iss"}}
    row = load(cast, text, "i.csv", {"columns": columns, "options": {}, "codes": codes}, "incidents")
    incident = cast.maya.incidents.get(kind="Fight")
    assert (incident.severity, incident.consequence) == ("major", "iss")


@pytest.mark.parametrize("typed", ["many", "1-2", "<3"])
def test_what_a_word_of_scores_stands_for_is_a_number(cast, as_user, typed):
    row = check(cast, upload(cast, scores(cast, "1001,{day},Meets,orf")))
    answer = post(as_user(cast.ada), row, **{field_of(row, "Meets"): typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write a number, or “-” for no score." in page
    assert f'value="{typed}"'.replace("<", "&lt;") in page


def test_a_column_of_names_is_no_column_of_codes(cast, monkeypatch):
    monkeypatch.setattr("teams.tables.problems.MOST_CODES", 2)
    row = check(cast, upload(cast, scores(cast, *[f"1001,{{day}},word{n},orf" for n in range(3)])))
    assert (row.counts["problems"], row.counts["codes"]) == ({"no-number": 3}, [])


def test_an_explanation_that_names_an_erased_student_goes_with_them(cast):
    row = load(cast, scores(cast, "1002,{day},Okafor,orf", "1002,{day},BR,orf", "1001,{day},70,orf"))
    mapping = {**row.mapping, "codes": {"value": {"Okafor": "-", "BR": "-"}}}
    Import.objects.filter(pk=row.pk).update(mapping=mapping)
    FileRecipe.objects.update(mapping=mapping)
    erase_student(cast.maya, actor=cast.ada)
    row.refresh_from_db()
    assert FileRecipe.objects.get().mapping["codes"] == {"value": {"BR": "-"}}
    assert (row.mapping["codes"], row.counts["codes"]) == ({"value": {"BR": "-"}}, [["value", "BR", 1]])
