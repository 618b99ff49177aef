"""Imports the models of every area for Django; other modules import them from their areas."""

from teams.audit.models import AuditDetail, AuditEvent
from teams.directory.models import (
    District,
    Duty,
    Holiday,
    Norm,
    Period,
    Role,
    School,
    SchoolYear,
    Staff,
    Substitution,
    Team,
    TeamGrade,
    TeamMember,
    Term,
    User,
)
from teams.documents.models import Document
from teams.invitations.models import Invitation
from teams.jobs.models import Job
from teams.kept.models import SettingsRevision
from teams.lib.models import PublicModel, SentForm
from teams.mail.models import Mail
from teams.role_plans.models import RolePlan
from teams.staff_files.models import StaffFile
from teams.timetable.models import TimetableFile

__all__ = [
    "AuditDetail",
    "AuditEvent",
    "District",
    "Document",
    "Duty",
    "Holiday",
    "Invitation",
    "Job",
    "Mail",
    "Norm",
    "Period",
    "PublicModel",
    "Role",
    "RolePlan",
    "School",
    "SchoolYear",
    "SentForm",
    "SettingsRevision",
    "Staff",
    "StaffFile",
    "Substitution",
    "Team",
    "TeamGrade",
    "TeamMember",
    "Term",
    "TimetableFile",
    "User",
]
