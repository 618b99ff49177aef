"""Make, change, delete and restore a team's assessments."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.assessments.permissions import classes_of_team, may_make_assessments
from datareview.items.services.items import ItemValues, stored_items, write_items
from datareview.records.models import Assessment
from teams.audit.services import record_event
from teams.directory.models import Team
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Section
    from teams.directory.models import User

MOST_SHOWN = 10  # differences between two versions in one message
LEAST_MASTERY = 0.1


@dataclass(frozen=True, slots=True)
class AssessmentValues:
    """What a team says about an assessment; without ``sections`` it is given to all its students."""

    title: str
    given_on: dt.date
    sections: tuple[Section, ...] = ()
    mastery: float = 0.8
    note: str = ""
    again_of: Assessment | None = None

    @classmethod
    def of(cls, assessment: Assessment) -> AssessmentValues:
        """The stored values of ``assessment``."""
        return cls(
            assessment.title,
            assessment.given_on,
            tuple(assessment.sections.order_by("name", "pk")),
            assessment.mastery,
            assessment.note,
            assessment.again_of,
        )


@transaction.atomic
def make_assessment(
    team: Team,
    *,
    actor: User,
    values: AssessmentValues,
    items: Sequence[ItemValues],
    add_standards: bool = False,
) -> Assessment:
    """Make an assessment of ``team`` with its items. Members and coordinators may.

    ``add_standards`` adds unknown codes to the school's standards; otherwise they raise `UnknownStandards`.
    """
    team = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=team.pk)
    _require(actor, team)
    assessment = Assessment(team=team, made_by=actor)
    _set(assessment, values)
    write_items(
        assessment,
        [replace(item, pk=None) for item in items],
        actor=actor,
        add_standards=add_standards,
    )
    record_event(actor, "made-assessment", assessment, school=team.school, items=len(items))
    return assessment


@transaction.atomic
def change_assessment(
    assessment: Assessment,
    *,
    actor: User,
    values: AssessmentValues,
    items: Sequence[ItemValues],
    seen: int,
    add_standards: bool = False,
) -> int:
    """Change an assessment and all its items (see `write_items`). Returns how many answers have other points now.

    ``seen`` is the version that the actor started from; if it has changed, StaleEdit says what is stored now where it
    differs from what was typed.
    """
    assessment = _locked(assessment)
    _require(actor, assessment.team)
    stored, before = AssessmentValues.of(assessment), stored_items(assessment)
    if seen != assessment.version:
        raise StaleEdit(
            _("Someone changed this assessment while you were writing."),
            current=_differences(stored, before, values, items),
        )
    assessment.version += 1
    _set(assessment, values, former=stored)
    marked = write_items(assessment, items, actor=actor, add_standards=add_standards)
    after = stored_items(assessment)
    detail = {
        "values": [_texts_of(stored), _texts_of(values)],
        "items": [[str(old or ""), str(new or "")] for old, new in zip_longest(before, after) if old != new],
    }
    record_event(actor, "changed-assessment", assessment, school=assessment.team.school, detail=detail)
    return marked


@transaction.atomic
def delete_assessment(assessment: Assessment, *, actor: User) -> Assessment:
    """Delete an assessment: it is shown nowhere, and minutes that name it keep its title. Its answers stay stored."""
    assessment = _locked(assessment)
    _require(actor, assessment.team)
    if assessment.deleted_at is None:
        assessment.deleted_at = clock.now()
        assessment.save(update_fields=["deleted_at"])
        record_event(actor, "deleted-assessment", assessment, school=assessment.team.school)
    return assessment


@transaction.atomic
def restore_assessment(assessment: Assessment, *, actor: User) -> Assessment:
    """Restore a deleted assessment with its answers. Raises DomainError if the team made an equal one meanwhile."""
    assessment = _locked(assessment)
    _require(actor, assessment.team)
    if assessment.deleted_at is not None:
        _refuse_double(assessment)
        assessment.deleted_at = None
        assessment.save(update_fields=["deleted_at"])
        record_event(actor, "restored-assessment", assessment, school=assessment.team.school)
    return assessment


def _locked(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("team__school", "again_of").get(pk=assessment.pk)


def _require(actor: User, team: Team) -> None:
    if not may_make_assessments(actor, team):
        raise PermissionDenied


def _set(assessment: Assessment, values: AssessmentValues, *, former: AssessmentValues | None = None) -> None:
    """Write ``values``, checked, to a new or locked assessment."""
    team = assessment.team
    assessment.title = " ".join(values.title.split())
    assessment.given_on, assessment.mastery = values.given_on, values.mastery
    assessment.note, assessment.again_of = values.note.strip(), values.again_of
    chosen = {section.pk for section in values.sections}
    allowed = {section.pk for section in former.sections} if former else set()
    for day in {values.given_on, team.school.today()}:
        allowed.update(classes_of_team(team, day).values_list("pk", flat=True))
    again = values.again_of
    problems = [
        (not assessment.title, _("Give it a title.")),
        (not chosen <= allowed, _("Choose classes that a member of the team teaches.")),
        (
            not LEAST_MASTERY <= values.mastery <= 1,
            _("Mastery is a share from 10% to 100% of the points."),
        ),
        (
            again is not None
            and (again.team_id != team.pk or again.pk == assessment.pk or again.given_on > values.given_on),
            _("Choose an earlier assessment of this team."),
        ),
        (
            former is not None
            and assessment.checked_again.filter(deleted_at=None, given_on__lt=values.given_on).exists(),
            _("This one is checked again before that day."),
        ),
    ]
    if wrong := next((sentence for is_wrong, sentence in problems if is_wrong), ""):
        raise DomainError(wrong)
    _refuse_double(assessment)
    assessment.save()
    assessment.sections.set(chosen)


def _refuse_double(assessment: Assessment) -> None:
    same = Assessment.objects.filter(
        team=assessment.team, title=assessment.title, given_on=assessment.given_on, deleted_at=None
    )
    if same.exclude(pk=assessment.pk).exists():
        raise DomainError(
            _("The team has an assessment “%(title)s” on %(day)s already.")
            % {"title": assessment.title, "day": formats.day(assessment.given_on)}
        )


def _differences(
    stored: AssessmentValues,
    before: Sequence[ItemValues],
    values: AssessmentValues,
    items: Sequence[ItemValues],
) -> str:
    """What is stored now where it differs from what was typed."""
    typed = {item.pk: item for item in items}
    texts = [text for text, other in zip(_texts_of(stored), _texts_of(values), strict=True) if text != other]
    texts += [str(item) for item in before if item != typed.get(item.pk)]
    left = len(texts) - MOST_SHOWN
    more = [_("and %(n)s more") % {"n": left}] if left > 0 else []
    return "; ".join([*texts[:MOST_SHOWN], *more])


def _texts_of(values: AssessmentValues) -> list[str]:
    return [
        values.title,
        formats.day(values.given_on),
        ", ".join(str(section) for section in values.sections),
        formats.percent(100 * values.mastery),
        values.note,
        str(values.again_of or ""),
    ]
