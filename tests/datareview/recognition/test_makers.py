"""Files with the published columns of their makers map by themselves, and each value arrives."""

import datetime as dt

import pytest

from datareview.recognition.recognizing import recognize
from datareview.records.models import AttendanceDay, Enrollment, Incident, Score, Student
from tests.factories.imports import load


def table(*columns):
    """A file of these columns, each with its cells."""
    return "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in zip(*columns, strict=True)) + "\n"


def days(cast):
    """Two weekdays of the last weeks whose dates fit one order of day and month only."""
    near = (cast.school.today() - dt.timedelta(days=ago) for ago in range(1, 60))
    found = [day for day in near if day.day > 12 and day.weekday() < 5]
    return found[-1], found[0]


def written(day):
    return f"{day.month}/{day.day}/{day.year}"


def of_maya(row):
    found = Score.objects.filter(imported_by=row, student__local_id="1001").order_by(
        "measure__name", "taken_on"
    )
    return [(one.measure.name, one.taken_on, one.value) for one in found.select_related("measure")]


def taken(cast, text):
    """The file, loaded as it was recognized, with the scores of the student 1001."""
    row = load(cast, text)
    assert row.counts["problems"] == {}
    return row.guesses["scores"]["recipe"], of_maya(row)


ABOUT = [
    ["Local ID", "1001"],
    ["State ID", "77"],
    ["FAST ID", "9"],
    ["Last Name", "Okafor"],
    ["Grade", "Four"],
]


def test_fastbridge_has_a_date_for_each_season(cast):
    fall, winter = days(cast)
    name, found = taken(
        cast,
        table(
            ["Assessment", "CBMR-English"],
            *ABOUT,
            ["Fall CBMR-English - (Passage 1) WRC_PER_MIN", "89"],
            ["Fall CBMR-English Median WRC", "93"],
            ["Fall CBMR-English Percentile at Nation", "79"],
            ["Fall CBMR-English Risk Level", "lowRisk"],
            ["Fall CBMR-English Final Date", written(fall)],
            ["Winter CBMR-English Median WRC", "137"],
            ["Winter CBMR-English Final Date", written(winter)],
            ["Growth Score from Fall to Winter", "2.03"],
            ["Spring CBMR-English Median WRC", ""],
            ["Spring CBMR-English Final Date", ""],
        ),
    )
    assert (name, found) == (
        "FastBridge",
        [("FastBridge CBMreading", fall, 93.0), ("FastBridge CBMreading", winter, 137.0)],
    )


def test_fastbridge_early_reading_and_adaptive_tests(cast):
    fall, _winter = days(cast)
    text = table(
        ["Assessment", "earlyReading"],
        *ABOUT,
        ["Fall Early Reading English Composite Score", "41"],
        ["Fall Early Reading English Final Date", written(fall)],
        ["Fall Letter Sounds WRC per minute", "12"],
        ["Fall Letter Sounds Final Date", written(fall)],
        ["Error", "3"],
        ["Fall aReading Test Theta", "471.5"],
        ["Fall aReading Final Date", written(fall)],
    )
    assert taken(cast, text)[1] == [
        ("FastBridge Letter Sounds", fall, 12.0),
        ("FastBridge aReading", fall, 471.5),
        ("FastBridge earlyReading", fall, 41.0),
    ]


def test_istation_has_a_column_for_each_month(cast):
    first, second = days(cast)
    columns = [
        ["STUDENT_ID", "1001"],
        ["LNAME", "Okafor"],
        ["DOMAIN", "a.org"],
        ["GRADE", "4"],
        ["ISIP_ACCOM", "N"],
    ]
    for month, score, day in (("September", "335", first), ("October", "369", second), ("November", "", "")):
        columns += [
            [f"{month}_SCORE", score],
            [f"{month}_PTILE", score and "52"],
            [f"{month}_TIER", score and "1"],
            [f"{month}_ADMIN_DATE", day and written(day)],
        ]
    text = table(*columns, ["DOMAIN_AT_TAKE", "a.org"], ["BIRTHDATE", "1/1/2016"])
    assert taken(cast, text) == (
        "Istation",
        [("Istation ISIP", first, 335.0), ("Istation ISIP", second, 369.0)],
    )


def test_aimswebplus_names_the_measure_in_each_row(cast):
    day, _other = days(cast)
    text = table(
        ["Districtuid", "1", "1"],
        ["Studentuid", "1001", "1001"],
        ["SSID", "77", "77"],
        ["StudentFirstName", "Maya", "Maya"],
        ["Period", "Fall", "Fall"],
        ["MeasureName", "Oral Reading Fluency", "Number Sense Fluency"],
        ["FormCode", "A", "B"],
        ["Score", "88", "23"],
        ["VerticalScore", "", ""],
        ["Errors", "2", "0"],
        ["AdministrationDate", *[day.isoformat()] * 2],
        ["Natl", "55", "40"],
    )
    assert taken(cast, text) == (
        "aimswebPlus",
        [("aimswebPlus Number Sense Fluency", day, 23.0), ("aimswebPlus Oral Reading Fluency", day, 88.0)],
    )


def test_acadience_has_a_date_for_each_measure(cast):
    first, second = days(cast)
    text = table(
        ["School Year", "2026-2027"],
        ["School NCES ID", "1"],
        ["Student Number", "5"],
        ["Student State ID", "77"],
        ["Student SIS ID", "1001"],
        ["Student DOB", "1/1/2016"],
        ["Benchmark Period", "Beginning"],
        ["Maze Date", written(first)],
        ["Maze Total Adjusted Score", "11"],
        ["Maze Total Status", "At Benchmark"],
        ["OR Date", written(second)],
        ["OR WC Total Score", "97"],
        ["OR WC Total National Percentile", "44"],
        ["OR Accuracy Total Score", "98"],
        ["Composite Date", written(second)],
        ["Composite Score", "330"],
    )
    assert taken(cast, text) == (
        "Acadience Reading",
        [
            ("Acadience Maze", first, 11.0),
            ("Acadience accuracy", second, 98.0),
            ("Acadience composite", second, 330.0),
            ("Acadience words correct", second, 97.0),
        ],
    )


def test_dibels_next(cast):
    day, _other = days(cast)
    text = table(
        ["Assessment", "mCLASS:DIBELS"],
        ["Assessment Edition", "DIBELS Next"],
        ["Benchmark Period", "BOY"],
        ["Assessment Measure-Composite Score-Levels", "Benchmark"],
        ["Assessment Measure-Composite Score-Score", "210"],
        ["Assessment Measure-DORF (Fluency)-Score", "71"],
        ["Assessment Measure-Daze-Score", ""],
        ["Client Date", day.isoformat()],
        ["Sync Date", day.isoformat()],
        ["Student Primary ID", "1001"],
        ["Student ID (State ID)", "77"],
    )
    assert taken(cast, text) == (
        "mCLASS with DIBELS Next",
        [("DIBELS Next DORF (Fluency)", day, 71.0), ("DIBELS Next composite", day, 210.0)],
    )


def test_levels_of_texts_are_numbers_from_a_to_z(cast):
    first, second = days(cast)
    text = table(
        ["TestAdministration", "", ""],
        ["DateTaken", written(first), written(second)],
        ["ID", "", ""],
        ["StudentID", "1001", "1001"],
        ["GradeLevel", "04", "04"],
        ["TextReading", "F", "P"],
        ["TextReadingAccuracy", "93", "95"],
        ["LexileLevel", "26-199", "500-699"],
        ["WasStudentTested", "NULL", "NULL"],
    )
    assert taken(cast, text) == (
        "Fountas & Pinnell",
        [("F&P text level", first, 6.0), ("F&P text level", second, 16.0)],
    )


def test_access_for_english_learners(cast):
    day, _other = days(cast)
    domains = ("Listening", "Reading", "Speaking", "Writing", "Comprehension", "Literacy", "Oral", "Overall")
    text = table(
        ["Unique DRC Student ID", "605000"],
        ["Birth Date", "01/01/2016"],
        ["State Student ID", "77"],
        ["District Student ID", "1001"],
        ["Date First Enrolled US School", "01/01/2022"],
        *([f"Proficiency Level - {domain}", "2.5"] for domain in domains),
        *([f"Scale Score - {domain}", str(200 + place)] for place, domain in enumerate(domains)),
        *([f"CSEM - {domain}", "10"] for domain in domains),
        ["Test Completion Date", written(day)],
    )
    name, found = taken(cast, text)
    assert name == "ACCESS for ELLs"
    assert found == sorted(
        [("ACCESS overall level", day, 2.5)]
        + [(f"ACCESS {domain.lower()}", day, 200.0 + place) for place, domain in enumerate(domains)]
    )


def test_a_state_test_with_a_date_for_each_subject(cast):
    first, second = days(cast)
    text = table(
        ["Year", "2026"],
        ["WISEID", "77"],
        ["Local_Student_ID", "1001"],
        ["Date_of_Birth", "01012016"],
        ["ELA_Performance_Level", "2"],
        ["Scale_Score_ELA", "1556"],
        ["Scale_Score_MTH", "1608"],
        ["Scale_Score_SCN", ""],
        ["Std_Error_Scale_Score_ELA", "17"],
        ["Test_Start_Date_ELA", first.strftime("%m%d%Y")],
        ["Test_End_Date_ELA", first.strftime("%m%d%Y")],
        ["Test_End_Date_MTH", second.strftime("%m%d%Y")],
        ["Test_End_Date_SCN", ""],
    )
    assert taken(cast, text) == (
        "Wisconsin Forward",
        [("Forward ELA", first, 1556.0), ("Forward Math", second, 1608.0)],
    )


def test_seasons_of_an_unknown_maker_have_their_dates_too(cast):
    fall, winter = days(cast)
    text = table(
        ["Student ID", "1001", "1002"],
        ["Fall Word Score", "31", "40"],
        ["Fall Word Date", *[written(fall)] * 2],
        ["Winter Word Score", "44", "51"],
        ["Winter Word Date", *[written(winter)] * 2],
    )
    name, found = taken(cast, text)
    assert (name, found) == ("", [("Word Score", fall, 31.0), ("Word Score", winter, 44.0)])


def test_of_two_numbers_of_a_student_the_one_that_the_school_knows_is_taken():
    columns = ["State Student ID", "District Student ID", "Test Completion Date", "Scale Score - Overall"]
    columns.append("Proficiency Level - Overall")
    found = recognize(columns, [["1001", "5", "1/2/2026", "210", "2.5"]], ["1001"])
    assert found.mapping()["columns"]["student"] == "State Student ID"


SYSTEMS = [
    (
        "students",
        [
            ["Student_Number", "5001"],
            ["LastFirst", "Ruiz, Ana"],
            ["Grade_Level", "4"],
            ["EntryDate", "8/20/2026"],
        ],
        {"student": "Student_Number", "first_name": "LastFirst", "last_name": "LastFirst"},
    ),
    (
        "students",
        [["Other ID", "5001"], ["Student Full Name", "RUIZ, ANA"], ["Grade", "04"], ["Entity", "300"]],
        {
            "student": "Other ID",
            "first_name": "Student Full Name",
            "last_name": "Student Full Name",
            "grade": "Grade",
        },
    ),
    (
        "students",
        [["Pupil #", "5001"], ["Name", "Ruiz, Ana"], ["YOG", "2031"], ["Grade", "04"], ["Homeroom", "12A"]],
        {"student": "Pupil #", "first_name": "Name", "last_name": "Name", "grade": "Grade"},
    ),
    (
        "students",
        [["student.studentNumber", "5001"], ["student.lastName", "Ruiz"], ["student.firstName", "Ana"]],
        {
            "student": "student.studentNumber",
            "first_name": "student.firstName",
            "last_name": "student.lastName",
        },
    ),
    (
        "attendance",
        [["[1]Student_Number", "1001"], ["Att_Date", "9/15/2026"], ["Att_Code", "UNX"], ["SchoolID", "300"]],
        {"student": "[1]Student_Number", "day": "Att_Date", "mark": "Att_Code"},
    ),
    (
        "attendance",
        [
            ["Other ID", "1001"],
            ["Attendance Date", "9/15/2026"],
            ["Absence Type", "U"],
            ["Absence Reason", "Ill"],
        ],
        {"student": "Other ID", "day": "Attendance Date", "mark": "Absence Type"},
    ),
    (
        "attendance",
        [["Student ID", "1001"], ["Date", "9/15/2026"], ["Code", "A"], ["Tardy?", "N"], ["Excused?", "Y"]],
        {"student": "Student ID", "day": "Date", "mark": "Code", "excuse": "Excused?"},
    ),
    (
        "incidents",
        [
            ["student.studentNumber", "1001"],
            ["behaviorDetail.incidentDate", "9/15/2026"],
            ["behaviorDetail.eventName", "Fighting"],
            ["behaviorDetail.resolutionName", "Detention"],
            ["behaviorDetail.location", "Hallway"],
        ],
        {
            "student": "student.studentNumber",
            "day": "behaviorDetail.incidentDate",
            "kind": "behaviorDetail.eventName",
            "place": "behaviorDetail.location",
            "consequence": "behaviorDetail.resolutionName",
        },
    ),
    (
        "incidents",
        [
            ["Other ID", "1001"],
            ["Offense Date", "9/15/2026"],
            ["Offense Description", "Fighting"],
            ["Action Description", "ISS"],
        ],
        {
            "student": "Other ID",
            "day": "Offense Date",
            "kind": "Offense Description",
            "consequence": "Action Description",
        },
    ),
    (
        "enrollment",
        [
            ["Course_Number", "ENG1"],
            ["Section_Number", "2"],
            ["DateEnrolled", "8/20/2026"],
            ["DateLeft", "6/10/2027"],
            ["Student_Number", "1001"],
        ],
        {
            "section": "Section_Number",
            "student": "Student_Number",
            "starts_on": "DateEnrolled",
            "ends_on": "DateLeft",
            "course_number": "Course_Number",
        },
    ),
    (
        "course_grades",
        [
            ["student.studentNumber", "1001"],
            ["courseSection.courseNumber", "ENG1"],
            ["courseSection.sectionNumber", "2"],
            ["grading.percent", "88.5"],
            ["grading.date", "10/30/2026"],
        ],
        {
            "section": "courseSection.sectionNumber",
            "student": "student.studentNumber",
            "day": "grading.date",
            "percent": "grading.percent",
            "course_number": "courseSection.courseNumber",
        },
    ),
]


@pytest.mark.parametrize(("kind", "columns", "wanted"), SYSTEMS)
def test_exports_of_student_information_systems_map_by_themselves(kind, columns, wanted):
    names = [name for name, _cell in columns]
    rows = [[cell.replace("01", f"{place:02}") for _name, cell in columns] for place in range(1, 9)]
    found = recognize(names, rows, [f"10{place:02}" for place in range(1, 9)])
    assert found.kind == kind
    assert {name: found.mapping()["columns"].get(name) for name in wanted} == wanted


def test_absences_are_excused_by_the_column_beside_them(cast):
    first, second = days(cast)
    text = table(
        ["student.studentNumber", "1001", "1001", "1002"],
        ["attDayDetail.date", first.isoformat(), second.isoformat(), first.isoformat()],
        ["attDayDetail.code", "ILL", "UNV", "LT"],
        ["attDayDetail.status", "A", "A", "T"],
        ["attDayDetail.excuse", "E", "U", "U"],
    )
    row = load(cast, text, kind="attendance", mapping=of_absences())
    marks = AttendanceDay.objects.filter(imported_by=row).exclude(mark="present").order_by("student", "day")
    assert [(one.student_id, one.day, one.mark) for one in marks] == [
        (cast.maya.pk, first, "excused"),
        (cast.maya.pk, second, "unexcused"),
        (cast.jonas.pk, first, "tardy"),
    ]


def of_absences():
    columns = {
        "student": "student.studentNumber",
        "day": "attDayDetail.date",
        "mark": "attDayDetail.status",
        "excuse": "attDayDetail.excuse",
    }
    return {"columns": columns, "options": {"absences": "named"}}


def test_students_have_a_language_and_a_last_day(cast):
    day = cast.school.today() - dt.timedelta(days=3)
    later = cast.school.today() + dt.timedelta(days=90)
    text = table(
        ["Student_Number", "1001", "1002", "5001"],
        ["First_Name", "Maya", "Jonas", "Ana"],
        ["Last_Name", "Okafor", "Weber", "Ruiz"],
        ["Exit_Date", day.isoformat(), later.isoformat(), ""],
        ["Home Language", "", "German", "spanish"],
    )
    load(cast, text, confirm=True)
    found = Student.objects.filter(school=cast.school, local_id__in=["1001", "1002", "5001"]).order_by(
        "local_id"
    )
    assert list(found.values_list("local_id", "status", "left_on", "home_language")) == [
        ("1001", "left", day, cast.maya.home_language),
        ("1002", "active", None, "de"),
        ("5001", "active", None, "es"),
    ]


def test_sections_that_are_numbered_in_each_course_stay_apart(cast):
    load(
        cast,
        table(
            ["Course_Number", "ENG", "MAT"], ["Section_Number", "1", "1"], ["Course_Name", "English", "Math"]
        ),
    )
    load(
        cast,
        table(
            ["Course_Number", "ENG", "MAT"], ["Section_Number", "1", "1"], ["Student_Number", "1001", "1002"]
        ),
    )
    found = Enrollment.objects.filter(section__local_id__in=["ENG-1", "MAT-1"]).order_by("section__local_id")
    assert list(found.values_list("section__local_id", "student__local_id")) == [
        ("ENG-1", "1001"),
        ("MAT-1", "1002"),
    ]


def test_incidents_of_a_system_arrive_with_their_consequence(cast):
    _first, day = days(cast)
    text = table(
        ["Other ID", "1001"],
        ["Offense Date", written(day)],
        ["Offense Description", "Fighting"],
        ["Action Description", "Out of school suspension"],
        ["Days Suspended", "2"],
    )
    load(cast, text)
    one = Incident.objects.get(student=cast.maya, kind="Fighting")
    assert (one.day, one.consequence, one.days) == (day, "oss", 2)
