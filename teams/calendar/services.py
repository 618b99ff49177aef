"""Change the school calendar: years, terms, holidays, the day cycle, the bell schedule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.calendar.usual_days import usual_terms_of
from teams.directory.models import Holiday, Period, School, SchoolYear, Term
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from teams.calendar.usual_days import UsualDays
    from teams.directory.models import User

LONGEST_YEAR = dt.timedelta(days=2 * 366)
LONGEST_HOLIDAY = dt.timedelta(days=150)
CYCLE_FROM = dt.timedelta(days=10 * 366)  # the cycle is counted day by day from there


@dataclass(frozen=True, slots=True)
class DaysCopied:
    """How many periods were made, and the days (places in the cycle) that kept theirs."""

    made: int
    kept: list[int]


@transaction.atomic
def save_year(
    school: School,
    *,
    actor: User,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    year: SchoolYear | None = None,
) -> SchoolYear:
    """Add a school year, or change ``year``. Years must not overlap, and terms must stay inside their year."""
    require_ability(actor, "edit_calendar", school)
    _in_order(starts_on, ends_on)
    if ends_on - starts_on > LONGEST_YEAR:
        raise DomainError(_("A school year can last up to two years. Check the last day."))
    others = school.years.exclude(pk=year.pk if year else 0)
    clash = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if clash:
        raise DomainError(_("It overlaps %(year)s. Change one of the two.") % {"year": clash})
    if others.filter(name=name).exists():
        raise DomainError(_("A year named %(name)s already exists.") % {"name": name})
    if (
        year
        and (year.terms.filter(starts_on__lt=starts_on) | year.terms.filter(ends_on__gt=ends_on)).exists()
    ):
        raise DomainError(_("A term would be outside the year. Change the terms first."))
    year = year or SchoolYear(school=school)
    year.name, year.starts_on, year.ends_on = name, starts_on, ends_on
    year.save()
    record_event(actor, "saved-year", year, school=school)
    return year


@transaction.atomic
def add_usual_days(
    school: School,
    *,
    actor: User,
    year: Mapping[str, Any] | None = None,
    terms: int = 0,
    holidays: Sequence[UsualDays] = (),
) -> None:
    """Add a school year (``name``, ``starts_on``, ``ends_on``) cut into ``terms``, and days without school."""
    require_ability(actor, "edit_calendar", school)
    if year is None and not holidays:
        raise DomainError(_("Choose what to add."))
    if year is not None:
        added = save_year(school, actor=actor, **year)
        for term in usual_terms_of(added.starts_on, added.ends_on, terms) if terms else []:
            save_term(added, actor=actor, name=term.name, starts_on=term.starts_on, ends_on=term.ends_on)
    for holiday in holidays:
        add_holiday(
            school, actor=actor, name=holiday.name, starts_on=holiday.starts_on, ends_on=holiday.ends_on
        )


@transaction.atomic
def remove_year(year: SchoolYear, *, actor: User) -> None:
    """Delete a year that no other record refers to."""
    require_ability(actor, "edit_calendar", year.school)
    if _has_rows(year):
        raise DomainError(
            _("This year has classes, so it can’t be removed. You can change its name and dates.")
        )
    record_event(actor, "removed-year", year, school=year.school, detail={"name": year.name})
    year.delete()


@transaction.atomic
def save_term(
    year: SchoolYear,
    *,
    actor: User,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    term: Term | None = None,
) -> Term:
    """Add a term to a year, or change ``term``. Terms must lie inside their year and must not overlap."""
    require_ability(actor, "edit_calendar", year.school)
    _in_order(starts_on, ends_on)
    if starts_on < year.starts_on or ends_on > year.ends_on:
        raise DomainError(_("These days are outside %(year)s. Choose days within it.") % {"year": year})
    others = year.terms.exclude(pk=term.pk if term else 0)
    clash = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if clash:
        raise DomainError(_("It overlaps %(year)s. Change one of the two.") % {"year": clash})
    if others.filter(name=name).exists():
        raise DomainError(_("A term named %(name)s already exists.") % {"name": name})
    term = term or Term(year=year)
    term.name, term.starts_on, term.ends_on = name, starts_on, ends_on
    term.save()
    record_event(actor, "saved-term", term, school=year.school)
    return term


@transaction.atomic
def remove_term(term: Term, *, actor: User) -> None:
    """Delete a term."""
    require_ability(actor, "edit_calendar", term.year.school)
    record_event(actor, "removed-term", term, school=term.year.school, detail={"name": term.name})
    term.delete()


@transaction.atomic
def add_holiday(
    school: School, *, actor: User, name: str, starts_on: dt.date, ends_on: dt.date | None = None
) -> Holiday:
    """Add a holiday from ``starts_on`` to ``ends_on`` (default: one day), unless the same holiday exists."""
    require_ability(actor, "edit_calendar", school)
    ends_on = ends_on or starts_on
    _in_order(starts_on, ends_on)
    if ends_on - starts_on > LONGEST_HOLIDAY:
        raise DomainError(
            _("A holiday can last up to %(n)d days. Check the last day.") % {"n": LONGEST_HOLIDAY.days}
        )
    holiday, is_new = Holiday.objects.get_or_create(
        school=school, starts_on=starts_on, ends_on=ends_on, defaults={"name": name}
    )
    if is_new:
        record_event(actor, "added-holiday", holiday, school=school)
    return holiday


@transaction.atomic
def remove_holiday(holiday: Holiday, *, actor: User) -> None:
    """Delete a holiday."""
    require_ability(actor, "edit_calendar", holiday.school)
    record_event(actor, "removed-holiday", holiday, school=holiday.school, detail={"name": holiday.name})
    holiday.delete()


@transaction.atomic
def set_cycle(
    school: School, *, actor: User, cycle: str, cycle_days: int, cycle_from: dt.date | None
) -> School:
    """Set the day cycle; DomainError if a shorter cycle would drop days that have periods."""
    require_ability(actor, "edit_calendar", school)
    school = School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    fits = cycle_days in (5, 10) if cycle == School.Cycle.WEEK else 2 <= cycle_days <= 10
    if not fits:
        raise DomainError(_("A weekly cycle has 5 or 10 days, and a rotating cycle has 2 to 10."))
    if cycle_from and abs(cycle_from - school.today()) > CYCLE_FROM:
        raise DomainError(_("The cycle must begin within ten years of today. Check the date."))
    lost = school.periods.filter(cycle_day__gte=cycle_days).count()
    if lost:
        raise DomainError(
            ngettext(
                "%(n)s period is on a day the shorter cycle doesn’t have. Remove it from the bell schedule first.",
                "%(n)s periods are on days the shorter cycle doesn’t have. Remove them from the bell schedule first.",
                lost,
            )
            % {"n": lost}
        )
    school.cycle, school.cycle_days, school.cycle_from = cycle, cycle_days, cycle_from
    school.save(update_fields=["cycle", "cycle_days", "cycle_from"])
    record_event(actor, "set-cycle", school, school=school, cycle=cycle, days=cycle_days)
    return school


@transaction.atomic
def save_period(
    school: School,
    *,
    actor: User,
    cycle_day: int,
    name: str,
    starts_at: dt.time,
    ends_at: dt.time,
    is_protected: bool = False,
    period: Period | None = None,
) -> Period:
    """Add a period to a day of the cycle, or change ``period``; its duties are kept."""
    require_ability(actor, "edit_calendar", school)
    if not 0 <= cycle_day < school.cycle_days:
        raise DomainError(_("The cycle doesn’t have that day."))
    if starts_at >= ends_at:
        raise DomainError(_("It ends before it begins. Change one of the times."))
    others = school.periods.filter(cycle_day=cycle_day).exclude(pk=period.pk if period else 0)
    clash = others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if clash:
        raise DomainError(
            _("It overlaps %(name)s (%(hours)s).")
            % {"name": clash, "hours": formats.hours(clash.starts_at, clash.ends_at)}
        )
    if others.filter(name=name).exists():
        raise DomainError(_("That day already has a period named %(name)s.") % {"name": name})
    period = period or Period(school=school)
    period.cycle_day, period.name, period.starts_at = cycle_day, name, starts_at
    period.ends_at, period.is_protected = ends_at, is_protected
    period.save()
    record_event(actor, "saved-period", period, school=school)
    return period


@transaction.atomic
def remove_period(period: Period, *, actor: User) -> None:
    """Delete a period and its duties."""
    require_ability(actor, "edit_calendar", period.school)
    record_event(actor, "removed-period", period, school=period.school, duties=period.duties.count())
    period.delete()


@transaction.atomic
def copy_day(
    school: School, *, actor: User, source: int, targets: list[int], replace: bool = False
) -> DaysCopied:
    """Copy the periods of day ``source`` to days without periods, or with ``replace`` also over those of others.

    Replacing deletes the duties of the replaced periods.
    """
    require_ability(actor, "edit_calendar", school)
    rows = list(school.periods.filter(cycle_day=source))
    wanted = [day for day in targets if 0 <= day < school.cycle_days and day != source]
    if replace and rows:
        school.periods.filter(cycle_day__in=wanted).delete()
    taken = set(school.periods.values_list("cycle_day", flat=True))
    free = [day for day in wanted if day not in taken]
    made = Period.objects.bulk_create(
        Period(
            school=school,
            cycle_day=day,
            name=row.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            is_protected=row.is_protected,
        )
        for day in free
        for row in rows
    )
    record_event(actor, "copied-day", school, school=school, periods=len(made), replaced=int(replace))
    return DaysCopied(len(made), [day for day in wanted if day in taken])


def _has_rows(year: SchoolYear) -> bool:
    """Whether any row other than its terms refers to ``year``, in any package."""
    relations: list[Any] = [one for one in year._meta.related_objects if one.related_model is not Term]  # noqa: SLF001 (Django's API)
    return any(one.related_model.objects.filter(**{one.field.name: year}).exists() for one in relations)


def _in_order(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on:
        raise DomainError(_("The last day is before the first. Choose a later one."))
