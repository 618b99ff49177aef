"""Change the timetable cell by cell, or from a file that a worker checks first."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import Duty, Period, Staff
from teams.directory.queries.days import cycle_day_names
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import School, User
    from teams.timetable.files import Line
    from teams.timetable.models import TimetableFile

SHOWN = 50  # changes and problems of a file
BATCH = 1_000


@transaction.atomic
def set_duty(period: Period, *, actor: User, staff: Staff, kind: str, label: str = "") -> Duty | None:
    """Set a person's duty in a period; an empty ``kind`` deletes it. The last of concurrent changes wins."""
    require_ability(actor, "edit_calendar", period.school)
    if staff.school_id != period.school_id:
        raise DomainError(_("That person doesn’t work at this school."))
    if not kind:
        Duty.objects.filter(staff=staff, period=period).delete()
        return None
    if kind not in Duty.Kind.values:
        raise DomainError(_("Write teaching, duty or free."))
    duty, _new = Duty.objects.update_or_create(
        staff=staff, period=period, defaults={"kind": kind, "label": label.strip()[:80]}
    )
    return duty


@dataclass(slots=True)
class Problem:
    """Rows of a file with the same problem: their number, the first row, its value, and how to correct it."""

    message: str
    value: str
    first_row: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """The effect of a file: new, changed and unchanged cells, and its problems."""

    new: list[Duty]
    changed: list[tuple[Duty, Duty]]
    same: int
    problems: list[Problem] = field(default_factory=list)


def check_timetable(school: School, lines: list[Line]) -> Check:
    """Compare a file with the timetable without writing. A row with a problem does not count as missing."""
    people, periods = _people(school), _periods(school)
    known = {(row.staff_id, row.period_id): row for row in Duty.objects.filter(staff__school=school)}
    problems: dict[tuple[str, str], Problem] = {}
    wanted: dict[tuple[int, int], Duty] = {}
    for line in lines:
        problem = _problem(line, people, periods)
        if problem:
            _note(problems, problem, line.number)
            continue
        staff, period = people[line.staff.lower()][0], periods[line.day.lower(), line.period.lower()]
        duty = Duty(staff=staff, period=period, kind=_kind(line), label=line.label[:80])
        earlier = wanted.get((staff.pk, period.pk))
        if earlier and (earlier.kind, earlier.label) != (duty.kind, duty.label):
            _note(
                problems,
                (_("given twice, with different values"), f"{line.staff}, {line.day} {line.period}"),
                line.number,
            )
            continue
        wanted[staff.pk, period.pk] = duty
    new = [duty for key, duty in wanted.items() if key not in known]
    both = [(known[key], duty) for key, duty in wanted.items() if key in known]
    changed = [(old, duty) for old, duty in both if (old.kind, old.label) != (duty.kind, duty.label)]
    return Check(new, changed, len(both) - len(changed), list(problems.values()))


def apply_timetable(school: School, lines: list[Line], *, actor: User | None) -> Check:
    """Write the changes found by `check_timetable`, all or none; applying again changes nothing.

    Rows with a problem are left out, and people who are not in the file keep their duties. Raises DomainError if
    no row can be used.
    """
    check = check_timetable(school, lines)
    if not (check.new or check.changed or check.same):
        raise DomainError(_("No row in this file can be used. Check the file first."))
    with transaction.atomic():
        # A cell set by hand since the check is replaced, like one set before it.
        Duty.objects.bulk_create(
            [*check.new, *[duty for _old, duty in check.changed]],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["staff", "period"],
            update_fields=["kind", "label"],
        )
        new, changed = len(check.new), len(check.changed)
        if new or changed:
            record_event(actor, "imported-timetable", school, school=school, new=new, changed=changed)
    return check


def check_timetable_file(row: TimetableFile, lines: list[Line]) -> dict[str, Any]:
    """What the lines of a timetable file would change."""
    return {"rows": len(lines), **_found(check_timetable(row.school, lines))}


def apply_timetable_file(row: TimetableFile, lines: list[Line], actor: User) -> dict[str, Any]:
    """Apply the lines of a timetable file, and keep the cells that they replace."""
    check = apply_timetable(row.school, lines, actor=actor)
    pairs = [*((None, duty) for duty in check.new), *check.changed]
    row.before = {
        "cells": [[duty.staff_id, duty.period_id, _stored(old), _stored(duty)] for old, duty in pairs]
    }
    return _found(check)


def undo_timetable_file(row: TimetableFile, actor: User) -> dict[str, Any]:
    """Restore the cells that a file changed, except those that were changed again since; ``kept`` counts these."""
    gone, restored, kept = [], [], 0
    with transaction.atomic():
        duties = Duty.objects.select_for_update(of=("self",), no_key=True).filter(staff__school=row.school)
        known = {(duty.staff_id, duty.period_id): duty for duty in duties}
        for staff, period, before, after in row.before["cells"]:
            duty = known.get((staff, period))
            if duty is None or _stored(duty) != after:
                kept += 1
            elif before is None:
                gone.append(duty.pk)
            else:
                duty.kind, duty.label = before
                restored.append(duty)
        Duty.objects.filter(pk__in=gone).delete()
        Duty.objects.bulk_update(restored, ["kind", "label"], batch_size=BATCH)
        changed = len(gone) + len(restored)
        record_event(actor, "undid-timetable", row.school, school=row.school, changed=changed, kept=kept)
    return {"kept": kept}


def _stored(duty: Duty | None) -> list[str] | None:
    return [str(duty.kind), duty.label] if duty else None


def _found(check: Check) -> dict[str, Any]:
    """The result of a check as stored, with the first changes and problems."""
    return {
        "new": len(check.new),
        "changed": len(check.changed),
        "same": check.same,
        "changes": [
            {
                "staff": str(duty.staff),
                "period": str(duty.period),
                "before": _words(old),
                "after": _words(duty),
            }
            for old, duty in check.changed[:SHOWN]
        ],
        "problems": [asdict(problem) for problem in check.problems[:SHOWN]],
        "unshown": max(len(check.problems) - SHOWN, 0),
    }


def _words(duty: Duty) -> str:
    return f"{duty.get_kind_display()} {duty.label}".strip()


def _people(school: School) -> dict[str, list[Staff]]:
    """Map lower-case spellings to staff: email address, "First Last" and "Last, First"."""
    people: dict[str, list[Staff]] = {}
    for staff in Staff.objects.active().filter(school=school).select_related("user"):
        user = staff.user
        names = {
            user.email.lower(),
            f"{user.first_name} {user.last_name}".lower(),
            f"{user.last_name}, {user.first_name}".lower(),
        }
        for name in names:
            people.setdefault(name, []).append(staff)
    return people


def _periods(school: School) -> dict[tuple[str, str], Period]:
    """Map (day, period) as spelled in files to periods: the day by name or number from 1, the period by name."""
    names = cycle_day_names(school)
    periods: dict[tuple[str, str], Period] = {}
    for period in school.periods.all():
        day = names[period.cycle_day] if period.cycle_day < len(names) else ""
        for spelling in (day.lower(), str(period.cycle_day + 1)):
            periods[spelling, period.name.lower()] = period
    return periods


def _problem(
    line: Line, people: dict[str, list[Staff]], periods: dict[tuple[str, str], Period]
) -> tuple[str, str] | None:
    if line.staff.lower() not in people:
        return _(
            "No one at this school has this name. Write the email address, or “Last, First”."
        ), line.staff
    if len(people[line.staff.lower()]) > 1:
        return _("More than one person has this name. Write the email address."), line.staff
    if (line.day.lower(), line.period.lower()) not in periods:
        return _(
            "The bell schedule doesn’t have this period. Add it there, or correct the file."
        ), f"{line.day} {line.period}"
    if _kind(line) not in Duty.Kind.values:
        return _("Write teaching, duty or free."), line.kind
    return None


def _kind(line: Line) -> str:
    """The kind of duty; teaching if the file has a course and no kind."""
    words = {str(label).lower(): str(kind) for kind, label in Duty.Kind.choices}
    kind = line.kind.lower()
    return words.get(kind, kind) if kind else str(Duty.Kind.TEACHING if line.label else Duty.Kind.FREE)


def _note(problems: dict[tuple[str, str], Problem], problem: tuple[str, str], row: int) -> None:
    if problem in problems:
        problems[problem].rows += 1
    else:
        problems[problem] = Problem(*problem, row)
