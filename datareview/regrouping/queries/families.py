"""A sentence for each family about their child's teaching group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from datareview.records.models import Guardian
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.records.models import Student
    from datareview.regrouping.models import RegroupedGroup
    from datareview.regrouping.queries.groups import GroupsPage

MOST_IN_SMALL = 8  # students whom a family would call a small group


@dataclass(frozen=True, slots=True)
class FamilySentence:
    """A sentence for a student's family, in the family's language."""

    student: Student
    language: str
    sentence: str


def families_of(page: GroupsPage) -> list[FamilySentence]:
    """A sentence for the family of each student in a group, in the language of a guardian who may be contacted."""
    students = [place.student for line in page.groups for place in line.places]
    school = page.regrouping.assessment.team.school
    spoken = {}
    for guardian in Guardian.objects.filter(student__in=students, may_contact=True).order_by("-pk"):
        spoken[guardian.student_id] = guardian.language
    known = dict(settings.LANGUAGES)
    found = []
    for line in page.groups:
        for place in line.places:
            wanted = spoken.get(place.student.pk) or place.student.home_language
            language = wanted if wanted in known else school.language
            with translation.override(language):
                sentence = _family_sentence(
                    line.group, place.student, is_small=len(line.places) <= MOST_IN_SMALL
                )
            found.append(FamilySentence(place.student, formats.language(language), sentence))
    return found


def _family_sentence(group: RegroupedGroup, student: Student, *, is_small: bool) -> str:
    small = _("%(student)s works in a small group for the next lessons.")
    words = (small if is_small else _("%(student)s works in a group for the next lessons.")) % {
        "student": student.first_name
    }
    if group.teaches:
        words += " " + _("They work on: %(teaches)s.") % {"teaches": group.teaches.rstrip(".")}
    if group.weekdays:
        when = group.days
        if group.time:
            when += f", {formats.time(group.time)}"
        words += " " + _("When: %(when)s.") % {"when": when}
    if group.teacher:
        words += " " + _("With: %(teacher)s.") % {"teacher": group.teacher}
    return words
