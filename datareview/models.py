"""Imports the models of every area for Django; other modules import them from their areas."""

from datareview.anecdotes.models import Anecdote, AnecdoteReading, FormerAnecdote, Skill
from datareview.assessments.models import ClassShare, EssentialStandard
from datareview.case_rules.models import CaseRules
from datareview.check_in_cards.models import CardDay, CardPoints, CheckInCard
from datareview.delivery.models import GroupNote
from datareview.disputes.models import Dispute
from datareview.exits.models import ExitDecision
from datareview.explore.models import SavedView
from datareview.family_steps.models import FamilyStep
from datareview.flag_audit.models import FlagRelease
from datareview.flags.models import Candidate, Change, Flag, ReopenedDecision, Rule, Severity
from datareview.frameworks.models import FrameworkFile
from datareview.freshness.models import FreshnessLimits
from datareview.gaps.models import GapRelease
from datareview.hand_scores.models import SetAsideScore
from datareview.imports.models import Import, ImportChange, ImportProblem
from datareview.inbox.models import Delivery, Inbox, UploadToken
from datareview.looks.models import ResultsView
from datareview.own_goals.models import OwnGoal
from datareview.photos.models import PhotoFile, PhotoSwitch, StudentPhoto
from datareview.plan_notes.models import PlanNote
from datareview.plans.models import GroupMember, Plan, PlanGroup, WorkedRelease
from datareview.privacy.models import Disclosure
from datareview.progress.models import PhaseChange, Review, Session
from datareview.recipes.models import FileRecipe
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
    HeldAnswer,
    Incident,
    ItemResponse,
    KeyChange,
    Measure,
    Score,
    Section,
    SectionTeacher,
    Sitting,
    Standard,
    Stay,
    Student,
    StudentMerge,
    Subgroup,
)
from datareview.regrouping.models import GroupedStudent, RegroupedGroup, Regrouping
from datareview.remeasuring.models import PastMeasure
from datareview.requests.models import AssistanceRequest
from datareview.runs.models import TrendPart, TrendRun
from datareview.sections.models import MissingWork
from datareview.strategies.models import Strategy
from datareview.surveys.models import (
    AskedStudent,
    Survey,
    SurveyAnswer,
    SurveyConsent,
    SurveyFollowUp,
    SurveyQuestion,
)
from datareview.transcripts.models import PastGrade
from datareview.trends.models import ForecastCheck, Trend, TrendScope
from datareview.verdicts.models import VerdictCuts

__all__ = [
    "Anecdote",
    "AnecdoteReading",
    "AskedStudent",
    "Assessment",
    "AssessmentItem",
    "AssistanceRequest",
    "AttendanceDay",
    "Benchmark",
    "BenchmarkWindow",
    "Candidate",
    "CardDay",
    "CardPoints",
    "CaseRules",
    "Change",
    "CheckInCard",
    "ClassShare",
    "CourseGrade",
    "Delivery",
    "DifferentStudents",
    "Disclosure",
    "Dispute",
    "Domain",
    "Enrollment",
    "EssentialStandard",
    "ExitDecision",
    "FamilyStep",
    "FileRecipe",
    "Flag",
    "FlagRelease",
    "ForecastCheck",
    "FormerAnecdote",
    "FrameworkFile",
    "FreshnessLimits",
    "GapRelease",
    "GroupMember",
    "GroupName",
    "GroupNote",
    "GroupedStudent",
    "Guardian",
    "HeldAnswer",
    "Import",
    "ImportChange",
    "ImportProblem",
    "Inbox",
    "Incident",
    "ItemResponse",
    "KeyChange",
    "Measure",
    "MissingWork",
    "OwnGoal",
    "PastGrade",
    "PastMeasure",
    "PhaseChange",
    "PhotoFile",
    "PhotoSwitch",
    "Plan",
    "PlanGroup",
    "PlanNote",
    "RegroupedGroup",
    "Regrouping",
    "ReopenedDecision",
    "ResultsView",
    "Review",
    "Rule",
    "SavedView",
    "Score",
    "Section",
    "SectionTeacher",
    "Session",
    "SetAsideScore",
    "Severity",
    "Sitting",
    "Skill",
    "Standard",
    "Stay",
    "Strategy",
    "Student",
    "StudentMerge",
    "StudentPhoto",
    "Subgroup",
    "Survey",
    "SurveyAnswer",
    "SurveyConsent",
    "SurveyFollowUp",
    "SurveyQuestion",
    "Trend",
    "TrendPart",
    "TrendRun",
    "TrendScope",
    "UploadToken",
    "VerdictCuts",
    "WorkedRelease",
]
