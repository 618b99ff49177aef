"""Who works here, and when."""

from teams.models.audit import AuditEvent
from teams.models.base import PublicModel
from teams.models.jobs import Job
from teams.models.mail import Mail
from teams.models.schools import Holiday, Period, School, SchoolYear, Term
from teams.models.staff import Duty, Role, Staff
from teams.models.teams import Norm, Team, TeamGrade, TeamMember
from teams.models.users import User

__all__ = [
    "AuditEvent",
    "Duty",
    "Holiday",
    "Job",
    "Mail",
    "Norm",
    "Period",
    "PublicModel",
    "Role",
    "School",
    "SchoolYear",
    "Staff",
    "Team",
    "TeamGrade",
    "TeamMember",
    "Term",
    "User",
]
