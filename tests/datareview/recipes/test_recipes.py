"""What a school remembers of its files: seen, changed, forgotten, and used for the next file."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.recipes import services
from datareview.recipes.models import FileRecipe
from datareview.recipes.queries import recipe_for, recipes_of
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.imports import check, load, scores, upload

COLUMNS = {"student": "student_id", "day": "date", "value": "score", "measure": "measure"}


@pytest.fixture
def recipe(cast):
    mapping = {
        "columns": COLUMNS,
        "options": {"missing": ["BR"]},
        "codes": {"value": {"low": "1", "high": "3"}},
    }
    load(cast, scores(cast, "1001,{day},low,orf"), "Fluency 2026-11-24 (2).csv", mapping, "scores")
    return FileRecipe.objects.get()


def page(client, recipe, **data):
    url = recipe.get_absolute_url()
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in shown.items() if value not in (None, "", [])}
    return client.post(url, shown | data)


def test_an_applied_file_is_remembered_by_its_columns_and_a_name_without_its_day(cast, recipe):
    assert (recipe.name, recipe.kind, recipe.used_by) == ("Fluency", "scores", cast.ada)
    assert recipe.mapping["codes"]["value"]["low"] == "1"
    row = upload(cast, "Measure;DATE;Student ID;Score\norf;2026-01-09;1001;high\n", "next.csv")
    assert (row.recipe, row.kind) == (recipe, "scores")
    assert row.mapping["columns"] == {
        "student": "Student ID",
        "day": "DATE",
        "value": "Score",
        "measure": "Measure",
    }


def test_what_was_said_of_one_file_is_not_remembered(cast):
    options = {"fixed_day": str(cast.school.today()), "date_order": "dmy", "measure_name": "Orf"}
    mapping = {"columns": {"student": "student_id", "value": "score"}, "options": options}
    load(cast, "student_id,score\n1001,70\n", mapping=mapping, kind="scores")
    assert FileRecipe.objects.get().mapping["options"] == {"measure_name": "Orf"}


def test_a_form_is_known_with_a_few_columns_more_and_not_without_one_that_it_needs(cast, recipe):
    names = ["student_id", "date", "score", "measure"]
    assert recipe_for(cast.school, [*names, "room"]) == recipe
    assert recipe_for(cast.school, ["a", *names, "b", "c", "d"]) is None
    assert recipe_for(cast.school, ["student_id", "date", "score", "test"]) is None
    assert recipe_for(cast.school, names, "attendance") is None
    assert recipe_for(cast.other_school, names) is None


def test_a_file_that_was_only_checked_teaches_nothing(cast):
    assert check(cast, upload(cast, scores(cast, "1001,{day},70,orf"))).state == "checked"
    assert not FileRecipe.objects.exists()


def test_the_same_form_is_remembered_once(cast, recipe):
    load(cast, scores(cast, "1002,{day},3,orf"), "other.csv")
    assert FileRecipe.objects.get().name == "Fluency"


def test_a_recipe_is_changed_on_its_page(cast, recipe, as_user):
    FileRecipe.objects.filter(pk=recipe.pk).update(
        mapping=recipe.mapping
        | {"options": {"missing": ["BR"], "domain": "behavior", "scale_min": 1, "unit": "words"}}
    )
    recipe.refresh_from_db()
    client = as_user(cast.ada)
    shown = client.get(recipe.get_absolute_url()).content.decode()
    assert "What does “low” mean? (Score)" in shown
    assert "Domain of new measures: behavior" in shown
    form = client.get(recipe.get_absolute_url()).context["form"]
    low, high = (name for name in form.fields if name.startswith("code_"))
    answer = page(
        client,
        recipe,
        name="Oral",
        column_measure="",
        missing="BR ABS",
        kept=["scale_min"],
        **{low: "2", high: ""},
    )
    assert answer.status_code == 302
    recipe.refresh_from_db()
    assert recipe.name == "Oral"
    assert recipe.mapping == {
        "columns": {"student": "student_id", "day": "date", "value": "score"},
        "options": {"missing": ["BR", "ABS"], "scale_min": 1, "unit": "words"},
        "codes": {"value": {"low": "2"}},
    }
    assert AuditEvent.objects.filter(verb="edited", subject_uuid=recipe.uuid).count() == 1
    assert upload(cast, scores(cast, "1001,{day},70,orf")).mapping["codes"] == {"value": {"low": "2"}}


def test_a_recipe_keeps_the_columns_that_its_kind_needs(cast, recipe, as_user):
    answer = page(as_user(cast.ada), recipe, column_student="", name="Typed")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["column_student"])
    assert "Typed" in answer.content.decode()
    answer = page(as_user(cast.ada), recipe, column_value="", name="Typed")
    assert answer.status_code == 422
    assert "Choose the column for: Score." in answer.content.decode()


def test_columns_that_are_each_a_measure_can_be_left_out(cast, as_user):
    day = cast.school.today().isoformat()
    mapping = {
        "columns": {"student": "student_id", "day": "date"},
        "measures": {"math": "Math", "art": "Art"},
        "options": {},
    }
    load(cast, f"student_id,date,math,art\n1001,{day},1,2\n", "marks.csv", mapping, "scores")
    recipe = FileRecipe.objects.get()
    assert page(as_user(cast.ada), recipe, measures=["math"]).status_code == 302
    recipe.refresh_from_db()
    assert recipe.mapping["measures"] == {"math": "Math"}


def test_two_people_at_one_recipe_both_read_what_the_other_wrote(cast, recipe, as_user):
    seen = services.recipe_version(recipe)
    services.edit_recipe(recipe, actor=cast.ada, name="Hers", mapping=recipe.mapping, seen=seen)
    with pytest.raises(StaleEdit) as error:
        services.edit_recipe(recipe, actor=cast.ada, name="His", mapping=recipe.mapping, seen=seen)
    assert error.value.current.startswith("Hers; Student number: student_id")
    client = as_user(cast.ada)
    answer = page(client, recipe, name="His", seen=seen)
    text = answer.content.decode()
    assert (answer.status_code, "Hers; Student number" in text, 'value="His"' in text) == (422, True, True)
    form = answer.context["form"]
    assert form["seen"].value() == services.recipe_version(FileRecipe.objects.get())


def test_a_forgotten_form_is_matched_anew_and_its_data_stay(cast, recipe, as_user):
    answer = as_user(cast.ada).post(reverse("datareview:recipe-forget", args=[recipe.uuid]))
    assert answer.status_code == 302
    assert not FileRecipe.objects.exists()
    assert cast.maya.scores.filter(value=1).count() == 1
    row = upload(cast, scores(cast, "1001,{day},low,orf"))
    assert (row.recipe, row.mapping.get("codes")) == (None, None)


def test_only_who_loads_files_changes_what_is_remembered(cast, recipe):
    with pytest.raises(PermissionDenied):
        services.forget_recipe(recipe, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        services.edit_recipe(recipe, actor=cast.cora, name="x", mapping={}, seen="")
    with pytest.raises(DomainError):
        services.edit_recipe(
            recipe, actor=cast.ada, name="x", mapping={"columns": {}}, seen=services.recipe_version(recipe)
        )


def test_the_list_is_filtered_sorted_and_paged(cast, recipe, as_user, monkeypatch, django_assert_num_queries):
    for number in range(3):
        services.remember_recipe(
            cast.school,
            actor=cast.ada,
            name=f"marks {chr(97 + number)}.csv",
            kind="attendance",
            columns=["student", "day", f"mark {number}"],
            mapping={"columns": {}, "options": {}},
        )
    names = lambda **wanted: [row.recipe.name for row in recipes_of(cast.ada, cast.school, wanted)[1]]  # noqa: E731
    assert names(sort="name") == ["Fluency", "marks a", "marks b", "marks c"]
    assert names(kind="scores") == ["Fluency"]
    assert names(q="marks B") == ["marks b"]
    assert names(q="mark 2") == ["marks c"]
    assert names(sort="zzz", kind="zzz") == ["marks c", "marks b", "marks a", "Fluency"]
    monkeypatch.setattr("datareview.recipes.queries.ROWS", 2)
    assert names(sort="name", page="2") == ["marks b", "marks c"]
    text = as_user(cast.ada).get(reverse("datareview:recipe-list"), {"kind": "scores"}).content.decode()
    assert ("Fluency" in text, "marks a" in text) == (True, False)
    text = as_user(cast.ada).get(reverse("datareview:recipe-list"), {"q": "nothing"}).content.decode()
    assert "Nothing matches. Remove a filter." in text


def test_a_teams_answers_are_matched_as_the_last_ones(cast):
    services.remember_recipe(
        cast.school,
        actor=cast.ada,
        name="x.csv",
        kind="scores",
        columns=["student_id", "1", "2"],
        mapping={"columns": {"student": "student_id"}, "options": {}},
    )
    assert recipe_for(cast.school, ["student_id", "1", "2"], "answers") is None
