"""Change the timetable cell by cell, or from a file that a worker checks first."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import Duty, Period, Staff
from teams.directory.queries.days import cycle_day_names
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError
from teams.lib.uploads import stored_file
from teams.timetable.files import MOST_BYTES, read_timetable
from teams.timetable.models import TimetableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File

    from teams.directory.models import School, User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress
    from teams.timetable.files import Line

SHOWN = 50  # changes and problems of a file
BATCH = 1_000
ACCEPTED = (".csv.gz", ".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")


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


@contextmanager
def stored_timetable(school: School, *, actor: User, file: File[bytes], name: str) -> Iterator[TimetableFile]:
    """Store a timetable file, which is not opened here, for a row that `start_checking` saves.

    Enter this before a transaction; on exit, the file is deleted again unless the row was saved.
    """
    require_ability(actor, "edit_calendar", school)
    ending = next((ending for ending in ACCEPTED if name.lower().endswith(ending)), None)
    if ending is None:
        raise DomainError(_("Save the timetable as CSV or as a spreadsheet (.xlsx, .xls, .ods)."))
    if (file.size or 0) > MOST_BYTES:
        raise DomainError(_("The file is larger than 5 MB. Check that it is the right one."))
    row = TimetableFile(school=school, uploaded_by=actor, name=name[:200])
    with stored_file(row.file, file, f"{row.uuid}{ending}"):
        yield row


@transaction.atomic
def start_checking(row: TimetableFile, *, actor: User) -> TimetableFile:
    """Save a new timetable file and start its check."""
    require_ability(actor, "edit_calendar", row.school)
    row.save()
    return _start(row, actor, TimetableFile.State.CHECKING, "teams.check_timetable")


@transaction.atomic
def start_applying(row: TimetableFile, *, actor: User) -> TimetableFile:
    """Start the job that applies a checked file."""
    row = TimetableFile.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    require_ability(actor, "edit_calendar", row.school)
    if row.standing in (TimetableFile.State.APPLYING, TimetableFile.State.APPLIED):
        return row
    if row.standing != TimetableFile.State.CHECKED:
        raise DomainError(_("Check the file before you apply it."))
    return _start(row, actor, TimetableFile.State.APPLYING, "teams.apply_timetable")


def _start(row: TimetableFile, actor: User, state: str, task: str) -> TimetableFile:
    row.state, row.error = state, ""
    payload = {"file": row.pk, "return_url": row.get_absolute_url()}
    row.job = start_job(task, school=row.school, actor=actor, payload=payload)
    row.save()
    return row


def check_timetable_file(job: Job, _progress: Progress) -> dict[str, Any]:
    """Check a file and store what it would change. Idempotent."""
    row = TimetableFile.objects.select_related("school").get(pk=job.payload["file"])
    try:
        lines = read_timetable(Path(row.file.path), row.name)
        check = check_timetable(row.school, lines)
    except DomainError as error:
        TimetableFile.objects.filter(pk=row.pk).update(state=TimetableFile.State.FAILED, error=str(error))
        raise
    row.found = {"rows": len(lines), **_found(check)}
    row.state = TimetableFile.State.CHECKED
    row.save(update_fields=["found", "state"])
    return {}


def apply_timetable_file(job: Job, _progress: Progress) -> dict[str, Any]:
    """Apply a checked file. Idempotent."""
    row = TimetableFile.objects.select_related("school").get(pk=job.payload["file"])
    try:
        check = apply_timetable(
            row.school, read_timetable(Path(row.file.path), row.name), actor=job.requested_by
        )
    except DomainError as error:
        TimetableFile.objects.filter(pk=row.pk).update(state=TimetableFile.State.CHECKED, error=str(error))
        raise
    row.found |= _found(check)
    row.state = TimetableFile.State.APPLIED
    row.save(update_fields=["found", "state"])
    return {}


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
