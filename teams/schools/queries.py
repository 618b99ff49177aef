"""A school as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from teams.lib.versions import version_of

if TYPE_CHECKING:
    from teams.directory.models import School

FIELDS = ("name", "time_zone", "language", "lowest_grade", "highest_grade", "min_group_size")


def school_fingerprint(school: School) -> str:
    """A hash of what the page of ``school`` can change."""
    return version_of(*(getattr(school, name) for name in FIELDS))


def problem_with_grades(lowest: int, highest: int) -> str:
    """Why a school can't have these grades, as a sentence; "" if it can."""
    return _("The lowest grade is above the highest one. Change one of them.") if lowest > highest else ""


def school_in_words(school: School) -> str:
    """What the page of ``school`` can change, in a line."""
    return _(
        "%(name)s, grades %(low)s to %(high)s, %(zone)s, %(language)s, groups of %(least)d students and more"
    ) % {
        "name": school.name,
        "low": school.lowest_grade or _("K"),
        "high": school.highest_grade or _("K"),
        "zone": school.time_zone.replace("_", " "),
        "language": dict(settings.LANGUAGES).get(school.language, school.language),
        "least": school.min_group_size,
    }
