"""Add, change and remove a team's essential standards."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.assessments.models import EssentialStandard
from datareview.assessments.permissions import may_make_assessments
from teams.audit.services import record_event
from teams.directory.models import Team
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from datareview.records.models import Standard
    from teams.directory.models import SchoolYear, Term, User

LEAST_MASTERY = 0.1


@dataclass(frozen=True, slots=True)
class EssentialValues:
    """What a team plans for an essential standard; ``levels`` are its words for the levels 4 to 0, or empty."""

    standard: Standard
    term: Term | None = None
    taught_from: dt.date | None = None
    taught_to: dt.date | None = None
    check_on: dt.date | None = None
    mastery: float = 0.8
    levels: tuple[str, ...] = ()

    @classmethod
    def of(cls, essential: EssentialStandard) -> EssentialValues:
        """The stored values of ``essential``."""
        stored = {field.name: getattr(essential, field.name) for field in fields(cls)}
        return cls(**{**stored, "levels": tuple(essential.levels)})

    def __str__(self) -> str:
        """The values in words, to compare two versions."""
        days = [formats.day(day) for day in (self.taught_from, self.taught_to, self.check_on) if day]
        words = (
            str(self.standard),
            str(self.term or ""),
            *days,
            formats.percent(100 * self.mastery),
            *self.levels,
        )
        return " · ".join(word for word in words if word)


@transaction.atomic
def add_essential(team: Team, *, actor: User, year: SchoolYear, values: EssentialValues) -> EssentialStandard:
    """Call a standard essential for ``team`` in ``year``. Raises DomainError if it is one already."""
    team = _locked(team, actor)
    if year.school_id != team.school_id:
        raise DomainError(_("This school year is of another school."))
    essential = EssentialStandard(team=team, year=year)
    _write(essential, values)
    record_event(actor, "added-essential-standard", essential, school=team.school)
    return essential


@transaction.atomic
def change_essential(
    essential: EssentialStandard, *, actor: User, values: EssentialValues, seen: str
) -> EssentialStandard:
    """Change what is planned. ``seen`` is the `essential_fingerprint` that the actor started from, else StaleEdit."""
    _locked(essential.team, actor)
    essential = EssentialStandard.objects.select_related("team__school", "year", "standard", "term").get(
        pk=essential.pk
    )
    stored = EssentialValues.of(essential)
    if seen != essential_fingerprint(essential):
        raise StaleEdit(_("Someone changed this while you were writing."), current=str(stored))
    _write(essential, values)
    record_event(
        actor,
        "changed-essential-standard",
        essential,
        school=essential.team.school,
        detail={"before": str(stored), "after": str(values)},
    )
    return essential


@transaction.atomic
def remove_essential(essential: EssentialStandard, *, actor: User) -> None:
    """Take a standard from the team's essential ones. The standard and its assessments stay."""
    team = _locked(essential.team, actor)
    stored = str(EssentialValues.of(essential))
    record_event(
        actor, "removed-essential-standard", essential, school=team.school, detail={"before": stored}
    )
    essential.delete()


def essential_fingerprint(essential: EssentialStandard) -> str:
    """A short hash of what can be edited, to detect concurrent edits."""
    stored = [getattr(essential, field.name) for field in fields(EssentialValues)]
    return version_of(*map(str, (essential.standard_id, essential.term_id, *stored[2:])))


def _locked(team: Team, actor: User) -> Team:
    if not may_make_assessments(actor, team):
        raise PermissionDenied
    return Team.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=team.pk)


def _write(essential: EssentialStandard, values: EssentialValues) -> None:
    team, year = essential.team, essential.year
    days = [day for day in (values.taught_from, values.taught_to, values.check_on) if day]
    same = EssentialStandard.objects.filter(team=team, year=year, standard=values.standard)
    levels = [word.strip() for word in values.levels]
    problems = [
        (values.standard.school_id != team.school_id, _("Choose one of the school’s standards.")),
        (values.term is not None and values.term.year_id != year.pk, _("Choose a term of this school year.")),
        (
            any(not year.starts_on <= day <= year.ends_on for day in days),
            _("Choose days of this school year, %(days)s.")
            % {"days": formats.days(year.starts_on, year.ends_on)},
        ),
        (
            bool(values.taught_from and values.taught_to and values.taught_from > values.taught_to),
            _("The last day is before the first."),
        ),
        (not LEAST_MASTERY <= values.mastery <= 1, _("Mastery is a share from 10% to 100% of the points.")),
        (
            any(levels) and (len(levels) != len(EssentialStandard.LEVELS) or not all(levels)),
            _("Write words for all five levels, or for none."),
        ),
        (
            same.exclude(pk=essential.pk).exists(),
            _("%(code)s is one of the team’s essential standards already.") % {"code": values.standard},
        ),
    ]
    if wrong := next((sentence for is_wrong, sentence in problems if is_wrong), ""):
        raise DomainError(wrong)
    for field in fields(values):
        setattr(essential, field.name, getattr(values, field.name))
    essential.levels = levels if any(levels) else []
    essential.save()
