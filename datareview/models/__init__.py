"""What we know about students, and what we do for them."""

from datareview.models.assessments import Assessment, AssessmentItem, ItemResponse, Standard
from datareview.models.attendance import AttendanceDay, Incident
from datareview.models.changes import Change
from datareview.models.disclosures import Disclosure
from datareview.models.flags import Candidate, Flag, Rule, Severity
from datareview.models.forecasts import ForecastCheck
from datareview.models.imports import Import, ImportChange, ImportProblem
from datareview.models.measures import Benchmark, Domain, Measure, Score, Window
from datareview.models.plans import PhaseChange, Plan, Review, Session, Strategy
from datareview.models.runs import TrendPart, TrendRun, TrendScope
from datareview.models.sections import CourseGrade, Enrollment, Section
from datareview.models.students import Guardian, Student, Subgroup
from datareview.models.trends import Trend

__all__ = [
    "Assessment",
    "AssessmentItem",
    "AttendanceDay",
    "Benchmark",
    "Candidate",
    "Change",
    "CourseGrade",
    "Disclosure",
    "Domain",
    "Enrollment",
    "Flag",
    "ForecastCheck",
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
    "TrendPart",
    "TrendRun",
    "TrendScope",
    "Window",
]
