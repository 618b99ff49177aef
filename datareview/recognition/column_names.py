"""Names that columns have in files of several kinds, in English and Spanish."""

from __future__ import annotations

STUDENT = (
    "student_id",
    "id_student",
    "student number",
    "local_id",
    "sis_id",
    "student local id",
    "student primary id",
    "student identifier",
    "student sis id",
    "student code",
    "student unique id",
    "state student id",
    "student state id",
    "ssid",
    "lasid",
    "sasid",
    "perm id",
    "examinee id",
    "candidate id",
    "other id",
    "matricula",
    "numero de estudiante",
    "numero de alumno",
    "id del estudiante",
    "id de alumno",
    "expediente",
    "id",
)
SECTION = (
    "section",
    "section_id",
    "section number",
    "class_id",
    "class sourced id",
    "course section",
    "section code",
    "class code",
    "grupo id",
    "seccion",
)
FROM = (
    "from",
    "starts_on",
    "start_date",
    "begin date",
    "first day",
    "date enrolled",
    "desde",
    "fecha de inicio",
)
UNTIL = ("until", "ends_on", "end_date", "last day", "exit date", "drop date", "hasta", "fecha de fin")
GRADE = (
    "grade",
    "grade_level",
    "grades",
    "student grade",
    "enrolled grade",
    "current grade",
    "grado",
    "curso",
)
DAY = ("date", "day", "fecha", "dia")
