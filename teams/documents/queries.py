"""Documents that a user may download."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from teams.access.permissions import schools_at
from teams.access.scope import scope_of
from teams.documents.models import Document
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User

MOST_LISTED = 10
KEPT = dt.timedelta(days=1)


def documents_of(user: User) -> QuerySet[Document]:
    """Documents that the user requested in the last day with the rights that they still have at the school.

    While names are hidden, only those that hide them.
    """
    rights = [rights_at(user, school) for school in schools_at(user)]
    rows = Document.objects.filter(owner=user, created_at__gt=clock.now() - KEPT, rights__in=rights)
    return rows.filter(hides_names=True) if are_hidden() else rows


def listed_documents(user: User) -> QuerySet[Document]:
    """`documents_of` with their jobs and without their content."""
    return documents_of(user).select_related("job").defer("content", "html", "seen")


def documents_from(user: User, page: str) -> list[Document]:
    """Documents that the user requested on the page with this path, newest first, but for those that failed."""
    rows = listed_documents(user).filter(page=page).exclude(job__state=Job.State.FAILED)
    return list(rows[:MOST_LISTED])


def rights_at(user: User, school: School) -> str:
    """The user's roles and teams at ``school`` today, on which it depends what they may read there."""
    scope = scope_of(user)
    teams = sorted(one.team_id for one in scope.memberships if one.school_id == school.pk)
    roles = " ".join(sorted(scope.roles.get(school.pk, ())))
    rights = f"{school.pk} {roles} {teams}"
    return f"{rights} {sorted(scope.replaced_ids)}" if scope.replaced_ids else rights
