"""Imports the models of every area for Django; other modules import them from their areas."""

from datareview.flags.models import Candidate, Change, Flag, ReopenedDecision, Rule, Severity
from datareview.imports.models import Import, ImportChange, ImportProblem
from datareview.plans.models import Plan
from datareview.privacy.models import Disclosure
from datareview.progress.models import PhaseChange, Review, Session
from datareview.records.models import (
    Assessment,
    AssessmentItem,
    AttendanceDay,
    Benchmark,
    BenchmarkWindow,
    CourseGrade,
    DifferentStudents,
    Domain,
    Enrollment,
    GroupName,
    Guardian,
    Incident,
    ItemResponse,
    Measure,
    Score,
    Section,
    SectionTeacher,
    Standard,
    Stay,
    Student,
    StudentMerge,
    Subgroup,
)
from datareview.runs.models import TrendPart, TrendRun
from datareview.strategies.models import Strategy
from datareview.trends.models import ForecastCheck, Trend, TrendScope

__all__ = [
    "Assessment",
    "AssessmentItem",
    "AttendanceDay",
    "Benchmark",
    "BenchmarkWindow",
    "Candidate",
    "Change",
    "CourseGrade",
    "DifferentStudents",
    "Disclosure",
    "Domain",
    "Enrollment",
    "Flag",
    "ForecastCheck",
    "GroupName",
    "Guardian",
    "Import",
    "ImportChange",
    "ImportProblem",
    "Incident",
    "ItemResponse",
    "Measure",
    "PhaseChange",
    "Plan",
    "ReopenedDecision",
    "Review",
    "Rule",
    "Score",
    "Section",
    "SectionTeacher",
    "Session",
    "Severity",
    "Standard",
    "Stay",
    "Strategy",
    "Student",
    "StudentMerge",
    "Subgroup",
    "Trend",
    "TrendPart",
    "TrendRun",
    "TrendScope",
]
