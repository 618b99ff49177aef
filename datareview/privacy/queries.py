"""Aliases of a school's students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from datareview.privacy.aliases import Aliases, Named
from datareview.records.models import Student
from teams.directory.models import Staff

if TYPE_CHECKING:
    from teams.directory.models import School


def aliases_of(school: School) -> Aliases:
    """Today's aliases of every student who was ever at ``school``; staff names are not replaced."""
    rows = Student.objects.filter(school=school).values_list("pk", "first_name", "last_name", "local_id")
    staff = Staff.objects.filter(school=school).select_related("user")
    names = [name for one in staff for name in (str(one.user), one.user.short_name, one.user.email)]
    return Aliases(
        [Named(*row) for row in rows],
        staff=names,
        salt=f"{school.pk}:{school.today().isoformat()}",
        secret=settings.SECRET_KEY,
        label=_("Student"),
    )
