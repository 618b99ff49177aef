"""A zip is divided into its files; those of OneRoster are joined first."""

import csv
import io
import zipfile

import pytest

from datareview.file_sets.queries import files_in_set
from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.imports.services.sets import MOST_FILES
from datareview.loading.services.applying import apply_job
from datareview.oneroster.joining import joined_files
from datareview.records.models import (
    Enrollment,
    GroupName,
    Guardian,
    Section,
    SectionTeacher,
    Student,
    Subgroup,
)
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from teams.tables.limits import Limits
from tests.factories.imports import Quiet, check, scores, upload


def zipped(**texts):
    """A zip with these files; "__" in a name is a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


WHOLE = zipped(students__csv="student_id,first_name,last_name\n5001,Ana,Ruiz\n")
DATA = len("students.csv") + 30  # where the data begin, after the header of a file in a zip
DAMAGED = WHOLE[:DATA] + b"\xff" + WHOLE[DATA + 1 :]


def read_parts(row):
    for part in files_in_set(row):
        read_job(Job(payload={"import": part.pk}), Quiet())
    return files_in_set(row)


def load_parts(cast, row):
    for one in read_parts(row):
        part = check(cast, one)
        if part.counts["new"] or part.counts["changed"]:
            files.start_apply(part, actor=cast.ada, confirm=True)
            apply_job(Job(payload={"import": part.pk}), Quiet())
    return files_in_set(row)


def test_a_zip_of_plain_files_is_read_in_the_order_in_which_they_need_each_other(cast):
    roster = "student_id,first_name,last_name,grade\n5001,Ana,Ruiz,4\n"
    content = zipped(
        scores__csv=scores(cast, "5001,{day},70,orf"),
        students__csv=roster,
        __hidden__csv="a,b\n1,2\n",
        notes__txt="",
        readme__pdf="%PDF",
    )
    row = upload(cast, content, "all.zip")
    assert [(one.name, one.kind) for one in read_parts(row)] == [
        ("all.zip: students.csv", "students"),
        ("all.zip: scores.csv", "scores"),
    ]
    assert [one.counts["new"] for one in load_parts(cast, row)] == [1, 1]
    assert Student.objects.get(local_id="5001").scores.get().value == 70


def test_files_of_one_name_in_two_folders_are_both_read(cast):
    texts = {f"{term}/scores__csv": scores(cast, f"1001,{{day}},{n},orf") for n, term in enumerate("ab")}
    row = upload(cast, zipped(**texts), "all.zip")
    assert [one.name for one in read_parts(row)] == ["all.zip: b scores.csv", "all.zip: scores.csv"]


def test_a_zip_is_divided_once_however_often_its_job_runs(cast):
    row = upload(cast, zipped(students__csv="student_id,first_name,last_name\n5001,Ana,Ruiz\n"), "all.zip")
    Import.objects.filter(pk=row.pk).update(state="reading")
    read_job(Job(payload={"import": row.pk}), Quiet())
    assert Import.objects.filter(school=cast.school).count() == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 broken", "can’t be read"),
        (DAMAGED, "can’t be read"),
        (zipped(readme__pdf="x"), "no file that Collab reads"),
        (zipped(**{f"f{n}__csv": "a\n1\n" for n in range(MOST_FILES + 1)}), "too many or too large"),
    ],
)
def test_what_cannot_be_divided_says_why(cast, content, told):
    with pytest.raises(DomainError, match=told):
        upload(cast, content, "all.zip")
    assert Import.objects.filter(school=cast.school).get().state == "failed"


def test_a_file_that_unpacks_to_more_than_its_limit_is_refused(cast, settings):
    settings.UPLOAD_MAX_BYTES = 10_000
    with pytest.raises(DomainError, match="larger than"):
        upload(cast, zipped(students__csv="a" * 20_000), "all.zip")


LIMITS = Limits(most_bytes=100_000, most_rows=100)
V11 = {
    "manifest__csv": "propertyName,value\nmanifest.version,1.0\n",
    "orgs__csv": "sourcedId,name,type\nS1,School,school\n",
    "users__csv": (
        "sourcedId,status,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,identifier,email,grades,x\n"
        "u1,active,true,S1,student,a,,Ana,Ruiz,5001,,04,extra\n"
        "u2,active,true,S1,student,b,,Bo,Lee,5002,,04,extra\n"
        "t1,active,true,S1,teacher,t,,Tom,Teach,9,{email},,extra\n"
    ),
    "courses__csv": "sourcedId,title,courseCode,orgSourcedId\nCO1,Reading 4,R4,S1\n",
    "classes__csv": (
        "sourcedId,status,title,courseSourcedId,classCode,classType,grades,subjects,periods\n"
        "C1,active,Reading 4A,CO1,R4A,scheduled,04,Reading,1\n"
    ),
    "enrollments__csv": (
        "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "E1,active,C1,S1,u1,student,false,{begin},\n"
        "E2,active,C1,S1,u2,student,false,{begin},\n"
        "E3,active,C1,S1,t1,teacher,true,{begin},\n"
    ),
}
V12 = V11 | {
    "users__csv": (
        "sourcedId,status,enabledUser,username,userIds,givenName,familyName,identifier,email,grades,userMasterIdentifier\n"
        "u1,active,true,a,,Ana,Ruiz,5001,,04,\n"
        "u2,active,true,b,,Bo,Lee,5002,,04,\n"
        "t1,active,true,t,,Tom,Teach,9,{email},04,\n"
    ),
    "roles__csv": (
        "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n"
        "r1,active,u1,primary,student,S1\nr2,active,u2,primary,student,S1\n"
        "r3,active,t1,secondary,student,S1\nr4,active,t1,primary,teacher,S1\n"
    ),
}


def of_set(cast, texts):
    begin = cast.school.years.get(
        starts_on__lte=cast.school.today(), ends_on__gte=cast.school.today()
    ).starts_on
    return zipped(
        **{
            name: text.replace("{email}", cast.tom.email).replace("{begin}", str(begin))
            for name, text in texts.items()
        }
    )


@pytest.mark.parametrize("texts", [V11, V12], ids=["1.1", "1.2"])
def test_a_oneroster_set_makes_students_sections_teachers_and_enrollments(cast, texts):
    row = upload(cast, of_set(cast, texts), "roster.zip")
    parts = load_parts(cast, row)
    assert [(one.kind, one.counts["new"], one.counts["problems"]) for one in parts] == [
        ("students", 2, {}),
        ("sections", 1, {}),
        ("teachers", 1, {}),
        ("enrollment", 2, {}),
    ]
    section = Section.objects.get(local_id="C1")
    assert (section.name, section.course) == ("Reading 4A", "Reading 4")
    assert SectionTeacher.objects.get(section=section).staff.user == cast.tom
    assert sorted(Enrollment.objects.filter(section=section).values_list("student__local_id", flat=True)) == [
        "5001",
        "5002",
    ]
    assert not Student.objects.filter(local_id__in=["t1", "9"]).exists()


def numbers_of(texts, students=(), sections=()):
    """The numbers of students, classes and enrollments in the joined files."""
    joined = joined_files(
        {name.replace("__", "."): text.encode() for name, text in texts.items()}, LIMITS, students, sections
    )
    tables = {name: list(csv.DictReader(io.StringIO(data.decode()))) for name, data in joined.items()}
    return (
        [one["sourcedId"] for one in tables["users.csv"]],
        [one["sourcedId"] for one in tables["classes.csv"]],
        [(one["classSourcedId"], one["userSourcedId"]) for one in tables["enrollments.csv"]],
        [one["section"] for one in tables["teachers.csv"]],
    )


@pytest.mark.parametrize(
    ("students", "sections", "numbers", "code"),
    [
        ((), (), ["5001", "5002"], "C1"),  # a new school: what other systems' files have too
        (("5001",), ("R4A",), ["5001", "5002"], "R4A"),
        (("05001",), ("C1",), ["5001", "5002"], "C1"),
        (("u1",), (), ["u1", "u2"], "C1"),
        (("b", "7"), (), ["a", "b"], "C1"),
        (("1001", "1002"), (), ["5001", "5002"], "C1"),  # nobody is known, but the numbers look like these
        (("u77",), (), ["u1", "u2"], "C1"),
    ],
)
def test_students_and_classes_of_a_set_have_the_numbers_by_which_the_school_knows_them(
    students, sections, numbers, code
):
    found = numbers_of(V11, students, sections)
    enrolled = [(code, number) for number in [*numbers, "t1"]]
    assert found == ([*numbers, "t1"], [code], enrolled, [code])


@pytest.mark.parametrize("bad", ["", "5002"], ids=["an empty one", "one twice"])
def test_a_column_that_numbers_not_every_student_is_not_taken(bad):
    texts = V11 | {"users__csv": V11["users__csv"].replace("5001", bad)}
    assert numbers_of(texts, ("5002",))[0] == ["u1", "u2", "t1"]


def test_a_set_adds_no_second_student_where_the_school_knows_the_identifier(cast):
    Student.objects.create(school=cast.school, local_id="5001", first_name="Ana", last_name="Ruiz", grade=4)
    parts = load_parts(cast, upload(cast, of_set(cast, V11), "roster.zip"))
    assert [(one.counts["new"], one.counts["same"]) for one in parts] == [(1, 1), (1, 0), (1, 0), (2, 0)]
    assert Student.objects.filter(school=cast.school, first_name="Ana", last_name="Ruiz").count() == 1


def test_a_set_in_windows_text_with_semicolons_keeps_its_accents(cast):
    texts = {
        name: V11[name].replace(",Ruiz,", ",Núñez,").replace(",", ";").encode("cp1252")
        for name in ("users__csv", "classes__csv")
    }
    load_parts(cast, upload(cast, zipped(**texts), "roster.zip"))
    assert Student.objects.get(local_id="5001").last_name == "Núñez"


def test_a_delta_ends_what_was_deleted(cast):
    load_parts(cast, upload(cast, of_set(cast, V11), "roster.zip"))
    delta = {
        "users__csv": V11["users__csv"].split("\n")[0]
        + "\nu2,tobedeleted,true,S1,student,b,,Bo,Lee,5002,,04,\n",
        "enrollments__csv": V11["enrollments__csv"].split("\n")[0]
        + "\nE2,tobedeleted,C1,S1,u2,student,false,,\n",
    }
    load_parts(cast, upload(cast, of_set(cast, delta), "delta.zip"))
    assert Student.objects.get(local_id="5002").status == "left"
    found = Enrollment.objects.filter(section__local_id="C1").order_by("student__local_id")
    assert list(found.values_list("student__local_id", "ends_on")) == [
        ("5001", None),
        ("5002", cast.school.today()),
    ]


FAMILIES = V11 | {
    "users__csv": (
        "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,phone,agentSourcedIds,grades\n"
        "u1,active,true,S1,student,a,Ana,Ruiz,5001,,,g1,04\n"
        "u2,active,true,S1,student,b,Bo,Lee,5002,,,,04\n"
        "g1,active,true,S1,parent,g,Rosa,Ruiz,,rosa@example.org,555-0101,,\n"
        "g2,active,true,S1,guardian,h,Kim,Lee,,,555-0102,u2,\n"
        "g3,tobedeleted,true,S1,guardian,i,Old,Lee,,,,u2,\n"
    ),
    "demographics__csv": (
        "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,"
        "nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity\n"
        "u1,active,,2016-01-01,female,false,false,false,false,true,false,true\n"
        "u2,active,,2016-02-01,male,false,true,false,false,true,false,false\n"
    ),
}


def test_guardians_and_demographics_of_a_set_are_loaded_as_far_as_the_school_keeps_them(cast):
    for group in ("Hispanic or Latino", "Two or more races"):
        GroupName.objects.create(school=cast.school, category="Race and ethnicity", group=group)
    parts = load_parts(cast, upload(cast, of_set(cast, FAMILIES), "roster.zip"))
    assert [(one.kind, one.counts["new"], one.counts["problems"]) for one in parts] == [
        ("students", 2, {}),
        ("sections", 1, {}),
        ("teachers", 0, {"unknown-teacher": 1}),
        ("enrollment", 2, {}),
        ("guardians", 2, {}),
        ("groups", 2, {"unknown-group": 2}),  # the school keeps no sex
    ]
    found = Guardian.objects.filter(student__local_id__in=["5001", "5002"]).order_by("student__local_id")
    assert list(found.values_list("student__local_id", "name", "relation", "phone", "email")) == [
        ("5001", "Rosa Ruiz", "parent", "555-0101", "rosa@example.org"),
        ("5002", "Kim Lee", "guardian", "555-0102", ""),
    ]
    groups = Subgroup.objects.filter(student__local_id__in=["5001", "5002"]).order_by("student__local_id")
    assert list(groups.values_list("student__local_id", "group")) == [
        ("5001", "Hispanic or Latino"),
        ("5002", "Two or more races"),
    ]


def test_a_delta_names_users_and_classes_of_an_earlier_set(cast):
    load_parts(cast, upload(cast, of_set(cast, V11), "roster.zip"))
    delta = {
        "users__csv": V11["users__csv"].split("\n")[0] + "\nu3,active,true,S1,student,c,,Cy,Fox,5003,,04,\n",
        "enrollments__csv": V11["enrollments__csv"].split("\n")[0]
        + "\nE4,active,C1,S1,u3,student,false,,\nE2,tobedeleted,C1,S1,u2,student,false,,\n",
    }
    parts = load_parts(cast, upload(cast, of_set(cast, delta), "delta.zip"))
    assert [(one.kind, one.counts["problems"]) for one in parts] == [("students", {}), ("enrollment", {})]
    open_ones = Enrollment.objects.filter(section__local_id="C1", ends_on=None).order_by("student__local_id")
    assert list(open_ones.values_list("student__local_id", flat=True)) == ["5001", "5003"]


def test_a_set_of_oneroster_1_0_is_loaded_in_its_own_form(cast):
    """Its users have agents, its classes one grade and one term, its enrollments no days, its demographics users' ids."""
    GroupName.objects.create(school=cast.school, category="Sex", group="Female")
    users = (
        "sourcedId,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName,"
        "identifier,email,sms,phone,agents,grade"
    )
    rows = [
        "u-1,active,2014-08-01,o-1,student,,,Ida,Moe,70001,,,,u-3,04",
        "u-2,active,2014-08-01,o-1,teacher,,,Ana,Ruiz,T1,{ana},,,,",
        "u-3,active,2014-08-01,o-1,parent,,,Eva,Moe,,eva@moe.org,,555 0101,u-1,",
    ]
    content = zipped(
        orgs__csv="sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no-1,,,Lincoln,school,,\n",
        users__csv="\n".join([users, *rows]).replace("{ana}", cast.ana.email) + "\n",
        courses__csv="sourcedId,status,schoolYearId,title,courseCode,grade,orgSourcedId\nc-1,,y-1,Reading 4,R4,04,o-1\n",
        classes__csv="sourcedId,status,dateLastModified,title,grade,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedId,subjects\n"
        "k-1,active,,Reading 4B,04,c-1,R4-B,homeroom,12,o-1,y-1,Reading\n",
        enrollments__csv="sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,status,dateLastModified,primary\n"
        "e-1,k-1,o-1,u-1,student,active,,\ne-2,k-1,o-1,u-2,teacher,active,,true\n",
        demographics__csv="userSourcedId,status,birthdate,sex,white\nu-1,active,2010-05-01,female,true\n",
    )
    loaded = load_parts(cast, upload(cast, content, "oneroster.zip"))
    assert [(one.kind, one.state, one.counts.get("new")) for one in loaded] == [
        ("students", "applied", 1),
        ("sections", "applied", 1),
        ("teachers", "applied", 1),
        ("enrollment", "applied", 1),
        ("guardians", "applied", 1),
        ("groups", "applied", 1),
    ]
    student = Student.objects.get(school=cast.school, first_name="Ida")
    assert (student.last_name, student.grade) == ("Moe", 4)
    place = student.enrollments.get()
    assert (place.section.name, place.section.course, place.section.grade) == ("Reading 4B", "Reading 4", 4)
    assert [link.staff.user for link in place.section.teacher_links.all()] == [cast.ana]
    guardian = student.guardians.get()
    assert (guardian.name, guardian.relation, guardian.email) == ("Eva Moe", "parent", "eva@moe.org")
    assert list(student.subgroups.values_list("category", "group")) == [("Sex", "Female")]
