"""Models of the directory area."""

from teams.directory.models.schools import (
    LEAST_GROUP_RANGE,
    District,
    Holiday,
    Period,
    School,
    SchoolYear,
    SchoolYearQuerySet,
    Term,
    validate_time_zone,
    years_of,
)
from teams.directory.models.staff import (
    SECOND_ROLES,
    WITH_SECOND_ROLE,
    Duty,
    Role,
    Staff,
    StaffQuerySet,
    Substitution,
    SubstitutionQuerySet,
)
from teams.directory.models.teams import Norm, Team, TeamGrade, TeamMember, TeamMemberQuerySet, TeamQuerySet
from teams.directory.models.users import User, UserManager

__all__ = [
    "LEAST_GROUP_RANGE",
    "SECOND_ROLES",
    "WITH_SECOND_ROLE",
    "District",
    "Duty",
    "Holiday",
    "Norm",
    "Period",
    "Role",
    "School",
    "SchoolYear",
    "SchoolYearQuerySet",
    "Staff",
    "StaffQuerySet",
    "Substitution",
    "SubstitutionQuerySet",
    "Team",
    "TeamGrade",
    "TeamMember",
    "TeamMemberQuerySet",
    "TeamQuerySet",
    "Term",
    "User",
    "UserManager",
    "validate_time_zone",
    "years_of",
]
