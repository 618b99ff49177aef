"""What a table is, by its values and the names of its columns; nothing we keep is no kind, and never students."""

from __future__ import annotations

import pytest

from datareview.file_words.measures import like_measure
from datareview.recognition.columns import Column, student_key
from datareview.recognition.fields import FIELDS
from datareview.recognition.kinds import FileKind
from datareview.recognition.names import header_fingerprint, likeness, plain_words, renamed_mapping
from datareview.recognition.recognizing import recognize, recognize_for_each_kind
from tests.properties import given, st

NUMBERS = [f"00{n}" for n in range(100, 130)]


def table(text):
    lines = [line.split(",") for line in text.strip().split("\n")]
    return [name.strip() for name in lines[0]], [[cell.strip() for cell in line] for line in lines[1:]]


def found(text, numbers=NUMBERS):
    recognition = recognize(*table(text), numbers)
    return recognition.kind, recognition.mapping()["columns"]


def test_columns_without_a_useful_name_are_known_by_their_values():
    kind, columns = found("a,b,c\n100,2026-01-05,A\n101,2026-01-06,T\n102,2026-01-05,E\n100,2026-01-07,A\n")
    assert (kind, columns) == ("attendance", {"student": "a", "day": "b", "mark": "c"})


def test_a_column_of_student_numbers_wins_over_one_that_is_called_so():
    _kind, columns = found("Student ID,Local,Date,Score\n9001,100,2026-01-05,7\n9002,101,2026-01-06,8\n")
    assert columns["student"] == "Local"


@pytest.mark.parametrize(
    ("header", "row", "kind", "field", "column"),
    [
        ("Stu#,LName,FName,Gr", "100,Li,Ana,3", "students", "last_name", "LName"),
        ("Matrícula,Apellidos,Nombres,Grado", "100,Li,Ana,3.º", "students", "grade", "Grado"),
        ("Student Number,Attendance Date,Att Code", "100,1/21/2026,UNX", "attendance", "mark", "Att Code"),
        ("Número de estudiante,Fecha,Asistencia", "100,21/1/2026,Tarde", "attendance", "day", "Fecha"),
        (
            "StudentID,Test Date,Scale Score,Subject",
            "100,1/21/2026,512,Math",
            "scores",
            "value",
            "Scale Score",
        ),
        ("Id de alumno,Fecha,Puntaje,Prueba", "100,21/1/2026,51,Lectura", "scores", "value", "Puntaje"),
        (
            "student number,Guardian Name,Relationship",
            "100,Rosa Li,Mother",
            "guardians",
            "name",
            "Guardian Name",
        ),
        (
            "Alumno ID,Acudiente,Parentesco,Teléfono",
            "100,Rosa,Madre,555-123-4567",
            "guardians",
            "phone",
            "Teléfono",
        ),
        ("Class ID,Student_ID,Start Date", "MA-1,100,2026-01-05", "enrollment", "section", "Class ID"),
        ("Section Number,Teacher Email", "MA-1,ann@school.org", "teachers", "teacher", "Teacher Email"),
        ("Section_ID,Course Title,Period", "MA-1,Math,3", "sections", "course", "Course Title"),
        ("student_id,guardian", "100,Rosa Li", "guardians", "name", "guardian"),
        (
            "Student Number,Guardian First,Guardian Last,Phone",
            "100,Rosa,Li,555-0101",
            "guardians",
            "last_name",
            "Guardian Last",
        ),
        ("student_id,guardian,may_contact", "100,Rosa Li,1.0", "guardians", "may_contact", "may_contact"),
        (
            "student_id,guardian,may_contact",
            "100,Rosa Li,555-0101",
            "guardians",
            "may_contact",
            "may_contact",
        ),
        ("Student Id,Category,Subgroup", "100,Language,Learner", "groups", "group", "Subgroup"),
        ("Studnet Id,First Nme,Last Name", "100,Ana,Li", "students", "first_name", "First Nme"),
    ],
)
def test_kinds_and_columns_by_names_in_both_languages_and_with_errors(header, row, kind, field, column):
    got, columns = found(f"{header}\n{row}\n")
    assert (got, columns[field]) == (kind, column)


@pytest.mark.parametrize(
    "text",
    [
        "District,Year,Grade,Variable,Value\nA,2012,K,Absent,3\n",
        "Bus,Stop,Time\n12,Main St,7:40\n",
        "sourcedId,status,name,type,parentSourcedId\n1,active,North,district,\n",
        "Recipe,Minutes\nSoup,20\n",
        "student_id,name\n100,Ana Li\n",
        "ISBN,Title,Author\n9780140328721,Matilda,Dahl\n",
    ],
)
def test_what_is_nothing_we_keep_is_no_kind(text):
    recognition = recognize(*table(text), NUMBERS)
    assert (recognition.kind, recognition.sure) == ("", 0.0)
    assert recognition.mapping() == {"columns": {}, "options": {}}


def test_a_wide_file_has_a_measure_in_each_column_of_numbers_that_is_no_number_of_something():
    recognition = recognize(
        *table(
            "Last Name,First Name,Student ID,Birth Date,Site ID,Reading,Writing,Test End\n"
            "Li,Ana,100,1/1/2015,1000,242,,5/1/2026\nOz,Bo,101,3/1/2015,1000,250,232,5/1/2026\n"
        ),
        NUMBERS,
    )
    assert (recognition.kind, list(recognition.measures)) == ("scores", ["Reading", "Writing"])
    assert recognition.mapping()["columns"] == {"student": "Student ID", "day": "Test End"}


def test_numbers_that_call_themselves_no_score_do_not_make_a_list_of_students_scores():
    header = "Student Number,First,Last,Grd,Entry Date,Homeroom phone,{}"
    rows = "\n".join(f"{n},Ana,Li,{n % 6},8/20/2026,555-0{n},{n - 99}" for n in range(100, 112))
    for name in ("Locker", "Bus stop"):
        kind, columns = found(f"{header.format(name)}\n{rows}\n")
        assert (kind, columns["grade"]) == ("students", "Grd")


def test_several_columns_of_scores_are_measures_and_one_alone_is_the_score():
    wide = recognize(*table("ID,ORF Score,ORF Level,NWF Score\n100,70,Low,31\n101,90,High,40\n"), NUMBERS)
    assert list(wide.measures) == ["ORF Score", "NWF Score"]
    long = recognize(*table("ID,Date,Score,Level\n100,2026-01-05,70,1\n101,2026-01-05,71,2\n"), NUMBERS)
    assert (long.measures, long.mapping()["columns"]["value"]) == ({}, "Score")


def test_a_birthday_is_no_date_of_a_score():
    _kind, columns = found("Student ID,DOB,Score\n100,1/1/2015,70\n101,2/1/2015,80\n")
    assert columns == {"student": "Student ID", "value": "Score"}


def test_names_and_grades_do_not_make_scores_a_list_of_students():
    kind, columns = found(
        "StudentNumber,FirstName,LastName,Grade,TestedOn,ScaleScore,ScaleScoreError,Alt1Score\n"
        "100,Ana,Li,3,2026-01-05,947,12,\n101,Bo,Oz,3,2026-01-05,2518,38,\n"
    )
    assert (kind, columns["value"]) == ("scores", "ScaleScore")


def test_a_column_with_values_that_contradict_its_name_is_not_taken():
    _kind, columns = found("Student ID,Date,Score\n100,high,70\n101,low,80\n")
    assert "day" not in columns


def test_a_known_file_is_known_in_any_order_and_spelling():
    recognition = recognize(
        *table("test start date,TESTRITSCORE,Student_ID,Term Name,Subject\n9/16/2026,208,100,Fall,Science\n"),
        [],
    )
    assert (recognition.recipe, recognition.kind, recognition.sure) == ("MAP Growth", "scores", 1.0)
    assert recognition.mapping() == {
        "columns": {
            "student": "Student_ID",
            "day": "test start date",
            "value": "TESTRITSCORE",
            "measure": "Subject",
        },
        "options": {"measure_name": "MAP Growth", "new_measures": True},
    }


@pytest.mark.parametrize("kind", FileKind.values)
def test_our_own_templates_map_by_themselves(kind):
    row = {
        "student": "100",
        "day": "2026-01-05",
        "starts_on": "2026-01-05",
        "ends_on": "",
        "entered_on": "2026-01-05",
        "grade": "4",
        "value": "71",
        "mark": "A",
        "email": "a@b.org",
        "phone": "555-123-4567",
        "may_contact": "yes",
        "section": "MA-1",
        "teacher": "ann@school.org",
        "percent": "88.5",
        "severity": "minor",
        "time": "10:05",
        "consequence": "OSS",
        "days": "2",
        "period": "3",
    }
    columns = list(FIELDS[kind])
    recognition = recognize(columns, [[row.get(name, "word") for name in columns]], NUMBERS)
    assert recognition.kind == kind
    assert recognition.mapping()["columns"] == {name: name for name in columns}


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("section,name,course", "sections"),
        ("sourcedId,title,courseSourcedId,classType,grades,subjects,periods", "sections"),
        ("section,teacher,from,until", "teachers"),
        ("section,student_id,from", "enrollment"),
        (
            "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
            "enrollment",
        ),
        ("student_id,guardian,relation,phone", "guardians"),
        ("student_id,category,group,from", "groups"),
        ("student_id,first_name,last_name,grade", "students"),
        ("sourcedId,role,givenName,familyName,identifier,email,grades", "students"),
        ("student_id,date,score", "scores"),
        ("student_id,date,mark", "attendance"),
        ("student_id,incident_date,incident_type,location", "incidents"),
        ("student_id,section,date,percent", "course_grades"),
    ],
)
def test_a_file_without_rows_is_known_by_its_columns(columns, kind):
    assert recognize(columns.split(","), [], []).kind == kind


def test_of_a_kind_that_a_person_chose_the_columns_are_found():
    recognition = recognize_for_each_kind(*table("a,First Name\n100,Ana\n"), NUMBERS)["students"]
    assert recognition.mapping()["columns"] == {"student": "a", "first_name": "First Name"}


@given(st.permutations(["student_id", "first_name", "last_name", "grade", "entry_date"]))
def test_the_order_of_columns_makes_no_difference(columns):
    row = {
        "student_id": "9",
        "first_name": "Na",
        "last_name": "Null",
        "grade": "KF",
        "entry_date": "1/21/2015 9:18",
    }
    recognition = recognize(list(columns), [[row[name] for name in columns]], [])
    assert recognition.kind == "students"
    assert recognition.mapping()["columns"]["entered_on"] == "entry_date"


@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=8),
    st.lists(st.lists(st.text(max_size=8), min_size=8, max_size=8), max_size=6),
)
def test_any_table_has_an_answer(columns, rows):
    width = len(columns)
    recognition = recognize(columns, [row[:width] for row in rows], NUMBERS)
    assert recognition.kind in ("", *FileKind.values)
    assert set(recognition.mapping()["columns"].values()) <= set(columns)


def test_names_are_compared_by_their_words():
    assert plain_words("StudentID#") == plain_words("student_id_no") == "student id number"
    assert plain_words("TestRITScore") == "test rit score"
    assert likeness("Score", ["score"]) == 1.0
    assert likeness("School Phone", ["student id"]) == 0.0
    assert likeness("Date of the Test", ["test date"]) < likeness("Date Test", ["test date"]) < 1.0


def test_a_header_is_the_same_in_any_order_and_spelling_and_its_mapping_follows():
    assert header_fingerprint(["Student ID", "score"]) == header_fingerprint(["SCORE", "student_id"])
    assert header_fingerprint(["Student ID", "score"]) != header_fingerprint(["Student ID", "mark"])
    mapping = {"columns": {"student": "Student ID"}, "options": {}, "measures": {"Quiz 1": "Quiz"}}
    assert renamed_mapping(mapping, ["quiz_1", "student_id"]) == {
        "columns": {"student": "student_id"},
        "options": {},
        "measures": {"quiz_1": "Quiz"},
    }


def test_student_numbers_are_compared_without_zeros_and_padding():
    assert {student_key(number) for number in ("0043", "43", " 43 ", "43.0", "00043")} == {"43"}
    assert student_key("000") == "000"
    column = Column.of("a", 0, [["43"], ["0044"], ["45.0"], [""]], frozenset({"43", "44", "45"}))
    assert column.students == 1.0


STAR = "SchoolYear,StudentRenaissanceID,StudentIdentifier,Birthdate,CompletedDateLocal,AssessmentNumber,GradePlacement"
IREADY = "Last Name,First Name,Student ID,Student Grade,Start Date,Completion Date,Overall Scale Score,Overall Placement"


@pytest.mark.parametrize(
    ("header", "name", "columns"),
    [
        (f"{STAR},ScaledScore,PercentileRank,InstructionalReadingLevel,Lexile", "Star Reading", "star"),
        (f"{STAR},ScaledScore,PercentileRank,Quantile", "Star Math", "star"),
        (f"{STAR},ScaledScore,Lexile,LiteracyClassification", "Star Early Literacy", "star"),
        (f"{IREADY},Overall Relative Placement,Percentile,Lexile Measure", "i-Ready Reading", "iready"),
        (f"{IREADY},Overall Relative Placement,Percentile,Quantile Measure", "i-Ready Math", "iready"),
    ],
)
def test_a_vendors_files_of_several_subjects_are_told_apart(header, name, columns):
    wanted = {
        "star": {"student": "StudentIdentifier", "day": "CompletedDateLocal", "value": "ScaledScore"},
        "iready": {"student": "Student ID", "day": "Completion Date", "value": "Overall Scale Score"},
    }[columns]
    found = recognize(*table(f"{header}\n{',' * header.count(',')}\n"), NUMBERS)
    assert (found.kind, found.recipe, found.mapping()["columns"]) == ("scores", name, wanted)
    assert found.mapping()["options"] == {"measure_name": name}


def test_a_subject_that_a_file_says_counts_more_than_its_columns():
    header = f"{IREADY},Overall Relative Placement,Lexile Measure,Subject"
    found = recognize(*table(f"{header}\n{',' * header.count(',')}Math\n"), NUMBERS)
    assert (found.recipe, found.mapping()["columns"]["measure"]) == ("i-Ready", "Subject")
    assert found.mapping()["options"] == {"measure_name": "i-Ready", "new_measures": True}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Words Correct", "Oral reading fluency"),
        ("orf_fall_grade3", "Oral reading fluency"),
        ("Letter Names", "LNF"),
        ("NWF", "Nonsense word fluency"),
        ("Vocabulary", ""),
        ("Score", ""),
    ],
)
def test_a_column_is_of_the_measure_that_its_name_says(text, name):
    names = ["Oral reading fluency", "LNF", "Nonsense word fluency", "Math computation", "Comprehension"]
    assert like_measure(text, names) == name


LONG = (
    "Student ID,Test Date,Subject,{column},Scale Score\n"
    "100,2026-01-05,Reading,Phonics,410\n100,2026-01-05,Reading,Vocabulary,450\n"
    "101,2026-01-05,Reading,Phonics,420\n101,2026-01-05,Reading,Vocabulary,460\n"
    "102,2026-01-06,Reading,Phonics,430\n102,2026-01-06,Reading,Vocabulary,470\n"
)


@pytest.mark.parametrize("column", ["Domain Name", "Sub-skill", "Subtest"])
def test_a_column_that_tells_rows_of_a_student_and_day_apart_is_part_of_the_measure(column):
    kind, columns = found(LONG.format(column=column))
    assert (kind, columns["measure"], columns["part"]) == ("scores", "Subject", column)


def test_a_column_of_levels_is_no_part_of_a_measure():
    kind, columns = found(
        "Student ID,Test Date,Subject,Level,Score\n100,2026-01-05,Math,Low,10\n101,2026-01-05,Math,High,30\n"
    )
    assert (kind, columns["measure"], "part" in columns) == ("scores", "Subject", False)


STAR = (
    "StudentIdentifier,StudentRenaissanceID,CompletedDateLocal,AssessmentType,GradePlacement,"
    "InstructionalReadingLevel,ScaledScore"
)


@pytest.mark.parametrize(
    ("types", "column", "name"),
    [
        (["Star Reading", "Star Reading (Spanish)"], "AssessmentType", "Star"),
        (["Enterprise Test", "Progress Monitoring"], None, "Star Reading"),
    ],
)
def test_the_type_of_a_star_test_names_the_measure_if_it_names_subjects(types, column, name):
    rows = "\n".join(f"10{n},R{n},2026-01-05,{one},4.1,3.9,512" for n, one in enumerate(types))
    recognition = recognize(*table(f"{STAR}\n{rows}"), NUMBERS)
    mapping = recognition.mapping()
    assert (mapping["columns"].get("measure"), mapping["options"]["measure_name"]) == (column, name)


def test_columns_that_are_called_by_dates_have_these():
    recognition = recognize(
        *table("Student ID,9/8/2026,9/15/2026\n100,61,64\n101,70,71\n102,55,59\n"), NUMBERS
    )
    assert recognition.mapping()["days"] == {"9/8/2026": "9/8/2026", "9/15/2026": "9/15/2026"}
    assert recognition.mapping()["measures"] == {"9/8/2026": "", "9/15/2026": ""}
