"""Aliases of a school's students; students whom a text names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from datareview.privacy.aliases import Aliases, Named
from datareview.records.models import Student
from teams.directory.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from teams.directory.models import School


def students_named_in(texts: Iterable[str], school_ids: Collection[int]) -> set[int]:
    """Ids of the schools' students whose first and last name stand in one of ``texts``, in one query.

    The names of all students are compared, whatever their parts: "Ana De La Cruz", "Jan van Dyke".
    """
    joined = "\n".join(texts)
    if not joined.strip():
        return set()
    rows = Student.objects.filter(school_id__in=school_ids).exclude(last_name="")
    named = rows.order_by().values_list("pk", "last_name", "first_name", "preferred_name")
    words = set(re.findall(r"\w+", joined))
    # Most last names are one word, and few of them are among the words of a page.
    return {
        pk
        for pk, last, first, preferred in named
        if (last in words or not last.isalnum())
        and any(_stands_in(f"{name} {last}".strip(), joined) for name in {first, preferred or first})
    }


def _stands_in(name: str, text: str) -> bool:
    """Whether ``name`` stands in ``text`` as words of its own."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def aliases_of(school: School) -> Aliases:
    """Today's aliases of every student who was ever at ``school``; staff names are not replaced."""
    names = ("first_name", "last_name", "local_id", "preferred_name")
    rows = Student.objects.filter(school=school).values_list("pk", *names)
    staff = Staff.objects.filter(school=school).select_related("user")
    colleagues = [name for one in staff for name in (str(one.user), one.user.short_name, one.user.email)]
    return Aliases(
        [Named(*row) for row in rows],
        staff=colleagues,
        salt=f"{school.pk}:{school.today().isoformat()}",
        secret=settings.SECRET_KEY,
        label=_("Student"),
    )
