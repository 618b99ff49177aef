"""What the page of a file shows: its first rows as read, each column's guess, and what would change."""

from __future__ import annotations

import pytest
from django.urls import reverse

from datareview.imports.forms.files import initial_of
from datareview.imports.models import Import
from datareview.imports.queries import import_page
from datareview.imports.services import files
from datareview.privacy.services.erasure import erase_student
from datareview.records.models import Measure, Student
from teams.lib.errors import DomainError
from tests.factories.imports import check, load, scores, upload

ROSTER = "Room,student_id,first_name,last_name,grade\n7,1001,Maya,Okafor,5\n8,6001,Dmitri,Adams,4\n"


def page_text(as_user, cast, row, query=""):
    return " ".join(as_user(cast.ada).get(row.get_absolute_url() + query).content.decode().split())


def test_the_first_five_rows_are_shown_as_read_with_mapped_columns_first(cast, as_user):
    lines = [f"x{n},60{n:02d},Ann,Bo{n},4" for n in range(7)]
    row = upload(cast, "Room,student_id,first_name,last_name,grade\n" + "\n".join(lines), "students.csv")
    page = import_page(row, row.kind)
    assert [head.column for head in page.heads] == ["student_id", "first_name", "last_name", "grade", "Room"]
    assert page.lines == [[f"60{n:02d}", "Ann", f"Bo{n}", "4", f"x{n}"] for n in range(5)]
    text = page_text(as_user, cast, row)
    assert "Looks like: Students" in text
    assert "→ Last name" in text
    assert "Bo4" in text
    assert "Bo5" not in text


def test_each_guess_says_how_sure_it_is_and_why(cast):
    row = upload(cast, scores(cast, "1001,{day},70,orf", "1002,{day},80,orf"))
    heads = {head.column: head for head in import_page(row, row.kind).heads}
    assert (heads["student_id"].fields, heads["student_id"].guess) == (
        ["Student number"],
        "Guess, 100% sure: its values fit.",
    )
    assert heads["score"].guess == "Guess, 100% sure: its name and values fit."


def test_a_known_file_is_named(cast, as_user):
    row = upload(
        cast, "TermName,TestRITScore,TestStartDate,StudentID,Subject\nFall,208,9/16/2026,1001,Math\n"
    )
    assert "Recognized as a file of MAP Growth." in page_text(as_user, cast, row)


def test_the_check_shows_what_would_change_before_and_after(cast, as_user):
    load(cast, scores(cast, "1001,{day},70,orf"))
    row = check(cast, upload(cast, scores(cast, "1001,{day},75.5,orf", "1002,{day},80,orf")))
    changes = [(one["line"], one["subject"], one["state"], one["values"][0][1:]) for one in row.first_changes]
    assert changes == [
        (2, str(cast.maya), "changed", ["70", "75.5"]),
        (3, str(Student.objects.get(school=cast.school, local_id="1002")), "new", ["", "80"]),
    ]
    assert "70 → 75.5" in page_text(as_user, cast, row)


def test_of_students_only_what_differs_is_shown(cast):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    assert [(one["subject"], one["values"]) for one in row.first_changes] == [
        ("1001", [["Grade", "Grade 4", "Grade 5"]]),
        (
            "6001",
            [
                ["First name", "", "Dmitri"],
                ["Last name", "", "Adams"],
                ["Grade", "", "Grade 4"],
            ],
        ),
    ]


def test_more_than_ten_changes_are_counted(cast, as_user):
    content = "student_id\n" + "\n".join(f"60{n:02d}" for n in range(13))
    row = check(cast, upload(cast, content, "students.csv"))
    assert len(row.first_changes) == 10
    assert "and 3 more" in page_text(as_user, cast, row)


def test_rosters_of_every_kind_have_examples(cast):
    content = "student_id,guardian,relation,may_contact\n1001,Rosa Okafor,Mother,yes\n"
    row = check(cast, upload(cast, content, "families.csv"))
    (change,) = row.first_changes
    assert change["subject"] == str(cast.maya)
    assert change["values"] == [
        ["Name", "", "Rosa Okafor"],
        ["Relation", "", "Mother"],
        ["May be contacted (yes or no)", "", "yes"],
    ]


def test_changed_incidents_show_their_words_before_and_after(cast):
    header = "student_id,date,incident_type,severity,time,action taken,days suspended\n"
    day = cast.school.today().isoformat()
    load(cast, f"{header}1001,{day},Fight,minor,10:05,none,\n", "referrals.csv")
    row = check(cast, upload(cast, f"{header}1001,{day},Fight,major,10:05,OSS,2.5\n", "referrals.csv"))
    (change,) = row.first_changes
    assert (change["subject"], change["state"]) == (str(cast.maya), "changed")
    words = {label: (before, after) for label, before, after in change["values"]}
    assert words["Severity"] == ("Minor", "Major")
    assert words["Days that the consequence lasts"] == ("", "2.5")


def test_a_column_matched_twice_is_refused(cast):
    row = upload(cast, ROSTER, "students.csv")
    columns = {"student": "student_id", "first_name": "first_name", "preferred_name": "first_name"}
    with pytest.raises(DomainError, match="“first_name” is matched twice: First name / Preferred first name"):
        check(cast, row, {"columns": columns, "options": {}})


def test_last_and_first_name_in_one_column_are_split_at_the_comma(cast):
    content = 'student_id,LastFirst\n6001,"Adams, Dmitri"\n6002,"de la Cruz, Ana María"\n6003,Cher\n'
    row = upload(cast, content, "students.csv")
    columns = {"student": "student_id", "first_name": "LastFirst", "last_name": "LastFirst"}
    row = load(cast, content, "students.csv", {"columns": columns, "options": {}}, "students")
    names = Student.objects.filter(school=cast.school, local_id__startswith="600").order_by("local_id")
    assert list(names.values_list("last_name", "first_name")) == [
        ("Adams", "Dmitri"),
        ("de la Cruz", "Ana María"),
    ]
    assert list(row.problems.values_list("row", "code", "value")) == [(4, "no-comma", "Cher")]


@pytest.mark.parametrize(
    ("text", "day"),
    [("10/30/2026", "2026-10-30"), ("30/10/2026", "2026-10-30"), ("2026-10-30", "2026-10-30")],
)
def test_how_dates_are_read_is_shown(cast, as_user, text, day):
    row = check(cast, upload(cast, f"student_id,date,score,measure\n1001,{text},70,orf\n"))
    assert row.counts["days"] == [["date", text, day]]
    assert f"“{text}” is read as" in page_text(as_user, cast, row)


def test_another_kind_keeps_what_fits_and_guesses_the_rest(cast, as_user):
    content = "Section_ID,Course,Teacher Email\nMA-1,Math,ann@school.org\n"
    row = upload(cast, content, "sections.csv")
    for kind in ("sections", "teachers"):
        text = page_text(as_user, cast, row, f"?kind={kind}")
        assert '<option value="Section_ID" selected>' in text
    assert '<option value="Teacher Email" selected>' in text


def test_only_what_is_optional_says_so(cast, as_user):
    row = upload(cast, ROSTER, "students.csv")
    text = page_text(as_user, cast, row)
    label = text.split('for="id_column_student"')[1].split("</label>")[0]
    assert "(optional)" not in label
    assert "(optional)" in text.split('for="id_column_grade"')[1].split("</label>")[0]


def test_the_result_of_a_check_is_only_shown_with_what_was_checked(cast, as_user):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    assert "What would be saved" in page_text(as_user, cast, row)
    assert "What would be saved" not in page_text(as_user, cast, row, "?kind=scores")


def test_erasing_a_student_removes_their_rows_from_what_is_shown(cast):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    erase_student(cast.maya, actor=cast.ada)
    row = Import.objects.get(pk=row.pk)
    assert row.first_rows == [["8", "6001", "Dmitri", "Adams", "4"]]
    assert [one["subject"] for one in row.first_changes] == ["6001"]


def test_erasing_a_student_removes_their_name_from_the_notes(cast):
    Student.objects.filter(pk=cast.maya.pk).update(last_name="Núñez")
    cast.maya.refresh_from_db()
    content = "student_id,first_name,last_name\n1001,Maya,Núñez\n"
    row = check(cast, upload(cast, content.encode("cp1252"), "students.csv"))
    assert "Núñez" in row.counts["notes"][0]
    erase_student(cast.maya, actor=cast.ada)
    assert Import.objects.get(pk=row.pk).counts["notes"] == []


def test_only_the_result_that_was_seen_is_applied(cast, as_user):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    seen = row.check_stamp
    columns = {"student": "student_id", "first_name": "last_name", "last_name": "first_name"}
    row = check(cast, row, {"columns": columns, "options": {}})
    client = as_user(cast.ada)
    answer = client.post(reverse("datareview:import-apply", args=[row.uuid]), {"seen": seen}, follow=True)
    assert "checked again after you opened this page" in answer.content.decode()
    assert Import.objects.get(pk=row.pk).state == "checked"
    client.post(reverse("datareview:import-apply", args=[row.uuid]), {"seen": row.check_stamp})
    assert Import.objects.get(pk=row.pk).state == "applying"


def test_a_refused_matching_shows_no_earlier_result(cast, as_user):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    columns = {"column_student": "student_id", "column_first_name": "grade", "column_grade": "grade"}
    answer = as_user(cast.ada).post(
        reverse("datareview:import-check", args=[row.uuid]), {"kind": "students", **columns}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "matched twice" in text
    assert "What would be saved" not in text


def test_whether_the_same_file_changes_nothing_is_computed(cast, as_user):
    first = load(cast, scores(cast, "1001,{day},70,orf"))
    again = upload(cast, scores(cast, "1001,{day},70,orf"))
    assert "changes nothing" not in page_text(as_user, cast, again)
    again = check(cast, again)
    assert "Applying it again changes nothing." in page_text(as_user, cast, again)
    first.school.students.get(local_id="1001").scores.filter(imported_by=first).update(value=60)
    again = check(cast, again)
    assert "changes nothing" not in page_text(as_user, cast, again)
    assert "What was stored since differs" in page_text(as_user, cast, again)


def test_an_upload_that_was_never_applied_is_deleted_with_its_file(
    cast, as_user, django_capture_on_commit_callbacks
):
    row = check(cast, upload(cast, ROSTER, "students.csv"))
    stored = row.file
    assert "Delete this upload" in page_text(as_user, cast, row)
    with django_capture_on_commit_callbacks(execute=True):
        as_user(cast.ada).post(reverse("datareview:import-discard", args=[row.uuid]))
    assert not Import.objects.exists()
    assert not stored.storage.exists(stored.name)


def test_a_file_that_was_applied_is_kept(cast, as_user):
    row = load(cast, scores(cast, "1001,{day},70,orf"))
    assert "Delete this upload" not in page_text(as_user, cast, row)
    with pytest.raises(DomainError, match="is kept"):
        files.discard_import(row, actor=cast.ada)


def test_a_measure_that_the_school_lacks_is_a_problem_with_the_nearest_name(cast):
    Measure.objects.create(
        school=cast.school, key="map-math", name="MAP Growth Mathematics", scale_min=100, scale_max=350
    )
    content = scores(cast, "1001,{day},210,MAP Growth Math", "1002,{day},1,Chess", "1003,{day},70,orf")
    row = check(cast, upload(cast, content))
    told = dict(row.problems.values_list("value", "message"))
    assert row.counts["new"] == 1
    assert "Did you mean MAP Growth Mathematics?" in told["MAP Growth Math"]
    assert "nor one with a similar name" in told["Chess"]
    mapping = {**row.mapping, "options": {**row.mapping["options"], "new_measures": True}}
    assert check(cast, row, mapping).counts["new"] == 3


def test_the_measure_of_all_rows_is_one_of_the_schools_or_a_new_one(cast, as_user):
    row = upload(cast, f"student_id,date,score\n1001,{cast.school.today()},70\n")
    orf = Measure.objects.get(school=cast.school, key="orf")
    data = {"kind": "scores", "column_student": "student_id", "column_day": "date", "column_value": "score"}
    data["domain"] = "academic"
    client, address = as_user(cast.ada), reverse("datareview:import-check", args=[row.uuid])
    assert client.post(address, data | {"measure": "Chess"}).status_code == 422
    assert client.post(address, data | {"measure": orf.uuid, "new_measure": "Chess"}).status_code == 422
    assert client.post(address, data | {"measure": orf.uuid}).status_code == 302
    row.refresh_from_db()
    assert row.mapping["options"]["measure_name"] == orf.name
    assert initial_of(row, "scores")["measure"] == orf.name


def test_words_before_each_measure_go_with_a_column_that_names_it(cast):
    row = upload(
        cast, "TermName,TestRITScore,TestStartDate,StudentID,Subject\nFall,208,9/16/2026,1001,Math\n"
    )
    values = initial_of(row, "scores")
    assert (values["prefix"], values["column_measure"]) == ("MAP Growth", "Subject")
    assert not {"measure", "new_measure"} & values.keys()


def test_students_with_impossible_values_stay_out_each_with_its_sentence(cast):
    cast.school.lowest_grade, cast.school.highest_grade = 0, 5
    cast.school.save()
    content = (
        "student_id,last_name,grade,entry_date\n6001,Adams,4,31/02/2026\n6002,Brown,9,28/02/2026\n"
        "6003,Cole,PK,28/02/2026\n6004,Dee,4,\n6004,Dean,4,\n"
    )
    row = check(cast, upload(cast, content, "students.csv"))
    assert list(row.problems.order_by("row").values_list("row", "value", "code")) == [
        (2, "31/02/2026", "no-date"),
        (3, "9", "no-such-grade"),
        (5, "Dee|4|None", "contradiction"),
        (6, "Dean|4|None", "contradiction"),
    ]
    messages = dict(row.problems.values_list("code", "message"))
    assert "from Kindergarten to Grade 5" in messages["no-such-grade"]
    assert messages["contradiction"].startswith("The file has this student number twice")


def test_fields_of_which_one_is_needed_say_so_and_codes_for_missing_values_come_last(cast, as_user):
    row = upload(cast, scores(cast, "1001,{day},70,orf"))
    text = page_text(as_user, cast, row, "?kind=scores")
    labels = {
        name: text.split(f'for="id_{name}"')[1].split("</label>")[0] for name in ("fixed_day", "prefix")
    }
    assert "(one of these)" in labels["fixed_day"]
    assert "(optional)" in labels["prefix"]
    assert "(one of these)" in text.split('for="id_column_value"')[1].split("</label>")[0]
    assert text.index('id="id_missing"') > text.index('id="id_lower_is_better"')
