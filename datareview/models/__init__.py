"""What we know about students, and what we do for them."""

from datareview.models.assessments import Assessment, AssessmentItem, ItemResponse, Standard
from datareview.models.attendance import AttendanceDay, Incident
from datareview.models.disclosures import Disclosure
from datareview.models.flags import Candidate, Flag, Rule, Severity
from datareview.models.imports import Import, ImportChange, ImportProblem
from datareview.models.measures import Benchmark, Domain, Measure, Score, Window
from datareview.models.plans import PhaseChange, Plan, Review, Session, Strategy
from datareview.models.sections import CourseGrade, Enrollment, Section
from datareview.models.students import Guardian, Student, Subgroup
from datareview.models.trends import Trend, TrendRun

__all__ = [
    "Assessment",
    "AssessmentItem",
    "AttendanceDay",
    "Benchmark",
    "Candidate",
    "CourseGrade",
    "Disclosure",
    "Domain",
    "Enrollment",
    "Flag",
    "Guardian",
    "Import",
    "ImportChange",
    "ImportProblem",
    "Incident",
    "ItemResponse",
    "Measure",
    "PhaseChange",
    "Plan",
    "Review",
    "Rule",
    "Score",
    "Section",
    "Session",
    "Severity",
    "Standard",
    "Strategy",
    "Student",
    "Subgroup",
    "Trend",
    "TrendRun",
    "Window",
]
