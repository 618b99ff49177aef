"""Make, edit and end sections, and say who teaches them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import Section, SectionTeacher
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from teams.directory.models import SchoolYear, Staff, Term, User


@dataclass(frozen=True, slots=True)
class SectionValues:
    """What an administrator enters about a section. ``term`` is None for a class of the whole year."""

    local_id: str
    name: str
    course: str = ""
    subject: str = ""
    grade: int | None = None
    term: Term | None = None
    period: str = ""
    is_core: bool = False

    @classmethod
    def of(cls, section: Section) -> SectionValues:
        """The stored values of ``section``."""
        return cls(**{field.name: getattr(section, field.name) for field in fields(cls)})

    def stored(self) -> dict[str, object]:
        """The values by field of `Section`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Teaching:
    """Who teaches a section, from one day to another (None: as long as the section)."""

    section: Section
    staff: Staff
    is_lead: bool = True
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


def add_section(school: School, *, actor: User, year: SchoolYear, values: SectionValues) -> Section:
    """Make one section. Raises DomainError if the year has one with its number."""
    (section,) = add_sections(school, actor=actor, year=year, rows=[values])
    return section


@transaction.atomic
def add_sections(
    school: School, *, actor: User, year: SchoolYear, rows: Sequence[SectionValues]
) -> list[Section]:
    """Make sections of a school year, all or none, in the order of ``rows`` and in the same few queries for any number."""
    require_ability(actor, "edit_students", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    rows = [_checked(year, row) for row in rows]
    if year.school_id != school.pk:
        raise DomainError(_("This school year is of another school."))
    numbers = Counter(row.local_id for row in rows)
    doubled = next((number for number, times in numbers.items() if times > 1), None)
    taken = Section.objects.filter(school=school, year=year, local_id__in=numbers).first()
    if doubled or taken:
        raise DomainError(_taken(doubled or (taken.local_id if taken else ""), year))
    sections = Section.objects.bulk_create(
        [Section(school=school, year=year, **row.stored()) for row in rows], batch_size=500
    )
    if len(sections) == 1:
        record_event(actor, "added-section", sections[0], school=school)
    elif sections:
        record_event(actor, "added-sections", school, school=school, n=len(sections))
    return sections


@transaction.atomic
def edit_section(section: Section, *, actor: User, values: SectionValues, seen: str) -> Section:
    """Change a section.

    ``seen`` is the `section_version` the actor started from; if it has changed, StaleEdit has the values stored now.
    """
    section = _locked(section)
    require_ability(actor, "edit_students", section.school)
    before = SectionValues.of(section)
    if seen != section_version(section):
        words = [str(value) for value in before.stored().values() if value not in ("", None, True, False)]
        raise StaleEdit(_("Someone changed this section while you were writing."), current=", ".join(words))
    values = _checked(section.year, values)
    same = Section.objects.filter(year=section.year_id, local_id=values.local_id).exclude(pk=section.pk)
    if same.exists():
        raise DomainError(_taken(values.local_id, section.year))
    changed = {name: value for name, value in values.stored().items() if value != getattr(before, name)}
    if not changed:
        return section
    for name, value in changed.items():
        setattr(section, name, value)
    section.save(update_fields=list(changed))
    detail = {name: [str(getattr(before, name)), str(value)] for name, value in changed.items()}
    record_event(actor, "edited-section", section, school=section.school, detail=detail)
    return section


@transaction.atomic
def end_section(section: Section, *, actor: User, ends_on: dt.date | None) -> Section:
    """End a section on a day, or change that day; None reopens it until its year or term ends.

    Enrollments and teachers keep their own dates, so nothing is lost by a wrong day; none of them counts after the
    section's last day.
    """
    section = _locked(section)
    require_ability(actor, "edit_students", section.school)
    if ends_on is not None:
        if not section.year.starts_on <= ends_on <= section.year.ends_on:
            raise DomainError(_outside(section.year))
        if section.enrollments.filter(starts_on__gt=ends_on).exists():
            raise DomainError(
                _("%(section)s: a student’s enrollment begins after this day. End or remove it first.")
                % {"section": section}
            )
    before, section.ends_on = section.ends_on, ends_on
    section.save(update_fields=["ends_on"])
    record_event(
        actor,
        "ended-section" if ends_on else "reopened-section",
        section,
        school=section.school,
        on=ends_on.isoformat() if ends_on else None,
        before=before.isoformat() if before else None,
    )
    log_security_event("section ended" if ends_on else "section reopened", section=str(section.uuid))
    return section


@transaction.atomic
def end_sections(sections: Iterable[Section], *, actor: User, ends_on: dt.date) -> list[Section]:
    """End several sections on a day, all or none; see `end_section`."""
    return [end_section(section, actor=actor, ends_on=ends_on) for section in sections]


@transaction.atomic
def add_teachers(school: School, *, actor: User, rows: Sequence[Teaching]) -> list[SectionTeacher]:
    """Say who teaches which sections of ``school``, in the same few queries for any number.

    A teacher who teaches a section already gets the new dates. From then on, teachers see the section's students.
    """
    require_ability(actor, "edit_students", school)
    for row in rows:
        if row.section.school_id != school.pk or row.staff.school_id != school.pk:
            raise DomainError(_("The section and its teacher must be of this school."))
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            raise DomainError(_("It ends before it begins. Change one of the days."))
    last = {(row.section.pk, row.staff.pk): row for row in rows}
    links = SectionTeacher.objects.bulk_create(
        [
            SectionTeacher(
                section=row.section,
                staff=row.staff,
                is_lead=row.is_lead,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in last.values()
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["section", "staff"],
        update_fields=["is_lead", "starts_on", "ends_on"],
    )
    if len(links) == 1:
        staff = str(links[0].staff.uuid)
        record_event(actor, "added-teacher", links[0].section, school=school, staff=staff)
    elif links:
        record_event(actor, "added-teachers", school, school=school, n=len(links))
    log_security_event("teachers of sections given", school=school.pk, n=len(links))
    return links


@transaction.atomic
def end_teaching(link: SectionTeacher, *, actor: User, ends_on: dt.date | None) -> None:
    """End a teacher's work with a section on a day, or remove it as a mistake (None)."""
    section = link.section
    require_ability(actor, "edit_students", section.school)
    on, staff = ends_on.isoformat() if ends_on else None, str(link.staff.uuid)
    record_event(actor, "ended-teacher", section, school=section.school, staff=staff, on=on)
    log_security_event("teacher of a section ended", person=link.staff.user, section=str(section.uuid))
    if ends_on is None:
        link.delete()
        return
    if link.starts_on and ends_on < link.starts_on:
        raise DomainError(_("It ends before it begins. Change one of the days."))
    link.ends_on = ends_on
    link.save(update_fields=["ends_on"])


@transaction.atomic
def roll_sections(
    sections: Iterable[Section], *, actor: User, year: SchoolYear, with_teachers: bool
) -> list[Section]:
    """Make the sections again in another school year, without students; those that the year has are left out.

    With ``with_teachers``, those who teach them until the end and still work at the school teach them then.
    """
    require_ability(actor, "edit_students", year.school)
    School.objects.select_for_update(no_key=True).get(pk=year.school_id)
    there = set(year.sections.values_list("local_id", flat=True))
    old = [one for one in sections if one.local_id not in there and one.year_id != year.pk]
    values = [replace(SectionValues.of(one), term=None) for one in old]
    made = add_sections(year.school, actor=actor, year=year, rows=values)
    if with_teachers:
        new = {before.pk: after for before, after in zip(old, made, strict=True)}
        links = SectionTeacher.objects.filter(section__in=new).select_related("staff", "section__year")
        going_on = [
            Teaching(new[link.section_id], link.staff, link.is_lead)
            for link in links
            if link.staff.ends_on is None or link.staff.ends_on >= year.starts_on
            if link.ends_on is None or link.ends_on >= (link.section.ends_on or link.section.year.ends_on)
        ]
        if going_on:
            add_teachers(year.school, actor=actor, rows=going_on)
    return made


def section_version(section: Section) -> str:
    """A short hash of what `edit_section` changes, to detect concurrent edits."""
    values = SectionValues.of(section)
    return version_of({**values.stored(), "term": values.term.pk if values.term else None})


def _locked(section: Section) -> Section:
    """``section`` as stored now; sections and enrollments of the school wait until the transaction ends."""
    School.objects.select_for_update(no_key=True).get(pk=section.school_id)
    rows = Section.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school", "year", "term").get(pk=section.pk)


def _checked(year: SchoolYear, values: SectionValues) -> SectionValues:
    texts: dict[str, Any] = {
        name: value.strip() for name, value in values.stored().items() if isinstance(value, str)
    }
    values = replace(values, **texts)
    if not values.name:
        raise DomainError(_("Enter a name."))
    if values.term and values.term.year_id != year.pk:
        raise DomainError(_("The term is of another school year."))
    return values if values.local_id else replace(values, local_id=values.name[:40])


def _taken(number: str, year: SchoolYear) -> str:
    return _("There is already a section %(number)s in %(year)s.") % {"number": number, "year": year}


def _outside(year: SchoolYear) -> str:
    return _("The day is outside %(year)s, %(from)s to %(to)s.") % {
        "year": year,
        "from": formats.short_day(year.starts_on),
        "to": formats.short_day(year.ends_on),
    }
