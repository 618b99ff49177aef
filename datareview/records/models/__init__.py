"""Models of the records area."""

from datareview.records.models.assessments import (
    Assessment,
    AssessmentItem,
    HeldAnswer,
    ItemResponse,
    KeyChange,
    Sitting,
    Standard,
)
from datareview.records.models.attendance import AttendanceDay, Incident
from datareview.records.models.different import DifferentStudents
from datareview.records.models.measures import Benchmark, BenchmarkWindow, Domain, Measure, Score
from datareview.records.models.merges import StudentMerge
from datareview.records.models.sections import (
    CourseGrade,
    Enrollment,
    EnrollmentQuerySet,
    Section,
    SectionTeacher,
)
from datareview.records.models.students import GroupName, Guardian, Stay, Student, Subgroup

__all__ = [
    "Assessment",
    "AssessmentItem",
    "AttendanceDay",
    "Benchmark",
    "BenchmarkWindow",
    "CourseGrade",
    "DifferentStudents",
    "Domain",
    "Enrollment",
    "EnrollmentQuerySet",
    "GroupName",
    "Guardian",
    "HeldAnswer",
    "Incident",
    "ItemResponse",
    "KeyChange",
    "Measure",
    "Score",
    "Section",
    "SectionTeacher",
    "Sitting",
    "Standard",
    "Stay",
    "Student",
    "StudentMerge",
    "Subgroup",
]
